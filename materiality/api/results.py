"""Analyses and their results; scenarios that were kept."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from rest_framework import serializers

from accounts.tokens import RESULTS
from api.accounts import JobOutput
from api.fields import Output
from api.operations import operation
from jobs.models import Job
from materiality.models import AnalysisRun, Scenario
from materiality.review.selectors import decided_results
from materiality.scenarios.selectors import get_scenario
from materiality.selectors import current_run, get_run
from materiality.services import is_out_of_date, request_analysis
from scoping.api.base import AssessmentViews
from surveys.selectors import tallies_of

_DOCUMENT = {
    "version": 1,
    "assessment": "example-2026",
    "respondents": 600,
    "tiers": [{"name": "Highly important", "count": 1}],
    "issues": [{"code": "water", "name": "Water", "rank": 1, "tier": "Highly important", "priority": 4.6}],
}


class RunOutput(Output):
    example: ClassVar = {
        "id": "0b7a1f0e-6d0f-4c39-a1ad-0f4b6b1f7a10",
        "created_at": "2026-12-21T07:00:00Z",
        "respondents": 600,
        "simulated_respondents": 0,
        "digest": "9f2c…",
        "engine": "5",
    }

    id = serializers.UUIDField(source="pk")
    created_at = serializers.DateTimeField()
    respondents = serializers.IntegerField()
    simulated_respondents = serializers.IntegerField()
    digest = serializers.CharField(help_text="SHA-256 over everything that the result depends on.")
    engine = serializers.CharField(help_text="The version of the computation.")


class RunDetailOutput(RunOutput):
    example: ClassVar = {**RunOutput.example, "results": _DOCUMENT}

    results = serializers.DictField(help_text="The result as it was computed; the same as in results.json.")


class ResultOutput(Output):
    example: ClassVar = {"run": RunOutput.example, "out_of_date": False, "results": _DOCUMENT}

    run = RunOutput()
    out_of_date = serializers.BooleanField(help_text="Whether an analysis now would start from something else.")
    results = serializers.DictField(help_text="With the tiers that the working group decided.")


class Runs(AssessmentViews):
    tag, noun, writes = "Results", "runs", RESULTS

    @operation(gives=RunOutput, order=("-created_at", "pk"), reads=True)
    def list(self, slug: str) -> QuerySet[AnalysisRun]:
        """List the analyses, newest first."""
        return self.assessment(slug).runs.defer("results", "parameters")

    @operation(gives=JobOutput, status=202)
    def create(self, slug: str) -> Job:
        """Ask for an analysis.

        It runs as a job; while one waits, asking again gives the same one. Read the job until it is done, then the
        result."""
        job = request_analysis(assessment=self.assessment(slug), by=self.person)
        job.refresh_from_db()
        return job

    @operation(gives=RunDetailOutput, reads=True)
    def retrieve(self, slug: str, run: UUID) -> AnalysisRun:
        """Read an analysis with its result as it was computed."""
        return get_run(organisation=self.organisation, assessment=self.assessment(slug), run=run)

    @operation(gives=ResultOutput, reads=True)
    def current(self, slug: str) -> dict[str, Any]:
        """Read the current result, with the tiers that the working group decided.

        404 before the first analysis. Shares, means and probabilities are those that the pages show: none of fewer
        people than the survey promises."""
        assessment = self.assessment(slug)
        found = current_run(organisation=self.organisation, assessment=assessment)
        if found is None:
            raise Http404
        found.assessment = assessment
        return {
            "run": found,
            "out_of_date": is_out_of_date(found, tallies_of(assessment)),
            "results": decided_results(found),
        }


# --- scenarios --------------------------------------------------------------------------------------------
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
    example: ClassVar = {**ScenarioOutput.example, "results": _DOCUMENT}

    results = serializers.DictField(help_text="The result under these adjustments.")


class Scenarios(AssessmentViews):
    tag, noun, writes = "Results", "scenarios", RESULTS

    @operation(gives=ScenarioOutput, order=("-created_at", "pk"), reads=True)
    def list(self, slug: str) -> QuerySet[Scenario]:
        """List the scenarios that were kept, newest first."""
        return self.assessment(slug).scenarios.select_related("created_by").defer("results")

    @operation(gives=ScenarioDetailOutput, reads=True)
    def retrieve(self, slug: str, scenario: UUID) -> Scenario:
        """Read a scenario with its result."""
        return get_scenario(organisation=self.organisation, assessment=self.assessment(slug), scenario=scenario)


urlpatterns = [
    path("assessments/<slug:slug>/runs/", Runs.as_view({"get": "list", "post": "create"})),
    path("assessments/<slug:slug>/runs/<uuid:run>/", Runs.as_view({"get": "retrieve"})),
    path("assessments/<slug:slug>/result/", Runs.as_view({"get": "current"})),
    path("assessments/<slug:slug>/scenarios/", Scenarios.as_view({"get": "list"})),
    path("assessments/<slug:slug>/scenarios/<uuid:scenario>/", Scenarios.as_view({"get": "retrieve"})),
]
