"""Scores of stakeholder groups with their reasons, and the weights that follow from them or not."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.urls import path
from rest_framework import serializers

from api.fields import Choice, Input, Output, Text, Weight, Whole
from api.operations import operation
from scoping.api.base import AssessmentViews
from scoping.api.stakeholders import GroupOutput
from scoping.models import Assessment, StakeholderGroup, StakeholderModel
from scoping.models.stakeholders import HIGHEST_SCORE, LOWEST_SCORE, Attribute
from scoping.selectors.stakeholders import ScoredGroup, scored_groups
from scoping.services.groups import MOST_GROUPS
from scoping.services.scope import LONGEST_TEXT
from scoping.services.stakeholders import (
    GivenScore,
    accept_weight,
    accept_weights,
    overrule_weight,
    reason_field,
    save_scores,
    score_field,
)


class ScoreOutput(Output):
    attribute = serializers.SlugField(source="attribute.slug")
    value = serializers.IntegerField(allow_null=True, help_text="1 to 5; null while nobody has said.")
    reason = serializers.CharField()


class ScoredOutput(Output):
    group = serializers.SlugField(source="group.code")
    name = serializers.CharField(source="group.name")
    scores = ScoreOutput(many=True)
    stands = serializers.CharField(
        source="judgement.of_class.slug", default=None, allow_null=True, help_text="Strategy or class of salience."
    )
    suggested_weight = Weight(
        source="judgement.weight", default=None, allow_null=True, help_text="Null while a score is missing."
    )
    weight = Weight(source="group.weight")
    weight_basis = serializers.CharField(source="group.weight_basis", help_text="entered, accepted or overruled.")
    weight_reason = serializers.CharField(source="group.weight_reason")
    is_open = serializers.BooleanField(help_text="Whether the suggestion waits to be accepted or overruled.")


class ScoresOutput(Output):
    example: ClassVar = {
        "model": "power-interest",
        "groups": [
            {
                "group": "customers",
                "name": "Customers",
                "scores": [
                    {"attribute": "power", "value": 4, "reason": "They can leave."},
                    {"attribute": "interest", "value": 5, "reason": "They ask each month."},
                ],
                "stands": "manage-closely",
                "suggested_weight": 4.5,
                "weight": 4.5,
                "weight_basis": "accepted",
                "weight_reason": "",
                "is_open": False,
            }
        ],
    }

    model = serializers.ChoiceField(StakeholderModel.choices)
    groups = ScoredOutput(many=True)


class ScoreInput(Input):
    group = Text(max_length=60, help_text="The code of the group.")
    attribute = Choice(Attribute.choices)
    value = Whole(min_value=LOWEST_SCORE, max_value=HIGHEST_SCORE, allow_null=True, help_text="Null takes it away.")
    reason = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text="Why; every score has one.")


class ScoresInput(Input):
    example: ClassVar = {
        "model": "power-interest",
        "scores": [{"group": "group-0", "attribute": "power", "value": 4, "reason": "They can leave."}],
    }

    model = Choice(StakeholderModel.choices, required=False, help_text="By which groups are weighed from now on.")
    scores = serializers.ListField(child=ScoreInput(), max_length=MOST_GROUPS * len(Attribute))


class OverruledWeight(Input):
    example: ClassVar = {"weight": 2, "reason": "Few of them buy from us."}

    weight = Weight()
    reason = Text(max_length=LONGEST_TEXT, help_text="Why not the suggested weight.")


class Scores(AssessmentViews):
    tag, noun = "Stakeholders", "scores"

    @operation(gives=ScoresOutput, reads=True)
    def read(self, slug: str) -> dict[str, Any]:
        """Read the scores of all groups, where they stand by them, and the weights that they suggest."""
        return _told(self.assessment(slug))

    @operation(gives=ScoresOutput, takes=ScoresInput)
    def change(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        """Give scores with their reasons; those not named stay.

        Weights stay too: what scores suggest is accepted or overruled by itself."""
        assessment = self.assessment(slug)
        given = body["scores"]
        scores = {
            (one["group"], one["attribute"]): None
            if one["value"] is None
            else GivenScore(one["value"], one.get("reason", ""))
            for one in given
        }
        model = body.get("model", assessment.stakeholder_model)
        try:
            save_scores(assessment=assessment, model=model, scores=scores, by=self.person)
        except ValidationError as refusal:
            raise _placed(refusal, given) from refusal
        return _told(assessment)

    @operation(gives=ScoresOutput)
    def accept(self, slug: str) -> dict[str, Any]:
        """Give every group the weight that its scores suggest, but those that overrule it with a reason."""
        assessment = self.assessment(slug)
        accept_weights(assessment=assessment, by=self.person)
        return _told(assessment)


class SuggestedWeights(AssessmentViews):
    tag, noun = "Stakeholders", "weights"

    @operation(gives=GroupOutput)
    def accept(self, slug: str, code: str) -> StakeholderGroup:
        """Give a group the weight that its scores suggest."""
        return accept_weight(group=self.group(slug, code), by=self.person)

    @operation(gives=GroupOutput, takes=OverruledWeight)
    def overrule(self, slug: str, code: str, body: dict[str, Any]) -> StakeholderGroup:
        """Give a group another weight than its scores suggest, and say why."""
        return overrule_weight(group=self.group(slug, code), by=self.person, **body)


def _told(assessment: Assessment) -> dict[str, Any]:
    groups: list[ScoredGroup] = scored_groups(assessment)
    return {"model": assessment.stakeholder_model, "groups": groups}


def _placed(refusal: ValidationError, given: list[dict[str, Any]]) -> Exception:
    """The refusal at the scores that it is about; as it is where it is about all."""
    if not hasattr(refusal, "error_dict"):
        return refusal
    told = refusal.message_dict
    faults: dict[str, dict[str, list[str]]] = {}
    for place, one in enumerate(given):
        names = {field(one["group"], one["attribute"]): name for name, field in _FIELDS.items()}
        if found := {name: told[field] for field, name in names.items() if field in told}:
            faults[str(place)] = found
    return serializers.ValidationError({"scores": faults})


_FIELDS = {"value": score_field, "reason": reason_field}
urlpatterns = [
    path("assessments/<slug:slug>/scores/", Scores.as_view({"get": "read", "patch": "change"})),
    path("assessments/<slug:slug>/scores/accept/", Scores.as_view({"post": "accept"})),
    path("assessments/<slug:slug>/groups/<slug:code>/weight/accept/", SuggestedWeights.as_view({"post": "accept"})),
    path("assessments/<slug:slug>/groups/<slug:code>/weight/overrule/", SuggestedWeights.as_view({"post": "overrule"})),
]
