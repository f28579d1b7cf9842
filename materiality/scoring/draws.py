"""How axes vary from survey to survey: what another sample of the same people would have said.

Knows groups, what they contribute to axes, and how little a small group tells of its own spread. Ranks and tiers
are none of its business (see `materiality.scoring.certainty`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from materiality.scoring.axes import Axis
from materiality.scoring.groups import GroupInput
from materiality.scoring.method import Method
from materiality.scoring.spread import (
    Floats,
    GroupSpread,
    Mask,
    borrowed_spread,
    correlation_of_means,
    part_not_asked,
    spread_of_group,
    tells_spread,
)
from surveys.tally import Tally

# Directions in which axes vary less than this part of the largest variance are rounding.
_RELATIVE_RANK = 1e-12
# A variance is never known worse than from two ratings.
_LEAST_DEGREES = 1.0
# The widening of a draw is a power of this number, which a normal variable makes 0 once in 50,000 draws.
_LEAST_CHI = 0.05


@dataclass(frozen=True, eq=False)
class AxisSpread:
    """How the values of axes vary from survey to survey.

    Parameters
    ----------
    axes : tuple of str
    centre : (axes, issues) float64
        The values themselves, on the rating scale.
    covariance : (axes * issues, axes * issues) float64
        In squared rating points, axis by axis.
    linked : bool
        Whether axes vary together, because the same people speak on more than one.
    degrees : (axes, issues) float64
        Degrees of freedom behind the variances; infinite where nothing varies.
    mean_variance, mean_degrees : (issues,) float64
        Variance of the mean of the axes, and the degrees of freedom behind it.
    known : (axes, issues) bool
        Whether the answers, or a census, tell how the value varies: those of every group that takes part.
    parts : (groups, issues) float64
        What each group adds to the variance on its axis.
    part_degrees : (groups, issues) float64
        Degrees of freedom behind it; infinite where it adds nothing.
    """

    axes: tuple[str, ...]
    centre: Floats
    covariance: Floats
    linked: bool
    degrees: Floats
    mean_variance: Floats
    mean_degrees: Floats
    known: Mask
    parts: Floats
    part_degrees: Floats

    @property
    def variance(self) -> Floats:
        """(axes, issues) float64, in squared rating points."""
        return np.diagonal(self.covariance).reshape(self.centre.shape)


@dataclass(frozen=True, eq=False)
class Surveys:
    """The survey, repeated in thought.

    Parameters
    ----------
    spread : AxisSpread
    issues : (chosen,) int
        Which issues were drawn; the rest of an analysis has no priority.
    deviations : (axes, draws, chosen) float64
        Of the axes from their values, in rating points: normal, with the covariance of the spread.
    doubt : (draws,) float64
        Standard normal: how far the variances themselves are off in each draw, for `widening`.
    """

    spread: AxisSpread
    issues: NDArray[np.intp]
    deviations: Floats
    doubt: Floats


def spread_of_axes(
    axes: Sequence[Axis],
    groups: Sequence[GroupInput],
    issues: NDArray[np.intp],
    *,
    finite_population: bool = False,
) -> AxisSpread:
    """How axes vary from survey to survey.

    Parameters
    ----------
    axes : sequence of Axis
        Each has a value for each of `issues`.
    groups : sequence of GroupInput
        Those that the axes were made of.
    issues : (chosen,) int
        Which issues.
    finite_population : bool
        Whether the populations of groups, where known, are counted with.

    Raises
    ------
    ValueError
        With more respondents than the population that is to be counted with.

    Notes
    -----
    An axis is a weighted sum of means, so its covariance is the sum of A C A over independent groups, with A the
    group's shares of the issues and C the covariance of its means. C has the variances of `spread_of_group` and the
    correlations of `covariance_of_means`. A group of one person has the spread of the other groups of its axis
    (`borrowed_spread`). Where the same people speak in several groups, these are one group with the ratings of all.
    Degrees of freedom go with sums of variances v_g of d_g degrees by (sum v_g)^2 /
    sum(v_g^2 / d_g) [1]_, [2]_; where a correlation r takes part, so does its variance, (1 - r^2)^2 / (n - 1).

    References
    ----------
    .. [1] F. E. Satterthwaite, "An approximate distribution of estimates of variance components", Biometrics
       Bulletin 2 (1946), 110-114.
    .. [2] B. L. Welch, "The generalization of Student's problem when several different population variances are
       involved", Biometrika 34 (1947), 28-35.
    """
    chosen, size = len(issues), len(axes)
    # By name, so that sums come out the same to the last digit in whatever order groups are given.
    order = sorted(range(len(groups)), key=lambda g: groups[g].name)
    speaking = [(g, a) for g in order for a, axis in enumerate(axes) if axis.shares[g, issues].any()]
    voices = [
        _voice(
            groups[g],
            g,
            a,
            axes[a].shares[g, issues],
            issues,
            finite_population,
            [groups[h].tally for h, b in speaking if b == a],
        )
        for g, a in speaking
    ]
    related = {voice.people: correlation_of_means(voice.tally) for voice in voices}
    covariance = np.zeros((size, chosen, size, chosen))
    rated, unknown = np.zeros((2, size, chosen), bool)
    parts, part_degrees = np.zeros((len(groups), chosen)), np.full((len(groups), chosen), np.inf)
    doubt, mean_doubt = np.zeros((size, chosen)), np.zeros(chosen)
    of_people = {voice.people: np.zeros((2, chosen)) for voice in voices}
    for voice in voices:
        for other in voices:
            if other.people != voice.people:
                continue
            correlation = related[voice.people][voice.columns[:, None], other.columns]
            block = voice.loading[:, None] * correlation * other.loading
            covariance[voice.axis, :, other.axis] += block
            of_mean = np.diagonal(block) / size**2
            of_people[voice.people] += of_mean, of_mean / voice.degrees
            if other is voice:
                parts[voice.group] = np.diagonal(block)
                part_degrees[voice.group] = voice.degrees
            else:
                apart = voice.loading * other.loading * (1 - np.diagonal(correlation) ** 2) / size**2
                mean_doubt += apart**2 / max(voice.tally.respondents - 1, 1)
        rated[voice.axis] |= voice.rated
        unknown[voice.axis] |= voice.rated & ~voice.known
        doubt[voice.axis] += parts[voice.group] ** 2 / voice.degrees
    # Variances from the same people are wrong together: that is not averaged out.
    mean_doubt += sum(variance * np.maximum(in_doubt, 0) for variance, in_doubt in of_people.values())
    variance = np.einsum("aiai->ai", covariance)
    mean_variance = np.einsum("aibi->i", covariance) / size**2
    # What people who rate the axes in opposite ways leave of the variance of their mean is rounding.
    mean_variance[mean_variance <= _RELATIVE_RANK * parts.sum(axis=0)] = 0
    return AxisSpread(
        axes=tuple(axis.name for axis in axes),
        centre=np.array([[float(axis.values[i] or 0) for i in issues] for axis in axes]),
        covariance=covariance.reshape(size * chosen, size * chosen),
        linked=any(v.people == w.people and v.axis != w.axis for v in voices for w in voices),
        degrees=_degrees(variance, doubt),
        mean_variance=mean_variance,
        mean_degrees=_degrees(mean_variance, mean_doubt),
        known=rated & ~unknown,
        parts=parts,
        part_degrees=part_degrees,
    )


@dataclass(frozen=True, eq=False)
class _Voice:
    """What an axis takes from a group.

    Attributes
    ----------
    group, axis : positions.
    people : whose ratings they are; the same for groups of the same people.
    tally : all that these people said.
    columns : (chosen,) which of the tally's items are the chosen issues of the group.
    loading : (chosen,) by how much the values of the axis vary: share times standard deviation of the mean.
    degrees : (chosen,) degrees of freedom.
    rated : (chosen,) whether the group takes part in the value.
    known : (chosen,) whether it tells how the value varies.
    """

    group: int
    axis: int
    people: tuple[str, str]
    tally: Tally
    columns: NDArray[np.intp]
    loading: Floats
    degrees: Floats
    rated: Mask
    known: Mask


def _voice(
    group: GroupInput,
    g: int,
    a: int,
    share: Floats,
    issues: NDArray[np.intp],
    finite_population: bool,
    on_axis: Sequence[Tally],
) -> _Voice:
    left = part_not_asked(group, finite_population)
    spread = _spread(group.tally, on_axis)
    loading = share * np.sqrt(left * spread.variance[issues])
    # Where everybody was asked nothing is left to vary, and that is known.
    known = (spread.known if left else group.tally.counts > 0)[issues]
    if group.people is None:
        people, tally, columns = ("group", group.name), group.tally, issues
    else:
        people, tally = ("people", group.people.name), group.people.tally
        columns = np.array(group.people.columns, dtype=np.intp)[issues]
    return _Voice(g, a, people, tally, columns, loading, spread.degrees[issues], share > 0, known)


def _spread(tally: Tally, on_axis: Sequence[Tally]) -> GroupSpread:
    """Of a group, from its own answers or else from those of the other groups on its axis."""
    if tells_spread(tally):
        return spread_of_group(tally)
    return borrowed_spread(tally, [other for other in on_axis if tells_spread(other)])


def _degrees(variance: Floats, doubt: Floats) -> Floats:
    """variance^2 / doubt, at least `_LEAST_DEGREES`, infinite where nothing varies or nothing is in doubt."""
    found = np.divide(variance**2, doubt, out=np.full(variance.shape, np.inf), where=(variance > 0) & (doubt > 0))
    return np.maximum(found, _LEAST_DEGREES)


def repeat(
    axes: Sequence[Axis],
    groups: Sequence[GroupInput],
    rated: Sequence[int],
    method: Method,
) -> Surveys | None:
    """Repeat the survey in thought.

    Parameters
    ----------
    axes : sequence of Axis
        Those that are not present are left out.
    groups : sequence of GroupInput
        Those that the axes were made of.
    rated : sequence of int
        The issues that have a priority.
    method : Method
        Its draws, seed and finite population. The same seed gives the same draws, and each axis has random numbers
        of its own.

    Returns
    -------
    Surveys or None
        None without draws or rated issues.
    """
    if not rated or not method.draws:
        return None
    issues = np.asarray(rated, dtype=np.intp)
    present = [axis for axis in axes if axis.present]
    spread = spread_of_axes(present, groups, issues, finite_population=method.finite_population)
    size, chosen = spread.centre.shape
    streams = [_stream(method.seed, "axis", axis).standard_normal((method.draws, chosen)) for axis in spread.axes]
    if spread.linked:
        together = np.concatenate(streams, axis=1) @ _symmetric_root(spread.covariance)
        deviations = np.ascontiguousarray(together.reshape(method.draws, size, chosen).transpose(1, 0, 2))
    else:
        own = (slice(a * chosen, (a + 1) * chosen) for a in range(size))
        roots = (_symmetric_root(spread.covariance[part, part]) for part in own)
        deviations = np.stack([normal @ root for normal, root in zip(streams, roots, strict=True)])
    return Surveys(spread, issues, deviations, _stream(method.seed, "variance").standard_normal(method.draws))


def vary(
    surveys: Surveys, draws: int | None = None, narrower: Floats | float = 1.0, more: Floats | float = 1.0
) -> Floats:
    """Deviations of axes from their values, for whatever belongs to a priority.

    Parameters
    ----------
    surveys : Surveys
    draws : int, optional
        Only the first so many.
    narrower : (axes, issues) float64, optional
        By what factor deviations are smaller than those of the survey.
    more : (issues,) float64, optional
        How many times as many degrees of freedom there are.

    Returns
    -------
    (axes, draws, issues) float64
        Of Student's t, with the degrees of freedom of the mean of the axes.
    """
    spread = surveys.spread
    by_issue = np.broadcast_to(narrower, spread.centre.shape)[:, None]
    result: Floats = surveys.deviations[:, :draws] * (widening(surveys.doubt[:draws], more * spread.mean_degrees))
    result *= by_issue
    return result


def widening(doubt: Floats, degrees: Floats) -> Floats:
    """What deviations are multiplied by because variances are estimated, so that normal ones become Student's t.

    Parameters
    ----------
    doubt : (draws,) float64
        Standard normal.
    degrees : (issues,) float64
        Of freedom; may be infinite.

    Returns
    -------
    (draws, issues) float64
        sqrt(d / chi^2_d), with the cube root of chi^2_d / d taken as normal of mean 1 - 2 / (9 d) and variance
        2 / (9 d) [1]_, so that one number serves issues with any degrees of freedom.

    References
    ----------
    .. [1] E. B. Wilson and M. M. Hilferty, "The distribution of chi-square", Proceedings of the National Academy
       of Sciences 17 (1931), 684-688.
    """
    part = 2 / (9 * degrees)
    root = np.maximum(1 - part + doubt[:, None] * np.sqrt(part), _LEAST_CHI)
    result: Floats = 1 / (root * np.sqrt(root))
    return result


def _symmetric_root(covariance: Floats) -> Floats:
    """The root that moves least when the covariance does, so that a slightly other weight gives slightly other
    draws. Works where respondents are fewer than issues."""
    variances, directions = np.linalg.eigh(covariance)
    kept = np.where(variances > _RELATIVE_RANK * variances[-1], variances, 0)
    return (directions * np.sqrt(kept)) @ directions.T


def _stream(seed: int, *key: str) -> np.random.Generator:
    """Random numbers of their own for each key, so that none shifts when another comes or goes."""
    digest = hashlib.sha256("\x1f".join(key).encode()).digest()
    words = tuple(int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4))
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=words))
