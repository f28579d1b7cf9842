"""Where issues were found."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from api.fields import Choice, Input, Output, Text
from api.operations import operation
from scoping.api.base import AssessmentViews
from scoping.models import Mention, SourceKind
from scoping.services.mentions import NewMention, remove_mention, save_mention
from scoping.services.scope import LONGEST_TEXT


class MentionOutput(Output):
    example: ClassVar = {
        "id": 88,
        "kind": "interview",
        "source": "Interview with the head of operations",
        "found_on": "2026-09-14",
        "quotation": "Water is our largest cost.",
        "link": "",
        "reference": "",
    }

    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(SourceKind.choices)
    source = serializers.CharField()
    found_on = serializers.DateField(allow_null=True)
    quotation = serializers.CharField()
    link = serializers.CharField()
    reference = serializers.CharField(help_text="Entry of a library, such as gri:305.")


class MentionInput(Input):
    example: ClassVar = {"kind": "interview", "source": "Interview with the head of operations"}

    kind = Choice(SourceKind.choices)
    source = Text(max_length=300, help_text="Who or what: an interview, a survey, an article, a standard.")
    found_on = serializers.DateField(required=False, allow_null=True)
    quotation = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    link = Text(required=False, allow_blank=True, max_length=500, help_text="Begins with https:// or http://.")


class MentionChange(MentionInput):
    example: ClassVar = {"quotation": "Water is our largest cost."}

    kind = Choice(SourceKind.choices, required=False)
    source = Text(max_length=300, required=False)


class Mentions(AssessmentViews):
    tag, noun = "Issues", "mentions"

    @operation(gives=MentionOutput, order=("pk",), reads=True)
    def list(self, slug: str, code: str) -> QuerySet[Mention]:
        """List where an issue was found."""
        return self.issue(slug, code).mentions.all()

    @operation(gives=MentionOutput, takes=MentionInput, status=201)
    def create(self, slug: str, code: str, body: dict[str, Any]) -> Mention:
        """Note where an issue was found."""
        return save_mention(issue=self.issue(slug, code), wanted=NewMention(**body), by=self.person)

    @operation(gives=MentionOutput, takes=MentionChange)
    def change(self, slug: str, code: str, mention: int, body: dict[str, Any]) -> Mention:
        """Change a mention."""
        issue = self.issue(slug, code)
        present = issue.mentions.get(pk=mention)
        kept = {field: getattr(present, field) for field in ("kind", "source", "found_on", "quotation", "link")}
        return save_mention(issue=issue, mention=present, wanted=NewMention(**kept | body), by=self.person)

    @operation(status=204)
    def remove(self, slug: str, code: str, mention: int) -> None:
        """Remove a mention."""
        remove_mention(mention=self.issue(slug, code).mentions.get(pk=mention), by=self.person)


_MENTIONS = "assessments/<slug:slug>/issues/<slug:code>/mentions/"
urlpatterns = [
    path(_MENTIONS, Mentions.as_view({"get": "list", "post": "create"})),
    path(f"{_MENTIONS}<int:mention>/", Mentions.as_view({"patch": "change", "delete": "remove"})),
]
