"""The method: read and chosen."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.urls import path
from rest_framework import serializers

from accounts.tokens import RESULTS
from api.fields import Choice, Input, Output, Text, YesNo
from api.operations import operation
from materiality.choices import CANNOT_JUDGE, LENIENCY, PRIORITY, RULE, WEIGHTS, Choosing
from materiality.results import method_sentence
from materiality.scoring.tier_rules import AxisCutOffs, CutOffs
from materiality.services import Choice as MethodChoice
from materiality.services import choice_of, choose_method, has_chosen, method_with
from materiality.typed import cuts_of
from scoping.api.base import AssessmentViews
from scoping.models import Assessment


def _values(choosing: Choosing) -> list[str]:
    return [option.value for option in choosing.options]


class MethodOutput(Output):
    example: ClassVar = {
        "chosen": True,
        "weights": "given",
        "priority": "mean",
        "rule": "",
        "cuts": [],
        "cannot_judge": "left_out",
        "leniency": "as_rated",
        "finite_population": False,
        "sentence": "Issues are ranked by the mean of both axes.",
        "misfit": "",
    }

    chosen = serializers.BooleanField(help_text="Whether somebody chose it; else it is the usual one.")
    weights = serializers.ChoiceField(_values(WEIGHTS))
    priority = serializers.ChoiceField(_values(PRIORITY))
    rule = serializers.ChoiceField(_values(RULE), help_text="Empty: as the tiers say.")
    cuts = serializers.ListField(child=serializers.CharField(), help_text="For the rules with cut-offs, high to low.")
    cannot_judge = serializers.ChoiceField(_values(CANNOT_JUDGE))
    leniency = serializers.ChoiceField(_values(LENIENCY))
    finite_population = serializers.BooleanField()
    sentence = serializers.CharField(help_text="The method in words; empty where it does not fit.")
    misfit = serializers.CharField(help_text="Why it does not fit the assessment any more; empty where it does.")


class MethodInput(Input):
    example: ClassVar = {"priority": "max", "weights": "equal"}

    weights = Choice(_values(WEIGHTS), required=False)
    priority = Choice(_values(PRIORITY), required=False)
    rule = Choice(_values(RULE), required=False, allow_blank=True)
    cuts = serializers.ListField(
        child=Text(max_length=20), required=False, max_length=10, help_text="Numbers as texts, such as 3.2: exact."
    )
    cannot_judge = Choice(_values(CANNOT_JUDGE), required=False)
    leniency = Choice(_values(LENIENCY), required=False)
    finite_population = YesNo(required=False)


class MethodViews(AssessmentViews):
    tag, noun, writes = "Method", "method", RESULTS

    @operation(gives=MethodOutput, reads=True)
    def read(self, slug: str) -> dict[str, Any]:
        """Read the method that the next analysis uses."""
        return _told(self.assessment(slug))

    @operation(gives=MethodOutput, takes=MethodInput)
    def choose(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        """Choose the method; what is not given is as usual. Results that exist keep theirs."""
        assessment = self.assessment(slug)
        texts = body.pop("cuts", ())
        cuts = _cuts(texts) if body.get("rule") in (CutOffs.kind, AxisCutOffs.kind) else ()
        try:
            choose_method(assessment=assessment, choice=MethodChoice(cuts=cuts, **body), by=self.person)
        except ValidationError as refusal:
            # The code names the choice that does not fit.
            place = str(getattr(refusal, "code", ""))
            if place in MethodInput().fields:
                raise ValidationError({place: refusal.messages}) from refusal
            raise
        return _told(assessment)


def _cuts(texts: Sequence[str]) -> tuple[str, ...]:
    try:
        return cuts_of("; ".join(texts))
    except ValidationError as refusal:
        raise ValidationError({"cuts": refusal.messages}) from refusal


def _told(assessment: Assessment) -> dict[str, Any]:
    choice = choice_of(assessment)
    sentence = misfit = ""
    try:
        sentence = method_sentence(method_with(choice, assessment))
    except ValidationError as refusal:
        misfit = " ".join(refusal.messages)
    return choice.to_dict() | {"chosen": has_chosen(assessment), "sentence": sentence, "misfit": misfit}


urlpatterns = [path("assessments/<slug:slug>/method/", MethodViews.as_view({"get": "read", "put": "choose"}))]
