"""Ranked lists side by side: how large their type can be, and how they divide over columns. All lengths in points."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from materiality.exports.deck.drawing import INK, SOFT, paragraph, run
from materiality.exports.deck.fitting import Type

GAP = 24.0  # between columns
SIZES = (16.0, 14.0, 13.0, 12.0, 11.0)
MOST_COLUMNS = 4
AFTER_HEAD, AFTER_NAME = 8.0, 2.0


@dataclass(frozen=True)
class Item:
    """A name in a list, its rank if it has one, and what is to be known about it."""

    rank: int | None
    name: str
    remark: str = ""

    @property
    def whole(self) -> str:
        return f"{self.name} {self.remark}".strip()


@dataclass(frozen=True)
class Part:
    """A list under its name; `mark` and `ink` are those of a tier."""

    name: str
    count: int
    rows: Sequence[Item]
    mark: str = ""
    ink: str = INK


@dataclass(frozen=True)
class Columns:
    """The parts as they stand on slides, some in pieces: `pages` of columns, their width, and the size of the type."""

    pages: Sequence[Sequence[Part]]
    width: float
    size: float


def columns_of(parts: Sequence[Part], width: float, height: float, *, is_own: bool) -> Columns:
    """The largest type in which each part fits one column of one slide; where none does, the smallest, and each part
    takes as many columns and slides as it needs."""
    if len(parts) <= MOST_COLUMNS:
        column = _width(width, max(len(parts), 2))
        for size in SIZES:
            if all(_height(part, column, Type(size, is_own)) <= height for part in parts):
                return Columns([parts], column, size)
    kind, column = Type(SIZES[-1], is_own), _width(width, MOST_COLUMNS)
    pieces = [piece for part in parts for piece in _pieces(part, column, kind, height)]
    return Columns([pieces[at : at + MOST_COLUMNS] for at in range(0, len(pieces), MOST_COLUMNS)], column, kind.size)


def _width(whole: float, count: int) -> float:
    return (whole - (count - 1) * GAP) / count


def _hang(rank: int | None, size: float) -> float:
    """How far a name stands in, behind its rank or a bullet."""
    return size if rank is None else size * 2.0


def _heights(part: Part, width: float, kind: Type) -> Iterator[float]:
    for item in part.rows:
        yield len(kind.broken(item.whole, width - _hang(item.rank, kind.size))) * kind.leading + AFTER_NAME


def _head_height(part: Part, width: float, kind: Type) -> float:
    head = f"{part.mark} {part.name}  {part.count:,}"
    return len(kind.broken(head, width, bold=True)) * kind.leading + AFTER_HEAD


def _height(part: Part, width: float, kind: Type) -> float:
    return _head_height(part, width, kind) + sum(_heights(part, width, kind))


def _pieces(part: Part, width: float, kind: Type, height: float) -> list[Part]:
    """The part in pieces that each fit a column."""
    pieces: list[list[Item]] = [[]]
    room = left = height - _head_height(part, width, kind)
    for row, needed in zip(part.rows, _heights(part, width, kind), strict=True):
        if pieces[-1] and needed > left:
            pieces.append([])
            left = room
        pieces[-1].append(row)
        left -= needed
    return [replace(part, rows=rows) for rows in pieces]


def paragraphs_of(part: Part, size: float) -> list[str]:
    """The part as the paragraphs of a text box."""
    mark = run(f"{part.mark} ", size, bold=True, ink=part.ink) if part.mark else ""
    head = mark + run(part.name, size, bold=True, ink=part.ink) + run(f"  {part.count:,}", size, ink=SOFT)
    found = [paragraph(head, size, text=part.name, after=AFTER_HEAD)]
    for item in part.rows:
        rank, name, hang = item.rank, item.name, _hang(item.rank, size)
        remark = run(f" {item.remark}", size, ink=SOFT) if item.remark else ""
        if rank is None:
            found.append(paragraph(run(name, size) + remark, size, text=name, hang=hang, mark="•", after=AFTER_NAME))
        else:
            # Behind its rank a name from right to left stays in a paragraph from left to right, as in the matrix.
            told = run(f"{rank}\t", size, ink=SOFT) + run(name, size, is_sealed=True) + remark
            found.append(paragraph(told, size, hang=hang, after=AFTER_NAME))
    if not part.rows:
        found.append(paragraph(run(_("No issue is in this tier."), size, ink=SOFT), size))
    return found
