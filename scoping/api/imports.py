"""Files into lists: sent, looked at change by change, taken over as a whole or not at all; and lists as files.

A file travels as Base64 within JSON, so that everything that holds of requests holds of it too. What a file would
change is told with names, so whoever reads that needs the scope of changing it.
"""

from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import path
from rest_framework import serializers

from accounts.tokens import SCOPING
from api.fields import Base64, Choice, Input, Output, Query, Text
from api.operations import operation
from api.problems import Problem
from scoping.api.base import AssessmentViews
from scoping.downloads import CSV, XLSX, table_file
from scoping.lists.base import ImportableList, Imported, PlanChanged
from scoping.lists.contacts import ContactList
from scoping.lists.filenames import NameRefused
from scoping.lists.issues import IssueList
from scoping.lists.peers import PeerIssueList
from scoping.lists.pending import apply_upload, cancel_upload, keep_upload, list_of, undecided
from scoping.lists.plan import Plan
from scoping.models import PendingImport
from scoping.selectors.peers import entered_peer
from tables.problems import SourceError

KINDS = (IssueList.kind, ContactList.kind)
MOST_LINES = 1_000


# --- in ---------------------------------------------------------------------------------------------------
class FieldChangeOutput(Output):
    title = serializers.CharField(help_text="Which field.")
    old = serializers.CharField()
    new = serializers.CharField()


class ImportLineOutput(Output):
    row = serializers.IntegerField(help_text="Of the file.")
    action = serializers.CharField(help_text="problem, changed, new, repeated or unchanged.")
    name = serializers.CharField()
    changes = FieldChangeOutput(many=True)
    note = serializers.CharField(help_text="The problem, or what else there is to know.")
    column = serializers.CharField(help_text="The header that a problem is about.")


class ImportOutput(Output):
    example: ClassVar = {
        "id": "5b1f6a52-6a1a-4a39-8a0e-6b8a2f0f6d10",
        "kind": "issues",
        "peer": None,
        "filename": "issues.csv",
        "plan": "9f2c…",
        "reading": "CSV, UTF-8, cells parted by commas.",
        "unknown": [],
        "rows": {"problem": 0, "changed": 0, "new": 1, "repeated": 0, "unchanged": 0},
        "notices": [],
        "lines": [{"row": 2, "action": "new", "name": "Water", "changes": [], "note": "", "column": ""}],
    }

    id = serializers.UUIDField(source="pending.pk")
    kind = serializers.CharField(source="pending.kind")
    peer = serializers.UUIDField(
        source="pending.peer_id", allow_null=True, help_text="The key of the company whose issues they are; else null."
    )
    filename = serializers.CharField(source="pending.filename")
    plan = serializers.CharField(help_text="What the file would do now; send it to carry that out, and nothing else.")
    reading = serializers.CharField(help_text="How the file was read.")
    unknown = serializers.ListField(child=serializers.CharField(), help_text="Headers that nobody knows.")
    rows = serializers.DictField(child=serializers.IntegerField(), help_text="How many rows of each action.")
    notices = serializers.ListField(child=serializers.CharField())
    lines = ImportLineOutput(many=True, help_text=f"Problems first; the first {MOST_LINES:,} of them.")


class FileContent(Input):
    filename = Text(max_length=200, help_text="Its ending says what it is.")
    content = Base64(help_text="The file in Base64.")


class ImportInput(FileContent):
    example: ClassVar = {"kind": "issues", "filename": "issues.csv", "content": "TmFtZQpOZXcgaXNzdWUK"}

    kind = Choice(KINDS)


class PeerFileInput(FileContent):
    example: ClassVar = {"filename": "peer.csv", "content": "SXNzdWUsVGllcixMZXZlbApXYXRlcixIaWdoLDEK"}


class AgreedInput(Input):
    example: ClassVar = {"plan": "0" * 64}

    plan = Text(max_length=64, help_text="From the preview that was looked at.")


class ImportedOutput(Output):
    example: ClassVar = {"added": 1, "changed": 0, "unchanged": 0, "repeated": 0}

    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    repeated = serializers.IntegerField(help_text="Rows that say again what another one says.")


class Uploads(AssessmentViews):
    """Uploads to lists of one assessment: subclasses say which lists, and how each is carried out."""

    by_people: ClassVar = frozenset({"upload", "apply"})
    kinds: ClassVar[tuple[str, ...]] = ()

    def into(self, pending: PendingImport) -> ImportableList[Any]:
        """The list that the upload is for."""
        raise NotImplementedError

    def take_over(self, pending: PendingImport, agreed: str) -> Imported:
        raise NotImplementedError

    def keep(self, into: ImportableList[Any], body: dict[str, Any]) -> dict[str, Any]:
        try:
            kept = keep_upload(to=into, name=body["filename"], raw=body["content"], by=self.answering)
        except NameRefused as refusal:
            raise serializers.ValidationError({"filename": refusal.messages}) from refusal
        except ValidationError as refusal:
            if hasattr(refusal, "error_dict"):
                raise serializers.ValidationError({"content": refusal.messages}) from refusal
            raise
        return preview_of(into, kept)

    def found(self, slug: str, pending: UUID) -> PendingImport:
        assessment = self.assessment(slug)
        kept: PendingImport = undecided(assessment).select_related("peer").get(pk=pending, kind__in=self.kinds)
        kept.assessment = assessment
        return kept

    def look(self, slug: str, pending: UUID) -> dict[str, Any]:
        kept = self.found(slug, pending)
        return preview_of(self.into(kept), kept)

    def carry_out(self, slug: str, pending: UUID, agreed: str) -> Imported:
        try:
            return self.take_over(self.found(slug, pending), agreed)
        except PlanChanged as changed:
            message = "The file would do something else now. Read what it would do, and send the plan that is there."
            raise Problem("refused", message) from changed


def preview_of(into: ImportableList[Any], kept: PendingImport) -> dict[str, Any]:
    """What the upload would change in the list as it is."""
    try:
        file = into.read(kept.filename, bytes(kept.content))
    except SourceError as error:
        raise Problem("refused", str(error)) from error
    plan: Plan = into.plan(file)
    into.explain(plan)
    return {
        "pending": kept,
        "plan": plan.digest,
        "reading": file.reading,
        "unknown": file.unknown,
        "rows": plan.rows,
        "notices": plan.notices,
        "lines": plan.page(None, 0, MOST_LINES),
    }


class Imports(Uploads):
    tag, noun = "Lists as files", "imports"
    scopes: ClassVar = {"read": SCOPING}
    by_people: ClassVar = Uploads.by_people | {"upload_peer"}
    kinds = (*KINDS, PeerIssueList.kind)

    @operation(gives=ImportOutput, takes=ImportInput, status=201)
    def upload(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a file with issues or contacts (CSV or XLSX), and read what it would change. Nothing changes yet.

        It waits for a day. A file that the same person sent before for the same list is forgotten."""
        return self.keep(list_of(self.assessment(slug), body["kind"]), body)

    @operation(gives=ImportOutput, takes=PeerFileInput, status=201)
    def upload_peer(self, slug: str, peer: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a file with the issues that a company published (CSV or XLSX), and read what it would change.

        Nothing changes yet; it waits among the other files. Companies that come with the product do not change."""
        assessment = self.assessment(slug)
        return self.keep(PeerIssueList(assessment, entered_peer(assessment, peer)), body)

    @operation(gives=ImportOutput, reads=True)
    def read(self, slug: str, pending: UUID) -> dict[str, Any]:
        """Read what a file would change now."""
        return self.look(slug, pending)

    @operation(gives=ImportedOutput, takes=AgreedInput)
    def apply(self, slug: str, pending: UUID, body: dict[str, Any]) -> Imported:
        """Take a file over: every row of it, or none. 409 where the list has changed since the plan was read."""
        return self.carry_out(slug, pending, body["plan"])

    @operation(status=204)
    def cancel(self, slug: str, pending: UUID) -> None:
        """Forget a file. Nothing changes."""
        cancel_upload(pending=self.found(slug, pending))

    def into(self, pending: PendingImport) -> ImportableList[Any]:
        return list_of(pending.assessment, pending.kind, pending.peer)

    def take_over(self, pending: PendingImport, agreed: str) -> Imported:
        return apply_upload(pending=pending, agreed=agreed, by=self.answering)


# --- out --------------------------------------------------------------------------------------------------
class FileQuery(Query):
    format = Choice(["csv", "xlsx"], default="csv")


class Lists(AssessmentViews):
    tag, noun = "Lists as files", "lists"
    scopes: ClassVar = {"contacts": SCOPING}

    @operation(content_type=(CSV, XLSX), query=FileQuery, reads=True)
    def issues(self, slug: str, query: dict[str, Any]) -> HttpResponse:
        """Fetch the issues as a file that can be changed and sent back."""
        return table_file(IssueList(self.assessment(slug)).table(), f"{slug}-issues", query["format"])

    @operation(content_type=(CSV, XLSX), query=FileQuery, reads=True)
    def contacts(self, slug: str, query: dict[str, Any]) -> HttpResponse:
        """Fetch the contacts as a file that can be changed and sent back."""
        return table_file(ContactList(self.assessment(slug)).table(), f"{slug}-contacts", query["format"])

    @operation(content_type=(CSV, XLSX), query=FileQuery, reads=True)
    def peer(self, slug: str, peer: str, query: dict[str, Any]) -> HttpResponse:
        """Fetch the issues that were entered of a company as a file that can be changed and sent back."""
        assessment = self.assessment(slug)
        published = PeerIssueList(assessment, entered_peer(assessment, peer))
        return table_file(published.table(), f"{slug}-peer-issues", query["format"])


_IMPORT = "assessments/<slug:slug>/imports/"
urlpatterns = [
    path(_IMPORT, Imports.as_view({"post": "upload"})),
    path(f"{_IMPORT}<uuid:pending>/", Imports.as_view({"get": "read", "delete": "cancel"})),
    path(f"{_IMPORT}<uuid:pending>/apply/", Imports.as_view({"post": "apply"})),
    path("assessments/<slug:slug>/peers/<slug:peer>/imports/", Imports.as_view({"post": "upload_peer"})),
    path("assessments/<slug:slug>/lists/issues/", Lists.as_view({"get": "issues"})),
    path("assessments/<slug:slug>/lists/contacts/", Lists.as_view({"get": "contacts"})),
    path("assessments/<slug:slug>/lists/peers/<slug:peer>/", Lists.as_view({"get": "peer"})),
]
