"""The method statement, sentence by sentence: right numbers, right forms, and nothing that was not done."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from materiality.facts import ConfirmationRecord, Facts, GroupAnswered, RunRecord, SignedBy, SurveyRecord
from materiality.statement import (
    as_text,
    asking,
    changes,
    computing,
    confirmation,
    determining,
    dialogue,
    publishing,
    screening,
    statement_of,
)
from scoping.continuity import Relation
from scoping.models import Phase, ProcessStage, Side, SourceKind, Standing, WeightBasis
from scoping.selectors.record import DecisionRecord, GroupRecord, NoteRecord, ScopeRecord

NOTHING = Facts(name="Assessment 2022", company="Example Ltd.", period="2022")
STAFF = GroupRecord("Staff", Side.INTERNAL, channels=2, concerns=1, answered_concerns=1)
CLIENTS = GroupRecord("Clients", Side.EXTERNAL)
INVESTORS = GroupRecord("Investors", Side.EXTERNAL)
DECISION = DecisionRecord(
    version=1,
    decided_on=date(2022, 5, 3),
    decided_by="Anna",
    listed=18,
    of=46,
    against=0,
    criteria=("Law", "Reach"),
    must_haves=(),
    markers=3,
    threshold="6",
    by_must_haves=False,
)
SURVEY = SurveyRecord(
    opened_on=date(2022, 5, 4),
    closed_on=date(2022, 5, 20),
    issues=18,
    task="rate 18 issues from 1 to 5",
    axes="Importance to the company is the weighted mean of the internal groups’ ratings, and importance to "
    "stakeholders is that of the external groups.",
    groups=(GroupAnswered("Staff", 40), GroupAnswered("Clients", 20)),
)
RUN = RunRecord(
    date(2022, 5, 21), 60, 0, "Priority is the mean of both axes; tiers by fixed counts.", (("High", 9), ("Low", 9))
)


def facts(**scope: object) -> Facts:
    return replace(NOTHING, scope=ScopeRecord(**scope))  # type: ignore[arg-type]


def note(text: str, **fields: str) -> NoteRecord:
    return NoteRecord(**{"stage": ProcessStage.DETERMINING, "text": text} | fields)


def titles(known: Facts) -> list[str]:
    return [section.title for section in statement_of(known)]


def text(known: Facts) -> str:
    return "\n".join(paragraph for section in statement_of(known) for paragraph in section.paragraphs)


# --- what was not done ------------------------------------------------------------------------------------
def test_where_nothing_was_done_nothing_is_claimed() -> None:
    assert text(NOTHING) == (
        "This is how Example Ltd. determines its material topics for the reporting period 2022, "
        "as recorded in the assessment “Assessment 2022”.\n"
        "No survey has been held in this assessment yet.\n"
        "Confirmation of the result: not recorded."
    )


def test_sections_without_a_sentence_are_left_out() -> None:
    assert titles(NOTHING) == ["The assessment", "How the issues were prioritised", "Confirmation"]


@pytest.mark.parametrize("criteria", [(), ("Law", "Reach")])
def test_screening_is_not_claimed_without_a_decision(criteria: tuple[str, ...]) -> None:
    assert screening(facts(criteria=criteria, markers=2, standings={Standing.LISTED: 3})) == []


# --- dialogue ---------------------------------------------------------------------------------------------
def test_groups_are_named_by_their_side() -> None:
    assert dialogue(facts(groups=(STAFF, CLIENTS, INVESTORS)))[0] == (
        "Three stakeholder groups are registered: one internal (Staff) and two external (Clients and Investors)."
    )


def test_one_group_is_a_group() -> None:
    assert dialogue(facts(groups=(CLIENTS,))) == ["One stakeholder group is registered: one external (Clients)."]


def test_many_groups_are_not_all_named() -> None:
    groups = tuple(GroupRecord(f"Group {number}", Side.EXTERNAL) for number in range(14))
    assert dialogue(facts(groups=groups))[0].endswith("Group 11 and 2 more).")


def test_channels_say_with_how_many_groups() -> None:
    assert dialogue(facts(groups=(STAFF, CLIENTS, INVESTORS)))[1] == (
        "Two channels of communication with one of three groups are recorded."
    )


def test_topics_of_concern_say_how_many_have_a_response() -> None:
    asking = replace(CLIENTS, concerns=3, answered_concerns=2)
    assert dialogue(facts(groups=(asking, INVESTORS)))[1] == (
        "Three topics of concern of one of two groups are recorded, two of them with the response of the company."
    )


def test_topics_that_all_have_a_response_say_so() -> None:
    asking = replace(CLIENTS, concerns=2, answered_concerns=2)
    assert dialogue(facts(groups=(asking, replace(asking, name="Investors"))))[1] == (
        "Four topics of concern of both groups are recorded, with the response of the company."
    )


def test_topics_without_a_response_claim_none() -> None:
    assert dialogue(facts(groups=(replace(CLIENTS, concerns=1),)))[1] == (
        "One topic of concern of the one group is recorded."
    )


def test_scores_and_weights_are_told_where_they_were_given() -> None:
    scored = [
        replace(STAFF, channels=0, concerns=0, is_scored=True, weight_basis=WeightBasis.ACCEPTED),
        replace(CLIENTS, is_scored=True, weight_basis=WeightBasis.OVERRULED),
    ]
    assert dialogue(facts(groups=tuple(scored)))[1:] == [
        "Power and interest of both groups were scored from 1 to 5.",
        "The weight of one group follows from the scores.",
        "For one group the working group set another weight than the scores suggest, and wrote down why.",
    ]


def test_weights_that_were_only_entered_are_not_called_suggested() -> None:
    assert len(dialogue(facts(groups=(CLIENTS,)))) == 1


def test_experts_are_named() -> None:
    assert dialogue(facts(experts=("A. Lee", "City University"))) == [
        "Views of experts came in from A. Lee and City University."
    ]


# --- determining ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "said"), [(1, "One issue is carried over from 2021."), (15, "15 issues are carried over from 2021.")]
)
def test_issues_of_the_period_before_are_a_source(number: int, said: str) -> None:
    found = determining(facts(standings={Standing.LISTED: 16}, carried_over=number, previous_period="2021"))
    assert found == ["16 issues are on the list.", said]


def test_a_list_without_merges_is_not_called_a_long_list() -> None:
    assert determining(facts(standings={Standing.LISTED: 18})) == ["18 issues are on the list."]


def test_one_issue_is_an_issue() -> None:
    assert determining(facts(standings={Standing.LISTED: 1})) == ["One issue is on the list."]


def test_merged_and_screened_issues_were_on_the_long_list() -> None:
    found = determining(facts(standings={Standing.LISTED: 18, Standing.MERGED: 6, Standing.LEFT_OUT: 22}))
    assert found == [
        "The long list held 46 issues.",
        "Six were merged into other issues and keep their sources.",
    ]


def test_one_merged_issue_keeps_its_source() -> None:
    assert determining(facts(standings={Standing.LISTED: 2, Standing.MERGED: 1}))[-1] == (
        "One was merged into another issue and keeps its sources."
    )


def test_issues_noted_for_the_next_list_were_not_on_this_one() -> None:
    assert determining(facts(standings={Standing.LISTED: 2, Standing.NEXT: 5})) == ["Two issues are on the list."]


def test_mentions_are_counted_by_kind_of_source() -> None:
    mentions = Counter({SourceKind.INTERVIEW: 12, SourceKind.MEDIA: 1, SourceKind.GUIDELINE: 20})
    assert determining(facts(standings={Standing.LISTED: 2}, mentions=mentions))[1] == (
        "33 mentions are recorded with their source: twelve from internal interviews, one from media analysis "
        "and 20 from ESG guidelines."
    )


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (1, "One mention is recorded with its source, from expert analysis."),
        (2, "Two mentions are recorded with their source, all from expert analysis."),
    ],
)
def test_mentions_of_one_kind_say_so(number: int, sentence: str) -> None:
    found = determining(facts(standings={Standing.LISTED: 2}, mentions={SourceKind.EXPERT: number}))
    assert found[1] == sentence


def test_libraries_are_named() -> None:
    found = determining(facts(standings={Standing.LISTED: 2}, libraries=("GRI", "ESRS")))
    assert found[1] == "Entries of GRI and ESRS are named among them."


# --- screening --------------------------------------------------------------------------------------------
def test_a_decision_tells_criteria_marks_rule_and_outcome() -> None:
    assert screening(facts(decision=DECISION)) == [
        "The issues were screened by two criteria: Law and Reach.",
        "Three people marked how well issues meet them, from 0 to 3.",
        "An issue was proposed for the short list when its mean marks added up to at least 6.",
        "The short list was decided on 3 May 2022: 18 of 46 issues are on it.",
    ]


def test_a_decision_without_marks_claims_no_rule() -> None:
    assert len(screening(facts(decision=replace(DECISION, markers=0)))) == 2


def test_must_haves_are_named_in_the_rule() -> None:
    decision = replace(DECISION, by_must_haves=True, must_haves=("Law",), threshold="2")
    assert screening(facts(decision=decision))[2] == (
        "An issue was proposed for the short list when its mean mark reached 2 on Law."
    )


@pytest.mark.parametrize(
    ("against", "sentence"),
    [
        (1, "One decision departs from what the marks propose, with a reason."),
        (3, "Three decisions depart from what the marks propose, with a reason."),
    ],
)
def test_decisions_against_the_marks_are_told(against: int, sentence: str) -> None:
    assert screening(facts(decision=replace(DECISION, against=against)))[-1] == sentence


def test_who_decided_is_not_named_in_public() -> None:
    assert "Anna" not in text(facts(decision=DECISION))


# --- results ----------------------------------------------------------------------------------------------
def test_a_closed_survey_tells_its_days_questions_and_answers() -> None:
    assert asking(replace(NOTHING, survey=SURVEY)) == [
        "A survey ran from 4 May 2022 to 20 May 2022. Each stakeholder group was asked to rate 18 issues from 1 to 5.",
        "60 answers came in from both groups: Staff 40 and Clients 20.",
    ]


@pytest.mark.parametrize(
    ("closed_on", "words"),
    [
        (None, "A survey was opened on 4 May 2022 and is still open."),
        (date(2022, 5, 4), "A survey was opened on 4 May 2022 and closed the same day."),
    ],
)
def test_the_days_of_a_survey(closed_on: date | None, words: str) -> None:
    assert asking(replace(NOTHING, survey=replace(SURVEY, closed_on=closed_on)))[0].startswith(words)


def test_a_survey_without_answers_says_so() -> None:
    silent = replace(SURVEY, groups=(GroupAnswered("Staff", 0),))
    assert asking(replace(NOTHING, survey=silent))[1:] == ["Nobody has answered yet."]


def test_silent_groups_are_named() -> None:
    survey = replace(SURVEY, groups=(GroupAnswered("Staff", 1), GroupAnswered("Clients", 0)))
    assert asking(replace(NOTHING, survey=survey))[1:] == [
        "One answer came in from one of two groups: Staff 1.",
        "No answer came from Clients.",
    ]


@pytest.mark.parametrize(
    ("simulated", "answers", "words"),
    [
        (1, 1, "The only answer is simulated: it shows how the method works and is not the view of any stakeholder."),
        (9, 9, "All of them are simulated: they show how the method works and are not the view of any stakeholder."),
        (1, 9, "1 of them is simulated: these show how the method works and are not the view of any stakeholder."),
        (4, 9, "4 of them are simulated: these show how the method works and are not the view of any stakeholder."),
    ],
)
def test_simulated_answers_are_called_simulated(simulated: int, answers: int, words: str) -> None:
    survey = replace(SURVEY, groups=(GroupAnswered("Staff", answers, simulated),))
    assert asking(replace(NOTHING, survey=survey))[-1] == words


def test_a_result_tells_its_method_and_tiers() -> None:
    assert computing(replace(NOTHING, survey=SURVEY, run=RUN)) == [
        "Importance to the company is the weighted mean of the internal groups’ ratings, and importance to "
        "stakeholders is that of the external groups. Priority is the mean of both axes; tiers by fixed counts.",
        "The analysis of 21 May 2022, of 60 answers, sorts the issues into tiers: 9 in “High” and 9 in “Low”.",
    ]


def test_answers_that_came_after_the_result_are_told() -> None:
    later = replace(NOTHING, survey=SURVEY, run=replace(RUN, respondents=59))
    assert computing(later)[-1] == "One later answer is not in it."


def test_without_a_survey_the_list_is_the_result() -> None:
    known = replace(facts(standings={Standing.LISTED: 18}, categories=4), with_survey=False)
    assert asking(known) == ["No survey was held: the list is the result. It holds 18 issues in four categories."]


def test_without_a_survey_an_empty_list_is_no_result() -> None:
    assert asking(replace(NOTHING, with_survey=False)) == []


def test_published_tiers_are_the_reports() -> None:
    known = facts(standings={Standing.LISTED: 18}, published=(("High", 9), ("Low", 9)))
    assert (
        publishing(known)[-1]
        == "According to the report, the 18 issues stand in these tiers: 9 in “High” and 9 in “Low”."
    )


def test_tiers_that_are_published_for_some_issues_say_for_how_many() -> None:
    known = facts(standings={Standing.LISTED: 20}, published=(("High", 7),))
    assert publishing(known)[-1] == "According to the report, the tiers of 7 of 20 issues are published: 7 in “High”."


# --- notes ------------------------------------------------------------------------------------------------
def noted(*notes: NoteRecord) -> tuple[str, ...]:
    (section,) = [part for part in statement_of(facts(notes=notes)) if part.title == "How the issues were found"]
    return section.paragraphs


def test_a_note_stands_as_it_is_with_who_and_when() -> None:
    assert noted(note("we asked the plants", done_by="ESG office", done_on="March 2022")) == (
        "ESG office, March 2022: We asked the plants.",
    )


def test_a_note_of_a_report_is_called_so() -> None:
    assert noted(note("Peers were compared.", source="p. 4")) == ("According to the report: Peers were compared.",)


def test_a_step_of_a_report_that_names_nobody_was_taken_by_the_company() -> None:
    steps = [note("Asked the staff.", source="p. 4"), note("Drew on peers", source="p. 4")]
    assert noted(*steps) == ("According to the report, Example Ltd. asked the staff. It drew on peers.",)


def test_a_step_of_a_report_says_by_whom_where_that_is_known() -> None:
    step = note("Confirmed the list.", source="p. 4", done_by="Board", done_on="May 2022")
    assert noted(step) == ("According to the report (Board, May 2022), Example Ltd. confirmed the list.",)


def test_ones_own_note_gets_no_subject() -> None:
    assert noted(note("Asked the staff.")) == ("Asked the staff.",)


def test_notes_of_a_report_run_on() -> None:
    notes = [note("Peers were compared.", source="p. 4"), note("Media were read.", source="p. 4"), note("We met.")]
    assert noted(*notes) == ("According to the report: Peers were compared. Media were read.", "We met.")


def test_a_confirmation_that_was_noted_is_told() -> None:
    known = facts(notes=(note("The board agreed.", stage=ProcessStage.CONFIRMATION, done_on="May 2022"),))
    assert statement_of(known)[-1].paragraphs == ("May 2022: The board agreed.",)


def test_what_a_report_says_of_confirming_without_saying_by_whom_is_no_confirmation() -> None:
    known = facts(notes=(note("Means to look again.", stage=ProcessStage.CONFIRMATION, source="p. 9"),))
    assert statement_of(known)[-1].paragraphs == (
        "Confirmation of the result: not recorded.",
        "According to the report, Example Ltd. means to look again.",
    )


PROPOSED = ConfirmationRecord("open", "the board", 2, date(2023, 3, 1), meeting_on=date(2023, 3, 2), people_needed=2)
CONFIRMED = replace(
    PROPOSED,
    state="confirmed",
    confirmed_on=date(2023, 3, 3),
    signed=tuple(SignedBy(name, "approver", "password", date(2023, 3, 3)) for name in ("A. Lee", "B. Wang")),
)


def test_a_confirmation_is_told_with_its_days_and_without_names() -> None:
    assert confirmation(replace(NOTHING, confirmation=CONFIRMED)) == [
        "The result was put before the board on 1 March 2023 for its meeting of 2 March 2023, and confirmed on "
        "3 March 2023.",
        "Two people with the right to confirm signed, with password or passkey.",
    ]


def test_what_is_not_confirmed_is_not_claimed() -> None:
    assert confirmation(replace(NOTHING, confirmation=PROPOSED))[0].endswith(
        "It is not decided yet: confirmation is not recorded."
    )
    returned = replace(PROPOSED, state="returned", because="Internal matters.")
    assert confirmation(replace(NOTHING, confirmation=returned))[0].endswith(
        "It is returned to the working group: confirmation is not recorded."
    )


def test_a_void_confirmation_says_so_and_keeps_the_reason_inside() -> None:
    void = replace(CONFIRMED, state="void", ended_on=date(2023, 3, 9), because="Internal matters.")
    told = confirmation(replace(NOTHING, confirmation=void))
    assert told[-1] == "This confirmation is void since 9 March 2023: the result has changed since."
    assert "Internal" not in " ".join(told)


def test_tiers_by_decision_are_told_beside_the_computed_ones() -> None:
    run = replace(RUN, tiers=(("High", 10), ("Low", 8)), computed=RUN.tiers, moved=1)
    known = replace(NOTHING, survey=SURVEY, run=run, confirmation=CONFIRMED)
    assert computing(known)[1:3] == [
        "The analysis of 21 May 2022, of 60 answers, sorts the issues into tiers: 9 in “High” and 9 in “Low”.",
        "By decision of the working group one issue stands in another tier than computed, with the reason recorded, "
        "which makes 10 in “High” and 8 in “Low”.",
    ]
    assert confirmation(known)[-1] == "What was confirmed includes the one issue in another tier than computed."


# --- changes ----------------------------------------------------------------------------------------------
def test_changes_are_told_where_an_assessment_before_is_named() -> None:
    known = facts(previous_name="Assessment 2021", previous_period="2021", changes={Relation.SAME: 2, Relation.NEW: 1})
    assert changes(known) == [
        "This assessment continues “Assessment 2021” (2021).",
        "Of 3 issues 2 are the same and 1 new.",
    ]


def test_the_sections_follow_the_work() -> None:
    everything = replace(
        facts(
            groups=(STAFF,),
            standings={Standing.LISTED: 2},
            decision=DECISION,
            previous_name="Assessment 2021",
            changes={Relation.NEW: 2},
        ),
        phase=Phase.RESULTS,
        survey=SURVEY,
        run=RUN,
    )
    assert titles(everything) == [
        "The assessment",
        "Dialogue with stakeholders",
        "How the issues were found",
        "How the list was screened",
        "How the issues were prioritised",
        "Confirmation",
        "Changes since the assessment before",
    ]


def test_as_a_file_it_has_titles_and_the_same_sentences() -> None:
    known = facts(groups=(STAFF,), standings={Standing.LISTED: 2})
    written = as_text(known)
    assert written.startswith("How Example Ltd. determines its material topics, 2022\n====")
    assert all(paragraph in written for section in statement_of(known) for paragraph in section.paragraphs)
