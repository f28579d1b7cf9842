"""Paints the layout of a power-interest grid for a file, in the light colours, with title, legend and source."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from figures.drawing import Drawing, Writing
from figures.files import circle, open_page, painter_of, polygon, polyline
from figures.frame import Entry, Frame, Key, make_frame
from figures.geometry import lines_meet_boxes
from figures.grid import GridLayout, GridMark
from figures.palette import LIGHT, Palette
from figures.svg import NUMBER_DROP, corners


def make_grid_figure(
    layout: GridLayout, palette: Palette = LIGHT, width_mm: float | None = None
) -> tuple[Figure, list[str]]:
    """The figure before it is written, and its font families; the canvas is the caller's choice."""
    frame = frame_of(layout)
    page = open_page(frame, _chart_texts(layout), palette, width_mm)
    drawing, writing = page.layer(layout.plot)
    _paint_ground(drawing, layout, palette)
    for mark in layout.marks:
        if mark.label and mark.label.leader:
            drawing.add(polyline(mark.label.leader), line=palette.ink_3, width=0.75)
    for mark in layout.marks:
        _draw_mark(drawing, mark, palette)
    _write_ground(writing, layout, palette)
    _write_marks(writing, layout, palette)
    page.paint_frame(frame, palette, _paint_key)
    return page.figure, page.families


paint_grid_file = painter_of(make_grid_figure)


def frame_of(layout: GridLayout) -> Frame:
    """The page around the chart."""
    figure, words = layout.figure, layout.figure.wording
    return make_frame(
        width=layout.width,
        height=layout.height,
        title=figure.title,
        subject=figure.subject,
        entries=[Entry("square", 0, words.internal), Entry("ring", 0, words.external)],
        source=layout.source,
        texts=_chart_texts(layout),
        words=words,
    )


def _paint_ground(drawing: Drawing, layout: GridLayout, palette: Palette) -> None:
    drawing.add(polygon(layout.focus.corners()), fill=palette.accent_wash)
    for line in layout.cells:
        drawing.add(polyline(line), line=palette.rule)
    for line in layout.cuts:
        drawing.add(polyline(line), line=palette.rule_2)
    drawing.add(polygon(layout.plot.corners()), line=palette.rule_2)


def _write_ground(writing: Writing, layout: GridLayout, palette: Palette) -> None:
    plot, write = layout.plot, writing.write
    for tick in layout.x_ticks:
        write(tick.text, tick.pixel, plot.bottom + 18, size=12, colour=palette.ink_3, anchor="middle")
    for tick in layout.y_ticks:
        write(tick.text, plot.left - 8, tick.pixel + 4, size=12, colour=palette.ink_3, anchor="end")
    for name in layout.names:
        write(name.text, name.x, name.baseline, size=12, colour=palette.ink_3, bold=True)
    write(layout.x_name, plot.right, layout.foot, size=12.5, colour=palette.ink, anchor="end", bold=True)
    write(layout.y_name, plot.left, plot.top - 11, size=12.5, colour=palette.ink, bold=True)
    write(layout.remark, plot.left, layout.foot, size=12, colour=palette.ink_3)


def _write_marks(writing: Writing, layout: GridLayout, palette: Palette) -> None:
    crossing = _over_lines(layout)
    size = 11.0 if layout.marks[0].radius >= 10 else 10.0 if layout.marks[0].radius >= 8 else 9.0
    for mark in layout.marks:
        if layout.has_numbers:
            colour = palette.accent_on if mark.point.internal else palette.accent
            number, baseline = str(mark.point.number), mark.y + NUMBER_DROP * size / 11
            writing.write(number, mark.x, baseline, size=size, colour=colour, anchor="middle", bold=True)
        if mark.label:
            halo = palette.paper if mark in crossing else None
            for line, baseline in zip(mark.label.lines, mark.label.baselines, strict=True):
                anchor = mark.label.anchor
                writing.write(line, mark.label.x, baseline, size=12, colour=palette.ink, anchor=anchor, halo=halo)


def _over_lines(layout: GridLayout) -> list[GridMark]:
    """Marks whose label covers a line of the grid: those need a halo."""
    named = [mark for mark in layout.marks if mark.label]
    boxes = np.array([mark.label.box.grown(2.0).as_tuple() for mark in named if mark.label]).reshape(-1, 4)
    lines = np.array([(*start, *end) for start, end in (*layout.cells, *layout.cuts)])
    crossed = lines_meet_boxes(lines, boxes).any(axis=0)
    return [named[index] for index in np.flatnonzero(crossed)]


def _draw_mark(drawing: Drawing, mark: GridMark, palette: Palette) -> None:
    if mark.shape == "square":
        drawing.add(polygon(corners(mark.shape, mark.x, mark.y, mark.radius)), fill=palette.accent)
    else:
        path = circle(mark.x, mark.y, mark.radius - mark.line / 2)
        drawing.add(path, fill=palette.paper, line=palette.accent, width=mark.line)


def _paint_key(drawing: Drawing, key: Key, palette: Palette) -> None:
    x, y = key.x + 6, key.middle
    if key.kind == "square":
        drawing.add(polygon(corners("square", x, y, 5.75)), fill=palette.accent)
    else:
        drawing.add(circle(x, y, 4.75), fill=palette.paper, line=palette.accent, width=2.0)


def _chart_texts(layout: GridLayout) -> Sequence[str]:
    texts = ["0123456789…", layout.x_name, layout.y_name, layout.remark]
    texts += [name.text for name in layout.names]
    return texts + [line for mark in layout.marks if mark.label for line in mark.label.lines]
