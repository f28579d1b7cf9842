"""The tables of a result as an Excel workbook: a sheet per table, numbers as numbers, formatted for reading and print.

Text cells are written as text, so nothing in them is taken for a formula; the time in the file is that of the result,
so the same result gives the same bytes.
"""

import io
import math
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from xlsxwriter.utility import xl_rowcol_to_cell

from figures.palette import LIGHT, style_of
from materiality.exports.cleaning import clean
from materiality.findings import SETTLED
from materiality.presentation import HEAT_STEPS, heat_range, ordered_groups, tier_numbers
from materiality.scoring.exact import exact
from tables.writing import stored

# The stylesheet has the same nine steps as tokens (--h0 to --h8), and writes in white on the three darkest.
HEAT = ("#f6f9f9", "#e6f0f2", "#d0e3e7", "#b3d1d8", "#8fbac5", "#64a0af", "#2f7588", "#0f5f74", "#07465a")
FIRST_DARK = 6
PRINTED_WIDTH = 200  # characters that a page across holds in a size that can be read
HEAD_LINE, MOST_HEAD_LINES = 13.5, 5  # height of a line of the head in points, and how many show
HIGHEST_ROW = 409  # points
LONGEST_TEXT = 32_767  # of a cell
LONGEST_HEADER = 100  # of the line that is printed on each page; Excel takes 255 with its codes
Kind = Literal["text", "whole", "score", "share", "chance", "tier", "time"]
NUMBER_FORMATS: Mapping[Kind, str] = {
    "whole": "#,##0",
    "score": "0.00",
    "share": "0%",
    # As on the page: no sample can show 0 % or 100 %.
    "chance": '[>0.99]">99%";[<0.01]"<1%";0%',
    "time": "yyyy-mm-dd hh:mm",
}
Cell = str | int | float | datetime | None


@dataclass(frozen=True)
class Column:
    """A column of a sheet; `width` in characters. On a `heat` column the house's colours follow the numbers."""

    head: str
    kind: Kind
    width: float
    heat: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet. The first `fixed` columns stay when one scrolls to the right."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    fixed: int = 0


def workbook_xlsx(results: Mapping[str, Any]) -> bytes:
    # Results of earlier versions do not keep their choices in words.
    about = (method, choices, notes) if results.get("choices") else (method, notes)
    sheets = [make(results) for make in (ranking, groups, tiers, stakeholders, *about)]
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties(
            {
                "title": clean(results["title"])[:255],
                "company": clean(results["company_name"]),
                "author": clean(results["company_name"]),
                "comments": "Made with Salient",
                "created": _computed_at(results),
            }
        )
        writer = _Writer(book, results)
        for sheet in sheets:
            writer.write(sheet)
    return file.getvalue()


# --- the sheets -------------------------------------------------------------------------------------------
def ranking(results: Mapping[str, Any]) -> Sheet:
    """One row per issue, best rank first, with every figure that the page shows."""
    names = [tier["name"] for tier in results["tiers"]]
    published = any(issue["published"] for issue in results["issues"])
    percent = f"{float((results.get('method') or {}).get('interval', 0.9)) * 100:g} %"
    low, high = _("%(what)s, %(percent)s from"), _("%(what)s, %(percent)s to")
    axes = {"priority": _("Priority"), "company": _("To the company"), "stakeholders": _("To stakeholders")}
    columns = [
        Column(_("Rank"), "whole", 7),
        Column(_("Code"), "text", 14),
        Column(_("Issue"), "text", 40),
        Column(_("Category"), "text", 18),
        Column(_("Tier"), "tier", 22),
        *(Column(name, "score", 13, heat=True) for name in axes.values()),
        *(Column(text % {"what": _("Rank"), "percent": percent}, "whole", 11) for text in (low, high)),
        Column(_("Probability of its tier"), "chance", 12),
        Column(_("Spread of groups"), "score", 10),
        Column(_("Contested"), "text", 11),
        Column(_("Answers"), "whole", 10),
        *(
            Column(template % {"what": name, "percent": percent}, "score", 15)
            for name in axes.values()
            for template in (low, high)
        ),
        *(Column(_("Probability: %(tier)s") % {"tier": name}, "chance", 14) for name in names),
    ]
    columns += [Column(_("Published rank"), "whole", 11), Column(_("Published tier"), "text", 22)] if published else []
    # A sheet that is copied out of the workbook still says so.
    columns += [Column(_("Simulated answers in this result"), "whole", 13)] if results["simulated"] else []
    rows = []
    for issue in results["issues"]:
        chances = issue["tier_probability"]
        row: list[Cell] = [issue["rank"], issue["code"], issue["name"], issue["category"], issue["tier"]]
        row += [issue[axis] for axis in axes]
        row += list(issue["rank_interval"] or (None, None))
        row += [chances.get(issue["tier"]) if issue["tier"] else None, issue["spread"]]
        row += [_("yes") if issue["contested"] else _("no"), issue["n"]]
        for axis in axes:
            row += list(issue.get(f"{axis}_interval") or (None, None))
        row += [chances.get(name) for name in names]
        if published:
            source = issue["published"] or {"rank": None, "tier": None}
            row += [source["rank"], source["tier"]]
        row += [results["simulated"]] if results["simulated"] else []
        rows.append(row)
    return Sheet(_("Ranking"), columns, rows, fixed=3)


def groups(results: Mapping[str, Any]) -> Sheet:
    """One row per issue: the mean of each group that answered, then how many ratings it stands on."""
    heard = [group["name"] for group in ordered_groups(dict(results))]
    columns = [
        Column(_("Rank"), "whole", 7),
        Column(_("Issue"), "text", 40),
        Column(_("Tier"), "tier", 22),
        *(Column(name, "score", 14, heat=True) for name in heard),
        *(Column(_("%(group)s: answers") % {"group": name}, "whole", 14) for name in heard),
    ]
    hidden = _("not shown")
    rows: list[list[Cell]] = []
    for issue in results["issues"]:
        cells = [issue["groups"][name] for name in heard]
        rows.append(
            [
                issue["rank"],
                issue["name"],
                issue["tier"],
                *(hidden if cell.get("hidden") else cell["mean"] for cell in cells),
                *(hidden if cell.get("hidden") else cell["n"] for cell in cells),
            ]
        )
    return Sheet(_("Groups"), columns, rows, fixed=2)


def tiers(results: Mapping[str, Any]) -> Sheet:
    """One row per tier, highest first."""
    published = any(issue["published"] for issue in results["issues"])
    values = (results.get("boundaries") or {}).get("values") or []
    columns = [
        Column(_("Tier"), "tier", 26),
        Column(_("Issues"), "whole", 9),
        Column(_("Highest priority"), "score", 11),
        Column(_("Lowest priority"), "score", 11),
        Column(_("Boundary to the next tier"), "score", 14),
        Column(_("Settled (at least %(percent)s)") % {"percent": f"{SETTLED * 100:g} %"}, "whole", 16),
        Column(_("Contested"), "whole", 11),
        *([Column(_("Published in it"), "whole", 12)] if published else []),
    ]
    rows: list[list[Cell]] = []
    for number, tier in enumerate(results["tiers"]):
        inside = [issue for issue in results["issues"] if issue["tier"] == tier["name"]]
        scores = [issue["priority"] for issue in inside if issue["priority"] is not None]
        known = [issue["tier_probability"][tier["name"]] for issue in inside if issue["tier_probability"]]
        told = [issue["published"] for issue in results["issues"] if issue["published"]]
        row: list[Cell] = [
            tier["name"],
            tier["count"],
            max(scores, default=None),
            min(scores, default=None),
            values[number] if number < len(values) else None,
            sum(chance >= SETTLED for chance in known) if known else None,
            sum(issue["contested"] for issue in inside),
        ]
        row += [sum(one["tier"] == tier["name"] for one in told)] if published else []
        rows.append(row)
    return Sheet(_("Tiers"), columns, rows, fixed=1)


def stakeholders(results: Mapping[str, Any]) -> Sheet:
    """One row per stakeholder group: for whom it speaks, with which weight, and how many answered."""
    sides = {"internal": _("To the company"), "external": _("To stakeholders")}
    columns = [
        Column(_("Group"), "text", 36),
        Column(_("Speaks for the importance"), "text", 20),
        Column(_("Weight"), "score", 10),
        Column(_("Share of its axis"), "share", 11),
        Column(_("Answers"), "whole", 10),
        Column(_("of these simulated"), "whole", 12),
        Column(_("Counted together"), "text", 30),
    ]
    named = {group["code"]: group["name"] for group in results["stakeholder_groups"]}
    rows: list[list[Cell]] = [
        [
            group["name"],
            sides[group["side"]],
            group["weight"],
            group["share"],
            group["n"],
            group["simulated"],
            "; ".join(named.get(code, code) for code in group.get("together") or ()) or None,
        ]
        for group in results["stakeholder_groups"]
    ]
    return Sheet(_("Stakeholders"), columns, rows, fixed=1)


def method(results: Mapping[str, Any]) -> Sheet:
    """Where the numbers come from, for a file that travels alone."""
    chosen = results.get("method") or {}
    low, high = results["scale"]
    agreement, spread = results["agreement"], chosen.get("contested_spread")
    rows: list[list[Cell]] = [
        [_("Assessment"), results["title"]],
        [_("Company"), results["company_name"]],
        [_("Reporting period"), results["reporting_period"]],
        [_("Answers"), results["respondents"]],
        [_("of these simulated"), results["simulated"]],
        [_("Lowest score that could be given"), low],
        [_("Highest score that could be given"), high],
        [_("Method"), results["method_sentence"]],
        [_("Draws behind probabilities and intervals"), chosen.get("draws")],
        [_("Contested from a spread of"), spread and float(exact(spread, "The spread of a contested issue"))],
        [_("Fewest people whose results are shown"), results.get("minimum_group")],
        [_("Agreement of groups, Kendall's W"), agreement["kendall_w"]],
        [_("Agreement of groups, p"), agreement.get("p")],
        [_("Run"), results["run"]],
        [_("Version of the analysis"), results["engine"]],
        [_("Seed"), results["seed"]],
        [_("Computed"), _computed_at(results)],
    ]
    return Sheet(_("Method"), [Column(_("What"), "text", 40), Column(_("Value"), "text", 80)], rows)


def choices(results: Mapping[str, Any]) -> Sheet:
    """One row per choice of the method, in the words that the run keeps."""
    columns = [
        Column(_("Choice"), "text", 24),
        Column(_("Here"), "text", 28),
        Column(_("What it means"), "text", 50),
        Column(_("Formula"), "text", 40),
        Column(_("Reference"), "text", 50),
    ]
    fields = ("choice", "label", "sentence", "formula", "reference")
    rows = [[one[field] or None for field in fields] for one in results["choices"]]
    return Sheet(_("Choices"), columns, rows, fixed=1)


def notes(results: Mapping[str, Any]) -> Sheet:
    """What a reader must know, the most important first."""
    found = []
    if simulated := results["simulated"]:
        text = ngettext(
            "%(simulated)d of %(answers)d answers is simulated: it shows how the method works and is not the view of "
            "any stakeholder.",
            "%(simulated)d of %(answers)d answers are simulated: they show how the method works and are not the view "
            "of any stakeholder.",
            simulated,
        )
        found.append(text % {"simulated": simulated, "answers": results["respondents"]})
    found += results["notes"]
    if any(cell.get("hidden") for issue in results["issues"] for cell in issue["groups"].values()):
        found.append(_("“not shown”: so few people rated the issue that their answers could be worked out."))
    found.append(_("Numbers are shown rounded and kept in full. Empty cells: not known."))
    columns = [Column(_("No."), "text", 6), Column(_("Note"), "text", 110)]
    return Sheet(_("Notes"), columns, [[number, note] for number, note in enumerate(found, start=1)])


# --- how a sheet is written -------------------------------------------------------------------------------
def _computed_at(results: Mapping[str, Any]) -> datetime:
    """Without a zone, which Excel does not know: the time on the clocks of the installation."""
    return timezone.make_naive(datetime.fromisoformat(results["computed_at"]))


def _lines(column: Column) -> int:
    """How many lines the head takes, one more where words do not fill theirs."""
    return min(math.ceil(len(column.head) / (column.width - 2)) + (len(column.head) > column.width), MOST_HEAD_LINES)


def _lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a cell of `width` characters; ideographs are as wide as two."""
    wide = "".join(char * 2 if unicodedata.east_asian_width(char) in "WF" else char for char in text)
    return sum(max(len(textwrap.wrap(line, int(width) - 2)), 1) for line in wide.splitlines())


class _Writer:
    """Writes sheets into one book, with formats that they share."""

    def __init__(self, book: xlsxwriter.Workbook, results: Mapping[str, Any]) -> None:
        self.book = book
        low, high = results["scale"]
        self.scale = (float(low), float(high))
        self.tiers = tier_numbers(dict(results))
        # What is printed on each page: & starts a code there.
        title = clean(results["title"])[:LONGEST_HEADER].replace("&", "&&")
        self.header = f"&L{title}" + (f"&R&B{_('Simulated answers')}" if results["simulated"] else "")
        common = {"valign": "top", "font_name": "Arial", "font_size": 10, "font_color": LIGHT.ink}
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
