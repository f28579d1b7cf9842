"""From the long list to the short list: criteria, what the marks come to, and the decision that holds."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import Http404
from django.urls import path
from rest_framework import serializers

from api.fields import Input, Output, Text, Whole, YesNo
from api.operations import operation
from scoping.api.base import AssessmentViews
from scoping.models import Assessment, ShortListDecision, ShortListRule
from scoping.screening import in_decimals
from scoping.selectors.screening import ScreenedIssue, Screening, current_decision, screening_of
from scoping.services.issues import MOST_ISSUES
from scoping.services.screening import LONGEST_REASON, Overrule, decide_short_list, undo_decision

LONGEST_NOTE = 2_000


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


class OverruleInput(Input):
    issue = Text(max_length=60, help_text="The code of the issue.")
    listed = YesNo(help_text="Whether it is on the short list, whatever the marks propose.")
    reason = Text(max_length=LONGEST_REASON)


class DecisionInput(Input):
    example: ClassVar = {
        "overrules": [{"issue": "issue-2", "listed": True, "reason": "The new law asks for it."}],
        "note": "Working group, 2 October.",
    }

    overrules = serializers.ListField(child=OverruleInput(), required=False, max_length=MOST_ISSUES)
    note = Text(required=False, allow_blank=True, max_length=LONGEST_NOTE, help_text="Who took part, what was said.")
    seen = serializers.DictField(
        child=YesNo(allow_null=True),
        required=False,
        help_text="The proposals that were looked at, by code of the issue: nothing is decided if one has changed.",
    )


class UndoInput(Input):
    example: ClassVar = {"version": 1}

    version = Whole(min_value=1, max_value=10_000, help_text="Of the decision that holds.")


class ShortLists(AssessmentViews):
    tag, noun = "Screening", "screening"
    by_people: ClassVar = frozenset({"decide", "undo"})

    @operation(gives=DecisionOutput, reads=True)
    def read(self, slug: str) -> ShortListDecision:
        """Read the decision about the short list that holds.

        404 where none was taken: every issue that is not merged or screened out is on the list."""
        found = current_decision(self.assessment(slug))
        if found is None:
            raise Http404
        return found

    @operation(gives=DecisionOutput, takes=DecisionInput, status=201)
    def decide(self, slug: str, body: dict[str, Any]) -> ShortListDecision:
        """Decide the short list as the marks propose it, but for what is overruled with a reason.

        After the survey has opened it is a version for the next assessment, and the open one keeps its questions."""
        assessment = self.assessment(slug)
        overrules, seen = body.get("overrules", []), body.get("seen")
        known = issue_keys(assessment, {"overrules": [one["issue"] for one in overrules], "seen": list(seen or {})})
        return decide_short_list(
            assessment=assessment,
            overrules=[Overrule(known[one["issue"]], one["listed"], one["reason"]) for one in overrules],
            remark=body.get("note", ""),
            seen=None if seen is None else {known[code]: proposed for code, proposed in seen.items()},
            by=self.answering,
        )

    @operation(gives=DecisionOutput, takes=UndoInput)
    def undo(self, slug: str, body: dict[str, Any]) -> ShortListDecision:
        """Take the newest decision back, until the survey opens: every issue is listed as before. The record stays."""
        return undo_decision(assessment=self.assessment(slug), version=body["version"], by=self.answering)


def issue_keys(assessment: Assessment, named: Mapping[str, list[str]]) -> dict[str, int]:
    """The issues' keys by their codes. Raises ValidationError at the field that names one that is not there."""
    known: dict[str, int] = dict(assessment.issues.values_list("code", "pk"))
    for field, codes in named.items():
        if unknown := [code for code in codes if code not in known]:
            raise serializers.ValidationError(
                {field: [f"There is no issue with the code {unknown[0]!r} in this assessment."]}
            )
    return known


# --- criteria and marks -----------------------------------------------------------------------------------
class CriterionOutput(Output):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    description = serializers.CharField(help_text="What a high mark means.")
    must_have = serializers.BooleanField()


class MeanOutput(Output):
    people = serializers.IntegerField(help_text="How many have marked it.")
    mean = serializers.FloatField(allow_null=True, help_text="0 to 3; null where nobody has marked it.")
    lowest = serializers.IntegerField()
    highest = serializers.IntegerField()


class ScreenedOutput(Output):
    issue = serializers.CharField(source="code")
    name = serializers.CharField()
    standing = serializers.CharField()
    means = MeanOutput(many=True, source="cells", help_text="On each criterion, in their order.")
    total = serializers.SerializerMethodField(help_text="Of the means; null while a criterion has no mark.")
    proposed = serializers.BooleanField(
        source="outcome.proposal", allow_null=True, help_text="Whether the rule puts it on the short list."
    )
    close = serializers.BooleanField(source="outcome.close", help_text="Whether it is near the threshold.")
    contested = serializers.BooleanField(source="outcome.contested", help_text="Whether marks are far apart.")

    def get_total(self, issue: ScreenedIssue) -> float | None:
        return None if issue.outcome.total is None else float(issue.outcome.total)


class MarksOutput(Output):
    example: ClassVar = {
        "rule": "total",
        "threshold": "6",
        "criteria": [
            {"id": 1, "name": "General concern of stakeholders", "description": "", "must_have": False},
        ],
        "issues": [
            {
                "issue": "water",
                "name": "Water",
                "standing": "listed",
                "means": [{"people": 3, "mean": 2.5, "lowest": 2, "highest": 3}],
                "total": 2.5,
                "proposed": False,
                "close": False,
                "contested": False,
            }
        ],
    }

    rule = serializers.ChoiceField(ShortListRule.choices)
    threshold = serializers.CharField(help_text="Which the total, or the mean of each must-have, has to reach.")
    criteria = CriterionOutput(many=True)
    issues = ScreenedOutput(many=True, help_text="The furthest above the threshold first, unmarked ones last.")


class Marks(AssessmentViews):
    tag, noun = "Screening", "marks"

    @operation(gives=MarksOutput, reads=True)
    def read(self, slug: str) -> dict[str, Any]:
        """Read the criteria, and what the marks of all members come to, issue by issue."""
        assessment = self.assessment(slug)
        found: Screening = screening_of(assessment)
        return {
            "rule": assessment.short_list_rule,
            "threshold": in_decimals(found.rule.threshold),
            "criteria": found.criteria,
            "issues": found.issues,
        }


_SCREENING = "assessments/<slug:slug>/screening/"
urlpatterns = [
    path(_SCREENING, ShortLists.as_view({"get": "read", "post": "decide"})),
    path(f"{_SCREENING}undo/", ShortLists.as_view({"post": "undo"})),
    path(f"{_SCREENING}marks/", Marks.as_view({"get": "read"})),
]
