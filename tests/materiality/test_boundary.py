import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from materiality.boundary import boundary_cases, of_unknown_certainty, two_digits
from materiality.services import analyse_now
from scoping.models import Assessment
from tests.materiality.conftest import Answer
from tests.materiality.documents import issue, results


def test_an_issue_that_could_be_in_another_tier_is_named_with_both():
    document = results(
        issue("alpha", 1, "High"),
        issue("beta", 2, "High", 0.71, to_settle={"answers": 183, "tier": "Minor"}),
        issue("gamma", 3, "Minor"),
    )
    [case] = boundary_cases(document)
    assert case.issue["code"] == "beta"
    assert [(place.name, place.number, place.chance) for place in case.places] == [
        ("High", 1, "71 %"),
        ("Minor", 2, "29 %"),
    ]
    assert case.answers == 190


def test_the_line_is_drawn_at_95_percent():
    document = results(issue("alpha", 1, "High", 0.95), issue("beta", 2, "High", 0.949))
    assert [case.issue["code"] for case in boundary_cases(document)] == ["beta"]


def test_where_answers_alone_do_not_settle_it_no_number_is_given():
    [case] = boundary_cases(results(issue("alpha", 1, "High", 0.5, to_settle={"answers": None, "tier": "Minor"})))
    assert case.is_estimated
    assert case.answers is None


def test_a_result_of_an_earlier_version_names_the_case_without_a_number():
    [case] = boundary_cases(results(issue("alpha", 1, "High", 0.6)))
    assert not case.is_estimated


def test_without_a_tier_or_certainty_nothing_is_said():
    unsure = issue("beta", 2, "High", tier_probability={})
    assert boundary_cases(results(issue("alpha", None, None), unsure)) == []


SETTLED, UNSETTLED = issue("alpha", 1, "High"), issue("beta", 2, "High", 0.71)
UNSURE, WITHOUT_TIER = issue("gamma", 3, "Minor", tier_probability={}), issue("delta", 4, None)
ALL_SETTLED = "No issue is: each stands in its tier in at least 95 % of the draws."


@pytest.mark.parametrize(
    ("issues", "unknown", "says"),
    [
        ([SETTLED], 0, ALL_SETTLED),
        ([UNSURE, WITHOUT_TIER], 2, "It is not known of any issue: each has no tier or too few ratings."),
        ([WITHOUT_TIER], 1, "It is not known of any issue"),
        ([SETTLED, UNSURE], 1, "Of 1 issue it is not known: it has no tier or too few ratings. None of the others"),
        ([SETTLED, UNSURE, WITHOUT_TIER], 2, "Of 2 issues it is not known: they have no tier"),
        ([UNSETTLED, UNSURE], 1, "in fewer than 95 % of the draws they are in the tier shown. Of 1 other issue it is"),
        ([UNSETTLED, SETTLED], 0, "in fewer than 95 % of the draws they are in the tier shown.</p>"),
    ],
)
def test_the_page_does_not_call_settled_what_is_not_known(issues, unknown, says):
    document = results(*issues)
    assert of_unknown_certainty(document) == unknown
    found = {"results": document, "boundary_cases": boundary_cases(document), "of_unknown_certainty": unknown}
    text = re.sub(r"\s+", " ", render_to_string("materiality/results/_boundary.html", found))
    assert says in text
    assert (ALL_SETTLED in text) == (says == ALL_SETTLED)


def test_where_all_rated_all_issues_the_same_no_place_is_called_settled(
    assessment: Assessment, answer: Answer, viewer_client: Client
):
    """Natural breaks find no gap, so ranks have a certainty and no issue has a tier."""
    for group in ("staff", "clients"):
        for rating in (2, 3, 4, 3, 2, 4):
            answer(group, [rating] * 3)
    run = analyse_now(assessment=assessment)
    assert run.results["method"]["rule"]["kind"] == "natural_breaks"
    assert all(issue["tier"] is None and issue["rank_interval"] for issue in run.results["issues"])
    place = {"organisation": assessment.organisation.slug, "slug": assessment.slug}
    html = viewer_client.get(reverse("materiality:results", kwargs=place)).content.decode()
    assert "It is not known of any issue" in html
    assert ALL_SETTLED not in html


@pytest.mark.parametrize(("number", "rounded"), [(1, 1), (9, 9), (99, 99), (101, 110), (183, 190), (12_345, 13_000)])
def test_estimates_are_rounded_up_to_two_digits(number, rounded):
    assert two_digits(number) == rounded


def test_a_share_below_the_line_is_never_shown_as_on_it():
    document = results(issue("alpha", 1, "High", 0.9496), issue("beta", 2, "High", 0.9501))
    [case] = boundary_cases(document)
    assert [place.chance for place in case.places] == ["94 %", "5 %"]


def test_where_the_draws_favour_the_other_tier_it_is_said():
    outdone, usual = boundary_cases(results(issue("alpha", 1, "High", 0.49), issue("beta", 2, "High", 0.51)))
    assert (outdone.is_outdone, usual.is_outdone) == (True, False)
    html = render_to_string("materiality/results/_boundary.html", {"boundary_cases": [outdone, usual]})
    assert html.count("by its score; the draws favour Minor") == 1
