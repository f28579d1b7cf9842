"""Near-duplicates on their page, on issue sheets and in the long list."""

import pytest
from django.test import Client

from scoping import services
from scoping.models import Assessment, Issue, Predecessor, Standing
from scoping.selectors.issues import NO_SOURCE, Filters, long_list_of
from scoping.services.merging import merge_issue
from tests.scoping.near_duplicates import open_the_survey, page, scope_with_near_duplicates
from tests.support.factories import (
    AssessmentFactory,
    IssueFactory,
    MentionFactory,
)
from tests.support.people import House


@pytest.fixture
def assessment(house: House) -> Assessment:
    return scope_with_near_duplicates(house)


@pytest.fixture
def issues(assessment: Assessment) -> list[Issue]:
    return list(assessment.issues.all())


def test_the_page_shows_each_pair_with_three_ways_out(assessment: Assessment, analyst_client: Client) -> None:
    text = analyst_client.get(page("duplicates")).content.decode()
    assert "3 names that are alike" in text
    assert text.count("They are different") == 3
    assert text.count("Merge into this one") == 6


def test_a_reader_sees_the_pairs_and_no_buttons(assessment: Assessment, viewer_client: Client) -> None:
    text = viewer_client.get(page("duplicates")).content.decode()
    assert "Staff training" in text
    assert "Merge into this one" not in text


def test_without_duplicates_the_page_says_so(house: House, analyst_client: Client) -> None:
    AssessmentFactory(organisation=house.organisation, slug="paper-2024", issues=2)
    text = analyst_client.get(page("duplicates")).content.decode()
    assert "No two of 2 issues have names that are much alike." in text


def test_a_pair_is_merged_from_the_page(issues: list[Issue], analyst_client: Client) -> None:
    url = page("merge", code=issues[0].code) + "?from=duplicates"
    response = analyst_client.post(url, {"into": issues[1].code, "other": issues[1].code})
    assert response["Location"] == page("duplicates")
    assert issues[1].merged.get() == issues[0]


def test_a_merge_is_undone_from_the_page(issues: list[Issue], analyst_client: Client) -> None:
    url = page("merge", code=issues[0].code) + "?from=duplicates"
    text = analyst_client.post(url, {"into": issues[1].code}, follow=True).content.decode()
    assert "see “Merged already” on the page Near-duplicates" in text
    assert f"the merge of {issues[0].name} into {issues[1].name}" in text
    undo = page("unmerge", code=issues[0].code) + "?from=duplicates"
    assert f'action="{undo}"' in text
    response = analyst_client.post(undo, follow=True)
    assert response.redirect_chain[-1][0] == page("duplicates")
    assert "Merged already" not in response.content.decode()


def test_a_reader_sees_the_merges_and_cannot_undo_them(issues: list[Issue], viewer_client: Client) -> None:
    merge_issue(issue=issues[0], into=issues[1])
    text = viewer_client.get(page("duplicates")).content.decode()
    assert "Merged already" in text
    assert page("unmerge", code=issues[0].code) not in text


def test_what_is_merged_is_not_counted_among_the_issues(house: House, viewer_client: Client) -> None:
    made = AssessmentFactory(organisation=house.organisation, slug="paper-2024", issues=3)
    merge_issue(issue=made.issues.all()[0], into=made.issues.all()[1])
    assert "No two of 2 issues have names" in viewer_client.get(page("duplicates")).content.decode()


@pytest.mark.parametrize(
    ("name", "percent", "why"),
    [
        ("Use of water", "99\u202f%", "the same words"),
        ("WATER  USE", "100\u202f%", "the same words"),
        ("Water uses", "99\u202f%", "differs by a letter or two"),
        ("Wastewater use", "99\u202f%", "means the same here"),
        ("Water use policy", "90\u202f%", "much the same words or meaning"),
    ],
)
def test_the_page_says_how_much_and_why_two_names_are_alike(
    house: House, viewer_client: Client, name: str, percent: str, why: str
) -> None:
    made = AssessmentFactory(organisation=house.organisation, slug="paper-2024")
    for position, each in enumerate(("Water use", name)):
        IssueFactory(assessment=made, position=position, name=each)
    text = viewer_client.get(page("duplicates")).content.decode()
    assert f'<b class="tabular">{percent}</b> alike: {why}' in text


def test_a_pair_is_kept_apart_from_the_page(
    assessment: Assessment, issues: list[Issue], analyst_client: Client
) -> None:
    response = analyst_client.post(page("apart", code=issues[0].code), {"other": issues[1].code}, follow=True)
    assert "They are not pointed out again" in response.content.decode()
    assert issues[0].distinct_from.get() == issues[1]
    analyst_client.post(page("apart", code=issues[0].code), {"other": issues[1].code, "again": "1"})
    assert not issues[0].distinct_from.exists()


def test_any_issue_can_be_chosen_to_merge_into_and_the_alike_stand_first(
    issues: list[Issue], analyst_client: Client
) -> None:
    url = page("merge", code=issues[0].code)
    form = analyst_client.get(url).context["form"]
    assert [issue.name for issue in form.alike] == ["Employee Training and Growth", "Talent development"]
    assert [issue.name for issue in form.rest] == ["Green Finance"]
    response = analyst_client.post(url, {"into": issues[2].code})
    assert response["Location"] == page("sheet", code=issues[2].code)


def test_a_refused_merge_says_why_on_its_page(issues: list[Issue], analyst_client: Client) -> None:
    merge_issue(issue=issues[0], into=issues[1])
    response = analyst_client.post(page("merge", code=issues[1].code), {"into": issues[2].code})
    assert response.status_code == 400
    assert "undo those merges first" in response.content.decode()


def test_many_pairs_come_in_pages(
    assessment: Assessment, analyst_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoping.views.issues.PAIRS_PER_PAGE", 2)
    text = analyst_client.get(page("duplicates") + "?page=2").content.decode()
    assert text.count("They are different") == 1
    assert 'href="?page=1"' in text


def test_what_is_not_on_the_list_cannot_be_chosen(issues: list[Issue], analyst_client: Client) -> None:
    merge_issue(issue=issues[0], into=issues[1])
    response = analyst_client.post(page("merge", code=issues[3].code), {"into": issues[0].code})
    assert response.status_code == 400
    assert "It may have been removed or merged meanwhile." in response.content.decode()


def test_a_merge_is_undone_from_the_sheet(issues: list[Issue], analyst_client: Client) -> None:
    merge_issue(issue=issues[0], into=issues[1])
    url = page("unmerge", code=issues[0].code)
    assert url in analyst_client.get(page("sheet", code=issues[1].code)).content.decode()
    response = analyst_client.post(url, follow=True)
    assert "stands for itself again" in response.content.decode()
    assert analyst_client.post(url, follow=True).content.decode().count("nothing to undo") == 1


def test_a_code_with_a_character_that_no_database_takes_is_none(issues: list[Issue], analyst_client: Client) -> None:
    assert analyst_client.post(page("apart", code=issues[0].code), {"other": "no\x00ne"}).status_code == 404


@pytest.mark.parametrize("role", ["approver", "viewer"])
@pytest.mark.parametrize("name", ["merge", "unmerge", "apart"])
def test_readers_merge_nothing(issues: list[Issue], house: House, client_of, role: str, name: str) -> None:
    response = client_of(getattr(house, role)).post(page(name, code=issues[0].code), {"into": issues[1].code})
    assert response.status_code == 403


# Session, user and membership; the assessment; issues, kept pairs, survivors and mentions; their number; merges.
DUPLICATE_QUERIES = 10


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_three_pairs_as_for_one(
    house: House, analyst_client: Client, count: int, django_assert_num_queries
) -> None:
    made = AssessmentFactory(organisation=house.organisation, slug="paper-2024")
    topics = ("Training", "Privacy", "Water")
    for position in range(count):
        for number, words in enumerate(("{} management", "{} policy")):
            issue = IssueFactory(assessment=made, position=2 * position + number, name=words.format(topics[position]))
            MentionFactory(issue=issue)
    with django_assert_num_queries(DUPLICATE_QUERIES):
        response = analyst_client.get(page("duplicates"))
    assert response.content.decode().count("They are different") == count


def test_what_the_survey_asks_about_gets_the_reason_and_no_form(
    assessment: Assessment, issues: list[Issue], analyst_client: Client
) -> None:
    open_the_survey(assessment)
    text = analyst_client.get(page("merge", code=issues[0].code)).content.decode()
    assert "It cannot be merged now.</strong> The survey asks about it" in text
    assert 'name="into"' not in text


def test_a_survivor_and_what_is_merged_get_the_reason_and_no_form(issues: list[Issue], analyst_client: Client) -> None:
    merge_issue(issue=issues[0], into=issues[1])
    for issue, reason in ((issues[0], "It is merged into"), (issues[1], "It stands for issues that were merged")):
        text = analyst_client.get(page("merge", code=issue.code)).content.decode()
        assert reason in text
        assert 'name="into"' not in text


def test_what_came_later_gets_the_form(assessment: Assessment, analyst_client: Client) -> None:
    open_the_survey(assessment)
    later = services.save_issue(assessment=assessment, name="Noise")
    assert 'name="into"' in analyst_client.get(page("merge", code=later.code)).content.decode()


def test_what_continues_an_issue_of_the_period_before_has_a_source(house: House) -> None:
    before = AssessmentFactory(organisation=house.organisation, reporting_period="2023", issues=1)
    now = AssessmentFactory(organisation=house.organisation, issues=3, previous=before)
    merged = IssueFactory(assessment=now, standing=Standing.MERGED, merged_into=now.issues.get(code="issue-1"))
    for issue in (now.issues.get(code="issue-0"), merged):
        Predecessor.objects.create(issue=issue, previous=before.issues.get())
    found = long_list_of(now)
    assert (found.without_source, found.carried_over, found.before) == (1, 2, "2023")
    assert [issue.code for issue in found.matching(Filters(kind=NO_SOURCE))] == ["issue-2"]


def test_the_long_list_says_what_is_carried_over(house: House, analyst_client: Client) -> None:
    before = AssessmentFactory(organisation=house.organisation, reporting_period="2023", issues=1)
    now = AssessmentFactory(organisation=house.organisation, slug="paper-2024", issues=2, previous=before)
    Predecessor.objects.create(issue=now.issues.get(code="issue-0"), previous=before.issues.get())
    text = analyst_client.get(page("long-list")).content.decode()
    assert "1 issue has no mention yet." in text
    assert "1 issue without a mention is carried over from 2023" in text
