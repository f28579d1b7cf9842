"""Simulated respondents, for demonstrations and tests: answers drawn around an order of the issues.

Pure numpy. Knows neither database nor web; every number it draws follows from the seed.

How an answer comes about: each issue has an importance, spaced by its place in the order with a visible gap
between tiers. A group deviates from it, and an issue leans to the company's or to the stakeholders' side; both
cancel out, so that the order is what the answers show on average. A respondent rates generously or strictly,
wavers from issue to issue, rounds to the scale, and now and then cannot judge.
"""

import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ratings = NDArray[np.uint8]

# All lengths as fractions of the scale's width, so that 1 to 5 and 1 to 10 look alike.
HIGHEST, LOWEST = 0.89, 0.36  # importance of the first and the last issue: 4.55 and 2.45 on 1 to 5
TIER_GAP = 0.10  # beyond the step inside a tier: 0.4 on 1 to 5
LEAN = 0.045  # standard deviation of an issue's lean to one of the two sides
GROUP_DEVIATION = 0.06
LENIENCY = 0.08  # between respondents
NOISE = 0.17  # within a respondent
MARGIN = 0.03  # no group's mean comes closer to an end of the scale than this
CANNOT_JUDGE_SHARE = 0.03
# Respondents drawn at a time.
AT_ONCE = 20_000
_PASSED_AT_ONCE = 100_000


@dataclass(frozen=True)
class SimulatedGroup:
    """Who answers: on which side, with which weight on that side's axis, and how many."""

    side: str
    weight: float
    respondents: int


def share_out(respondents: int, groups: int) -> list[int]:
    """`respondents` over `groups` as evenly as whole people allow."""
    each, left = divmod(respondents, groups)
    return [each + (position < left) for position in range(groups)]


def simulate(
    tiers: Sequence[Sequence[int]], groups: Sequence[SimulatedGroup], scale: tuple[int, int], seed: int
) -> Iterator[tuple[int, Ratings]]:
    """Draw the answers of each group, piece by piece: the memory it needs does not grow with them.

    Parameters
    ----------
    tiers : the items' positions in order of importance, most important first, divided into tiers. Every
        position from 0 to items - 1 occurs once.
    groups : who answers.
    scale : (low, high).
    seed : the same seed draws the same answers.

    Yields
    ------
    The place of a group and (at most AT_ONCE, items) uint8, one group after the other; 0 = cannot judge. Every row
    rates at least one item.

    Raises
    ------
    ValueError
        If the positions are not 0 to items - 1.
    """
    rng = np.random.default_rng(seed)
    importance = importance_of(tiers)
    targets = _group_targets(importance, groups, rng)
    low, high = scale
    for place, (group, target) in enumerate(zip(groups, targets, strict=True)):
        for ratings in _answers(low + target * (high - low), group.respondents, low, high, rng):
            yield place, ratings


def importance_of(tiers: Sequence[Sequence[int]]) -> Floats:
    """(items,) Importance from 0 to 1, by position: even steps in the order, wider ones between tiers."""
    order = [position for tier in tiers for position in tier]
    items = len(order)
    if sorted(order) != list(range(items)):
        raise ValueError(f"Tiers must hold every position from 0 to {items - 1} once, not {sorted(order)}.")
    filled = [tier for tier in tiers if tier]
    # Many tiers share what there is to share.
    gap = min(TIER_GAP, 0.6 * (HIGHEST - LOWEST) / max(len(filled) - 1, 1))
    step = (HIGHEST - LOWEST - gap * (len(filled) - 1)) / max(items - 1, 1)
    importance = np.empty(items)
    level = HIGHEST
    for tier in filled:
        for position in tier:
            importance[position] = level
            level -= step
        level -= gap
    return importance


def _group_targets(importance: Floats, groups: Sequence[SimulatedGroup], rng: np.random.Generator) -> Floats:
    """(groups, items) What each group's mean rating tends to, 0 to 1."""
    items = len(importance)
    lean = rng.normal(0, LEAN, items)
    sides = np.array([group.side for group in groups])
    weights = np.array([group.weight for group in groups], dtype=float)
    deviation = rng.normal(0, GROUP_DEVIATION, (len(groups), items))
    for side in np.unique(sides):
        mine = sides == side
        if weights[mine].sum() > 0:
            # Cancels in the axis, which is the weighted mean of its groups.
            deviation[mine] -= np.average(deviation[mine], axis=0, weights=weights[mine])
    if len(np.unique(sides)) == 2:
        # Cancels in the priority, which is the mean of the axes.
        deviation += np.where(sides == "internal", 1, -1)[:, np.newaxis] * lean
    # One factor for all groups of an issue: scaled together they still cancel.
    room = np.minimum(1 - MARGIN - importance, importance - MARGIN)
    reach = np.abs(deviation).max(axis=0, initial=1e-9)
    return importance + deviation * np.minimum(1, room / reach)


def _answers(target: Floats, respondents: int, low: int, high: int, rng: np.random.Generator) -> Iterator[Ratings]:
    width, items = high - low, len(target)
    # Rounding and the ends of the scale pull a mean inwards; starting from further out, it lands on target.
    spread = math.hypot(LENIENCY, NOISE) * width
    start = _uncorrected(target, spread, low, high)
    # Of one stream of random numbers all that say how lenient people are come first, then all noise, then who cannot
    # judge. To go through the three side by side, each has a generator of its own that stands where its part begins.
    lenient, noisy = copy.deepcopy(rng), rng
    _pass_normals(noisy, respondents)
    unable = copy.deepcopy(noisy)
    _pass_normals(unable, respondents * items)
    for people in _at_once(respondents):
        leniency = lenient.normal(0, LENIENCY * width, (people, 1))
        ratings_drawn = noisy.normal(0, NOISE * width, (people, items))
        ratings_drawn += leniency + start
        ratings = np.clip(np.rint(ratings_drawn, out=ratings_drawn), low, high, out=ratings_drawn).astype(np.uint8)
        cannot = unable.random(ratings.shape) < CANNOT_JUDGE_SHARE
        cannot[cannot.all(axis=1)] = False
        ratings[cannot] = 0
        yield ratings
    # The next group goes on where this one's stream ends.
    rng.bit_generator.state = unable.bit_generator.state


def _at_once(respondents: int) -> Iterator[int]:
    for done in range(0, respondents, AT_ONCE):
        yield min(AT_ONCE, respondents - done)


def _pass_normals(rng: np.random.Generator, number: int) -> None:
    """Leave out so many normal draws: how much of the stream one takes is known only when it is drawn."""
    unread = np.empty(min(number, _PASSED_AT_ONCE))
    for done in range(0, number, _PASSED_AT_ONCE):
        rng.standard_normal(out=unread[: number - done])


def _uncorrected(target: Floats, spread: float, low: int, high: int) -> Floats:
    """The centre from which a normal draw, rounded and cut to the scale, has the mean `target`."""
    centres = np.linspace(low - 3 * spread, high + 3 * spread, 2001)
    # E[rating] = low + sum over steps k of P(draw > k + 1/2)
    steps = np.arange(low, high)[:, np.newaxis] + 0.5
    normal = np.vectorize(math.erf)((steps - centres) / (spread * math.sqrt(2)))
    means = low + (0.5 * (1 - normal)).sum(axis=0)
    return np.interp(target, means, centres)
