"""How many more answers would settle in which tier an issue is? Nobody knows what they would say: they are taken to
be like those that are there, so that means stay and only the deviations shrink.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from materiality.scoring.axes import Axis
from materiality.scoring.certainty import rank_and_tier
from materiality.scoring.draws import Surveys, part_not_asked, vary
from materiality.scoring.groups import GroupInput
from materiality.scoring.method import Method
from materiality.scoring.spread import Floats

# From this probability on a tier is settled.
SETTLED_FROM = 0.95
# With so many times as many respondents it is tried, with fewer draws than probabilities are told from: the answer
# is "about 40 more". Where the last does not settle a tier, answers alone hardly will.
_TIMES = (2.5, 8.0, 28.0, 100.0)
_DRAWS = 250


@dataclass(frozen=True)
class Settling:
    """What it takes to be sure of an issue's tier.

    Parameters
    ----------
    answers : int or None
        So many more respondents, over the groups as so far, would bring the probability of the tier to
        `SETTLED_FROM`. None where a hundred times as many, or everybody there is, would not.
    tier : int
        Index of the tier that is the likeliest besides.
    """

    answers: int | None
    tier: int


def settle(
    surveys: Surveys | None,
    axes: Sequence[Axis],
    groups: Sequence[GroupInput],
    tiers: Sequence[int | None],
    tier_probability: Floats,
    method: Method,
) -> list[Settling | None]:
    """What would settle each issue's tier.

    Parameters
    ----------
    surveys : Surveys or None
    axes : sequence of Axis
    groups : sequence of GroupInput
    tiers : (issues,) int or None
        The result.
    tier_probability : (issues, tiers) float64
        NaN where it is not known.
    method : Method

    Returns
    -------
    (issues,) Settling or None
        None where the tier is settled, or nothing is known of it.

    Notes
    -----
    With c times as many respondents in each group, variances of means are 1 / c of what they are, in a finite
    population (1 / c) (1 - c n / N) / (1 - n / N). Between the c that are tried, the normal quantile of the
    probability is taken to be linear in sqrt(c), as it is for an issue beside one cut-off.
    """
    result: list[Settling | None] = [None] * len(tiers)
    if surveys is None:
        return result
    where = {issue: place for place, issue in enumerate(surveys.issues.tolist())}
    open_issues = [
        (i, tier) for i, tier in enumerate(tiers) if tier is not None and tier_probability[i, tier] < SETTLED_FROM
    ]
    if not open_issues:
        return result
    places = np.array([where[i] for i, _ in open_issues])
    wanted = np.array([tier for _, tier in open_issues])
    now = tier_probability[[i for i, _ in open_issues], wanted]
    tried = [_probability(surveys, groups, times, method, places, wanted) for times in _TIMES]
    # Once settled, a tier stays settled: what chance takes back in a later try was not settled.
    lasting = np.minimum.accumulate(np.array([now, *tried])[::-1], axis=0)[::-1]
    for column, (i, tier) in enumerate(open_issues):
        times = _times_needed(lasting[:, column])
        others = np.where(np.arange(len(method.tiers)) == tier, -1, tier_probability[i])
        answers = None if times is None else _answers(axes, groups, i, times)
        result[i] = Settling(answers, int(others.argmax()))
    return result


def growth(surveys: Surveys, groups: Sequence[GroupInput], times: float, method: Method) -> tuple[Floats, Floats]:
    """What changes when each group has so many times as many respondents. A group whose population is known ends there.

    Returns
    -------
    narrower : (axes, issues) float64
        By what factor deviations of the axes shrink: at most 1.
    more : (issues,) float64
        By what factor degrees of freedom grow. With v the part of a group in the variance and d the degrees of freedom
        behind it, they are (sum v)^2 / sum(v^2 / d) before; d grows as the group does, so that a group which ends
        early holds them back as far as it takes part in what is left.
    """
    spread = surveys.spread
    before, after = np.zeros_like(spread.centre), np.zeros_like(spread.centre)
    doubt_before, doubt_after = np.zeros((2, spread.centre.shape[1]))
    place = {axis: a for a, axis in enumerate(spread.axes)}
    for group, part, degrees in zip(groups, spread.parts, spread.part_degrees, strict=True):
        if not part.any():
            continue
        more = _reached(group, times) / group.tally.respondents
        left = part_not_asked(group, method.finite_population, more) / part_not_asked(group, method.finite_population)
        grown = part * left / more
        before[place[group.axis]] += part
        after[place[group.axis]] += grown
        doubt_before += part**2 / degrees
        doubt_after += grown**2 / (degrees * more)
    narrower = np.sqrt(np.divide(after, before, out=np.ones_like(after), where=before > 0))
    varies = doubt_after > 0
    gained = np.full(varies.shape, float(times))
    in_all_before, in_all_after = before.sum(axis=0)[varies], after.sum(axis=0)[varies]
    gained[varies] = (in_all_after / in_all_before) ** 2 * doubt_before[varies] / doubt_after[varies]
    return narrower, gained


def _probability(
    surveys: Surveys,
    groups: Sequence[GroupInput],
    times: float,
    method: Method,
    places: NDArray[np.intp],
    wanted: NDArray[np.intp],
) -> Floats:
    """Of the wanted tier of the issues at those places, with so many times as many respondents."""
    narrower, more = growth(surveys, groups, times, method)
    deviations = vary(surveys, _DRAWS, narrower, more)
    _, tiers = rank_and_tier(surveys.spread, deviations, method, narrower)
    result: Floats = (tiers[:, places] == wanted).mean(axis=0)
    return result


def _times_needed(probabilities: Floats) -> float | None:
    """The least number of times as many respondents that settle a tier; None if the last tried does not.

    Parameters
    ----------
    probabilities : (1 + tried,) float64
        Ascending, the first of the answers that are there and below `SETTLED_FROM`.
    """
    settled = np.flatnonzero(probabilities >= SETTLED_FROM)
    if not len(settled):
        return None
    last = int(settled[0])
    # 0 and 1 of a few hundred draws are not impossible and certain.
    edge = 0.5 / _DRAWS
    below, wanted, above = ndtri(np.clip([probabilities[last - 1], SETTLED_FROM, probabilities[last]], edge, 1 - edge))
    roots = np.sqrt([1.0, *_TIMES])[[last - 1, last]]
    part = (wanted - below) / (above - below)
    return float((roots[0] + part * (roots[1] - roots[0])) ** 2)


def _answers(axes: Sequence[Axis], groups: Sequence[GroupInput], issue: int, times: float) -> int:
    """How many more respondents that is, in the groups that count for the issue; nobody is counted twice."""
    more = {}
    for g, group in enumerate(groups):
        if any(axis.shares[g, issue] for axis in axes):
            name = ("people", group.people.name) if group.people else ("group", group.name)
            more[name] = _reached(group, times) - group.tally.respondents
    return max(1, math.ceil(sum(more.values()) - 1e-9))


def _reached(group: GroupInput, times: float) -> float:
    """So many times its respondents, or the people there are."""
    reached = times * group.tally.respondents
    return reached if group.population is None else max(min(reached, group.population), group.tally.respondents)
