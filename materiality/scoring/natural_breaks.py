"""Natural breaks: the partition of numbers into classes with the least squares within them (Fisher-Jenks).

One set of numbers goes to jenkspy; thousands of draws at once go through the same recursion in numpy, which
jenkspy would need a second for.
"""

from __future__ import annotations

from collections.abc import Sequence

import jenkspy
import numpy as np
from numpy.typing import NDArray

# So many numbers are worked on at a time that they stay in the processor's cache.
_BLOCK_CELLS = 2**14

# Sums of squares on a rating scale that differ by less do so by rounding.
_EQUALLY_GOOD = 1e-9


def break_classes(values: Sequence[float], classes: int) -> tuple[int, ...] | None:
    """Class of each number, 0 for the highest.

    Parameters
    ----------
    values : (issues,) float
    classes : int
        At least 1.

    Returns
    -------
    (issues,) int, or None
        Equal numbers have the same class. None if there are fewer different numbers than classes: then no
        partition exists.

    References
    ----------
    .. [1] W. D. Fisher, "On grouping for maximum homogeneity", Journal of the American Statistical
       Association 53 (1958), 789-798.
    .. [2] G. F. Jenks, "The data model concept in statistical mapping", International Yearbook of
       Cartography 7 (1967), 186-190.
    """
    if len(set(values)) < classes:
        return None
    if classes == 1:
        return (0,) * len(values)
    # Sums of squares lose digits far from zero, so the recursion is given deviations.
    middle = sum(values) / len(values)
    deviations = [value - middle for value in values]
    inner = jenkspy.jenks_breaks(deviations, n_classes=classes)[1:-1]
    return tuple(sum(bool(deviation <= limit) for limit in inner) for deviation in deviations)


def break_classes_of_draws(ordered: NDArray[np.float64], classes: int) -> NDArray[np.int8]:
    """Class of each place in many ordered sets of numbers, 0 for the highest.

    Parameters
    ----------
    ordered : (draws, issues) float64
        Each row from high to low.
    classes : int
        1 to the number of issues.

    Returns
    -------
    (draws, issues) int8
        Class of the first, second, ... highest number of each row. Where two partitions are equally good, the
        higher classes take more. A row with fewer different numbers than classes is parted between equal ones;
        take the class of the first of them.
    """
    draws, issues = ordered.shape
    result = np.zeros((draws, issues), np.int8)
    rows = max(1, _BLOCK_CELLS // issues)
    places = np.arange(issues)[::-1]
    for start in range(0, draws, rows):
        ascending = ordered[start : start + rows, ::-1].T
        for opens in _class_starts(ascending - ascending.mean(axis=0), classes):
            result[start : start + rows] += places < opens[:, None]
    return result


def _class_starts(values: NDArray[np.float64], classes: int) -> list[NDArray[np.intp]]:
    """Index at which each class but the lowest begins, (draws,) each; `values` is (issues, draws), ascending.

    Fisher's recursion: best[k][j], the least sum of squares of the first j numbers in k classes, is the
    minimum over i of best[k-1][i] plus the sum of squares of numbers i to j within one class. The places where
    the minimum is are only looked up on the way back, once per class.
    """
    issues, draws = values.shape
    sums = np.zeros((issues + 1, draws))
    squares = np.zeros((issues + 1, draws))
    np.cumsum(values, axis=0, out=sums[1:])
    np.cumsum(values * values, axis=0, out=squares[1:])
    lengths = np.arange(1, issues + 1, dtype=float)[:, None]
    # Without the squares, which are the same however the numbers are parted: that leaves one term per class.
    open_costs = [np.zeros((issues + 1, draws))]
    open_costs[0][1:] = -(sums[1:] ** 2) / lengths
    for k in range(2, classes):
        open_costs.append(_with_one_more(open_costs[-1], sums, k))
    starts: list[NDArray[np.intp]] = []
    end = np.full(draws, issues)
    places = np.arange(issues + 1)[:, None]
    for k in range(classes, 1, -1):
        length = end - places
        ends_at = np.take_along_axis(sums, end[None, :], axis=0)
        cost = open_costs[k - 2] - (sums - ends_at) ** 2 / np.maximum(length, 1)
        cost[(length < 1) | (places < k - 1)] = np.inf
        end = (cost <= cost.min(axis=0) + _EQUALLY_GOOD).argmax(axis=0)
        starts.append(end)
    return starts


def _with_one_more(before: NDArray[np.float64], sums: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """best[k] from best[k-1], each (issues + 1, draws).

    The more numbers there are, the later their last class begins (Fisher's argument for ordered numbers), so where it
    begins for one j, in whichever draw, bounds where it does for the others: they are taken by halves.
    """
    issues = len(sums) - 1
    # Multiplying is quicker than dividing, and this is where the time goes.
    parts = 1 / np.arange(issues, 0, -1, dtype=float)[:, None]
    cost = np.zeros_like(sums)
    room = np.empty_like(sums)
    # The j from first to last, whose last class begins between low and high.
    waiting = [(k, issues, k - 1, issues - 1)] if k <= issues else []
    while waiting:
        first, last, low, high = waiting.pop()
        j = (first + last) // 2
        places = slice(low, min(high + 1, j))
        last_class = room[: places.stop - low]
        np.subtract(sums[places], sums[j], out=last_class)
        last_class *= last_class
        last_class *= parts[issues - j + low : issues - j + places.stop]
        np.subtract(before[places], last_class, out=last_class)
        last_class.min(axis=0, out=cost[j])
        if first == last:
            continue
        best = (last_class <= cost[j] + _EQUALLY_GOOD).any(axis=1).nonzero()[0]
        if first < j:
            waiting.append((first, j - 1, low, low + int(best[-1])))
        if j < last:
            waiting.append((j + 1, last, low + int(best[0]), high))
    return cost
