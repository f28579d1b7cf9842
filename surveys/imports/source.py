"""A CSV file of answers as a table: its header rows, and rows that all have a cell for every column.

Knows what survey tools write, nothing of what it means.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tables.delimited import detect_delimiter, foreign, place, records, stated_delimiter
from tables.encoding import Encoding, confirm, detect
from tables.names import column_letters, plain, tidy
from tables.problems import SourceError, shorten

MAX_BYTES = 200_000_000
MAX_ROWS = 1_000_000
MAX_COLUMNS = 5_000
MAX_HEADER_ROWS = 3
ADVICE = 'Say the right one in the mapping, such as [file] encoding = "cp1252", or save the file as UTF-8.'

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
        return column_letters(self.index)

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
        return place(self.number, self.line)


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
        for number, line, cells in records(
            self.raw, name=self.path.name, encoding=self.encoding.name,
            delimiter=self.delimiter, skipped=self.skipped_lines,
        ):  # fmt: skip
            if number < self.first_row:
                continue
            if len(cells) != width:
                if not any(cells):
                    continue
                if any(cells[width:]) or len(cells) < width:
                    raise SourceError(
                        f"{self.path.name}, {place(number, line)}: {len(cells)} cells, but the header has {width} "
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
    name = path.name
    found = Encoding(encoding, "given") if encoding else detect(raw, name=name, advice=ADVICE)
    found = Encoding(confirm(raw, found.name, name=name, advice=ADVICE), found.reason)
    stated = stated_delimiter(raw, found.name)
    skipped = 1 if stated else 0
    delimiter = delimiter or stated or detect_delimiter(raw, found.name)
    head: list[list[str]] = []
    top = 0
    for number, _line, cells in records(
        raw, name=name, encoding=found.name, delimiter=delimiter, skipped=skipped
    ):  # fmt: skip
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
    if kind := foreign(raw):
        raise SourceError(f"{path.name}: this is {kind}, not a CSV file. Export or save the answers as CSV.")
    return raw


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
