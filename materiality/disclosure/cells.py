"""What a disclosure table is made of. Plain values: what fills them is said by each framework."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Place:
    """The page where a cell is filled: the name of its address, what that takes beside organisation and assessment,
    and the part of the page."""

    page: str
    takes: tuple[tuple[str, str], ...] = ()
    part: str = ""


def at(page: str, *, part: str = "", **takes: str) -> Place:
    return Place(page, tuple(takes.items()), part)


@dataclass(frozen=True)
class Filled:
    """A cell: what is known, in paragraphs, and what somebody still has to write; empty where nothing is missing.
    `place` is where that is written; None where it is for the report alone."""

    lines: tuple[str, ...] = ()
    missing: str = ""
    place: Place | None = None


@dataclass(frozen=True)
class Row:
    """`code` is the framework's own, empty where it has none; `asks` is in our words, or names a topic."""

    code: str
    asks: str
    cells: tuple[Filled, ...]

    @property
    def is_complete(self) -> bool:
        return not any(cell.missing for cell in self.cells)


@dataclass(frozen=True)
class DisclosureTable:
    """A table of rows. `columns` head the cells, `numbered` the codes before them, `first` what is asked."""

    code: str
    title: str
    rows: tuple[Row, ...]
    columns: tuple[str, ...] = field(default_factory=lambda: (_("What is recorded"),))
    first: str = field(default_factory=lambda: _("What is asked"))
    numbered: str = field(default_factory=lambda: _("Code"))
    note: str = ""

    @property
    def has_codes(self) -> bool:
        return any(row.code for row in self.rows)

    @property
    def missing(self) -> int:
        """In how many rows something is still to be written."""
        return sum(not row.is_complete for row in self.rows)


@dataclass(frozen=True)
class Framework:
    slug: str
    name: str
    edition: str
    tables: tuple[DisclosureTable, ...]
    note: str = ""
    missing: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "missing", sum(table.missing for table in self.tables))


def known(*lines: str, otherwise: str = "", place: Place | None = None) -> Filled:
    """What is known; where nothing is, what is to be written."""
    told = tuple(line for line in lines if line)
    return Filled(told, "" if told else otherwise, None if told else place)


def partly(lines: Iterable[str], missing: str, place: Place | None = None) -> Filled:
    """What is known, and what it lacks in any case."""
    return Filled(tuple(line for line in lines if line), missing, place)


def to_write(missing: str, place: Place | None = None) -> Filled:
    return Filled((), missing, place)


def unlinked() -> str:
    """What is to be done about what an exchange lists and no issue of the list is about."""
    return _("No issue is linked: link one from the library, or explain why it is not material.")
