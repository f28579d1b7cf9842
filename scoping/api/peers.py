"""What other companies published, to be held beside one's own list: built in, or entered by members."""

from typing import Any, ClassVar

from django.http import Http404
from django.urls import path
from rest_framework import serializers

from api.fields import Output
from api.operations import operation
from scoping.api.base import AssessmentViews
from scoping.peers import PeerList
from scoping.selectors.peers import PeerNotFound, find_peer, peers_of


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


class Peers(AssessmentViews):
    tag, noun = "Peers", "peers"

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


_PEERS = "assessments/<slug:slug>/peers/"
urlpatterns = [
    path(_PEERS, Peers.as_view({"get": "read_all"})),
    path(f"{_PEERS}<slug:peer>/", Peers.as_view({"get": "retrieve"})),
]
