"""Notes on the process: whose they are, and that they never freeze."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.selectors import events_of
from scoping.models import Assessment, Phase, ProcessNote, ProcessStage
from scoping.services.notes import remove_note, save_note
from tests.support.factories import AssessmentFactory, ProcessNoteFactory
from tests.support.people import House


@pytest.fixture
def assessment(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="example-2022")


def url(name: str, **more: object) -> str:
    return reverse(f"scoping:{name}", kwargs={"organisation": "example", "slug": "example-2022"} | more)


def test_a_note_keeps_who_and_when(house: House, assessment: Assessment) -> None:
    note = save_note(
        assessment=assessment,
        stage=ProcessStage.CONFIRMATION,
        text=" The board agreed. ",
        done_by="Board",
        done_on="May 2026",
        by=house.analyst,
    )
    assert (note.text, note.done_by, note.done_on, note.added_by) == (
        "The board agreed.",
        "Board",
        "May 2026",
        house.analyst,
    )
    assert events_of(house.organisation, assessment.slug, 1)[0].summary == (
        "noted a step of the stage “Confirmation and verification”"
    )


def test_a_new_note_comes_last(assessment: Assessment) -> None:
    ProcessNoteFactory(assessment=assessment, position=7)
    assert save_note(assessment=assessment, stage=ProcessStage.DIALOGUE, text="We met.").position == 8


@pytest.mark.parametrize(("text", "stage"), [("  ", ProcessStage.DIALOGUE), ("We met.", "elsewhere")])
def test_an_empty_note_or_an_unknown_stage_is_refused(assessment: Assessment, text: str, stage: str) -> None:
    with pytest.raises(ValidationError):
        save_note(assessment=assessment, stage=stage, text=text)
    assert not ProcessNote.objects.exists()


def test_notes_can_be_added_after_the_survey_has_opened(assessment: Assessment) -> None:
    Assessment.objects.update(phase=Phase.RESULTS)
    assert save_note(assessment=assessment, stage=ProcessStage.CONFIRMATION, text="The board agreed.").pk


def test_a_note_of_a_report_is_ones_own_once_its_words_change(assessment: Assessment) -> None:
    note = ProcessNoteFactory(assessment=assessment, source="p. 4", reading="Perhaps.")
    changed = save_note(assessment=assessment, present=note, stage=note.stage, text="Other words.")
    assert (changed.source, changed.reading) == ("", "")


def test_a_note_of_a_report_that_only_moves_stays_the_reports(assessment: Assessment) -> None:
    note = ProcessNoteFactory(assessment=assessment, source="p. 4")
    moved = save_note(assessment=assessment, present=note, stage=ProcessStage.RESULTS, text=note.text)
    assert (moved.stage, moved.source) == (ProcessStage.RESULTS, "p. 4")


def test_a_note_of_another_assessment_is_refused(assessment: Assessment) -> None:
    with pytest.raises(ValidationError, match="another assessment"):
        save_note(assessment=assessment, present=ProcessNoteFactory(), stage=ProcessStage.DIALOGUE, text="We met.")


def test_removing_a_note_leaves_a_line(house: House, assessment: Assessment) -> None:
    remove_note(present=ProcessNoteFactory(assessment=assessment), by=house.analyst)
    assert not ProcessNote.objects.exists()
    assert "removed a note" in events_of(house.organisation, assessment.slug, 1)[0].summary


# --- pages ------------------------------------------------------------------------------------------------
def test_a_note_is_written_on_its_page(assessment: Assessment, analyst_client: Client) -> None:
    sent = {"stage": "confirmation", "text": "The board agreed.", "done_by": "Board", "done_on": ""}
    response = analyst_client.post(url("note-new"), sent)
    assert response.url.endswith("/a/example-2022/process/#confirmation")
    assert ProcessNote.objects.get().text == "The board agreed."


def test_the_stage_is_chosen_where_one_comes_from_it(assessment: Assessment, analyst_client: Client) -> None:
    page = analyst_client.get(f"{url('note-new')}?stage=criteria").content.decode()
    assert '<option value="criteria" selected>' in page


def test_an_empty_note_is_told_at_its_field(assessment: Assessment, analyst_client: Client) -> None:
    response = analyst_client.post(url("note-new"), {"stage": "confirmation", "text": ""})
    assert response.status_code == 400
    assert "Say in a sentence what was done." in response.content.decode()


def test_the_page_of_a_reports_note_says_whose_it_is(assessment: Assessment, analyst_client: Client) -> None:
    note = ProcessNoteFactory(assessment=assessment, source="p. 4")
    assert "This is what the report says" in analyst_client.get(url("note", note_id=note.pk)).content.decode()


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_readers_write_no_notes(assessment: Assessment, role: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(f"{role}_client")
    note = ProcessNoteFactory(assessment=assessment)
    for address in (url("note-new"), url("note", note_id=note.pk), url("note-remove", note_id=note.pk)):
        assert client.post(address, {"stage": "results", "text": "Mine."}).status_code == 403
    assert ProcessNote.objects.get().text == note.text


def test_a_note_of_another_assessment_is_not_found(assessment: Assessment, analyst_client: Client) -> None:
    note = ProcessNoteFactory()
    assert analyst_client.get(url("note", note_id=note.pk)).status_code == 404
    assert analyst_client.post(url("note-remove", note_id=note.pk)).status_code == 404


def test_removing_takes_a_post(assessment: Assessment, analyst_client: Client) -> None:
    note = ProcessNoteFactory(assessment=assessment)
    assert analyst_client.get(url("note-remove", note_id=note.pk)).status_code == 405
    analyst_client.post(url("note-remove", note_id=note.pk))
    assert not ProcessNote.objects.exists()
