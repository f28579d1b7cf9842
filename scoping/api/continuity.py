"""One assessment after another: which one it continues, which issues continue which, and the next one."""

from typing import Any, ClassVar

from django.urls import path
from rest_framework import serializers

from api.fields import Input, Output, Text, YesNo
from api.operations import operation
from scoping.api.assessments import AssessmentOutput
from scoping.api.base import AssessmentViews
from scoping.continuity import Relation
from scoping.models import Assessment
from scoping.selectors import get_counted_assessment
from scoping.selectors.continuity import Change, changes_of, linking_of
from scoping.services.continuity import carry_forward, link_issues, set_previous
from scoping.services.issues import MOST_ISSUES


class PreviousInput(Input):
    example: ClassVar = {"previous": None}

    previous = Text(max_length=120, allow_null=True, help_text="The slug of the assessment before; null: none.")


class NextInput(Input):
    example: ClassVar = {"name": "Example 2027", "company": "Example Ltd.", "reporting_period": "2027"}

    name = Text(max_length=200)
    company = Text(max_length=200)
    reporting_period = Text(max_length=60)
    with_survey = YesNo(default=True)


class Periods(AssessmentViews):
    tag, noun = "Continuity", "periods"

    @operation(gives=AssessmentOutput, takes=PreviousInput)
    def set_previous(self, slug: str, body: dict[str, Any]) -> Assessment:
        """Say which assessment this one continues.

        Links to issues of another one go."""
        assessment, previous = self.assessment(slug), None
        if body["previous"] is not None:
            previous = Assessment.objects.filter(organisation=self.organisation, slug=body["previous"]).first()
            if previous is None:
                raise serializers.ValidationError({"previous": [f"There is no assessment {body['previous']!r}."]})
        set_previous(assessment=assessment, previous=previous, by=self.person)
        return get_counted_assessment(self.organisation, slug)

    @operation(gives=AssessmentOutput, takes=NextInput, status=201)
    def begin_next(self, slug: str, body: dict[str, Any]) -> Assessment:
        """Begin the next assessment with the scope of this one.

        Groups, scores, tiers, criteria, issues with their sheets and pillars come along; marks, decisions, answers and
        contacts do not."""
        made = carry_forward(assessment=self.assessment(slug), by=self.person, **body)
        return get_counted_assessment(self.organisation, made.slug)


# --- issues that continue others --------------------------------------------------------------------------
class PredecessorOutput(Output):
    issue = serializers.CharField(help_text="The code of the issue.")
    continues = serializers.ListField(child=serializers.CharField(), help_text="Codes of issues of the one before.")


class PredecessorsOutput(Output):
    example: ClassVar = {"previous": "example-2025", "links": [{"issue": "water", "continues": ["water-use"]}]}

    previous = serializers.SlugField(allow_null=True, help_text="The assessment before; null: none is named.")
    links = PredecessorOutput(many=True)


class PredecessorInput(Input):
    issue = Text(max_length=60, help_text="The code of the issue.")
    continues = serializers.ListField(
        child=Text(max_length=60), max_length=MOST_ISSUES, help_text="Codes of issues of the one before, or none."
    )


class PredecessorsInput(Input):
    example: ClassVar = {"links": [{"issue": "water", "continues": ["water-use"]}]}

    links = serializers.ListField(child=PredecessorInput(), max_length=MOST_ISSUES)


class Predecessors(AssessmentViews):
    tag, noun = "Continuity", "predecessors"

    @operation(gives=PredecessorsOutput, reads=True)
    def read(self, slug: str) -> dict[str, Any]:
        """Read which issues of the assessment before each issue continues."""
        return _links(self.assessment(slug))

    @operation(gives=PredecessorsOutput, takes=PredecessorsInput)
    def change(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        """Say which issues of the assessment before issues continue; those not named keep what they have."""
        assessment = self.assessment(slug)
        links = {one["issue"]: one["continues"] for one in body["links"]}
        link_issues(assessment=assessment, links=links, by=self.person)
        return _links(assessment)


def _links(assessment: Assessment) -> dict[str, Any]:
    if assessment.previous is None:
        return {"previous": None, "links": []}
    links = linking_of(assessment, suggest=False).links
    return {
        "previous": assessment.previous.slug,
        "links": [{"issue": one.issue.code, "continues": [before.code for before in one.previous]} for one in links],
    }


# --- what changed -----------------------------------------------------------------------------------------
class NamedOutput(Output):
    code = serializers.CharField()
    name = serializers.CharField()


class ChangeOutput(Output):
    issue = serializers.CharField(help_text="Its code.")
    name = serializers.CharField()
    relation = serializers.ChoiceField([relation.value for relation in Relation if relation != Relation.DROPPED])
    continues = NamedOutput(many=True)
    note = serializers.CharField()


class DroppedOutput(Output):
    code = serializers.CharField(source="previous.code")
    name = serializers.CharField(source="previous.name")
    note = serializers.CharField(help_text="What became of it.")


class ChangesOutput(Output):
    example: ClassVar = {
        "previous": "example-2025",
        "summary": "1 issue renamed, 1 dropped since 2025.",
        "issues": [
            {
                "issue": "water",
                "name": "Water",
                "relation": "renamed",
                "continues": [{"code": "water-use", "name": "Water use"}],
                "note": "",
            }
        ],
        "dropped": [{"code": "noise", "name": "Noise", "note": "Screened out this time."}],
    }

    previous = serializers.SlugField(allow_null=True, help_text="The assessment before; null: none is named.")
    summary = serializers.CharField()
    issues = ChangeOutput(many=True)
    dropped = DroppedOutput(many=True)


class Changes(AssessmentViews):
    tag, noun = "Continuity", "changes"

    @operation(gives=ChangesOutput, reads=True)
    def read(self, slug: str) -> dict[str, Any]:
        """Read what changed on the list since the assessment before, as GRI 3-2 asks."""
        assessment = self.assessment(slug)
        found = changes_of(assessment)
        if found is None or assessment.previous is None:
            return {"previous": None, "summary": "", "issues": [], "dropped": []}
        return {
            "previous": assessment.previous.slug,
            "summary": found.summary,
            "issues": [_change(row) for row in found.rows],
            "dropped": found.dropped,
        }


def _change(row: Change) -> dict[str, Any]:
    return {
        "issue": row.issue.code,
        "name": row.issue.name,
        "relation": row.relation,
        "continues": row.previous,
        "note": row.note,
    }


_PLACE = "assessments/<slug:slug>/"
urlpatterns = [
    path(f"{_PLACE}previous/", Periods.as_view({"put": "set_previous"})),
    path(f"{_PLACE}next/", Periods.as_view({"post": "begin_next"})),
    path(f"{_PLACE}predecessors/", Predecessors.as_view({"get": "read", "patch": "change"})),
    path(f"{_PLACE}changes/", Changes.as_view({"get": "read"})),
]
