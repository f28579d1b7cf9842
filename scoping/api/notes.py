"""Notes on the process: what was done outside of the pages, for the method statement."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from api.fields import Choice, Input, Output, Text
from api.operations import operation
from scoping.api.base import AssessmentViews
from scoping.models import ProcessNote, ProcessStage
from scoping.services.notes import remove_note, save_note
from scoping.services.scope import LONGEST_TEXT


class NoteOutput(Output):
    example: ClassVar = {
        "id": 4,
        "stage": ProcessStage.values[0],
        "text": "Two workshops with the heads of department.",
        "done_by": "Sustainability team",
        "done_on": "March 2026",
        "source": "",
    }

    id = serializers.IntegerField(source="pk")
    stage = serializers.ChoiceField(ProcessStage.choices)
    text = serializers.CharField()
    done_by = serializers.CharField()
    done_on = serializers.CharField(help_text="A day or a period, in words.")
    source = serializers.CharField(help_text="The place in a report, where it was loaded from one.")


class NewNote(Input):
    example: ClassVar = {"stage": ProcessStage.values[0], "text": "Two workshops with the heads of department."}

    stage = Choice(ProcessStage.choices)
    text = Text(max_length=LONGEST_TEXT)
    done_by = Text(required=False, allow_blank=True, max_length=200)
    done_on = Text(required=False, allow_blank=True, max_length=60)


class NoteChange(NewNote):
    example: ClassVar = {"done_on": "March 2026"}

    stage = Choice(ProcessStage.choices, required=False)
    text = Text(max_length=LONGEST_TEXT, required=False)


class Notes(AssessmentViews):
    tag, noun = "Process", "notes"

    @operation(gives=NoteOutput, order=("position", "pk"), reads=True)
    def list(self, slug: str) -> QuerySet[ProcessNote]:
        """List the notes on what was done."""
        return self.assessment(slug).process_notes.all()

    @operation(gives=NoteOutput, takes=NewNote, status=201)
    def create(self, slug: str, body: dict[str, Any]) -> ProcessNote:
        """Note something that was done."""
        return save_note(assessment=self.assessment(slug), by=self.person, **body)

    @operation(gives=NoteOutput, takes=NoteChange)
    def change(self, slug: str, note: int, body: dict[str, Any]) -> ProcessNote:
        """Change a note."""
        assessment = self.assessment(slug)
        present = assessment.process_notes.get(pk=note)
        kept = {field: getattr(present, field) for field in ("stage", "text", "done_by", "done_on")}
        return save_note(assessment=assessment, present=present, by=self.person, **kept | body)

    @operation(status=204)
    def remove(self, slug: str, note: int) -> None:
        """Remove a note."""
        remove_note(present=self.assessment(slug).process_notes.get(pk=note), by=self.person)


urlpatterns = [
    path("assessments/<slug:slug>/notes/", Notes.as_view({"get": "list", "post": "create"})),
    path("assessments/<slug:slug>/notes/<int:note>/", Notes.as_view({"patch": "change", "delete": "remove"})),
]
