"""Analyses, their results, and what moved between two of them."""

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
from materiality.models import AnalysisRun
from materiality.review.runs_compared import Compared, compare_runs
from materiality.review.selectors import decided_results
from materiality.selectors import current_run, get_run
from materiality.services import is_out_of_date, request_analysis
from scoping.api.base import AssessmentViews
from surveys.selectors import tallies_of

DOCUMENT = {
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
    example: ClassVar = {**RunOutput.example, "results": DOCUMENT}

    results = serializers.DictField(help_text="The result as it was computed; the same as in results.json.")


class ResultOutput(Output):
    example: ClassVar = {"run": RunOutput.example, "out_of_date": False, "results": DOCUMENT}

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


# --- two analyses beside each other -----------------------------------------------------------------------
class PlaceOutput(Output):
    rank = serializers.IntegerField(allow_null=True)
    tier = serializers.CharField(allow_null=True)
    priority = serializers.FloatField(allow_null=True)


class MoveOutput(Output):
    code = serializers.CharField(source="difference.code")
    name = serializers.CharField(source="difference.name")
    before = PlaceOutput(source="difference.before", allow_null=True, help_text="Null: only in the later result.")
    now = PlaceOutput(source="difference.now", allow_null=True, help_text="Null: only in the earlier result.")
    ranks_gained = serializers.IntegerField(source="difference.moved", help_text="Below 0 where it fell.")
    other_tier = serializers.BooleanField(source="difference.changes_tier")
    decided_tier = serializers.CharField(
        source="decided", help_text="Given in place of the later result's computed tier; empty where none was."
    )


class ComparedOutput(Output):
    example: ClassVar = {
        "before": {**RunOutput.example, "id": "8e2f7c11-93d5-4c7a-8a54-2f5b1c9d0e66", "respondents": 540},
        "now": RunOutput.example,
        "changes": ["60 new answers: 600 instead of 540."],
        "issues": [
            {
                "code": "water",
                "name": "Water",
                "before": {"rank": 3, "tier": "Moderately important", "priority": 4.1},
                "now": {"rank": 1, "tier": "Highly important", "priority": 4.6},
                "ranks_gained": 2,
                "other_tier": True,
                "decided_tier": "",
            }
        ],
    }

    before = RunOutput()
    now = RunOutput()
    changes = serializers.ListField(
        child=serializers.CharField(), help_text="What was different about answers, weights and method."
    )
    issues = MoveOutput(many=True, source="rows", help_text="In the order of the later result.")


class ComparedRuns(AssessmentViews):
    tag, noun, writes = "Results", "runs_compared", RESULTS

    @operation(gives=ComparedOutput, reads=True)
    def read(self, slug: str, run: UUID, before: UUID) -> Compared:
        """Read what moved from one analysis to another.

        Computed is compared with computed; the tier that people gave instead stands beside it."""
        found = self.assessment(slug).runs.in_bulk([before, run])
        if not {before, run} <= set(found):
            raise AnalysisRun.DoesNotExist
        return compare_runs(found[before], found[run], decided_results(found[run]))


urlpatterns = [
    path("assessments/<slug:slug>/runs/", Runs.as_view({"get": "list", "post": "create"})),
    path("assessments/<slug:slug>/runs/<uuid:run>/", Runs.as_view({"get": "retrieve"})),
    path(
        "assessments/<slug:slug>/runs/<uuid:run>/compared-with/<uuid:before>/",
        ComparedRuns.as_view({"get": "read"}),
    ),
    path("assessments/<slug:slug>/result/", Runs.as_view({"get": "current"})),
]
