"""Whether groups agree, and the people within one.

Between groups: Kendall's W over all issues, the spread of group means on each, the rank correlation of two lists.
These know group means, not weights: a small voice disagrees as loudly as a large one. Within a group: van der Eijk's A.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import numpy as np
from scipy.special import chdtrc

Means = Sequence[Sequence[Fraction | None]]


@dataclass(frozen=True)
class Agreement:
    """Kendall's coefficient of concordance.

    Parameters
    ----------
    kendall_w : Fraction or None
        From 0 (no agreement) to 1 (all groups rank alike). None with fewer than two groups or two issues, or
        when every group rates all issues the same.
    groups : int
        Groups with answers.
    issues : int
        Issues that all of them rated.
    """

    kendall_w: Fraction | None
    groups: int
    issues: int

    @cached_property
    def p_value(self) -> float | None:
        """How often groups that rank at random agree at least so well; None without W.

        Notes
        -----
        m (n-1) W is Friedman's statistic, which is about chi-squared with n-1 degrees of freedom. With few groups the
        true probability is smaller [1]_: then agreement is said too seldom, not too often.

        References
        ----------
        .. [1] P. Legendre, "Species associations: the Kendall coefficient of concordance revisited", Journal of
           Agricultural, Biological, and Environmental Statistics 10 (2005), 226-245.
        """
        if self.kendall_w is None:
            return None
        return float(chdtrc(self.issues - 1, float(self.groups * (self.issues - 1) * self.kendall_w)))


def agreement(means: Means) -> Agreement:
    """How alike groups rank the issues.

    Parameters
    ----------
    means : (groups, issues) Fraction or None
        Mean ratings; None where nobody of a group rated an issue. A group that rated fewer than half of the issues
        that any rated is left out, and so is an issue that one of the others did not rate.

    Returns
    -------
    Agreement
        Corrected for ties, which get the mean of their ranks.

    Notes
    -----
    With m groups, n issues, rank sums R_i and t the sizes of the ties of each group,
    W = (12 sum(R_i^2) - 3 m^2 n (n+1)^2) / (m^2 n (n^2-1) - m sum(t^3 - t)); the Friedman statistic is
    m (n-1) W. Computed in integers.

    References
    ----------
    .. [1] M. G. Kendall and B. Babington Smith, "The problem of m rankings", Annals of Mathematical
       Statistics 10 (1939), 275-287.
    .. [2] M. G. Kendall, "Rank Correlation Methods", 4th edition, Griffin 1970, chapter 6.
    """
    rows = _speaking(means)
    shared = [[mean for mean in column if mean is not None] for column in zip(*rows, strict=True)]
    complete = [column for column in shared if len(column) == len(rows)]
    m, n = len(rows), len(complete)
    if m < 2 or n < 2:
        return Agreement(None, m, n)
    doubled_sums = [0] * n
    ties = 0
    for means_of_group in zip(*complete, strict=True):
        # Over a common denominator: integers are hashed and compared many times faster than fractions.
        common = math.lcm(*(mean.denominator for mean in means_of_group))
        row = [mean.numerator * (common // mean.denominator) for mean in means_of_group]
        sizes = Counter(row)
        ties += sum(size**3 - size for size in sizes.values())
        below, doubled_rank = 0, {}
        for value in sorted(sizes):
            # Twice the mean of the ranks below+1 ... below+size: an integer.
            doubled_rank[value] = 2 * below + sizes[value] + 1
            below += sizes[value]
        doubled_sums = [total + doubled_rank[value] for total, value in zip(doubled_sums, row, strict=True)]
    possible = m * m * n * (n * n - 1) - m * ties
    if possible == 0:
        return Agreement(None, m, n)
    found = 3 * sum(total * total for total in doubled_sums) - 3 * m * m * n * (n + 1) ** 2
    return Agreement(Fraction(found, possible), m, n)


def _speaking(means: Means) -> Means:
    """Rows of groups with means of at least half of the issues: others would leave too few issues that all rated."""
    rated = [sum(mean is not None for mean in row) for row in means]
    issues = sum(any(mean is not None for mean in column) for column in zip(*means, strict=True))
    return [row for row, number in zip(means, rated, strict=True) if number and 2 * number >= issues]


def spreads(means: Means) -> tuple[Fraction | None, ...]:
    """(issues,) Highest minus lowest group mean; None where fewer than two groups rated an issue."""
    result: list[Fraction | None] = []
    for column in zip(*means, strict=True):
        rated = [mean for mean in column if mean is not None]
        result.append(max(rated) - min(rated) if len(rated) > 1 else None)
    return tuple(result)


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Kendall's tau-b of two lists of the same issues: from -1 (opposite order) to 1 (same order).

    Returns
    -------
    float or None
        None where a list has no order: fewer than two different values.

    References
    ----------
    .. [1] M. G. Kendall, "The treatment of ties in ranking problems", Biometrika 33 (1945), 239-251.
    """
    order, other = (np.sign(np.subtract.outer(values, values)) for values in (np.asarray(first), np.asarray(second)))
    possible = math.sqrt(float((order**2).sum() * (other**2).sum()))
    return float((order * other).sum()) / possible if possible else None


@lru_cache(maxsize=8192)
def agreement_within(counts: tuple[int, ...]) -> Fraction | None:
    """Van der Eijk's measure of agreement among people who rated the same thing.

    Parameters
    ----------
    counts : (levels,) int
        How many gave each rating, from the lowest to the highest, also those that nobody gave.

    Returns
    -------
    Fraction or None
        1 when all gave the same rating, 0 when all ratings are equally frequent, -1 when one half gave the lowest and
        the other the highest. None without ratings, or on a scale of fewer than three.

    Notes
    -----
    The histogram is taken apart into layers in which all ratings that occur are equally frequent. With K ratings on
    the scale, S of them in a layer, TU the triples of ratings i < j < k of which i and j, or j and k, alone are in the
    layer, and TDU those of which i and k alone are, the layer has
    A = U (1 - (S-1)/(K-1)) with U = ((K-2) TU - (K-1) TDU) / ((K-2) (TU + TDU)), and U = 1 without such triples.
    A is the mean of the layers, weighted by the people in them.

    References
    ----------
    .. [1] C. van der Eijk, "Measuring agreement in ordered rating scales", Quality & Quantity 35 (2001), 325-341.
    """
    people = sum(counts)
    if len(counts) < 3 or not people:
        return None
    total, left = Fraction(), list(counts)
    while any(left):
        layer = [count > 0 for count in left]
        height = min(count for count in left if count)
        total += height * sum(layer) * _agreement_of_layer(layer)
        left = [count - height if count else 0 for count in left]
    return total / people


def _agreement_of_layer(layer: Sequence[bool]) -> Fraction:
    levels, with_one_peak, with_two, before = len(layer), 0, 0, 0
    after = sum(layer)
    for there in layer:
        if there:
            before, after = before + 1, after - 1
        else:
            with_one_peak += math.comb(before, 2) + math.comb(after, 2)
            with_two += before * after
    peaks = Fraction(1)
    if with_one_peak + with_two:
        peaks = Fraction(
            (levels - 2) * with_one_peak - (levels - 1) * with_two, (levels - 2) * (with_one_peak + with_two)
        )
    return peaks * (1 - Fraction(before - 1, levels - 1))
