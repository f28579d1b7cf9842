"""What a report holds beside the result: the pillars of the company's own model, and the content index."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from api.fields import Choice, Input, Output, Text
from api.operations import operation
from api.paging import Paging
from scoping.api.base import AssessmentViews
from scoping.libraries.catalogue import SLUGS
from scoping.models import Assessment, IndexEntry, Issue, Pillar
from scoping.services.index import remove_entry, save_entry, start_index
from scoping.services.issues import MOST_ISSUES
from scoping.services.pillars import remove_pillar, save_pillar
from scoping.services.scope import LONGEST_TEXT


# --- pillars ----------------------------------------------------------------------------------------------
class PillarOutput(Output):
    example: ClassVar = {"id": 3, "name": "Circular economy", "topics": "Reuse\nRepair", "issues": ["water"]}

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    topics = serializers.CharField(help_text="What the model names under it, one per line.")
    issues = serializers.SerializerMethodField(help_text="Codes of the issues that it carries.")

    def get_issues(self, pillar: Pillar) -> list[str]:
        return [issue.code for issue in pillar.issues.all()]


class NewPillar(Input):
    example: ClassVar = {"name": "Circular economy", "topics": "Reuse\nRepair", "issues": ["issue-0"]}

    name = Text(max_length=200)
    topics = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    issues = serializers.ListField(
        child=Text(max_length=60), required=False, max_length=MOST_ISSUES, help_text="Codes of issues."
    )


class PillarChange(NewPillar):
    example: ClassVar = {"topics": "Reuse\nRepair\nRecycling"}

    name = Text(max_length=200, required=False)


class Pillars(AssessmentViews):
    tag, noun = "Report", "pillars"

    @operation(gives=PillarOutput, order=("position", "pk"), reads=True)
    def list(self, slug: str) -> QuerySet[Pillar]:
        """List the pillars of the company's own sustainability model."""
        return self.assessment(slug).pillars.prefetch_related("issues")

    @operation(gives=PillarOutput, takes=NewPillar, status=201)
    def create(self, slug: str, body: dict[str, Any]) -> Pillar:
        """Add a pillar, with the issues that it carries."""
        assessment = self.assessment(slug)
        return save_pillar(assessment=assessment, by=self.person, **_with_issues(assessment, body))

    @operation(gives=PillarOutput, takes=PillarChange)
    def change(self, slug: str, pillar: int, body: dict[str, Any]) -> Pillar:
        """Change a pillar; issues that are given take the place of all that it carried."""
        assessment = self.assessment(slug)
        present = assessment.pillars.get(pk=pillar)
        kept = {"name": present.name, "topics": present.topics, "issues": list(present.issues.all())}
        values = kept | _with_issues(assessment, body)
        return save_pillar(assessment=assessment, pillar=present, by=self.person, **values)

    @operation(status=204)
    def remove(self, slug: str, pillar: int) -> None:
        """Remove a pillar; the issues that it carried stay."""
        remove_pillar(pillar=self.assessment(slug).pillars.get(pk=pillar), by=self.person)


def _with_issues(assessment: Assessment, body: dict[str, Any]) -> dict[str, Any]:
    """`body` with the issues that its codes are of."""
    if "issues" not in body:
        return body
    found = {issue.code: issue for issue in assessment.issues.filter(code__in=body["issues"])}
    for code in body["issues"]:
        if code not in found:
            raise serializers.ValidationError({"issues": [_no_issue(code)]})
    return body | {"issues": list(found.values())}


def _no_issue(code: str) -> str:
    return f"There is no issue with the code {code!r} in this assessment."


# --- the content index ------------------------------------------------------------------------------------
class EntryOutput(Output):
    example: ClassVar = {
        "id": 88,
        "framework": "hkex",
        "code": "A2.2",
        "title": "Water consumption in total and intensity",
        "location": "Chapter 3, p. 41",
        "issue": "water",
    }

    id = serializers.IntegerField(source="pk")
    framework = serializers.CharField()
    code = serializers.CharField()
    title = serializers.CharField()
    location = serializers.CharField(help_text="Where the report answers it; empty while nobody has said.")
    issue = serializers.CharField(source="issue.code", default=None, allow_null=True, help_text="The code of an issue.")


class NewEntry(Input):
    example: ClassVar = {"framework": "hkex", "code": "A2.2", "location": "Chapter 3, p. 41", "issue": "issue-0"}

    framework = Choice(SLUGS)
    code = Text(max_length=40)
    title = Text(required=False, allow_blank=True, max_length=300, help_text="Of the library, if it is not given.")
    location = Text(required=False, allow_blank=True, max_length=300)
    issue = Text(required=False, allow_null=True, max_length=60, help_text="The code of an issue.")


class EntryChange(NewEntry):
    example: ClassVar = {"location": "Chapter 3, p. 42"}

    framework = Choice(SLUGS, required=False)
    code = Text(max_length=40, required=False)


class EntryFilters(Paging):
    framework = Choice(SLUGS, required=False)


class StartInput(Input):
    example: ClassVar = {"framework": "gri"}

    framework = Choice(SLUGS)


class StartedOutput(Output):
    example: ClassVar = {"added": 117}

    added = serializers.IntegerField(help_text="How many rows.")


class IndexEntries(AssessmentViews):
    tag, noun = "Report", "index"

    @operation(gives=EntryOutput, query=EntryFilters, order=("framework", "position", "pk"), reads=True)
    def list(self, slug: str, query: dict[str, Any]) -> QuerySet[IndexEntry]:
        """List where the report answers the disclosures of frameworks."""
        return self.assessment(slug).index_entries.select_related("issue").filter(**query)

    @operation(gives=EntryOutput, takes=NewEntry, status=201)
    def create(self, slug: str, body: dict[str, Any]) -> IndexEntry:
        """Add a row to the content index."""
        assessment = self.assessment(slug)
        return save_entry(assessment=assessment, by=self.person, **_with_issue(assessment, body))

    @operation(gives=StartedOutput, takes=StartInput, status=201)
    def start(self, slug: str, body: dict[str, Any]) -> dict[str, int]:
        """Add a row for every disclosure of a framework that has none yet."""
        return {"added": start_index(assessment=self.assessment(slug), by=self.person, **body)}

    @operation(gives=EntryOutput, takes=EntryChange)
    def change(self, slug: str, entry: int, body: dict[str, Any]) -> IndexEntry:
        """Change a row of the content index."""
        assessment = self.assessment(slug)
        present = assessment.index_entries.select_related("issue").get(pk=entry)
        kept = {name: getattr(present, name) for name in ("framework", "code", "title", "location", "issue")}
        values = kept | _with_issue(assessment, body)
        return save_entry(assessment=assessment, entry=present, by=self.person, **values)

    @operation(status=204)
    def remove(self, slug: str, entry: int) -> None:
        """Remove a row of the content index."""
        remove_entry(entry=self.assessment(slug).index_entries.get(pk=entry), by=self.person)


def _with_issue(assessment: Assessment, body: dict[str, Any]) -> dict[str, Any]:
    """`body` with the issue that its code is of."""
    if body.get("issue") is None:
        return body
    found: Issue | None = assessment.issues.filter(code=body["issue"]).first()
    if found is None:
        raise serializers.ValidationError({"issue": [_no_issue(body["issue"])]})
    return body | {"issue": found}


_PILLARS, _INDEX = "assessments/<slug:slug>/pillars/", "assessments/<slug:slug>/index/"
urlpatterns = [
    path(_PILLARS, Pillars.as_view({"get": "list", "post": "create"})),
    path(f"{_PILLARS}<int:pillar>/", Pillars.as_view({"patch": "change", "delete": "remove"})),
    path(_INDEX, IndexEntries.as_view({"get": "list", "post": "create"})),
    path(f"{_INDEX}start/", IndexEntries.as_view({"post": "start"})),
    path(f"{_INDEX}<int:entry>/", IndexEntries.as_view({"patch": "change", "delete": "remove"})),
]
