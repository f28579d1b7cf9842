"""Paints response rates for a file, in the light colours, with title, legend and source."""

from matplotlib.figure import Figure

from figures.drawing import Drawing
from figures.files import circle, hatching, open_page, painter_of, polygon, strokes
from figures.frame import Entry, Frame, Key, make_frame
from figures.geometry import Box
from figures.palette import LIGHT, Palette
from figures.rates import RateRow, RatesLayout


def make_rates_figure(
    layout: RatesLayout, palette: Palette = LIGHT, width_mm: float | None = None
) -> tuple[Figure, list[str]]:
    """The figure before it is written, and its font families; the canvas is the caller's choice."""
    frame = frame_of(layout)
    page = open_page(frame, _chart_texts(layout), palette, width_mm)
    drawing, writing = page.layer(Box(0, 0, layout.width, layout.height))
    plot, write = layout.plot, writing.write
    drawing.add(
        strokes([((tick.pixel, plot.top), (tick.pixel, plot.bottom)) for tick in layout.ticks]), line=palette.rule
    )
    for tick in layout.ticks:
        write(tick.text, tick.pixel, plot.bottom + 18, size=12, colour=palette.ink_3, anchor="middle")
    for row in layout.rows:
        _draw_side(drawing, 5.0, row.middle, palette, internal=row.group.internal)
        _draw_bar(drawing, row, palette)
        for line, baseline in zip(row.lines, row.baselines, strict=True):
            write(line, row.name_x, baseline, size=12, colour=palette.ink)
        write(row.share, layout.share_x, row.middle + 4.2, size=12, colour=palette.ink, anchor="end", bold=True)
        for place, (text, baseline) in enumerate(zip(row.texts, row.text_baselines, strict=True)):
            colour = palette.ink_3 if place else palette.ink_2
            write(text, layout.text_x, baseline, size=11 if place else 12, colour=colour)
    drawing.add(strokes([((plot.left, plot.top), (plot.left, plot.bottom))]), line=palette.rule_2)
    write(layout.axis_name, plot.right, layout.foot, size=12.5, colour=palette.ink, anchor="end", bold=True)
    page.paint_frame(frame, palette, _paint_key)
    return page.figure, page.families


paint_rates_file = painter_of(make_rates_figure)


def frame_of(layout: RatesLayout) -> Frame:
    """The page around the chart."""
    figure, words = layout.figure, layout.figure.wording
    sides = {row.group.internal for row in layout.rows}
    entries = [Entry("company", 0, words.internal)] if True in sides else []
    entries += [Entry("stakeholder", 0, words.external)] if False in sides else []
    if figure.has_rates:
        entries.append(Entry("answered", 0, words.rates_answered_key, wide=True))
        entries.append(Entry("asked", 0, words.rates_asked_key, wide=True))
    if any(row.hidden for row in layout.rows):
        entries.append(Entry("hidden", 0, words.rates_hidden_key.format(k=figure.smallest), wide=True))
    return make_frame(
        width=layout.width,
        height=layout.height,
        title=figure.title,
        subject=figure.subject,
        entries=entries,
        source=layout.source,
        texts=_chart_texts(layout),
        words=words,
        badge=words.simulated if figure.simulated else "",
    )


def _draw_side(drawing: Drawing, x: float, y: float, palette: Palette, *, internal: bool) -> None:
    """The pair of shapes that stands for company and stakeholders in every figure."""
    if internal:
        drawing.add(polygon(Box(x - 4.5, y - 4.5, x + 4.5, y + 4.5).corners()), fill=palette.accent)
    else:
        drawing.add(circle(x, y, 4.25), fill=palette.paper, line=palette.accent, width=2.0)


def _draw_bar(drawing: Drawing, row: RateRow, palette: Palette) -> None:
    if row.track:
        drawing.add(polygon(row.track.corners()), fill=palette.accent_wash)
    if row.bar:
        drawing.add(polygon(row.bar.corners()), fill=palette.accent)
    if row.track:
        drawing.add(polygon(row.track.corners()), line=palette.accent, width=0.75)
    if row.hidden:
        _draw_hidden(drawing, row.hidden, palette)


def _draw_hidden(drawing: Drawing, box: Box, palette: Palette) -> None:
    drawing.add(polygon(box.corners()), fill=palette.paper, line=palette.rule)
    drawing.add(hatching(box), line=palette.rule_2, width=0.75)


def _paint_key(drawing: Drawing, key: Key, palette: Palette) -> None:
    box = Box(key.x, key.middle - 5.0, key.x + 26.0, key.middle + 5.0)
    if key.kind in ("company", "stakeholder"):
        _draw_side(drawing, key.x + 6.0, key.middle, palette, internal=key.kind == "company")
    elif key.kind == "hidden":
        _draw_hidden(drawing, box, palette)
    elif key.kind == "answered":
        drawing.add(polygon(box.corners()), fill=palette.accent)
    else:
        drawing.add(polygon(box.corners()), fill=palette.accent_wash, line=palette.accent, width=0.75)


def _chart_texts(layout: RatesLayout) -> list[str]:
    texts = ["0123456789…", layout.axis_name, *(tick.text for tick in layout.ticks)]
    return texts + [text for row in layout.rows for text in (*row.lines, *row.texts, row.share)]
