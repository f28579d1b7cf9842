"""Which change of a weight, or of a cut-off, moves which issue across a boundary of tiers.

Knows groups, levers and the method; what it returns is a function of the same answers as the result, with nothing
drawn at random. Weights are changed one at a time; the rest of the method stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from materiality.scoring.axes import Axis, weigh
from materiality.scoring.groups import GroupInput, check_groups
from materiality.scoring.method import Method
from materiality.scoring.paths import Lever, Path, check_levers, paths_of
from materiality.scoring.priority import PRIORITY_RULES, competition_ranks, priority_keys, rank_draws
from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, Quantiles
from materiality.scoring.tiers import DECIMALS, assign_tiers, assign_tiers_of_draws

Floats = NDArray[np.float64]
Tiers = NDArray[np.int8]

# Shares are looked at in steps of 1/128 first, and a change is then closed in upon. All of them are multiples of
# 2**-24, so that a share is the same number as a double and as a fraction.
_STEPS = 128
_FINEST = 2.0**24
# How far apart the two shares are between which a change lies, at most.
TOLERANCE = 1e-6
# How close they are brought to each other: there is room to step back from a share where nothing has a tier.
_CLOSE = TOLERANCE / 2


@dataclass(frozen=True)
class Change:
    """The change of one issue's tier that comes first as a share moves away from what it is.

    Parameters
    ----------
    issue : int
    tier_from, tier_to : int
        Tier at the present share and up to `inside`; tier at `outside`.
    inside, outside : Fraction
        Shares of the lever, at most `TOLERANCE` apart, of which `inside` is the nearer to the present one. Both tiers
        were found exactly, as an analysis with these shares finds them.
    """

    issue: int
    tier_from: int
    tier_to: int
    inside: Fraction
    outside: Fraction


@dataclass(frozen=True)
class LeverSensitivity:
    """What one lever moves.

    Parameters
    ----------
    name : str
    share : Fraction
        Its weight in those of all levers that speak on the same axes and were heard: above 0 and below 1.
    others : int
        How many other levers those are. With one other, what one gains the other loses: their changes are the same.
    changes : tuple of Change
        For each issue at most one below the present share and one above it; nearest first.
    """

    name: str
    share: Fraction
    others: int
    changes: tuple[Change, ...]

    def distance(self, change: Change) -> Fraction:
        """How far the share has to move, 0 to 1."""
        return abs(change.outside - self.share)


@dataclass(frozen=True)
class CutChange:
    """A move of one cut-off that takes one issue into the tier beside its own.

    Parameters
    ----------
    issue : int
    cut : int
        Position of the cut-off, 0 for the highest.
    by : float
        In points of the rating scale; negative where the cut-off has to come down.
    tier_from, tier_to : int
    reaches : bool
        True where moving it by exactly that much is enough, False where it has to be more: a score that equals a
        cut-off is inside.
    """

    issue: int
    cut: int
    by: float
    tier_from: int
    tier_to: int
    reaches: bool


@dataclass(frozen=True)
class Sensitivity:
    """What would move issues across a boundary.

    Parameters
    ----------
    levers : tuple of LeverSensitivity
        Those that can be turned, in the order given.
    cuts : tuple of CutChange
        Smallest first; empty for rules without cut-offs.
    """

    levers: tuple[LeverSensitivity, ...]
    cuts: tuple[CutChange, ...]

    @property
    def nearest(self) -> tuple[LeverSensitivity, Change] | None:
        """The smallest change of a share that moves an issue; None if no change of one weight does."""
        found = [(lever, lever.changes[0]) for lever in self.levers if lever.changes]
        return min(found, key=lambda one: one[0].distance(one[1]), default=None)


def sensitivity(
    groups: Sequence[GroupInput], issue_count: int, method: Method, levers: Sequence[Lever] | None = None
) -> Sensitivity:
    """Which weight change moves which issue into another tier, and how far the cut-offs are.

    Parameters
    ----------
    groups : sequence of GroupInput
    issue_count : int
    method : Method
    levers : sequence of Lever, optional
        One per group if left out.

    Returns
    -------
    Sensitivity
        Levers without a weight, whose groups have no answers, or that stand alone on their axes cannot be turned and
        are not in it.

    Raises
    ------
    ValueError
        As `analyse` does; if the weights of the levers do not add up to those of the groups, or if levers that meet on
        one axis do not speak on the same axes.

    Notes
    -----
    As the share of lever d goes from 0 to 1, both ends left out, the other levers h of its axes keep their proportions.
    With weights w and W the sum of those of the others, group v has the weight

        u_v(t) = (1 - t) sum(w_h / W for h in v, h not d) + t [d in v]

    and an issue the value sum(u_v m_v) / sum(u_v) over the groups v that rated it, with means m: as an axis is
    weighed, each issue over the groups that rated it. So the same groups rate an issue whatever the share.

    Tiers are computed as for draws, at shares 1/128 apart. Between two that differ, the first change is closed in upon
    by bisection, then the next, until the tiers of the far end are reached; both sides of each change are confirmed in
    exact fractions. With the mean as priority, tiers by ranks or by cut-offs, and every group rating every issue, keys
    are linear in the share: tiers that are the same at two shares are the same between them, and no change is passed
    over. Otherwise one that undoes itself within 1/128 may be.
    """
    scale = check_groups(groups, issue_count, method.axes)
    method.check_input(issue_count, scale)
    if levers is None:
        levers = [Lever(group.name, group.exact_weight, (g,)) for g, group in enumerate(groups)]
    check_levers(levers, groups)
    axes = [weigh(name, groups) for name in method.axes]
    now = _Now(method, axes)
    if not now.rated or None in now.tiers_of_rated:
        return Sensitivity((), ())
    paths = paths_of(groups, levers, [axis for axis in axes if axis.present])
    changes = _Search(now, paths).changes() if paths else []
    found = tuple(
        LeverSensitivity(
            path.name,
            path.share,
            path.others,
            tuple(sorted(its_changes, key=lambda change: (abs(change.outside - path.share), change.issue))),
        )
        for path, its_changes in zip(paths, changes, strict=True)
    )
    return Sensitivity(found, _cut_changes(now, scale))


class _Now:
    """The result as it is, and tiers at other values of the axes."""

    def __init__(self, method: Method, axes: Sequence[Axis]) -> None:
        self.method = method
        self.rule = PRIORITY_RULES[method.priority]
        self.present = [axis.values for axis in axes if axis.present]
        self.keys = priority_keys(self.rule, self.present)
        self.rated = [i for i, key in enumerate(self.keys) if key is not None]
        self.tiers = self.exact_tiers_at(self.present)
        self.tiers_of_rated = [self.tiers[i] for i in self.rated]

    def tiers_at(self, axes: Sequence[Floats]) -> Tiers:
        """(shares, rated) Tiers at values (shares, rated) of the axes."""
        priorities: Floats = np.round(self.rule.join_draws(axes), DECIMALS)
        lowest: Floats = np.minimum.reduce(axes)
        lower_axis: Floats = np.round(lowest, DECIMALS)
        ranks, ordered = rank_draws(priorities)
        return assign_tiers_of_draws(self.method, ranks, priorities, ordered, lower_axis)

    def exact_tiers_at(self, axes: Sequence[Sequence[Fraction | None]]) -> tuple[int | None, ...]:
        """(issues,) Tiers at exact values of the axes."""
        keys = priority_keys(self.rule, axes)
        # Only two rules look at ranks, and to rank takes as long as the rest.
        by_rank = isinstance(self.method.rule, Counts | Quantiles)
        ranks = competition_ranks(keys) if by_rank else (None,) * len(keys)
        return assign_tiers(self.method, keys, ranks, axes)


# Parts of paths: which path, the end towards the present share and the other end, and the tiers (spans, rated) there.
_Spans = tuple[NDArray[np.intp], Floats, Floats, Tiers, Tiers]


@dataclass(frozen=True)
class _Event:
    """Two shares of one path between which tiers change, the end of the span they were found in, and the issues that
    are not in their present tiers at `outside`; all as floats see it."""

    inside: float
    outside: float
    far: float
    left: frozenset[int]


class _Search:
    """Changes of tiers along several paths at once."""

    def __init__(self, now: _Now, paths: Sequence[Path]) -> None:
        self.now = now
        self.paths = paths
        self.rated = np.array(now.rated, np.intp)
        stacked = np.array([path.floats()[:, :, self.rated] for path in paths])
        self.arrays = [stacked[:, axis] for axis in range(len(now.present))]
        self.exact: dict[tuple[int, Fraction], tuple[int | None, ...]] = {}

    def changes(self) -> list[list[Change]]:
        """For each path the first change of each issue, below and above the present share."""
        found: list[list[Change]] = [[] for _ in self.paths]
        for direction in (-1, 1):
            for p, events in enumerate(self._events(self._differing_spans(direction))):
                found[p] += self._confirmed(p, sorted(events, key=lambda event: direction * event.outside))
        return found

    def _share(self, p: int, at: float) -> Fraction:
        """The exact share that a double stands for."""
        share = self.paths[p].share
        return share if at == float(share) else Fraction(at)

    def _tiers(self, which: NDArray[np.intp], at: Floats) -> Tiers:
        """(spans, rated) Tiers on the paths `which` at the shares `at`."""
        t = at[:, None]
        values = []
        for array in self.arrays:
            n0, n1, d0, d1 = (array[which, k] for k in range(4))
            values.append(((1 - t) * n0 + t * n1) / ((1 - t) * d0 + t * d1))
        return self.now.tiers_at(values)

    def _differing_spans(self, direction: int) -> _Spans:
        """Steps outward from the present shares with other tiers at their two ends."""
        steps = np.concatenate([[1 / _FINEST], np.arange(1, _STEPS) / _STEPS, [1 - 1 / _FINEST]])
        present = np.array(self.now.tiers_of_rated, np.int8)
        parts = []
        for p, path in enumerate(self.paths):
            share = float(path.share)
            outward = steps[steps > share] if direction > 0 else steps[steps < share][::-1]
            ends = np.concatenate([[share], outward])
            tiers = self._tiers(np.full(len(ends), p), ends)
            tiers[0] = present
            at = np.flatnonzero((tiers[1:] != tiers[:-1]).any(axis=1))
            parts.append((np.full(len(at), p), ends[at], ends[at + 1], tiers[at], tiers[at + 1]))
        which, near, far, near_tiers, far_tiers = (np.concatenate(part) for part in zip(*parts, strict=True))
        return which, near, far, near_tiers, far_tiers

    def _events(self, spans: _Spans) -> list[list[_Event]]:
        """For each path where its tiers change."""
        events: list[list[_Event]] = [[] for _ in self.paths]
        which, near, far, near_tiers, far_tiers = spans
        present = np.array(self.now.tiers_of_rated, np.int8)
        while len(which):
            inner, outer, outer_tiers = near.copy(), far.copy(), far_tiers.copy()
            while (wide := np.abs(outer - inner) > _CLOSE).any():
                open_ = np.flatnonzero(wide)
                middle = np.round((inner[open_] + outer[open_]) / 2 * _FINEST) / _FINEST
                tiers = self._tiers(which[open_], middle)
                same = (tiers == near_tiers[open_]).all(axis=1)
                inner[open_[same]] = middle[same]
                outer[open_[~same]] = middle[~same]
                outer_tiers[open_[~same]] = tiers[~same]
            for p, inside, outside, end, left in zip(
                which.tolist(), inner.tolist(), outer.tolist(), far.tolist(), outer_tiers != present, strict=True
            ):
                events[p].append(_Event(inside, outside, end, frozenset(self.rated[left].tolist())))
            more = (outer_tiers != far_tiers).any(axis=1)
            which, near, far = which[more], outer[more], far[more]
            near_tiers, far_tiers = outer_tiers[more], far_tiers[more]
        return events

    def _confirmed(self, p: int, events: Sequence[_Event]) -> list[Change]:
        """The first change of each issue, of events that run away from the present share, as it is exactly."""
        changes: dict[int, Change] = {}
        at = self.paths[p].share
        for event in events:
            for end in (event.inside, event.outside, event.far):
                # Nearly equal scores are equal to floats, so that an issue can move a little before or after they
                # saw it. Behind the event one need only look for what it should have moved and did not.
                if event.left <= changes.keys():
                    break
                at = self._walk(p, at, self._share(p, end), changes)
        return list(changes.values())

    def _walk(self, p: int, at: Fraction, to: Fraction, changes: dict[int, Change]) -> Fraction:
        """Add the issues that leave their present tiers on the way, and return the share that was reached."""
        while self._departed(p, to, changes):
            inside, outside = at, to
            while abs(outside - inside) > _CLOSE:
                middle = (inside + outside) / 2
                inside, outside = (inside, middle) if self._departed(p, middle, changes) else (middle, outside)
            # Where scores meet, natural breaks may find no tiers at all: then the side before that counts.
            while self._has_no_tiers(p, inside):
                inside -= (outside - inside) / 8
            for i, present, tier in self._departed(p, outside, changes):
                changes[i] = Change(i, present, tier, inside, outside)
            at = outside
        return to

    def _has_no_tiers(self, p: int, share: Fraction) -> bool:
        tiers = self._exact(p, share)
        return any(tiers[i] is None for i in self.now.rated)

    def _departed(self, p: int, share: Fraction, changes: Container[int]) -> list[tuple[int, int, int]]:
        """Issues without a change so far that are not in their present tiers at this share, with both tiers."""
        return [
            (i, present, tier)
            for i, (present, tier) in enumerate(zip(self.now.tiers, self._exact(p, share), strict=True))
            if present is not None and tier is not None and tier != present and i not in changes
        ]

    def _exact(self, p: int, share: Fraction) -> tuple[int | None, ...]:
        if (p, share) not in self.exact:
            self.exact[p, share] = self.now.exact_tiers_at(self.paths[p].values(share))
        return self.exact[p, share]


def _cut_changes(now: _Now, scale: tuple[int, int]) -> tuple[CutChange, ...]:
    """How far each issue is from the cut-offs beside it. A cut-off that is moved stays on the scale and between its
    neighbours, so an issue that stands on the lower one cannot have the upper one come down to it."""
    rule = now.method.rule
    if not isinstance(rule, CutOffs | AxisCutOffs):
        return ()
    cuts = rule.exact_cuts
    if isinstance(rule, CutOffs):
        keys, key_of = now.keys, now.rule.key_of
        value_of: Callable[[Fraction], float | Fraction] = _as_it_is if key_of(Fraction(2)) == 2 else now.rule.value_of
    else:
        rows = zip(*now.present, strict=True)
        keys = tuple(None if None in row else min(value for value in row if value is not None) for row in rows)
        key_of = value_of = _as_it_is
    changes = []
    for i in now.rated:
        key, tier = keys[i] or Fraction(), now.tiers[i] or 0
        score = value_of(key)
        free = tier == len(cuts) or key > key_of(cuts[tier])
        if tier and free and key >= key_of(Fraction(scale[0])):
            changes.append(CutChange(i, tier - 1, float(score - cuts[tier - 1]), tier, tier - 1, reaches=True))
        if tier < len(cuts) and key < key_of(Fraction(scale[1])):
            changes.append(CutChange(i, tier, float(score - cuts[tier]), tier, tier + 1, reaches=False))
    return tuple(sorted(changes, key=lambda change: (abs(change.by), change.issue)))


def _as_it_is(value: Fraction) -> Fraction:
    return value
