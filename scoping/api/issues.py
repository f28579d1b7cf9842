"""Issues: the long list with filters, what a report says about each, merges."""

from typing import Any, ClassVar

from django.db.models import F, Q, QuerySet
from django.db.transaction import atomic
from django.urls import path
from rest_framework import serializers

from api.fields import Choice, Input, Output, Text, Whole, YesNo
from api.operations import operation
from api.paging import Paging
from scoping.api.base import AssessmentViews
from scoping.models import Issue, Standing
from scoping.services import NewIssue, add_issues, remove_issue, save_issue
from scoping.services.issues import LONGEST_DESCRIPTION, MOST_ISSUES
from scoping.services.merging import merge_issue, unmerge_issue
from scoping.services.scope import LONGEST_TEXT
from scoping.services.sheets import save_sheet

# What respondents read, and what a report says about an issue.
SHEET = ("meaning", "practice", "improvement", "chapters", "sdgs", "owners")
COLUMNS = ("code", "name", "category", "description", "position", "standing", *SHEET)


class IssueOutput(Output):
    example: ClassVar = {
        "code": "water",
        "name": "Water",
        "category": "Environment",
        "description": "How much water the company uses, and what it gives back.",
        "position": 3,
        "standing": "listed",
        "merged_into": None,
        "meaning": "",
        "practice": "",
        "improvement": "",
        "chapters": "",
        "sdgs": [6],
        "owners": "Operations",
    }

    code = serializers.CharField()
    name = serializers.CharField()
    category = serializers.CharField()
    description = serializers.CharField()
    position = serializers.IntegerField()
    standing = serializers.ChoiceField(Standing.choices)
    merged_into = serializers.CharField(
        source="survivor_code", allow_null=True, help_text="The code of the issue that stands for it."
    )
    meaning = serializers.CharField(help_text="What it means to the company.")
    practice = serializers.CharField(help_text="What the company does about it.")
    improvement = serializers.CharField(help_text="What it will do better.")
    chapters = serializers.CharField(help_text="The chapters of the report about it, one per line.")
    sdgs = serializers.ListField(child=serializers.IntegerField(), help_text="Numbers of the goals, 1 to 17.")
    owners = serializers.CharField(help_text="Who answers for it in the company.")


class _Asked(Input):
    """What respondents read."""

    category = Text(required=False, allow_blank=True, max_length=120)
    description = Text(required=False, allow_blank=True, max_length=LONGEST_DESCRIPTION)


class _Sheet(_Asked):
    meaning = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    practice = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    improvement = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    chapters = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    sdgs = serializers.ListField(child=Whole(min_value=1, max_value=17), required=False, max_length=17)
    owners = Text(required=False, allow_blank=True, max_length=300)


class IssueInput(_Asked):
    example: ClassVar = {"name": "Water", "category": "Environment"}

    name = Text(max_length=300)
    code = Text(required=False, max_length=60, help_text="Its name in addresses; made of the name if not given.")


class IssueChange(_Sheet):
    example: ClassVar = {"description": "How much water the company uses.", "sdgs": [6]}

    name = Text(max_length=300, required=False)
    code = Text(required=False, max_length=60)
    place = Whole(required=False, min_value=1, max_value=MOST_ISSUES, help_text="Where respondents see it, from 1.")


class IssuesInput(Input):
    example: ClassVar = {"issues": [{"name": "Water", "category": "Environment"}, {"name": "Waste"}], "only_new": True}

    issues = serializers.ListField(child=IssueInput(), min_length=1, max_length=MOST_ISSUES)
    only_new = YesNo(default=False, help_text="Leave out those whose names are in the list already.")


class AddedOutput(Output):
    example: ClassVar = {"added": [IssueOutput.example]}

    added = IssueOutput(many=True)


class MergeInput(Input):
    example: ClassVar = {"into": "water"}

    into = Text(max_length=60, help_text="The code of the issue that stands for both from now on.")


class IssueFilters(Paging):
    standing = Choice(Standing.choices, required=False)
    category = Text(required=False, max_length=120)
    search = Text(required=False, max_length=200, help_text="Words of name, code, category or owners.")


class Issues(AssessmentViews):
    tag, noun = "Issues", "issues"

    @operation(gives=IssueOutput, query=IssueFilters, order=("position", "pk"), reads=True)
    def list(self, slug: str, query: dict[str, Any]) -> QuerySet[Issue, dict[str, Any]]:
        """List the issues, also those that respondents are not asked about."""
        rows = self.assessment(slug).issues.all()
        for field in ("standing", "category"):
            if field in query:
                rows = rows.filter(**{field: query[field]})
        for word in query.get("search", "").split():
            fields = ("name", "code", "category", "owners")
            rows = rows.filter(Q(*((f"{field}__icontains", word) for field in fields), _connector=Q.OR))
        # Plain values: a thousand objects take longer to put together than to write.
        return rows.values("pk", *COLUMNS, survivor_code=F("merged_into__code"))

    @operation(gives=IssueOutput, takes=IssueInput, status=201)
    def create(self, slug: str, body: dict[str, Any]) -> Issue:
        """Add an issue.

        After the survey has opened it is noted for the next assessment."""
        return save_issue(assessment=self.assessment(slug), by=self.person, **body)

    @operation(gives=AddedOutput, takes=IssuesInput, status=201)
    def create_many(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        """Add many issues at once: all of them, or none."""
        issues = [NewIssue(**wanted) for wanted in body["issues"]]
        assessment = self.assessment(slug)
        return {"added": add_issues(assessment=assessment, issues=issues, only_new=body["only_new"], by=self.person)}

    @operation(gives=IssueOutput, reads=True)
    def retrieve(self, slug: str, code: str) -> Issue:
        """Read an issue."""
        return self.issue(slug, code)

    @operation(gives=IssueOutput, takes=IssueChange)
    def change(self, slug: str, code: str, body: dict[str, Any]) -> Issue:
        """Change an issue: what respondents read until the survey opens, what the report says at any time."""
        found = self.issue(slug, code)
        with atomic():
            sheet = {field: body.pop(field) for field in SHEET if field in body}
            if body:
                kept = {field: getattr(found, field) for field in ("name", "category", "description", "code")}
                found = save_issue(assessment=found.assessment, issue=found, by=self.person, **kept | body)
            if sheet:
                kept = {field: getattr(found, field) for field in SHEET}
                found = save_sheet(issue=found, by=self.person, **kept | sheet)
        return found

    @operation(status=204)
    def remove(self, slug: str, code: str) -> None:
        """Remove an issue that nobody has been asked about, with its mentions."""
        remove_issue(issue=self.issue(slug, code), by=self.person)

    @operation(gives=IssueOutput, takes=MergeInput)
    def merge(self, slug: str, code: str, body: dict[str, Any]) -> Issue:
        """Merge an issue into another one, which is answered with.

        Nothing moves, so that it can be undone."""
        found = self.issue(slug, code)
        into = found.assessment.issues.filter(code=body["into"]).first()
        if into is None:
            raise serializers.ValidationError({"into": [f"There is no issue with the code {body['into']!r}."]})
        return merge_issue(issue=found, into=into, by=self.person)

    @operation(gives=IssueOutput)
    def unmerge(self, slug: str, code: str) -> Issue:
        """Undo a merge."""
        return unmerge_issue(issue=self.issue(slug, code), by=self.person)


_ISSUE = "assessments/<slug:slug>/issues/<slug:code>/"
urlpatterns = [
    path("assessments/<slug:slug>/issues/", Issues.as_view({"get": "list", "post": "create"})),
    path("assessments/<slug:slug>/issues-batch/", Issues.as_view({"post": "create_many"})),
    path(_ISSUE, Issues.as_view({"get": "retrieve", "patch": "change", "delete": "remove"})),
    path(f"{_ISSUE}merge/", Issues.as_view({"post": "merge"})),
    path(f"{_ISSUE}unmerge/", Issues.as_view({"post": "unmerge"})),
]
