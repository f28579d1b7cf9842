"""The power-interest grid: what it shows, and where everything stands, in pixels. The painters draw what is decided
here (`grid_svg`, `grid_plot`).

Scores are whole numbers, so each pair of them is a cell of the plot, and groups with the same scores stand side by side
in their cell: no mark crosses the line between two strategies. It knows no colours and no database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt

import numpy as np

from figures.candidates import ASCENT, DESCENT, SIZE, prepare_ground
from figures.data import listed
from figures.geometry import Box, Dot, Floats, line_distances
from figures.labels import place_labels
from figures.layout import Tick
from figures.lettering import text_width
from figures.marks import OUTER, Label, label_of
from figures.palette import Shape
from figures.wording import ENGLISH, Wording

TOP, RIGHT, BOTTOM, LEFT = 30.0, 2.0, 44.0, 24.0
# Above the highest cells and below the lowest: room for the names of the strategies, which no mark can take.
STRIP = 26.0
INDENT = 10.0
WIDE = (688.0, 620.0)
# As wide as the screen of a small phone, less the page's margins.
NARROW = (342.0, 400.0)


@dataclass(frozen=True, slots=True)
class GridPoint:
    """A group: its number in the list beside the figure, where its mark leads, whose axis it counts for, its scores."""

    number: int
    name: str
    link: str
    internal: bool
    power: int
    interest: int


@dataclass(frozen=True, slots=True)
class Strategies:
    """What the four parts of the grid are called, by what is high in them."""

    both: str
    power: str
    interest: str
    neither: str


@dataclass(frozen=True, slots=True)
class GridFigure:
    """Everything that a power-interest grid says.

    Parameters
    ----------
    subject
        Whose stakeholders they are.
    points
        Groups in the order of the list.
    high
        The score from which on power or interest is high.
    scale
        Lowest and highest score.
    source
        Sentences for the foot of a file, such as the literature. What the scores mean is said before it.
    left_out
        Names of groups without both scores, which the figure cannot show.
    """

    subject: str
    points: tuple[GridPoint, ...]
    strategies: Strategies
    high: int
    scale: tuple[int, int] = (1, 5)
    source: str = ""
    left_out: tuple[str, ...] = ()
    wording: Wording = ENGLISH

    def __post_init__(self) -> None:
        if not self.points:
            raise ValueError("No group has both scores yet, so there is no grid to draw: score the groups first.")
        low, high = self.scale
        if not low < self.high <= high:
            raise ValueError(f"The line must lie between {low} and {high}, not at {self.high}.")
        for point in self.points:
            if not (low <= point.power <= high and low <= point.interest <= high):
                raise ValueError(
                    f"Group {point.name!r} has the scores {point.power} and {point.interest}, not {low} to {high}."
                )

    @property
    def title(self) -> str:
        words, count = self.wording, len(self.points)
        return (words.grid_title_one if count == 1 else words.grid_title).format(count=count)

    def strategy_of(self, point: GridPoint) -> str:
        names = self.strategies
        if point.power >= self.high:
            return names.both if point.interest >= self.high else names.power
        return names.interest if point.interest >= self.high else names.neither


@dataclass(frozen=True, slots=True)
class GridMark:
    """A group on the plot, and its label if it has one."""

    point: GridPoint
    x: float
    y: float
    radius: float
    label: Label | None

    @property
    def shape(self) -> Shape:
        """The pair of shapes that stands for company and stakeholders in every figure."""
        return "square" if self.point.internal else "ring"

    @property
    def line(self) -> float:
        """The width of the line of a ring, which lies inside the radius."""
        return 2.0 if self.radius > 4 else 1.25

    @property
    def outer_radius(self) -> float:
        """Nothing foreign comes nearer to the centre."""
        return self.radius * OUTER[self.shape]


@dataclass(frozen=True, slots=True)
class StrategyName:
    """The name of a part of the grid, starting at `x` on its baseline."""

    text: str
    x: float
    baseline: float
    box: Box


@dataclass(frozen=True, slots=True)
class GridLayout:
    """A grid in pixels. `focus` is the part where both scores are high, `cuts` are the lines between high and low, and
    `cells` those between other scores; `foot` is the baseline of the line below the plot."""

    figure: GridFigure
    width: float
    height: float
    plot: Box
    focus: Box
    cells: tuple[tuple[Dot, Dot], ...]
    cuts: tuple[tuple[Dot, Dot], ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    names: tuple[StrategyName, ...]
    marks: tuple[GridMark, ...]
    has_numbers: bool
    x_name: str
    y_name: str
    foot: float
    remark: str

    @property
    def stand_together(self) -> bool:
        """Whether groups share a cell."""
        return len({(mark.point.power, mark.point.interest) for mark in self.marks}) < len(self.marks)

    @property
    def source(self) -> str:
        """What a reader must know beside the drawing."""
        figure, words = self.figure, self.figure.wording
        low, high = figure.scale
        sentences = [words.grid_scale.format(low=low, high=high, high_from=figure.high)]
        if self.stand_together:
            sentences.append(words.grid_together)
        if figure.left_out:
            sentences.append(words.grid_left_out.format(names=listed(figure.left_out, words)))
        return words.between_sentences.join(filter(None, [*sentences, figure.source]))


@dataclass(frozen=True, slots=True)
class _Size:
    """How large marks are, how far apart in a cell, and whether their numbers are written on them."""

    radius: float
    pitch: float
    numbers: bool


# Names beside plain marks are best; else numbers stand for those that find no room. Where not even marks with numbers
# fit their cells, marks stand alone, beside the list.
_PLAIN = _Size(6.0, 16.0, False)
_NUMBERED = (_Size(8.0, 18.5, True), _Size(7.0, 16.5, True))
_NARROW = (_Size(10.0, 23.0, True), _Size(9.0, 20.0, True), *_NUMBERED)
_MARKS = (_Size(5.0, 12.0, False), _Size(4.0, 9.5, False), _Size(3.0, 7.0, False), _Size(2.5, 5.8, False))


def lay_out_grid(figure: GridFigure, size: tuple[float, float] = WIDE, *, names: bool = True) -> GridLayout:
    """Lay out `figure` in `size` (width, height).

    Parameters
    ----------
    names
        Whether groups are named on the figure. Without, numbers stand for names: for narrow screens, beside the list.
    """
    width, height = size
    if width < 240 or height < 240:
        raise ValueError(f"A grid needs at least 240 x 240 pixels, not {width:g} x {height:g}.")
    words = figure.wording
    plot = Box(LEFT, TOP, width - RIGHT, height - BOTTOM)
    cells = _Cells(figure, plot)
    marks, numbered = _place(figure, cells, _name_boxes(figure, cells), names)
    unnamed = sum(mark.label is None for mark in marks)
    remark = ""
    if unnamed and numbered:
        remark = words.grid_numbers_only if unnamed == len(marks) else words.grid_some_numbers_only
    elif unnamed:
        remark = words.no_numbers
    x_name = f"{words.interest_axis} →"
    room = plot.width - text_width(x_name, 12.5, bold=True) - 24.0
    low, high = figure.scale
    edges = [(step, cells.x_edge(step), cells.y_edge(step)) for step in range(low + 1, high + 1)]
    return GridLayout(
        figure=figure,
        width=width,
        height=height,
        plot=plot,
        focus=Box(cells.x_edge(figure.high), plot.top, plot.right, cells.y_edge(figure.high)),
        cells=tuple(
            line for step, x, y in edges if step != figure.high for line in (_upright(plot, x), _level(plot, y))
        ),
        cuts=cells.cuts,
        x_ticks=tuple(Tick(cells.x(score), str(score), False) for score in range(low, high + 1)),
        y_ticks=tuple(Tick(cells.y(score), str(score), False) for score in range(low, high + 1)),
        names=tuple(StrategyName(text, box.left, box.top + ASCENT, box) for text, box in _name_boxes(figure, cells)),
        marks=marks,
        has_numbers=numbered,
        x_name=x_name,
        y_name=f"↑ {words.power_axis}",
        foot=height - 4,
        remark=remark if text_width(remark, SIZE) <= room else "",
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """The plot as cells, one for each pair of scores."""

    figure: GridFigure
    plot: Box

    @property
    def width(self) -> float:
        low, high = self.figure.scale
        return self.plot.width / (high - low + 1)

    @property
    def height(self) -> float:
        low, high = self.figure.scale
        return (self.plot.height - 2 * STRIP) / (high - low + 1)

    @property
    def cuts(self) -> tuple[tuple[Dot, Dot], tuple[Dot, Dot]]:
        """The lines between high and low."""
        high = self.figure.high
        return _upright(self.plot, self.x_edge(high)), _level(self.plot, self.y_edge(high))

    def x_edge(self, score: int) -> float:
        """The left edge of the cells of that interest."""
        return self.plot.left + (score - self.figure.scale[0]) * self.width

    def y_edge(self, score: int) -> float:
        """The lower edge of the cells of that power."""
        return self.plot.bottom - STRIP - (score - self.figure.scale[0]) * self.height

    def x(self, interest: int) -> float:
        return self.x_edge(interest) + self.width / 2

    def y(self, power: int) -> float:
        return self.y_edge(power) - self.height / 2


def _upright(plot: Box, x: float) -> tuple[Dot, Dot]:
    return (x, plot.top), (x, plot.bottom)


def _level(plot: Box, y: float) -> tuple[Dot, Dot]:
    return (plot.left, y), (plot.right, y)


def _name_boxes(figure: GridFigure, cells: _Cells) -> list[tuple[str, Box]]:
    """The names of the strategies in the outer corners of their parts."""
    plot, names = cells.plot, figure.strategies
    left, right = plot.left + INDENT, cells.x_edge(figure.high) + INDENT
    height = ASCENT + DESCENT
    top, bottom = plot.top + (STRIP - height) / 2 + 1, plot.bottom - (STRIP + height) / 2 - 1
    places = ((names.power, left, top), (names.both, right, top), (names.neither, left, bottom))
    boxes = [*places, (names.interest, right, bottom)]
    return [(text, Box(x, y, x + text_width(text, SIZE, bold=True), y + height)) for text, x, y in boxes]


def _place(
    figure: GridFigure, cells: _Cells, taken: Sequence[tuple[str, Box]], names: bool
) -> tuple[tuple[GridMark, ...], bool]:
    """The marks, and whether they bear numbers."""
    marks: tuple[GridMark, ...] = ()
    for size in (_PLAIN, *_NUMBERED, *_MARKS) if names else (*_NARROW, *_MARKS):
        centres = _centres(figure, cells, size.pitch, upright=names)
        if centres is None:
            continue
        marks = tuple(
            GridMark(point, float(x), float(y), size.radius, None)
            for point, (x, y) in zip(figure.points, centres, strict=True)
        )
        if names:
            marks = _with_labels(marks, cells, [box for _, box in taken])
        if size != _PLAIN or all(mark.label for mark in marks):
            return marks, size.numbers
    return marks, False


def _centres(figure: GridFigure, cells: _Cells, pitch: float, *, upright: bool) -> Floats | None:
    """Where the marks stand, (n, 2); None when a cell cannot hold its marks that far apart."""
    members: dict[tuple[int, int], list[int]] = {}
    for index, point in enumerate(figure.points):
        members.setdefault((point.power, point.interest), []).append(index)
    most_rows, most_columns = int((cells.height - 2) / pitch), int((cells.width - 2) / pitch)
    centres: Floats = np.empty((len(figure.points), 2))
    for (power, interest), indices in members.items():
        count = len(indices)
        # With names: a column of marks, so that each has room for its name beside it. Without: about a square.
        columns = max(ceil(count / max(most_rows, 1)), 1 if upright else round(sqrt(count)))
        if columns > most_columns or most_rows < 1:
            return None
        rows = ceil(count / columns)
        for place, index in enumerate(indices):
            column, row = divmod(place, rows)
            in_column = min(rows, count - column * rows)
            centres[index] = (
                cells.x(interest) + (column - (columns - 1) / 2) * pitch,
                cells.y(power) + (row - (in_column - 1) / 2) * pitch,
            )
    return centres


def _with_labels(marks: Sequence[GridMark], cells: _Cells, taken: Sequence[Box]) -> tuple[GridMark, ...]:
    centres = np.array([(mark.x, mark.y) for mark in marks])
    outer = np.array([mark.outer_radius for mark in marks])
    # A name rather stays on its side of the lines between high and low.
    lines = np.array([(*start, *end) for start, end in cells.cuts])
    ground = prepare_ground(cells.plot, centres, outer, np.empty((0, 2)), np.empty((0, 4)), lines)
    for box in taken:
        ground.blocked.mark_box(box.grown(4.0).as_tuple())
        # A leader may cross the name of a strategy, but it is dear.
        ground.threads.mark_box(box.as_tuple())
    placed = place_labels([mark.point.name for mark in marks], ground)
    named = []
    for number, (mark, label) in enumerate(zip(marks, placed, strict=True)):
        # Under another mark, nobody can follow a leader to its own.
        if label and label.leader:
            passes = line_distances(np.array([[*label.leader[0], *label.leader[1]]]), centres)[0] < outer
            label = None if np.delete(passes, number).any() else label
        named.append(replace(mark, label=label_of(label)))
    return tuple(named)
