"""What changed from one survey to the next, and whether a move is larger than its uncertainty.

Knows two estimates with their intervals, or two rows of tier probabilities; not whose they are.

The two surveys are taken as independent. Where many of the same people answer both, their scores move together, and
the intervals found here are wider than they need be: too few moves are called larger than their uncertainty, not too
many.

References
----------
.. [1] G. Y. Zou, A. Donner, "Construction of confidence limits about effect measures: A general approach",
   Statistics in Medicine 27, 2008, 1693-1702 (MOVER).
.. [2] Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical Society B
   57, 1995, 289-300. Scores that the same people gave are positively dependent, under which it holds too:
   Y. Benjamini, D. Yekutieli, Annals of Statistics 29, 2001, 1165-1188.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot, isfinite, isinf
from statistics import NormalDist

import numpy as np

Interval = tuple[float, float]
# Scores are means of ratings; what differs by less than this differs by the rounding of floats.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Estimate:
    """A value and the interval that holds it with a known probability.

    Parameters
    ----------
    value : float
    interval : (low, high), optional
        None where nothing is known of the value's certainty.

    Raises
    ------
    ValueError
        With a number that is not finite, or limits in the wrong order.
    """

    value: float
    interval: Interval | None = None

    def __post_init__(self) -> None:
        for number in (self.value, *(self.interval or ())):
            if not isfinite(number):
                raise ValueError(f"{number} is no value to compare.")
        if self.interval and self.interval[0] > self.interval[1]:
            raise ValueError(f"An interval runs from low to high, not from {self.interval[0]} to {self.interval[1]}.")


@dataclass(frozen=True)
class Difference:
    """How far a value moved.

    Parameters
    ----------
    value : float
        Now less before.
    interval : (low, high) or None
        Holds the move with the probability of the intervals that it was made of; None where one of them is missing.
    p_value : float or None
        How often a value that stays the same would seem to move at least so far, 0 to 1.
    """

    value: float
    interval: Interval | None
    p_value: float | None

    @property
    def excludes_zero(self) -> bool:
        return self.interval is not None and (self.interval[0] > 0 or self.interval[1] < 0)


class Verdict(StrEnum):
    """Whether a move is larger than its uncertainty."""

    LARGER = "larger than its uncertainty"
    ALONE = "larger by itself, not among so many"
    WITHIN = "within its uncertainty"
    UNKNOWN = "not known"


@dataclass(frozen=True)
class Move:
    """A difference among others, judged with them; `adjusted` is its p-value after Benjamini and Hochberg."""

    difference: Difference
    adjusted: float | None
    verdict: Verdict


@dataclass(frozen=True)
class TierChange:
    """The probabilities that an issue stands in a higher tier than before, in the same, and in a lower one."""

    higher: float
    same: float
    lower: float


def difference(before: Estimate, now: Estimate, probability: float = 0.90) -> Difference:
    """The move from `before` to `now`, with its interval by MOVER [1]_.

    With d = now - before, the interval of `now` (l, u) and that of `before` (l', u')::

        low  = d - sqrt((now - l)^2 + (u' - before)^2)
        high = d + sqrt((u - now)^2 + (before - l')^2)

    An interval that does not hold its own value, as draws of the higher or lower axis can give it, is stretched to do
    so. The p-value is that of the normal distribution, with standard errors from the widths of the intervals.

    For ranks the interval is an approximation: ranks are whole numbers with an end at both sides.

    Parameters
    ----------
    before, now : Estimate
        On the same scale, from surveys that are independent of each other.
    probability : float
        With which both intervals hold, between 0 and 1.

    Raises
    ------
    ValueError
        With another probability.
    """
    if not 0 < probability < 1:
        raise ValueError(f"The probability of intervals is {probability!r}, not between 0 and 1.")
    moved = now.value - before.value
    if abs(moved) < ROUNDING:
        moved = 0.0
    if before.interval is None or now.interval is None:
        return Difference(moved, None, None)
    (low, high), (low_before, high_before) = _stretched(now), _stretched(before)
    interval = (
        moved - hypot(now.value - low, high_before - before.value),
        moved + hypot(high - now.value, before.value - low_before),
    )
    z = NormalDist().inv_cdf((1 + probability) / 2)
    error = hypot(high - low, high_before - low_before) / (2 * z)
    return Difference(moved, interval, _p_value(moved, error))


def _stretched(estimate: Estimate) -> Interval:
    low, high = estimate.interval or (estimate.value, estimate.value)
    return min(low, estimate.value), max(high, estimate.value)


def _p_value(moved: float, error: float) -> float:
    """Both sides of the normal distribution beyond `moved`; without any error every move is certain."""
    if not moved:
        return 1.0
    z = abs(moved) / error if error else float("inf")
    return 0.0 if isinf(z) else 2 * NormalDist().cdf(-z)


def judge(differences: Sequence[Difference], probability: float = 0.90) -> tuple[Move, ...]:
    """Every difference with its verdict, as one of so many.

    Of issues that have not moved at all, one in ten has a 90 % interval without zero. So a move counts as larger than
    its uncertainty when its own interval excludes zero and its p-value, adjusted for all that are compared [2]_, is
    at most 1 - `probability`: among those so called, about a tenth at most has not moved.

    Parameters
    ----------
    differences : sequence of Difference
        All moves that are looked at together. Those without interval are not counted.
    probability : float
        With which their intervals hold, between 0 and 1.
    """
    adjusted = iter(adjusted_p_values([one.p_value for one in differences if one.p_value is not None]))
    moves = []
    for one in differences:
        if one.p_value is None:
            moves.append(Move(one, None, Verdict.UNKNOWN))
            continue
        p_value = next(adjusted)
        verdict = Verdict.WITHIN
        if one.excludes_zero:
            verdict = Verdict.LARGER if p_value <= 1 - probability + ROUNDING else Verdict.ALONE
        moves.append(Move(one, p_value, verdict))
    return tuple(moves)


def adjusted_p_values(p_values: Sequence[float]) -> list[float]:
    """(n,) The p-values after Benjamini and Hochberg [2]_: in their order, the least of p n / rank from there on.

    `scipy.stats.false_discovery_control` finds the same; importing it costs a process 0.8 s and 46 MB.

    Raises
    ------
    ValueError
        With a p-value that is not from 0 to 1.
    """
    for p_value in p_values:
        if not 0 <= p_value <= 1:
            raise ValueError(f"{p_value} is no p-value: they run from 0 to 1.")
    given = np.asarray(p_values, np.float64)
    order = np.argsort(given, kind="stable")
    scaled = given[order] * len(given) / np.arange(1, len(given) + 1)
    found = np.empty_like(given)
    found[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return [float(number) for number in found]


def tier_change(before: Sequence[float], now: Sequence[float]) -> TierChange:
    """How sure it is that an issue has another tier now.

    The tier of one survey says nothing about the noise of the other, so probabilities multiply: that of a higher tier
    is the sum of now[t] before[s] over all t above s.

    Parameters
    ----------
    before, now : (tiers,) float
        The probability of each tier, highest first, the same tiers in both.

    Raises
    ------
    ValueError
        With different numbers of tiers, or probabilities that do not add up to 1.
    """
    if len(before) != len(now):
        raise ValueError(f"{len(before)} tiers before and {len(now)} now cannot be compared.")
    for chances in (before, now):
        if min(chances, default=0.0) < 0 or abs(sum(chances) - 1) > 1e-6:
            raise ValueError(f"The tier probabilities {', '.join(map(str, chances))} do not add up to 1.")
    joint = np.outer(before, now)  # rows: tier before; columns: tier now
    return TierChange(
        higher=float(np.tril(joint, -1).sum()),
        same=float(np.trace(joint)),
        lower=float(np.triu(joint, 1).sum()),
    )


def share_of_scale(estimate: Estimate, scale: tuple[float, float]) -> Estimate:
    """`estimate` as a share of its scale, 0 at its lowest and 1 at its highest value: for scales that differ.

    Raises
    ------
    ValueError
        With a scale of no length, or a value outside of it.
    """
    low, high = scale
    if low >= high:
        raise ValueError(f"A scale runs from low to high, not from {low} to {high}.")
    if not low - ROUNDING <= estimate.value <= high + ROUNDING:
        raise ValueError(f"{estimate.value} is not on the scale from {low} to {high}.")

    def share(value: float) -> float:
        return (value - low) / (high - low)

    return Estimate(
        share(estimate.value), estimate.interval and (share(estimate.interval[0]), share(estimate.interval[1]))
    )
