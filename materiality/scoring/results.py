"""What an analysis returns. Exact where it was computed exactly; `float` makes it ready for JSON."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from materiality.scoring.agreement import Agreement
from materiality.scoring.method import Method
from materiality.scoring.settling import Settling
from materiality.scoring.tiers import Boundaries

NoteKind = Literal[
    "group_without_answers",
    "group_with_one_respondent",
    "group_with_borrowed_spread",
    "issues_without_answers_in_group",
    "issues_with_one_answer_in_group",
    "axis_without_groups",
    "axis_without_answers",
    "issues_without_answers",
    "issues_without_axis",
    "too_few_priorities",
]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Note:
    """A fact that a reader of the result must know. The words are for pages to find.

    Parameters
    ----------
    kind : str
        - ``group_without_answers``: `group` drops out, the weights of the rest are renormalised.
        - ``group_with_one_respondent``: nothing is known of the spread in `group`, nor of another group that counts
          on its axis; it is taken as fixed.
        - ``group_with_borrowed_spread``: `group` has one respondent; that it spreads as the other groups of its axis
          do is all that is known.
        - ``issues_without_answers_in_group``: `group` drops out for `issues`.
        - ``issues_with_one_answer_in_group``: one respondent of `group` rated `issues`; that they spread as its other
          issues do is all that is known.
        - ``axis_without_groups``, ``axis_without_answers``: no group of `axis`, or none with a weight that
          answered. The priority is of the other axes alone.
        - ``issues_without_answers``: no group that counts rated `issues`: no rank and no tier.
        - ``issues_without_axis``: nobody on `axis` rated `issues`, while others were: no rank and no tier.
        - ``too_few_priorities``: natural breaks found `number` different priorities, fewer than tiers.
    group : str, optional
    axis : str, optional
    issues : tuple of int
        Positions of the issues concerned.
    number : int, optional
    """

    kind: NoteKind
    group: str | None = None
    axis: str | None = None
    issues: tuple[int, ...] = ()
    number: int | None = None


@dataclass(frozen=True)
class GroupResult:
    """A group as it was counted.

    Parameters
    ----------
    name, axis : str
    weight : Fraction
        As given.
    share : Fraction
        Of its axis, after groups without answers dropped out: 0 to 1.
    respondents : int
    """

    name: str
    axis: str
    weight: Fraction
    share: Fraction
    respondents: int


@dataclass(frozen=True)
class IssueResult:
    """One issue. Whatever could not be computed is None.

    Parameters
    ----------
    axes : (axes,) Fraction or None
        Its value on each of the method's axes, on the rating scale.
    priority : float or None
        On the rating scale.
    priority_key : Fraction or None
        What issues are ordered by, exactly: the priority, or its square with the rule "distance".
    rank : int or None
        1 for the highest; ties share the better rank.
    tier : int or None
        Index into the method's tiers.
    tier_probability : (tiers,) float or None
    rank_interval : (best, worst) or None
    axis_intervals : (axes,) (low, high) or None
    priority_interval : (low, high) or None
        They hold with the method's probability.
    to_settle : Settling or None
        What would settle its tier; None where that is settled, or not known.
    answers : int
        Ratings from all groups.
    group_means : (groups,) Fraction or None
    group_answers : (groups,) int
    spread : Fraction or None
        Highest minus lowest group mean; None with fewer than two.
    contested : bool
        Whether the spread reaches that of the method.
    """

    axes: tuple[Fraction | None, ...]
    priority: float | None
    priority_key: Fraction | None
    rank: int | None
    tier: int | None
    tier_probability: tuple[float, ...] | None
    rank_interval: tuple[int, int] | None
    axis_intervals: tuple[Interval | None, ...]
    priority_interval: Interval | None
    to_settle: Settling | None
    answers: int
    group_means: tuple[Fraction | None, ...]
    group_answers: tuple[int, ...]
    spread: Fraction | None
    contested: bool


@dataclass(frozen=True)
class Result:
    """The result of one analysis.

    Parameters
    ----------
    method : Method
    scale : (low, high)
    respondents : int
    groups : tuple of GroupResult
        In the order given.
    issues : tuple of IssueResult
        In the order given, so that position i is issue i of every tally.
    agreement : Agreement
    boundaries : Boundaries
    notes : tuple of Note
    """

    method: Method
    scale: tuple[int, int]
    respondents: int
    groups: tuple[GroupResult, ...]
    issues: tuple[IssueResult, ...]
    agreement: Agreement
    boundaries: Boundaries
    notes: tuple[Note, ...]

    @property
    def order(self) -> tuple[int, ...]:
        """Positions of the issues by rank, ties as they were given, those without rank last."""
        last = len(self.issues) + 1
        return tuple(sorted(range(len(self.issues)), key=lambda i: self.issues[i].rank or last))

    @property
    def tier_counts(self) -> tuple[int, ...]:
        """(tiers,) How many issues are in each tier."""
        return tuple(sum(issue.tier == tier for issue in self.issues) for tier in range(len(self.method.tiers)))
