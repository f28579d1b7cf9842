"""CSV and its relatives as records: which delimiter, and what is wrong with the quoting.

Knows lines and cells, nothing of headers.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from tables.problems import SourceError

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

# How files begin that are not CSV, however they are called; in lower case.
FOREIGN = {
    b"pk\x03\x04": "a workbook or an archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%pdf": "a PDF",
    b"\x1f\x8b": "compressed",
    b"<!doc": "a web page",
    b"<html": "a web page",
    b"<table": "a web page",
    b"<?xml": "XML",
    b"{\\rtf": "a text document",
    b'{"': "JSON",
    b"[{": "JSON",
}


def foreign(raw: bytes) -> str | None:
    """What a file is that is no CSV, told by its beginning; None for one that may be CSV."""
    beginning = raw[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next((kind for start, kind in FOREIGN.items() if beginning.startswith(start)), None)


def place(number: int, line: int) -> str:
    """Where a record stands: its row in a spreadsheet, and its line in a text editor where that is another."""
    return f"row {number}" if line == number else f"row {number} (line {line} of the file)"


def stated_delimiter(raw: bytes, encoding: str) -> str | None:
    """The delimiter that Excel states in a line of its own before the table."""
    with _text(raw, encoding) as text:
        stated = re.match(r"^sep=(.)\s*$", text.readline(16), re.IGNORECASE)
    return stated[1] if stated else None


def detect_delimiter(raw: bytes, encoding: str) -> str:
    """The delimiter under which the file is widest and its rows are alike.

    Quotation marks are where they belong under the right one; where they are so under none, that is not held against
    any.
    """
    for strict in (True, False):
        best, best_score = ",", 1.0
        for delimiter in DELIMITERS:
            score = _alikeness(raw, encoding, delimiter, strict=strict)
            if score > best_score:
                best, best_score = delimiter, score
        if best_score > 1:
            break
    return best


def _alikeness(raw: bytes, encoding: str, delimiter: str, *, strict: bool) -> float:
    with _text(raw, encoding) as text:
        read = csv.reader(text, delimiter=delimiter, strict=strict)
        try:
            widths = [len(cells) for cells in islice(read, 50) if cells]
        except csv.Error:
            return 0
    return widths[0] * (Counter(widths)[widths[0]] / len(widths)) ** 2 if widths else 0


def records(
    raw: bytes, *, name: str, encoding: str, delimiter: str, skipped: int = 0
) -> Iterator[tuple[int, int, list[str]]]:
    """Each record below the `skipped` lines with its row number and line number, both from 1.

    Raises SourceError for broken quoting.
    """
    with _text(raw, encoding) as text:
        for _ in range(skipped):
            text.readline()
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        number = 0
        try:
            for number, cells in enumerate(reader, start=1):
                yield number, reader.line_num + skipped, cells
        except csv.Error as error:
            where = place(number + 1, reader.line_num + skipped)
            if "end of data" in str(error):
                problem = "a quotation mark that opens in this row is never closed"
            elif "field limit" in str(error):
                problem = (
                    f"a cell is longer than {csv.field_size_limit():,} characters, "
                    "most likely because a quotation mark is never closed"
                )
            else:
                problem = 'a quotation mark stands inside a quoted cell; it must be doubled ("")'
            raise SourceError(f"{name}, {where}: {problem}. Correct the row or export the file again.") from error


def _text(raw: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(raw), encoding=encoding, newline="")
