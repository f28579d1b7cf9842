"""Paints a layout into a file with matplotlib: PNG, SVG or PDF, with title, legend and source around the drawing.

Figures are made without pyplot, which keeps global state; each call has its own figure, so threads do not meet.
"""

import io
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import matplotlib
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, Ellipse, Polygon, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from materiality.figures.fonts import drawable, families_for
from materiality.figures.layout import Label, Mark, MatrixLayout
from materiality.figures.lettering import fill, text_width
from materiality.figures.palette import LIGHT, SHAPES, Shape, is_hollow
from materiality.figures.svg import corners, number_drop

FORMATS = ("png", "svg", "pdf")
# Pixels of the layout per inch on paper, as browsers count them; a point is 3/4 of a pixel.
PER_INCH = 96.0
POINTS = 72.0 / PER_INCH
MARGIN = 16.0
TITLE_HEIGHT, LEGEND_HEIGHT, LINE_HEIGHT = 26.0, 28.0, 16.0
ANCHORS = {"start": "left", "middle": "center", "end": "right"}


def paint_file(layout: MatrixLayout, format: str, dpi: int = 200) -> bytes:
    """The figure as a file.

    Parameters
    ----------
    format
        "png", "svg" or "pdf". In SVG text is drawn as outlines, so that it looks the same wherever it is pasted.
    dpi
        Resolution of a PNG in dots per inch, 50 to 1200.

    Returns
    -------
    bytes
        The same for the same layout: no date is written.

    Raises
    ------
    ValueError
        For an unknown format or resolution.
    MissingFont
        If no installed font can draw a letter of a name.
    """
    if format not in FORMATS:
        raise ValueError(f"{format!r} is not a format of figures; there are {', '.join(FORMATS)}.")
    if not 50 <= dpi <= 1200:
        raise ValueError(f"A resolution of {dpi} dots per inch is not from 50 to 1200.")
    sheet = _Sheet(layout)
    metadata: dict[str, Any] = {"Title": layout.figure.title}
    if format == "png":
        metadata |= {"Software": "Salient", "Description": sheet.source}
    elif format == "pdf":
        metadata |= {"Creator": "Salient", "Producer": "matplotlib", "Subject": sheet.source, "CreationDate": None}
    else:
        metadata |= {"Creator": "Salient", "Description": sheet.source, "Date": None}
    file = io.BytesIO()
    # Ids in an SVG come from this salt, otherwise from chance; TrueType keeps the text of a PDF searchable.
    with matplotlib.rc_context({"svg.hashsalt": "salient", "pdf.fonttype": 42, "svg.fonttype": "path"}):
        FigureCanvasAgg(sheet.figure).print_figure(file, format=format, dpi=dpi, metadata=metadata)
    return file.getvalue()


class _Sheet:
    """One figure in the making. Coordinates are the layout's pixels, moved below the title and the legend."""

    def __init__(self, layout: MatrixLayout) -> None:
        self.layout = layout
        self.width = layout.width + 2 * MARGIN
        self.source = drawable(layout.source)
        source_lines = fill(self.source, layout.width - 8, 11.0)
        self.top = MARGIN + TITLE_HEIGHT + LEGEND_HEIGHT
        height = self.top + layout.height + 8 + LINE_HEIGHT * len(source_lines) + MARGIN
        self.fonts = _fonts(tuple(families_for(_texts(layout))))
        self.figure = Figure((self.width / PER_INCH, height / PER_INCH), facecolor=LIGHT.paper)
        self.axes = self.figure.add_axes((0, 0, 1, 1), frameon=False)
        self.axes.set_axis_off()
        self.axes.set_xlim(-MARGIN, layout.width + MARGIN)
        self.axes.set_ylim(height - self.top, -self.top)
        plot = layout.plot
        self.clip = Rectangle(
            (plot.left, plot.top), plot.width, plot.height, transform=self.axes.transData, facecolor="none"
        )
        self._heading()
        self._ground()
        for mark in reversed(layout.marks):
            self._mark(mark)
        for number, line in enumerate(source_lines):
            self._text(0, layout.height + 8 + LINE_HEIGHT * (number + 1) - 4, line, 11, LIGHT.ink_3)

    def _heading(self) -> None:
        self._text(0, -self.top + MARGIN + 12, drawable(self.layout.figure.title), 15, LIGHT.ink, bold=True)
        if self.layout.figure.simulated:
            words = self.layout.figure.wording.simulated
            self._text(self.layout.width, -self.top + MARGIN + 12, words, 12, LIGHT.ink_2, anchor="end")
        y = -LEGEND_HEIGHT + 8
        x = 0.0
        for number, tier in enumerate(self.layout.figure.tiers):
            style = min(number, len(SHAPES) - 1)
            self._shape(SHAPES[style], style, x + 6, y, 5.0)
            x += 18
            x += self._measured(x, y + 4, drawable(tier.name), 12) + 20
        words = self.layout.figure.wording
        if self.layout.has_intervals:
            self._add(Ellipse((x + 13, y), 24, 12, facecolor="none", edgecolor=LIGHT.ink_3, linewidth=0.75))
            percent = f"{self.layout.figure.interval * 100:g} %"
            x += 32
            x += self._measured(x, y + 4, words.interval_key.format(percent=percent), 12) + 20

    def _measured(self, x: float, y: float, text: str, size: float) -> float:
        self._text(x, y, text, size, LIGHT.ink_2)
        return text_width(text, size)

    def _ground(self) -> None:
        layout, plot = self.layout, self.layout.plot
        for band in layout.bands:
            colour = LIGHT.paper if band.style is None else LIGHT.tiers[band.style].wash
            self._add(Polygon(band.polygon, facecolor=colour, edgecolor="none"))
        grid = [[(tick.pixel, plot.top), (tick.pixel, plot.bottom)] for tick in layout.x_ticks if tick.has_line]
        grid += [[(plot.left, tick.pixel), (plot.right, tick.pixel)] for tick in layout.y_ticks if tick.has_line]
        self._lines(grid, LIGHT.rule, 1.0)
        self._lines([list(line) for line in layout.lines], LIGHT.ink_3, 1.0, dashed=True)
        frame = (plot.left, plot.top), plot.width, plot.height
        self._add(Rectangle(*frame, facecolor="none", edgecolor=LIGHT.rule_2, linewidth=POINTS))
        for tick in layout.x_ticks:
            self._text(tick.pixel, plot.bottom + 18, tick.text, 12, LIGHT.ink_3, anchor="middle")
        for tick in layout.y_ticks:
            self._text(plot.left - 8, tick.pixel + 4, tick.text, 12, LIGHT.ink_3, anchor="end")
        for name in layout.band_names:
            self._text(name.x, name.baseline, drawable(name.text), 12, LIGHT.tiers[name.style].mark, bold=True)
        self._text(plot.right, plot.bottom + 40, layout.x_name, 12.5, LIGHT.ink, anchor="end", bold=True)
        self._text(plot.left, plot.top - 11, layout.y_name, 12.5, LIGHT.ink, bold=True)
        if layout.remark:
            self._text(plot.left, plot.bottom + 40, layout.remark, 12, LIGHT.ink_3)

    def _mark(self, mark: Mark) -> None:
        colours = LIGHT.tiers[mark.style]
        if mark.ellipse and mark.ellipse.rx:
            centre = (mark.ellipse.cx, mark.ellipse.cy)
            size = (2 * mark.ellipse.rx, 2 * mark.ellipse.ry)
            for paint in ({"facecolor": colours.mark, "alpha": 0.06}, {"edgecolor": colours.mark, "alpha": 0.34}):
                look = {"facecolor": "none", "edgecolor": "none", "linewidth": POINTS} | paint
                self._add(Ellipse(centre, *size, **look), clip=True)
        elif mark.ellipse:
            top, low, x = mark.ellipse.cy - mark.ellipse.ry, mark.ellipse.cy + mark.ellipse.ry, mark.ellipse.cx
            caps = [[(x - 4, y), (x + 4, y)] for y in (top, low)]
            self._lines([[(x, top), (x, low)], *caps], colours.mark, 1.0)
        if mark.moved:
            self._lines([[(mark.score_x, mark.score_y), (mark.x, mark.y)]], colours.mark, 1.0)
            self._add(Circle((mark.score_x, mark.score_y), 2.5, facecolor=colours.mark, edgecolor="none"))
        if mark.label and mark.label.leader:
            self._lines([list(mark.label.leader)], LIGHT.ink_3, 0.75)
        self._shape(mark.shape, mark.style, mark.x, mark.y, mark.radius, mark)
        size = 11.0 * mark.radius / 10.0
        self._text(
            mark.x, mark.y + number_drop(mark), str(mark.point.rank), size, colours.on, anchor="middle", bold=True
        )
        if mark.label:
            self._label(mark.label)

    def _shape(self, shape: Shape, style: int, x: float, y: float, radius: float, mark: Mark | None = None) -> None:
        colours = LIGHT.tiers[style]
        thickness = radius / 10.0
        look = {"facecolor": colours.mark, "edgecolor": LIGHT.paper, "linewidth": 1.5 * thickness * POINTS}
        if is_hollow(shape):
            look = {"facecolor": LIGHT.paper, "edgecolor": colours.mark, "linewidth": 2 * max(thickness, 0.7) * POINTS}
        if shape in ("circle", "ring"):
            self._add(Circle((x, y), radius, **look))
        elif mark:
            self._add(Polygon(corners(mark), **look))
        else:
            self._add(Polygon(_corners(shape, x, y, radius), **look))

    def _label(self, label: Label) -> None:
        for line, baseline in zip(label.lines, label.baselines, strict=True):
            text = self._text(label.x, baseline, drawable(line), 12, LIGHT.ink, anchor=label.anchor)
            text.set_path_effects([withStroke(linewidth=3.5 * POINTS, foreground=LIGHT.paper)])

    def _text(
        self, x: float, y: float, text: str, size: float, colour: str, *, anchor: str = "start", bold: bool = False
    ) -> Text:
        # parse_math off: names may hold $, _ and ^.
        return self.axes.text(
            x, y, text, color=colour, fontproperties=self.fonts[bold], fontsize=size * POINTS, ha=ANCHORS[anchor],
            va="baseline", parse_math=False,
        )  # fmt: skip

    def _lines(self, lines: list[Any], colour: str, width: float, *, dashed: bool = False) -> None:
        style: Any = (0, (4 / width, 4 / width)) if dashed else "solid"
        self._add(LineCollection(lines, colors=colour, linewidths=width * POINTS, linestyles=style))

    def _add(self, artist: Artist, *, clip: bool = False) -> None:
        self.axes.add_artist(artist)
        # In the order of adding, whatever kind it is.
        artist.set_zorder(3)
        if clip:
            artist.set_clip_path(self.clip)
        else:
            artist.set_clip_on(False)


def _corners(shape: Shape, x: float, y: float, radius: float) -> list[tuple[float, float]]:
    """A small mark of the legend."""
    if shape == "diamond":
        reach = radius * 1.2
        return [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)]
    if shape == "triangle":
        return [(x, y - radius), (x + radius, y + radius * 0.8), (x - radius, y + radius * 0.8)]
    return [(x - radius, y - radius), (x + radius, y - radius), (x + radius, y + radius), (x - radius, y + radius)]


def _texts(layout: MatrixLayout) -> Iterable[str]:
    figure = layout.figure
    yield from (drawable(text) for text in (figure.title, layout.source, layout.remark, layout.x_name, layout.y_name))
    yield from (drawable(tier.name) for tier in figure.tiers)
    yield from (drawable(line) for mark in layout.marks if mark.label for line in mark.label.lines)


@lru_cache(maxsize=64)
def _fonts(families: tuple[str, ...]) -> dict[bool, FontProperties]:
    """Regular and bold, found once for each list of families."""
    return {bold: FontProperties(family=list(families), weight="bold" if bold else "normal") for bold in (False, True)}
