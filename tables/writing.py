"""Tables as CSV and XLSX files: numbers stay numbers, and no text is taken for a formula. Knows nothing of contents."""

import csv
import io
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import xlsxwriter

Cell = str | int | float | None

# A text that begins so is run as a formula by some spreadsheet, in East Asia also with wide signs. With apostrophes
# before it is one that got its guard already, or looks like it: it gets another, so that taking the guard off gives
# back what was there.
FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
GUARDED = re.compile(r"'+[=+\-@＝＋－＠\t\r\n]")

PRINTED_WIDTH = 200  # characters that a page across holds in a size that can be read


LINE, HIGHEST_ROW = 15.0, 409.0  # points: of a line, and of a row in Excel


@dataclass(frozen=True)
class Table:
    """One table: `header` and rows of the same width. The numbers of the columns `shares` are shown as per cent."""

    name: str
    header: list[str]
    rows: list[list[Cell]]
    shares: frozenset[str] = frozenset()


def inert(cell: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front, as OWASP advises."""
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def active(text: str) -> str:
    """The text that `inert` made inert, as it was."""
    return text[1:] if text.startswith("'") and GUARDED.match(text) else text


def csv_bytes(table: Table) -> bytes:
    """UTF-8 with a mark, so that Excel reads the names right; texts in quotation marks, so that no delimiter in one
    is taken for that of the file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([inert(cell) for cell in table.header])
    writer.writerows([inert(cell) for cell in row] for row in table.rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def xlsx_bytes(tables: Sequence[Table], *, title: str, comment: str = "Made with Salient") -> bytes:
    """A sheet per table, headers frozen and filtered, numbers with two decimals shown and all of them kept. Ready to be
    printed: A4 across, all columns on a page unless they are very wide, the header on each page."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": title, "comments": comment})
        formats = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "number": book.add_format({"valign": "top"}),
            "score": book.add_format({"num_format": "0.00", "valign": "top"}),
            "share": book.add_format({"num_format": "0 %", "valign": "top"}),
        }
        for table in tables:
            _write_sheet(book.add_worksheet(table.name), table, formats)
    return file.getvalue()


def _write_sheet(sheet: Any, table: Table, formats: dict[str, Any]) -> None:
    across = 0.0
    lines = [1] * len(table.rows)  # of text in each row
    for column, title in enumerate(table.header):
        sheet.write_string(0, column, stored(title), formats["head"])
        cells = [row[column] for row in table.rows]
        width = _width(title, cells)
        across += width
        sheet.set_column(column, column, width)
        look = formats["share"] if title in table.shares else formats["score"]
        for line, cell in enumerate(cells, start=1):
            if isinstance(cell, str):
                sheet.write_string(line, column, stored(cell), formats["text"])
                lines[line - 1] = max(lines[line - 1], _lines(cell, width))
            elif isinstance(cell, float):
                sheet.write_number(line, column, cell, look)
            elif cell is not None:
                sheet.write_number(line, column, cell, formats["number"])
    for line, count in enumerate(lines, start=1):
        # Not every program finds the height of a row by itself.
        if count > 1:
            sheet.set_row(line, min(count * LINE, HIGHEST_ROW))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.header) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(math.ceil(across / PRINTED_WIDTH), 0)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)
    sheet.set_footer("&L&A&R&P / &N")


def stored(text: str) -> str:
    """The text for a cell of a workbook, which is no formula by its kind: only what looks guarded gets a guard."""
    if text.startswith("'") and GUARDED.match(text):
        return f"'{text}"
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter takes such a text for its own markup of formatted texts and writes it as it is.
        return f'<r><t xml:space="preserve">{escape(text, quote=False)}</t></r>'
    return text


def _width(title: str, cells: Sequence[Cell]) -> float:
    longest = max((_broad(cell) for cell in cells if isinstance(cell, str)), default=0)
    return min(max(longest + 1, min(_broad(title), 14), 8), 60)


def _lines(text: str, width: float) -> int:
    """About how many lines a text takes in a column; a word that does not fit leaves room on its line."""
    broad = map(_broad, text.splitlines())
    return sum(math.ceil(one * 1.1 / width) if one > width else 1 for one in broad)


def _broad(text: str) -> int:
    """How many letters wide the text is: ideographs are as wide as two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
