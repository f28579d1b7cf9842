"""The decided short list."""

from typing import ClassVar

from django.http import Http404
from django.urls import path
from rest_framework import serializers

from api.fields import Output
from api.operations import operation
from scoping.api.base import AssessmentViews
from scoping.models import ShortListDecision
from scoping.selectors.screening import current_decision


class DecisionOutput(Output):
    example: ClassVar = {
        "version": 1,
        "decided_at": "2026-10-02T13:00:00Z",
        "decided_by": "li@example.org",
        "note": "",
        "applies": True,
        "rule": {"rule": "total", "threshold": "6.00"},
        "entries": [{"code": "water", "name": "Water", "total": "7.5", "proposed": True, "listed": True}],
    }

    version = serializers.IntegerField()
    decided_at = serializers.DateTimeField()
    decided_by = serializers.EmailField(source="decided_by.email", default=None, allow_null=True)
    note = serializers.CharField()
    applies = serializers.BooleanField(help_text="Whether the survey of this assessment asks by it.")
    rule = serializers.DictField(help_text="Rule, threshold and criteria as they were.")
    entries = serializers.ListField(
        child=serializers.DictField(), help_text="Each issue: total, proposed, listed, reason."
    )


class Screening(AssessmentViews):
    tag, noun = "Issues", "screening"

    @operation(gives=DecisionOutput, reads=True)
    def read(self, slug: str) -> ShortListDecision:
        """Read the decision about the short list that holds.

        404 where none was taken: every issue that is not merged or screened out is on the list."""
        found = current_decision(self.assessment(slug))
        if found is None:
            raise Http404
        return found


urlpatterns = [path("assessments/<slug:slug>/screening/", Screening.as_view({"get": "read"}))]
