"""Paints issues in rows for a file: headings of tiers, ranks and names."""

from figures.drawing import Drawing, Writing
from figures.files import polyline
from figures.palette import Palette
from figures.plot import draw_shape
from figures.rows import MARK, NAME, NUMBER, Rows


def paint_rows(drawing: Drawing, writing: Writing, rows: Rows, width: float, palette: Palette) -> None:
    """The headings with a line across `width`, and the names of the rows."""
    write = writing.write
    for heading in rows.headings:
        drawing.add(polyline([(0.0, heading.top), (width, heading.top)]), line=palette.ink, width=1.0)
        draw_shape(drawing, heading.shape, heading.style, MARK + 1.0, heading.middle, MARK, palette, plain=True)
        colour = palette.colours_of(heading.style).mark
        write(heading.text, heading.x, heading.baseline, size=12, colour=colour, bold=True)
    for row in rows.rows:
        write(str(row.issue.rank), NUMBER, row.baselines[0], size=11, colour=palette.ink_3, anchor="end")
        for line, baseline in zip(row.lines, row.baselines, strict=True):
            write(line, NAME, baseline, size=12, colour=palette.ink)
        write(row.tag, NAME, row.tag_baseline, size=11, colour=palette.ink_3)


def texts_of(rows: Rows) -> list[str]:
    """Every text of the rows, to find fonts for."""
    texts = ["0123456789…", *(heading.text for heading in rows.headings)]
    return texts + [text for row in rows.rows for text in (*row.lines, row.tag)]
