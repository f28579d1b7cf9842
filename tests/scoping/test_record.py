"""What was done in the scoping phase, counted; kept until the audit trail has a newer line, and no longer."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoping.models import (
    Assessment,
    Attribute,
    Predecessor,
    ProcessStage,
    SourceKind,
    StakeholderModel,
    Standing,
)
from scoping.selectors.record import GroupRecord, read_record, record_of
from scoping.services import save_concern, save_issue
from scoping.services.contacts import save_contact
from scoping.services.continuity import link_issues, set_previous
from scoping.services.mentions import NewMention, save_mention
from scoping.services.merging import merge_issue
from scoping.services.notes import save_note
from scoping.services.screening import NewMark, decide_short_list, save_marks, undo_decision
from scoping.services.stakeholders import GivenScore, save_channel, save_scores
from tests.support.factories import (
    AssessmentFactory,
    ChannelFactory,
    ConcernFactory,
    ContactFactory,
    CriterionFactory,
    IssueFactory,
    MentionFactory,
    ScoreFactory,
    UserFactory,
)
from tests.support.people import House


def test_the_register_is_counted_group_by_group(house: House) -> None:
    assessment = AssessmentFactory(organisation=house.organisation, groups=2)
    staff = assessment.groups.get(code="group-0")
    ChannelFactory.create_batch(2, group=staff)
    ConcernFactory(group=staff, response="A raise.")
    ConcernFactory(group=staff)
    for attribute in ("power", "interest"):
        ScoreFactory(group=staff, attribute=attribute)
    ContactFactory(group=staff)
    record = record_of(assessment)
    assert record.groups == (
        GroupRecord("Group 0", "internal", channels=2, concerns=2, answered_concerns=1, is_scored=True),
        GroupRecord("Group 1", "external"),
    )
    assert record.contacts == 1


def test_a_group_with_one_of_two_scores_is_not_scored(house: House) -> None:
    assessment = AssessmentFactory(organisation=house.organisation, groups=1)
    ScoreFactory(group=assessment.groups.get())
    assert record_of(assessment).groups[0].is_scored is False


def test_mentions_of_a_merged_issue_speak_for_the_survivor(house: House) -> None:
    assessment = AssessmentFactory(organisation=house.organisation, issues=2)
    survivor = assessment.issues.get(code="issue-0")
    merged = IssueFactory(assessment=assessment, position=9, standing=Standing.MERGED, merged_into=survivor)
    MentionFactory(issue=merged, kind=SourceKind.GUIDELINE, reference="gri:305")
    record = record_of(assessment)
    assert record.without_source == 1
    assert record.mentions == {SourceKind.GUIDELINE: 1}
    assert len(record.libraries) == 1


def test_what_continues_an_issue_of_the_period_before_has_a_source(house: House) -> None:
    before = AssessmentFactory(organisation=house.organisation, issues=1)
    now = AssessmentFactory(organisation=house.organisation, issues=3, previous=before)
    Predecessor.objects.create(issue=now.issues.get(code="issue-0"), previous=before.issues.get())
    record = record_of(now)
    assert (record.without_source, record.carried_over) == (2, 1)


def test_a_reference_to_an_unknown_library_does_no_harm(house: House) -> None:
    assessment = AssessmentFactory(organisation=house.organisation, issues=1)
    MentionFactory(issue=assessment.issues.get(), reference="ours:7")
    assert record_of(assessment).libraries == ("ours",)


# --- kept as long as nothing happens ----------------------------------------------------------------------
@pytest.fixture
def before(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="before", reporting_period="2021", issues=2)


@pytest.fixture
def assessment(house: House, before: Assessment) -> Assessment:
    """With a first line in its audit trail."""
    assessment = AssessmentFactory(organisation=house.organisation, slug="now", groups=2, issues=3, previous=before)
    CriterionFactory(assessment=assessment)
    save_note(assessment=assessment, stage=ProcessStage.DIALOGUE, text="We met.")
    return assessment


def queries(assessment: Assessment) -> int:
    with CaptureQueriesContext(connection) as asked:
        record_of(assessment)
    return len(asked)


def test_what_was_read_is_not_read_again_while_nothing_happens(assessment: Assessment) -> None:
    first = queries(assessment)
    assert first > 10
    assert queries(Assessment.objects.select_related("organisation").get(pk=assessment.pk)) == 1


def test_without_an_audit_trail_nothing_is_kept(before: Assessment) -> None:
    record_of(before)
    IssueFactory(assessment=before, position=9)
    assert record_of(before).listed == 3


def mark(assessment: Assessment) -> None:
    issue, criterion = assessment.issues.first(), assessment.criteria.get()
    save_marks(assessment=assessment, marks=[NewMark(issue.pk, criterion.pk, 3)], by=UserFactory())


def score(assessment: Assessment) -> None:
    scores = {("group-0", attribute): GivenScore(3, "As usual.") for attribute in (Attribute.POWER, Attribute.INTEREST)}
    save_scores(assessment=assessment, model=StakeholderModel.POWER_INTEREST, scores=scores)


def merge(assessment: Assessment) -> None:
    merge_issue(issue=assessment.issues.get(code="issue-0"), into=assessment.issues.get(code="issue-1"))


CHANGES: dict[str, Callable[[Assessment], object]] = {
    "issue": lambda now: save_issue(assessment=now, name="Water"),
    "mention": lambda now: save_mention(issue=now.issues.first(), wanted=NewMention(SourceKind.MEDIA, "The Daily")),
    "merge": merge,
    "channel": lambda now: save_channel(group=now.groups.first(), name="Meeting"),
    "concern": lambda now: save_concern(assessment=now, group=now.groups.first(), topic="Pay"),
    "contact": lambda now: save_contact(group=now.groups.first(), name="Ada"),
    "scores": score,
    "marks": mark,
    "decision": lambda now: decide_short_list(assessment=now),
    "note": lambda now: save_note(assessment=now, stage=ProcessStage.RESULTS, text="We wrote it down."),
    "links": lambda now: link_issues(assessment=now, links={"issue-0": ["issue-1"]}),
    "another assessment before": lambda now: set_previous(assessment=now, previous=None),
    "the list before": lambda now: save_issue(assessment=now.previous, name="Water"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_every_change_is_seen_at_once(assessment: Assessment, change: Callable[[Assessment], object]) -> None:
    earlier = record_of(assessment)
    change(assessment)
    now = Assessment.objects.get(pk=assessment.pk)
    assert record_of(now) == read_record(now) != earlier


def test_a_decision_that_is_taken_back_is_gone_at_once(assessment: Assessment) -> None:
    decide_short_list(assessment=assessment)
    assert record_of(assessment).decision is not None
    undo_decision(assessment=assessment, version=1)
    assert record_of(assessment).decision is None
