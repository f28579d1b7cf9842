"""The places where a label could stand, with what each would cost; which of them is taken is decided in `labels`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from materiality.figures.geometry import Box, Floats, box_distances, lines_meet_boxes
from materiality.figures.lettering import balance, fill, shorten, text_width
from materiality.figures.sheet import Sheet

SIZE = 12.0
LINE = 14.0
# Room above the first baseline and below the last: ascent and descent of the widest fonts in use.
ASCENT, DESCENT = 11.5, 3.5
START, MIDDLE, END = 1, 0, -1

GAP = 5.5  # between a mark's edge and its label
ABOVE_GAP = 3.5  # the same above and below, where lines have room of their own
MARK_ROOM = 1.5  # between a label and any other mark
LEADER_GAP = 3.0  # between a leader's end and its label
NOWHERE = -9e5  # where leaders are that do not exist

LEADER = 12.0
LEADER_PER_PX = 0.1
NEAR_FOREIGN_MARK = 5.0
OVER_MARK, OVER_TETHER = 60.0, 40.0
# A shortened name is the last resort: dearer than any leader.
SHORTENED = 120.0
# A stage holds candidates that are dearer than those of the stage before; a later one is built only when needed:
# beside the mark, with a short leader, with a long one, anywhere; then the same for a shortened name.
STAGE_LEAST = (0.0, LEADER, LEADER + 7.0, LEADER + 26.0, SHORTENED, SHORTENED + LEADER)
BESIDE, NEAR, FAR, ANYWHERE, SHORT_BESIDE, SHORT_ANYWHERE = range(6)
ACROSS_WHISKER = 3.0
NEAR_REACHES, FAR_REACHES = (24.0, 30.0, 38.0, 48.0, 60.0), (76.0, 96.0, 120.0, 150.0, 190.0, 235.0)


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
    plot: Box, centres: Floats, radii: Floats, dots: Floats, tethers: Floats, whiskers: Floats, blocks: Sequence[Box]
) -> Ground:
    """The ground for marks with `centres` and outer `radii`, moved marks' `dots` and `tethers`, names in `blocks`."""
    marks, threads, blocked = Sheet(plot, 1.0), Sheet(plot, 1.0), Sheet(plot, 1.0)
    for (x, y), radius in zip(centres, radii, strict=True):
        marks.mark_disc(x, y, radius)
        blocked.mark_disc(x, y, radius + MARK_ROOM)
    for x, y in dots:
        threads.mark_disc(x, y, 3.0)
        blocked.mark_disc(x, y, 4.5)
    for tether in tethers:
        threads.mark_line(tether, 1.0)
        blocked.mark_line(tether, 1.0)
    for box in blocks:
        blocked.mark_box((box.left - 4.0, box.top - 2.0, box.right + 4.0, box.bottom + 2.0))
        threads.mark_box(box.as_tuple())
    return Ground(plot, centres, radii, whiskers, marks, threads, blocked)


@dataclass(frozen=True, slots=True)
class Places:
    """k places for one label, cheapest first."""

    boxes: Floats
    leaders: Floats
    costs: Floats
    anchors: NDArray[np.int8]
    wraps: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.costs)


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
    shortened = [_shortened(name, broad * 0.8, 2, SHORTENED), _shortened(name, 110.0, 1, SHORTENED + 20.0)]
    if not ways:
        ways = [_shortened(name, broad, 3, 0.0), _shortened(name, broad, 2, 6.0)]
    return ways, shortened


def _shortened(name: str, width: float, lines: int, cost: float) -> Wrapped:
    parts = shorten(name, width, lines, SIZE)
    missing = len(fill(name, width, SIZE)) > lines
    return Wrapped(tuple(parts), max(text_width(part, SIZE) for part in parts), cost, missing)


def find_places(number: int, ways: Sequence[Wrapped], ground: Ground, stage: int) -> Places:
    """The free places of one stage for the label of mark `number`, written in one of `ways`."""
    x, y = ground.centres[number]
    radius = float(ground.radii[number])
    beside = stage in (BESIDE, SHORT_BESIDE)
    rows = [_beside(x, y, radius, way) if beside else _with_leader(x, y, radius, way, ground.plot, stage) for way in ways]
    boxes = np.vstack([row[0] for row in rows])
    leaders = np.vstack([row[1] for row in rows])
    costs = np.concatenate([row[2] for row in rows])
    anchors = np.concatenate([row[3] for row in rows])
    wraps = np.repeat(np.arange(len(ways), dtype=np.int8), [len(row[2]) for row in rows])

    plot = ground.plot
    keep = (
        (boxes[:, 0] >= plot.left + 4)
        & (boxes[:, 2] <= plot.right - 4)
        & (boxes[:, 1] >= plot.top + 2)
        & (boxes[:, 3] <= plot.bottom - 2)
    )
    keep[keep] = ground.blocked.taken(boxes[keep]) == 0
    boxes, leaders, costs, anchors, wraps = (part[keep] for part in (boxes, leaders, costs, anchors, wraps))
    if beside:
        foreign = np.arange(len(ground.radii)) != number
        gaps = box_distances(boxes, ground.centres[foreign]) - ground.radii[foreign]
        costs = costs + NEAR_FOREIGN_MARK * np.clip(1.0 - gaps / 10.0, 0.0, 1.0).sum(axis=1)
    else:
        # A leader may cross what its label may not cover, but it is dear; near a foreign mark, a label misleads.
        costs = costs + OVER_MARK * ground.marks.meets(leaders, skip=3.0) + OVER_TETHER * ground.threads.meets(leaders)
        costs = costs + 0.5 * NEAR_FOREIGN_MARK * (ground.marks.taken(boxes + (-6.0, -6.0, 6.0, 6.0)) > 0)
    if len(ground.whiskers):
        costs = costs + ACROSS_WHISKER * lines_meet_boxes(ground.whiskers, boxes).sum(axis=0)
    order = np.argsort(costs, kind="stable")
    return Places(boxes[order], leaders[order], costs[order], anchors[order], wraps[order])


# Where a label stands beside its mark: anchor, shift of its middle downwards, cost.
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

_Rows = tuple[Floats, Floats, Floats, NDArray[np.int8]]


def _beside(x: float, y: float, radius: float, way: Wrapped) -> _Rows:
    boxes, costs, anchors = [], [], []
    half = way.height / 2
    for anchor, shift, cost in _SIDES:
        # Beside a round mark, a label that is shifted up or down may come nearer.
        lean = max(abs(shift) - half, 0.0) if abs(shift) > half else 0.0
        reach = (max(radius**2 - lean**2, 0.0) ** 0.5 if lean < radius else 0.0) + GAP - abs(shift) * 0.2
        left = x + reach if anchor == START else x - reach - way.width
        boxes.append((left, y + shift - half, left + way.width, y + shift + half))
        costs.append(way.cost + cost)
        anchors.append(anchor)
    for above in (True, False):
        for anchor, shift, cost in ((MIDDLE, 0.0, 6.0), (START, -4.0, 7.0), (END, 4.0, 7.0), (START, 4.0, 7.5), (END, -4.0, 7.5)):
            left = {MIDDLE: x - way.width / 2, START: x + shift, END: x + shift - way.width}[anchor]
            top = y - radius - ABOVE_GAP - way.height if above else y + radius + ABOVE_GAP
            boxes.append((left, top, left + way.width, top + way.height))
            costs.append(way.cost + cost)
            anchors.append(anchor)
    return np.array(boxes), np.full((len(boxes), 4), NOWHERE), np.array(costs), np.array(anchors, np.int8)


def _with_leader(x: float, y: float, radius: float, way: Wrapped, plot: Box, stage: int) -> _Rows:
    ends, anchors = _anywhere(plot) if stage in (ANYWHERE, SHORT_ANYWHERE) else _on_circles(x, y, radius, stage)
    away = ends - (x, y)
    length = np.hypot(away[:, 0], away[:, 1])
    keep = length > radius + 8.0
    ends, anchors, away, length = ends[keep], anchors[keep], away[keep], length[keep]
    left = np.where(anchors == START, ends[:, 0] + LEADER_GAP, ends[:, 0] - LEADER_GAP - way.width)
    half = way.height / 2
    boxes = np.column_stack([left, ends[:, 1] - half, left + way.width, ends[:, 1] + half])
    starts = (x, y) + away / length[:, None] * (radius + 1.0)
    # A leader that comes from behind its label would run through it.
    forward = away[:, 0] * anchors >= -1.0
    steep = np.abs(away[:, 1]) / length
    costs = LEADER + LEADER_PER_PX * length + 3.0 * steep**2 + way.cost
    costs = np.where(length > 150.0, costs + (length - 150.0) * 0.1, costs)
    return boxes[forward], np.hstack([starts, ends])[forward], costs[forward], anchors[forward]


def _on_circles(x: float, y: float, radius: float, stage: int) -> tuple[Floats, NDArray[np.int8]]:
    reaches, directions = (NEAR_REACHES, 24) if stage == NEAR else (FAR_REACHES, 32)
    angles = 2 * np.pi * np.arange(directions) / directions
    unit = np.column_stack([np.cos(angles), np.sin(angles)])
    circle = (np.array(reaches)[:, None, None] * unit[None]).reshape(-1, 2)
    right = circle[:, 0] >= -0.5
    left = circle[:, 0] <= 0.5
    dots = np.vstack([circle[right], circle[left]]) + (x, y)
    return dots, np.concatenate([np.full(right.sum(), START, np.int8), np.full(left.sum(), END, np.int8)])


def _anywhere(plot: Box) -> tuple[Floats, NDArray[np.int8]]:
    across = np.arange(plot.left + 8.0, plot.right - 8.0, 36.0)
    down = np.arange(plot.top + 12.0, plot.bottom - 10.0, 15.0)
    grid = np.array(np.meshgrid(across, down)).reshape(2, -1).T
    return np.vstack([grid, grid]), np.repeat(np.array([START, END], np.int8), len(grid))
