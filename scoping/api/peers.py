"""What other companies published, to be held beside one's own list: built in, or entered by members."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import path
from rest_framework import serializers

from api.fields import Input, Output, Text, Whole
from api.operations import operation
from scoping.api.base import AssessmentViews
from scoping.models import Peer
from scoping.peers import PeerList
from scoping.selectors.peers import PeerNotFound, entered_peer, find_peer, peers_of
from scoping.services.peers import MOST_PEER_ISSUES, NewPeerIssue, remove_peer, save_peer

PARTS = ("name", "category", "tier", "level", "rank")


class PeerOutput(Output):
    example: ClassVar = {
        "key": "uxin-2022",
        "company": "Uxin Limited",
        "period": "2022",
        "source": "Sustainability report 2022",
        "link": "",
        "built_in": True,
        "issue_count": 21,
    }

    key = serializers.CharField(help_text="Its name in addresses.")
    company = serializers.CharField()
    period = serializers.CharField()
    source = serializers.CharField()
    link = serializers.CharField()
    built_in = serializers.BooleanField(help_text="Whether it comes with the product.")
    issue_count = serializers.SerializerMethodField()

    def get_issue_count(self, peer: PeerList) -> int:
        return len(peer.issues)


class PeersOutput(Output):
    example: ClassVar = {"peers": [PeerOutput.example]}

    peers = PeerOutput(many=True)


class PeerIssueOutput(Output):
    name = serializers.CharField()
    category = serializers.CharField()
    tier = serializers.CharField()
    level = serializers.IntegerField(allow_null=True, help_text="Of its tier, 1 the highest; null: not said.")
    rank = serializers.IntegerField(allow_null=True)


class PeerDetailOutput(PeerOutput):
    example: ClassVar = {
        **PeerOutput.example,
        "issues": [{"name": "Quality of cars", "category": "", "tier": "Highly important", "level": 1, "rank": 1}],
    }

    issues = PeerIssueOutput(many=True)


class PeerIssueInput(Input):
    name = Text(max_length=300)
    category = Text(required=False, allow_blank=True, max_length=120)
    tier = Text(required=False, allow_blank=True, max_length=80, help_text="As it calls it, such as Highly important.")
    level = Whole(required=False, min_value=1, max_value=20, help_text="Of the tier, 1 the highest.")
    rank = Whole(required=False, min_value=1, max_value=MOST_PEER_ISSUES)


class PeerInput(Input):
    example: ClassVar = {
        "company": "Other Ltd.",
        "reporting_period": "2025",
        "source": "Sustainability report 2025, page 12",
        "issues": [{"name": "Water", "tier": "High", "level": 1}, {"name": "Waste", "tier": "Low", "level": 2}],
    }

    company = Text(max_length=200)
    reporting_period = Text(max_length=60)
    source = Text(required=False, allow_blank=True, max_length=300)
    link = Text(required=False, allow_blank=True, max_length=500, help_text="Beginning with https://.")
    issues = serializers.ListField(child=PeerIssueInput(), min_length=1, max_length=MOST_PEER_ISSUES)


class Peers(AssessmentViews):
    tag, noun = "Peers", "peers"

    @operation(gives=PeerDetailOutput, takes=PeerInput, status=201)
    def create(self, slug: str, body: dict[str, Any]) -> PeerList:
        """Enter what a company published, for all assessments of the organisation."""
        return self._saved(slug, None, body)

    @operation(gives=PeerDetailOutput, takes=PeerInput)
    def replace(self, slug: str, peer: str, body: dict[str, Any]) -> PeerList:
        """Replace what was entered of a company. Those that come with the product do not change."""
        return self._saved(slug, entered_peer(self.assessment(slug), peer), body)

    @operation(status=204)
    def remove(self, slug: str, peer: str) -> None:
        """Remove what was entered of a company, from all assessments. Issues that were taken over stay."""
        assessment = self.assessment(slug)
        remove_peer(assessment=assessment, peer=entered_peer(assessment, peer), by=self.person)

    def _saved(self, slug: str, present: Peer | None, body: dict[str, Any]) -> PeerList:
        assessment = self.assessment(slug)
        issues = [_typed(one) for one in body.pop("issues")]
        try:
            saved = save_peer(assessment=assessment, peer=present, issues=issues, by=self.person, **body)
        except ValidationError as refusal:
            told = refusal.message_dict if hasattr(refusal, "error_dict") else {}
            if "lines" in told:  # what the page calls them
                told["issues"] = told.pop("lines")
                raise ValidationError(told) from refusal
            raise
        return find_peer(assessment, str(saved.pk))

    @operation(gives=PeersOutput, reads=True)
    def read_all(self, slug: str) -> dict[str, Any]:
        """Read which companies' lists this one can be compared with."""
        return {"peers": peers_of(self.assessment(slug))}

    @operation(gives=PeerDetailOutput, reads=True)
    def retrieve(self, slug: str, peer: str) -> PeerList:
        """Read the list of issues that a company published."""
        try:
            return find_peer(self.assessment(slug), peer)
        except PeerNotFound as error:
            raise Http404 from error


def _typed(issue: dict[str, Any]) -> NewPeerIssue:
    """The line as a person would type it."""
    name, category, tier, level, rank = (str(issue.get(part, "")) for part in PARTS)
    return NewPeerIssue(name, category, tier, level, rank)


_PEERS = "assessments/<slug:slug>/peers/"
urlpatterns = [
    path(_PEERS, Peers.as_view({"get": "read_all", "post": "create"})),
    path(f"{_PEERS}<slug:peer>/", Peers.as_view({"get": "retrieve", "put": "replace", "delete": "remove"})),
]
