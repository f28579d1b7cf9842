"""How much the means of a group vary from sample to sample, and how well a small group tells that.

Knows one group at a time, and neither axes nor weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from materiality.scoring.groups import GroupInput
from surveys.tally import Tally

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Before it has answered, a group is taken to spread evenly over the scale, with the weight of so many ratings.
_PRIOR_RATINGS = 4.0
# However much issues differ in spread, the others count as so many ratings of an issue; and however alike they are,
# its own ratings count for a twentieth.
_LEAST_BORROWED = 3.0
_MOST_BORROWED = 0.95


@dataclass(frozen=True, eq=False)
class GroupSpread:
    """How the means of a group vary from sample to sample, were it drawn from a population without end.

    Parameters
    ----------
    variance : (issues,) float64
        Variance of the mean of each issue in squared rating points; 0 where it is not known.
    degrees : (issues,) float64
        Degrees of freedom behind it; infinite where it is not known.
    known : (issues,) bool
        Whether the ratings tell how the mean varies.
    """

    variance: Floats
    degrees: Floats
    known: Mask


def spread_of_group(tally: Tally) -> GroupSpread:
    """Variance of a group's means, with what its issues tell of each other.

    Parameters
    ----------
    tally : Tally
        Of the group.

    Notes
    -----
    From few ratings a variance is known badly: at worst they are all the same, and nothing seems to vary. So each
    variance s_i^2 of n_i ratings is moderated towards the mean s_0^2 of the group's variances [1]_:

        v_i = w_i s_0^2 + (1 - w_i) s_i^2,  with  d_i = (n_i - 1) / (1 - w_i)  degrees of freedom.

    The weight is that of credibility theory [2]_: w_i = a_i / (a_i + b), with a_i the variance that s_i^2 has by
    chance, (mu_4 - s_0^4 (n_i - 3) / (n_i - 1)) / n_i, and b what the variances of issues differ beyond that. With
    many respondents w_i goes to 0. An issue with one rating has the spread of the others. A group with one
    respondent has none that is known (see `borrowed_spread`).

    References
    ----------
    .. [1] G. K. Smyth, "Linear models and empirical Bayes methods for assessing differential expression in
       microarray experiments", Statistical Applications in Genetics and Molecular Biology 3 (2004), article 3.
    .. [2] H. Bühlmann, "Experience rating and credibility", ASTIN Bulletin 4 (1967), 199-207.
    """
    counts, issues = tally.counts, tally.items
    free = np.maximum(counts - 1, 0).astype(float)
    if not tells_spread(tally):
        return GroupSpread(np.zeros(issues), np.full(issues, np.inf), np.zeros(issues, bool))
    levels = np.arange(tally.scale[0], tally.scale[1] + 1, dtype=float)
    n = np.maximum(counts, 1).astype(float)
    deviations = levels - (tally.sums / n)[:, None]
    squares = deviations * deviations
    # Fresh arrays of float: integers times float would be converted again for each product.
    histogram = tally.histogram.astype(float)
    own = np.einsum("il,il->i", histogram, squares) / np.maximum(free, 1)
    fourth = np.einsum("il,il->i", histogram, squares * squares) / n
    even = levels - levels.mean()
    all_free = free.sum() + _PRIOR_RATINGS
    shared = (free @ own + _PRIOR_RATINGS * (even**2).mean()) / all_free
    shared_fourth = (free @ fourth + _PRIOR_RATINGS * (even**4).mean()) / all_free
    shared_square = (free @ own**2 + _PRIOR_RATINGS * (even**2).mean() ** 2) / all_free
    rated = np.count_nonzero(free)
    by_chance = np.maximum(shared_fourth - shared_square * (n - 3) / np.maximum(free, 1), 0.2 * shared_square) / n
    differ = (free @ (own - shared) ** 2) / free.sum() * rated / max(rated - 1, 1)
    borrowed = by_chance / (by_chance + np.maximum(differ - by_chance, 0))
    least = _LEAST_BORROWED / (_LEAST_BORROWED + free)
    borrowed = np.clip(borrowed, least, np.maximum(least, _MOST_BORROWED))
    variance = borrowed * shared + (1 - borrowed) * own
    degrees = np.minimum(np.where(free > 0, free / np.maximum(1 - borrowed, 1e-9), _LEAST_BORROWED), all_free)
    known = counts > 0
    return GroupSpread(np.where(known, variance / n, 0), np.where(known, degrees, np.inf), known)


def tells_spread(tally: Tally) -> bool:
    """Whether two people rated one issue, so that it is seen how far ratings lie apart."""
    return bool((tally.counts > 1).any())


def borrowed_spread(tally: Tally, others: Sequence[Tally]) -> GroupSpread:
    """Variance of the means of a group that does not tell its spread, with what other groups tell.

    Parameters
    ----------
    tally : Tally
        Of the group.
    others : sequence of Tally
        Of groups on its axis that tell theirs.

    Returns
    -------
    GroupSpread
        Nothing is known without others.

    Notes
    -----
    One rating has a variance as any other, only it is not seen; with 0 in its place, one person would look surer than
    thirty. The variance of one rating is taken to be the mean of those of the other groups, n_i v_i of theirs, over
    the groups that rated the issue; where none did, over all issues that they rated. How far it is off from group to
    group is not known, so it is trusted like that of an issue with one rating: 3 degrees of freedom.
    """
    known = tally.counts > 0
    if not others:
        return GroupSpread(np.zeros(tally.items), np.full(tally.items, np.inf), np.zeros(tally.items, bool))
    rated = np.array([other.counts > 0 for other in others])
    of_one = np.array([spread_of_group(other).variance * other.counts for other in others])
    by_issue = of_one.sum(axis=0) / np.maximum(rated.sum(axis=0), 1)
    variance = np.where(rated.any(axis=0), by_issue, of_one[rated].mean())
    mean = np.where(known, variance / np.maximum(tally.counts, 1), 0)
    return GroupSpread(mean, np.where(known, _LEAST_BORROWED, np.inf), known)


def part_not_asked(group: GroupInput, finite_population: bool, more: float = 1.0) -> float:
    """What part of the variance of a group's means is left because not all of its people were asked: 0 to 1.

    Parameters
    ----------
    group : GroupInput
    finite_population : bool
        Whether the group's population, where known, is counted with.
    more : float
        How many times as many respondents answer.

    Raises
    ------
    ValueError
        With more respondents than people.

    Notes
    -----
    The mean of n of N varies by 1 - n / N of what it would in a population without end [1]_. Who did not rate an
    issue would not have rated it in a census either: of those who would, the same part was asked, so n counts all
    respondents.

    References
    ----------
    .. [1] W. G. Cochran, "Sampling Techniques", 3rd ed., Wiley (1977), theorem 2.2 and, for those who would have rated
       an issue, the means over subpopulations of chapter 2.
    """
    if not finite_population or group.population is None:
        return 1.0
    respondents = group.tally.respondents
    if respondents > group.population:
        raise ValueError(
            f"The group {group.name!r} has {respondents} respondents, but a population of {group.population}."
        )
    return max(0.0, 1 - more * respondents / group.population)


def covariance_of_means(tally: Tally) -> Floats:
    """Covariance of the means of issues over samples of respondents, with answers missing.

    Parameters
    ----------
    tally : Tally

    Returns
    -------
    (issues, issues) float64
        In squared rating points, with n in place of n - 1 below the line. 0 for an issue that fewer than two
        respondents rated.

    Notes
    -----
    Of first order: a respondent who rated i moves its mean by (x_i - m_i) / n_i, so that with sums over those
    who rated both, cov_ij = sum((x_i - m_i)(x_j - m_j)) / (n_i n_j)
    = (P_ij - m_i S_ji - m_j S_ij + m_i m_j N_ij) / (n_i n_j).
    """
    n = np.maximum(tally.counts, 1).astype(float)
    m = tally.sums / n
    cross = m[:, None] * tally.joint_sums.T
    central = tally.joint_products - cross - cross.T + (m[:, None] * m) * tally.joint_counts
    return central / (n[:, None] * n)


def correlation_of_means(tally: Tally) -> Floats:
    """(issues, issues) Correlations of the means; 0 and on the diagonal 1 where a mean does not vary."""
    covariance = covariance_of_means(tally)
    deviation = np.sqrt(np.diagonal(covariance))
    scaled = np.divide(1.0, deviation, out=np.zeros_like(deviation), where=deviation > 0)
    # Pairs may lag behind single items (see `surveys.tally.Tally.updated`).
    result: Floats = np.clip(covariance * scaled[:, None] * scaled, -1, 1)
    np.fill_diagonal(result, 1.0)
    return result
