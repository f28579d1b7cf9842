"""Criteria and rule of the screening, the marks of the key's person, and all decisions that were taken."""

from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db.models import F, QuerySet
from django.urls import path
from rest_framework import serializers

from api.fields import Choice, Input, Output, Text, Whole, YesNo
from api.operations import operation
from scoping.api.base import AssessmentViews
from scoping.api.screening import CriterionOutput, DecisionOutput, issue_keys
from scoping.models import HIGHEST_MARK, Assessment, Mark, ShortListDecision, ShortListRule
from scoping.screening import in_decimals
from scoping.selectors.screening import criteria_of
from scoping.services.issues import MOST_ISSUES
from scoping.services.screening import (
    LONGEST_REASON,
    MOST_CRITERIA,
    CriterionPlan,
    NewMark,
    remove_criterion,
    save_criteria,
    save_marks,
)


# --- criteria and rule ------------------------------------------------------------------------------------
class CriteriaOutput(Output):
    example: ClassVar = {
        "rule": "total",
        "threshold": "6",
        "criteria": [{"id": 1, "name": "General concern of stakeholders", "description": "", "must_have": False}],
    }

    rule = serializers.ChoiceField(ShortListRule.choices)
    threshold = serializers.CharField(help_text="Which the total, or the mean of each must-have, has to reach.")
    criteria = CriterionOutput(many=True)


class CriterionInput(Input):
    id = Whole(required=False, min_value=1, source="criterion", help_text="Of the one that this changes; none: new.")
    name = Text(max_length=200)
    description = Text(required=False, allow_blank=True, max_length=1000, help_text="What a high mark means.")
    must_have = YesNo(required=False)


class CriteriaInput(Input):
    example: ClassVar = {
        "rule": "total",
        "threshold": "6",
        "criteria": [{"name": "Concern of stakeholders"}, {"name": "Need of our strategy"}, {"name": "Asked by law"}],
    }

    rule = Choice(ShortListRule.choices)
    threshold = Text(
        max_length=6,
        validators=[RegexValidator(r"^[0-9]{1,3}([.][0-9]{1,2})?$", "Send a number as a text, such as 6 or 7.5.")],
        help_text="A number as a text, such as 6 or 7.5.",
    )
    criteria = serializers.ListField(child=CriterionInput(), min_length=1, max_length=MOST_CRITERIA)


class Criteria(AssessmentViews):
    tag, noun = "Screening", "criteria"

    @operation(gives=CriteriaOutput, reads=True)
    def read(self, slug: str) -> dict[str, Any]:
        """Read the criteria of the screening, and the rule for the short list."""
        return _criteria(self.assessment(slug))

    @operation(gives=CriteriaOutput, takes=CriteriaInput)
    def replace(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        """Set the rule, and criteria in their order.

        One that is there and not named stays, at the end: deleting one deletes its marks, and is an operation of its
        own."""
        assessment = self.assessment(slug)
        save_criteria(
            assessment=assessment,
            criteria=[CriterionPlan(**plan) for plan in body["criteria"]],
            rule=body["rule"],
            threshold=Decimal(body["threshold"]),
            by=self.person,
        )
        return _criteria(self.assessment(slug))

    @operation(status=204)
    def remove(self, slug: str, criterion: int) -> None:
        """Delete a criterion with all its marks."""
        remove_criterion(criterion=self.assessment(slug).criteria.get(pk=criterion), by=self.person)


def _criteria(assessment: Assessment) -> dict[str, Any]:
    threshold = in_decimals(Fraction(assessment.short_list_threshold))
    return {"rule": assessment.short_list_rule, "threshold": threshold, "criteria": criteria_of(assessment)}


# --- the marks of one person ------------------------------------------------------------------------------
class OwnMarkOutput(Output):
    example: ClassVar = {"issue": "water", "criterion": 1, "value": 2, "reason": "Two groups asked for it."}

    issue = serializers.CharField(source="issue_code")
    criterion = serializers.IntegerField(source="criterion_id", help_text="Its id.")
    value = serializers.IntegerField(help_text="0 not at all, 1 a little, 2 clearly, 3 fully.")
    reason = serializers.CharField()


class MarkInput(Input):
    issue = Text(max_length=60, help_text="The code of the issue.")
    criterion = Whole(min_value=1, help_text="The id of the criterion.")
    value = Whole(min_value=0, max_value=HIGHEST_MARK, allow_null=True, help_text="Null: take the mark back.")
    reason = Text(required=False, allow_blank=True, max_length=LONGEST_REASON)


class MarksInput(Input):
    example: ClassVar = {"marks": [{"issue": "issue-0", "criterion": 1, "value": 2}]}

    marks = serializers.ListField(child=MarkInput(), min_length=1, max_length=MOST_ISSUES * MOST_CRITERIA)


class ChangedOutput(Output):
    example: ClassVar = {"changed": 1}

    changed = serializers.IntegerField(help_text="Issues whose marks are others now.")


class OwnMarks(AssessmentViews):
    tag, noun = "Screening", "own_marks"
    by_people: ClassVar = frozenset({"list", "give"})

    @operation(gives=OwnMarkOutput, order=("pk",), reads=True)
    def list(self, slug: str) -> QuerySet[Mark, Any]:
        """List the marks that the key's person has given. Of others only means are told."""
        marks = Mark.objects.filter(issue__assessment=self.assessment(slug), member=self.answering)
        return marks.values("pk", "criterion_id", "value", "reason", issue_code=F("issue__code"))

    @operation(gives=ChangedOutput, takes=MarksInput)
    def give(self, slug: str, body: dict[str, Any]) -> dict[str, int]:
        """Give marks as the key's person: all of them, or none. Marks that are not named stay."""
        assessment = self.assessment(slug)
        known = issue_keys(assessment, {"marks": [mark["issue"] for mark in body["marks"]]})
        criteria = set(assessment.criteria.values_list("pk", flat=True))
        if any(mark["criterion"] not in criteria for mark in body["marks"]):
            there = ", ".join(map(str, sorted(criteria)))
            message = f"There is no such criterion in this assessment. Ids: {there}."
            raise serializers.ValidationError(
                {
                    "marks": {
                        str(place): {"criterion": [message]}
                        for place, mark in enumerate(body["marks"])
                        if mark["criterion"] not in criteria
                    }
                }
            )
        marks = [NewMark(**mark | {"issue": known[mark["issue"]]}) for mark in body["marks"]]
        return {"changed": save_marks(assessment=assessment, marks=marks, by=self.answering)}


# --- decisions --------------------------------------------------------------------------------------------
class VersionOutput(DecisionOutput):
    example: ClassVar = {**DecisionOutput.example, "undone_at": None, "undone_by": None}

    undone_at = serializers.DateTimeField(allow_null=True)
    undone_by = serializers.EmailField(source="undone_by.email", default=None, allow_null=True)


class Decisions(AssessmentViews):
    tag, noun = "Screening", "decisions"

    @operation(gives=VersionOutput, order=("-version",), reads=True)
    def list(self, slug: str) -> QuerySet[ShortListDecision]:
        """List all decisions about the short list, newest first, also those that were taken back."""
        return self.assessment(slug).short_list_decisions.select_related("decided_by", "undone_by")


_SCREENING = "assessments/<slug:slug>/screening/"
urlpatterns = [
    path(f"{_SCREENING}criteria/", Criteria.as_view({"get": "read", "put": "replace"})),
    path(f"{_SCREENING}criteria/<int:criterion>/", Criteria.as_view({"delete": "remove"})),
    path(f"{_SCREENING}own-marks/", OwnMarks.as_view({"get": "list", "patch": "give"})),
    path(f"{_SCREENING}decisions/", Decisions.as_view({"get": "list"})),
]
