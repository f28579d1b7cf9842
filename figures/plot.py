"""Paints the layout of a matrix for a file, in the light colours, with title, legend and source.

What stands in a page and in its file is decided by the layout; how a file is written, in `files`.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from figures.drawing import Drawing
from figures.files import Format, Page, circle, open_page, polygon, polyline, write_file
from figures.frame import Entry, Frame, Key, make_frame
from figures.geometry import lines_meet_boxes
from figures.layout import MatrixLayout
from figures.marks import Ellipse, Mark
from figures.palette import LIGHT, Palette, Shape, is_hollow, shape_of, style_of
from figures.svg import corners, number_drop

ELLIPSE_STEPS = 48
SMALL = 5.0
DASH = 3.0  # of the ring of what is in no tier, in pixels
RING_DASHES = (3.0, 2.5)  # of the ring around what stands in another tier than computed


def paint_file(
    layout: MatrixLayout,
    format: Format,
    dpi: int = 200,
    palette: Palette = LIGHT,
    *,
    framed: bool = True,
    width_mm: float | None = None,
) -> bytes:
    """The figure as a file.

    Parameters
    ----------
    layout
        What the page draws too.
    format
        "png", "svg" or "pdf".
    dpi
        Dots per inch of a PNG, 36 to 1200. The others have no dots.
    framed
        Whether title, subject and source stand around the chart. The legend and what says that answers are simulated
        always do.
    width_mm
        How wide the file is in print; as it was laid out, 96 pixels to the inch, if None.

    Raises
    ------
    MissingFont
        If no installed font can draw a name.
    ValueError
        If the format, the resolution or the width is not one of these.
    """
    figure = layout.figure
    return write_file(
        lambda: make_figure(layout, palette, framed=framed, width_mm=width_mm),
        format,
        dpi,
        title=figure.title,
        subject=figure.subject,
    )


def make_figure(
    layout: MatrixLayout, palette: Palette = LIGHT, *, framed: bool = True, width_mm: float | None = None
) -> tuple[Figure, list[str]]:
    """The figure before it is written, and its font families; the canvas is the caller's choice."""
    frame = frame_of(layout, framed=framed)
    page = open_page(frame, _chart_texts(layout), palette, width_mm)
    _Painter(page, layout, palette).paint()
    page.paint_frame(frame, palette, _paint_key)
    return page.figure, page.families


def frame_of(layout: MatrixLayout, *, framed: bool = True) -> Frame:
    """The page around the chart."""
    figure, words = layout.figure, layout.figure.wording
    names: dict[int | None, str] = dict(enumerate(tier.name for tier in figure.tiers)) if figure.has_tiers else {}
    if figure.has_untiered:
        names[None] = words.without_tier
    entries = [Entry(shape_of(style_of(number)), style_of(number), name) for number, name in names.items()]
    if layout.has_rings:
        entries.append(Entry("decided", 0, words.decided_key))
    if layout.has_intervals:
        percent = words.percent.format(number=f"{figure.interval * 100:.0f}")
        entries.append(Entry("interval", 0, words.interval_key.format(percent=percent), wide=True))
    if layout.has_moved_marks:
        entries.append(Entry("moved", 0, words.moved_key, wide=True))
    return make_frame(
        width=layout.width,
        height=layout.height,
        title=figure.title if framed else "",
        subject=figure.subject if framed else "",
        entries=entries,
        source=layout.source if framed else "",
        texts=_chart_texts(layout),
        words=words,
        badge=words.simulated if figure.simulated else "",
    )


class _Painter:
    """Draws a layout: shapes in one artist, then every text, which covers no shape but those it belongs to."""

    def __init__(self, page: Page, layout: MatrixLayout, palette: Palette) -> None:
        self.layout = layout
        self.palette = palette
        self.drawing, self.writing = page.layer(layout.plot)

    def paint(self) -> None:
        self._ground()
        # The last rank first, as on the page.
        marks = list(reversed(self.layout.marks))
        for ellipse, style in dict.fromkeys((mark.ellipse, mark.style) for mark in marks):
            if ellipse:
                self._interval(ellipse, style, dense=marks[0].radius < 10)
        for mark in marks:
            self._lines(mark)
        for mark in marks:
            if mark.ring:
                draw_ring(self.drawing, mark.x, mark.y, mark.ring, self.palette)
            draw_shape(self.drawing, mark.shape, mark.style, mark.x, mark.y, mark.radius, self.palette)
            if mark.moved:
                colour = self.palette.colours_of(mark.style).mark
                dot = circle(mark.score_x, mark.score_y, 2.5)
                self.drawing.add(dot, fill=colour, line=self.palette.paper, width=1.0)
        self._words(marks)

    def _ground(self) -> None:
        plot, colours, add = self.layout.plot, self.palette, self.drawing.add
        for band in self.layout.bands:
            add(polygon(band.polygon), fill=colours.paper if band.style is None else colours.tiers[band.style].wash)
        lines = [[(tick.pixel, plot.top), (tick.pixel, plot.bottom)] for tick in self.layout.x_ticks if tick.has_line]
        lines += [[(plot.left, tick.pixel), (plot.right, tick.pixel)] for tick in self.layout.y_ticks if tick.has_line]
        for line in lines:
            add(polyline(line), line=colours.rule)
        for cut in self.layout.lines:
            add(polyline(cut), line=colours.ink_3, dashes=(4.0, 4.0))
        add(polygon(plot.corners()), line=colours.rule_2)

    def _interval(self, ellipse: Ellipse, style: int, *, dense: bool) -> None:
        colour = self.palette.colours_of(style).mark
        if ellipse.rx:
            unit = Path.unit_circle()
            path = unit.transformed(Affine2D().scale(ellipse.rx, ellipse.ry).translate(ellipse.cx, ellipse.cy))
            fill, line = (0.035, 0.26) if dense else (0.06, 0.34)
            self.drawing.add(path, fill=colour, line=colour, fill_opacity=fill, line_opacity=line, clip=True)
            return
        top, bottom = ellipse.cy - ellipse.ry, ellipse.cy + ellipse.ry
        for ends in (((0.0, top), (0.0, bottom)), ((-4.0, top), (4.0, top)), ((-4.0, bottom), (4.0, bottom))):
            line_path = polyline([(ellipse.cx + x, y) for x, y in ends])
            self.drawing.add(line_path, line=colour, width=1.5, line_opacity=0.45, clip=True)

    def _lines(self, mark: Mark) -> None:
        if mark.moved:
            tether = polyline([(mark.score_x, mark.score_y), (mark.x, mark.y)])
            self.drawing.add(tether, line=self.palette.colours_of(mark.style).mark, width=1.25, line_opacity=0.7)
        if mark.label and mark.label.leader:
            self.drawing.add(polyline(mark.label.leader), line=self.palette.ink_3, width=0.75)

    def _words(self, marks: Sequence[Mark]) -> None:
        layout, plot, colours, write = self.layout, self.layout.plot, self.palette, self.writing.write
        for tick in layout.x_ticks:
            write(tick.text, tick.pixel, plot.bottom + 18, size=12, colour=colours.ink_3, anchor="middle")
        for tick in layout.y_ticks:
            write(tick.text, plot.left - 8, tick.pixel + 4, size=12, colour=colours.ink_3, anchor="end")
        for name in layout.band_names:
            write(name.text, name.x, name.baseline, size=12, colour=colours.tiers[name.style].mark, bold=True)
        write(layout.x_name, plot.right, layout.foot, size=12.5, colour=colours.ink, anchor="end", bold=True)
        write(layout.y_name, plot.left, plot.top - 11, size=12.5, colour=colours.ink, bold=True)
        write(layout.remark, plot.left, layout.foot, size=12, colour=colours.ink_3)
        crossing = _with_lines_under_label(layout)
        size = 11.0 if marks[0].radius >= 10 else 10.0
        for mark in marks:
            number, drop = str(mark.point.rank), number_drop(mark)
            # DejaVu is wider than the fonts of browsers: three digits would not fit the mark at full size.
            room = min(size, size * 2.3 / max(len(number), 2) * 0.9)
            colour = colours.colours_of(mark.style).on
            if layout.has_numbers:
                write(number, mark.x, mark.y + drop, size=room, colour=colour, anchor="middle", bold=True)
            if mark.label:
                halo = colours.paper if mark in crossing else None
                for line, baseline in zip(mark.label.lines, mark.label.baselines, strict=True):
                    anchor = mark.label.anchor
                    write(line, mark.label.x, baseline, size=12, colour=colours.ink, anchor=anchor, halo=halo)


def _with_lines_under_label(layout: MatrixLayout) -> list[Mark]:
    """Marks whose label covers a line of the grid, a boundary or the edge of an interval: those need a halo."""
    named = [mark for mark in layout.marks if mark.label]
    if not named:
        return []
    boxes = np.array([mark.label.box.grown(2.0).as_tuple() for mark in named if mark.label])
    plot = layout.plot
    lines = [(tick.pixel, plot.top, tick.pixel, plot.bottom) for tick in layout.x_ticks if tick.has_line]
    lines += [(plot.left, tick.pixel, plot.right, tick.pixel) for tick in layout.y_ticks if tick.has_line]
    lines += [(*start, *end) for line in layout.lines for start, end in pairwise(line)]
    ellipses = np.array([(e.cx, e.cy, e.rx, e.ry) for mark in layout.marks if (e := mark.ellipse)]).reshape(-1, 4)
    angles = 2 * np.pi * np.arange(ELLIPSE_STEPS + 1) / ELLIPSE_STEPS
    x = ellipses[:, :1] + ellipses[:, 2:3] * np.cos(angles)
    y = ellipses[:, 1:2] + ellipses[:, 3:] * np.sin(angles)
    edges = np.stack([x[:, :-1], y[:, :-1], x[:, 1:], y[:, 1:]], axis=2).reshape(-1, 4)
    crossed = lines_meet_boxes(np.vstack([np.array(lines).reshape(-1, 4), edges]), boxes).any(axis=0)
    return [named[index] for index in np.flatnonzero(crossed)]


def draw_shape(
    drawing: Drawing,
    shape: Shape,
    style: int,
    x: float,
    y: float,
    radius: float,
    palette: Palette,
    *,
    plain: bool = False,
) -> None:
    """The mark of a tier; `plain` in the legend, where no paper must part it from its neighbours."""
    is_round = shape in ("circle", "ring", "dashes")
    path = circle(x, y, radius) if is_round else polygon(corners(shape, x, y, radius))
    colour = palette.colours_of(style).mark
    if is_hollow(shape):
        dashes = (DASH, DASH) if shape == "dashes" else None
        drawing.add(path, fill=palette.paper, line=colour, width=2.0, dashes=dashes)
    else:
        # Around small marks that cover each other, more paper than this would leave nothing of those below.
        drawing.add(path, fill=colour, line=None if plain else palette.paper, width=1.5 if radius >= SMALL else 0.4)


def draw_ring(drawing: Drawing, x: float, y: float, radius: float, palette: Palette) -> None:
    """Around a mark: the issue stands in another tier than computed, by decision."""
    drawing.add(circle(x, y, radius), line=palette.ink, width=1.5, dashes=RING_DASHES)


def _paint_key(drawing: Drawing, key: Key, palette: Palette) -> None:
    if key.kind == "interval":
        ellipse = Path.unit_circle().transformed(Affine2D().scale(12, 6).translate(key.x + 13, key.middle))
        drawing.add(ellipse, line=palette.ink_2, line_opacity=0.5)
    elif key.kind == "decided":
        draw_ring(drawing, key.x + 6, key.middle, 6.25, palette)
    elif key.kind == "moved":
        tether = polyline([(key.x + 4, key.middle), (key.x + 20, key.middle)])
        drawing.add(tether, line=palette.ink_3, width=1.25)
        drawing.add(circle(key.x + 4, key.middle, 2.5), fill=palette.ink_3)
        drawing.add(circle(key.x + 20, key.middle, 5), fill=palette.ink_3)
    else:
        shape = shape_of(key.style)
        radius = {"circle": 5.25, "diamond": 4.8, "triangle": 3.6, "square": 4.6}.get(shape, 4.25)
        draw_shape(drawing, shape, key.style, key.x + 6, key.middle, radius, palette, plain=True)


def _chart_texts(layout: MatrixLayout) -> list[str]:
    texts = ["0123456789…", layout.x_name, layout.y_name, layout.remark]
    texts += [name.text for name in layout.band_names]
    texts += [tick.text for tick in (*layout.x_ticks, *layout.y_ticks)]
    texts += [line for mark in layout.marks if mark.label for line in mark.label.lines]
    return texts
