"""Near-duplicates: what is pointed out, merging and its undoing, and what is refused."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from scoping import services
from scoping.models import Assessment, Issue, Phase, Predecessor, Standing
from scoping.selectors.issues import NO_SOURCE, Filters, duplicates_of, in_full, long_list_of
from scoping.services.merging import keep_apart, merge_issue, point_out_again, unmerge_issue
from tests.support.factories import (
    AssessmentFactory,
    ConcernFactory,
    IssueFactory,
    MarkFactory,
    MentionFactory,
)
from tests.support.people import House

NAMES = ("Staff training", "Employee Training and Growth", "Green Finance", "Talent development")


@pytest.fixture
def assessment(house: House) -> Assessment:
    made = AssessmentFactory(organisation=house.organisation, slug="paper-2024", groups=1)
    for position, name in enumerate(NAMES):
        IssueFactory(assessment=made, position=position, name=name)
    return made


@pytest.fixture
def issues(assessment: Assessment) -> list[Issue]:
    return list(assessment.issues.all())


def page(name: str, **kwargs: object) -> str:
    return reverse(f"scoping:{name}", kwargs={"organisation": "example", "slug": "paper-2024", **kwargs})


def pairs(assessment: Assessment) -> list[tuple[str, str]]:
    return [(pair.one.name, pair.other.name) for pair in duplicates_of(assessment).pairs]


def open_the_survey(assessment: Assessment) -> None:
    services.set_phase(assessment=assessment, phase=Phase.SURVEY)


# --- merging ----------------------------------------------------------------------------------------------
def test_a_merged_issue_leaves_the_list_and_keeps_everything(issues: list[Issue], house: House) -> None:
    merged, survivor = issues[0], issues[1]
    mention, mark = MentionFactory(issue=merged), MarkFactory(issue=merged)
    concern = ConcernFactory(group=merged.assessment.groups.get(), issue=merged)
    merge_issue(issue=merged, into=survivor, by=house.analyst)
    merged.refresh_from_db()
    assert (merged.standing, merged.merged_into, merged.merged_by) == (Standing.MERGED, survivor, house.analyst)
    assert merged.merged_at is not None
    assert merged not in merged.assessment.issues.asked()
    for kept in (mention, mark, concern):
        kept.refresh_from_db()
        assert kept.issue == merged


@pytest.mark.parametrize("standing", [Standing.LISTED, Standing.LEFT_OUT])
def test_undoing_brings_back_the_standing_that_it_had(issues: list[Issue], standing: Standing) -> None:
    merged, survivor = issues[0], issues[1]
    Issue.objects.filter(pk=merged.pk).update(standing=standing)
    merge_issue(issue=merged, into=survivor)
    unmerge_issue(issue=merged)
    merged.refresh_from_db()
    assert (merged.standing, merged.merged_into, merged.merged_by, merged.merged_at) == (standing, None, None, None)


def test_what_the_open_survey_cannot_ask_about_any_more_waits_for_the_next_list(issues: list[Issue]) -> None:
    merge_issue(issue=issues[0], into=issues[1])
    open_the_survey(issues[0].assessment)
    assert unmerge_issue(issue=issues[0]).standing == Standing.NEXT


def test_a_merge_and_its_undoing_are_recorded(issues: list[Issue], house: House) -> None:
    merge_issue(issue=issues[0], into=issues[1], by=house.analyst)
    unmerge_issue(issue=issues[0], by=house.owner)
    assert list(house.organisation.events.order_by("pk").values_list("actor", "summary")) == [
        (house.analyst.pk, "merged the issue Staff training into Employee Training and Growth"),
        (house.owner.pk, "undid the merge of Staff training into Employee Training and Growth"),
    ]


def test_merging_a_kept_apart_pair_takes_that_back(issues: list[Issue]) -> None:
    keep_apart(issue=issues[0], other=issues[1])
    merge_issue(issue=issues[0], into=issues[1])
    assert not issues[1].distinct_from.exists()


def refusal(issue: Issue, into: Issue) -> str:
    with pytest.raises(ValidationError) as caught:
        merge_issue(issue=issue, into=into)
    return " ".join(caught.value.messages)


def test_an_issue_is_not_merged_into_itself(issues: list[Issue]) -> None:
    assert "one and the same issue" in refusal(issues[0], issues[0])


def test_an_issue_is_not_merged_twice(issues: list[Issue]) -> None:
    merge_issue(issue=issues[0], into=issues[1])
    assert "“Staff training” is already merged into “Employee Training and Growth”" in refusal(issues[0], issues[2])


def test_into_a_merged_issue_the_survivor_is_named(issues: list[Issue]) -> None:
    merge_issue(issue=issues[1], into=issues[0])
    assert "Merge “Talent development” into “Staff training” instead" in refusal(issues[3], issues[1])


def test_a_merge_does_not_go_round_in_a_circle(issues: list[Issue]) -> None:
    merge_issue(issue=issues[0], into=issues[1])
    assert "the two are one already" in refusal(issues[1], issues[0])


def test_an_issue_that_stands_for_others_stays(issues: list[Issue]) -> None:
    merge_issue(issue=issues[0], into=issues[1])
    said = refusal(issues[1], issues[3])
    assert "“Staff training”" in said
    assert "Merge “Talent development” into “Employee Training and Growth” instead" in said


def test_an_issue_is_not_merged_into_one_of_another_assessment(issues: list[Issue]) -> None:
    assert "different assessments" in refusal(issues[0], IssueFactory())


def test_what_the_survey_asks_about_stays(issues: list[Issue]) -> None:
    open_the_survey(issues[0].assessment)
    assert "The survey asks about “Staff training”" in refusal(issues[0], issues[1])


def test_what_came_later_can_be_merged_into_what_the_survey_asks_about(issues: list[Issue]) -> None:
    open_the_survey(issues[0].assessment)
    later = services.save_issue(assessment=issues[0].assessment, name="Learning of staff")
    assert merge_issue(issue=later, into=issues[0]) == issues[0]


def test_nothing_leaves_the_list_by_a_merge_into_what_was_screened_out(issues: list[Issue]) -> None:
    Issue.objects.filter(pk=issues[1].pk).update(standing=Standing.LEFT_OUT)
    assert "would leave it too" in refusal(issues[0], issues[1])


def test_what_is_not_merged_cannot_be_undone(issues: list[Issue]) -> None:
    with pytest.raises(ValidationError, match="nothing to undo"):
        unmerge_issue(issue=issues[0])


def test_a_refused_merge_changes_nothing(issues: list[Issue]) -> None:
    open_the_survey(issues[0].assessment)
    refusal(issues[0], issues[1])
    issues[0].refresh_from_db()
    assert (issues[0].standing, issues[0].merged_into) == (Standing.LISTED, None)
    assert not issues[0].assessment.organisation.events.exists()


# --- what is pointed out ----------------------------------------------------------------------------------
def test_names_that_are_alike_are_pairs_of_one_cluster(assessment: Assessment) -> None:
    assert {(pair.cluster, pair.names) for pair in duplicates_of(assessment).pairs} == {(0, 3)}
    assert {tuple(sorted(pair)) for pair in pairs(assessment)} == {
        ("Employee Training and Growth", "Staff training"),
        ("Employee Training and Growth", "Talent development"),
        ("Staff training", "Talent development"),
    }


def test_the_most_alike_come_first(assessment: Assessment) -> None:
    IssueFactory(assessment=assessment, position=9, name="Customer Privacy")
    IssueFactory(assessment=assessment, position=10, name="Privacy protection")
    found = duplicates_of(assessment).pairs
    assert found[-1].cluster == 1
    shares = [pair.share for pair in found]
    assert shares == sorted(shares, reverse=True)


def test_a_pair_that_is_known_to_be_different_is_not_pointed_out(assessment: Assessment, issues: list[Issue]) -> None:
    keep_apart(issue=issues[0], other=issues[1])
    assert ("Staff training", "Employee Training and Growth") not in pairs(assessment)
    [(one, other)] = duplicates_of(assessment).apart
    assert (one.name, other.name) == (issues[0].name, issues[1].name)


def test_it_can_be_pointed_out_again(assessment: Assessment, issues: list[Issue]) -> None:
    before = pairs(assessment)
    keep_apart(issue=issues[0], other=issues[1])
    point_out_again(issue=issues[1], other=issues[0])
    assert pairs(assessment) == before


def test_that_they_are_different_is_recorded_once(issues: list[Issue], house: House) -> None:
    keep_apart(issue=issues[0], other=issues[1], by=house.analyst)
    keep_apart(issue=issues[1], other=issues[0], by=house.analyst)
    assert house.organisation.events.get().summary.startswith("said that Staff training and Employee Training")


def test_a_merged_issue_is_not_pointed_out(assessment: Assessment, issues: list[Issue]) -> None:
    merge_issue(issue=issues[0], into=issues[1])
    assert {name for pair in pairs(assessment) for name in pair} == {
        "Employee Training and Growth",
        "Talent development",
    }


def test_mentions_of_a_merged_issue_count_for_the_survivor(assessment: Assessment, issues: list[Issue]) -> None:
    MentionFactory(issue=issues[0], kind="media")
    MentionFactory(issue=issues[1], kind="peers")
    merge_issue(issue=issues[0], into=issues[1])
    found = {issue.name: issue.found for issue in long_list_of(assessment).issues}
    assert found["Employee Training and Growth"] == (0, 0, 0, 1, 1, 0)
    assert found["Staff training"] == (0, 0, 0, 1, 0, 0)


@pytest.mark.parametrize("frozen", [True, False])
def test_only_merges_that_work_are_offered(assessment: Assessment, issues: list[Issue], frozen: bool) -> None:
    """What the page offers is what the service does, for every pair and both ways."""
    merge_issue(issue=issues[0], into=issues[1])
    IssueFactory(assessment=assessment, position=7, name="Training of employees", standing=Standing.LEFT_OUT)
    if frozen:
        open_the_survey(assessment)
    by_code = {issue.code: issue for issue in assessment.issues.all()}
    found = in_full(assessment, duplicates_of(assessment).pairs, frozen=frozen)
    sides = [sides for pair in found for sides in ((pair.one, pair.other), (pair.other, pair.one))]
    assert len(sides) == 6
    for one, other in sides:
        issue, into = by_code[one.issue.code], by_code[other.issue.code]
        if one.obstacle:
            refusal(issue, into)
        else:
            merge_issue(issue=issue, into=into)
            unmerge_issue(issue=issue)


# --- pages ------------------------------------------------------------------------------------------------
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
