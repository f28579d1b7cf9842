"""An uploaded file as rows of a list: read by `tables`, the cells in the order of the list's columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from django.utils.translation import gettext, gettext_noop

from scoping.lists.columns import Column, place
from tables.delimited import DELIMITERS
from tables.reading import Sheet, read_sheet

# The number that a spreadsheet shows beside the row, and a text for each column of the list. Plain tuples of texts,
# since the garbage collector need not look at them: for twenty thousand rows that halves the time.
Row = tuple[int, tuple[str, ...]]


# What parts the cells, as tables.delimited calls it, in a sentence.
PARTED = {
    "comma": gettext_noop("commas"),
    "semicolon": gettext_noop("semicolons"),
    "tab": gettext_noop("tabs"),
    "pipe": gettext_noop("pipes"),
}


@dataclass(frozen=True)
class ListFile:
    """
    Attributes
    ----------
    reading : how the file was read, for the person who knows what is in it.
    unknown : headers that nobody knows.
    rows : in the order of the file; "" for an empty cell and for a column that the file does not have.
    """

    name: str
    reading: str
    unknown: tuple[str, ...]
    rows: list[Row]


def read_list(name: str, raw: bytes, columns: Sequence[Column]) -> ListFile:
    """
    Read the rows of a list.

    Raises
    ------
    SourceError
        The file is not a table, or not one with these columns.
    """
    sheet = read_sheet(name, raw)
    placed = place(sheet.name, sheet.columns, columns)
    width = len(sheet.columns)
    positions = [placed.positions.get(column.field, width) for column in columns]
    in_order = itemgetter(*positions)
    with_lines = {
        at: position
        for at, (column, position) in enumerate(zip(columns, positions, strict=True))
        if column.lines and position < width
    }
    rows: list[Row] = []
    for record in sheet.rows():
        record.cells.append("")  # where the missing columns stand
        cells = in_order(record.cells)
        if with_lines:
            cells = tuple(
                record.lines(with_lines[at]) if at in with_lines and cell else cell for at, cell in enumerate(cells)
            )
        rows.append((record.number, cells))
    return ListFile(sheet.name, _reading(sheet), placed.unknown, rows)


def _reading(sheet: Sheet) -> str:
    if sheet.kind == "xlsx":
        return gettext("Excel workbook, worksheet “%(sheet)s”") % {"sheet": sheet.worksheet}
    delimiter = DELIMITERS.get(sheet.delimiter)
    parted = PARTED.get(delimiter or "")
    said = gettext(parted) if parted else f"{delimiter}s" if delimiter else f"“{sheet.delimiter}”"
    return gettext("CSV in %(encoding)s, cells parted by %(delimiter)s") % {
        "encoding": sheet.encoding.upper(),
        "delimiter": said,
    }
