"""Tables as CSV and XLSX files: numbers stay numbers, and no text is taken for a formula. Knows nothing of contents."""

import csv
import io
import re
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


def xlsx_bytes(tables: Sequence[Table], *, title: str) -> bytes:
    """A sheet per table, headers frozen and filtered, numbers with two decimals shown and all of them kept."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": title, "comments": "Made with Salient"})
        formats = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "score": book.add_format({"num_format": "0.00"}),
            "share": book.add_format({"num_format": "0 %"}),
        }
        for table in tables:
            _write_sheet(book.add_worksheet(table.name), table, formats)
    return file.getvalue()


def _write_sheet(sheet: Any, table: Table, formats: dict[str, Any]) -> None:
    for column, title in enumerate(table.header):
        sheet.write_string(0, column, stored(title), formats["head"])
        cells = [row[column] for row in table.rows]
        sheet.set_column(column, column, _width(title, cells))
        look = formats["share"] if title in table.shares else formats["score"]
        for line, cell in enumerate(cells, start=1):
            if isinstance(cell, str):
                sheet.write_string(line, column, stored(cell))
            elif isinstance(cell, float):
                sheet.write_number(line, column, cell, look)
            elif cell is not None:
                sheet.write_number(line, column, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.header) - 1)


def stored(text: str) -> str:
    """The text for a cell of a workbook, which is no formula by its kind: only what looks guarded gets a guard."""
    if text.startswith("'") and GUARDED.match(text):
        return f"'{text}"
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter takes such a text for its own markup of formatted texts and writes it as it is.
        return f'<r><t xml:space="preserve">{escape(text, quote=False)}</t></r>'
    return text


def _width(title: str, cells: Sequence[Cell]) -> float:
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
    return min(max(longest + 1, min(len(title), 14), 8), 60)
