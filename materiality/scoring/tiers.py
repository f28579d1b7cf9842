"""Which issue is in which tier, for the exact result and for draws, and where tiers part on the matrix.

Both forms of a rule stand here side by side, since a probability is only worth something if the draws are
tiered as the result is. Ties share the higher tier, and a cut-off is reached from there on (>=).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from materiality.scoring.exact import as_float
from materiality.scoring.method import Method
from materiality.scoring.natural_breaks import break_classes, break_classes_of_draws
from materiality.scoring.priority import PRIORITY_RULES
from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, NaturalBreaks, Quantiles

# Two fractions that are equal differ as floats by some 1e-15; draws are compared at this many decimals.
DECIMALS = 9


@dataclass(frozen=True)
class Boundaries:
    """Where tiers part, for drawing.

    Parameters
    ----------
    rule : str
        Kind of the tier rule.
    values : (tiers - 1,) float or None
        Lower edge of each tier but the last, not ascending, on the rating scale. Cut-offs are themselves;
        with ``axis_cut_offs`` they are limits on both axes, else limits on the priority. The other rules
        leave a gap, and the edge is midway between the last issue above and the first below. A tier without
        issues has no width: its edge is that of its neighbour, or an end of the scale. None if no issue has
        a tier.
    """

    rule: str
    values: tuple[float | None, ...]


def assign_tiers(
    method: Method,
    keys: Sequence[Fraction | None],
    ranks: Sequence[int | None],
    axes: Sequence[Sequence[Fraction | None]],
) -> tuple[int | None, ...]:
    """Tier of each issue.

    Parameters
    ----------
    method : Method
    keys : (issues,) Fraction or None
        Exact priority keys.
    ranks : (issues,) int or None
        Competition ranks of the keys.
    axes : sequence of (issues,) Fraction or None
        The axes that count.

    Returns
    -------
    (issues,) int or None
        0 for the highest tier. None for an issue without priority, and for all if natural breaks find fewer
        different priorities than tiers.
    """
    rule = method.rule
    rated = [i for i, key in enumerate(keys) if key is not None]
    tiers: list[int | None] = [None] * len(keys)
    if isinstance(rule, Counts | Quantiles):
        tier_of = tiers_by_rank(method, len(rated))
        for i in rated:
            tiers[i] = int(tier_of[ranks[i] or 0])
    elif isinstance(rule, NaturalBreaks):
        value_of = PRIORITY_RULES[method.priority].value_of
        classes = break_classes([value_of(keys[i] or Fraction()) for i in rated], len(method.tiers))
        for i, tier in zip(rated, classes or (), strict=classes is not None):
            tiers[i] = tier
    elif isinstance(rule, CutOffs):
        limits = [PRIORITY_RULES[method.priority].key_of(cut) for cut in rule.exact_cuts]
        for i in rated:
            tiers[i] = sum((keys[i] or Fraction()) < limit for limit in limits)
    else:
        for i in rated:
            lower = min(value for axis in axes if (value := axis[i]) is not None)
            tiers[i] = sum(lower < cut for cut in rule.exact_cuts)
    return tuple(tiers)


def tiers_by_rank(method: Method, issues: int) -> NDArray[np.int8]:
    """(issues + 1,) Tier of each rank from 1, for the rules that part ranks; place 0 is not used.

    Parameters
    ----------
    method : Method
        With the rule `Counts` or `Quantiles`.
    issues : int
        Number of issues that have a priority. Where some have none, counts are filled from the top.
    """
    rule = method.rule
    if isinstance(rule, Counts):
        ends = list(accumulate(rule.counts))
    elif isinstance(rule, Quantiles):
        ends = [math.ceil(share * issues) for share in accumulate(rule.exact_shares(len(method.tiers)))]
    else:
        raise ValueError(f"The tier rule {rule.kind!r} does not part ranks.")
    return np.searchsorted(ends, np.arange(issues + 1)).astype(np.int8)


def assign_tiers_of_draws(
    method: Method,
    ranks: NDArray[np.intp],
    priorities: NDArray[np.float64],
    ordered: NDArray[np.float64],
    lower_axis: NDArray[np.float64],
) -> NDArray[np.int8]:
    """Tier of each issue in each draw.

    Parameters
    ----------
    method : Method
    ranks : (draws, issues) int
        Competition ranks within the draw.
    priorities : (draws, issues) float64
        Rounded to `DECIMALS`.
    ordered : (draws, issues) float64
        The priorities of each draw from high to low.
    lower_axis : (draws, issues) float64
        The lowest of the axes, or the only one; rounded to `DECIMALS`.

    Returns
    -------
    (draws, issues) int8
        0 for the highest tier. With fewer different priorities than tiers, natural breaks fill the tiers from
        the highest.
    """
    rule = method.rule
    if isinstance(rule, Counts | Quantiles):
        return tiers_by_rank(method, priorities.shape[1])[ranks]
    if isinstance(rule, NaturalBreaks):
        return np.take_along_axis(break_classes_of_draws(ordered, len(method.tiers)), ranks - 1, axis=1)
    measured = priorities if isinstance(rule, CutOffs) else lower_axis
    tiers = np.zeros(measured.shape, np.int8)
    for cut in rule.exact_cuts:
        tiers += measured < round(float(cut), DECIMALS)
    return tiers


def find_boundaries(
    method: Method, priorities: Sequence[float | None], tiers: Sequence[int | None], scale: tuple[int, int]
) -> Boundaries:
    """Where the tiers part.

    Parameters
    ----------
    method : Method
    priorities : (issues,) float or None
    tiers : (issues,) int or None
    scale : (low, high)
    """
    edges = range(len(method.tiers) - 1)
    if isinstance(method.rule, CutOffs | AxisCutOffs):
        return Boundaries(method.rule.kind, tuple(as_float(cut) for cut in method.rule.exact_cuts))
    placed = [
        (tier, priority)
        for tier, priority in zip(tiers, priorities, strict=True)
        if tier is not None and priority is not None
    ]
    if not placed:
        return Boundaries(method.rule.kind, (None,) * len(edges))
    values: list[float | None] = []
    for edge in edges:
        above = [priority for tier, priority in placed if tier <= edge]
        below = [priority for tier, priority in placed if tier > edge]
        if above and below:
            values.append((min(above) + max(below)) / 2)
        else:
            values.append(float(scale[0] if above else scale[1]))
    return Boundaries(method.rule.kind, tuple(values))
