"""Near-duplicates: what is pointed out, merging and its undoing, and what is refused."""

import pytest
from django.core.exceptions import ValidationError

from scoping import services
from scoping.models import Assessment, Issue, Standing
from scoping.selectors.issues import duplicates_of, in_full, long_list_of
from scoping.services.merging import keep_apart, merge_issue, point_out_again, unmerge_issue
from tests.scoping.near_duplicates import open_the_survey, pairs, scope_with_near_duplicates
from tests.support.factories import (
    ConcernFactory,
    IssueFactory,
    MarkFactory,
    MentionFactory,
)
from tests.support.people import House


@pytest.fixture
def assessment(house: House) -> Assessment:
    return scope_with_near_duplicates(house)


@pytest.fixture
def issues(assessment: Assessment) -> list[Issue]:
    return list(assessment.issues.all())


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
