"""Squared paper over the plot, on which is marked what is taken.

Asking whether thousands of boxes are free, or how far dozens of rays run free, then costs the same however much is
drawn: a summed-area table answers for a box with four look-ups, and all leaders of a mark share the same few rays.
"""

import numpy as np
from numpy.typing import NDArray

from figures.geometry import Box, Floats

SQUARE = 2.0
Integers = NDArray[np.intp]


class Sheet:
    """Counts, per square of 2 x 2 pixels, of how many things lie on it. What touches a square fills it."""

    def __init__(self, plot: Box) -> None:
        self.left, self.top = plot.left, plot.top
        self.rows = int(np.ceil(plot.height / SQUARE))
        self.columns = int(np.ceil(plot.width / SQUARE))
        self.counts = np.zeros((self.rows, self.columns), np.int16)
        self._sums = np.zeros((self.rows + 1, self.columns + 1), np.int32)
        self._is_summed = True
        self._around = np.array([down * self.columns + across for down in (-1, 0, 1) for across in (-1, 0, 1)])

    def mark_box(self, box: tuple[float, float, float, float], by: int = 1) -> None:
        """Add `by` to the squares that `box` touches."""
        left, top = max(int((box[0] - self.left) // SQUARE), 0), max(int((box[1] - self.top) // SQUARE), 0)
        right, bottom = int(-((self.left - box[2]) // SQUARE)), int(-((self.top - box[3]) // SQUARE))
        self.counts[top : max(bottom, 0), left : max(right, 0)] += by
        self._is_summed = False

    def mark_disc(self, x: float, y: float, radius: float) -> None:
        """Mark the squares that a disc touches."""
        row, column = (y - self.top) / SQUARE, (x - self.left) / SQUARE
        reach = radius / SQUARE + 0.71
        first_row, last_row = max(int(row - reach), 0), min(int(row + reach) + 1, self.rows)
        first_column, last_column = max(int(column - reach), 0), min(int(column + reach) + 1, self.columns)
        down = (np.arange(first_row, last_row) + 0.5 - row)[:, None]
        across = (np.arange(first_column, last_column) + 0.5 - column)[None]
        self.counts[first_row:last_row, first_column:last_column] += down**2 + across**2 <= reach**2
        self._is_summed = False

    def mark_line(self, line: Floats, by: int = 1) -> None:
        """Add `by` to the squares of a line (x, y, x, y) and those around them."""
        start_row, start_column = (line[1] - self.top) / SQUARE, (line[0] - self.left) / SQUARE
        end_row, end_column = (line[3] - self.top) / SQUARE, (line[2] - self.left) / SQUARE
        steps = int(max(abs(end_row - start_row), abs(end_column - start_column))) + 2
        share = np.arange(steps) / (steps - 1)
        rows = (start_row + share * (end_row - start_row)).astype(np.intp)
        columns = (start_column + share * (end_column - start_column)).astype(np.intp)
        rows = np.minimum(np.maximum(rows, 1), self.rows - 2)
        columns = np.minimum(np.maximum(columns, 1), self.columns - 2)
        squares = ((rows * self.columns + columns)[:, None] + self._around).ravel()
        # A square that comes up twice is counted once: that is how an indexed sum works.
        self.counts.reshape(-1)[squares] += by
        self._is_summed = False

    def taken(self, boxes: Floats) -> NDArray[np.int32]:
        """How much is marked under each of `boxes` (k, 4); 0 where a box is free."""
        sums = self._sums
        if not self._is_summed:
            np.cumsum(self.counts, axis=0, out=sums[1:, 1:])
            np.cumsum(sums[1:, 1:], axis=1, out=sums[1:, 1:])
            self._is_summed = True
        left, top, right, bottom = self._squares(boxes)
        return sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]

    def _squares(self, boxes: Floats) -> tuple[Integers, Integers, Integers, Integers]:
        origin = np.array([self.left, self.top])
        first = np.floor((boxes[:, :2] - origin) / SQUARE).astype(np.intp)
        last = np.ceil((boxes[:, 2:] - origin) / SQUARE).astype(np.intp)
        size = np.array([self.columns, self.rows])
        np.minimum(np.maximum(first, 0, out=first), size, out=first)
        np.minimum(np.maximum(last, 0, out=last), size, out=last)
        return first[:, 0], first[:, 1], last[:, 0], last[:, 1]


class Rays:
    """The rays from a mark on which its leader may run, from the mark's edge to `reach` pixels from its centre."""

    STEP = 3.0

    def __init__(self, plot: Box, x: float, y: float, edge: float, reach: float, directions: int) -> None:
        angles = 2 * np.pi * np.arange(directions) / directions
        self.unit = np.column_stack([np.cos(angles), np.sin(angles)])
        self.distances = np.arange(edge, reach + self.STEP, self.STEP)
        rows = ((y + self.unit[:, 1:] * self.distances - plot.top) / SQUARE).astype(np.intp)
        columns = ((x + self.unit[:, :1] * self.distances - plot.left) / SQUARE).astype(np.intp)
        width, height = int(np.ceil(plot.width / SQUARE)), int(np.ceil(plot.height / SQUARE))
        np.clip(rows, 0, height - 1, out=rows)
        np.clip(columns, 0, width - 1, out=columns)
        self._squares = (rows * width + columns).astype(np.int32)

    def free_until(self, sheet: Sheet) -> Floats:
        """How far each ray runs before it meets something marked: distances from the mark's centre."""
        hits = sheet.counts.reshape(-1)[self._squares] > 0
        first = hits.argmax(axis=1)
        return np.where(hits[np.arange(len(hits)), first], self.distances[first], np.inf)
