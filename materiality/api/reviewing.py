"""Review: tiers given in place of computed ones, comments and open points. People answer for them."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from accounts.tokens import RESULTS
from api.fields import Choice, Input, Output, Text, YesNo
from api.operations import operation
from api.paging import Paging
from materiality.models import Override, ReviewComment
from materiality.services import comment, override_tier, resolve, withdraw_override
from materiality.services.reviewing import LONGEST_TEXT
from scoping.api.base import AssessmentViews
from scoping.models import Assessment, Issue


def _issue(assessment: Assessment, code: str) -> Issue:
    found: Issue | None = assessment.issues.filter(code=code).first()
    if found is None:
        raise serializers.ValidationError({"issue": [f"There is no issue with the code {code!r} in this assessment."]})
    return found


class OverrideOutput(Output):
    example: ClassVar = {
        "id": 4,
        "issue": "water",
        "computed_tier": "Moderately important",
        "tier": "Highly important",
        "reason": "The new plant draws from a stressed basin.",
        "by": "li@example.org",
        "at": "2027-01-08T10:00:00Z",
        "ended_at": None,
    }

    id = serializers.IntegerField(source="pk")
    issue = serializers.CharField(source="issue.code")
    computed_tier = serializers.CharField()
    tier = serializers.CharField()
    reason = serializers.CharField()
    by = serializers.EmailField(source="by.email", default=None, allow_null=True)
    at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True, help_text="When it was taken back or replaced.")


class OverrideInput(Input):
    example: ClassVar = {
        "issue": "water",
        "tier": "Highly important",
        "reason": "The new plant draws from a stressed basin.",
    }

    issue = Text(max_length=60, help_text="The code of the issue.")
    tier = Text(max_length=80, help_text="The name of a tier of the result.")
    reason = Text(max_length=LONGEST_TEXT, help_text="Shown wherever the tier is.")


class OverrideFilters(Paging):
    in_force = Choice(["true"], required=False, help_text="true: without those that have ended.")


class Overrides(AssessmentViews):
    tag, noun, writes = "Review", "overrides", RESULTS
    by_people: ClassVar = frozenset({"create", "remove"})

    @operation(gives=OverrideOutput, query=OverrideFilters, order=("-at", "-pk"), reads=True)
    def list(self, slug: str, query: dict[str, Any]) -> QuerySet[Override]:
        """List the tiers that were given in place of computed ones, newest first."""
        rows = self.assessment(slug).overrides.select_related("issue", "by")
        return rows.filter(ended_at=None) if "in_force" in query else rows

    @operation(gives=OverrideOutput, takes=OverrideInput, status=201)
    def create(self, slug: str, body: dict[str, Any]) -> Override:
        """Give an issue another tier than the computed one, with a reason."""
        assessment = self.assessment(slug)
        body["issue"] = _issue(assessment, body["issue"])
        return override_tier(assessment=assessment, by=self.answering, **body)

    @operation(status=204)
    def remove(self, slug: str, override: int) -> None:
        """Take a decision back: the computed tier counts again. The record keeps it."""
        found = self.assessment(slug).overrides.select_related("issue", "assessment").get(pk=override)
        withdraw_override(override=found, by=self.answering)


class CommentOutput(Output):
    example: ClassVar = {
        "id": 9,
        "issue": "water",
        "text": "Does this hold for the second plant?",
        "is_open_point": True,
        "by": "li@example.org",
        "at": "2027-01-08T10:05:00Z",
        "resolved_at": None,
        "resolved_by": None,
        "resolution": "",
    }

    id = serializers.IntegerField(source="pk")
    issue = serializers.CharField(source="issue.code", default=None, allow_null=True, help_text="Null: on the result.")
    text = serializers.CharField()
    is_open_point = serializers.BooleanField()
    by = serializers.EmailField(source="by.email", default=None, allow_null=True)
    at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    resolved_by = serializers.EmailField(source="resolved_by.email", default=None, allow_null=True)
    resolution = serializers.CharField()


class CommentInput(Input):
    example: ClassVar = {"issue": "water", "text": "Does this hold for the second plant?", "is_open_point": True}

    text = Text(max_length=LONGEST_TEXT)
    issue = Text(max_length=60, required=False, allow_null=True, help_text="The code of the issue; none: the result.")
    is_open_point = YesNo(default=False, help_text="Whether it waits until somebody resolves it.")


class ResolutionInput(Input):
    example: ClassVar = {"resolution": "Yes, see the minutes of 14 January."}

    resolution = Text(max_length=LONGEST_TEXT)


class Comments(AssessmentViews):
    tag, noun, writes = "Review", "comments", RESULTS
    by_people: ClassVar = frozenset({"create", "resolve"})

    @operation(gives=CommentOutput, order=("at", "pk"), reads=True)
    def list(self, slug: str) -> QuerySet[ReviewComment]:
        """List what was said about the result and its issues, oldest first."""
        return self.assessment(slug).review_comments.select_related("issue", "by", "resolved_by")

    @operation(gives=CommentOutput, takes=CommentInput, status=201)
    def create(self, slug: str, body: dict[str, Any]) -> ReviewComment:
        """Say something about the result, or leave an open point."""
        assessment = self.assessment(slug)
        if body.get("issue") is not None:
            body["issue"] = _issue(assessment, body["issue"])
        return comment(assessment=assessment, by=self.answering, **body)

    @operation(gives=CommentOutput, takes=ResolutionInput)
    def resolve(self, slug: str, comment: int, body: dict[str, Any]) -> ReviewComment:
        """Resolve an open point, with what came of it."""
        found = self.assessment(slug).review_comments.get(pk=comment)
        return resolve(comment=found, by=self.answering, **body)


urlpatterns = [
    path("assessments/<slug:slug>/overrides/", Overrides.as_view({"get": "list", "post": "create"})),
    path("assessments/<slug:slug>/overrides/<int:override>/", Overrides.as_view({"delete": "remove"})),
    path("assessments/<slug:slug>/comments/", Comments.as_view({"get": "list", "post": "create"})),
    path("assessments/<slug:slug>/comments/<int:comment>/resolve/", Comments.as_view({"post": "resolve"})),
]
