"""The stages of the process: what counts as done, who has worked on it, and the one next step."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from materiality.facts import (
    ConfirmationRecord,
    Facts,
    GroupAnswered,
    RunRecord,
    SignedBy,
    SurveyRecord,
    facts_of,
)
from materiality.process import Fact, Stage, activity_of, process_of, stage_of
from materiality.services import analyse_now
from scoping.models import Assessment, Phase, ProcessStage, Side, SourceKind, Standing
from scoping.selectors.record import DecisionRecord, GroupRecord, NoteRecord, ScopeRecord
from scoping.services import add_issues, save_group
from scoping.services.issues import NewIssue
from tests.support.factories import (
    AssessmentFactory,
    ChannelFactory,
    MentionFactory,
    ProcessNoteFactory,
)
from tests.support.people import House

NOTHING = Facts(name="Assessment 2022", company="Example Ltd.", period="2022")
STAFF = GroupRecord("Staff", Side.INTERNAL, channels=2, is_scored=True)
CLIENTS = GroupRecord("Clients", Side.EXTERNAL, is_scored=True)
DECISION = DecisionRecord(
    version=2,
    decided_on=date(2022, 5, 3),
    decided_by="Anna",
    listed=18,
    of=46,
    against=1,
    criteria=("Law", "Reach"),
    must_haves=(),
    markers=3,
    threshold="6",
    by_must_haves=False,
    remark="All of the office took part.",
)
SURVEY = SurveyRecord(
    date(2022, 5, 4), None, 18, "rate 18 issues from 1 to 5", (GroupAnswered("Staff", 40), GroupAnswered("Clients", 0))
)
RUN = RunRecord(date(2022, 5, 21), 40, 0, "Priority is the mean of both axes.", (("High", 9), ("Low", 9)))


def scope(**fields: object) -> Facts:
    return replace(NOTHING, scope=ScopeRecord(**fields))  # type: ignore[arg-type]


def stages(facts: Facts) -> dict[str, Stage]:
    return {stage.key: stage for stage in process_of(facts, {})}


def states(facts: Facts) -> list[str]:
    return [stage.state for stage in process_of(facts, {})]


def ledger(facts: Facts, stage: str) -> dict[str, str]:
    return {fact.label: fact.value for fact in stages(facts)[stage].facts}


def next_of(facts: Facts, stage: str) -> str | None:
    following = stages(facts)[stage].next
    return following.text if following else None


# --- how far it is ----------------------------------------------------------------------------------------
def test_the_stages_are_those_of_the_figure() -> None:
    assert [stage.key for stage in process_of(NOTHING, {})] == [str(stage) for stage in ProcessStage]


def test_a_new_assessment_is_at_its_first_stage() -> None:
    assert states(NOTHING) == ["now", "todo", "todo", "todo", "todo"]


@pytest.mark.parametrize(
    ("groups", "state"),
    [((STAFF,), "now"), ((STAFF, CLIENTS), "done"), ((replace(STAFF, channels=0), CLIENTS), "now")],
)
def test_dialogue_is_done_with_groups_on_both_sides_that_one_talks_with(
    groups: tuple[GroupRecord, ...], state: str
) -> None:
    assert states(scope(groups=groups))[0] == state


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"standings": {Standing.LISTED: 2}}, "todo"),
        ({"standings": {Standing.LISTED: 2}, "mentions": {SourceKind.MEDIA: 1}}, "done"),
        ({"standings": {Standing.LISTED: 2}, "notes": (NoteRecord("determining", "We met."),)}, "done"),
        ({"standings": {Standing.LISTED: 1}, "mentions": {SourceKind.MEDIA: 1}}, "todo"),
    ],
)
def test_issues_are_determined_when_it_is_recorded_where_they_come_from(fields: dict[str, object], state: str) -> None:
    assert states(scope(**fields))[1] == state


def test_screening_that_was_skipped_does_not_hold_up_the_stages_after_it() -> None:
    found = replace(scope(groups=(STAFF, CLIENTS), standings={Standing.LISTED: 2}, mentions={SourceKind.MEDIA: 1}))
    assert states(found) == ["done", "done", "now", "todo", "todo"]
    assert states(replace(found, phase=Phase.SURVEY)) == ["done", "done", "todo", "now", "todo"]


def test_results_are_there_when_the_survey_is_closed_and_analysed() -> None:
    found = replace(NOTHING, survey=SURVEY, run=RUN, phase=Phase.SURVEY)
    assert states(found)[3] == "todo"
    assert states(replace(found, phase=Phase.RESULTS))[3] == "done"


def test_without_a_survey_the_list_is_the_result() -> None:
    found = replace(scope(standings={Standing.LISTED: 18}, categories=4), with_survey=False)
    assert states(found)[3] == "done"
    assert ledger(found, "results") == {"Issues": "18", "Categories": "4"}


def test_a_note_records_a_confirmation_elsewhere() -> None:
    assert "Nothing was proposed yet." in stages(NOTHING)["confirmation"].remark
    noted = scope(notes=(NoteRecord("confirmation", "The board agreed."),))
    assert states(noted)[4] == "done"
    assert "It was not proposed here." in stages(noted)["confirmation"].remark


PROPOSED = ConfirmationRecord("open", "the board", 1, date(2023, 3, 1), meeting_on=date(2023, 3, 2), people_needed=2)
SIGNED = SignedBy("A. Lee", "approver", "passkey", date(2023, 3, 3))
CONFIRMED = replace(PROPOSED, state="confirmed", confirmed_on=date(2023, 3, 3), signed=(SIGNED,))
VOID = replace(CONFIRMED, state="void", ended_on=date(2023, 3, 9), because="A group was missing")


@pytest.mark.parametrize(
    ("record", "state", "when", "following"),
    [
        (PROPOSED, "now", "waiting", "See who still has to confirm"),
        (CONFIRMED, "done", "confirmed on 3 March 2023", "Publish the result"),
        (replace(CONFIRMED, is_public=True), "done", "confirmed on 3 March 2023", None),
        (VOID, "now", "void", "Propose the result again"),
        (replace(PROPOSED, state="returned"), "now", "returned", "Propose the result again"),
    ],
)
def test_the_confirmation_is_a_stage_with_its_own_states(
    record: ConfirmationRecord, state: str, when: str, following: str | None
) -> None:
    everything_before = scope(
        groups=(STAFF, CLIENTS),
        standings={Standing.LISTED: 2},
        notes=tuple(NoteRecord(stage, "Done.") for stage in ("determining", "criteria")),
    )
    found = replace(everything_before, survey=SURVEY, run=RUN, phase=Phase.RESULTS, confirmation=record)
    stage = stages(found)["confirmation"]
    assert (stage.state, stage.when, next_of(found, "confirmation")) == (state, when, following)


def test_who_signed_is_told_with_role_and_means() -> None:
    assert ledger(replace(NOTHING, confirmation=CONFIRMED), "confirmation") == {
        "Proposed to": "the board, on 1 March 2023 (proposal 1)",
        "Meeting": "2 March 2023",
        "Confirmed by": "A. Lee (approver), with passkey, on 3 March 2023",
        "Confirmed": "3 March 2023",
        "Public report": "none",
    }
    assert ledger(replace(NOTHING, confirmation=PROPOSED), "confirmation")["Confirmed"] == "by 0 of 2"
    void = replace(NOTHING, confirmation=VOID)
    assert ledger(void, "confirmation")["Void since"] == "9 March 2023"
    assert stages(void)["confirmation"].remark == "the board: A group was missing."


def test_tiers_by_decision_stand_beside_the_computed_ones() -> None:
    run = replace(RUN, tiers=(("High", 10), ("Low", 8)), computed=(("High", 9), ("Low", 9)), moved=1)
    found = ledger(replace(NOTHING, survey=SURVEY, run=run), "results")
    assert (found["Tiers"], found["Tiers as computed"]) == ("High 10; Low 8", "High 9; Low 9")
    assert found["By decision in another tier"] == "one issue, each with a reason"


# --- what is done -----------------------------------------------------------------------------------------
def test_all_six_kinds_of_source_are_counted_also_those_without_a_mention() -> None:
    found = ledger(scope(standings={Standing.LISTED: 2}, mentions={SourceKind.MEDIA: 1}), "determining")
    assert [found[kind.label] for kind in SourceKind] == [
        "none", "none", "none", "1 mention", "none", "none",
    ]  # fmt: skip


def test_the_decision_says_who_and_when() -> None:
    assert ledger(scope(decision=DECISION), "criteria") == {
        "Criteria": "Law; Reach",
        "Marked by": "three people",
        "Decision, version 2": "3 May 2022 by Anna",
        "On the short list": "18 of 46 issues",
        "Against the marks": "one issue, each with a reason",
        "Recorded with it": "All of the office took part.",
    }


def test_criteria_that_nobody_has_used_are_not_told_as_done() -> None:
    assert ledger(scope(criteria=("Law",)), "criteria") == {}


def test_answers_are_told_group_by_group() -> None:
    found = ledger(replace(NOTHING, survey=SURVEY, run=RUN), "results")
    assert (found["Staff"], found["Clients"], found["Answers"]) == ("40", "none", "40 from 1 of 2 groups")
    assert found["Tiers"] == "High 9; Low 9"


def test_simulated_answers_are_called_so() -> None:
    survey = replace(SURVEY, groups=(GroupAnswered("Staff", 4, 4),))
    assert stages(replace(NOTHING, survey=survey))["results"].remark.startswith("All answers are simulated")


# --- what is next -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("facts", "stage", "text"),
    [
        (NOTHING, "dialogue", "Add the stakeholder groups"),
        (scope(groups=(replace(STAFF, channels=0),)), "dialogue", "Record the channels of communication"),
        (scope(groups=(replace(STAFF, is_scored=False),)), "dialogue", "Score power and interest"),
        (scope(groups=(STAFF, CLIENTS)), "dialogue", None),
        (NOTHING, "determining", "Build the long list"),
        (
            scope(standings={Standing.LISTED: 3}, without_source=1),
            "determining",
            "Record where one issue comes from",
        ),
        (scope(standings={Standing.LISTED: 3}), "determining", None),
        (scope(standings={Standing.LISTED: 3}), "criteria", "Mark the issues, then decide the short list"),
        (scope(decision=DECISION, since_decision=2), "criteria", "Screen the issues that have come since"),
        (scope(decision=DECISION), "criteria", None),
        (
            replace(scope(standings={Standing.LISTED: 3}), phase=Phase.RESULTS),
            "criteria",
            "Note how the list was chosen",
        ),
        (NOTHING, "results", "Open the survey"),
        (replace(NOTHING, survey=SURVEY), "results", "Compute the results"),
        (replace(NOTHING, survey=SURVEY, run=RUN), "results", "Read the results"),
        (replace(scope(standings={Standing.LISTED: 3}), with_survey=False), "results", "Read the list"),
        (NOTHING, "confirmation", None),
        (replace(NOTHING, run=RUN), "confirmation", "Put the result before a committee or board"),
        (scope(notes=(NoteRecord("confirmation", "Done."),)), "confirmation", None),
    ],
)
def test_each_stage_has_one_next_step_or_none(facts: Facts, stage: str, text: str | None) -> None:
    assert next_of(facts, stage) == text


# --- by whom ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "stage"),
    [
        ("added the group Staff", ProcessStage.DIALOGUE),
        ("changed the concern Issues of pay of Staff", ProcessStage.DIALOGUE),
        ("added the issue Group of water users", ProcessStage.DETERMINING),
        ("decided version 2 of the short list: 18 of 46 issues", ProcessStage.CRITERIA),
        ("opened the survey: 18 issues, 8 stakeholder groups", ProcessStage.RESULTS),
        ("set the tiers: High, Low; 9 / 9", ProcessStage.RESULTS),
        ("chose the method: priority by mean", ProcessStage.RESULTS),
        ("loaded the case qifu-2022: 8 groups, 18 issues", None),
        ("carried forward from Last (2021): two groups, three issues", None),
        ("removed the pillar Planet", None),
    ],
)
def test_a_line_of_the_audit_trail_belongs_to_a_stage(line: str, stage: ProcessStage | None) -> None:
    assert stage_of(line) == stage


def test_who_has_worked_on_a_stage_is_told_once_with_the_last_day(house: House) -> None:
    assessment = AssessmentFactory(organisation=house.organisation)
    for name, member in (("Staff", house.analyst), ("Clients", house.owner), ("Investors", house.owner)):
        save_group(assessment=assessment, name=name, side=Side.INTERNAL, by=member)
    add_issues(assessment=assessment, issues=[NewIssue("Water")])
    found = activity_of(house.organisation, assessment.slug)
    assert set(found) == {ProcessStage.DIALOGUE}
    assert found[ProcessStage.DIALOGUE].people == ("Owner", "Analyst")


# --- the facts --------------------------------------------------------------------------------------------
def test_survey_and_result_are_part_of_the_facts(answered: Assessment, house: House) -> None:
    analyse_now(assessment=answered)
    facts = facts_of(organisation=house.organisation, assessment=answered)
    assert facts.survey is not None
    assert facts.run is not None
    assert facts.survey.groups == (GroupAnswered("Staff", 2), GroupAnswered("Clients", 2))
    assert (facts.survey.issues, facts.survey.task) == (3, "rate 3 issues from 1 to 5")
    assert facts.survey.closed_on is None
    assert (facts.run.respondents, sum(count for _, count in facts.run.tiers)) == (4, 3)


@pytest.mark.parametrize("count", [1, 3])
def test_facts_take_as_many_queries_for_one_row_as_for_three(
    house: House, count: int, django_assert_num_queries
) -> None:
    assessment = AssessmentFactory(organisation=house.organisation, groups=count, issues=count)
    for group in assessment.groups.all():
        ChannelFactory(group=group)
    for issue in assessment.issues.all():
        MentionFactory(issue=issue, reference="gri:305")
        ProcessNoteFactory(assessment=assessment)
    found = Assessment.objects.select_related("organisation").get(pk=assessment.pk)
    with django_assert_num_queries(13):
        facts_of(organisation=house.organisation, assessment=found)


# --- pages ------------------------------------------------------------------------------------------------
PAGES = ["process", "statement", "statement-text"]


def url(name: str, assessment: Assessment) -> str:
    return reverse(f"materiality:{name}", kwargs={"organisation": "example", "slug": assessment.slug})


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["owner", "analyst", "approver", "viewer"])
def test_members_of_every_role_read(
    assessment: Assessment, page: str, role: str, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(f"{role}_client")
    assert client.get(url(page, assessment)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_strangers_find_nothing(assessment: Assessment, page: str, outsider_client: Client) -> None:
    assert outsider_client.get(url(page, assessment)).status_code == 404


def test_notes_of_a_report_name_their_place(assessment: Assessment, viewer_client: Client) -> None:
    ProcessNoteFactory(assessment=assessment, text="Peers were compared.", source="p. 17", reading="The list is short.")
    ProcessNoteFactory(assessment=assessment, text="We met.", done_by="ESG office")
    page = viewer_client.get(url("process", assessment)).content.decode()
    assert page.count("As the report says") == 1
    assert all(words in page for words in ("p. 17", "Our reading: The list is short.", "ESG office"))


def test_readers_are_offered_no_changes(assessment: Assessment, viewer_client: Client) -> None:
    page = viewer_client.get(url("process", assessment)).content.decode()
    assert "scoping/notes/" not in page
    assert "Next:" not in page


def test_the_text_is_a_file_of_that_name(assessment: Assessment, viewer_client: Client) -> None:
    response = viewer_client.get(url("statement-text", assessment))
    assert response["Content-Disposition"] == 'attachment; filename="example-2022-method.txt"'
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "Confirmation of the result: not recorded." in response.content.decode()


def test_what_people_wrote_is_escaped(assessment: Assessment, viewer_client: Client) -> None:
    ProcessNoteFactory(assessment=assessment, text="<script>alert(1)</script>")
    for page in ("process", "statement"):
        assert "<script>alert(1)" not in viewer_client.get(url(page, assessment)).content.decode()


@pytest.mark.parametrize("page", ["process", "statement"])
def test_pages_ask_the_database_a_fixed_number_of_times(
    answered: Assessment, page: str, viewer_client: Client, django_assert_max_num_queries
) -> None:
    analyse_now(assessment=answered)
    # On PostgreSQL, looking for new answers takes five statements instead of one.
    with django_assert_max_num_queries(35):
        viewer_client.get(url(page, answered))


def test_issues_that_are_carried_over_are_counted() -> None:
    found = process_of(scope(standings={Standing.LISTED: 16}, carried_over=15, previous_period="2021"), {})
    determining = next(stage for stage in found if stage.key == "determining")
    assert Fact("Carried over from 2021", "15") in determining.facts
    assert determining.state == "done"
