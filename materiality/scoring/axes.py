"""The axes of the matrix: exact weighted means of group means. Knows axes and weights, no tiers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from materiality.scoring.groups import GroupInput


@dataclass(frozen=True, eq=False)
class Axis:
    """What one axis of the matrix measures, for each issue.

    Parameters
    ----------
    name : str
        Such as "company" for the importance to the company.
    values : (issues,) Fraction or None
        On the rating scale. None where no group that counts has rated the issue.
    shares : (groups, issues) float64, read-only
        What each group contributes to each issue; the shares of an issue add up to 1, or are all 0 where it
        has no value. Groups of another axis have 0.
    group_shares : (groups,) Fraction
        Share of each group in an issue that all groups with answers have rated.
    """

    name: str
    values: tuple[Fraction | None, ...]
    shares: NDArray[np.float64]
    group_shares: tuple[Fraction, ...]

    @property
    def present(self) -> bool:
        """Whether any issue has a value on it."""
        return any(value is not None for value in self.values)


def weigh(axis: str, groups: Sequence[GroupInput]) -> Axis:
    """Weighted mean of the group means of one axis.

    Parameters
    ----------
    axis : str
    groups : sequence of GroupInput
        All groups; those of other axes are passed over.

    Returns
    -------
    Axis
        For each issue the groups that did not rate it drop out, and the weights of the rest are brought back
        to a sum of 1.

    Raises
    ------
    ValueError
        If the axis has groups and all their weights are 0.

    Notes
    -----
    With sums s_g, counts n_g and weights w_g over the groups that rated an issue, its value is
    sum(w_g s_g / n_g) / sum(w_g), computed in integers over the product of denominators.
    """
    weights = [group.exact_weight if group.axis == axis else Fraction() for group in groups]
    if any(group.axis == axis for group in groups) and not any(weights):
        names = ", ".join(group.name for group in groups if group.axis == axis)
        raise ValueError(
            f"All weights on the axis {axis!r} are 0 ({names}): give at least one of these groups a weight."
        )
    whole = math.lcm(*(weight.denominator for weight in weights))
    parts = [int(weight * whole) for weight in weights]
    counted = [g for g, part in enumerate(parts) if part]
    sums = {g: groups[g].tally.sums.tolist() for g in counted}
    counts = {g: groups[g].tally.counts.tolist() for g in counted}

    issues = groups[0].tally.items
    values: list[Fraction | None] = []
    shares = np.zeros((len(groups), issues))
    for i in range(issues):
        rated = [g for g in counted if counts[g][i]]
        if not rated:
            values.append(None)
            continue
        common = math.lcm(*(counts[g][i] for g in rated))
        total = sum(parts[g] for g in rated)
        values.append(Fraction(sum(parts[g] * sums[g][i] * (common // counts[g][i]) for g in rated), common * total))
        for g in rated:
            shares[g, i] = parts[g] / total
    shares.setflags(write=False)

    present = {g for g in counted if groups[g].answered}
    whole_weight = sum((weights[g] for g in present), Fraction())
    group_shares = tuple(weights[g] / whole_weight if g in present else Fraction() for g in range(len(groups)))
    return Axis(axis, tuple(values), shares, group_shares)
