"""Proposals and public reports. To confirm a result a person shows again who they are, so that is not done here."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import path, reverse
from rest_framework import serializers

from accounts.tokens import RESULTS
from api.fields import Input, Output, Text
from api.operations import operation
from materiality.models import Proposal, ProposalState, Publication, Signature, Verdict
from materiality.publishing.services import LONGEST_REASON, publish, withdraw
from materiality.services import propose, withdraw_proposal
from scoping.api.base import AssessmentViews


class SignatureOutput(Output):
    name = serializers.CharField(help_text="As it was then.")
    verdict = serializers.ChoiceField(Verdict.choices)
    remark = serializers.CharField()
    means = serializers.ChoiceField(Signature.Means.choices)
    at = serializers.DateTimeField()


class ProposalOutput(Output):
    example: ClassVar = {
        "id": "5be6f2a2-0f6f-4f0f-9d0f-1f6b5a1d2c3e",
        "number": 1,
        "state": "confirmed",
        "body": "Board of directors",
        "meeting_on": "2027-02-01",
        "note": "",
        "people_needed": 1,
        "digest": "9f2c…",
        "run": "0b7a1f0e-6d0f-4c39-a1ad-0f4b6b1f7a10",
        "proposed_by": "li@example.org",
        "proposed_at": "2027-01-15T09:00:00Z",
        "confirmed_at": "2027-02-01T15:20:00Z",
        "ended_at": None,
        "ended_because": "",
        "signatures": [
            {
                "name": "Wang Wei",
                "verdict": "confirm",
                "remark": "",
                "means": "passkey",
                "at": "2027-02-01T15:20:00Z",
            }
        ],
    }

    id = serializers.UUIDField(source="pk")
    number = serializers.IntegerField()
    state = serializers.ChoiceField(ProposalState.choices)
    body = serializers.CharField(help_text="Who is to confirm.")
    meeting_on = serializers.DateField(allow_null=True)
    note = serializers.CharField()
    people_needed = serializers.IntegerField()
    digest = serializers.CharField(help_text="SHA-256 of what is signed.")
    run = serializers.UUIDField(source="run_id", allow_null=True, help_text="Null: the list of issues is the result.")
    proposed_by = serializers.EmailField(source="proposed_by.email", default=None, allow_null=True)
    proposed_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_because = serializers.CharField(help_text="Why it was returned, withdrawn or became void, in words.")
    signatures = SignatureOutput(many=True, source="signatures.all")


class ProposalDetailOutput(ProposalOutput):
    example: ClassVar = {**ProposalOutput.example, "document": {"assessment": "example-2026", "issues": []}}

    document = serializers.DictField(help_text="The result as it is proposed.")


class ProposalInput(Input):
    example: ClassVar = {"body": "Board of directors", "meeting_on": "2027-02-01"}

    body = Text(max_length=200, help_text="Who is to confirm, such as the board of directors.")
    meeting_on = serializers.DateField(required=False, allow_null=True)
    note = Text(required=False, allow_blank=True, max_length=4_000)


class Proposals(AssessmentViews):
    tag, noun, writes = "Confirmation", "proposals", RESULTS
    by_people: ClassVar = frozenset({"create", "withdraw"})

    @operation(gives=ProposalOutput, order=("-number",), reads=True)
    def list(self, slug: str) -> QuerySet[Proposal]:
        """List what was proposed, newest first."""
        return self._proposals(slug).defer("document")

    @operation(gives=ProposalDetailOutput, takes=ProposalInput, status=201)
    def create(self, slug: str, body: dict[str, Any]) -> Proposal:
        """Put the current result before the body that confirms it.

        From now on its method and the tiers given by decision are locked. Other changes that it depends on, such as
        weights, tiers or answers, withdraw it at once, or make its confirmation void. Confirming is done on the pages,
        where a person shows again who they are."""
        return propose(assessment=self.assessment(slug), by=self.answering, **body)

    @operation(gives=ProposalDetailOutput, reads=True)
    def retrieve(self, slug: str, proposal: UUID) -> Proposal:
        """Read a proposal with its document and signatures."""
        return self._proposals(slug).get(pk=proposal)

    @operation(gives=ProposalDetailOutput)
    def withdraw(self, slug: str, proposal: UUID) -> Proposal:
        """Take an open proposal back, so that the result can be changed."""
        return withdraw_proposal(proposal=self._proposals(slug).get(pk=proposal), by=self.answering)

    def _proposals(self, slug: str) -> QuerySet[Proposal]:
        found = self.assessment(slug).proposals.select_related("proposed_by")
        return found.prefetch_related("signatures")


class PublicationOutput(Output):
    example: ClassVar = {
        "id": "b7e0a1c2-58a8-4cf1-8a6f-6f2a7b7a9c11",
        "address": "https://salient.example.org/reports/example-2026/",
        "proposal": "5be6f2a2-0f6f-4f0f-9d0f-1f6b5a1d2c3e",
        "published_by": "li@example.org",
        "published_at": "2027-02-02T08:00:00Z",
        "withdrawn_at": None,
        "withdrawn_because": "",
    }

    id = serializers.UUIDField(source="pk")
    address = serializers.SerializerMethodField()
    proposal = serializers.UUIDField(source="proposal_id")
    published_by = serializers.EmailField(source="published_by.email", default=None, allow_null=True)
    published_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_because = serializers.CharField()

    def get_address(self, publication: Publication) -> str:
        return f"{settings.BASE_URL}{reverse('report', kwargs={'slug': publication.assessment.slug})}"


class PublicationInput(Input):
    example: ClassVar = {"proposal": "5be6f2a2-0f6f-4f0f-9d0f-1f6b5a1d2c3e"}

    proposal = serializers.UUIDField(help_text="A confirmed one.")


class WithdrawalInput(Input):
    example: ClassVar = {"because": "A figure is wrong; a corrected report follows."}

    because = Text(max_length=LONGEST_REASON, help_text="Readers see it at the address of the report.")


class Publications(AssessmentViews):
    tag, noun, writes = "Publication", "publications", RESULTS
    by_people: ClassVar = frozenset({"create", "withdraw"})

    @operation(gives=PublicationOutput, order=("-published_at", "pk"), reads=True)
    def list(self, slug: str) -> QuerySet[Publication]:
        """List the public reports, newest first."""
        return self._publications(slug)

    @operation(gives=PublicationOutput, takes=PublicationInput, status=201)
    def create(self, slug: str, body: dict[str, Any]) -> Publication:
        """Publish a confirmed result."""
        assessment = self.assessment(slug)
        proposal = assessment.proposals.filter(pk=body["proposal"]).first()
        if proposal is None:
            raise serializers.ValidationError({"proposal": ["There is no such proposal of this assessment."]})
        return publish(proposal=proposal, by=self.answering)

    @operation(gives=PublicationOutput, takes=WithdrawalInput)
    def withdraw(self, slug: str, publication: UUID, body: dict[str, Any]) -> Publication:
        """Withdraw a public report; its address says so."""
        return withdraw(publication=self._publications(slug).get(pk=publication), by=self.answering, **body)

    def _publications(self, slug: str) -> QuerySet[Publication]:
        return self.assessment(slug).publications.select_related("published_by", "assessment").defer("document")


_PROPOSALS = "assessments/<slug:slug>/proposals/"
_PUBLICATIONS = "assessments/<slug:slug>/publications/"
urlpatterns = [
    path(_PROPOSALS, Proposals.as_view({"get": "list", "post": "create"})),
    path(f"{_PROPOSALS}<uuid:proposal>/", Proposals.as_view({"get": "retrieve"})),
    path(f"{_PROPOSALS}<uuid:proposal>/withdraw/", Proposals.as_view({"post": "withdraw"})),
    path(_PUBLICATIONS, Publications.as_view({"get": "list", "post": "create"})),
    path(f"{_PUBLICATIONS}<uuid:publication>/withdraw/", Publications.as_view({"post": "withdraw"})),
]
