"""The values of the axes as one weight is turned, all others keeping their proportions; exactly, and as floats."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from materiality.scoring.axes import Axis
from materiality.scoring.exact import Number, exact, plain
from materiality.scoring.groups import GroupInput

Floats = NDArray[np.float64]
# Of one issue on one axis: at the share p/q its value is (n0 (q - p) + n1 p) / (d0 (q - p) + d1 p).
Terms = tuple[int, int, int, int]


@dataclass(frozen=True)
class Lever:
    """A weight that can be turned, with all that it moves.

    Parameters
    ----------
    name : str
    weight : number
        Not negative.
    groups : tuple of int
        Which of the groups of an analysis take their weight from it: one as a rule; two where the same people speak on
        two axes; more where few people are counted together with another group. A group that takes from several
        levers has the sum of their weights.
    """

    name: str
    weight: Number
    groups: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Path:
    """The axes as functions of the share of one lever, above 0 and below 1.

    Parameters
    ----------
    name : str
    share : Fraction
        At present.
    others : int
        How many other levers there are on its axes.
    terms : (axes, issues)
        None for an issue that no group that counts has rated.
    """

    name: str
    share: Fraction
    others: int
    terms: tuple[tuple[Terms | None, ...], ...]

    def floats(self) -> Floats:
        """(axes, 4, issues) The terms divided by the sum of the denominators; zeros where there is no value."""
        nowhere = (0, 0, 1, 1)
        rows = [[one or nowhere for one in axis] for axis in self.terms]
        return np.array(
            [[[number / (d0 + d1) for number in (n0, n1, d0, d1)] for n0, n1, d0, d1 in row] for row in rows]
        ).transpose(0, 2, 1)

    def values(self, share: Fraction) -> list[list[Fraction | None]]:
        """(axes, issues) Values at a share."""
        p, rest = share.numerator, share.denominator - share.numerator
        return [
            [None if one is None else Fraction(one[0] * rest + one[1] * p, one[2] * rest + one[3] * p) for one in axis]
            for axis in self.terms
        ]


def check_levers(levers: Sequence[Lever], groups: Sequence[GroupInput]) -> None:
    """Whether the levers are the weights of the groups.

    Raises
    ------
    ValueError
        With a weight that is negative or no number, a group that does not exist, or weights that do not add up to
        those of the groups.
    """
    given = [Fraction()] * len(groups)
    for lever in levers:
        weight = exact(lever.weight, f"The weight of {lever.name!r}")
        if weight < 0:
            raise ValueError(f"The weight of {lever.name!r} is {plain(weight)}, less than 0.")
        for g in lever.groups:
            if not 0 <= g < len(groups):
                raise ValueError(f"{lever.name!r} moves the group at position {g}; there are {len(groups)} groups.")
            given[g] += weight
    for group, weight in zip(groups, given, strict=True):
        if weight != group.exact_weight:
            raise ValueError(
                f"The group {group.name!r} has the weight {plain(group.exact_weight)}; "
                f"its levers add up to {plain(weight)}."
            )


def paths_of(groups: Sequence[GroupInput], levers: Sequence[Lever], axes: Sequence[Axis]) -> list[Path]:
    """One path for each lever that can be turned.

    Parameters
    ----------
    groups : sequence of GroupInput
    levers : sequence of Lever
        As `check_levers` wants them.
    axes : sequence of Axis
        Those on which any issue has a value.

    Returns
    -------
    list of Path
        Without levers of no weight, without answers, or that are alone on their axes.

    Raises
    ------
    ValueError
        If levers that meet on one axis do not speak on the same axes: then their shares are not those of one whole.
    """
    heard = [
        (lever, {groups[g].axis for g in lever.groups})
        for lever in levers
        if exact(lever.weight, "") and any(groups[g].answered for g in lever.groups)
    ]
    for lever, speaks_on in heard:
        for other, also in heard:
            if speaks_on & also and speaks_on != also:
                raise ValueError(f"{lever.name!r} and {other.name!r} meet on one axis, but not on all of theirs.")
    found = []
    for lever, speaks_on in heard:
        others = [other for other, also in heard if also == speaks_on and other is not lever]
        if others:
            found.append(_path(lever, others, speaks_on, groups, axes))
    return found


def _path(
    lever: Lever, others: Sequence[Lever], speaks_on: set[str], groups: Sequence[GroupInput], axes: Sequence[Axis]
) -> Path:
    weights = [exact(other.weight, "") for other in others]
    rest = sum(weights, Fraction())
    whole = math.lcm(*(weight.denominator for weight in weights))
    # Of each group, in whole numbers: its weight where the lever has none, and where it has all.
    at_0, at_1 = [0] * len(groups), [0] * len(groups)
    for other, weight in zip(others, weights, strict=True):
        for g in other.groups:
            at_0[g] += int(weight * whole)
    for g in lever.groups:
        at_1[g] += int(rest * whole)
    own = exact(lever.weight, "")
    terms = tuple(_moving(axis, groups, at_0, at_1) if axis.name in speaks_on else _standing(axis) for axis in axes)
    return Path(lever.name, own / (own + rest), len(others), terms)


def _moving(
    axis: Axis, groups: Sequence[GroupInput], at_0: Sequence[int], at_1: Sequence[int]
) -> tuple[Terms | None, ...]:
    counted = [g for g, group in enumerate(groups) if group.axis == axis.name and (at_0[g] or at_1[g])]
    terms: list[Terms | None] = []
    for i, value in enumerate(axis.values):
        means = [(g, mean) for g in counted if (mean := groups[g].means[i]) is not None]
        if value is None or not means:
            terms.append(None)
            continue
        common = math.lcm(*(mean.denominator for _, mean in means))
        scaled = [(g, mean.numerator * (common // mean.denominator)) for g, mean in means]
        n0, n1 = (sum(at[g] * mean for g, mean in scaled) for at in (at_0, at_1))
        d0, d1 = (common * sum(at[g] for g, _ in means) for at in (at_0, at_1))
        terms.append((n0, n1, d0, d1))
    return tuple(terms)


def _standing(axis: Axis) -> tuple[Terms | None, ...]:
    return tuple(
        None if value is None else (value.numerator, value.numerator, value.denominator, value.denominator)
        for value in axis.values
    )
