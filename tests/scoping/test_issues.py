"""The long list and what changes it: counts, filters, adding one or many, and what happens after the survey opens."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from scoping import services
from scoping.models import Assessment, Issue, Phase, Standing
from scoping.selectors.issues import NO_SOURCE, Filters, LongList, alike_to, long_list_of
from scoping.services import NewIssue
from scoping.services.merging import merge_issue
from tests.support.factories import AssessmentFactory, IssueFactory, MentionFactory
from tests.support.people import House


@pytest.fixture
def assessment(house: House) -> Assessment:
    """Four issues: one on the list with mentions, one without, one screened out, one merged into the first."""
    made = AssessmentFactory(organisation=house.organisation, slug="paper-2024")
    water = IssueFactory(assessment=made, position=0, code="water", name="Water use", category="Environment")
    pay = IssueFactory(
        assessment=made, position=1, code="pay", name="Fair pay", category="Social", owners="HR, J. Wang"
    )
    river = IssueFactory(assessment=made, position=2, code="river", name="The river", category="Environment")
    IssueFactory(assessment=made, position=3, code="noise", name="Noise", category="Social", standing=Standing.LEFT_OUT)
    for issue, kind in ((water, "media"), (water, "media"), (water, "peers"), (river, "interview")):
        MentionFactory(issue=issue, kind=kind)
    assert pay.standing == Standing.LISTED
    merge_issue(issue=river, into=water)
    return made


def page(name: str, **kwargs: object) -> str:
    return reverse(f"scoping:{name}", kwargs={"organisation": "example", "slug": "paper-2024", **kwargs})


def names(rows) -> list[str]:
    return [row.name for row in rows]


def listed_on(client: Client, query: str = "") -> list[str]:
    return names(client.get(page("long-list") + query).context["page"].object_list)


# --- the list ---------------------------------------------------------------------------------------------
def test_the_list_begins_with_its_counts(assessment: Assessment, viewer_client: Client) -> None:
    said = "4 issues from three kinds of source: 2 on the list, 1 screened out and 1 merged into others."
    assert long_list_of(assessment).summary == said
    assert said in viewer_client.get(page("long-list")).content.decode()


def test_each_issue_has_its_mentions_by_kind_of_source(assessment: Assessment) -> None:
    found = {issue.code: issue.found for issue in long_list_of(assessment).issues}
    assert found == {
        "water": (1, 0, 0, 2, 1, 0),  # with that of the river
        "pay": (0, 0, 0, 0, 0, 0),
        "river": (1, 0, 0, 0, 0, 0),
        "noise": (0, 0, 0, 0, 0, 0),
    }


def test_the_page_names_standing_owner_and_survivor(assessment: Assessment, viewer_client: Client) -> None:
    text = " ".join(viewer_client.get(page("long-list")).content.decode().split())
    for fact in ("HR, J. Wang", "Screened out", f'Merged into <a href="{page("sheet", code="water")}">Water use</a>'):
        assert fact in text


def test_issues_without_a_source_are_counted_and_shown(assessment: Assessment, viewer_client: Client) -> None:
    assert "2 issues have no mention yet." in viewer_client.get(page("long-list")).content.decode()
    assert listed_on(viewer_client, "?kind=none") == ["Fair pay", "Noise"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Water use", "Fair pay", "The river", "Noise"]),
        ("?category=Social", ["Fair pay", "Noise"]),
        ("?standing=merged", ["The river"]),
        ("?standing=left-out&category=Social", ["Noise"]),
        ("?kind=interview", ["Water use", "The river"]),
        ("?kind=peers", ["Water use"]),
        ("?q=WANG", ["Fair pay"]),
        ("?q=use+water", ["Water use"]),
        ("?q=nothing", []),
    ],
)
def test_the_list_is_filtered(assessment: Assessment, viewer_client: Client, query: str, expected: list[str]) -> None:
    assert listed_on(viewer_client, query) == expected


@pytest.mark.parametrize("query", ["?category=Nonsense", "?standing=x", "?kind=' OR 1=1", "?page=99", "?page=x"])
def test_a_filter_that_makes_no_sense_shows_everything(
    assessment: Assessment, viewer_client: Client, query: str
) -> None:
    assert len(listed_on(viewer_client, query)) == 4


def test_a_filter_that_nothing_meets_says_so(assessment: Assessment, viewer_client: Client) -> None:
    text = viewer_client.get(page("long-list") + "?q=nothing").content.decode()
    assert "No issue is like that" in text
    assert "Show all 4" in text


def test_the_filters_of_the_selector_work_together() -> None:
    assert LongList(()).matching(Filters(text="x", category="y", standing="z", kind=NO_SOURCE)) == []
    assert LongList(()).kinds == 0


def test_an_empty_list_says_what_to_do(house: House, analyst_client: Client, viewer_client: Client) -> None:
    AssessmentFactory(organisation=house.organisation, slug="paper-2024")
    text = analyst_client.get(page("long-list")).content.decode()
    for next_step in ("No issues yet", "Open the libraries", "Paste a list", "Import a file", "Add an issue"):
        assert next_step in text
    assert text.count("btn-primary") == 1
    assert "Owners and analysts of Example Ltd. can add them." in viewer_client.get(page("long-list")).content.decode()


def test_a_reader_is_shown_no_way_to_change_the_list(assessment: Assessment, viewer_client: Client) -> None:
    text = viewer_client.get(page("long-list")).content.decode()
    assert page("paste") not in text
    assert f'href="{page("issue-new")}?' not in text


def test_a_long_list_comes_in_pages_that_keep_the_filter(
    assessment: Assessment, viewer_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoping.views.issues.ISSUES_PER_PAGE", 1)
    response = viewer_client.get(page("long-list") + "?category=Social&page=2")
    assert names(response.context["page"].object_list) == ["Noise"]
    assert "?category=Social&amp;page=1" in response.content.decode()


# Session, user and membership; the assessment; its issues and their mentions.
LIST_QUERIES = 6


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_three_as_for_one(
    house: House, analyst_client: Client, count: int, django_assert_num_queries
) -> None:
    made = AssessmentFactory(organisation=house.organisation, slug="paper-2024", issues=2 * count)
    issues = list(made.issues.all())
    for one, other in zip(issues[::2], issues[1::2], strict=True):
        MentionFactory(issue=one)
        merge_issue(issue=one, into=other)
    with django_assert_num_queries(LIST_QUERIES):
        analyst_client.get(page("long-list"))


# --- adding one -------------------------------------------------------------------------------------------
def test_an_issue_is_added_with_its_first_mention(assessment: Assessment, analyst_client: Client) -> None:
    typed = {"name": "Dust", "category": "Social", "source_kind": "expert", "source": "Panel of May"}
    response = analyst_client.post(page("issue-new") + "?from=list", typed)
    assert response["Location"] == page("long-list")
    added = assessment.issues.get(name="Dust")
    assert list(added.mentions.values_list("kind", "source")) == [("expert", "Panel of May")]


@pytest.mark.parametrize(
    ("typed", "field"), [({"source": "Panel"}, "source_kind"), ({"source_kind": "expert"}, "source")]
)
def test_half_a_mention_is_asked_about(
    assessment: Assessment, analyst_client: Client, typed: dict[str, str], field: str
) -> None:
    response = analyst_client.post(page("issue-new"), {"name": "Dust"} | typed)
    assert list(response.context["form"].errors) == [field]
    assert assessment.issues.count() == 4


def test_a_name_much_like_another_is_asked_about_first(assessment: Assessment, analyst_client: Client) -> None:
    response = analyst_client.post(page("issue-new"), {"name": "Use of water"})
    text = response.content.decode()
    assert response.status_code == 400
    assert "An issue has a name much like this." in text
    assert page("mention-new", code="water") in text
    assert assessment.issues.count() == 4


def test_whoever_says_that_it_is_another_issue_adds_it_and_is_not_asked_again(
    assessment: Assessment, analyst_client: Client
) -> None:
    analyst_client.post(page("issue-new"), {"name": "Use of water", "different": "on"})
    added = assessment.issues.get(name="Use of water")
    assert [issue.code for issue in added.distinct_from.all()] == ["water"]
    url = page("issue", code=added.code)
    assert analyst_client.post(url, {"name": "The use of water", "code": added.code}).status_code == 302


def test_a_merged_issue_is_no_reason_to_ask(assessment: Assessment, analyst_client: Client) -> None:
    assert analyst_client.post(page("issue-new"), {"name": "River"}).status_code == 302


def test_a_new_name_much_like_another_is_asked_about_too(assessment: Assessment, analyst_client: Client) -> None:
    response = analyst_client.post(page("issue", code="pay"), {"name": "Use of water", "code": "pay"})
    assert [issue.code for issue in response.context["form"].alike] == ["water"]


def test_a_change_that_leaves_the_name_is_not_asked_about(assessment: Assessment, analyst_client: Client) -> None:
    IssueFactory(assessment=assessment, position=9, code="twin", name="Use of water")
    response = analyst_client.post(
        page("issue", code="twin"), {"name": "Use of water", "category": "Air", "code": "twin"}
    )
    assert response.status_code == 302
    assert assessment.issues.get(code="twin").category == "Air"


@pytest.mark.parametrize("origin", ["list", "sheet", ""])
def test_a_form_leads_back_to_where_it_was_called(assessment: Assessment, analyst_client: Client, origin: str) -> None:
    back = {
        "list": page("long-list"),
        "sheet": page("sheet", code="pay"),
        "": page("scope") + "#issues",
    }[origin]
    url = page("issue", code="pay") + f"?from={origin}"
    assert f'href="{back}">Cancel' in analyst_client.get(url).content.decode()
    assert analyst_client.post(url, {"name": "Fair pay", "code": "pay"})["Location"] == back


def test_another_issue_can_follow_and_the_way_back_stays(assessment: Assessment, analyst_client: Client) -> None:
    response = analyst_client.post(page("issue-new") + "?from=list", {"name": "Dust", "another": "1"})
    assert response["Location"] == page("issue-new") + "?from=list"


def test_an_issue_that_is_not_there_is_not_found(assessment: Assessment, analyst_client: Client) -> None:
    assert analyst_client.get(page("issue", code="nothing")).status_code == 404


def test_the_most_alike_come_first(assessment: Assessment) -> None:
    known = [Issue(name="Privacy protection"), Issue(name="Water"), Issue(name="Customer privacy")]
    assert names(alike_to("Privacy of customers", known)) == ["Customer privacy", "Privacy protection"]
    assert alike_to("Water", []) == []


# --- names are given once ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("water use", "is already in the list"),
        ("Noise", "is on the long list already, screened out"),
        ("The river", "was merged into “Water use”. Add a mention to “Water use”, or undo that merge."),
    ],
)
def test_a_name_that_is_known_is_refused_with_what_became_of_it(assessment: Assessment, name: str, said: str) -> None:
    for add in (
        lambda: services.save_issue(assessment=assessment, name=name),
        lambda: services.add_issues(assessment=assessment, issues=[NewIssue(name)]),
    ):
        with pytest.raises(ValidationError, match=said):
            add()
    assert assessment.issues.count() == 4


def test_a_name_noted_for_the_next_list_is_refused_as_such(assessment: Assessment) -> None:
    services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    services.save_issue(assessment=assessment, name="Dust")
    with pytest.raises(ValidationError, match="noted for the next assessment already"):
        services.save_issue(assessment=assessment, name="dust")


def test_who_added_an_issue_is_kept(assessment: Assessment, house: House) -> None:
    one = services.save_issue(assessment=assessment, name="Dust", by=house.analyst)
    [many] = services.add_issues(assessment=assessment, issues=[NewIssue("Smell")], by=house.owner)
    for issue, adder in ((one, house.analyst), (many, house.owner)):
        issue.refresh_from_db()
        assert issue.added_by == adder
        assert issue.added_at is not None


# --- places -----------------------------------------------------------------------------------------------
def test_a_place_counts_what_respondents_see(assessment: Assessment) -> None:
    """The river and the noise are not asked about: they keep their places on the long list."""
    services.save_issue(assessment=assessment, name="Dust", place=2)
    assert names(assessment.issues.all()) == ["Water use", "Dust", "The river", "Noise", "Fair pay"]
    assert names(assessment.issues.asked()) == ["Water use", "Dust", "Fair pay"]


def test_only_what_respondents_see_has_a_place_to_choose(assessment: Assessment, analyst_client: Client) -> None:
    assert "place" in analyst_client.get(page("issue", code="pay")).context["form"].fields
    assert "place" not in analyst_client.get(page("issue", code="noise")).context["form"].fields


# --- adding many ------------------------------------------------------------------------------------------
def test_a_pasted_list_has_one_source(assessment: Assessment, analyst_client: Client) -> None:
    typed = {"lines": "Dust\nSmell | Social", "source_kind": "peers", "source": "Mill report 2023"}
    response = analyst_client.post(page("paste") + "?from=list", typed)
    assert response["Location"] == page("long-list")
    added = assessment.issues.filter(name__in=["Dust", "Smell"])
    assert set(added.values_list("mentions__kind", "mentions__source")) == {("peers", "Mill report 2023")}


def test_a_paste_with_names_alike_leads_to_the_near_duplicates(assessment: Assessment, analyst_client: Client) -> None:
    response = analyst_client.post(page("paste"), {"lines": "Dust\nUse of water"}, follow=True)
    assert response.redirect_chain[-1][0] == page("duplicates")
    assert "2 issues are added. One of them has a name much like another: decide below." in response.content.decode()


def test_lines_that_are_on_the_list_already_are_named_one_by_one_and_can_be_left_out(
    assessment: Assessment, analyst_client: Client
) -> None:
    typed = {"lines": "Water use\nDust\nnoise"}
    before = assessment.issues.count()
    refused = analyst_client.post(page("paste"), typed).content.decode()
    assert "<li>Line 1: " in refused
    assert "<li>Line 3: " in refused
    assert "Leave out lines that are on the list already" in refused
    assert assessment.issues.count() == before
    response = analyst_client.post(page("paste"), typed | {"only_new": "on"}, follow=True)
    assert "One issue is added. Two lines were left out: on the list already." in response.content.decode()
    assert assessment.issues.count() == before + 1


def test_a_paste_of_what_is_all_there_adds_nothing_and_says_so(assessment: Assessment, analyst_client: Client) -> None:
    typed = {"lines": "Water use\nNoise", "only_new": "on"}
    response = analyst_client.post(page("paste"), typed, follow=True)
    assert "Every line is on the list already. Nothing was added." in response.content.decode()


def test_leaving_lines_out_is_offered_where_it_helps_only(assessment: Assessment, analyst_client: Client) -> None:
    for typed in ({}, {"lines": f"{'Dust' * 100}"}):
        text = analyst_client.post(page("paste"), typed).content.decode()
        assert "Leave out lines" not in text


# --- after the survey has opened --------------------------------------------------------------------------
@pytest.fixture
def opened(assessment: Assessment) -> Assessment:
    services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    return assessment


def test_what_is_added_waits_for_the_next_list_and_the_page_says_so(opened: Assessment, analyst_client: Client) -> None:
    assert "What you add now waits for the next assessment." in analyst_client.get(page("issue-new")).content.decode()
    response = analyst_client.post(page("issue-new") + "?from=list", {"name": "Dust"}, follow=True)
    assert "this issue waits for the next assessment." in response.content.decode()
    assert opened.issues.get(name="Dust").standing == Standing.NEXT
    assert "1 noted for the next assessment" in response.content.decode()


def test_what_the_survey_asks_about_has_no_form(opened: Assessment, analyst_client: Client) -> None:
    text = analyst_client.get(page("issue", code="water")).content.decode()
    assert "The survey asks about this issue." in text
    assert 'name="description"' not in text
    assert page("sheet", code="water") in text


def test_what_the_survey_does_not_ask_about_can_be_renamed_and_removed(opened: Assessment) -> None:
    noise = opened.issues.get(code="noise")
    assert services.save_issue(assessment=opened, issue=noise, name="Noise at night").name == "Noise at night"
    services.remove_issue(issue=noise)
    assert not opened.issues.filter(code="noise").exists()


# --- removing ---------------------------------------------------------------------------------------------
def test_an_issue_that_stands_for_others_is_not_removed(assessment: Assessment, analyst_client: Client) -> None:
    response = analyst_client.post(page("issue-remove", code="water") + "?from=sheet", follow=True)
    said = "“Water use” stands for issues that were merged into it: “The river”. Undo these merges on its sheet"
    assert said in response.content.decode()
    assert response.redirect_chain[-1][0] == page("sheet", code="water")
    assert assessment.issues.filter(code="water").exists()


def test_a_merged_issue_can_be_removed(assessment: Assessment) -> None:
    services.remove_issue(issue=assessment.issues.get(code="river"))
    assert long_list_of(assessment).issues[0].found == (0, 0, 0, 2, 1, 0)


def test_an_assessment_with_merged_issues_can_be_removed(assessment: Assessment) -> None:
    services.remove_assessment(assessment=assessment)
    assert not Issue.objects.exists()
