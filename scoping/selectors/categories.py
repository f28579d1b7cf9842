"""The categories of a list, and how far their sheets are: for a list that is the result itself."""

from dataclasses import dataclass

from django.db.models import Count, Min, Q

from scoping.models import Assessment


@dataclass(frozen=True)
class Category:
    """A category of the list, with how many issues it has and how many of their sheets say nothing of their meaning."""

    name: str
    issues: int
    without_meaning: int

    @property
    def with_meaning(self) -> int:
        return self.issues - self.without_meaning


def categories_of(assessment: Assessment) -> list[Category]:
    """The categories of the list in the order of their first issue; issues without one last, under no name."""
    rows = (
        assessment.issues.asked()
        .order_by()
        .values_list("category")
        .annotate(issues=Count("pk"), bare=Count("pk", filter=Q(meaning="")), first=Min("position"))
    )
    found = [(not name, first, Category(name, issues, bare)) for name, issues, bare, first in rows]
    return [category for _, _, category in sorted(found, key=lambda row: row[:2])]
