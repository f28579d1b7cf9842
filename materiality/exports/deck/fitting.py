"""How much room texts take on a slide, and how long tables divide over slides. Pure; all lengths in points.

Widths are those of DejaVu Sans. In the house's font, which is Arial, plain text is narrower and capitals are somewhat
wider; of a template's font nothing is known, so that it may be as wide.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from figures.lettering import fill, shorten
from materiality.exports.chapter.paper import NOT_KNOWN, Line

LEADING = 1.25  # distance of lines, in sizes of the type
PAD_X, PAD_Y = 5.0, 3.5  # inside a cell
BULLET = 10.0  # how far the lines of a list stand in
FIRST_WIDE = "\u2e80"  # ideographs and what goes with them are as wide in every font
PLAIN, CAPITALS = 0.95, 1.08  # how wide Arial is, in widths of DejaVu Sans
Cell = str | Sequence[Line]


@dataclass(frozen=True)
class Type:
    """The type of a text: its size, whether its font is the house's, and which texts of a table are strong."""

    size: float
    is_own: bool = True
    strong: frozenset[str] = frozenset()

    @property
    def leading(self) -> float:
        return self.size * LEADING

    def broken(self, text: str, width: float, *, bold: bool = False) -> list[str]:
        """`text` as it breaks into lines of `width`."""
        share = 1.0
        if sum(map(str.isupper, text)) * 3 > len(text):
            share = CAPITALS
        elif self.is_own and not bold and not any(char >= FIRST_WIDE for char in text):
            share = PLAIN
        # Strong type of the house's font is as wide as plain type of this one.
        return fill(text, width, self.size * share, bold and not self.is_own)

    def lines_of(self, line: Line, width: float) -> list[str]:
        """`line` as it breaks in a column of `width`; at least one line."""
        text = f"{line.lead} {line.text}" if line.lead else line.text
        room = width - (BULLET if line.is_bullet else 0)
        return self.broken(text, room, bold=bool(line.lead) or line.text in self.strong) or [""]

    def height_of(self, lines: Sequence[Line], width: float) -> float:
        return sum(len(self.lines_of(line, width)) for line in lines) * self.leading


def fitted(text: str, width: float, height: float, sizes: Sequence[float], *, is_own: bool) -> tuple[str, float]:
    """`text` and the largest of `sizes` in which it fits; cut in the smallest where not even that does."""
    for size in sizes:
        kind = Type(size, is_own)
        lines = kind.broken(text, width)
        if len(lines) * kind.leading <= height:
            return text, size
    return " ".join(shorten(text, width, max(int(height / kind.leading), 1), sizes[-1])), sizes[-1]


@dataclass(frozen=True)
class Row:
    """A row of a table with its height. A `band` is one cell over all columns."""

    cells: tuple[tuple[Line, ...], ...]
    height: float
    is_band: bool = False


def written(cell: Cell) -> tuple[Line, ...]:
    """A cell as lines; what is not known has a mark."""
    if isinstance(cell, str):
        return (Line(cell or NOT_KNOWN),)
    return tuple(cell) or (Line(NOT_KNOWN),)


def row(cells: Sequence[Cell], widths: Sequence[float], kind: Type) -> Row:
    filled = tuple(written(cell) for cell in cells)
    inner = [width - 2 * PAD_X for width in widths]
    tallest = max(kind.height_of(lines, width) for lines, width in zip(filled, inner, strict=True))
    return Row(filled, tallest + 2 * PAD_Y)


def band(text: str, width: float, kind: Type) -> Row:
    lines = (Line(text),)
    kind = replace(kind, strong=frozenset({text}))
    return Row((lines,), kind.height_of(lines, width - 2 * PAD_X) + 2 * PAD_Y, is_band=True)


def paginate(rows: Sequence[Row], widths: Sequence[float], kind: Type, room: float) -> list[list[Row]]:
    """Rows over slides that each have `room` for them. A row that is higher than a slide goes on on the next one; a
    band never stands last, and is repeated where its rows go on."""
    pages: list[list[Row]] = []
    page: list[Row] = []
    used, last_band = 0.0, None
    for one in (part for whole in rows for part in _parts(whole, widths, kind, room * 0.9)):
        if page and used + one.height > room:
            carried = [page.pop()] if page[-1].is_band else []
            if page:
                pages.append(page)
            if not carried and last_band and not one.is_band:
                carried = [last_band]
            page, used = carried, sum(above.height for above in carried)
        page.append(one)
        used += one.height
        last_band = one if one.is_band else last_band
    return [*pages, page] if page else pages


def _parts(whole: Row, widths: Sequence[float], kind: Type, room: float) -> list[Row]:
    """`whole`, or what of it stands on each slide where it is higher than `room`. Its first column is repeated."""
    if whole.height <= room or whole.is_band:
        return [whole]
    most = max(int((room - 2 * PAD_Y) / kind.leading), 1)
    columns = [_chunks(lines, width - 2 * PAD_X, kind, most) for lines, width in zip(whole.cells, widths, strict=True)]
    count = max(len(chunks) for chunks in columns)
    head = columns[0][0]
    parts = []
    for number in range(count):
        cells = [chunks[number] if number < len(chunks) else (Line(""),) for chunks in columns]
        if number and columns[0][number:] == []:
            cells[0] = tuple(replace(line, text=f"{line.text} …") for line in head[:1])
        parts.append(row(cells, widths, kind))
    return parts


def _chunks(lines: Sequence[Line], width: float, kind: Type, most: int) -> list[tuple[Line, ...]]:
    """The lines of a cell, `most` printed lines at a time."""
    chunks: list[list[Line]] = [[]]
    left = most
    for line in lines:
        left_over = kind.lines_of(line, width)
        first = True
        while left_over:
            if left == 0:
                chunks.append([])
                left = most
            taken, left_over = left_over[:left], left_over[left:]
            left -= len(taken)
            if first and not left_over:
                chunks[-1].append(line)
            else:
                text = " ".join(taken)
                chunks[-1].append(replace(line, text=text, lead=""))
            first = False
    return [tuple(chunk) for chunk in chunks]
