"""The organisation of the key: its members, its record, its jobs."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from accounts import services
from accounts.models import AuditEvent, Membership, Organisation, Role
from accounts.selectors import members_of
from accounts.tokens import MANAGE
from api.fields import Choice, Input, Output, Text
from api.operations import operation
from api.paging import Paging
from api.views import ApiViews
from jobs.models import Job, Status
from jobs.selectors import get_job, jobs_of
from jobs.services import retry


# --- the organisation and what the key may do -------------------------------------------------------------
class KeyOutput(Output):
    name = serializers.CharField(help_text="What uses the key, as its maker named it.")
    service = serializers.BooleanField(help_text="Whether it is a service's and not a person's.")
    scopes = serializers.ListField(child=serializers.CharField(), help_text="What it may do now.")
    expires_at = serializers.DateTimeField()


class OrganisationOutput(Output):
    example: ClassVar = {
        "slug": "example",
        "name": "Example Ltd.",
        "people_to_confirm": 1,
        "key": {"name": "Dashboard", "service": True, "scopes": ["read"], "expires_at": "2027-01-31T09:00:00Z"},
    }

    slug = serializers.SlugField()
    name = serializers.CharField()
    people_to_confirm = serializers.IntegerField(help_text="How many people a result needs to be confirmed.")
    key = KeyOutput()


class OrganisationViews(ApiViews):
    tag, noun = "Organisation", "organisation"

    @operation(gives=OrganisationOutput, reads=True)
    def read(self) -> dict[str, Any]:
        """The organisation of the key, and what the key may do."""
        organisation: Organisation = self.organisation
        token = self.access.token
        return {
            "slug": organisation.slug,
            "name": organisation.name,
            "people_to_confirm": organisation.people_to_confirm,
            "key": {
                "name": token.name,
                "service": token.user_id is None,
                "scopes": sorted(self.access.scopes),
                "expires_at": token.expires_at,
            },
        }


# --- members ----------------------------------------------------------------------------------------------
class MemberOutput(Output):
    example: ClassVar = {"id": 7, "email": "li@example.org", "name": "Li Na", "role": "analyst"}

    id = serializers.IntegerField(source="pk")
    email = serializers.EmailField(source="user.email")
    name = serializers.CharField(source="user.name")
    role = serializers.ChoiceField(Role.choices)


class NewMember(Input):
    example: ClassVar = {"email": "li@example.org", "role": "analyst"}

    email = serializers.EmailField(max_length=254)
    role = Choice(Role.choices)


class MemberChange(Input):
    example: ClassVar = {"role": "viewer"}

    role = Choice(Role.choices)


class MemberViews(ApiViews):
    tag, noun, writes = "Members", "members", MANAGE
    # Whoever gets a role may confirm results by it: a key that lies in a file must not be able to give one.
    by_people: ClassVar = frozenset({"create", "change", "remove"})

    @operation(gives=MemberOutput, order=("user__email", "pk"), reads=True)
    def list(self) -> QuerySet[Membership]:
        """List the members and their roles."""
        return members_of(self.organisation)

    @operation(gives=MemberOutput, takes=NewMember, status=201)
    def create(self, body: dict[str, Any]) -> Membership:
        """Add a member.

        Somebody without an account gets one, and a mail to choose a password."""
        return services.add_member(organisation=self.organisation, by=self.person, **body)

    @operation(gives=MemberOutput, reads=True)
    def retrieve(self, member: int) -> Membership:
        """Read a member."""
        return self._member(member)

    @operation(gives=MemberOutput, takes=MemberChange)
    def change(self, member: int, body: dict[str, Any]) -> Membership:
        """Give a member another role."""
        return services.change_role(membership=self._member(member), by=self.person, **body)

    @operation(status=204)
    def remove(self, member: int) -> None:
        """Take a member's access away, and their keys."""
        services.remove_member(membership=self._member(member), by=self.person)

    def _member(self, member: int) -> Membership:
        return members_of(self.organisation).get(pk=member)


# --- the record -------------------------------------------------------------------------------------------
class LineOutput(Output):
    example: ClassVar = {
        "id": 1204,
        "at": "2026-11-20T08:15:00Z",
        "actor": "li@example.org",
        "subject": "example-2026",
        "summary": "added the issue Water (API key Import)",
    }

    id = serializers.IntegerField(source="pk")
    at = serializers.DateTimeField()
    actor = serializers.EmailField(source="actor.email", default=None, allow_null=True, help_text="Null: nobody.")
    subject = serializers.CharField(help_text="Such as an assessment's slug, or members.")
    summary = serializers.CharField()


class LineFilters(Paging):
    subject = Text(required=False, max_length=120, help_text="Such as an assessment's slug, or members.")


class RecordViews(ApiViews):
    tag, noun = "Record", "record"

    @operation(gives=LineOutput, query=LineFilters, order=("-at", "-pk"), reads=True)
    def list(self, query: dict[str, Any]) -> QuerySet[AuditEvent]:
        """List what was done, newest first."""
        lines = self.organisation.events.select_related("actor")
        return lines.filter(subject=query["subject"]) if "subject" in query else lines


# --- jobs -------------------------------------------------------------------------------------------------
class JobOutput(Output):
    example: ClassVar = {
        "id": "6f1c7f9e-51f4-4f6e-9c3b-1d2f6a0e8b11",
        "kind": "materiality.analyse",
        "title": "Analysis",
        "subject": "example-2026",
        "status": "done",
        "progress": 1.0,
        "step": "",
        "error": "",
        "created_at": "2026-11-20T08:15:00Z",
        "finished_at": "2026-11-20T08:15:04Z",
    }

    id = serializers.UUIDField(source="pk")
    kind = serializers.CharField()
    title = serializers.CharField()
    subject = serializers.CharField(help_text="What it works on, such as an assessment's slug.")
    status = serializers.ChoiceField(Status.choices)
    progress = serializers.FloatField(source="fraction", help_text="0 to 1.")
    step = serializers.CharField(help_text="What it does now.")
    error = serializers.CharField(help_text="Why it failed; empty else.")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class JobFilters(Paging):
    subject = Text(required=False, max_length=120, help_text="Such as an assessment's slug.")
    status = serializers.ChoiceField(Status.choices, required=False)


class JobViews(ApiViews):
    tag, noun, writes = "Jobs", "jobs", MANAGE

    @operation(gives=JobOutput, query=JobFilters, order=("-created_at", "pk"), reads=True)
    def list(self, query: dict[str, Any]) -> QuerySet[Job]:
        """List background work, newest first."""
        return jobs_of(self.organisation).filter(**query)

    @operation(gives=JobOutput, reads=True)
    def retrieve(self, job: UUID) -> Job:
        """Read how far a job is.

        Ask every second or so until `status` is done or dead."""
        return get_job(self.organisation, job)

    @operation(gives=JobOutput, status=202)
    def retry(self, job: UUID) -> Job:
        """Start a failed job again."""
        found = get_job(self.organisation, job)
        retry(job=found)
        return get_job(self.organisation, job)


urlpatterns = [
    path("organisation/", OrganisationViews.as_view({"get": "read"})),
    path("members/", MemberViews.as_view({"get": "list", "post": "create"})),
    path("members/<int:member>/", MemberViews.as_view({"get": "retrieve", "patch": "change", "delete": "remove"})),
    path("record/", RecordViews.as_view({"get": "list"})),
    path("jobs/", JobViews.as_view({"get": "list"})),
    path("jobs/<uuid:job>/", JobViews.as_view({"get": "retrieve"})),
    path("jobs/<uuid:job>/retry/", JobViews.as_view({"post": "retry"})),
]
