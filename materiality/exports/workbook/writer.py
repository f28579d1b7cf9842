"""How a sheet is written into an Excel file: formats, widths, colours, print."""

import math
import textwrap
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell

from figures.palette import LIGHT, style_of
from materiality.exports.cleaning import clean
from materiality.exports.sentences import is_chinese
from materiality.exports.workbook.sheets import Cell, Column, Kind, Sheet
from materiality.presentation import HEAT_STEPS, heat_range, tier_numbers
from tables.writing import stored

# The stylesheet has the same nine steps as tokens (--h0 to --h8), and writes in white on the three darkest.
HEAT = ("#f6f9f9", "#e6f0f2", "#d0e3e7", "#b3d1d8", "#8fbac5", "#64a0af", "#2f7588", "#0f5f74", "#07465a")
FIRST_DARK = 6
FONT, FONT_CHINESE = "Arial", "Microsoft YaHei"
PRINTED_WIDTH = 200  # characters that a page across holds in a size that can be read
HEAD_LINE, MOST_HEAD_LINES = 13.5, 5  # height of a line of the head in points, and how many show
HIGHEST_ROW = 409  # points
LONGEST_TEXT = 32_767  # of a cell
LONGEST_HEADER = 100  # of the line that is printed on each page; Excel takes 255 with its codes
NUMBER_FORMATS: Mapping[Kind, str] = {
    "whole": "#,##0",
    "score": "0.00",
    "share": "0%",
    # As on the page: no sample can show 0 % or 100 %.
    "chance": '[>0.99]">99%";[<0.01]"<1%";0%',
    "time": "yyyy-mm-dd hh:mm",
}


def _lines(column: Column) -> int:
    """How many lines the head takes."""
    return min(_lines_of(column.head, column.width), MOST_HEAD_LINES)


def _lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a cell of `width` characters."""
    return sum(max(len(textwrap.wrap(line, int(width) - 2)), 1) for line in _wide(text).splitlines())


def _wide(text: str) -> str:
    """A text as long as it is wide: ideographs are as wide as two letters."""
    return "".join(char * 2 if unicodedata.east_asian_width(char) in "WF" else char for char in text)


class Writer:
    """Writes sheets into one book, with formats that they share."""

    def __init__(self, book: xlsxwriter.Workbook, results: Mapping[str, Any]) -> None:
        self.book = book
        low, high = results["scale"]
        self.scale = (float(low), float(high))
        self.tiers = tier_numbers(dict(results))
        # What is printed on each page: & starts a code there.
        title = clean(results["title"])[:LONGEST_HEADER].replace("&", "&&")
        self.header = f"&L{title}" + (f"&R&B{_('Simulated answers')}" if results["simulated"] else "")
        common = {
            "valign": "top",
            "font_name": FONT_CHINESE if is_chinese() else FONT,
            "font_size": 10,
            "font_color": LIGHT.ink,
        }
        head = common | {"bold": True, "text_wrap": True, "valign": "bottom", "bg_color": LIGHT.accent_wash}
        head |= {"bottom": 2, "bottom_color": LIGHT.accent}
        self.head = book.add_format(head | {"indent": 1})
        self.head_of_numbers = book.add_format(head | {"align": "right"})
        self.text = book.add_format({**common, "text_wrap": True, "indent": 1})
        self.aside = book.add_format({**common, "align": "right", "font_color": LIGHT.ink_3})
        self.numbers = {kind: book.add_format({**common, "num_format": look}) for kind, look in NUMBER_FORMATS.items()}
        self.plain = book.add_format({**common, "align": "left", "indent": 1})
        self.fraction = book.add_format({**common, "align": "left", "indent": 1, "num_format": "0.0##"})
        self.moment = book.add_format({**common, "align": "left", "indent": 1, "num_format": NUMBER_FORMATS["time"]})
        self.of_tier = {
            name: book.add_format(
                {**common, "text_wrap": True, "indent": 1, "bold": True}
                | {"font_color": colours.mark, "bg_color": colours.wash}
            )
            for name, number in self.tiers.items()
            for colours in (LIGHT.tiers[style_of(number - 1)],)
        }
        self.heat = [
            book.add_format({"bg_color": colour, "font_color": LIGHT.paper if step >= FIRST_DARK else LIGHT.ink})
            for step, colour in enumerate(HEAT)
        ]

    def write(self, sheet: Sheet) -> None:
        page = self.book.add_worksheet(sheet.name)
        for number, column in enumerate(sheet.columns):
            page.set_column(number, number, column.width)
            look = self.head if column.kind in ("text", "tier") else self.head_of_numbers
            page.write_string(0, number, self._text(column.head), look)
            for line, row in enumerate(sheet.rows, start=1):
                self._write(page, line, number, row[number], column.kind)
            if column.heat and sheet.rows:
                self._colour(page, number, len(sheet.rows))
        for line, row in enumerate(sheet.rows, start=1):
            texts = [
                _lines_of(cell[:LONGEST_TEXT], column.width)
                for cell, column in zip(row, sheet.columns, strict=True)
                if isinstance(cell, str) and column.kind in ("text", "tier")
            ]
            # Not every program finds the height of a row by itself.
            if max(texts, default=1) > 1:
                page.set_row(line, min(HEAD_LINE * max(texts), HIGHEST_ROW))
        last = len(sheet.columns) - 1
        page.set_row(0, HEAD_LINE * max(_lines(column) for column in sheet.columns))
        page.freeze_panes(1, sheet.fixed)
        page.autofilter(0, 0, max(len(sheet.rows), 1), last)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        # A wide table takes several pages side by side; on each stand the columns that say what a row is about.
        page.fit_to_pages(math.ceil(sum(column.width for column in sheet.columns) / PRINTED_WIDTH), 0)
        page.repeat_rows(0)
        if sheet.fixed:
            page.repeat_columns(0, sheet.fixed - 1)
        page.print_area(0, 0, max(len(sheet.rows), 1), last)
        page.set_header(self.header)
        page.set_footer("&L&A&R&P / &N")

    def _write(self, page: Any, line: int, column: int, cell: Cell, kind: Kind) -> None:
        if cell is None:
            return
        if isinstance(cell, datetime):
            page.write_datetime(line, column, cell, self.moment)
        elif isinstance(cell, str):
            look = self.text if kind == "text" else self.of_tier.get(cell, self.aside) if kind == "tier" else self.aside
            page.write_string(line, column, self._text(cell), look)
        else:
            aside = self.fraction if isinstance(cell, float) else self.plain
            page.write_number(line, column, cell, aside if kind == "text" else self.numbers[kind])

    def _text(self, text: str) -> str:
        return stored(clean(text))[:LONGEST_TEXT]

    def _colour(self, page: Any, column: int, rows: int) -> None:
        """The steps of the heat table on the page: the darkest first, and the first that fits holds."""
        first = xl_rowcol_to_cell(1, column)
        start, end = heat_range(self.scale)
        for step in reversed(range(HEAT_STEPS)):
            least = start + (end - start) * (step - 1) / (HEAT_STEPS - 2)
            # A text is larger than every number to Excel, and an empty cell is 0.
            fits = f"AND(ISNUMBER({first}),{first}>={least!r})" if step else f"ISNUMBER({first})"
            rule = {"type": "formula", "criteria": f"={fits}", "format": self.heat[step], "stop_if_true": True}
            page.conditional_format(1, column, rows, column, rule)
