"""Paints a layout into a file by matplotlib: PNG, SVG or PDF, in the light colours, with title, legend and source.

Object-oriented matplotlib without pyplot: no figure is kept anywhere. matplotlib promises no thread safety, so one
figure is painted at a time per process. The same layout gives the same bytes: no dates, no random ids.

In SVG, text is embedded as outlines, since a file that is pasted into a report must look the same where the font is
missing; in PDF it stays text that can be searched and copied, with its font embedded.
"""

from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from threading import Lock
from typing import Any, Literal

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Transform
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from figures.drawing import PX_PER_INCH, Drawing, Writing
from figures.fonts import DEFAULT, drawable, families_for
from figures.frame import BADGE, BADGE_PADDING, LEGEND, SOURCE, SUBJECT, TITLE, Frame, Key, make_frame
from figures.geometry import Box, Dot, lines_meet_boxes
from figures.layout import Ellipse, Mark, MatrixLayout
from figures.palette import LIGHT, SHAPES, Palette, Shape, is_hollow
from figures.svg import corners, number_drop

Format = Literal["png", "svg", "pdf"]
SOFTWARE = "Salient"
# Ids in an SVG file follow from its content. matplotlib's settings belong to the process; they hold while it paints.
SETTINGS: Any = {"svg.hashsalt": "salient", "svg.fonttype": "path"}
ELLIPSE_STEPS = 48
_painting = Lock()


def paint_file(layout: MatrixLayout, format: Format, dpi: int = 200, palette: Palette = LIGHT) -> bytes:
    """The figure as a file.

    Parameters
    ----------
    layout
        What the page draws too.
    format
        "png", "svg" or "pdf".
    dpi
        Dots per inch of a PNG, 36 to 1200. The others have no dots.

    Raises
    ------
    MissingFont
        If no installed font can draw a name.
    ValueError
        If the format or the resolution is not one of these.
    """
    if format not in ("png", "svg", "pdf"):
        raise ValueError(f"A figure is written as png, svg or pdf, not as {format!r}.")
    if not 36 <= dpi <= 1200:
        raise ValueError(f"A figure is written at 36 to 1200 dots per inch, not {dpi}.")
    with _painting, matplotlib.rc_context(SETTINGS):
        figure, families = make_figure(layout, palette)
        content = BytesIO()
        title = layout.figure.title
        if format == "png":
            figure.set_dpi(dpi)
            _write_png(FigureCanvasAgg(figure), content, {"Title": title, "Software": SOFTWARE}, dpi)
        elif format == "svg":
            figure.set_dpi(72)
            FigureCanvasSVG(figure).print_svg(content, metadata={"Title": title, "Creator": SOFTWARE, "Date": None})
        else:
            figure.set_dpi(72)
            # DejaVu Sans is embedded as TrueType. Most fonts with ideographs hold other outlines, which a TrueType
            # entry may not contain; as type 3, every reader shows them.
            matplotlib.rcParams["pdf.fonttype"] = 42 if families == [DEFAULT] else 3
            FigureCanvasPdf(figure).print_pdf(
                content,
                metadata={
                    "Title": title,
                    "Subject": layout.figure.subject,
                    "Creator": SOFTWARE,
                    "Producer": None,
                    "CreationDate": None,
                },
            )
    return content.getvalue()


def _write_png(canvas: FigureCanvasAgg, content: BytesIO, metadata: dict[str, str], dpi: int) -> None:
    """Without the alpha channel, which nothing on paper uses, and at a level that takes half of the default's time."""
    canvas.draw()
    width, height = canvas.get_width_height()
    image = Image.frombuffer("RGBA", (width, height), canvas.buffer_rgba()).convert("RGB")
    info = PngInfo()
    for key, text in metadata.items():
        info.add_itxt(key, text) if not text.isascii() else info.add_text(key, text)
    image.save(content, "png", dpi=(dpi, dpi), pnginfo=info, compress_level=3)


def make_figure(layout: MatrixLayout, palette: Palette = LIGHT) -> tuple[Figure, list[str]]:
    """The figure before it is written, and its font families; the canvas is the caller's choice."""
    frame = make_frame(layout)
    figure = Figure(figsize=(frame.width / PX_PER_INCH, frame.height / PX_PER_INCH), facecolor=palette.paper)
    # Pixels of the layout, from the top left of the page and of the chart, to inches from the bottom left.
    page = Affine2D().scale(1 / PX_PER_INCH, -1 / PX_PER_INCH).translate(0, frame.height / PX_PER_INCH)
    page_transform = page + figure.dpi_scale_trans
    chart_transform = Affine2D().translate(frame.left, frame.top) + page_transform
    lines = [*frame.title, *frame.subject, *frame.source, *(key.text for key in frame.keys)]
    texts = [*_chart_texts(layout), *(line.text for line in lines), frame.badge.text if frame.badge else ""]
    families = families_for(drawable(text) for text in texts)
    _Painter(figure, layout, palette, chart_transform, families).paint()
    _paint_frame(figure, frame, palette, page_transform, families)
    return figure, families


class _Painter:
    """Draws a layout: shapes in one artist, then every text, which covers no shape but those it belongs to."""

    def __init__(
        self, figure: Figure, layout: MatrixLayout, palette: Palette, transform: Transform, families: list[str]
    ) -> None:
        self.layout = layout
        self.palette = palette
        self.drawing = Drawing(transform, layout.plot)
        self.writing = Writing(transform, families)
        figure.add_artist(self.drawing)
        figure.add_artist(self.writing)

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
            draw_shape(self.drawing, mark.shape, mark.style, mark.x, mark.y, mark.radius, self.palette)
            if mark.moved:
                colour = self.palette.tiers[mark.style].mark
                dot = _circle(mark.score_x, mark.score_y, 2.5)
                self.drawing.add(dot, fill=colour, line=self.palette.paper, width=1.0)
        self._words(marks)

    def _ground(self) -> None:
        plot, colours, add = self.layout.plot, self.palette, self.drawing.add
        for band in self.layout.bands:
            add(_polygon(band.polygon), fill=colours.paper if band.style is None else colours.tiers[band.style].wash)
        lines = [[(tick.pixel, plot.top), (tick.pixel, plot.bottom)] for tick in self.layout.x_ticks if tick.has_line]
        lines += [[(plot.left, tick.pixel), (plot.right, tick.pixel)] for tick in self.layout.y_ticks if tick.has_line]
        for line in lines:
            add(_polyline(line), line=colours.rule)
        for cut in self.layout.lines:
            add(_polyline(cut), line=colours.ink_3, dashes=(4.0, 4.0))
        add(_polygon(plot.corners()), line=colours.rule_2)

    def _interval(self, ellipse: Ellipse, style: int, *, dense: bool) -> None:
        colour = self.palette.tiers[style].mark
        if ellipse.rx:
            unit = Path.unit_circle()
            path = unit.transformed(Affine2D().scale(ellipse.rx, ellipse.ry).translate(ellipse.cx, ellipse.cy))
            fill, line = (0.035, 0.26) if dense else (0.06, 0.34)
            self.drawing.add(path, fill=colour, line=colour, fill_opacity=fill, line_opacity=line, clip=True)
            return
        top, bottom = ellipse.cy - ellipse.ry, ellipse.cy + ellipse.ry
        for ends in (((0.0, top), (0.0, bottom)), ((-4.0, top), (4.0, top)), ((-4.0, bottom), (4.0, bottom))):
            line_path = _polyline([(ellipse.cx + x, y) for x, y in ends])
            self.drawing.add(line_path, line=colour, width=1.5, line_opacity=0.45, clip=True)

    def _lines(self, mark: Mark) -> None:
        if mark.moved:
            tether = _polyline([(mark.score_x, mark.score_y), (mark.x, mark.y)])
            self.drawing.add(tether, line=self.palette.tiers[mark.style].mark, width=1.25, line_opacity=0.7)
        if mark.label and mark.label.leader:
            self.drawing.add(_polyline(mark.label.leader), line=self.palette.ink_3, width=0.75)

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
            colour = colours.tiers[mark.style].on
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
    path = _circle(x, y, radius) if shape in ("circle", "ring") else _polygon(corners(shape, x, y, radius))
    colour = palette.tiers[style].mark
    if is_hollow(shape):
        drawing.add(path, fill=palette.paper, line=colour, width=2.0)
    else:
        drawing.add(path, fill=colour, line=None if plain else palette.paper, width=1.5)


def _paint_frame(figure: Figure, frame: Frame, palette: Palette, transform: Transform, families: list[str]) -> None:
    drawing = Drawing(transform, Box(0, 0, frame.width, frame.height))
    figure.add_artist(drawing)
    writing = Writing(transform, families)
    figure.add_artist(writing)
    for line in frame.title:
        writing.write(line.text, line.x, line.baseline, size=TITLE, colour=palette.ink, bold=True)
    for line in frame.subject:
        writing.write(line.text, line.x, line.baseline, size=SUBJECT, colour=palette.ink_2)
    for line in frame.source:
        writing.write(line.text, line.x, line.baseline, size=SOURCE, colour=palette.ink_3)
    for key in frame.keys:
        _paint_key(drawing, key, palette)
        writing.write(key.text.text, key.text.x, key.text.baseline, size=LEGEND, colour=palette.ink_2)
    if frame.badge:
        left, baseline = frame.badge.x - BADGE_PADDING, frame.badge.baseline
        drawing.add(
            _polygon(Box(left, baseline - 14.5, left + frame.badge_width, baseline + 6.5).corners()),
            line=palette.rule_2,
        )
        writing.write(frame.badge.text, frame.badge.x, baseline, size=BADGE, colour=palette.ink_2)


def _paint_key(drawing: Drawing, key: Key, palette: Palette) -> None:
    if key.kind == "interval":
        ellipse = Path.unit_circle().transformed(Affine2D().scale(12, 6).translate(key.x + 13, key.middle))
        drawing.add(ellipse, line=palette.ink_2, line_opacity=0.5)
    elif key.kind == "moved":
        tether = _polyline([(key.x + 4, key.middle), (key.x + 20, key.middle)])
        drawing.add(tether, line=palette.ink_3, width=1.25)
        drawing.add(_circle(key.x + 4, key.middle, 2.5), fill=palette.ink_3)
        drawing.add(_circle(key.x + 20, key.middle, 5), fill=palette.ink_3)
    else:
        shape = SHAPES[key.style]
        radius = {"circle": 5.25, "diamond": 4.8, "ring": 4.25, "triangle": 3.6, "square": 4.6}[shape]
        draw_shape(drawing, shape, key.style, key.x + 6, key.middle, radius, palette, plain=True)


def _chart_texts(layout: MatrixLayout) -> list[str]:
    texts = ["0123456789…", layout.x_name, layout.y_name, layout.remark]
    texts += [name.text for name in layout.band_names]
    texts += [tick.text for tick in (*layout.x_ticks, *layout.y_ticks)]
    texts += [line for mark in layout.marks if mark.label for line in mark.label.lines]
    return texts


def _circle(x: float, y: float, radius: float) -> Path:
    return Path.unit_circle().transformed(Affine2D().scale(radius).translate(x, y))


def _polygon(corners: Sequence[Dot]) -> Path:
    return Path([*corners, corners[0]], closed=True)


def _polyline(dots: Sequence[Dot]) -> Path:
    return Path(list(dots))
