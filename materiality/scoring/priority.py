"""How two axes become one priority, and priorities become ranks. Knows no groups, weights or tiers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PriorityRule:
    """One way to join the axes.

    Every rule stays on the rating scale and equals the axes where both are the same. Issues are ordered by an
    exact *key*; it is the priority itself, except for the distance, whose square root no fraction holds.

    Parameters
    ----------
    join : callable
        Key of two exact axis values.
    key_of : callable
        Key of an exact priority (of a cut-off, or of an issue that has only one axis).
    value_of : callable
        Priority of a key, as a float.
    join_draws : callable
        Priorities of two arrays of axis values.
    """

    join: Callable[[Fraction, Fraction], Fraction]
    key_of: Callable[[Fraction], Fraction]
    value_of: Callable[[Fraction], float]
    join_draws: Callable[[Floats, Floats], Floats]


def _same(value: Fraction) -> Fraction:
    return value


PRIORITY_RULES: dict[str, PriorityRule] = {
    # (x + y) / 2: one axis makes up for the other.
    "mean": PriorityRule(lambda x, y: (x + y) / 2, _same, float, lambda x, y: (x + y) / 2),
    # sqrt((x^2 + y^2) / 2): distance from the origin of ratings, scaled so that (5, 5) is 5 and not 7.07.
    "distance": PriorityRule(
        lambda x, y: (x * x + y * y) / 2,
        lambda value: value * value,
        lambda key: math.sqrt(key),
        lambda x, y: np.sqrt((x * x + y * y) / 2),
    ),
    # Either axis suffices.
    "max": PriorityRule(max, _same, float, np.maximum),
    # Both axes are needed.
    "min": PriorityRule(min, _same, float, np.minimum),
}


def priority_keys(
    rule: PriorityRule,
    company: Sequence[Fraction | None] | None,
    stakeholders: Sequence[Fraction | None] | None,
) -> tuple[Fraction | None, ...]:
    """Exact key of each issue's priority.

    Parameters
    ----------
    rule : PriorityRule
    company, stakeholders : (issues,) Fraction or None, or None
        Values on the two axes; None for an axis on which no issue has a value.

    Returns
    -------
    (issues,) Fraction or None
        With one axis missing altogether, the other alone is the priority. With both there, an issue that only
        one side has rated gets None: a half would be ranked among wholes.
    """
    if company is None or stakeholders is None:
        only = company if stakeholders is None else stakeholders
        return tuple(None if value is None else rule.key_of(value) for value in only or ())
    pairs = zip(company, stakeholders, strict=True)
    return tuple(None if x is None or y is None else rule.join(x, y) for x, y in pairs)


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
    order = np.argsort(-priorities, axis=1)
    ordered = np.take_along_axis(priorities, order, axis=1)
    place = np.arange(priorities.shape[1])
    opens = np.ones(priorities.shape, bool)
    np.not_equal(ordered[:, 1:], ordered[:, :-1], out=opens[:, 1:])
    first = np.maximum.accumulate(np.where(opens, place, 0), axis=1)
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, first + 1, axis=1)
    return ranks, ordered
