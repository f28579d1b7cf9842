"""Squared paper over the plot, on which is marked what is taken.

Asking whether thousands of boxes are free then costs the same however much is drawn: a summed-area table answers each
with four look-ups.
"""

import numpy as np
from numpy.typing import NDArray

from materiality.figures.geometry import Bools, Box, Floats

Integers = NDArray[np.intp]


class Sheet:
    """Counts, per square of `square` pixels, of how many things lie on it. What touches a square fills it."""

    def __init__(self, plot: Box, square: float) -> None:
        self.left, self.top, self.square = plot.left, plot.top, square
        self.rows = int(np.ceil(plot.height / square))
        self.columns = int(np.ceil(plot.width / square))
        self.counts = np.zeros((self.rows, self.columns), np.int32)
        self._sums: NDArray[np.int32] | None = None

    def mark_box(self, box: tuple[float, float, float, float], by: int = 1) -> None:
        """Add `by` to the squares that `box` touches."""
        left, top, right, bottom = self._squares(np.array([box]))
        self.counts[top[0] : bottom[0], left[0] : right[0]] += by
        self._sums = None

    def mark_disc(self, x: float, y: float, radius: float) -> None:
        """Mark the squares that a disc touches."""
        down = self.top + (np.arange(self.rows) + 0.5) * self.square
        across = self.left + (np.arange(self.columns) + 0.5) * self.square
        # Only squares near it are looked at.
        reach = radius + self.square
        rows = np.flatnonzero(np.abs(down - y) <= reach)
        columns = np.flatnonzero(np.abs(across - x) <= reach)
        if len(rows) and len(columns):
            near = np.hypot(down[rows][:, None] - y, across[columns][None] - x) <= radius + 0.71 * self.square
            self.counts[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] += near
        self._sums = None

    def mark_line(self, line: Floats, room: float, by: int = 1) -> None:
        """Add `by` to the squares within about `room` of a line (x, y, x, y)."""
        steps = max(int(np.hypot(line[2] - line[0], line[3] - line[1]) / self.square * 1.5), 1) + 1
        share = np.linspace(0.0, 1.0, steps)
        x = line[0] + share * (line[2] - line[0])
        y = line[1] + share * (line[3] - line[1])
        spread = np.arange(-int(np.ceil(room / self.square)), int(np.ceil(room / self.square)) + 1)
        rows = ((y - self.top) // self.square).astype(np.intp)[:, None, None] + spread[None, :, None]
        columns = ((x - self.left) // self.square).astype(np.intp)[:, None, None] + spread[None, None, :]
        rows, columns = np.broadcast_arrays(rows, columns)
        inside = (rows >= 0) & (rows < self.rows) & (columns >= 0) & (columns < self.columns)
        squares = np.unique(rows[inside] * self.columns + columns[inside])
        self.counts.reshape(-1)[squares] += by
        self._sums = None

    def taken(self, boxes: Floats) -> NDArray[np.int32]:
        """How much is marked under each of `boxes` (k, 4); 0 where a box is free."""
        if self._sums is None:
            self._sums = np.zeros((self.rows + 1, self.columns + 1), np.int32)
            np.cumsum(self.counts, axis=0, out=self._sums[1:, 1:])
            np.cumsum(self._sums[1:, 1:], axis=1, out=self._sums[1:, 1:])
        left, top, right, bottom = self._squares(boxes)
        sums = self._sums
        return sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]

    def meets(self, lines: Floats, skip: float = 0.0, step: float = 4.0) -> Bools:
        """Which of `lines` (k, 4) run over something marked, looked at every `step` pixels after the first `skip`."""
        if not len(lines):
            return np.zeros(0, bool)
        run = lines[:, 2:] - lines[:, :2]
        length = np.maximum(np.hypot(run[:, 0], run[:, 1]), 1e-6)
        share = np.linspace(0.0, 1.0, max(int(length.max() / step), 2) + 1)[None]
        # Every line has as many samples as the longest, from `skip` to its end.
        first = np.minimum(skip / length, 1.0)[:, None]
        share = first + share * (1.0 - first)
        rows = ((lines[:, 1:2] + share * run[:, 1:2] - self.top) // self.square).astype(np.intp)
        columns = ((lines[:, 0:1] + share * run[:, 0:1] - self.left) // self.square).astype(np.intp)
        np.clip(rows, 0, self.rows - 1, out=rows)
        np.clip(columns, 0, self.columns - 1, out=columns)
        return self.counts[rows, columns].any(axis=1)

    def _squares(self, boxes: Floats) -> tuple[Integers, Integers, Integers, Integers]:
        left = np.floor((boxes[:, 0] - self.left) / self.square).astype(np.intp).clip(0, self.columns)
        top = np.floor((boxes[:, 1] - self.top) / self.square).astype(np.intp).clip(0, self.rows)
        right = np.ceil((boxes[:, 2] - self.left) / self.square).astype(np.intp).clip(0, self.columns)
        bottom = np.ceil((boxes[:, 3] - self.top) / self.square).astype(np.intp).clip(0, self.rows)
        return left, top, right, bottom
