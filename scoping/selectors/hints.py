"""What the working group could do beside what it must, and how far a list is that is published without a survey."""

from dataclasses import dataclass

from django.db.models import Count, Min, Q

from scoping.models import Assessment, PublishedResult, StakeholderModel
from scoping.selectors.decided import count_since, newest_decision
from scoping.selectors.record import ATTRIBUTES


@dataclass(frozen=True)
class Hints:
    """What could be done before a survey: screen the list, or what is new on it, and score the groups."""

    may_screen: bool
    since_decision: int
    unscored: int


def hints_of(assessment: Assessment) -> Hints:
    decision = newest_decision(assessment)
    attributes = ATTRIBUTES[StakeholderModel(assessment.stakeholder_model)]
    scored = Count("scores", filter=Q(scores__attribute__in=attributes))
    unscored = assessment.groups.order_by().annotate(scored=scored).filter(scored__lt=len(attributes)).count()
    if decision:
        return Hints(may_screen=False, since_decision=count_since(assessment, decision), unscored=unscored)
    # A list that a report has published is not screened again.
    is_published = PublishedResult.objects.filter(issue__assessment=assessment).exists()
    return Hints(may_screen=not is_published, since_decision=0, unscored=unscored)


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
