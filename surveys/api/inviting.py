"""Personal invitations and mailings: numbers of people, never names, and never who has answered.

Sending and adding people are a person's, since mails go out in the organisation's name. Where many are written to, a
second person approves on the pages, with the mail before their eyes: a key cannot.
"""

from dataclasses import asdict
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from rest_framework import serializers

from api.accounts import JobOutput
from api.fields import Choice, Input, Output, Text
from api.operations import operation
from jobs.models import Job
from scoping.api.base import RemovedOutput
from scoping.services.groups import MOST_GROUPS
from surveys.api.base import SurveyViews, group_of
from surveys.invited import invitations_by_group, mailing_of, mailing_progress, mailings_of
from surveys.mail_texts import LONGEST_BODY, LONGEST_SUBJECT
from surveys.models import Mailing, MailingKind, MailingState, Survey
from surveys.selectors import survey_of
from surveys.services.invitations import remove_unsent
from surveys.services.inviting import AT_ONCE, add_invitations, add_people, contacts_of
from surveys.services.mailing import cancel_mailing, pause_mailing, prepare_mailing, resume_mailing

MOST_LANGUAGES = 50
PARTS = ("subject", "body")


# --- who is invited ---------------------------------------------------------------------------------------
class GroupInvitationsOutput(Output):
    group = serializers.SlugField(source="group.code")
    name = serializers.CharField(source="group.name")
    contacts = serializers.IntegerField(help_text="People of the register with an address.")
    invited = serializers.IntegerField(help_text="People who have a personal link.")
    ready = serializers.IntegerField(help_text="Not written to yet.")
    sent = serializers.IntegerField()
    bounced = serializers.IntegerField(help_text="Mails that came back.")
    opted_out = serializers.IntegerField(help_text="People who want no more mails.")
    revoked = serializers.IntegerField(help_text="Links that were withdrawn.")
    answered = serializers.IntegerField(help_text="How many of the invited have answered.")


class InvitationsOutput(Output):
    example: ClassVar = {
        "groups": [
            {
                "group": "customers",
                "name": "Customers",
                "contacts": 310,
                "invited": 300,
                "ready": 0,
                "sent": 292,
                "bounced": 6,
                "opted_out": 2,
                "revoked": 0,
                "answered": 84,
            }
        ]
    }

    groups = GroupInvitationsOutput(many=True)


class PersonInput(Input):
    address = serializers.EmailField(max_length=254)
    name = Text(required=False, allow_blank=True, max_length=200)
    language = Text(required=False, allow_blank=True, max_length=60, help_text="Such as en or zh-Hans.")


class PeopleInput(Input):
    example: ClassVar = {
        "group": "group-0",
        "people": [{"address": "li.na@example.com", "name": "Li Na", "language": "zh-Hans"}],
    }

    group = Text(max_length=60, help_text="The code of the group.")
    people = serializers.ListField(child=PersonInput(), min_length=1, max_length=AT_ONCE)


class InvitedGroupInput(Input):
    example: ClassVar = {"group": "group-0"}

    group = Text(max_length=60, help_text="The code of the group.")


class AddedCounts(Output):
    added = serializers.IntegerField()
    known = serializers.IntegerField(help_text="Invited before.")
    repeated = serializers.IntegerField(help_text="Stood in the list twice.")
    opted_out = serializers.IntegerField(help_text="Left out, since they want no mails.")


class AddedPeopleOutput(AddedCounts):
    example: ClassVar = {"added": 1, "known": 0, "repeated": 0, "opted_out": 0}


class AddedContactsOutput(Output):
    example: ClassVar = {
        "counts": {"added": 300, "known": 0, "repeated": 0, "opted_out": 2},
        "job": None,
    }

    counts = AddedCounts(allow_null=True, help_text="Null: they are many, and a job adds them.")
    job = JobOutput(allow_null=True)


class Invitations(SurveyViews):
    tag, noun = "Invitations", "invitations"
    by_people: ClassVar = frozenset({"create", "add_contacts", "remove_unsent"})

    @operation(gives=InvitationsOutput, reads=True)
    def read(self, slug: str) -> dict[str, Any]:
        """Read how many people are invited, group by group."""
        survey = survey_of(organisation=self.organisation, assessment=self.assessment(slug))
        return {"groups": invitations_by_group(survey) if survey else []}

    @operation(gives=AddedPeopleOutput, takes=PeopleInput, status=201)
    def create(self, slug: str, body: dict[str, Any]) -> dict[str, int]:
        """Give people of a group personal links; mails are another matter.

        All of the list, or nobody. Longer lists are sent in parts: whoever is invited already is known."""
        survey = self.survey_to_change(slug)
        group = group_of(survey.assessment, body["group"])
        rows = [(one["address"], one.get("name", ""), one.get("language", "")) for one in body["people"]]
        return asdict(add_invitations(survey=survey, group=group, rows=rows, by=self.answering))

    @operation(gives=AddedContactsOutput, takes=InvitedGroupInput, status=202)
    def add_contacts(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        """Give the contacts of a group personal links, as far as the register has their addresses."""
        survey = self.survey_to_change(slug)
        group = group_of(survey.assessment, body["group"])
        found = add_people(survey=survey, group=group, people=contacts_of(group), by=self.answering)
        if isinstance(found, Job):
            found.refresh_from_db()
            return {"counts": None, "job": found}
        return {"counts": asdict(found), "job": None}

    @operation(gives=RemovedOutput, takes=InvitedGroupInput)
    def remove_unsent(self, slug: str, body: dict[str, Any]) -> dict[str, int]:
        """Take everybody of a group off the list to whom no mail went and none is on its way, for good.

        For a list that was added by mistake. Their links lead nowhere from then on."""
        survey = self.survey_to_read(slug)
        group = group_of(survey.assessment, body["group"])
        if survey._state.adding:  # nobody has touched it, so nobody is on its list
            return {"removed": 0}
        return {"removed": remove_unsent(survey=survey, group=group, by=self.answering)}


# --- mailings ---------------------------------------------------------------------------------------------
class MailingOutput(Output):
    example: ClassVar = {
        "id": "b3f7d7b0-3f0e-4b6c-9b8a-5f1f2a7c9d44",
        "kind": "invitation",
        "state": "waiting",
        "recipients": 300,
        "problem": "",
        "created_by": "li@example.org",
        "approved_by": None,
        "created_at": "2026-11-20T08:15:00Z",
        "finished_at": None,
    }

    id = serializers.UUIDField(source="pk")
    kind = serializers.ChoiceField(MailingKind.choices)
    state = serializers.ChoiceField(MailingState.choices, help_text="waiting: for a second person, on the pages.")
    recipients = serializers.IntegerField()
    problem = serializers.CharField(help_text="Why sending stands still; empty else.")
    created_by = serializers.EmailField(source="created_by.email", default=None, allow_null=True)
    approved_by = serializers.EmailField(source="approved_by.email", default=None, allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class MailsOutput(Output):
    waiting = serializers.IntegerField()
    sent = serializers.IntegerField()
    refused = serializers.IntegerField(help_text="By the mail server.")
    bounced = serializers.IntegerField(help_text="Came back.")
    unsure = serializers.IntegerField(help_text="Of which nobody knows whether they arrived.")
    skipped = serializers.IntegerField(help_text="Not needed any more when their turn came.")


class MailingDetailOutput(MailingOutput):
    example: ClassVar = {
        **MailingOutput.example,
        "texts": {"en": {"subject": "Your view counts", "body": "Dear {name},\n\n{link}"}},
        "reply_to": "",
        "mails": {"waiting": 300, "sent": 0, "refused": 0, "bounced": 0, "unsure": 0, "skipped": 0},
    }

    texts = serializers.DictField(help_text="By language: subject and body.")
    reply_to = serializers.CharField()
    mails = MailsOutput()


class TextInput(Input):
    language = Text(max_length=20, help_text="Such as en; the survey's own must be there.")
    subject = Text(allow_blank=True, max_length=LONGEST_SUBJECT)
    body = Text(
        allow_blank=True,
        max_length=LONGEST_BODY,
        help_text="With {link}, and what else is wanted of {name}, {group}, {company}, {title}, {closes}.",
    )


class MailingInput(Input):
    example: ClassVar = {
        "kind": "invitation",
        "groups": ["group-0"],
        "texts": [
            {"language": "en", "subject": "Your view counts", "body": "Dear {name},\n\nthis link is yours: {link}"}
        ],
    }

    kind = Choice(MailingKind.choices, help_text="A reminder goes to those who were written to and have not answered.")
    groups = serializers.ListField(child=Text(max_length=60), min_length=1, max_length=MOST_GROUPS)
    texts = serializers.ListField(child=TextInput(), min_length=1, max_length=MOST_LANGUAGES)
    reply_to = Text(required=False, allow_blank=True, max_length=254)


class Mailings(SurveyViews):
    tag, noun = "Invitations", "mailings"
    by_people: ClassVar = frozenset({"create", "pause", "resume", "cancel"})

    @operation(gives=MailingOutput, order=("-created_at", "pk"), reads=True)
    def list(self, slug: str) -> QuerySet[Mailing]:
        """List the mailings, newest first."""
        survey = survey_of(organisation=self.organisation, assessment=self.assessment(slug))
        return mailings_of(survey) if survey else Mailing.objects.none()

    @operation(gives=MailingDetailOutput, takes=MailingInput, status=201)
    def create(self, slug: str, body: dict[str, Any]) -> Mailing:
        """Write to everybody in groups who is to be invited, or reminded.

        Mails go out at once, unless they are so many that a second person has to approve them on the pages."""
        survey = self.survey(slug)
        groups = [group_of(survey.assessment, code, "groups") for code in dict.fromkeys(body["groups"])]
        texts, replies = body["texts"], body.get("reply_to", "")
        known = [survey.source_language, *survey.languages]
        if unknown := [one["language"] for one in texts if one["language"] not in known]:
            message = f"The survey is not in the language {unknown[0]!r}; it is in {', '.join(known)}."
            raise serializers.ValidationError({"texts": [message]})
        try:
            made = prepare_mailing(
                survey=survey,
                kind=body["kind"],
                groups=groups,
                texts={one["language"]: {part: one[part] for part in PARTS} for one in texts},
                reply_to=replies,
                by=self.answering,
            )
        except ValidationError as refusal:
            raise _placed(refusal, texts) from refusal
        return self._told(survey, made.pk)

    @operation(gives=MailingDetailOutput, reads=True)
    def retrieve(self, slug: str, mailing: UUID) -> Mailing:
        """Read a mailing, and how many of its mails went out."""
        return self._told(self.survey(slug), mailing)

    @operation(gives=MailingDetailOutput)
    def pause(self, slug: str, mailing: UUID) -> Mailing:
        """Send no more of a mailing for now."""
        survey = self.survey(slug)
        pause_mailing(mailing=self._mailing(survey, mailing), by=self.answering)
        return self._told(survey, mailing)

    @operation(gives=MailingDetailOutput)
    def resume(self, slug: str, mailing: UUID) -> Mailing:
        """Go on with a mailing that was paused."""
        survey = self.survey(slug)
        resume_mailing(mailing=self._mailing(survey, mailing), by=self.answering)
        return self._told(survey, mailing)

    @operation(gives=MailingDetailOutput)
    def cancel(self, slug: str, mailing: UUID) -> Mailing:
        """Send no more of a mailing, for good. Sent mails stay sent."""
        survey = self.survey(slug)
        cancel_mailing(mailing=self._mailing(survey, mailing), by=self.answering)
        return self._told(survey, mailing)

    def _mailing(self, survey: Survey, mailing: UUID) -> Mailing:
        found = mailing_of(survey, mailing)
        if found is None:
            raise Http404
        return found

    def _told(self, survey: Survey, mailing: UUID) -> Mailing:
        found = self._mailing(survey, mailing)
        vars(found)["mails"] = mailing_progress(found)
        return found


def _placed(refusal: ValidationError, texts: list[dict[str, Any]]) -> Exception:
    """The refusal with the places of the texts that it is about."""
    if not hasattr(refusal, "error_dict"):
        return refusal
    told = refusal.message_dict
    faults = {
        str(place): found
        for place, one in enumerate(texts)
        if (found := {part: told.pop(field) for part in PARTS if (field := f"{part}.{one['language']}") in told})
    }
    return serializers.ValidationError(told | ({"texts": faults} if faults else {}))


_SURVEY = "assessments/<slug:slug>/survey/"
_MAILING = f"{_SURVEY}mailings/<uuid:mailing>/"
urlpatterns = [
    path(f"{_SURVEY}invitations/", Invitations.as_view({"get": "read", "post": "create"})),
    path(f"{_SURVEY}invitations/from-contacts/", Invitations.as_view({"post": "add_contacts"})),
    path(f"{_SURVEY}invitations/remove-unsent/", Invitations.as_view({"post": "remove_unsent"})),
    path(f"{_SURVEY}mailings/", Mailings.as_view({"get": "list", "post": "create"})),
    path(_MAILING, Mailings.as_view({"get": "retrieve"})),
    path(f"{_MAILING}pause/", Mailings.as_view({"post": "pause"})),
    path(f"{_MAILING}resume/", Mailings.as_view({"post": "resume"})),
    path(f"{_MAILING}cancel/", Mailings.as_view({"post": "cancel"})),
]
