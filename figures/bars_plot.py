"""Paints bars of priority for a file, in the light colours, with title, legend and source."""

from matplotlib.figure import Figure

from figures.bars import BarRow, BarsLayout
from figures.drawing import Drawing
from figures.files import open_page, painter_of, polygon, strokes
from figures.frame import Entry, Frame, Key, make_frame
from figures.geometry import Box
from figures.palette import LIGHT, Palette
from figures.rows_plot import paint_rows, texts_of

CAP = 3.5


def make_bars_figure(
    layout: BarsLayout, palette: Palette = LIGHT, width_mm: float | None = None
) -> tuple[Figure, list[str]]:
    """The figure before it is written, and its font families; the canvas is the caller's choice."""
    frame = frame_of(layout)
    page = open_page(frame, _chart_texts(layout), palette, width_mm)
    drawing, writing = page.layer(Box(0, 0, layout.width, layout.height))
    plot, write = layout.plot, writing.write
    parts = _between_headings(layout)
    grid = [((tick.pixel, top), (tick.pixel, bottom)) for tick in layout.ticks for top, bottom in parts]
    drawing.add(strokes(grid), line=palette.rule)
    for tick in layout.ticks:
        write(tick.text, tick.pixel, plot.bottom + 18, size=12, colour=palette.ink_3, anchor="middle")
    paint_rows(drawing, writing, layout.rows, layout.width, palette)
    for bar in layout.bars:
        drawing.add(polygon(bar.bar.corners()), fill=palette.colours_of(bar.style).mark)
    drawing.add(strokes([((plot.left, top), (plot.left, bottom)) for top, bottom in parts]), line=palette.rule_2)
    _draw_intervals(drawing, layout.bars, palette)
    for bar in layout.bars:
        baseline = bar.row.middle + 4.2
        write(bar.value, layout.value_x, baseline, size=12, colour=palette.ink, anchor="end")
    write(layout.axis_name, plot.right, layout.foot, size=12.5, colour=palette.ink, anchor="end", bold=True)
    page.paint_frame(frame, palette, _paint_key)
    return page.figure, page.families


paint_bars_file = painter_of(make_bars_figure)


def frame_of(layout: BarsLayout) -> Frame:
    """The page around the chart."""
    figure, words = layout.figure, layout.figure.wording
    entries = []
    if layout.has_intervals:
        percent = words.percent.format(number=f"{figure.interval * 100:.0f}")
        entries.append(Entry("interval", 0, words.bars_interval_key.format(percent=percent), wide=True))
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


def _between_headings(layout: BarsLayout) -> list[tuple[float, float]]:
    """Where lines of the grid run: not through headings."""
    parts: list[tuple[float, float]] = []
    for row in layout.rows.rows:
        if parts and abs(parts[-1][1] - row.top) < 0.5:
            parts[-1] = (parts[-1][0], row.bottom)
        else:
            parts.append((row.top, row.bottom))
    return parts


def _draw_intervals(drawing: Drawing, bars: tuple[BarRow, ...], palette: Palette) -> None:
    """All at once, in ink on a ground of paper that parts them from their bars."""
    lines = []
    for bar in bars:
        if bar.interval:
            (left, right), y = bar.interval, bar.row.middle
            lines.append(((left, y), (right, y)))
            lines += [((x, y - CAP), (x, y + CAP)) for x in (left, right)]
    if lines:
        drawing.add(strokes(lines), line=palette.paper, width=4.0)
        drawing.add(strokes(lines), line=palette.ink, width=1.5)


def _paint_key(drawing: Drawing, key: Key, palette: Palette) -> None:
    x, y = key.x, key.middle
    lines = [((x + 2, y), (x + 24, y)), ((x + 2, y - CAP), (x + 2, y + CAP)), ((x + 24, y - CAP), (x + 24, y + CAP))]
    drawing.add(strokes(lines), line=palette.ink, width=1.5)


def _chart_texts(layout: BarsLayout) -> list[str]:
    texts = [*texts_of(layout.rows), layout.axis_name, *(tick.text for tick in layout.ticks)]
    return [*texts, *(bar.value for bar in layout.bars)]
