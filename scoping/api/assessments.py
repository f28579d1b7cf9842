"""Assessments and their tiers."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from accounts.tokens import MANAGE, SCOPING
from api.fields import Choice, Input, Output, Text, Whole, YesNo
from api.operations import operation
from api.paging import Paging
from api.views import ApiViews
from scoping.api.base import AssessmentViews
from scoping.models import Assessment, Phase, Tier
from scoping.selectors import assessments_of, get_counted_assessment
from scoping.services import create_assessment, remove_assessment, rename_assessment, save_tiers
from scoping.services.tiers import MOST_TIERS, TierPlan


class AssessmentOutput(Output):
    example: ClassVar = {
        "slug": "example-2026",
        "name": "Example 2026",
        "company": "Example Ltd.",
        "reporting_period": "2026",
        "phase": "scoping",
        "with_survey": True,
        "previous": None,
        "origin": "",
        "issue_count": 18,
        "group_count": 6,
        "created_at": "2026-11-20T08:15:00Z",
    }

    slug = serializers.SlugField(help_text="Its name in addresses; it never changes.")
    name = serializers.CharField()
    company = serializers.CharField()
    reporting_period = serializers.CharField()
    phase = serializers.ChoiceField(Phase.choices)
    with_survey = serializers.BooleanField()
    previous = serializers.SlugField(
        source="previous.slug", default=None, allow_null=True, help_text="The assessment of the period before."
    )
    origin = serializers.CharField(help_text="Where a loaded case or an import came from.")
    issue_count = serializers.IntegerField(help_text="Issues that respondents are asked about.")
    group_count = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class NewAssessment(Input):
    example: ClassVar = {"name": "Example 2026", "company": "Example Ltd.", "reporting_period": "2026"}

    name = Text(max_length=200)
    company = Text(max_length=200, help_text="Whose issues are assessed, as respondents know it.")
    reporting_period = Text(max_length=60, help_text="Such as 2026, or FY2026 (April to March).")
    with_survey = YesNo(default=True, help_text="Without one, the list of issues is the result.")


class AssessmentChange(Input):
    example: ClassVar = {"name": "Example, FY2026"}

    name = Text(max_length=200, required=False)
    company = Text(max_length=200, required=False)
    reporting_period = Text(max_length=60, required=False)
    with_survey = YesNo(required=False, help_text="Cannot change once the survey was opened.")


class AssessmentFilters(Paging):
    phase = Choice(Phase.choices, required=False)


class Assessments(ApiViews):
    tag, noun, writes = "Assessments", "assessments", SCOPING
    scopes: ClassVar = {"remove": MANAGE}
    by_people: ClassVar = frozenset({"remove"})

    @operation(gives=AssessmentOutput, query=AssessmentFilters, order=("-created_at", "pk"), reads=True)
    def list(self, query: dict[str, Any]) -> QuerySet[Assessment]:
        """List the assessments, newest first."""
        rows = assessments_of(self.organisation).select_related("previous")
        return rows.filter(phase=query["phase"]) if "phase" in query else rows

    @operation(gives=AssessmentOutput, takes=NewAssessment, status=201)
    def create(self, body: dict[str, Any]) -> Assessment:
        """Create an assessment, with three tiers and criteria for the screening."""
        made = create_assessment(organisation=self.organisation, by=self.person, **body)
        return get_counted_assessment(self.organisation, made.slug)

    @operation(gives=AssessmentOutput, reads=True)
    def retrieve(self, slug: str) -> Assessment:
        """Read an assessment."""
        return get_counted_assessment(self.organisation, slug)

    @operation(gives=AssessmentOutput, takes=AssessmentChange)
    def change(self, slug: str, body: dict[str, Any]) -> Assessment:
        """Rename an assessment, or say whether stakeholders are surveyed."""
        found = get_counted_assessment(self.organisation, slug)
        texts = {field: getattr(found, field) for field in ("name", "company", "reporting_period")}
        rename_assessment(assessment=found, by=self.person, **texts | body)
        return get_counted_assessment(self.organisation, slug)

    @operation(status=204)
    def remove(self, slug: str) -> None:
        """Delete an assessment with all its answers and results."""
        remove_assessment(assessment=get_counted_assessment(self.organisation, slug), by=self.person)


# --- tiers ------------------------------------------------------------------------------------------------
class TierOutput(Output):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    position = serializers.IntegerField(help_text="From 0, the highest first.")
    planned_count = serializers.IntegerField(allow_null=True, help_text="How many issues; null: the data decide.")


class TiersOutput(Output):
    example: ClassVar = {
        "tiers": [
            {"id": 1, "name": "Highly important", "position": 0, "planned_count": 9},
            {"id": 2, "name": "Moderately important", "position": 1, "planned_count": 7},
        ]
    }

    tiers = TierOutput(many=True)


class TierInput(Input):
    id = Whole(required=False, min_value=1, source="tier", help_text="Of the tier that this changes; none: a new one.")
    name = Text(max_length=80)
    planned_count = Whole(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=10_000,
        source="count",
        help_text="Null: the data decide.",
    )


class TiersInput(Input):
    example: ClassVar = {
        "tiers": [{"id": 1, "name": "Highly important", "planned_count": 9}, {"name": "Other", "planned_count": 9}]
    }

    tiers = serializers.ListField(child=TierInput(), min_length=1, max_length=MOST_TIERS)


class Tiers(AssessmentViews):
    tag, noun = "Tiers", "tiers"

    @operation(gives=TiersOutput, reads=True)
    def read(self, slug: str) -> dict[str, list[Tier]]:
        """Read the tiers, highest first."""
        return {"tiers": list(self.assessment(slug).tiers.all())}

    @operation(gives=TiersOutput, takes=TiersInput)
    def replace(self, slug: str, body: dict[str, Any]) -> dict[str, list[Tier]]:
        """Set the tiers, highest first.

        Those that are not named are removed. Give every tier a number of issues, or none of them. A proposal made
        of other tiers is withdrawn by this, and a confirmation becomes void: read the proposals for why."""
        plans = [TierPlan(**plan) for plan in body["tiers"]]
        return {"tiers": save_tiers(assessment=self.assessment(slug), tiers=plans, by=self.person)}


urlpatterns = [
    path("assessments/", Assessments.as_view({"get": "list", "post": "create"})),
    path(
        "assessments/<slug:slug>/",
        Assessments.as_view({"get": "retrieve", "patch": "change", "delete": "remove"}),
    ),
    path("assessments/<slug:slug>/tiers/", Tiers.as_view({"get": "read", "put": "replace"})),
]
