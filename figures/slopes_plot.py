"""Paints the layout of a slope chart for a file, in the light colours, with title, legend and source."""

from matplotlib.figure import Figure

from figures.drawing import Drawing, Writing
from figures.files import circle, open_page, painter_of, polyline
from figures.frame import Entry, Frame, Key, make_frame
from figures.geometry import Box
from figures.palette import LIGHT, Palette, shape_of, style_of
from figures.plot import draw_shape
from figures.slopes import LineKind, SlopeLayout, SlopeMark

# Width and dashes of a line; its kind is told by these and not by its colour.
LINES: dict[LineKind, tuple[float, tuple[float, ...] | None]] = {
    "clear": (2.25, None),
    "faint": (1.0, None),
    "part": (1.0, (4.0, 3.0)),
}


def make_slopes_figure(
    layout: SlopeLayout, palette: Palette = LIGHT, width_mm: float | None = None
) -> tuple[Figure, list[str]]:
    """The figure before it is written, and its font families; the canvas is the caller's choice."""
    frame = frame_of(layout)
    page = open_page(frame, _chart_texts(layout), palette, width_mm)
    drawing, writing = page.layer(Box(0, 0, layout.width, layout.height))
    for rule in layout.rules:
        drawing.add(polyline(rule), line=palette.rule)
    for slope in layout.slopes:
        _draw_line(drawing, slope.line.kind, slope.start, slope.end, palette)
    for text, x, anchor in layout.heads:
        writing.write(text, x, layout.head_baseline, size=12.5, colour=palette.ink, anchor=anchor, bold=True)
    for mark in (*layout.before, *layout.now):
        _draw_mark(drawing, mark, palette)
        _write_mark(writing, mark, palette)
    page.paint_frame(frame, palette, _paint_key)
    return page.figure, page.families


paint_slopes_file = painter_of(make_slopes_figure)


def frame_of(layout: SlopeLayout) -> Frame:
    """The page around the chart."""
    figure, words = layout.figure, layout.figure.wording
    names: dict[LineKind, str] = {"clear": words.clear, "faint": words.faint, "part": words.part}
    entries = [Entry(shape_of(style_of(number)), style_of(number), tier) for number, tier in enumerate(figure.tiers)]
    entries += [Entry(kind, 0, names[kind], wide=True) for kind in layout.kinds]
    return make_frame(
        width=layout.width,
        height=layout.height,
        title=figure.title,
        subject=figure.subject,
        entries=entries,
        source=layout.source,
        texts=_chart_texts(layout),
        words=words,
        badge=figure.simulated,
    )


def _draw_line(
    drawing: Drawing, kind: LineKind, start: tuple[float, float], end: tuple[float, float], palette: Palette
) -> None:
    width, dashes = LINES[kind]
    colour = palette.ink if kind == "clear" else palette.rule_2
    drawing.add(polyline((start, end)), line=colour, width=width, dashes=dashes)


def _draw_mark(drawing: Drawing, mark: SlopeMark, palette: Palette) -> None:
    if mark.shape is None:
        drawing.add(circle(mark.x, mark.y, mark.radius * 0.7), fill=palette.ink_2)
    else:
        draw_shape(drawing, mark.shape, mark.style, mark.x, mark.y, mark.radius, palette)


def _write_mark(writing: Writing, mark: SlopeMark, palette: Palette) -> None:
    write, label = writing.write, mark.label
    if mark.number_x is not None:
        rank = str(mark.end.rank)
        write(rank, mark.number_x, mark.y + 4, size=11, colour=palette.ink_3, anchor="middle")
    if label:
        for line, baseline in zip(label.lines, label.baselines, strict=True):
            write(line, label.x, baseline, size=12, colour=palette.ink, anchor=label.anchor, bold=label.bold)
        baseline = label.baselines[-1 if label.anchor == "start" else 0]
        write(label.tag, label.tag_x, baseline, size=12, colour=palette.ink_3, anchor=label.anchor)


def _paint_key(drawing: Drawing, key: Key, palette: Palette) -> None:
    for kind in LINES:
        if key.kind == kind:
            _draw_line(drawing, kind, (key.x, key.middle), (key.x + 26, key.middle), palette)
            return
    draw_shape(drawing, shape_of(key.style), key.style, key.x + 6, key.middle, 4.8, palette, plain=True)


def _chart_texts(layout: SlopeLayout) -> list[str]:
    texts = ["0123456789…", *(text for text, _, _ in layout.heads)]
    labels = [mark.label for mark in (*layout.before, *layout.now) if mark.label]
    return [*texts, *(line for label in labels for line in label.lines), *(label.tag for label in labels)]
