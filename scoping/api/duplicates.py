"""Issues whose names are alike: pointed out, and kept apart where they are two. Merging them stands with the issues."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from api.fields import Input, Output, Text
from api.operations import operation
from scoping.api.base import AssessmentViews
from scoping.api.continuity import NamedOutput
from scoping.models import Issue, Phase, Standing
from scoping.selectors.issues import Pair, duplicates_of, in_full, pairs_apart
from scoping.services.merging import keep_apart, point_out_again

MOST_PAIRS = 1_000


class CandidateOutput(Output):
    code = serializers.CharField(source="issue.code")
    name = serializers.CharField(source="issue.name")
    category = serializers.CharField(source="issue.category")
    standing = serializers.ChoiceField(Standing.choices, source="issue.standing")
    mentions = serializers.IntegerField(help_text="How often it was found.")
    obstacle = serializers.CharField(help_text="Why it cannot be merged into the other one; empty where it can.")


class PairOutput(Output):
    one = CandidateOutput()
    other = CandidateOutput()
    alike = serializers.SerializerMethodField(help_text="How alike the names are, 0 to 1.")
    why = serializers.CharField(help_text="What they have in common.")
    cluster = serializers.IntegerField(help_text="Pairs of one number hang together.")

    def get_alike(self, pair: Pair) -> float:
        return round(pair.share, 4)


class NearDuplicatesOutput(Output):
    example: ClassVar = {
        "found": 1,
        "pairs": [
            {
                "one": {
                    "code": "staff-training",
                    "name": "Staff training",
                    "category": "Social",
                    "standing": "listed",
                    "mentions": 3,
                    "obstacle": "",
                },
                "other": {
                    "code": "employee-training-and-growth",
                    "name": "Employee training and growth",
                    "category": "",
                    "standing": "left-out",
                    "mentions": 1,
                    "obstacle": "",
                },
                "alike": 1.0,
                "why": "means the same here",
                "cluster": 0,
            }
        ],
    }

    found = serializers.IntegerField(help_text="How many pairs there are.")
    pairs = PairOutput(
        many=True, help_text=f"The first {MOST_PAIRS:,} of them, cluster by cluster, the most alike first."
    )


class ApartOutput(Output):
    example: ClassVar = {
        "one": {"code": "water-use", "name": "Water use"},
        "other": {"code": "waste-use", "name": "Waste use"},
    }

    one = NamedOutput(source="from_issue")
    other = NamedOutput(source="to_issue")


class OtherInput(Input):
    example: ClassVar = {"other": "issue-1"}

    other = Text(max_length=60, help_text="The code of the other issue.")


class IssueApartOutput(Output):
    example: ClassVar = {"code": "water-use", "apart": ["waste-use"]}

    code = serializers.CharField()
    apart = serializers.ListField(child=serializers.CharField(), help_text="What it is kept apart from.")


class NearDuplicates(AssessmentViews):
    tag, noun = "Issues", "near_duplicates"

    @operation(gives=NearDuplicatesOutput, reads=True)
    def read(self, slug: str) -> dict[str, Any]:
        """Read which unmerged issues have names that are much alike, and why.

        Whether they mean the same nobody can tell but people. What is merged or kept apart is not in it."""
        assessment = self.assessment(slug)
        found = duplicates_of(assessment).pairs
        frozen = assessment.phase != Phase.SCOPING
        return {"found": len(found), "pairs": in_full(assessment, found[:MOST_PAIRS], frozen=frozen)}

    @operation(gives=ApartOutput, order=("from_issue__position", "to_issue__position", "pk"), reads=True)
    def list_apart(self, slug: str) -> QuerySet[Any]:
        """List the pairs of unmerged issues of which somebody has said that they are two."""
        return pairs_apart(self.assessment(slug))

    @operation(gives=IssueApartOutput, takes=OtherInput)
    def keep_apart(self, slug: str, code: str, body: dict[str, Any]) -> dict[str, Any]:
        """Say that two issues are two in spite of their names. They are not pointed out again."""
        issue, other = self._both(slug, code, body)
        keep_apart(issue=issue, other=other, by=self.person)
        return _told(issue)

    @operation(gives=IssueApartOutput, takes=OtherInput)
    def point_out_again(self, slug: str, code: str, body: dict[str, Any]) -> dict[str, Any]:
        """Take back that two issues are two."""
        issue, other = self._both(slug, code, body)
        point_out_again(issue=issue, other=other, by=self.person)
        return _told(issue)

    def _both(self, slug: str, code: str, body: dict[str, Any]) -> tuple[Issue, Issue]:
        issue = self.issue(slug, code)
        other: Issue | None = issue.assessment.issues.filter(code=body["other"]).first()
        if other is None:
            raise serializers.ValidationError({"other": [f"There is no issue with the code {body['other']!r}."]})
        return issue, other


def _told(issue: Issue) -> dict[str, Any]:
    apart = issue.distinct_from.order_by("position", "pk").values_list("code", flat=True)
    return {"code": issue.code, "apart": list(apart)}


_ASSESSMENT = "assessments/<slug:slug>/"
_ISSUE = f"{_ASSESSMENT}issues/<slug:code>/"
urlpatterns = [
    path(f"{_ASSESSMENT}near-duplicates/", NearDuplicates.as_view({"get": "read"})),
    path(f"{_ASSESSMENT}kept-apart/", NearDuplicates.as_view({"get": "list_apart"})),
    path(f"{_ISSUE}keep-apart/", NearDuplicates.as_view({"post": "keep_apart"})),
    path(f"{_ISSUE}point-out-again/", NearDuplicates.as_view({"post": "point_out_again"})),
]
