"""Boxes, lines and polygons in pixels (y grows downwards), singly and as numpy arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Dot = tuple[float, float]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with left < right and top < bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def corners(self) -> list[Dot]:
        return [(self.left, self.top), (self.right, self.top), (self.right, self.bottom), (self.left, self.bottom)]

    def grown(self, by: float) -> "Box":
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )

    def as_tuple(self) -> tuple[float, float, float, float]:
        return self.left, self.top, self.right, self.bottom


def clip_polygon(polygon: Sequence[Dot], box: Box) -> list[Dot]:
    """The part of `polygon` inside `box` (Sutherland and Hodgman, 1974)."""
    shape = list(polygon)
    for axis, limit, keep_above in (
        (0, box.left, True),
        (0, box.right, False),
        (1, box.top, True),
        (1, box.bottom, False),
    ):
        clipped: list[Dot] = []
        for index, current in enumerate(shape):
            before = shape[index - 1]
            is_in = current[axis] >= limit if keep_above else current[axis] <= limit
            was_in = before[axis] >= limit if keep_above else before[axis] <= limit
            if is_in != was_in:
                share = (limit - before[axis]) / (current[axis] - before[axis])
                other = before[1 - axis] + share * (current[1 - axis] - before[1 - axis])
                clipped.append((limit, other) if axis == 0 else (other, limit))
            if is_in:
                clipped.append(current)
        shape = clipped
        if not shape:
            return []
    return shape


def clip_line(line: Sequence[Dot], box: Box) -> list[list[Dot]]:
    """The parts of the polyline `line` inside `box` (Liang and Barsky, 1984)."""
    parts: list[list[Dot]] = []
    for start, end in pairwise(line):
        enter, leave = 0.0, 1.0
        run = (end[0] - start[0], end[1] - start[1])
        for axis, low, high in ((0, box.left, box.right), (1, box.top, box.bottom)):
            if run[axis] == 0:
                if not low <= start[axis] <= high:
                    leave = -1.0
                continue
            first, last = sorted(((low - start[axis]) / run[axis], (high - start[axis]) / run[axis]))
            enter, leave = max(enter, first), min(leave, last)
        if enter >= leave:
            continue
        first_dot = (start[0] + enter * run[0], start[1] + enter * run[1])
        last_dot = (start[0] + leave * run[0], start[1] + leave * run[1])
        if parts and parts[-1][-1] == first_dot:
            parts[-1].append(last_dot)
        else:
            parts.append([first_dot, last_dot])
    return parts


def boxes_overlap(boxes: Floats, others: Floats, gap: tuple[float, float] = (0.0, 0.0)) -> Bools:
    """Which of `boxes` (k, 4) come nearer than `gap` to which of `others` (m, 4): a (k, m) table."""
    across, down = gap
    return (
        (boxes[:, None, 0] < others[None, :, 2] + across)
        & (others[None, :, 0] < boxes[:, None, 2] + across)
        & (boxes[:, None, 1] < others[None, :, 3] + down)
        & (others[None, :, 1] < boxes[:, None, 3] + down)
    )


def lines_meet_boxes(lines: Floats, boxes: Floats, gap: float = 0.0) -> Bools:
    """Which of `lines` (k, 4: x, y, x, y) touch which of `boxes` (m, 4) grown by `gap`: a (k, m) table."""
    enter = np.zeros((len(lines), len(boxes)))
    leave = np.ones_like(enter)
    for axis in (0, 1):
        start = lines[:, None, axis]
        run = lines[:, None, axis + 2] - start
        run = np.where(np.abs(run) < 1e-9, 1e-9, run)
        first = (boxes[None, :, axis] - gap - start) / run
        last = (boxes[None, :, axis + 2] + gap - start) / run
        enter = np.maximum(enter, np.minimum(first, last))
        leave = np.minimum(leave, np.maximum(first, last))
    return enter <= leave


def lines_cross(lines: Floats, others: Floats) -> Bools:
    """Which of `lines` (k, 4) cross which of `others` (m, 4): a (k, m) table."""

    def side(a: Floats, b: Floats, c: Floats) -> Floats:
        return (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])

    a, b = lines[:, None, :2], lines[:, None, 2:]
    c, d = others[None, :, :2], others[None, :, 2:]
    return (side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)


def line_distances(lines: Floats, dots: Floats) -> Floats:
    """How far each of `dots` (m, 2) is from each of `lines` (k, 4): a (k, m) table."""
    start = lines[:, None, :2]
    run = lines[:, None, 2:] - start
    to_dot = dots[None, :, :] - start
    length = np.maximum((run**2).sum(axis=2), 1e-12)
    share = np.clip((to_dot * run).sum(axis=2) / length, 0.0, 1.0)
    return np.hypot(*np.moveaxis(to_dot - share[:, :, None] * run, 2, 0))


def box_distances(boxes: Floats, dots: Floats) -> Floats:
    """How far each of `dots` (m, 2) is from each of `boxes` (k, 4), 0 inside: a (k, m) table."""
    across = np.maximum(np.maximum(boxes[:, None, 0] - dots[None, :, 0], dots[None, :, 0] - boxes[:, None, 2]), 0.0)
    down = np.maximum(np.maximum(boxes[:, None, 1] - dots[None, :, 1], dots[None, :, 1] - boxes[:, None, 3]), 0.0)
    return np.hypot(across, down)
