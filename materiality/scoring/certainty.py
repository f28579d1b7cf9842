"""How sure are axes, ranks and tiers? What the survey says when it is repeated in thought, thousands of times.

Knows what the draws are and how issues are ranked and tiered; what it returns are probabilities and intervals,
never the result itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from materiality.scoring.draws import AxisSpread, Surveys, vary
from materiality.scoring.method import Method
from materiality.scoring.priority import PRIORITY_RULES, rank_draws
from materiality.scoring.spread import Floats, Mask
from materiality.scoring.tier_rules import AxisCutOffs
from materiality.scoring.tiers import DECIMALS, assign_tiers_of_draws

# From so many degrees of freedom on, Student's t is the normal distribution to more digits than are rounded to.
_NORMAL_FROM = 1e10
# However little issues differ, their distances are not taken for chance beyond this.
_MOST_BY_CHANCE = 0.9


@dataclass(frozen=True, eq=False)
class Certainty:
    """What the draws say. Arrays are read-only.

    Parameters
    ----------
    draws : int
    known : (issues,) bool
        False where nothing can be said: the issue has no priority, or no group tells how its ratings vary.
        Its rows below are NaN, and 0 for ranks.
    tier_probability : (issues, tiers) float64
        Part of the draws in which the issue is in the tier; rows add up to 1. NaN if tiers are not known.
    rank_interval : (issues, 2) int64
        The narrowest ranks from equal tails that hold at least the method's probability.
    axis_intervals : tuple of (issues, 2) float64
        One for each axis of the method. NaN on an axis that is missing.
    priority_interval : (issues, 2) float64
        With equal tails, within the scale.
    """

    draws: int
    known: Mask
    tier_probability: Floats
    rank_interval: NDArray[np.int64]
    axis_intervals: tuple[Floats, ...]
    priority_interval: Floats

    def __post_init__(self) -> None:
        for value in vars(self).values():
            for array in value if isinstance(value, tuple) else (value,):
                if isinstance(array, np.ndarray):
                    array.setflags(write=False)

    @classmethod
    def unknown(cls, issues: int, tiers: int, axes: int) -> Certainty:
        """No draws: nothing is known."""
        pairs = np.full((issues, 2), np.nan)
        nowhere = np.zeros((issues, 2), np.int64)
        return cls(0, np.zeros(issues, bool), np.full((issues, tiers), np.nan), nowhere, (pairs,) * axes, pairs)


def assess(surveys: Surveys | None, issues: int, scale: tuple[int, int], method: Method) -> Certainty:
    """See how often each issue gets each rank and tier.

    Parameters
    ----------
    surveys : Surveys or None
        Draws of the axes that are present; None where there is nothing to draw.
    issues : int
        Number of issues, also those that were not drawn.
    scale : (low, high)
    method : Method

    Raises
    ------
    ValueError
        If a draw or an interval is not finite: nothing said of certainty would be true then.

    Notes
    -----
    An axis is distributed as Student's t around its value, with the variance and the degrees of freedom of its
    spread. So its interval, value +- t * deviation, needs no draws, nor does that of the mean of the axes. Intervals
    of other priorities are quantiles of the draws.

    Where no group tells how an axis varies, as with one person alone on it, the axis is taken as fixed; an issue is
    known if one of its axes is.
    """
    if surveys is None:
        return Certainty.unknown(issues, len(method.tiers), len(method.axes))
    spread = surveys.spread
    known_axes = dict(zip(spread.axes, spread.known, strict=True))
    known = np.logical_or.reduce(spread.known)
    deviations = vary(surveys)
    ranks, tiers = rank_and_tier(spread, deviations, method)
    probability = np.stack([(tiers == tier).mean(axis=0) for tier in range(len(method.tiers))], axis=1)

    def spread_out(part: Floats, shown: Mask) -> Floats:
        whole = np.full((issues, part.shape[1]), np.nan)
        whole[surveys.issues[shown]] = part[shown]
        return whole

    of_axes = dict.fromkeys(method.axes, np.full((issues, 2), np.nan))
    for axis, found in zip(spread.axes, axis_intervals(spread, scale, method.interval), strict=True):
        of_axes[axis] = spread_out(found, known_axes[axis])
    if method.priority == "mean" or len(spread.axes) == 1:
        centre = spread.centre.mean(axis=0)
        found = _student_interval(centre, spread.mean_variance, spread.mean_degrees, method.interval)
    else:
        found = _quantiles(_priorities(spread, deviations, method), method.interval)
    if not (np.isfinite(deviations).all() and np.isfinite(found).all()):
        raise ValueError("How the axes vary cannot be computed: a deviation or an interval is not a finite number.")
    rank_interval = np.zeros((issues, 2), np.int64)
    rank_interval[surveys.issues[known]] = _rank_interval(ranks, method.interval)[known]
    whole_known = np.zeros(issues, bool)
    whole_known[surveys.issues] = known
    return Certainty(
        draws=method.draws,
        known=whole_known,
        tier_probability=spread_out(probability, known),
        rank_interval=rank_interval,
        axis_intervals=tuple(of_axes[axis] for axis in method.axes),
        priority_interval=spread_out(_within(found, scale), known),
    )


def axis_intervals(spread: AxisSpread, scale: tuple[int, int], probability: float) -> Floats:
    """(axes, issues, 2) Between which the values lie with the probability, with equal tails, within the scale.

    Nothing is said of where the spread is not known: there the interval is the value itself.
    """
    return _within(_student_interval(spread.centre, spread.variance, spread.degrees, probability), scale)


def rank_and_tier(
    spread: AxisSpread, deviations: Floats, method: Method, narrower: Floats | float = 1.0
) -> tuple[NDArray[np.intp], NDArray[np.int8]]:
    """Ranks and tiers in repeated surveys.

    Parameters
    ----------
    spread : AxisSpread
    deviations : (axes, draws, issues) float64
        Of the axes from their values.
    method : Method
    narrower : (axes, issues) float64, optional
        By how much deviations are smaller than those of the spread.

    Returns
    -------
    ranks : (draws, issues) int
    tiers : (draws, issues) int8

    Notes
    -----
    Where issues lie is estimated with regard to all of them (see `part_by_chance`): with B the part of their distances
    that is chance, a value lies at 1 - B of its distance from the mean of the issues, and deviations from each other
    are sqrt(1 - B) of those of the spread. For ranks that is the same as wider deviations around the values
    themselves.
    """
    by_chance = part_by_chance(spread, narrower)
    axes = list(_drawn_in(spread.centre, by_chance)[:, None] + _drawn_in(deviations, 1 - math.sqrt(1 - by_chance)))
    priorities = _rounded(PRIORITY_RULES[method.priority].join_draws(axes))
    lower_axis = _rounded(np.minimum.reduce(axes)) if isinstance(method.rule, AxisCutOffs) else priorities
    ranks, ordered = rank_draws(priorities)
    return ranks, assign_tiers_of_draws(method, ranks, priorities, ordered, lower_axis)


def part_by_chance(spread: AxisSpread, narrower: Floats | float = 1.0) -> float:
    """What part of the distances between issues is chance.

    Parameters
    ----------
    spread : AxisSpread
    narrower : (axes, issues) float64, optional
        By how much deviations are smaller than those of the spread.

    Returns
    -------
    float
        0 to `_MOST_BY_CHANCE`.

    Notes
    -----
    Issues at the top are there partly by luck, and would fall back if the survey were repeated; league tables mislead
    where that is left out [1]_. With S the variance of k issues' means over the axes, and V the part of it that the
    spread accounts for, it is, after James and Stein [2]_,

        B = (k - 3) / (k - 1) * V / S.

    References
    ----------
    .. [1] H. Goldstein and D. J. Spiegelhalter, "League tables and their limitations", Journal of the Royal
       Statistical Society A 159 (1996), 385-443.
    .. [2] B. Efron and C. Morris, "Data analysis using Stein's estimator and its generalizations", Journal of the
       American Statistical Association 70 (1975), 311-319.
    """
    size, issues = spread.centre.shape
    if issues <= 3:
        return 0.0
    scale = np.broadcast_to(narrower, spread.centre.shape).ravel()
    covariance = (spread.covariance * scale * scale[:, None]).reshape(size, issues, size, issues)
    of_mean = covariance.sum(axis=(0, 2)) / size**2
    chance = max(0.0, np.trace(of_mean) - of_mean.sum() / issues) / (issues - 1)
    seen = spread.centre.mean(axis=0).var(ddof=1)
    if not chance:
        return 0.0
    return min(_MOST_BY_CHANCE, float((issues - 3) / (issues - 1) * chance / max(seen, chance)))


def _drawn_in(values: Floats, part: float) -> Floats:
    """(..., issues) The same with that part of the distances from the mean of the issues taken away."""
    if not part:
        return values
    result: Floats = (1 - part) * values + part * values.mean(axis=-1, keepdims=True)
    return result


def _priorities(spread: AxisSpread, deviations: Floats, method: Method) -> Floats:
    """(draws, issues) Not cut off at the ends of the scale, where cutting would make ties."""
    axes = list(spread.centre[:, None] + deviations)
    return _rounded(PRIORITY_RULES[method.priority].join_draws(axes))


def _rank_interval(ranks: NDArray[np.intp], probability: float) -> NDArray[np.int64]:
    """(issues, 2) Least ranks that at least the lower tail, and at least all but the upper tail, do not pass."""
    draws, issues = ranks.shape
    flat = ranks - 1 + np.arange(0, issues * issues, issues)
    reached = np.bincount(flat.ravel(), minlength=issues * issues).reshape(issues, issues).cumsum(axis=1)
    tail = (1 - probability) / 2 * draws
    # A tail of 0.05 x 2,000 draws is 100, whatever floats make of it; and at least one draw is reached.
    low = (reached < max(tail - 1e-6, 0.5)).sum(axis=1)
    high = (reached < draws - tail - 1e-6).sum(axis=1)
    return np.stack([low, high], axis=1) + 1


def _student_interval(centre: Floats, variance: Floats, degrees: Floats, probability: float) -> Floats:
    """(..., 2) Between which Student's t lies with the probability, with equal tails."""
    upper = (1 + probability) / 2
    t = np.where(degrees < _NORMAL_FROM, stdtrit(np.minimum(degrees, _NORMAL_FROM), upper), ndtri(upper))
    half = t * np.sqrt(variance)
    return np.stack([centre - half, centre + half], axis=-1)


def _quantiles(draws: Floats, probability: float) -> Floats:
    """(issues, 2) Quantiles between which the draws lie with the probability."""
    # numpy.quantile would find the same, linearly between neighbours, in four times the time of this sort.
    ordered = np.sort(draws.T, axis=1)
    place = np.array([(1 - probability) / 2, (1 + probability) / 2]) * (len(draws) - 1)
    below = np.floor(place).astype(np.intp)
    above = np.ceil(place).astype(np.intp)
    found: Floats = ordered[:, below] + (ordered[:, above] - ordered[:, below]) * (place - below)
    return found


def _within(intervals: Floats, scale: tuple[int, int]) -> Floats:
    return _rounded(np.clip(intervals, *scale))


def _rounded(values: Floats) -> Floats:
    result: Floats = np.round(values, DECIMALS)
    return result
