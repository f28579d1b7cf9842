"""Which figures may be shown so that no answer of fewer than k people can be read off or worked out. Pure numpy.

A group's mean of an issue is a cell. A cell of fewer than k people is never told. But an axis is a weighted mean with
known weights of all cells of its side: whoever sees the axis and all cells but one can work that one out. So either
another cell is kept back as well, until those kept back hold at least two groups and k people together, or the small
cell does not count on the axis. The first is tried first: a small group keeps its voice.
(Complementary cell suppression: Hundepool et al., Statistical Disclosure Control, 2012, chapter 4.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Protection:
    """What is done with each cell.

    Attributes
    ----------
    counted : (groups, issues) bool
        Whether the cell enters its axis. False also where nobody rated.
    told : (groups, issues) bool
        Whether the cell itself is shown. A cell that is told is counted where its group has a weight.
    """

    counted: Mask
    told: Mask


def protect(counts: NDArray[np.int64], sides: Sequence[str], weighted: Sequence[bool], k: int) -> Protection:
    """Decide for every cell.

    Parameters
    ----------
    counts : (groups, issues) int
        How many people rated each issue.
    sides : (groups,) which axis each group speaks for.
    weighted : (groups,) whether the group has a weight above 0.
    k : the smallest number of people whose result is shown, at least 1.

    Returns
    -------
    Protection
        For each axis and issue, what the axis and the told cells leave unknown is nothing, or a sum over at least
        two cells with at least k people together.
    """
    counts = np.asarray(counts)
    told = counts >= max(k, 1)
    counted = counts > 0
    for side in dict.fromkeys(sides):
        members = [g for g, own in enumerate(sides) if own == side and weighted[g]]
        for issue in range(counts.shape[1]):
            cells = [g for g in members if counts[g, issue]]
            hidden = [g for g in cells if not told[g, issue]]
            if not hidden:
                continue
            spare = sorted((g for g in cells if told[g, issue]), key=lambda g: (counts[g, issue], g))
            while spare and not _enough(counts[hidden, issue], k):
                hidden.append(spare.pop(0))
            told[hidden, issue] = False
            if not _enough(counts[hidden, issue], k):
                counted[hidden, issue] = False
    # Without a weight a group is on no axis: its small cells are simply not shown.
    for g, has_weight in enumerate(weighted):
        if not has_weight:
            counted[g] &= told[g]
    return Protection(counted, told)


def _enough(counts: NDArray[np.int64], k: int) -> bool:
    return len(counts) >= 2 and int(counts.sum()) >= k
