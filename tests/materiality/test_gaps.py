"""What a complete statement still lacks, and where it is mended."""

from dataclasses import replace
from datetime import date

import pytest

from materiality.facts import ConfirmationRecord, Facts, GroupAnswered, RunRecord, SurveyRecord
from materiality.gaps import gaps_of
from scoping.models import Phase, ProcessStage, Side, Standing
from scoping.selectors.record import GroupRecord, NoteRecord, ScopeRecord

SURVEY = SurveyRecord(
    date(2022, 5, 4), date(2022, 5, 20), 18, "rate 18 issues from 1 to 5", (GroupAnswered("Staff", 40),)
)
RUN = RunRecord(date(2022, 5, 21), 40, 0, "Priority is the mean of both axes.", (("High", 9),))
COMPLETE = Facts(
    name="Assessment 2022",
    company="Example Ltd.",
    period="2022",
    phase=Phase.RESULTS,
    scope=ScopeRecord(
        groups=(GroupRecord("Staff", Side.INTERNAL, channels=1),),
        standings={Standing.LISTED: 18},
        experts=("A. Lee",),
        notes=tuple(NoteRecord(stage, "Done.") for stage in (ProcessStage.DETERMINING, ProcessStage.CONFIRMATION)),
    ),
    survey=SURVEY,
    run=RUN,
)


def missing(facts: Facts) -> list[str]:
    return [gap.what for gap in gaps_of(facts)]


def scope(**fields: object) -> Facts:
    return replace(COMPLETE, scope=replace(COMPLETE.scope, **fields))


def test_a_complete_record_lacks_nothing() -> None:
    assert missing(COMPLETE) == []


def test_a_new_assessment_lacks_nearly_all_in_the_order_of_the_work() -> None:
    assert missing(Facts(name="New", company="Example Ltd.", period="2022")) == [
        "Name the stakeholder groups",
        "List the issues",
        "Say how impacts were identified",
        "Name the experts, if there were any",
        "Open the survey",
        "Have the result confirmed",
    ]


def test_groups_without_any_channel_are_a_gap() -> None:
    assert missing(scope(groups=(GroupRecord("Staff", Side.INTERNAL),))) == ["Record the channels of communication"]


def test_a_note_on_the_dialogue_stands_in_for_register_and_experts() -> None:
    note = NoteRecord(ProcessStage.DIALOGUE, "We met.")
    assert missing(scope(groups=(), experts=(), notes=(*COMPLETE.scope.notes, note))) == []


def test_issues_without_a_source_are_counted() -> None:
    confirmed = tuple(note for note in COMPLETE.scope.notes if note.stage == ProcessStage.CONFIRMATION)
    gaps = gaps_of(scope(without_source=2, notes=confirmed))
    assert [gap.what for gap in gaps] == ["Record where the issues come from", "Say how impacts were identified"]
    assert gaps[0].why == "Two issues have no recorded source."


def test_silent_groups_are_a_gap_while_the_survey_is_open() -> None:
    survey = replace(SURVEY, groups=(GroupAnswered("Staff", 40), GroupAnswered("Clients", 0)))
    (gap,) = gaps_of(replace(COMPLETE, phase=Phase.SURVEY, survey=survey))
    assert gap.why == "No answer has come from Clients."


def test_simulated_answers_are_a_gap() -> None:
    survey = replace(SURVEY, groups=(GroupAnswered("Staff", 40, 40),))
    assert missing(replace(COMPLETE, survey=survey)) == ["Replace the simulated answers"]


def test_answers_without_a_result_are_a_gap() -> None:
    assert missing(replace(COMPLETE, run=None)) == ["Compute the result"]


def test_without_a_survey_none_is_missing() -> None:
    assert missing(replace(COMPLETE, with_survey=False, survey=None, run=None)) == []


def test_a_gap_that_a_note_closes_leads_to_its_stage() -> None:
    notes = tuple(note for note in COMPLETE.scope.notes if note.stage != ProcessStage.DETERMINING)
    (gap,) = gaps_of(scope(notes=notes))
    assert (gap.page, gap.stage) == ("scoping:note-new", ProcessStage.DETERMINING)


@pytest.mark.parametrize(
    ("state", "what", "why"),
    [
        ("open", "Wait for the confirmation", "The result is before the board, and not decided yet."),
        ("returned", "Have the result confirmed", "the board returned it."),
        ("void", "Have the result confirmed", "Its confirmation is void"),
    ],
)
def test_what_was_proposed_and_is_not_confirmed_is_a_gap_whatever_a_note_says(state: str, what: str, why: str) -> None:
    record = ConfirmationRecord(state, "the board", 1, date(2023, 3, 1))
    (gap,) = gaps_of(replace(COMPLETE, confirmation=record))
    assert (gap.what, gap.page) == (what, "materiality:confirmation")
    assert why in gap.why
    assert missing(replace(COMPLETE, confirmation=replace(record, state="confirmed"))) == []
