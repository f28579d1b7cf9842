"""Where the numbered marks go when scores are too near to each other for their marks.

A mark stays on its score while the numbers of both remain readable. Otherwise it moves aside, as little as it can, and
a small dot with a tether stays on the score: every score and every mark can be seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, pi, sin

import numpy as np

from figures.geometry import Bools, Box, Dot, Floats, line_distances, lines_cross

DOT = 2.5
# Scores within this many pixels of each other are one spot; from three on, their marks form a ring around it.
SAME_SPOT = 6.0
RING_FROM = 3
SINGLE_RING_TO = 16
REACHES = (17.0, 20.0, 24.0, 29.0, 35.0, 42.0, 50.0, 60.0, 72.0, 86.0, 104.0, 125.0, 150.0, 180.0, 216.0, 260.0, 320.0)
DIRECTIONS = 32
TETHERS_TRIED = 64
CROWDS_TRIED = 160
ANGLES = 2 * pi * np.arange(DIRECTIONS) / DIRECTIONS


@dataclass(frozen=True, slots=True)
class Settled:
    """Centres of the marks (n, 2), which of them are away from their score, and which stand around one spot."""

    centres: Floats
    moved: Bools
    rings: tuple[tuple[int, ...], ...] = ()


def settle(scores: Floats, radii: Floats, frame: Box) -> Settled:
    """Place marks of `radii` (n,) for scores at pixels `scores` (n, 2), in order of rank.

    Marks stay inside `frame`, apart from each other, off the dots of moved marks, and off their tethers.
    """
    apart = _gaps(scores, scores)
    np.fill_diagonal(apart, np.inf)
    centres = scores.copy()
    # A mark whose dot would lie under its neighbour, or the lower of two whose marks would touch, moves.
    moved: Bools = np.logical_or.reduce(apart < radii[None, :] + DOT, axis=1)
    touching = apart < radii[:, None] + radii[None, :]
    for number in range(len(scores)):
        if not moved[number] and (touching[number, :number] & ~moved[:number]).any():
            moved[number] = True
    if not moved.any():
        return Settled(centres, moved)
    crowd = _Crowd(scores, radii, moved, frame)
    rings = tuple(tuple(members) for members in _spots(scores, moved) if crowd.ring(members))
    for index in np.flatnonzero(moved):
        if not crowd.placed[index]:
            crowd.move(int(index))
    return Settled(crowd.centres, moved, rings)


def _spots(scores: Floats, moved: Bools) -> list[list[int]]:
    """Groups of moved marks whose scores are on one spot, largest first."""
    left = [int(number) for number in np.flatnonzero(moved)]
    groups: list[list[int]] = []
    while left:
        near = np.hypot(*(scores[left] - scores[left[0]]).T) <= SAME_SPOT
        members = [number for number, is_near in zip(left, near, strict=True) if is_near]
        left = [number for number, is_near in zip(left, near, strict=True) if not is_near]
        if len(members) >= RING_FROM:
            groups.append(members)
    return sorted(groups, key=lambda members: (-len(members), members[0]))


class _Crowd:
    """Marks that stay, dots that stay, and the moved marks placed so far."""

    def __init__(self, scores: Floats, radii: Floats, moved: Bools, frame: Box) -> None:
        self.scores = scores
        self.radii = radii
        self.moved = moved
        self.frame = frame
        self.centres = scores.copy()
        self.placed = ~moved

    def _overlaps(self, centres: Floats, radius: float, skip: Sequence[int]) -> Floats:
        """How much a mark at each of `centres` (k, 2) would overlap the frame, other marks and dots; 0 if free."""
        inside = np.minimum.reduce(
            [
                centres[:, 0] - self.frame.left,
                self.frame.right - centres[:, 0],
                centres[:, 1] - self.frame.top,
                self.frame.bottom - centres[:, 1],
            ]
        )
        badness = 1e4 * np.maximum(radius + 2.0 - inside, 0.0)
        placed = self.placed.copy()
        placed[list(skip)] = False
        gaps = _gaps(centres, self.centres[placed])
        badness += 60 * np.maximum(self.radii[placed] + radius + 1.5 - gaps, 0.0).sum(axis=1)
        gaps = _gaps(centres, self.scores[self.moved])
        badness += 40 * np.maximum(radius + DOT + 1.5 - gaps, 0.0).sum(axis=1)
        return badness

    def _under_tethers(self, centres: Floats, radius: float) -> Floats:
        """How much a mark at each of `centres` would cover tethers that are drawn already."""
        tethered = self.placed & self.moved
        if not tethered.any():
            return np.zeros(len(centres))
        tethers = np.hstack([self.scores[tethered], self.centres[tethered]])
        return 40 * np.maximum(radius + 1.0 - line_distances(tethers, centres).T, 0.0).sum(axis=1)

    def move(self, number: int) -> None:
        """Put one mark aside: near its score, away from the crowd, its tether free."""
        score, radius = self.scores[number], float(self.radii[number])
        reaches = np.array(REACHES) * (radius / 10.0 if radius > 10 else 1.0)
        directions = np.column_stack([np.cos(ANGLES), np.sin(ANGLES)])
        centres = (score + reaches[:, None, None] * directions[None]).reshape(-1, 2)
        overlaps = self._overlaps(centres, radius, [number])
        cost = np.repeat(reaches, DIRECTIONS)
        others = np.delete(self.scores, number, axis=0)
        # A crowd only makes a place dearer, so it is looked at where a place is cheap without it.
        for tried in (CROWDS_TRIED, len(centres)):
            part = np.sort(np.argsort(cost + overlaps, kind="stable")[:tried])
            crowds = (120.0 / np.maximum(_gaps(centres[part], others), 8.0) ** 1.2).sum(axis=1)
            found = cost[part] + crowds + overlaps[part]
            dearest = np.partition(found, TETHERS_TRIED - 1)[TETHERS_TRIED - 1]
            if ((cost + overlaps) <= dearest).sum() < tried:
                break
        centres, cost = centres[part], found
        # Tethers are looked at for the best places only.
        best = np.argsort(cost, kind="stable")[:TETHERS_TRIED]
        centres, cost = centres[best], cost[best] + self._under_tethers(centres[best], radius)
        tethers = np.hstack([np.broadcast_to(score, centres.shape), centres])
        placed = self.placed
        hidden = np.maximum(self.radii[placed] + 1.0 - line_distances(tethers, self.centres[placed]), 0.0)
        cost += 50 * hidden.sum(axis=1)
        tethered = self.placed & self.moved
        if tethered.any():
            cost += 150 * lines_cross(tethers, np.hstack([self.scores[tethered], self.centres[tethered]])).sum(axis=1)
        self.centres[number] = centres[int(np.argmin(cost))]
        self.placed[number] = True

    def ring(self, members: list[int]) -> bool:
        """Put the marks of one spot around it, by rank from the top; leaves them unplaced when there is no room."""
        count, middle = len(members), self.scores[members].mean(axis=0)
        radius = float(self.radii[members].max())
        chord = 2 * radius + 2.0
        for rings in (1, 2) if count <= SINGLE_RING_TO else (2, 3):
            # Marks on neighbouring spokes stand on different rings: a spoke passes between two inner marks.
            least = max(chord * ceil(count / rings), (radius + 2.0) * count if rings > 1 else 0.0) / (2 * pi)
            reach = max(least, radius + 9.0)
            while reach < max(self.frame.width, self.frame.height) / 2:
                places = self._around(middle, reach, chord, count, rings, radius, members)
                if places is not None:
                    self.centres[members] = places
                    self.placed[members] = True
                    return True
                reach += 7.0
        return False

    def _around(
        self, middle: Floats, reach: float, chord: float, count: int, rings: int, radius: float, members: list[int]
    ) -> Floats | None:
        """Centres on `rings` circles from `reach` outwards, on the widest arc that is free; None if it is too short."""
        steps = 180
        free = np.ones(steps, bool)
        turn = 2 * pi / steps
        for ring in range(rings):
            outer = reach + ring * chord
            circle = np.array([_on_circle(middle, outer, step * turn) for step in range(steps)])
            free &= self._overlaps(circle, radius, members) + self._under_tethers(circle, radius) == 0
        if free.all():
            start, arc, gaps = 0.0, 2 * pi, count
        else:
            first, length = _longest_run(free)
            start, arc, gaps = first * turn, (length - 1) * turn, max(count - 1, 1)
        spoke = arc / gaps
        needed = chord / (reach * rings) if rings == 1 else max(chord / (reach * rings), (radius + 2.0) / reach)
        if spoke < needed:
            return None
        if gaps < count:
            # Use no more of the free arc than the marks need to stand comfortably, at its middle.
            spoke = min(spoke, needed * 1.6)
            start += (arc - spoke * gaps) / 2
        return np.array(
            [_on_circle(middle, reach + (index % rings) * chord, start + index * spoke) for index in range(count)]
        )


def _gaps(dots: Floats, others: Floats) -> Floats:
    """How far each of `dots` (k, 2) is from each of `others` (m, 2): a (k, m) table."""
    gaps: Floats = np.hypot(dots[:, None, 0] - others[None, :, 0], dots[:, None, 1] - others[None, :, 1])
    return gaps


def _on_circle(middle: Floats, reach: float, angle: float) -> Dot:
    """The dot at `angle`, clockwise from the top."""
    return float(middle[0]) + reach * sin(angle), float(middle[1]) - reach * cos(angle)


def _longest_run(free: Bools) -> tuple[int, int]:
    """First index and length of the longest circular run of true values."""
    steps = len(free)
    best, run_start, run = (0, 0), 0, 0
    for index in range(2 * steps):
        if free[index % steps]:
            if run == 0:
                run_start = index
            run += 1
            if run > best[1] and run <= steps:
                best = (run_start % steps, run)
        else:
            run = 0
    return best
