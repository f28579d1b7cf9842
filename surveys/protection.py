"""Which figures may be shown so that no answer of fewer than k people can be read off or worked out. Pure numpy.

A group's mean of an issue is a cell. A cell of fewer than k people is never told. But an axis is a weighted mean with
known weights of all cells of its side: whoever sees the axis and all cells but one can work that one out, and whoever
sees it under several weightings can work out more. So small cells are *pooled*: with each other, and where those are
too few with the smallest larger cell, until at least two groups with k people together are counted as one, with their
mean over people and the sum of their weights. A small group keeps its voice that way. What is pooled depends on the
numbers of people alone, and on what was shown before: other weights, or none, change nothing about it.
(Complementary suppression: Hundepool et al., Statistical Disclosure Control, 2012, chapter 4.)
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
    told : (groups, issues) bool
        Whether the cell is shown and counted by itself.
    pools : for each set of groups, in order, (issues,) bool: the issues for which they are counted as one.
        A cell that is rated, not told and in no pool neither counts nor shows.
    """

    told: Mask
    pools: dict[tuple[int, ...], Mask]


def protect(
    counts: NDArray[np.int64], sides: Sequence[str], k: int, before: Sequence[tuple[tuple[int, ...], Mask]] = ()
) -> Protection:
    """Decide for every cell.

    Parameters
    ----------
    counts : (groups, issues) int
        How many people rated each issue.
    sides : (groups,) which axis each group speaks for.
    k : the smallest number of people whose result is shown, at least 1.
    before : sets of groups, each with (issues,) bool
        What was shown as one, or by itself where it is one group, for these issues: it is shown so or not at all, and
        nothing else is counted with it.

    Returns
    -------
    Protection
        Each cell that is told, and each pool of an issue, holds at least k people; no cell is in both or twice.
    """
    counts = np.asarray(counts)
    issues = counts.shape[1]
    told: Mask = counts >= max(k, 1)
    pools: dict[tuple[int, ...], Mask] = {}
    parted = np.zeros(counts.shape, bool)
    for together, where in before:
        parted[list(together)] |= where
        if len(together) > 1:
            told[list(together)] &= ~where
            for at in np.flatnonzero(where).tolist():
                if _enough(counts[list(together), at], k):
                    pools.setdefault(together, np.zeros(issues, bool))[at] = True
    for side in dict.fromkeys(sides):
        for issue in range(issues):
            members = [g for g, own in enumerate(sides) if own == side and not parted[g, issue]]
            pool = [g for g in members if 0 < counts[g, issue] < k]
            if not pool:
                continue
            spare = sorted((g for g in members if told[g, issue]), key=lambda g: (counts[g, issue], g))
            while spare and not _enough(counts[pool, issue], k):
                pool.append(spare.pop(0))
            told[pool, issue] = False
            if _enough(counts[pool, issue], k):
                pools.setdefault(tuple(sorted(pool)), np.zeros(issues, bool))[issue] = True
    return Protection(told, dict(sorted(pools.items())))


def _enough(counts: NDArray[np.int64], k: int) -> bool:
    return len(counts) >= 2 and int(counts.sum()) >= k
