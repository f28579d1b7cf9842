"""A CSV file as a table: encoding, delimiter, header rows, and rows that all have a cell for every column.

Knows what survey tools write, nothing of what it means.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

from surveys.imports.encoding import Encoding, confirm, detect
from surveys.imports.names import plain, tidy
from surveys.imports.problems import SourceError, shorten

MAX_BYTES = 200_000_000
MAX_ROWS = 1_000_000
MAX_COLUMNS = 5_000
MAX_HEADER_ROWS = 3
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

# How files begin that are not CSV, however they are called.
FOREIGN = {
    b"PK\x03\x04": "a workbook or an archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "compressed",
    b"<!DOC": "a web page",
    b"<html": "a web page",
    b'{"': "JSON",
    b"[{": "JSON",
}
# What SurveyMonkey puts below a question that has no items, in the languages it exports.
FILLERS = frozenset(
    {"response", "open-ended response", "antwort", "offene antwort", "réponse", "réponse ouverte", "respuesta"}
    | {"respuesta abierta", "resposta", "resposta aberta", "risposta", "risposta aperta", "antwoord", "svar", "回答"}
)
IMPORT_ID = re.compile(r"""^\{\s*['"]ImportId['"]""")
NUMBER_OR_DATE = re.compile(r"^[\d\s.,:/%TZ+-]+$")


@dataclass(frozen=True)
class Column:
    """A column and the texts of its header rows, from the top; a question that spans columns stands in each."""

    index: int
    texts: tuple[str, ...]

    @property
    def letters(self) -> str:
        """As spreadsheets count: A, B, ... Z, AA."""
        letters, rest = "", self.index + 1
        while rest:
            rest, last = divmod(rest - 1, 26)
            letters = chr(ord("A") + last) + letters
        return letters

    @cached_property
    def telling(self) -> tuple[str, ...]:
        """The header texts that say something: no repetition, no "Response"."""
        told = [text for text in dict.fromkeys(self.texts) if text]
        return tuple(text for text in told if plain(text).casefold() not in FILLERS) or tuple(told[:1])

    @property
    def header(self) -> str:
        """Question and item, joined by a space."""
        return " ".join(self.telling)

    @property
    def name(self) -> str:
        """What the column itself is called: its item, or its question when it has none."""
        return self.telling[-1] if self.telling else ""

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """Every wording a mapping may mean this column by: the joined header first, then each row alone."""
        joined = (self.header, " ".join(text for text in self.texts if text))
        written = (*joined, *self.telling)
        return tuple(form for form in dict.fromkeys((*written, *map(plain, written))) if form)

    def __str__(self) -> str:
        return f'column {self.letters} ("{shorten(self.header)}")' if self.header else f"column {self.letters}"


@dataclass(frozen=True)
class Row:
    """A row of answers; `number` is the spreadsheet's, `line` the text file's last line of it."""

    number: int
    line: int
    cells: list[str]

    def __str__(self) -> str:
        return _place(self.number, self.line)


def _place(number: int, line: int) -> str:
    return f"row {number}" if line == number else f"row {number} (line {line} of the file)"


@dataclass(frozen=True)
class Table:
    """A file that was understood as a table. Its rows are read anew each time they are asked for."""

    path: Path
    raw: bytes
    encoding: Encoding
    delimiter: str
    columns: tuple[Column, ...]
    header_rows: int
    first_row: int
    skipped_lines: int

    def rows(self) -> Iterator[Row]:
        """The rows below the header, without empty ones. Raises SourceError at the first that does not fit."""
        width = len(self.columns)
        for number, line, cells in _records(
            self.path, self.raw, self.encoding.name, self.delimiter, self.skipped_lines
        ):
            if number < self.first_row:
                continue
            if len(cells) != width:
                if not any(cells):
                    continue
                if any(cells[width:]) or len(cells) < width:
                    raise SourceError(
                        f"{self.path.name}, {_place(number, line)}: {len(cells)} cells, but the header has {width} "
                        "columns. Usual causes: a delimiter or a quotation mark inside an answer that is not quoted, "
                        "or a cut-off line. Correct the row or export the file again."
                    )
                cells = cells[:width]
            if number - self.first_row >= MAX_ROWS:
                raise SourceError(
                    f"{self.path.name}: more than {MAX_ROWS:,} rows. Split the file and import the parts."
                )
            if any(cells):
                yield Row(number, line, cells)


def read_table(
    path: Path, *, encoding: str | None = None, delimiter: str | None = None, header_rows: int | None = None
) -> Table:
    """The table in the file; what is not given is detected. Raises SourceError."""
    raw = _read(path)
    found = Encoding(confirm(raw, encoding, path=path), "given") if encoding else detect(raw, path=path)
    found = Encoding(confirm(raw, found.name, path=path), found.reason)
    with _text(raw, found.name) as text:
        # Excel's own way of stating the delimiter, as a line before the table.
        stated = re.match(r"^sep=(.)\s*$", text.readline(), re.IGNORECASE)
    skipped = 1 if stated else 0
    if stated and not delimiter:
        delimiter = stated[1]
    delimiter = delimiter or _detect_delimiter(path, raw, found.name)
    head: list[list[str]] = []
    top = 0
    for number, _line, cells in _records(path, raw, found.name, delimiter, skipped):
        if any(cells) or head:
            top = top or number
            head.append(cells)
        if len(head) > MAX_HEADER_ROWS:
            break
    if not head:
        raise SourceError(f"{path.name}: the file is empty.")
    rows = header_rows or _detect_header_rows(head)
    if len(head) < rows:
        raise SourceError(f"{path.name}: {rows} header rows are expected, but the file has only {len(head)} rows.")
    return Table(
        path=path, raw=raw, encoding=found, delimiter=delimiter, columns=_columns(path, head[:rows]),
        header_rows=rows, first_row=top + rows, skipped_lines=skipped,
    )  # fmt: skip


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise SourceError(
                f"{path.name}: {size / 1e6:.0f} MB, and at most {MAX_BYTES / 1e6:.0f} MB are read at once. "
                "Leave out columns that are not needed, or split the file and import the parts."
            )
        raw = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}).") from error
    if not raw.strip():
        raise SourceError(f"{path.name}: the file is empty.")
    for beginning, kind in FOREIGN.items():
        if raw[:64].lstrip().startswith(beginning):
            raise SourceError(f"{path.name}: this is {kind}, not a CSV file. Export or save the answers as CSV.")
    return raw


def _text(raw: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(raw), encoding=encoding, newline="")


def _records(
    path: Path, raw: bytes, encoding: str, delimiter: str, skipped: int
) -> Iterator[tuple[int, int, list[str]]]:
    """Each record with its row number and line number, both from 1. Raises SourceError for broken quoting."""
    with _text(raw, encoding) as text:
        for _ in range(skipped):
            text.readline()
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        number = 0
        try:
            for number, cells in enumerate(reader, start=1):
                yield number, reader.line_num + skipped, cells
        except csv.Error as error:
            place = _place(number + 1, reader.line_num + skipped)
            if "end of data" in str(error):
                problem = "a quotation mark that opens in this row is never closed"
            elif "field limit" in str(error):
                problem = (
                    f"a cell is longer than {csv.field_size_limit():,} characters, "
                    "most likely because a quotation mark is never closed"
                )
            else:
                problem = 'a quotation mark stands inside a quoted cell; it must be doubled ("")'
            raise SourceError(f"{path.name}, {place}: {problem}. Correct the row or export the file again.") from error


def _detect_delimiter(path: Path, raw: bytes, encoding: str) -> str:
    """The delimiter under which the file is widest and its rows are alike."""
    best, best_score = ",", 1.0
    for delimiter in DELIMITERS:
        with _text(raw, encoding) as text:
            records = csv.reader(text, delimiter=delimiter)
            try:
                widths = [len(cells) for cells in islice(records, 50) if cells]
            except csv.Error:
                continue
        if not widths:
            continue
        alike = Counter(widths)[widths[0]] / len(widths)
        score = widths[0] * alike**2
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _detect_header_rows(head: list[list[str]]) -> int:
    """1 unless the rows look like those of a tool that writes more."""
    for depth, cells in enumerate(head[:MAX_HEADER_ROWS]):
        filled = [cell for cell in cells if cell.strip()]
        if filled and sum(bool(IMPORT_ID.match(cell)) for cell in filled) > len(filled) / 2:
            return depth + 1  # Qualtrics: code, wording, ImportId
    return 2 if len(head) > 1 and _holds_items(head[0], head[1]) else 1


def _holds_items(questions: list[str], items: list[str]) -> bool:
    """Whether `items` is the second header row of SurveyMonkey and not the first respondent."""
    if len(items) != len(questions) or any(NUMBER_OR_DATE.match(item) for item in items if item.strip()):
        return False
    pairs = [(question.strip(), plain(item).casefold()) for question, item in zip(questions, items, strict=True)]
    if any(question and item in FILLERS for question, item in pairs):
        return True
    spans: list[list[str]] = []
    for question, item in pairs:
        if question or not spans:
            spans.append([])
        spans[-1].append(item)
    wide = [span for span in spans if len(span) > 1]
    return bool(wide) and all(all(span) and len(set(span)) == len(span) for span in wide)


def _columns(path: Path, head: list[list[str]]) -> tuple[Column, ...]:
    width = max((index + 1 for cells in head for index, cell in enumerate(cells) if cell.strip()), default=0)
    if width > MAX_COLUMNS:
        raise SourceError(f"{path.name}: {width:,} columns, and at most {MAX_COLUMNS:,} are read. Leave out some.")
    head = [[tidy(cell) for cell in cells] + [""] * (width - len(cells)) for cells in head]
    from_qualtrics = bool(IMPORT_ID.match(next((cell for cell in head[-1] if cell), "")))
    if from_qualtrics:
        head = head[:-1]
    else:
        _fill_spans(head, width)
    return tuple(Column(index, tuple(cells[index] for cells in head)) for index in range(width))


def _fill_spans(head: list[list[str]], width: int) -> None:
    """A question over several columns stands in the first of them only: repeat it over the others."""
    for depth in range(len(head) - 1):
        for index in range(1, width):
            begins = any(head[above][index] != head[above][index - 1] for above in range(depth))
            if not head[depth][index] and head[-1][index] and not begins:
                head[depth][index] = head[depth][index - 1]
