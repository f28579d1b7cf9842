"""A CSV or XLSX file of answers as a table: its header rows, and rows that all have a cell for every column.

Reads more than `tables.reading` does for lists: several header rows, columns without a header or with the same one, a
million rows. Knows nothing of what the answers mean.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.imports.headers import TOP_ROWS, Column, columns_of, count_header_rows, where_table_begins
from tables.archive import Archive
from tables.delimited import detect_delimiter, foreign, place, records, stated_delimiter
from tables.encoding import Encoding, confirm, detect
from tables.problems import SourceError
from tables.reading import OLD_WORKBOOK, ZIP, Limits
from tables.workbook import Workbook, Worksheet

MAX_BYTES = 200_000_000
MAX_UNPACKED = 2_000_000_000
MAX_ROWS = 1_000_000
MAX_COLUMNS = 5_000
ADVICE = 'Say the right one in the mapping, such as [file] encoding = "cp1252", or save the file as UTF-8.'

# Number of the row, last line of it, and its cells.
Records = Callable[[], Iterator[tuple[int, int, list[str]]]]


@dataclass(frozen=True)
class Row:
    """A row of answers; `number` is the spreadsheet's, `line` the text file's last line of it."""

    number: int
    line: int
    cells: list[str]

    def __str__(self) -> str:
        return place(self.number, self.line)


@dataclass(frozen=True)
class Table:
    """A file that was understood as a table. Its rows are read anew each time they are asked for.

    Attributes
    ----------
    encoding : None for a workbook.
    delimiter, worksheet : empty where the file has none.
    """

    name: str
    columns: tuple[Column, ...]
    header_rows: int
    first_row: int
    max_rows: int
    encoding: Encoding | None = None
    delimiter: str = ""
    worksheet: str = ""
    _records: Records = field(repr=False, kw_only=True)

    def rows(self) -> Iterator[Row]:
        """The rows below the header, without empty ones. Raises SourceError at the first that does not fit."""
        width = len(self.columns)
        read = 0
        for number, line, cells in self._records():
            if number < self.first_row:
                continue
            if len(cells) != width:
                if not any(cells):
                    continue
                if any(cells[width:]) or (self.encoding and len(cells) < width):
                    raise SourceError(self._ragged(number, line, len(cells)))
                # A workbook leaves out the empty cells at the end of a row.
                cells = [*cells[:width], *[""] * (width - len(cells))]
            if any(cells):
                read += 1
                if read > self.max_rows:
                    raise SourceError(
                        _("%(file)s: more than %(most)s rows. Split the file and import the parts.")
                        % {"file": self.name, "most": f"{self.max_rows:,}"}
                    )
                yield Row(number, line, cells)

    def _ragged(self, number: int, line: int, cells: int) -> str:
        told = {"file": self.name, "place": place(number, line), "cells": cells, "columns": len(self.columns)}
        ragged = _("%(file)s, %(place)s: %(cells)d cells, but the header has %(columns)d columns.") % told
        if self.encoding is None:
            return ragged + " " + _("Give each column that holds answers a header, or empty it.")
        return (
            ragged
            + " "
            + _(
                "Usual causes: a delimiter or a quotation mark inside an answer that is not quoted, "
                "or a cut-off line. Correct the row or export the file again."
            )
        )

    @property
    def reading_facts(self) -> str:
        """How the file was read, for the person who knows it."""
        headers = ngettext("%(n)d header row", "%(n)d header rows", self.header_rows) % {"n": self.header_rows}
        told = {"headers": headers, "columns": f"{len(self.columns):,}"}
        if self.encoding is None:
            told["sheet"] = str(self.worksheet)
            return _("Excel workbook, sheet “%(sheet)s”, %(headers)s, %(columns)s columns") % told
        told |= {
            "encoding": self.encoding.name,
            "reason": _(self.encoding.reason),
            "delimiter": {"\t": _("a tab"), " ": _("a space")}.get(self.delimiter, self.delimiter),
        }
        facts = _("encoding %(encoding)s (%(reason)s), delimiter %(delimiter)s, %(headers)s, %(columns)s columns")
        return facts % told


def read_table(
    path: Path, *, encoding: str | None = None, delimiter: str | None = None, header_rows: int | None = None
) -> Table:
    """The table in the file; what is not given is detected. Raises SourceError."""
    return table_of(path.name, _read(path), encoding=encoding, delimiter=delimiter, header_rows=header_rows)


def table_of(
    name: str,
    raw: bytes,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_rows: int | None = None,
    limits: Limits | None = None,
) -> Table:
    """The table in the bytes of the file `name`; what is not given is detected. Raises SourceError."""
    limits = limits or Limits(MAX_BYTES, MAX_UNPACKED, MAX_ROWS, MAX_COLUMNS)
    if len(raw) > limits.bytes:
        raise SourceError(_too_large(name, len(raw), limits.bytes))
    if not raw.strip():
        raise SourceError(_("%(file)s: the file is empty.") % {"file": name})
    _refuse_other_kinds(name, raw)
    if raw.startswith(ZIP):
        book = Workbook(Archive(raw, name=name, unpacked=limits.unpacked), columns=limits.columns)
        worksheet = _worksheet_of(name, book)
        lines: Records = partial(_worksheet_rows, book, worksheet)
        columns, rows, first = _headed(name, lines, header_rows, limits)
        return Table(name, columns, rows, first, limits.rows, worksheet=worksheet.name, _records=lines)
    found = Encoding(encoding, "given") if encoding else detect(raw, name=name, advice=ADVICE)
    found = Encoding(confirm(raw, found.name, name=name, advice=ADVICE), found.reason)
    stated = stated_delimiter(raw, found.name)
    delimiter = delimiter or stated or detect_delimiter(raw, found.name)
    lines = partial(
        records, raw, name=name, encoding=found.name, delimiter=delimiter, skipped=1 if stated else 0
    )  # fmt: skip
    columns, rows, first = _headed(name, lines, header_rows, limits)
    return Table(name, columns, rows, first, limits.rows, encoding=found, delimiter=delimiter, _records=lines)


def _headed(name: str, lines: Records, header_rows: int | None, limits: Limits) -> tuple[tuple[Column, ...], int, int]:
    """The columns, the number of header rows, and the number of the first row below them."""
    top_rows = [(number, cells) for number, _line, cells in islice(lines(), TOP_ROWS + 30) if any(cells)][:TOP_ROWS]
    if not top_rows:
        raise SourceError(_("%(file)s: the file is empty.") % {"file": name})
    begins = 0 if header_rows else where_table_begins([cells for _, cells in top_rows])
    head = [cells for _, cells in top_rows[begins:]]
    rows = header_rows or count_header_rows(head)
    if len(head) < rows:
        raise SourceError(
            _("%(file)s: %(wanted)d header rows are expected, but the file has only %(rows)d rows.")
            % {"file": name, "wanted": rows, "rows": len(head)}
        )
    return columns_of(name, head[:rows], most=limits.columns), rows, top_rows[begins + rows - 1][0] + 1


def _worksheet_of(name: str, book: Workbook) -> Worksheet:
    """The first sheet that looks like a table; else the first that holds anything."""
    some: Worksheet | None = None
    for worksheet in book.worksheets:
        if not worksheet.visible:
            continue
        top = [cells for _, cells in islice(book.rows(worksheet), TOP_ROWS)]
        if len(top) > 1 and any(sum(map(bool, cells)) > 1 for cells in top):
            return worksheet
        some = some or (worksheet if top else None)
    if some is None:
        raise SourceError(
            _("%(file)s: no sheet of the workbook holds a cell. Export the answers again, or show the hidden sheet.")
            % {"file": name}
        )
    return some


def _worksheet_rows(book: Workbook, worksheet: Worksheet) -> Iterator[tuple[int, int, list[str]]]:
    for number, cells in book.rows(worksheet):
        yield number, number, cells


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise SourceError(_too_large(path.name, size, MAX_BYTES))
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}).") from error


def _too_large(name: str, size: int, most: int) -> str:
    told = {"file": name, "size": f"{size / 1e6:,.0f}", "most": f"{most / 1e6:,.0f}"}
    return (
        _("%(file)s: %(size)s MB, and at most %(most)s MB are read at once. Split the file and import the parts.")
        % told
    )


def _refuse_other_kinds(name: str, raw: bytes) -> None:
    if raw.startswith(OLD_WORKBOOK):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise SourceError(_("%(file)s: is protected with a password. Save it without one.") % {"file": name})
        raise SourceError(_("%(file)s: this is an old Excel workbook (XLS). Save it as XLSX or CSV.") % {"file": name})
    if not raw.startswith(ZIP) and (kind := foreign(raw)):
        raise SourceError(
            _("%(file)s: this is %(kind)s, neither a CSV nor an XLSX file. Export the answers as one of these.")
            % {"file": name, "kind": _(kind)}
        )
