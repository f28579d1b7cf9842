"""Views that an average hides: a group that would have put an issue in another tier, and groups that are divided.

Two rules, each with a reason, and no list of exceptions. Knows groups and their result; what small groups may not show
is decided before (surveys/protection.py), and what a division may tell of few people here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from materiality.scoring.agreement import agreement_within
from materiality.scoring.groups import GroupInput
from materiality.scoring.results import Result
from surveys.tally import Scale

Floats = NDArray[np.float64]

# A difference of less than this part of the scale (half a point of 1 to 5) is not worth a reader's time, however sure.
NOTABLE = 1 / 8
# How sure a difference has to be: the two-sided interval that leaves it out.
CONFIDENCE = 0.95
# Among fewer people two opinions are too easily chance, or somebody's.
FEWEST_WITHIN = 10
# What shares are told as: nobody counts people from "about a third".
_TOLD = [Fraction(1, n) for n in (2, 3, 4, 5, 6, 8, 10)] + [
    Fraction(2, 3), Fraction(3, 4), Fraction(2, 5), Fraction(3, 5), Fraction(4, 5)
]  # fmt: skip


@dataclass(frozen=True)
class Dissent:
    """A group that would have put an issue in the highest tier, or in the lowest, where the result does not.

    Parameters
    ----------
    group, issue : int
        Positions among the groups and issues of the result.
    higher : bool
        Whether the group puts it in the highest tier; else it puts an issue of the highest tier in the lowest.
    rank : int
        Of the issue by the group's own means, among those that have a tier and that it rated.
    rated : int
        How many those are.
    """

    group: int
    issue: int
    higher: bool
    rank: int
    rated: int


@dataclass(frozen=True)
class Division:
    """Two camps within a group.

    Parameters
    ----------
    above, below : Fraction
        About which share rated above and below the middle of the scale: one of a few simple fractions.
    """

    above: Fraction
    below: Fraction


def dissents(groups: Sequence[GroupInput], result: Result) -> list[Dissent]:
    """Groups whose own order would put an issue into another tier.

    Parameters
    ----------
    groups : sequence of GroupInput
        Those of the result, in its order. Of their tallies the variances are used.
    result : Result

    Returns
    -------
    list of Dissent
        By issue, then by group. Empty where no issue has a tier.

    Notes
    -----
    An issue that is not in the highest tier is listed for a group when

    - it is among the group's first issues, as many as the highest tier holds. Ties, and issues that the group did not
      rate, count against that: it holds whatever the group would have said of them;
    - it stands higher with the group than in the result by at least `NOTABLE` of the scale, after the group's level
      over all issues was taken from its means, and that of the result from the priorities: a group that rates
      everything high says nothing by that;
    - and by more than chance makes: the difference exceeds t(n-1) times the standard error of the group's mean. The
      variance is that of the issue, and at least the mean variance of all issues of the group, since five people who
      happen to agree prove nothing. The result is taken as it stands, and taking the level away lessens the error of
      people who rate everything high, which is not counted: the test errs on the side of not listing.

    The same with the signs changed for an issue of the highest tier and a group's last issues, as many as the lowest
    tier holds. Weights play no part: also a group without weight can have a view.
    """
    placed = [i for i, issue in enumerate(result.issues) if issue.tier is not None]
    tiers = np.array([result.issues[i].tier for i in placed])
    sizes = result.tier_counts
    if not placed or len(sizes) < 2 or not sizes[0]:
        return []
    results = np.array([result.issues[i].priority for i in placed], np.float64)
    notable = NOTABLE * (result.scale[1] - result.scale[0])
    found = []
    for number, group in enumerate(groups):
        means = np.array([_number(result.issues[i].group_means[number]) for i in placed])
        rated = ~np.isnan(means)
        if not rated.any():
            continue
        difference = (means - means[rated].mean()) - (results - results[rated].mean())
        needed = np.maximum(notable, _error_of_means(group, placed))
        unrated = int((~rated).sum())
        not_below = _at_least(means, rated) + unrated
        not_above = _at_least(-means, rated) + unrated
        higher = rated & (tiers > 0) & (not_below <= sizes[0]) & (difference >= needed)
        lower = rated & (tiers == 0) & (not_above <= sizes[-1]) & (-difference >= needed)
        for place in np.flatnonzero(higher | lower).tolist():
            rank = 1 + int((means[rated] > means[place]).sum())
            found.append(Dissent(number, placed[place], bool(higher[place]), rank, int(rated.sum())))
    return sorted(found, key=lambda one: (one.issue, one.group))


def division(counts: Sequence[int], scale: Scale, smallest: int) -> Division | None:
    """Two camps within a group, where there are.

    Parameters
    ----------
    counts : (levels,) int
        How many of the group gave each rating of the scale.
    scale : (low, high)
    smallest : int
        The smallest number of people that may be told of.

    Returns
    -------
    Division or None
        None with fewer than `fewest_within` people, with a camp of fewer than `smallest`, or while people agree at
        least as well as if all ratings were equally frequent (van der Eijk's A of 0 or more).
    """
    agreed = agreement_within(tuple(counts)) if sum(counts) >= fewest_within(smallest) else None
    if agreed is None or agreed >= 0:
        return None
    low, high = scale
    levels = range(low, high + 1)
    above = sum(count for level, count in zip(levels, counts, strict=True) if 2 * level > low + high)
    below = sum(count for level, count in zip(levels, counts, strict=True) if 2 * level < low + high)
    if min(above, below) < max(smallest, 1):
        return None
    return Division(_told(above, sum(counts)), _told(below, sum(counts)))


def fewest_within(smallest: int) -> int:
    """From how many people on it is told how far a group agrees within itself: two camps of `smallest` fit in."""
    return max(FEWEST_WITHIN, 2 * smallest)


def _error_of_means(group: GroupInput, issues: Sequence[int]) -> Floats:
    """(issues,) By how much a mean is off at most, with the probability `CONFIDENCE`; infinite with one rating."""
    tally, index = group.tally, np.asarray(issues, np.intp)
    n = tally.counts[index].astype(np.float64)
    freedom = np.maximum(n - 1, 0)
    squares = np.diagonal(tally.joint_products)[index] - tally.sums[index] ** 2 / np.maximum(n, 1)
    typical = squares.sum() / max(freedom.sum(), 1)
    variance = np.maximum(squares / np.maximum(freedom, 1), typical)
    quantile = stdtrit(np.maximum(freedom, 1), (1 + CONFIDENCE) / 2)
    error: Floats = np.where(freedom > 0, np.sqrt(variance / np.maximum(n, 1)) * quantile, np.inf)
    return error


def _at_least(means: Floats, rated: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(issues,) How many rated issues have at least the mean of each, itself included."""
    counted: NDArray[np.int64] = (means[rated][None, :] >= means[:, None]).sum(axis=1)
    return counted


def _number(mean: Fraction | None) -> float:
    return float("nan") if mean is None else float(mean)


def _told(part: int, whole: int) -> Fraction:
    share = Fraction(part, whole)
    return min(_TOLD, key=lambda told: abs(told - share))
