"""How sure are axes, ranks and tiers? The survey is repeated in thought, thousands of times.

Each draw stands for the same survey with other respondents of the same kind. Knows groups and the method;
what it returns are probabilities and intervals, never the result itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from materiality.scoring.axes import Axis
from materiality.scoring.groups import GroupInput
from materiality.scoring.method import Method
from materiality.scoring.priority import PRIORITY_RULES, rank_draws
from materiality.scoring.tiers import DECIMALS, assign_tiers_of_draws
from surveys.tally import Tally

Floats = NDArray[np.float64]

# Below so many respondents a group's answers are drawn one by one; from there on the normal distribution of
# their means is as good and costs nothing (ratio of standard deviations 0.997 to 1.003 from n = 200).
BOOTSTRAP_BELOW = 200
# So many respondents are drawn at a time that they stay in the processor's cache.
_BLOCK_CELLS = 2**15
# Directions in which a group varies less than this part of its largest variance are rounding.
_RELATIVE_RANK = 1e-12


@dataclass(frozen=True, eq=False)
class Certainty:
    """What the draws say. Arrays are read-only.

    Parameters
    ----------
    draws : int
    known : (issues,) bool
        False where nothing can be said: the issue has no priority, or no group with two ratings of it.
        Its rows below are NaN, and 0 for ranks.
    tier_probability : (issues, tiers) float64
        Part of the draws in which the issue is in the tier; rows add up to 1. NaN if tiers are not known.
    rank_interval : (issues, 2) int64
        The narrowest ranks from equal tails that hold at least the method's probability.
    axis_intervals : tuple of (issues, 2) float64
        One for each axis of the method.
    priority_interval : (issues, 2) float64
        Quantiles with equal tails, within the scale. NaN on an axis that is missing.
    """

    draws: int
    known: NDArray[np.bool_]
    tier_probability: Floats
    rank_interval: NDArray[np.int64]
    axis_intervals: tuple[Floats, ...]
    priority_interval: Floats

    def __post_init__(self) -> None:
        for value in vars(self).values():
            for array in value if isinstance(value, tuple) else (value,):
                if isinstance(array, np.ndarray):
                    array.setflags(write=False)

    @classmethod
    def unknown(cls, issues: int, tiers: int, axes: int) -> Certainty:
        """No draws: nothing is known."""
        pairs = np.full((issues, 2), np.nan)
        nowhere = np.zeros((issues, 2), np.int64)
        return cls(0, np.zeros(issues, bool), np.full((issues, tiers), np.nan), nowhere, (pairs,) * axes, pairs)


def assess(groups: Sequence[GroupInput], axes: Sequence[Axis], rated: Sequence[int], method: Method) -> Certainty:
    """Draw surveys, and see how often each issue gets each rank and tier.

    Parameters
    ----------
    groups : sequence of GroupInput
    axes : sequence of Axis
        Of the same groups.
    rated : sequence of int
        Issues that have a priority.
    method : Method

    Returns
    -------
    Certainty
        Nothing is known without draws or rated issues.

    Notes
    -----
    Respondents are resampled within each group [1]_. A resampled mean varies by (n-1)/n of the variance of
    the mean, which shows in small groups, so deviations from the mean are widened by sqrt(n/(n-1)) [2]_, with
    n the number of respondents who rated the issue. Groups of `BOOTSTRAP_BELOW` and more, and those that come
    without their ratings, are drawn from the normal distribution with the same mean and covariance.

    A group with one rating of an issue says nothing of its spread: it is taken as fixed.

    References
    ----------
    .. [1] B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7 (1979), 1-26.
    .. [2] J. N. K. Rao and C. F. J. Wu, "Resampling inference with complex survey data", Journal of the
       American Statistical Association 83 (1988), 231-241.
    """
    issues, scale = groups[0].tally.items, groups[0].tally.scale
    if not rated or not method.draws:
        return Certainty.unknown(issues, len(method.tiers), len(axes))
    index = np.asarray(rated, dtype=np.intp)
    known = np.zeros(issues, bool)
    spread = {axis.name: _has_spread(groups, axis)[index] for axis in axes}
    known[index] = np.logical_or.reduce(list(spread.values()))
    drawn = {axis.name: draw_axis(axis, groups, index, method) for axis in axes if axis.present}
    values = list(drawn.values())
    priorities = _rounded(PRIORITY_RULES[method.priority].join_draws(values))
    lower_axis = _rounded(np.minimum.reduce(values))
    ranks, ordered = rank_draws(priorities)
    tiers = assign_tiers_of_draws(method, ranks, priorities, ordered, lower_axis)

    probability = np.stack([(tiers == tier).mean(axis=0) for tier in range(len(method.tiers))], axis=1)
    rank_interval = np.zeros((issues, 2), np.int64)
    rank_interval[index] = _rank_interval(ranks, method.interval)
    rank_interval[~known] = 0

    def spread_out(part: Floats, shown: NDArray[np.bool_]) -> Floats:
        whole = np.full((issues, part.shape[1]), np.nan)
        whole[index[shown]] = part[shown]
        return whole

    def axis_interval(axis: Axis) -> Floats:
        if axis.name not in drawn:
            return np.full((issues, 2), np.nan)
        return spread_out(_interval(drawn[axis.name], method.interval, scale), spread[axis.name])

    return Certainty(
        method.draws,
        known,
        spread_out(probability, known[index]),
        rank_interval,
        tuple(axis_interval(axis) for axis in axes),
        spread_out(_interval(priorities, method.interval, scale), known[index]),
    )


def draw_axis(axis: Axis, groups: Sequence[GroupInput], issues: NDArray[np.intp], method: Method) -> Floats:
    """Values of an axis in repeated surveys.

    Parameters
    ----------
    axis : Axis
    groups : sequence of GroupInput
    issues : (chosen,) int
        Which issues; each has a value on the axis.
    method : Method

    Returns
    -------
    (draws, chosen) float64
        Not cut off at the ends of the scale, where cutting would make ties.

    Notes
    -----
    An axis is a weighted sum of independent group means, and a sum of normal variables is normal: all groups
    that are not resampled one by one are drawn at once, from the weighted sum of their covariances.
    """
    centre = np.array([float(axis.values[i] or 0) for i in issues])
    result = np.tile(centre, (method.draws, 1))
    together = np.zeros((len(issues), len(issues)))
    for group, shares in zip(groups, axis.shares, strict=True):
        rated = group.tally.counts[issues]
        widened = shares[issues] * np.sqrt(rated / np.maximum(rated - 1, 1))
        if not widened.any():
            continue
        if group.ratings is not None and group.tally.respondents < BOOTSTRAP_BELOW:
            stream = _stream(method.seed, "group", group.name)
            for part, deviations in resample_means(group.ratings[:, issues], method.draws, stream):
                result[part] += widened * deviations
        else:
            together += widened[:, None] * widened * covariance_of_means(group.tally)[np.ix_(issues, issues)]
    if together.any():
        stream = _stream(method.seed, "axis", axis.name)
        result += stream.standard_normal((method.draws, len(issues))) @ _symmetric_root(together)
    return result


def resample_means(
    ratings: NDArray[np.uint8], draws: int, stream: np.random.Generator
) -> Iterator[tuple[slice, Floats]]:
    """Deviations of resampled means from the means.

    Parameters
    ----------
    ratings : (respondents, issues) uint8
        0 = no answer. The order of the respondents does not matter.
    draws : int
    stream : numpy.random.Generator

    Yields
    ------
    part : slice
        Of the draws.
    deviations : (size of the part, issues) float64
        In rating points; 0 in draws that hold nobody who rated the issue.
    """
    n, issues = ratings.shape
    # Rows come from a database in any order; drawing from sorted ones makes a rerun identical.
    rows = np.frombuffer(b"".join(sorted(row.tobytes() for row in ratings)), np.uint8).reshape(n, issues)
    both = np.concatenate([rows, rows != 0], axis=1).astype(np.float32)
    means = rows.sum(axis=0, dtype=np.int64) / np.maximum((rows != 0).sum(axis=0), 1)
    block = max(1, _BLOCK_CELLS // max(n, 2 * issues))
    for start in range(0, draws, block):
        size = min(block, draws - start)
        chosen = stream.integers(0, n, size=(size, n))
        chosen += np.arange(0, size * n, n)[:, None]
        times = np.bincount(chosen.ravel(), minlength=size * n).reshape(size, n).astype(np.float32)
        # Whole numbers below 2**24: exact in float32.
        totals = (times @ both).astype(np.float64)
        sums, counts = totals[:, :issues], totals[:, issues:]
        yield slice(start, start + size), np.where(counts > 0, sums / np.maximum(counts, 1) - means, 0)


def covariance_of_means(tally: Tally) -> Floats:
    """Covariance of the means of issues over resampled respondents, with answers missing.

    Parameters
    ----------
    tally : Tally

    Returns
    -------
    (issues, issues) float64
        In squared rating points; 0 for an issue that fewer than two respondents rated.

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


def _symmetric_root(covariance: Floats) -> Floats:
    """The root that moves least when the covariance does, so that a slightly other weight gives slightly other
    draws. Works where respondents are fewer than issues."""
    variances, directions = np.linalg.eigh(covariance)
    kept = np.where(variances > _RELATIVE_RANK * variances[-1], variances, 0)
    return (directions * np.sqrt(kept)) @ directions.T


def _has_spread(groups: Sequence[GroupInput], axis: Axis) -> NDArray[np.bool_]:
    """(issues,) Whether a group that counts on the axis has at least two ratings."""
    counts = np.array([group.tally.counts for group in groups])
    counted: NDArray[np.bool_] = (axis.shares > 0) & (counts > 1)
    return np.logical_or.reduce(counted, axis=0)


def _stream(seed: int, *key: str) -> np.random.Generator:
    """Random numbers of their own for each key, so that none shifts when another comes or goes."""
    digest = hashlib.sha256("\x1f".join(key).encode()).digest()
    words = tuple(int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4))
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=words))


def _rank_interval(ranks: NDArray[np.intp], probability: float) -> NDArray[np.int64]:
    """(issues, 2) Least ranks that at least the lower tail, and at least all but the upper tail, do not pass."""
    draws, issues = ranks.shape
    flat = ranks - 1 + np.arange(0, issues * issues, issues)
    reached = np.bincount(flat.ravel(), minlength=issues * issues).reshape(issues, issues).cumsum(axis=1)
    tail = (1 - probability) / 2 * draws
    # A tail of 0.05 x 2,000 draws is 100, whatever floats make of it; and at least one draw is reached.
    low = (reached < max(tail - 1e-6, 0.5)).sum(axis=1)
    high = (reached < draws - tail - 1e-6).sum(axis=1)
    return np.stack([low, high], axis=1) + 1


def _interval(draws: Floats, probability: float, scale: tuple[int, int]) -> Floats:
    """(issues, 2) Quantiles between which the draws lie with the probability, within the scale."""
    # numpy.quantile would find the same, linearly between neighbours, in four times the time of this sort.
    ordered = np.sort(draws.T, axis=1)
    place = np.array([(1 - probability) / 2, (1 + probability) / 2]) * (len(draws) - 1)
    below = np.floor(place).astype(np.intp)
    above = np.ceil(place).astype(np.intp)
    found = ordered[:, below] + (ordered[:, above] - ordered[:, below]) * (place - below)
    return _rounded(np.clip(found, *scale))


def _rounded(values: Floats) -> Floats:
    result: Floats = np.round(values, DECIMALS)
    return result
