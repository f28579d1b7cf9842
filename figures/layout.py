"""Decides where everything of a matrix stands, in pixels. The painters (`svg`, `plot`) draw what is decided here.

It knows no colours, no markup and no drawing library.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import hypot
from typing import Literal

import numpy as np

from figures import bands as band_geometry
from figures.axes import Axis, choose_range, make_axis
from figures.data import MatrixFigure, Point, Span, listed, number
from figures.geometry import Box, Dot
from figures.lettering import text_width
from figures.marks import MOST_NAMES, MOST_NUMBERS, Ellipse, Mark, place_marks
from figures.names import BandName
from figures.palette import style_of

TOP, RIGHT, BOTTOM, LEFT = 30.0, 2.0, 44.0, 34.0
# A strip has no ticks below it; its first and last mark stand this far from the frame.
STRIP_BOTTOM, STRIP_EDGE = 28.0, 24.0
TICK_SIZE = 12.0
# Where a score stood before is drawn if it is so many pixels away.
LEAST_MOVE = 4.0


@dataclass(frozen=True, slots=True)
class Band:
    """The region of a tier, painted over the bands before it; style None is paper."""

    style: int | None
    polygon: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick at `pixel`; without a grid line where that would lie on the frame."""

    pixel: float
    text: str
    has_line: bool


@dataclass(frozen=True, slots=True)
class MatrixLayout:
    """A matrix in pixels. `kind` is "strip" when one axis has no answers: score upwards, rank to the right.

    `foot` is the baseline of the line below the plot: the name of the horizontal axis, and a remark.
    """

    figure: MatrixFigure
    kind: Literal["matrix", "strip"]
    width: float
    height: float
    plot: Box
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    bands: tuple[Band, ...]
    lines: tuple[tuple[Dot, ...], ...]
    band_names: tuple[BandName, ...]
    marks: tuple[Mark, ...]
    x_name: str
    y_name: str
    foot: float
    remark: str
    shown: Span

    @property
    def has_moved_marks(self) -> bool:
        return any(mark.moved for mark in self.marks)

    @property
    def has_rings(self) -> bool:
        """Whether an issue stands in another tier than computed."""
        return any(mark.ring for mark in self.marks)

    @property
    def has_numbers(self) -> bool:
        return len(self.marks) <= MOST_NUMBERS

    @property
    def has_intervals(self) -> bool:
        return any(mark.ellipse for mark in self.marks)

    @property
    def source(self) -> str:
        """What a reader must know beside the drawing: scale, start of the axes, tier rule, respondents."""
        words, (start, end), (low, high) = self.figure.wording, self.shown, self.figure.scale
        whole = end >= high
        if self.kind == "matrix":
            template = words.scale if whole else words.scale_cut
        else:
            template = words.strip_scale if whole else words.strip_scale_cut
        sentences = [
            template.format(
                low=number(low, words), high=number(high, words), start=number(start, words), end=number(end, words)
            ),
            self.figure.source,
        ]
        if self.figure.left_out:
            sentences.append(words.left_out.format(names=listed(self.figure.left_out, words)))
        return words.between_sentences.join(filter(None, sentences))


def lay_out(
    figure: MatrixFigure,
    width: float = 688.0,
    height: float = 740.0,
    *,
    names: bool = True,
    named: Collection[str] | None = None,
) -> MatrixLayout:
    """Lay out `figure` within `width` x `height` pixels.

    Parameters
    ----------
    width, height
        Room on the page. The plot of a matrix is square, so one of the two may not be used up.
    names
        Whether issues are named on the figure. Without, ranks stand for names: for narrow screens, beside the list.
    named
        Codes of the only issues that are named; all if None.
    """
    if width < 240 or height < 240:
        raise ValueError(f"A matrix needs at least 240 x 240 pixels, not {width:g} x {height:g}.")
    if not names or len(figure.points) > MOST_NAMES:
        named = ()
    return _strip(figure, width, height, named) if figure.missing_axis else _matrix(figure, width, height, named)


def _matrix(figure: MatrixFigure, width: float, height: float, named: Collection[str] | None) -> MatrixLayout:
    xs, ys = [float(point.x or 0.0) for point in figure.points], [float(point.y or 0.0) for point in figure.points]
    earlier = [point.was for point in figure.points if point.was]
    side = min(width - LEFT - RIGHT, height - TOP - BOTTOM)
    shown = choose_range([*xs, *ys, *(score for both in earlier for score in both)], figure.scale, side)
    left = _left_margin(shown.ticks, shown.decimals)
    side = min(width - left - RIGHT, height - TOP - BOTTOM)
    plot = Box(left, TOP, left + side, TOP + side)
    x_axis = make_axis(shown, [*xs, *(x for x, _ in earlier)], plot.left, side)
    y_axis = make_axis(shown, [*ys, *(y for _, y in earlier)], plot.bottom, -side)
    # The scales stay equal and square: a margin that one axis needs, the other gets too.
    start, end = max(x_axis.inset_start, y_axis.inset_start), max(x_axis.inset_end, y_axis.inset_end)
    x_axis, y_axis = (replace(axis, inset_start=start, inset_end=end) for axis in (x_axis, y_axis))
    scores = np.array([(x_axis.place(x), y_axis.place(y)) for x, y in zip(xs, ys, strict=True)])
    painted, lines = band_geometry.regions(figure.priority, figure.boundaries, x_axis, y_axis, plot)

    tests = [band_geometry.is_inside(figure.priority, figure.boundaries, tier) for tier in range(len(figure.tiers))]

    def inside(tier: int, x: float, y: float) -> bool:
        test = tests[tier]
        return test is not None and test(x_axis.score(x), y_axis.score(y))

    ellipses = [_ellipse(point, x_axis, y_axis) for point in figure.points]
    marks, band_names = place_marks(figure, scores, ellipses, plot, inside, named)
    marks = tuple(replace(mark, was=_was(mark, x_axis, y_axis)) for mark in marks) if earlier else marks
    words = figure.wording
    return MatrixLayout(
        figure=figure,
        kind="matrix",
        width=width,
        height=plot.bottom + BOTTOM,
        plot=plot,
        x_ticks=_ticks(x_axis, plot.left, plot.right, figure),
        y_ticks=_ticks(y_axis, plot.top, plot.bottom, figure),
        bands=_bands(painted),
        lines=tuple(tuple(line) for line in lines),
        band_names=tuple(band_names),
        marks=marks,
        x_name=f"{words.company_axis} →",
        y_name=f"↑ {words.stakeholders_axis}",
        foot=plot.bottom + BOTTOM - 4,
        remark=_remark(figure, marks, plot, words.company_axis),
        shown=(shown.start, shown.end),
    )


def _strip(figure: MatrixFigure, width: float, height: float, named: Collection[str] | None) -> MatrixLayout:
    words, missing = figure.wording, figure.missing_axis
    scores = [float((point.y if missing == "company" else point.x) or 0.0) for point in figure.points]
    side = height - TOP - STRIP_BOTTOM
    shown = choose_range(scores, figure.scale, side)
    left = _left_margin(shown.ticks, shown.decimals)
    plot = Box(left, TOP, width - RIGHT, TOP + side)
    axis = make_axis(shown, scores, plot.bottom, -side)
    edge = STRIP_EDGE if len(scores) > 1 else plot.width / 2
    across = np.linspace(plot.left + edge, plot.right - edge, len(scores))
    places = np.array([(x, axis.place(score)) for x, score in zip(across, scores, strict=True)])
    cuts = band_geometry.cuts_of_one_axis(figure, scores)
    levels = [axis.place(cut) for cut in cuts]
    painted: list[tuple[int, list[Dot]]] = [(len(cuts), plot.corners())] if cuts else []
    for tier in range(len(cuts) - 1, -1, -1):
        edge = min(max(levels[tier], plot.top), plot.bottom)
        if edge > plot.top:
            painted.append((tier, Box(plot.left, plot.top, plot.right, edge).corners()))

    def inside(tier: int, x: float, y: float) -> bool:
        if not cuts:
            return False
        score = axis.score(y)
        return (tier == 0 or score < cuts[tier - 1]) and (tier == len(cuts) or score >= cuts[tier])

    intervals = [point.y_interval if missing == "company" else point.x_interval for point in figure.points]
    whiskers = [
        None
        if interval is None
        else Ellipse(
            float(place[0]),
            (axis.place(interval[0]) + axis.place(interval[1])) / 2,
            0.0,
            (axis.place(interval[0]) - axis.place(interval[1])) / 2,
        )
        for place, interval in zip(places, intervals, strict=True)
    ]
    marks, band_names = place_marks(figure, places, whiskers, plot, inside, named)
    axis_name, other = words.company_axis, words.stakeholders_axis
    if missing == "company":
        axis_name, other = other, axis_name
    return MatrixLayout(
        figure=figure,
        kind="strip",
        width=width,
        height=plot.bottom + STRIP_BOTTOM,
        plot=plot,
        x_ticks=(),
        y_ticks=_ticks(axis, plot.top, plot.bottom, figure),
        bands=_bands(painted),
        lines=tuple(((plot.left, level), (plot.right, level)) for level in levels if plot.top < level < plot.bottom),
        band_names=tuple(band_names),
        marks=marks,
        x_name=f"{words.rank_axis} →",
        y_name=f"↑ {axis_name}",
        foot=plot.bottom + STRIP_BOTTOM - 4,
        remark=words.axis_missing.format(axis=other),
        shown=(shown.start, shown.end),
    )


def _ellipse(point: Point, x_axis: Axis, y_axis: Axis) -> Ellipse | None:
    if point.x_interval is None or point.y_interval is None:
        return None
    left, right = (x_axis.place(score) for score in point.x_interval)
    bottom, top = (y_axis.place(score) for score in point.y_interval)
    return Ellipse((left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2)


def _was(mark: Mark, x_axis: Axis, y_axis: Axis) -> Dot | None:
    """Where the score of the mark's issue stood before; None where that cannot be told from where it is."""
    if mark.point.was is None:
        return None
    x, y = x_axis.place(mark.point.was[0]), y_axis.place(mark.point.was[1])
    return (x, y) if hypot(x - mark.score_x, y - mark.score_y) >= LEAST_MOVE else None


def _bands(painted: Sequence[tuple[int, Sequence[Dot]]]) -> tuple[Band, ...]:
    return tuple(Band(None if tier < 0 else style_of(tier), tuple(polygon)) for tier, polygon in painted)


def _ticks(axis: Axis, first: float, last: float, figure: MatrixFigure) -> tuple[Tick, ...]:
    ticks = []
    for tick in axis.ticks:
        pixel = axis.place(tick)
        on_frame = min(abs(pixel - first), abs(pixel - last)) < 1.0
        ticks.append(Tick(pixel, number(tick, figure.wording, axis.decimals), not on_frame))
    return tuple(ticks)


def _left_margin(ticks: Sequence[float], decimals: int) -> float:
    return max(LEFT, max(text_width(f"{tick:.{decimals}f}", TICK_SIZE) for tick in ticks) + 10.0)


def _remark(figure: MatrixFigure, marks: Sequence[Mark], plot: Box, axis_name: str) -> str:
    """What to say at the foot of the plot when names are missing there, if there is room for it."""
    unnamed = sum(mark.label is None for mark in marks)
    words = figure.wording
    remark = "" if not unnamed else words.numbers_only if unnamed == len(marks) else words.some_numbers_only
    if len(marks) > MOST_NUMBERS:
        remark = words.no_numbers
    room = plot.width - text_width(f"{axis_name} →", 12.5, bold=True) - 24.0
    return remark if text_width(remark, TICK_SIZE) <= room else ""
