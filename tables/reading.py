"""An uploaded CSV or XLSX file as a sheet: one header row, and below it rows of texts.

Knows files and cells, nothing of what they mean. Whatever the file holds, memory stays at a small multiple of its size.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import PurePath

from tables.archive import Archive
from tables.delimited import detect_delimiter, foreign, place, records, stated_delimiter
from tables.encoding import confirm, detect
from tables.names import column_letters, key, tidy, tidy_lines
from tables.problems import SourceError, shorten
from tables.workbook import MAX_TEXT, Workbook, Worksheet
from tables.writing import active

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_TO_TIDY = frozenset(" '")
TEXT_ENDINGS = frozenset({".csv", ".tsv", ".txt"})
WORKBOOK_ENDINGS = frozenset({".xlsx", ".xlsm"})


@dataclass(frozen=True)
class Limits:
    """How much is read at once."""

    bytes: int = 20_000_000
    unpacked: int = 200_000_000
    rows: int = 100_000
    columns: int = 200


@dataclass(frozen=True, slots=True)
class Record:
    """A row below the header. `cells` has a text for every column, on one line; `number` is the spreadsheet's."""

    number: int
    cells: list[str]
    written: list[str] = field(repr=False)

    def lines(self, column: int) -> str:
        """The text of a cell with its line breaks."""
        return tidy_lines(active(self.written[column])) if column < len(self.written) else ""

    def __str__(self) -> str:
        return f"row {self.number}"


@dataclass(frozen=True)
class Sheet:
    """A file that was understood as a table. Its rows are read anew each time they are asked for."""

    name: str
    kind: str
    columns: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ""
    worksheet: str = ""
    _source: "_Source" = field(repr=False, kw_only=True)
    _header: int = field(repr=False, kw_only=True)
    _limits: Limits = field(repr=False, kw_only=True)

    def rows(self) -> Iterator[Record]:
        """The rows below the header, without empty ones. Raises SourceError at the first that does not fit."""
        width = len(self.columns)
        nameless = [column for column, name in enumerate(self.columns) if not name]
        read = 0
        for number, where, written in self._source.records():
            if number <= self._header:
                continue
            cells = [_text(cell) for cell in written]
            if not any(cells):
                continue
            read += 1
            if read > self._limits.rows:
                raise SourceError(
                    f"{self.name}: more than {self._limits.rows:,} rows. Split the list and import the parts."
                )
            if nameless or len(cells) > width:
                self._refuse_nameless(where, cells, nameless)
                cells = cells[:width]
            if len(max(cells, key=len)) > MAX_TEXT:
                self._refuse_long(where, cells)
            if len(cells) < width:
                cells += [""] * (width - len(cells))
            yield Record(number, cells, written)

    def _refuse_nameless(self, where: str, cells: list[str], nameless: list[int]) -> None:
        """Nothing is passed over silently: a text without a header may be one that has slipped aside."""
        for column in (*nameless, *range(len(self.columns), len(cells))):
            if column < len(cells) and cells[column]:
                raise SourceError(
                    f'{self.name}, {where}: "{shorten(cells[column], 40)}" stands in column {column_letters(column)}, '
                    f"which has no header. Give the column a header in row {self._header} or delete it; in a CSV file "
                    "a delimiter inside a text that is not quoted has the same effect."
                )

    def _refuse_long(self, where: str, cells: list[str]) -> None:
        column, length = max(enumerate(map(len, cells)), key=itemgetter(1))
        raise SourceError(
            f"{self.name}, {where}, column {column_letters(column)}: {length:,} characters, "
            f"and a cell holds at most {MAX_TEXT:,}. Shorten the text."
        )


def _text(cell: str) -> str:
    """A cell on one line, without an export's guard."""
    # Most cells are plain, and there may be a million of them.
    if cell.isascii() and cell.isprintable() and "  " not in cell and cell[:1] not in _TO_TIDY and cell[-1:] != " ":
        return cell
    return tidy(active(cell))


def read_sheet(name: str, raw: bytes, *, limits: Limits | None = None) -> Sheet:
    """The table in the bytes of the file `name`. Raises SourceError, at once for what can be told at once."""
    limits = limits or Limits()
    if len(raw) > limits.bytes:
        raise SourceError(
            f"{name}: {len(raw) / 1e6:,.0f} MB, and at most {limits.bytes / 1e6:,.0f} MB are read at once. "
            "Leave out what is not part of the list, or split it and import the parts."
        )
    if not raw.strip():
        raise SourceError(f"{name}: the file is empty.")
    ending = PurePath(name).suffix.lower()
    if raw.startswith(OLD_WORKBOOK):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise SourceError(f"{name}: is protected with a password. Save it without one and upload it again.")
        raise SourceError(f"{name}: this is an old Excel workbook (XLS). Save it as XLSX or CSV.")
    if raw.startswith(ZIP):
        if ending in TEXT_ENDINGS:
            raise SourceError(
                f"{name}: this is a workbook or an archive, though its name ends in {ending}. "
                "If it is an Excel workbook, give it the ending .xlsx; otherwise save the list as CSV."
            )
        return _read_workbook(name, raw, limits)
    if kind := foreign(raw):
        raise SourceError(f"{name}: this is {kind}, neither a CSV nor an XLSX file. Save the list as one of these.")
    if ending in WORKBOOK_ENDINGS:
        raise SourceError(
            f"{name}: this is no workbook, though its name ends in {ending}. "
            "If it is a text file with a row on each line, give it the ending .csv; otherwise save it as XLSX again."
        )
    return _read_text(name, raw, limits)


class _Source:
    """Where the records of a sheet come from: row number, how to call the place, and the cells as written."""

    def records(self) -> Iterator[tuple[int, str, list[str]]]:
        raise NotImplementedError


@dataclass(frozen=True)
class _TextFile(_Source):
    name: str
    raw: bytes
    encoding: str
    delimiter: str
    skipped: int

    def records(self) -> Iterator[tuple[int, str, list[str]]]:
        for number, line, cells in records(
            self.raw, name=self.name, encoding=self.encoding, delimiter=self.delimiter, skipped=self.skipped
        ):
            yield number, place(number, line), cells


@dataclass(frozen=True)
class _WorkbookSheet(_Source):
    book: Workbook
    worksheet: Worksheet

    def records(self) -> Iterator[tuple[int, str, list[str]]]:
        for number, cells in self.book.rows(self.worksheet):
            yield number, f"row {number}", cells


def _read_text(name: str, raw: bytes, limits: Limits) -> Sheet:
    encoding = confirm(raw, detect(raw, name=name).name, name=name)
    stated = stated_delimiter(raw, encoding)
    delimiter = stated or detect_delimiter(raw, encoding)
    source = _TextFile(name, raw, encoding, delimiter, skipped=1 if stated else 0)
    number, columns = _header(name, source, limits)
    return Sheet(
        name, "csv", columns, encoding=encoding, delimiter=delimiter, _source=source, _header=number, _limits=limits
    )


def _read_workbook(name: str, raw: bytes, limits: Limits) -> Sheet:
    book = Workbook(Archive(raw, name=name, unpacked=limits.unpacked), columns=limits.columns)
    for worksheet in book.worksheets:
        if worksheet.visible and next(book.rows(worksheet), None):
            source = _WorkbookSheet(book, worksheet)
            number, columns = _header(name, source, limits)
            return Sheet(
                name, "xlsx", columns, worksheet=worksheet.name, _source=source, _header=number, _limits=limits
            )
    hidden = any(not worksheet.visible for worksheet in book.worksheets)
    hint = " Only hidden sheets could hold something: show the one with the list and save again." if hidden else ""
    raise SourceError(f"{name}: no sheet of the workbook holds a cell.{hint}")


def _header(name: str, source: _Source, limits: Limits) -> tuple[int, tuple[str, ...]]:
    """The number of the header row and its texts: the first row that holds something."""
    for number, _where, written in source.records():
        texts = [_text(cell) for cell in written]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            continue
        if len(texts) > limits.columns:
            raise SourceError(
                f"{name}: {len(texts):,} columns, and at most {limits.columns:,} are read. "
                "Leave out what is not part of the list."
            )
        _refuse_twins(name, number, texts)
        return number, tuple(texts)
    raise SourceError(f"{name}: the file is empty.")


def _refuse_twins(name: str, number: int, texts: list[str]) -> None:
    seen: dict[str, int] = {}
    for column, text in enumerate(texts):
        first = seen.setdefault(key(text), column) if text else column
        if first != column:
            raise SourceError(
                f"{name}, row {number}: the columns {column_letters(first)} and {column_letters(column)} have the same "
                f'header "{shorten(text)}". Rename or delete one of them.'
            )
