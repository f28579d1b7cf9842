"""Paints a heat table for a file, in the light colours, with title, legend and source."""

from collections import defaultdict

from matplotlib.figure import Figure
from matplotlib.path import Path

from figures.data import number
from figures.drawing import Drawing
from figures.files import hatching, open_page, painter_of, polygon, polyline
from figures.frame import Entry, Frame, Key, make_frame
from figures.geometry import Box
from figures.heat import HEAT_STEPS, HeatLayout, heat_range
from figures.palette import LIGHT, Palette
from figures.rows_plot import paint_rows, texts_of

SWATCH = 10.0


def make_heat_figure(
    layout: HeatLayout, palette: Palette = LIGHT, width_mm: float | None = None
) -> tuple[Figure, list[str]]:
    """The figure before it is written, and its font families; the canvas is the caller's choice."""
    frame = frame_of(layout)
    page = open_page(frame, _chart_texts(layout), palette, width_mm)
    drawing, writing = page.layer(Box(0, 0, layout.width, layout.height))
    write = writing.write
    for side in layout.sides:
        write(side.text, side.left, layout.side_baseline, size=12, colour=palette.ink, bold=True)
        drawing.add(
            polyline([(side.left, layout.side_baseline + 6), (side.right, layout.side_baseline + 6)]),
            line=palette.rule_2,
        )
    for head in layout.heads:
        anchor = "start" if head.upright else "middle"
        for line in head.lines:
            write(line.text, line.x, line.baseline, size=11, colour=palette.ink, anchor=anchor, upright=head.upright)
        write(head.answers, head.x, head.baseline, size=11, colour=palette.ink_3, anchor="middle")
    paint_rows(drawing, writing, layout.rows, layout.width, palette)
    _paint_cells(drawing, layout, palette)
    for one in layout.boxes:
        colour = palette.ink_3 if one.cell.step is None else _text_on(one.cell.step, palette)
        x, baseline = (one.box.left + one.box.right) / 2, (one.box.top + one.box.bottom) / 2 + 4.2
        write(one.text, x, baseline, size=12, colour=colour, anchor="middle", bold=one.cell.is_peak)
    for row in layout.contested:
        word = layout.figure.wording.heat_contested
        write(word, layout.contested_x, row.middle + 4.0, size=11, colour=palette.ink_2)
    for named in layout.key:
        write(named.number, named.number_x, named.baseline, size=11, colour=palette.ink_3, anchor="end")
        write(named.name, named.x, named.baseline, size=11, colour=palette.ink_2)
    page.paint_frame(frame, palette, _paint_key)
    return page.figure, page.families


paint_heat_file = painter_of(make_heat_figure)


def frame_of(layout: HeatLayout) -> Frame:
    """The page around the chart."""
    figure, words = layout.figure, layout.figure.wording
    low, high = (number(mean, words, 1) for mean in heat_range(figure.scale))
    entries = [Entry("ramp", 0, words.heat_ramp.format(low=low, high=high), room=HEAT_STEPS * SWATCH)]
    if figure.has_hidden:
        entries.append(Entry("hidden", 0, words.heat_hidden_key.format(k=figure.smallest), wide=True))
    if figure.has_empty:
        entries.append(Entry("none", 0, words.heat_none_key))
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


def _text_on(step: int, palette: Palette) -> str:
    return palette.on_dark if step >= palette.dark_from else palette.ink


def _paint_cells(drawing: Drawing, layout: HeatLayout, palette: Palette) -> None:
    """Cells of one colour as one shape, since there can be a thousand of them."""
    of_step: dict[int, list[Path]] = defaultdict(list)
    for one in layout.boxes:
        if one.cell.step is not None:
            of_step[one.cell.step].append(polygon(one.box.corners()))
    for step, paths in sorted(of_step.items()):
        drawing.add(Path.make_compound_path(*paths), fill=palette.heat[step])
    hidden = [one.box for one in layout.boxes if one.cell.hidden]
    if hidden:
        drawing.add(Path.make_compound_path(*map(hatching, hidden)), line=palette.rule_2, width=0.75)
        drawing.add(Path.make_compound_path(*(polygon(box.grown(-0.5).corners()) for box in hidden)), line=palette.rule)


def _paint_key(drawing: Drawing, key: Key, palette: Palette) -> None:
    top, bottom = key.middle - 5.0, key.middle + 5.0
    if key.kind == "ramp":
        for step, colour in enumerate(palette.heat):
            left = key.x + step * SWATCH
            drawing.add(polygon(Box(left, top, left + SWATCH, bottom).corners()), fill=colour)
        drawing.add(polygon(Box(key.x, top, key.x + HEAT_STEPS * SWATCH, bottom).corners()), line=palette.rule_2)
    elif key.kind == "hidden":
        box = Box(key.x, top, key.x + 26.0, bottom)
        drawing.add(hatching(box), line=palette.rule_2, width=0.75)
        drawing.add(polygon(box.corners()), line=palette.rule)
    else:
        drawing.add(polyline([(key.x + 2.0, key.middle), (key.x + 9.0, key.middle)]), line=palette.ink_3)


def _chart_texts(layout: HeatLayout) -> list[str]:
    texts = [*texts_of(layout.rows), "–", layout.figure.wording.heat_contested, layout.figure.wording.decimal]
    texts += [side.text for side in layout.sides] + [one.name for one in layout.key]
    return texts + [text for head in layout.heads for text in (*(line.text for line in head.lines), head.answers)]
