"""What the marks of all members come to, issue by issue, and what the rule proposes.

Marks are counted in the database: a long list has thousands of them, and only their sums come here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, Max, Min, QuerySet, Sum

from scoping.models import Assessment, Criterion, Issue, Mark, ShortListRule, Standing
from scoping.screening import NOBODY, Cell, Outcome, Rule, in_decimals, screen

# Ten to forty issues are usual in a survey; beyond, people stop reading.
LONG_LIST = 40


class ScreenedIssue(NamedTuple):
    """An issue with one cell for each criterion, and what they come to."""

    id: int
    code: str
    name: str
    category: str
    standing: str
    cells: tuple[Cell, ...]
    outcome: Outcome

    @property
    def by_default(self) -> bool:
        """Whether it is on the short list unless somebody overrules that: without marks, it stays."""
        return self.outcome.proposal is not False


@dataclass(frozen=True)
class Screening:
    """The whole long list without merged issues, the furthest above the threshold first, unmarked ones last."""

    criteria: tuple[Criterion, ...]
    rule: Rule
    issues: tuple[ScreenedIssue, ...]

    @property
    def by_must_haves(self) -> bool:
        return self.rule.must_haves is not None

    @property
    def lacks_must_haves(self) -> bool:
        """The rule asks for must-haves, and no criterion is one."""
        return self.rule.must_haves == ()

    @property
    def threshold(self) -> str:
        return in_decimals(self.rule.threshold)

    @cached_property
    def proposed_in(self) -> tuple[ScreenedIssue, ...]:
        return tuple(issue for issue in self.issues if issue.outcome.proposal is True)

    @cached_property
    def proposed_out(self) -> tuple[ScreenedIssue, ...]:
        return tuple(issue for issue in self.issues if issue.outcome.proposal is False)

    @cached_property
    def not_marked(self) -> tuple[ScreenedIssue, ...]:
        """Without a proposal, since a criterion has no mark from anybody."""
        return tuple(issue for issue in self.issues if issue.outcome.proposal is None)

    @cached_property
    def close(self) -> tuple[ScreenedIssue, ...]:
        return tuple(issue for issue in self.issues if issue.outcome.close)

    @cached_property
    def contested(self) -> tuple[ScreenedIssue, ...]:
        return tuple(issue for issue in self.issues if issue.outcome.contested)

    @cached_property
    def begun(self) -> bool:
        """Whether anybody has marked anything."""
        return any(cell.people for issue in self.issues for cell in issue.cells)


def criteria_of(assessment: Assessment) -> list[Criterion]:
    return list(assessment.criteria.all())


def criteria_with_marks(assessment: Assessment) -> list[Criterion]:
    """The criteria, each with `mark_count`: what would go with it."""
    return list(assessment.criteria.annotate(mark_count=Count("marks")).order_by("position", "pk"))


def rule_of(assessment: Assessment, criteria: Sequence[Criterion]) -> Rule:
    """The assessment's rule, as the arithmetic wants it."""
    must_haves = tuple(place for place, criterion in enumerate(criteria) if criterion.must_have)
    by_must_haves = assessment.short_list_rule == ShortListRule.MUST_HAVE
    return Rule(Fraction(assessment.short_list_threshold), must_haves if by_must_haves else None)


def screening_of(assessment: Assessment) -> Screening:
    """What the marks propose for every issue that is not merged into another one. Three queries."""
    criteria = criteria_of(assessment)
    rule = rule_of(assessment, criteria)
    cells = _cells(criteria)
    places = [criterion.pk for criterion in criteria]
    issues = []
    facts = long_list(assessment).values_list("pk", "code", "name", "category", "standing")
    for pk, code, name, category, standing in facts:
        row = tuple(cells.get((pk, criterion), NOBODY) for criterion in places)
        issues.append(ScreenedIssue(pk, code, name, category, standing, row, screen(row, rule)))
    # Sorting is stable, so equals keep the order of the list. A float keeps the sign, and equal fractions stay equal.
    issues.sort(key=_best_first)
    return Screening(tuple(criteria), rule, tuple(issues))


def long_list(assessment: Assessment) -> QuerySet[Issue]:
    return assessment.issues.exclude(standing=Standing.MERGED)


def _best_first(issue: ScreenedIssue) -> tuple[bool, float, float]:
    found = issue.outcome
    return found.margin is None, -float(found.margin or 0), -float(found.total or 0)


def _cells(criteria: Collection[Criterion]) -> dict[tuple[int, int], Cell]:
    counted = (
        Mark.objects.filter(criterion__in=[criterion.pk for criterion in criteria])
        .order_by()
        .values("issue_id", "criterion_id")
        .annotate(people=Count("pk"), total=Sum("value"), lowest=Min("value"), highest=Max("value"))
        .values_list("issue_id", "criterion_id", "people", "total", "lowest", "highest")
    )
    return {(issue, criterion): Cell(*sums) for issue, criterion, *sums in counted}
