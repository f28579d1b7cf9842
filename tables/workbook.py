"""An XLSX workbook as rows of texts: its sheets, shared texts and number formats. Knows nothing of headers.

Numbers become their shortest text, dates ISO dates, booleans "yes" and "no". The size that a sheet states of itself
is not asked for.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from tables.archive import SAVE_AGAIN, Archive
from tables.names import column_letters
from tables.problems import SourceError

# What a cell of a spreadsheet holds at most, and a sheet of it.
MAX_TEXT = 32_767
MAX_CELLS = 16_384
MAX_SHEETS = 1_000
MAX_TEXTS = 2_000_000
MAX_FORMATS = 100_000
# The formats of dates and times that have a number only (ECMA-376, 18.8.30), with those of East Asia.
DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
REFERENCE = re.compile(r"([A-Z]{1,3})\d*")


@dataclass(frozen=True)
class Worksheet:
    """A sheet of a workbook and the part that holds it."""

    name: str
    part: str
    visible: bool


class Workbook:
    """The workbook in an archive. Raises SourceError where it is none."""

    def __init__(self, archive: Archive, *, columns: int) -> None:
        self.archive = archive
        self.columns = columns
        self.since_1904 = False
        self._part = self._related("", "officeDocument") or "xl/workbook.xml"
        if self._part not in archive.parts:
            raise SourceError(f"{archive.name}: {_other_kind(archive.parts)} {SAVE_AGAIN}")

    @cached_property
    def worksheets(self) -> tuple[Worksheet, ...]:
        """The sheets that hold cells, in their order."""
        targets = dict(self._relations(self._part, "worksheet"))
        found: list[Worksheet] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "workbookPr":
                self.since_1904 = attributes.get("date1904") in ("1", "true")
            elif tag == "sheet" and len(found) < MAX_SHEETS:
                key = next((value for name, value in attributes.items() if name.endswith(" id")), "")
                if targets.get(key) in self.archive.parts:
                    visible = attributes.get("state", "visible") == "visible"
                    found.append(Worksheet(attributes.get("name", ""), targets[key], visible))

        _exhaust(self.archive.read(self._part, start=start))
        return tuple(found)

    def rows(self, worksheet: Worksheet) -> Iterator[tuple[int, list[str]]]:
        """The number and the texts of each row that holds any. Raises SourceError that names the cell."""
        sheet = _Sheet(self)
        for _ in self.archive.read(worksheet.part, start=sheet.start, end=sheet.end, text=sheet.text):
            yield from sheet.rows
            sheet.rows.clear()

    @cached_property
    def shared(self) -> list[str]:
        """The texts that cells refer to by number."""
        part = self._related(self._part, "sharedStrings")
        texts = _Texts(self.archive)
        if part in self.archive.parts:
            _exhaust(self.archive.read(part, start=texts.start, end=texts.end, text=texts.text))
        return texts.found

    @cached_property
    def dates(self) -> dict[str, bool]:
        """The styles of cells that show a number as a date or time; True for a length of time such as 26:30."""
        part = self._related(self._part, "styles")
        formats: dict[str, str] = {}
        styles: list[str] = []
        within = ""

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal within
            if tag in ("cellStyleXfs", "cellXfs", "dxfs"):
                within = tag
            elif tag == "numFmt" and len(formats) < MAX_FORMATS:
                formats.setdefault(attributes.get("numFmtId", ""), attributes.get("formatCode", ""))
            elif tag == "xf" and within == "cellXfs" and len(styles) < MAX_FORMATS:
                styles.append(attributes.get("numFmtId", "0"))

        if part in self.archive.parts:
            _exhaust(self.archive.read(part, start=start))
        kinds = {name: _shows_time(name, formats.get(name)) for name in set(styles)}
        return {
            str(number): kind == "length"
            for number, name in enumerate(styles)
            if (kind := kinds[name]) is not None
        }  # fmt: skip

    def _related(self, part: str, kind: str) -> str | None:
        return next((target for _, target in self._relations(part, kind)), None)

    def _relations(self, part: str, kind: str) -> Iterator[tuple[str, str]]:
        folder, file = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{file}.rels")
        found: list[tuple[str, str]] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("Type", "").endswith(f"/{kind}") and len(found) < MAX_SHEETS:
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
                found.append((attributes.get("Id", ""), target.lstrip("/")))

        if listed in self.archive.parts:
            _exhaust(self.archive.read(listed, start=start))
        yield from found


def _exhaust(reading: Iterator[None]) -> None:
    for _ in reading:
        pass


def _other_kind(parts: set[str]) -> str:
    if "content.xml" in parts:
        return "this is an OpenDocument file, not an XLSX workbook."
    if any(part.startswith(("word/", "ppt/")) for part in parts):
        return "this is a text document or a presentation, not a workbook."
    if "xl/workbook.bin" in parts:
        return "this is a binary workbook (XLSB)."
    if any(part.startswith("Index/") for part in parts):
        return "this is a workbook of Numbers, not an XLSX workbook."
    return "this is an archive without a workbook in it."


def _shows_time(number: str, code: str | None) -> str | None:
    """Whether a number format shows a "date" (or a time of day), a "length" of time, or neither."""
    if code is None:
        return ("length" if number == "46" else "date") if number.isdigit() and int(number) in DATE_FORMATS else None
    code = re.sub(r'"[^"]*"|[\\_*].', "", code.partition(";")[0]).lower()
    if re.search(r"\[(h+|m+|s+)\]", code):
        return "length"
    code = re.sub(r"\[[^\]]*\]|general", "", code)
    return "date" if re.search("[dmyhs]", code) else None


@dataclass
class _Texts:
    """Collects the shared texts; how a text is pronounced (rPh) is no part of it."""

    archive: Archive
    found: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _listening: bool = False
    _aside: bool = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "t":
            self._listening = not self._aside
        elif tag == "si":
            self._parts, self._length = [], 0
        elif tag == "rPh":
            self._aside = True

    def end(self, tag: str) -> None:
        if tag == "t":
            self._listening = False
        elif tag == "rPh":
            self._aside = False
        elif tag == "si":
            if len(self.found) >= MAX_TEXTS:
                raise SourceError(
                    f"{self.archive.name}: more than {MAX_TEXTS:,} different texts. Split the list into several files."
                )
            self.found.append(_unescaped("".join(self._parts)))

    def text(self, text: str) -> None:
        if self._listening:
            self._length += len(text)
            if self._length > MAX_TEXT:
                raise SourceError(f"{self.archive.name}: {_too_long('a cell')}")
            self._parts.append(text)


class _Sheet:
    """Collects the rows of a sheet, one row in memory at a time."""

    def __init__(self, book: Workbook) -> None:
        self.rows: list[tuple[int, list[str]]] = []
        self._archive, self._width = book.archive, book.columns
        self._shared, self._dates, self._since_1904 = book.shared, book.dates, book.since_1904
        self._number = 0
        self._column = -1
        self._cells: list[str] = []
        self._kind = self._style = ""
        self._parts: list[str] = []
        self._length = 0
        self._formula = self._listening = self._aside = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            reference = attributes.get("r")
            self._column = self._index(reference) if reference else self._column + 1
            if self._column >= MAX_CELLS:
                raise self._archive.damaged(f"a cell beyond the last column in row {self._number}")
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "0")
            self._parts, self._length, self._formula = [], 0, False
        elif tag == "v":
            self._listening = self._kind != "inlineStr"
        elif tag == "t":
            self._listening = self._kind == "inlineStr" and not self._aside
        elif tag == "f":
            self._formula = True
        elif tag == "rPh":
            self._aside = True
        elif tag == "row":
            stated = attributes.get("r", "")
            self._number = int(stated) if stated.isdecimal() and len(stated) < 10 else self._number + 1
            self._column, self._cells = -1, []

    def end(self, tag: str) -> None:
        if tag == "c":
            if self._parts:
                self._put("".join(self._parts))
            elif self._formula:
                raise self._wrong(
                    "holds a formula without its result. Open the file in a spreadsheet program and save it, "
                    "or put the value in place of the formula."
                )
        elif tag in ("v", "t"):
            self._listening = False
        elif tag == "rPh":
            self._aside = False
        elif tag == "row" and any(self._cells):
            self.rows.append((self._number, self._cells))

    def text(self, text: str) -> None:
        if self._listening:
            self._length += len(text)
            if self._length > MAX_TEXT:
                raise SourceError(f"{self._archive.name}, {_too_long(f'cell {self._reference}')}")
            self._parts.append(text)

    @property
    def _reference(self) -> str:
        return f"{column_letters(self._column)}{self._number}"

    def _wrong(self, problem: str) -> SourceError:
        return SourceError(f"{self._archive.name}, cell {self._reference}: {problem}")

    def _index(self, reference: str) -> int:
        match = REFERENCE.match(reference)
        if match is None:
            raise self._archive.damaged(f"a cell without a place in row {self._number}")
        index = 0
        for letter in match[1]:
            index = index * 26 + ord(letter) - 64
        return index - 1

    def _put(self, stored: str) -> None:
        text = self._value(stored)
        if not text:
            return
        if self._column >= self._width:
            raise self._wrong(
                f"stands beyond the {self._width:,} columns that are read. Delete the columns that are not needed."
            )
        missing = self._column - len(self._cells)
        if missing < 0:
            self._cells[self._column] = text
            return
        if missing:
            self._cells += [""] * missing
        self._cells.append(text)

    def _value(self, stored: str) -> str:
        kind = self._kind
        if kind == "s":
            try:
                return self._shared[int(stored)]
            except (ValueError, IndexError) as error:
                raise self._archive.damaged(f"cell {self._reference} refers to a text that is not there") from error
        if kind == "n":
            return self._number_or_time(stored)
        if kind in ("str", "inlineStr"):
            return _unescaped(stored)
        if kind == "b":
            return "yes" if stored.strip() in ("1", "true") else "no"
        if kind == "e":
            raise self._wrong(f"holds the error {stored.strip()}. Correct the formula or empty the cell.")
        if kind == "d":
            return stored.strip().replace("T", " ").removesuffix(" 00:00:00")
        raise self._archive.damaged(f"cell {self._reference} is of an unknown kind")

    def _number_or_time(self, stored: str) -> str:
        timed = self._dates.get(self._style)
        if timed is None and len(stored) < 16 and stored.isdecimal():
            return stored
        try:
            value = float(stored)
        except ValueError as error:
            raise self._archive.damaged(f"cell {self._reference} is no number") from error
        if timed is not None:
            told = _length(value) if timed else _moment(value, since_1904=self._since_1904)
            if told is not None:
                return told
        if value.is_integer() and abs(value) < 1e21:
            return str(int(value))
        return f"{value:.15g}"  # what a spreadsheet keeps: 0.1 + 0.2 is 0.3


def _too_long(where: str) -> str:
    return f"{where}: holds more than {MAX_TEXT:,} characters. Shorten the text."


def _unescaped(text: str) -> str:
    """Characters that XML cannot hold are written as _x0001_ (ECMA-376, 22.9.2.19)."""
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _moment(value: float, *, since_1904: bool) -> str | None:
    """Days since the spreadsheet's beginning as a date, a time of day, or both; None for what is neither."""
    if not 0 <= value < 2_958_466:  # the year 10000
        return None
    seconds = timedelta(seconds=round(value * 86_400))
    if value < 1:
        return str((datetime(1900, 1, 1) + seconds).time())
    if since_1904:
        beginning = datetime(1904, 1, 1)
    else:
        # Spreadsheets count a 29 February 1900 that never was.
        beginning = datetime(1899, 12, 30) if value >= 60 else datetime(1899, 12, 31)
    return str(beginning + seconds).removesuffix(" 00:00:00")


def _length(value: float) -> str | None:
    seconds = round(value * 86_400) if 0 <= value < 1e9 else -1
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}" if seconds >= 0 else None
