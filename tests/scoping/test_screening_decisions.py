"""Deciding the short list, undoing it, and the record of both."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from scoping import services as scoping_services
from scoping.models import Assessment, Mark, Phase, ShortListDecision, Standing
from scoping.selectors import screening as selectors
from scoping.services.merging import merge_issue, unmerge_issue
from scoping.services.screening import (
    Overrule,
    decide_short_list,
    remove_criterion,
    save_marks,
    undo_decision,
)
from tests.scoping.screened import give, issue, listed, set_rule, texts_of, to_be_screened
from tests.support.factories import (
    IssueFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment() -> Assessment:
    return to_be_screened()


def test_a_decision_lists_what_is_proposed_and_what_is_not_marked(assessment: Assessment):
    by = give(assessment, 6, 2, 3)
    decision = decide_short_list(assessment=assessment, remark=" With the CFO. ", by=by)
    assert listed(assessment) == ["Issue 0", "Issue 2", "Issue 3"]
    assert issue(assessment, 1).standing == Standing.LEFT_OUT
    assert (decision.version, decision.note, decision.decided_by, decision.applies) == (1, "With the CFO.", by, True)


def test_the_record_keeps_rule_totals_and_reasons(assessment: Assessment):
    member = give(assessment, 5, 2, member=UserFactory(name="Anna"))
    Mark.objects.filter(issue=issue(assessment, 0), value=2).update(reason="Some ask")
    decision = decide_short_list(assessment=assessment, by=member)
    Mark.objects.all().delete()
    assessment.criteria.filter(position=0).update(name="Renamed")
    decision.refresh_from_db()
    assert (decision.rule["rule"], decision.rule["threshold"]) == ("total", "3")
    assert [row["name"] for row in decision.rule["criteria"]] == ["Criterion 0", "Criterion 1"]
    assert decision.rule["markers"] == [{"name": "Anna", "issues": 2}]
    assert decision.entries[0] == {
        "issue": issue(assessment, 0).pk,
        "code": "issue-0",
        "name": "Issue 0",
        "total": "5",
        "means": ["3", "2"],
        "proposed": True,
        "listed": True,
        "reason": "",
        "marks": [{"criterion": 1, "by": "Anna", "value": 2, "reason": "Some ask"}],
        "before": "listed",
    }


def test_an_overruled_issue_goes_the_other_way_and_the_record_says_why(assessment: Assessment):
    give(assessment, 6, 2, 3)
    overrules = [
        Overrule(issue(assessment, 0).pk, False, "Covered by another"),
        Overrule(issue(assessment, 1).pk, True, "The bank asks"),
    ]
    decision = decide_short_list(assessment=assessment, overrules=overrules)
    assert listed(assessment) == ["Issue 1", "Issue 2", "Issue 3"]
    entries = {entry["name"]: (entry["proposed"], entry["listed"], entry["reason"]) for entry in decision.entries}
    assert entries["Issue 0"] == (True, False, "Covered by another")
    assert entries["Issue 1"] == (False, True, "The bank asks")
    summary = assessment.organisation.events.first().summary
    assert summary == "decided version 1 of the short list: 3 of 4 issues, 2 against the proposal"


@pytest.mark.parametrize("number", [0, 3], ids=["proposed", "not marked"])
def test_overruling_needs_a_reason_and_names_the_issue(assessment: Assessment, number: int):
    give(assessment, 6, 2, 3)
    with pytest.raises(ValidationError) as caught:
        decide_short_list(assessment=assessment, overrules=[Overrule(issue(assessment, number).pk, False, "  ")])
    assert f"“Issue {number}”: say why" in texts_of(caught)
    assert not ShortListDecision.objects.exists()
    assert len(listed(assessment)) == 4


def test_at_least_two_issues_stay(assessment: Assessment):
    give(assessment, 6, 2, 2, 2)
    with pytest.raises(ValidationError, match="leave 1 issue on the short list"):
        decide_short_list(assessment=assessment)


def test_an_issue_of_another_assessment_cannot_be_decided_about(assessment: Assessment):
    theirs = IssueFactory()
    with pytest.raises(ValidationError) as caught:
        decide_short_list(assessment=assessment, overrules=[Overrule(theirs.pk, False, "Gone")])
    assert caught.value.code == "stale"


def test_proposals_that_changed_while_deciding_are_not_decided_unseen(assessment: Assessment):
    member = give(assessment, 6, 2, 3)
    seen = {row.id: row.outcome.proposal for row in selectors.screening_of(assessment).issues}
    Mark.objects.filter(member=member, issue=issue(assessment, 1)).update(value=3)
    with pytest.raises(ValidationError) as caught:
        decide_short_list(assessment=assessment, seen=seen)
    assert caught.value.code == "stale"
    assert "the proposal for “Issue 1”" in texts_of(caught)
    assert not ShortListDecision.objects.exists()


def test_an_issue_that_came_or_went_while_deciding_is_noticed(assessment: Assessment):
    give(assessment, 6, 6, 6, 6)
    seen = {row.id: row.outcome.proposal for row in selectors.screening_of(assessment).issues}
    issue(assessment, 3).delete()
    IssueFactory(assessment=assessment, name="Newcomer", position=9)
    with pytest.raises(ValidationError) as caught:
        decide_short_list(assessment=assessment, seen=seen)
    assert "the proposal for “Newcomer” and 1 issue left the list" in texts_of(caught)


def test_a_survey_that_opened_while_deciding_is_noticed(assessment: Assessment):
    scoping_services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    with pytest.raises(ValidationError) as caught:
        decide_short_list(assessment=assessment, for_survey=True)
    assert caught.value.code == "stale"
    assert not ShortListDecision.objects.exists()


def test_after_opening_a_decision_is_for_the_next_survey(assessment: Assessment):
    give(assessment, 6, 2, 3, 3)
    IssueFactory(assessment=assessment, position=4, standing=Standing.NEXT)
    scoping_services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    decision = decide_short_list(assessment=assessment, for_survey=False)
    assert (decision.version, decision.applies) == (1, False)
    assert listed(assessment) == ["Issue 0", "Issue 1", "Issue 2", "Issue 3"]
    assert "Issue 4" in [entry["name"] for entry in decision.entries]
    assert issue(assessment, 4).standing == Standing.NEXT


def test_a_second_decision_brings_issues_back(assessment: Assessment):
    give(assessment, 6, 2, 3)
    decide_short_list(assessment=assessment)
    set_rule(assessment, threshold=Decimal(2))
    assert decide_short_list(assessment=assessment).version == 2
    assert len(listed(assessment)) == 4


def test_undoing_puts_every_issue_back_where_it_was(assessment: Assessment):
    give(assessment, 6, 2, 3)
    decide_short_list(assessment=assessment)
    set_rule(assessment, threshold=Decimal("3.5"))
    give(assessment, 6, 2, 3)
    second = decide_short_list(assessment=assessment)
    assert listed(assessment) == ["Issue 0", "Issue 3"]
    by = UserFactory()
    undone = undo_decision(assessment=assessment, version=second.version, by=by)
    assert listed(assessment) == ["Issue 0", "Issue 2", "Issue 3"]
    assert (undone.undone_by, undone.undone_at is None) == (by, False)
    undo_decision(assessment=assessment, version=1)
    assert len(listed(assessment)) == 4
    assert selectors.current_decision(assessment) is None


def test_an_undone_version_keeps_its_number(assessment: Assessment):
    decide_short_list(assessment=assessment)
    undo_decision(assessment=assessment, version=1)
    assert decide_short_list(assessment=assessment).version == 2


def test_only_the_newest_can_be_undone(assessment: Assessment):
    decide_short_list(assessment=assessment)
    decide_short_list(assessment=assessment)
    with pytest.raises(ValidationError, match="Version 2 is the newest one: undo that first"):
        undo_decision(assessment=assessment, version=1)


def test_a_decision_is_undone_once(assessment: Assessment):
    decide_short_list(assessment=assessment)
    undo_decision(assessment=assessment, version=1)
    with pytest.raises(ValidationError, match="None is left to undo"):
        undo_decision(assessment=assessment, version=1)


def test_nothing_is_undone_after_opening(assessment: Assessment):
    give(assessment, 6, 2, 3)
    decide_short_list(assessment=assessment)
    scoping_services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    with pytest.raises(ValidationError, match="The survey has opened"):
        undo_decision(assessment=assessment, version=1)
    assert issue(assessment, 1).standing == Standing.LEFT_OUT


def test_undoing_leaves_what_was_merged_since(assessment: Assessment):
    give(assessment, 6, 2, 3)
    decide_short_list(assessment=assessment)
    assessment.issues.filter(code="issue-1").update(standing=Standing.MERGED, merged_into=issue(assessment, 0))
    undo_decision(assessment=assessment, version=1)
    assert issue(assessment, 1).standing == Standing.MERGED


def test_an_issue_merged_since_comes_back_as_it_was_before_the_undone_decision(assessment: Assessment):
    give(assessment, 6, 2, 3)
    decide_short_list(assessment=assessment)
    merge_issue(issue=issue(assessment, 1), into=issue(assessment, 0))
    undo_decision(assessment=assessment, version=1)
    assert unmerge_issue(issue=issue(assessment, 1)).standing == Standing.LISTED


def test_issues_that_came_since_are_known(assessment: Assessment):
    decide_short_list(assessment=assessment)
    assert selectors.since_decision(assessment) == []
    newcomer = IssueFactory(assessment=assessment, position=9)
    assessment.issues.filter(code="issue-0").update(code="renamed")
    assert selectors.since_decision(assessment) == [newcomer]


def test_without_a_decision_nothing_came_since(assessment: Assessment):
    assert selectors.since_decision(assessment) == []


def test_the_applied_decision_is_the_one_that_the_survey_asks_by(assessment: Assessment):
    first = decide_short_list(assessment=assessment)
    scoping_services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    second = decide_short_list(assessment=assessment)
    assert selectors.applied_decision(assessment) == first
    assert selectors.current_decision(assessment) == second


def test_the_difference_to_the_version_before(assessment: Assessment):
    member = give(assessment, 6, 2, 3, 6)
    first = decide_short_list(assessment=assessment)
    Mark.objects.filter(member=member, issue=issue(assessment, 1)).update(value=3)
    Mark.objects.filter(member=member, issue=issue(assessment, 2)).update(value=0)
    issue(assessment, 3).delete()
    IssueFactory(assessment=assessment, name="Newcomer", position=9)
    second = decide_short_list(assessment=assessment)
    assert selectors.decision_before(second) == first
    found = selectors.difference_of(second, first)
    assert (found.came_in, found.went_out) == (["Issue 1"], ["Issue 2"])
    assert (found.new, found.gone, found.other_rule) == (["Newcomer"], ["Issue 3"], False)


def test_an_undone_version_is_not_the_one_before(assessment: Assessment):
    first = decide_short_list(assessment=assessment)
    decide_short_list(assessment=assessment)
    undo_decision(assessment=assessment, version=2)
    assert selectors.decision_before(decide_short_list(assessment=assessment)) == first


def test_every_service_holds_the_assessment_first(assessment: Assessment, monkeypatch: pytest.MonkeyPatch):
    """Two people who decide at the same moment wait for one another, so that neither version is lost."""
    decide_short_list(assessment=assessment)
    held: list[str] = []

    def refuse(_: Assessment) -> Assessment:
        held.append("held")
        raise InterruptedError

    for module in ("criteria", "marks", "decisions"):
        monkeypatch.setattr(f"scoping.services.screening.{module}.hold", refuse)
    criterion = assessment.criteria.first()
    calls = [
        lambda: set_rule(assessment),
        lambda: remove_criterion(criterion=criterion),
        lambda: save_marks(assessment=assessment, marks=[], by=UserFactory()),
        lambda: decide_short_list(assessment=assessment),
        lambda: undo_decision(assessment=assessment, version=1),
    ]
    for call in calls:
        with pytest.raises(InterruptedError):
            call()
    assert len(held) == len(calls)
