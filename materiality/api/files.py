"""Files of a result: asked for, made by a job, fetched. Those with answers need a scope of their own."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from accounts.tokens import ANSWERS, READ, RESULTS
from api.accounts import JobOutput
from api.fields import Choice, Input, Output, Text, Whole, YesNo
from api.operations import operation
from materiality.files import KINDS, open_export, request_export
from materiality.files.options import FIGURE_FORMATS, LANGUAGES, RESOLUTIONS, WIDTHS, Options
from materiality.files.selectors import get_file, with_answers
from materiality.files.services import delete_export
from materiality.models import ExportFile
from scoping.api.base import AssessmentViews


class FileOutput(Output):
    example: ClassVar = {
        "id": "2d1c6a7e-79c5-4a4f-8f0f-52a8ff3a7d10",
        "kind": "matrix",
        "options": {"format": "svg"},
        "filename": "example-2026-matrix.svg",
        "content_type": "image/svg+xml",
        "size": 48213,
        "sha256": "9f2c…",
        "requested_at": "2027-02-02T08:00:00Z",
        "finished_at": "2027-02-02T08:00:03Z",
        "job": JobOutput.example,
    }

    id = serializers.UUIDField(source="pk")
    kind = serializers.CharField()
    options = serializers.DictField()
    filename = serializers.CharField(help_text="Empty until it is finished.")
    content_type = serializers.CharField()
    size = serializers.IntegerField(allow_null=True, help_text="Bytes; null until it is finished.")
    sha256 = serializers.CharField()
    requested_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    job = JobOutput(allow_null=True)


class OptionsInput(Input):
    format = Choice(list(FIGURE_FORMATS), required=False, help_text="Of a figure.")
    width_mm = serializers.FloatField(required=False, min_value=WIDTHS[0], max_value=WIDTHS[1])
    dpi = Whole(required=False, min_value=RESOLUTIONS[0], max_value=RESOLUTIONS[1], help_text="Of a PNG.")
    language = Choice(
        list(LANGUAGES), required=False, help_text="Of a figure, a document or a report pack; English without it."
    )
    answers = YesNo(required=False, help_text="Of a report pack: with the answers.")
    proposal = serializers.UUIDField(required=False, help_text="Its document instead of the current result.")


class FileInput(Input):
    example: ClassVar = {"kind": "matrix", "options": {"format": "svg"}}

    kind = Text(max_length=40, help_text=f"One of: {', '.join(KINDS)}.")
    options = OptionsInput(required=False)


class Files(AssessmentViews):
    tag, noun, writes = "Files", "files", RESULTS
    by_people: ClassVar = frozenset({"remove"})
    # Asking for a file changes nothing.
    scopes: ClassVar = {"create": READ}

    @operation(gives=FileOutput, order=("-requested_at", "pk"), reads=True)
    def list(self, slug: str) -> QuerySet[ExportFile]:
        """List the files that were asked for, newest first."""
        rows = self.assessment(slug).export_files.select_related("job")
        return rows if self._may_see_answers else rows.exclude(with_answers())

    @operation(gives=FileOutput, takes=FileInput, status=202)
    def create(self, slug: str, body: dict[str, Any]) -> ExportFile:
        """Ask for a file.

        Read it until `finished_at` is there, then fetch its content. Files with answers need the scope
        `answers:read`."""
        assessment = self.assessment(slug)
        options = {name: str(value) if name == "proposal" else value for name, value in body.get("options", {}).items()}
        kind = KINDS.get(body["kind"])
        chosen = Options(answers=bool(options.get("answers")))
        if kind and not kind.may_be_had_by(may_edit=self._may_see_answers, options=chosen):
            raise PermissionDenied(f"Files with answers need the scope {ANSWERS}.")
        made = request_export(assessment=assessment, kind=body["kind"], options=options, by=self.person)
        return get_file(assessment, made.pk, may_edit=self._may_see_answers)

    @operation(gives=FileOutput, reads=True)
    def retrieve(self, slug: str, file: UUID) -> ExportFile:
        """Read whether a file is finished."""
        return get_file(self.assessment(slug), file, may_edit=self._may_see_answers)

    @operation(content_type="application/octet-stream", reads=True)
    def content(self, slug: str, file: UUID) -> Any:
        """Fetch the content of a finished file; 404 until then."""
        found = get_file(self.assessment(slug), file, may_edit=self._may_see_answers)
        try:
            content = open_export(found)
        except FileNotFoundError as error:
            raise Http404 from error
        return FileResponse(content, as_attachment=True, filename=found.filename, content_type=found.content_type)

    @operation(status=204)
    def remove(self, slug: str, file: UUID) -> None:
        """Delete a file, finished or not. 409 while a public report offers it."""
        found = get_file(self.assessment(slug), file, may_edit=self._may_see_answers)
        delete_export(file=found, by=self.answering)

    @property
    def _may_see_answers(self) -> bool:
        return ANSWERS in self.access.scopes


_FILES = "assessments/<slug:slug>/files/"
urlpatterns = [
    path(_FILES, Files.as_view({"get": "list", "post": "create"})),
    path(f"{_FILES}<uuid:file>/", Files.as_view({"get": "retrieve", "delete": "remove"})),
    path(f"{_FILES}<uuid:file>/content/", Files.as_view({"get": "content"})),
]
