"""Scenarios: the result under other weights, rules or exclusions, kept under a name."""

from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from accounts.tokens import READ, RESULTS
from api.fields import Input, Output, Text
from api.operations import operation
from materiality.api.method import MethodInput
from materiality.api.results import DOCUMENT
from materiality.models import Scenario
from materiality.scenarios.selectors import get_scenario
from materiality.scenarios.services import LONGEST_NAME, delete_scenario, keep_scenario, rename_scenario
from materiality.services import choice_of
from materiality.typed import cuts_of
from materiality.whatif.adjustments import Adjustments
from materiality.whatif.recomputing import recompute
from scoping.api.base import AssessmentViews
from scoping.models import Assessment
from scoping.services.groups import MOST_GROUPS
from scoping.services.issues import MOST_ISSUES


class ScenarioOutput(Output):
    example: ClassVar = {
        "id": "c7d2ff6a-2a08-4a70-9b9f-6b1a4c1fd6a2",
        "name": "Investors count twice",
        "created_at": "2026-12-21T07:30:00Z",
        "created_by": "li@example.org",
        "adjustments": {"weights": {"investors": "2"}},
        "respondents": 600,
    }

    id = serializers.UUIDField(source="pk")
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    created_by = serializers.EmailField(source="created_by.email", default=None, allow_null=True)
    adjustments = serializers.DictField(help_text="What it changed about the result.")
    respondents = serializers.IntegerField()


class ScenarioDetailOutput(ScenarioOutput):
    example: ClassVar = {**ScenarioOutput.example, "results": DOCUMENT}

    results = serializers.DictField(help_text="The result under these adjustments.")


class AdjustmentsInput(Input):
    choice = MethodInput(required=False, help_text="What is different about the method; all else stays as chosen.")
    weights = serializers.DictField(
        child=Text(max_length=40), required=False, help_text="By code of the group, as texts such as 2, 1.5 or 1/3."
    )
    left_out_groups = serializers.ListField(child=Text(max_length=60), required=False, max_length=MOST_GROUPS)
    left_out_issues = serializers.ListField(child=Text(max_length=60), required=False, max_length=MOST_ISSUES)


class ScenarioInput(Input):
    example: ClassVar = {"name": "Investors count twice", "adjustments": {"weights": {"group-0": "2"}}}

    name = Text(max_length=LONGEST_NAME)
    adjustments = AdjustmentsInput()


class WhatIfInput(Input):
    example: ClassVar = {"adjustments": {"weights": {"group-0": "2"}}}

    adjustments = AdjustmentsInput()


class WhatIfOutput(Output):
    example: ClassVar = {"adjustments": {"weights": {"investors": "2"}}, "results": DOCUMENT}

    adjustments = serializers.DictField(help_text="As they were understood.")
    results = serializers.DictField(help_text="The result under these adjustments.")


class ScenarioChange(Input):
    example: ClassVar = {"name": "Investors count twice"}

    name = Text(max_length=LONGEST_NAME)


class Scenarios(AssessmentViews):
    tag, noun, writes = "Results", "scenarios", RESULTS
    # To ask what if changes nothing.
    scopes: ClassVar = {"what_if": READ}

    @operation(gives=ScenarioOutput, order=("-created_at", "pk"), reads=True)
    def list(self, slug: str) -> QuerySet[Scenario]:
        """List the scenarios that were kept, newest first."""
        return self.assessment(slug).scenarios.select_related("created_by").defer("results")

    @operation(gives=ScenarioDetailOutput, reads=True)
    def retrieve(self, slug: str, scenario: UUID) -> Scenario:
        """Read a scenario with its result."""
        return self._scenario(slug, scenario)

    @operation(gives=ScenarioDetailOutput, takes=ScenarioInput, status=201)
    def create(self, slug: str, body: dict[str, Any]) -> Scenario:
        """Compute the result under adjustments, and keep it under a name.

        The result of the assessment stays as it is."""
        assessment = self.assessment(slug)
        adjustments = _adjustments(assessment, body["adjustments"])
        return keep_scenario(assessment=assessment, name=body["name"], adjustments=adjustments, by=self.person)

    @operation(gives=ScenarioOutput, takes=ScenarioChange)
    def change(self, slug: str, scenario: UUID, body: dict[str, Any]) -> Scenario:
        """Rename a scenario."""
        return rename_scenario(scenario=self._scenario(slug, scenario), name=body["name"], by=self.person)

    @operation(status=204)
    def remove(self, slug: str, scenario: UUID) -> None:
        """Delete a scenario with its result."""
        delete_scenario(scenario=self._scenario(slug, scenario), by=self.person)

    @operation(gives=WhatIfOutput, takes=WhatIfInput)
    def what_if(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        """Compute the result under adjustments, from the answers as they are now. Nothing is kept or changed."""
        assessment = self.assessment(slug)
        adjustments = _adjustments(assessment, body["adjustments"])
        results = recompute(assessment=assessment, adjustments=adjustments, settling=False)
        return {"adjustments": adjustments.to_dict(), "results": results}

    def _scenario(self, slug: str, scenario: UUID) -> Scenario:
        return get_scenario(organisation=self.organisation, assessment=self.assessment(slug), scenario=scenario)


def _adjustments(assessment: Assessment, body: dict[str, Any]) -> Adjustments:
    """What `body` says; of the method, what it does not say is as the assessment has it."""
    said = dict(body.get("choice", {}))
    if "cuts" in said:
        try:
            said["cuts"] = cuts_of("; ".join(said["cuts"]))
        except ValidationError as refusal:
            wrong = {"adjustments": {"choice": {"cuts": refusal.messages}}}
            raise serializers.ValidationError(wrong) from refusal
    choice = replace(choice_of(assessment), **said)
    try:
        return Adjustments.from_dict(body | {"choice": choice.to_dict()})
    except ValidationError as refusal:
        raise serializers.ValidationError({"adjustments": {"weights": refusal.messages}}) from refusal


_SCENARIOS = "assessments/<slug:slug>/scenarios/"
urlpatterns = [
    path("assessments/<slug:slug>/what-if/", Scenarios.as_view({"post": "what_if"})),
    path(_SCENARIOS, Scenarios.as_view({"get": "list", "post": "create"})),
    path(
        f"{_SCENARIOS}<uuid:scenario>/",
        Scenarios.as_view({"get": "retrieve", "patch": "change", "delete": "remove"}),
    ),
]
