"""How axes become one priority, and priorities become ranks. Knows no groups, weights or tiers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PriorityRule:
    """One way to join the axes.

    Every rule stays on the rating scale and equals the axes where all are the same. Issues are ordered by an
    exact *key*; it is the priority itself, except for the distance, whose square root no fraction holds.

    Parameters
    ----------
    join : callable
        Key of exact values, one per axis.
    key_of : callable
        Key of an exact priority, such as a cut-off.
    value_of : callable
        Priority of a key, as a float.
    join_draws : callable
        Priorities of arrays of values, one per axis.
    """

    join: Callable[[Sequence[Fraction]], Fraction]
    key_of: Callable[[Fraction], Fraction]
    value_of: Callable[[Fraction], float]
    join_draws: Callable[[Sequence[Floats]], Floats]


def _same(value: Fraction) -> Fraction:
    return value


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def _mean_of_draws(axes: Sequence[Floats]) -> Floats:
    return reduce(np.add, axes) / len(axes)


PRIORITY_RULES: dict[str, PriorityRule] = {
    # (x + y) / 2: one axis makes up for the other.
    "mean": PriorityRule(_mean, _same, float, _mean_of_draws),
    # sqrt((x^2 + y^2) / 2): distance from the origin of ratings, scaled so that (5, 5) is 5 and not 7.07.
    "distance": PriorityRule(
        lambda values: _mean([value * value for value in values]),
        lambda value: value * value,
        math.sqrt,
        lambda axes: np.sqrt(_mean_of_draws([values * values for values in axes])),
    ),
    # One axis suffices.
    "max": PriorityRule(max, _same, float, lambda axes: reduce(np.maximum, axes)),
    # All axes are needed.
    "min": PriorityRule(min, _same, float, lambda axes: reduce(np.minimum, axes)),
}


def priority_keys(rule: PriorityRule, axes: Sequence[Sequence[Fraction | None]]) -> tuple[Fraction | None, ...]:
    """Exact key of each issue's priority.

    Parameters
    ----------
    rule : PriorityRule
    axes : sequence of (issues,) Fraction or None
        Values on the axes on which any issue has one.

    Returns
    -------
    (issues,) Fraction or None
        With one axis alone, that is the priority. An issue that has no value on one of the axes gets None: a half
        would be ranked among wholes.
    """
    keys: list[Fraction | None] = []
    for row in zip(*axes, strict=True):
        values = [value for value in row if value is not None]
        keys.append(rule.join(values) if len(values) == len(axes) else None)
    return tuple(keys)


def competition_ranks(keys: Sequence[Fraction | None]) -> tuple[int | None, ...]:
    """Rank of each issue, 1 for the highest key; ties share the better rank ("1224").

    Parameters
    ----------
    keys : (issues,) Fraction or None

    Returns
    -------
    (issues,) int or None
        None where there is no key.
    """
    ordered = sorted(((key, i) for i, key in enumerate(keys) if key is not None), reverse=True)
    ranks: list[int | None] = [None] * len(keys)
    above: Fraction | None = None
    rank = 0
    for place, (key, i) in enumerate(ordered, start=1):
        if key != above:
            rank, above = place, key
        ranks[i] = rank
    return tuple(ranks)


def rank_draws(priorities: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Competition ranks within each draw.

    Parameters
    ----------
    priorities : (draws, issues) float64

    Returns
    -------
    ranks : (draws, issues) int, 1 for the highest
    ordered : (draws, issues) float64
        The priorities of each draw from high to low.
    """
    draws, issues = priorities.shape
    order = np.argsort(-priorities, axis=1)
    # Places in the flat array: take_along_axis and put_along_axis would take twice as long.
    flat = order + np.arange(0, draws * issues, issues)[:, None]
    ordered = priorities.ravel()[flat]
    place = np.arange(issues)
    opens = np.ones(priorities.shape, bool)
    np.not_equal(ordered[:, 1:], ordered[:, :-1], out=opens[:, 1:])
    first = place if opens.all() else np.maximum.accumulate(np.where(opens, place, 0), axis=1)
    ranks = np.empty_like(order)
    ranks.ravel()[flat] = first + 1
    return ranks, ordered
