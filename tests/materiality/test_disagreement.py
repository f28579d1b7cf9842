"""What the results page says and draws of disagreement."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from materiality.disagreement import MOST_LISTED, disagreement_of
from materiality.models import AnalysisRun
from materiality.services import analyse_now
from scoping.models import Assessment
from tests.materiality.documents import issue, results

HIGHER = {"kind": "higher", "group": "Clients", "mean": 4.65, "rank": 1, "of": 3}
LOWER = {"kind": "lower", "group": "Staff", "mean": 1.2, "rank": 3, "of": 3}
DIVIDED = {"kind": "divided", "group": "Clients", "mean": 2.6, "above": "1/3", "below": "1/2"}


def rows(**minorities: list[dict]) -> dict:
    """Alpha and Beta in High, Gamma in Minor, with these hidden views."""
    places = {"alpha": (1, "High"), "beta": (2, "High"), "gamma": (3, "Minor")}
    return results(
        *(issue(code, *place, minorities=minorities.get(code, []), within={}) for code, place in places.items())
    )


def sentences(document: dict) -> list[str]:
    return [sentence for view in disagreement_of(document).hidden or [] for sentence in view.sentences]


def test_a_group_that_would_lift_an_issue_is_said_with_both_ranks() -> None:
    assert sentences(rows(gamma=[HIGHER])) == [
        "By Clients alone it would be High: rank 1 with a mean of 4.7, not rank 3 with 1.8."
    ]


def test_a_group_that_would_lower_an_issue_names_the_lowest_tier() -> None:
    assert sentences(rows(alpha=[LOWER])) == [
        "By Staff alone it would be Minor: rank 3 with a mean of 1.2, not rank 1 with 3.8."
    ]


@pytest.mark.parametrize(("scale", "ends"), [([1, 5], "4 or more, about half 2"), ([1, 4], "3 or more, about half 2")])
def test_a_divided_group_is_said_with_shares_in_words(scale: list[int], ends: str) -> None:
    document = rows(beta=[DIVIDED]) | {"scale": scale}
    assert sentences(document) == [
        f"Divided within Clients: about a third rated it {ends} or less. The mean, 2.6, is the view of neither."
    ]


def test_hidden_views_stand_by_rank_and_those_less_far_apart_are_folded_away() -> None:
    number = MOST_LISTED + 3
    views = [{"kind": "higher", "group": "Clients", "mean": 1 + 0.2 * n, "rank": 1, "of": 9} for n in range(number)]
    document = results(
        *(issue(f"i{n:02}", n + 1, "Minor", priority=1.0, minorities=[view], within={}) for n, view in enumerate(views))
    )
    found = disagreement_of(document)
    assert [view.issue["rank"] for view in found.hidden or []] == list(range(4, number + 1))
    assert [view.issue["rank"] for view in found.more_hidden] == [1, 2, 3]


def test_two_camps_are_listed_before_any_difference_of_means() -> None:
    many = [issue(f"i{n:02}", n + 1, "Minor", minorities=[HIGHER], within={}) for n in range(MOST_LISTED)]
    last = issue("last", 30, "Minor", minorities=[DIVIDED], within={})
    assert "last" in [view.issue["code"] for view in disagreement_of(results(*many, last)).hidden or []]


def test_a_run_that_did_not_look_for_hidden_views_says_nothing_of_them() -> None:
    found = disagreement_of(results())
    assert found.hidden is None
    assert found.within == []
    assert found.chance == ""
    assert len(found.panels) == 2


@pytest.mark.parametrize(
    ("p", "text", "by_chance"),
    [(0.0004, "p < 0.001", False), (0.0123, "p = 0.012", False), (0.05, "p = 0.050", True), (0.214, "p = 0.21", True)],
)
def test_how_often_chance_agrees_as_well(p: float, text: str, by_chance: bool) -> None:
    found = disagreement_of(results(agreement={"kendall_w": 0.4, "groups": 2, "issues": 3, "p": p}))
    assert (found.chance, found.by_chance) == (text, by_chance)


def test_a_panel_draws_each_mean_against_the_result() -> None:
    """Staff's means are a quarter above the priorities, and 4.0, 3.0 and 2.0 on panels that run from 1.5 to 4."""
    found = disagreement_of(results())
    staff = found.panels[0]
    assert found.frame is not None
    assert (found.frame.low, found.frame.high) == (1.5, 4.0)
    assert staff.group["name"] == "Staff"
    assert [dot.y for dot in staff.dots] == [8.0, 42.4, 76.8]
    assert all(dot.result_y - dot.y == pytest.approx(8.6) for dot in staff.dots)
    assert found.frame.line == "M59.0 16.6L129.0 51.0L199.0 85.4"
    assert [(part.number, part.x, part.width) for part in found.frame.tiers] == [(1, 24.0, 138.5), (2, 164.0, 68.5)]


def test_a_panel_says_in_words_what_it_draws() -> None:
    document = results()
    document["issues"][2]["groups"]["Staff"]["mean"] = 1.0
    assert disagreement_of(document).panels[0].text == (
        "Staff: rank correlation with the result 1.00. Furthest above: Alpha, +0.3. Furthest below: Gamma, \u22120.8."
    )


def test_contested_issues_are_marked_in_every_panel() -> None:
    document = results(issue("alpha", 1, "High"), issue("beta", 2, "High", contested=True), issue("gamma", 3, "Minor"))
    found = disagreement_of(document)
    assert found.frame is not None
    assert found.frame.contested == [129.0]
    assert [[dot.contested for dot in panel.dots] for panel in found.panels] == [[False, True, False]] * 2


def test_a_group_of_few_told_means_has_no_panel() -> None:
    document = results()
    document["issues"][0]["groups"]["Staff"] = {"mean": None, "n": None, "hidden": True}
    assert [panel.group["name"] for panel in disagreement_of(document).panels] == ["Clients"]


def test_agreement_within_has_a_column_for_each_group_of_which_it_is_told() -> None:
    document = rows()
    document["issues"][0]["within"] = {"Clients": -0.3}
    document["issues"][1]["within"] = {"Clients": 0.5}
    found = disagreement_of(document)
    assert found.within_groups == ["Clients"]
    assert [row.cells[0].text for row in found.within] == ["\u22120.3", "0.5", ""]
    assert [row.cells[0].divided for row in found.within] == [True, False, False]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_sentences_can_be_said_in_every_language(language: str) -> None:
    with translation.override(language):
        said = " ".join(sentences(rows(alpha=[LOWER], beta=[DIVIDED], gamma=[HIGHER])))
    assert "Clients" in said
    assert "4.7" in said


def page(client: Client, assessment: Assessment) -> str:
    place = {"organisation": assessment.organisation.slug, "slug": assessment.slug}
    return client.get(reverse("materiality:results", kwargs=place)).content.decode()


def test_the_page_is_calm_where_nothing_is_hidden(answered: Assessment, viewer_client: Client) -> None:
    analyse_now(assessment=answered)
    text = page(viewer_client, answered)
    assert "No group’s own order would put" in text
    assert text.count('<svg class="panel"') == 2
    assert "read nothing into it" in text


def test_the_page_lists_hidden_views_with_a_link_to_the_row(answered: Assessment, viewer_client: Client) -> None:
    run = analyse_now(assessment=answered)
    last = run.results["issues"][-1]
    last["minorities"] = [{"kind": "higher", "group": "Staff", "mean": 4.6, "rank": 1, "of": 3}]
    last["within"] = {"Staff": -0.4}
    AnalysisRun.objects.filter(pk=run.pk).update(results=run.results)
    text = page(viewer_client, answered)
    assert "What the averages hide" in text
    assert f'<a href="#{last["code"]}">{last["name"]}</a><p>By Staff alone it would be' in text
    assert "<b>\u22120.4</b>" in text


def test_the_page_of_a_run_of_an_earlier_version_still_shows(answered: Assessment, viewer_client: Client) -> None:
    run = analyse_now(assessment=answered)
    del run.results["agreement"]["p"]
    for one in run.results["issues"]:
        del one["minorities"], one["within"]
    AnalysisRun.objects.filter(pk=run.pk).update(results=run.results)
    text = page(viewer_client, answered)
    assert "What the averages hide" not in text
    assert "chance" not in text
    assert '<table class="table heat">' in text
