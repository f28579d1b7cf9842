"""Whether groups agree: Kendall's W over all issues, and the spread of group means on each.

Knows group means, not weights: a small voice disagrees as loudly as a large one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

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


def agreement(means: Means) -> Agreement:
    """How alike groups rank the issues.

    Parameters
    ----------
    means : (groups, issues) Fraction or None
        Mean ratings; None where nobody of a group rated an issue. A group with no mean at all is left out, and
        so is an issue that one of the others did not rate.

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
    rows = [row for row in means if any(mean is not None for mean in row)]
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


def spreads(means: Means) -> tuple[Fraction | None, ...]:
    """(issues,) Highest minus lowest group mean; None where fewer than two groups rated an issue."""
    result: list[Fraction | None] = []
    for column in zip(*means, strict=True):
        rated = [mean for mean in column if mean is not None]
        result.append(max(rated) - min(rated) if len(rated) > 1 else None)
    return tuple(result)
