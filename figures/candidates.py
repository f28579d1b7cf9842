"""The places where a label could stand, with what each would cost; which of them is taken is decided in `labels`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from figures.geometry import Box, Floats, box_distances, line_distances, lines_meet_boxes
from figures.lettering import balance, fill, shorten, text_width
from figures.sheet import SQUARE, Integers, Rays, Sheet

SIZE = 12.0
LINE = 14.0
# Room above the first baseline and below the last: ascent and descent of the widest fonts in use.
ASCENT, DESCENT = 11.5, 3.5
START, MIDDLE, END = 1, 0, -1

GAP = 5.5  # between a mark's edge and its label
ABOVE_GAP = 4.5  # the same above and below it
MARK_ROOM = 1.5  # between a label and any other mark
LEADER_GAP = 3.0  # between a leader's end and its label
NOWHERE = -9e5  # where leaders are that do not exist

LEADER = 12.0
LEADER_PER_PX = 0.08
# A longer leader is dearer still: the eye loses it.
LONG_LEADER = 150.0
OFF_MIDDLE = 1.5
NEAR_FOREIGN_MARK = 5.0
OVER_MARK, OVER_THREAD = 60.0, 40.0
# What each mark within AROUND pixels costs a label.
CROWDED, AROUND = 1.5, 26.0
# What a leader costs that does not point out of the crowd; marks this near are a crowd.
OUTWARD, CROWD_REACH = 12.0, 130.0
ACROSS_WHISKER = 3.0
# A shortened name is the last resort: dearer than any leader.
SHORTENED = 200.0
# A stage holds candidates that are dearer than those of the stage before, and is looked at only when those fail:
# beside the mark, with a leader, then the same for a shortened name.
BESIDE, LED, SHORT_BESIDE, SHORT_LED = range(4)
STAGE_LEAST = (0.0, LEADER, SHORTENED, SHORTENED + LEADER)
DIRECTIONS = 48
MOST_PLACES = 800  # of one stage, for one label
REACHES = np.array([24.0, 30.0, 38.0, 48.0, 60.0, 76.0, 96.0, 120.0, 150.0, 190.0, 240.0, 300.0, 380.0])


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A name in lines, its width in pixels, and what this way of writing it costs."""

    lines: tuple[str, ...]
    width: float
    cost: float
    shortened: bool = False

    @property
    def height(self) -> float:
        return LINE * (len(self.lines) - 1) + ASCENT + DESCENT


@dataclass(frozen=True, slots=True)
class Ground:
    """What labels meet on the plot.

    `marks` and `threads` (dots and tethers of moved marks) are what leaders avoid; `blocked` has everything that labels
    may not cover, and `whiskers` (m, 4) what they rather would not.
    """

    plot: Box
    centres: Floats
    radii: Floats
    whiskers: Floats
    marks: Sheet
    threads: Sheet
    blocked: Sheet


def prepare_ground(
    plot: Box, centres: Floats, radii: Floats, dots: Floats, tethers: Floats, whiskers: Floats
) -> Ground:
    """The ground for marks with `centres` and outer `radii`, and the `dots` and `tethers` of those that were moved."""
    marks, threads, blocked = Sheet(plot), Sheet(plot), Sheet(plot)
    for (x, y), radius in zip(centres, radii, strict=True):
        marks.mark_disc(x, y, radius)
        blocked.mark_disc(x, y, radius + MARK_ROOM)
    for x, y in dots:
        threads.mark_disc(x, y, 2.5)
        blocked.mark_disc(x, y, 4.5)
    for tether in tethers:
        threads.mark_line(tether)
        blocked.mark_line(tether)
    return Ground(plot, centres, radii, whiskers, marks, threads, blocked)


@dataclass(frozen=True, slots=True)
class Places:
    """k places for one label, cheapest first; the leader runs on ray `rays` to `reaches`, -1 where there is none."""

    boxes: Floats
    leaders: Floats
    costs: Floats
    anchors: NDArray[np.int8]
    wraps: NDArray[np.int8]
    rays: Integers
    reaches: Floats

    def __len__(self) -> int:
        return len(self.costs)

    def part(self, keep: "NDArray[np.bool_] | Integers") -> "Places":
        return Places(
            self.boxes[keep],
            self.leaders[keep],
            self.costs[keep],
            self.anchors[keep],
            self.wraps[keep],
            self.rays[keep],
            self.reaches[keep],
        )


def wrap(name: str, count: int) -> tuple[list[Wrapped], list[Wrapped]]:
    """Ways of writing `name` in a figure of `count` issues, cheapest first: the whole name, and parts of it."""
    widest = 270.0 if count <= 30 else 210.0
    broad = 200.0 if count <= 20 else 180.0 if count <= 36 else 150.0
    whole = text_width(name, SIZE)
    ways: list[Wrapped] = []
    if whole <= widest:
        ways.append(Wrapped((name,), whole, max(0.0, whole - 150.0) * 0.03))
    if whole > 90.0:
        for lines, cost in ((2, 4.0), (3, 7.0)):
            parts = balance(name, lines, SIZE)
            width = max(text_width(part, SIZE) for part in parts) if parts else 0.0
            if parts and 40.0 <= width <= broad:
                ways.append(Wrapped(tuple(parts), width, cost if ways else cost - 4.0))
    shortened = [_shortened(name, broad * 0.8, 2, SHORTENED), _shortened(name, 140.0, 1, SHORTENED + 20.0)]
    if not ways:
        ways = [_shortened(name, broad, 3, 0.0), _shortened(name, broad, 2, 6.0)]
    return ways, shortened


def _shortened(name: str, width: float, lines: int, cost: float) -> Wrapped:
    parts = shorten(name, width, lines, SIZE)
    missing = len(fill(name, width, SIZE)) > lines
    return Wrapped(tuple(parts), max(text_width(part, SIZE) for part in parts), cost, missing)


def cast_rays(number: int, ground: Ground) -> Rays:
    """The rays on which the leader of mark `number` may run."""
    x, y = ground.centres[number]
    return Rays(ground.plot, x, y, float(ground.radii[number]) + 4.0, float(REACHES[-1]), DIRECTIONS)


def places_beside(number: int, ways: Sequence[Wrapped], ground: Ground) -> Places:
    """The free places that touch mark `number`: to its right or left, above or below."""
    x, y = ground.centres[number]
    radius = float(ground.radii[number])
    boxes, costs, anchors = [], [], []
    for way in ways:
        half = way.height / 2
        for anchor, shift, cost in _SIDES:
            # Beside a round mark, a label that is shifted up or down may come nearer.
            over = max(abs(shift) - half, 0.0)
            reach = max(radius**2 - over**2, 0.0) ** 0.5 + GAP - abs(shift) * 0.2
            left = x + reach if anchor == START else x - reach - way.width
            boxes.append((left, y + shift - half, left + way.width, y + shift + half))
            costs.append(way.cost + cost)
            anchors.append(anchor)
        for top in (y - radius - ABOVE_GAP - way.height, y + radius + ABOVE_GAP):
            for anchor, shift, cost in _ABOVE:
                left = x + shift - way.width * (1 - anchor) / 2
                boxes.append((left, top, left + way.width, top + way.height))
                costs.append(way.cost + cost)
                anchors.append(anchor)
    count = len(costs)
    places = Places(
        boxes=np.array(boxes),
        leaders=np.full((count, 4), NOWHERE),
        costs=np.array(costs),
        anchors=np.array(anchors, np.int8),
        wraps=np.repeat(np.arange(len(ways), dtype=np.int8), count // len(ways)),
        rays=np.full(count, -1),
        reaches=np.full(count, -1.0),
    )
    places = _on_free_ground(places, ground)
    foreign = np.arange(len(ground.radii)) != number
    gaps = box_distances(places.boxes, ground.centres[foreign]) - ground.radii[foreign]
    near = NEAR_FOREIGN_MARK * np.clip(1.0 - gaps / 10.0, 0.0, 1.0).sum(axis=1)
    return _priced(places, near + CROWDED * np.maximum(_marks_around(places, ground) - 1.0, 0.0), ground)


# Where a label stands beside its mark: anchor, shift of its middle downwards, cost; and above or below it.
_SIDES: tuple[tuple[int, float, float], ...] = (
    (START, 0.0, 0.0),
    (END, 0.0, 1.0),
    (START, -4.0, 1.5),
    (START, 4.0, 1.5),
    (END, -4.0, 2.5),
    (END, 4.0, 2.5),
    (START, -8.0, 3.0),
    (START, 8.0, 3.0),
    (END, -8.0, 4.0),
    (END, 8.0, 4.0),
    (START, -12.0, 5.0),
    (START, 12.0, 5.0),
    (END, -12.0, 6.0),
    (END, 12.0, 6.0),
)
_ABOVE: tuple[tuple[int, float, float], ...] = (
    (MIDDLE, 0.0, 6.0),
    (START, -4.0, 7.0),
    (END, 4.0, 7.0),
    (START, 4.0, 7.5),
    (END, -4.0, 7.5),
)


def places_led(number: int, ways: Sequence[Wrapped], ground: Ground, rays: Rays) -> Places:
    """The free places at the end of a leader from mark `number`."""
    x, y = ground.centres[number]
    radius = float(ground.radii[number])
    ray = np.repeat(np.arange(DIRECTIONS), len(REACHES))
    reach = np.tile(REACHES, DIRECTIONS)
    unit = rays.unit[ray]
    right, left = unit[:, 0] >= -0.02, unit[:, 0] <= 0.02
    # The label runs on in the direction of its leader; at the end of a vertical one, either way.
    ray, reach, unit = (np.concatenate([part[right], part[left]]) for part in (ray, reach, unit))
    anchor = np.concatenate([np.full(right.sum(), START, np.int8), np.full(left.sum(), END, np.int8)])
    ends = (x, y) + unit * reach[:, None]
    leaders = np.hstack([(x, y) + unit * (radius + 1.0), ends])
    cost = LEADER + LEADER_PER_PX * (reach + np.maximum(reach - LONG_LEADER, 0.0)) + 3.0 * unit[:, 1] ** 2
    cost += OUTWARD * (1.0 - unit @ outward(ground.centres[number], ground.centres))
    # A leader may cross what its label may not cover, but it is dear.
    cost += OVER_MARK * (reach > rays.free_until(ground.marks)[ray])
    cost += OVER_THREAD * (reach > rays.free_until(ground.threads)[ray])
    boxes, prices, wraps = [], [], []
    near_edge = ends[:, 0] + anchor * LEADER_GAP
    for index, way in enumerate(ways):
        first = np.where(anchor == START, near_edge, near_edge - way.width)
        half = way.height / 2
        # A leader ends at the middle of its label, or at the middle of its first or last line.
        lean = half - (ASCENT + DESCENT) / 2
        for shift in (0.0, lean, -lean) if lean else (0.0,):
            top = ends[:, 1] - half + shift
            boxes.append(np.column_stack([first, top, first + way.width, top + way.height]))
            prices.append(way.cost + (OFF_MIDDLE if shift else 0.0))
            wraps.append(index)
    count = len(wraps)
    places = Places(
        boxes=np.vstack(boxes),
        leaders=np.tile(leaders, (count, 1)),
        costs=np.concatenate([cost + price for price in prices]),
        anchors=np.tile(anchor, count),
        wraps=np.repeat(np.array(wraps, np.int8), len(cost)),
        rays=np.tile(ray, count),
        reaches=np.tile(reach, count),
    )
    places = _on_free_ground(places, ground)
    near = ground.marks.taken(_grown(places.boxes, 6.0)) > 0
    return _priced(places, 2 * NEAR_FOREIGN_MARK * near + CROWDED * _marks_around(places, ground), ground)


def outward(centre: Floats, centres: Floats) -> Floats:
    """The direction out of the crowd around a mark: longer, up to 1, the more of a crowd lies on one side of it."""
    away = centre - centres
    gaps = np.hypot(away[:, 0], away[:, 1])
    near = (gaps > 0) & (gaps < CROWD_REACH)
    if not near.any():
        return np.zeros(2)
    weights = 1.0 / np.maximum(gaps[near], 10.0)
    direction = (away[near] / gaps[near, None] * weights[:, None]).sum(axis=0) / weights.sum()
    return direction * min(near.sum() / 6.0, 1.0)


def leader_costs(leaders: Floats, ground: Ground) -> Floats:
    """What leaders (k, 4) cost that run anywhere."""
    run = leaders[:, 2:] - leaders[:, :2]
    length = np.hypot(run[:, 0], run[:, 1])
    cost = LEADER + LEADER_PER_PX * (length + np.maximum(length - LONG_LEADER, 0.0))
    gaps = line_distances(leaders, ground.centres) < ground.radii
    # The first of them is the leader's own mark, which it touches.
    return cost + OVER_MARK * np.minimum(gaps.sum(axis=1), 1)


def _marks_around(places: Places, ground: Ground) -> Floats:
    """About how many marks are near each place: labels in a crowd wall it in."""
    squares = np.pi * (ground.radii.mean() / SQUARE) ** 2
    return ground.marks.taken(_grown(places.boxes, AROUND)) / squares


def _grown(boxes: Floats, by: float) -> Floats:
    return boxes + np.array([-by, -by, by, by])


def _on_free_ground(places: Places, ground: Ground) -> Places:
    plot, boxes = ground.plot, places.boxes
    keep = (
        (boxes[:, 0] >= plot.left + 4)
        & (boxes[:, 2] <= plot.right - 4)
        & (boxes[:, 1] >= plot.top + 2)
        & (boxes[:, 3] <= plot.bottom - 2)
    )
    places = places.part(keep)
    return places.part(ground.blocked.taken(places.boxes) == 0)


def _priced(places: Places, extra: Floats, ground: Ground) -> Places:
    places.costs[:] += extra
    if len(ground.whiskers):
        places.costs[:] += ACROSS_WHISKER * lines_meet_boxes(ground.whiskers, places.boxes).sum(axis=0)
    return places.part(np.argsort(places.costs, kind="stable")[:MOST_PLACES])
