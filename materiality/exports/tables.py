"""The tables of a run as CSV and XLSX: numbers stay numbers, and no text is taken for a formula."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

Cell = str | int | float | None
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Table:
    """One table: `header` and rows of the same width."""

    name: str
    header: list[str]
    rows: list[list[Cell]]


def ranking(results: dict[str, Any]) -> Table:
    """One row per issue, best rank first, with every figure that the page shows."""
    tiers = [tier["name"] for tier in results["tiers"]]
    published = any(issue["published"] for issue in results["issues"])
    header = ["Rank", "Code", "Issue", "Category", "Tier", "Priority", "Importance to the company"]
    header += ["Importance to stakeholders", "Answers", "Best rank, 90 %", "Worst rank, 90 %"]
    header += [f"Probability: {name}" for name in tiers]
    header += ["Spread of groups", "Contested"]
    header += ["Published rank", "Published tier"] if published else []
    rows: list[list[Cell]] = []
    for issue in results["issues"]:
        interval = issue["rank_interval"] or [None, None]
        row: list[Cell] = [issue["rank"], issue["code"], issue["name"], issue["category"], issue["tier"]]
        row += [issue["priority"], issue["company"], issue["stakeholders"], issue["n"], *interval]
        row += [issue["tier_probability"].get(name) for name in tiers]
        row += [issue["spread"], "yes" if issue["contested"] else "no"]
        if published:
            source = issue["published"] or {"rank": None, "tier": None}
            row += [source["rank"], source["tier"]]
        rows.append(row)
    return Table("Ranking", header, rows)


def group_means(results: dict[str, Any]) -> Table:
    """One row per issue and group: the mean and the number of ratings it stands on."""
    header = ["Rank", "Code", "Issue", "Group", "Side", "Mean", "Answers"]
    side = {group["name"]: group["side"] for group in results["stakeholder_groups"]}
    rows: list[list[Cell]] = [
        [issue["rank"], issue["code"], issue["name"], name, side[name], cell["mean"], cell["n"]]
        for issue in results["issues"]
        for name, cell in issue["groups"].items()
    ]
    return Table("Group means", header, rows)


def stakeholder_groups(results: dict[str, Any]) -> Table:
    header = ["Group", "Side", "Weight", "Share of its axis", "Answers", "of these simulated"]
    rows: list[list[Cell]] = [
        [group["name"], group["side"], group["weight"], group["share"], group["n"], group["simulated"]]
        for group in results["stakeholder_groups"]
    ]
    return Table("Stakeholder groups", header, rows)


def about(results: dict[str, Any]) -> Table:
    """Where the numbers come from, for a file that travels alone."""
    low, high = results["scale"]
    rows: list[list[Cell]] = [
        ["Assessment", results["title"]],
        ["Company", results["company_name"]],
        ["Reporting period", results["reporting_period"]],
        ["Answers", results["respondents"]],
        ["of these simulated", results["simulated"]],
        ["Scale", f"{low} to {high}"],
        ["Method", results["method_sentence"]],
        ["Agreement of groups, Kendall's W", results["agreement"]["kendall_w"]],
        ["Run", results["run"]],
        ["Engine", results["engine"]],
        ["Seed", results["seed"]],
        ["Computed", results["computed_at"]],
        *[["Note", note] for note in results["notes"]],
    ]
    return Table("About", ["What", "Value"], rows)


def tables_csv(results: dict[str, Any]) -> bytes:
    """The ranking with a column per group, UTF-8 with a mark so that Excel reads the names right.

    A simulated or partly simulated run says so in a last column, since a CSV has no place for a note.
    """
    table = ranking(results)
    names = [group["name"] for group in results["stakeholder_groups"]]
    header = [*table.header, *[f"{name}: {what}" for name in names for what in ("mean", "answers")]]
    simulated = results["simulated"]
    header += ["Simulated answers in this result"] if simulated else []
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_inert(cell) for cell in header])
    for row, issue in zip(table.rows, results["issues"], strict=True):
        groups = [issue["groups"][name][key] for name in names for key in ("mean", "n")]
        writer.writerow([_inert(cell) for cell in [*row, *groups, *([simulated] if simulated else [])]])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _inert(cell: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front, as OWASP advises."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def tables_xlsx(results: dict[str, Any]) -> bytes:
    """A sheet per table, headers frozen and filtered, numbers with two decimals shown and all of them kept."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": results["title"], "comments": "Made with Salient"})
        formats = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "score": book.add_format({"num_format": "0.00"}),
            "share": book.add_format({"num_format": "0 %"}),
        }
        for table in (ranking(results), group_means(results), stakeholder_groups(results), about(results)):
            _write_sheet(book.add_worksheet(table.name), table, formats)
    return file.getvalue()


def _write_sheet(sheet: Any, table: Table, formats: dict[str, Any]) -> None:
    for column, title in enumerate(table.header):
        sheet.write_string(0, column, title, formats["head"])
        cells = [row[column] for row in table.rows]
        sheet.set_column(column, column, _width(title, cells))
        look = formats["share"] if title.startswith(("Probability", "Share")) else formats["score"]
        for line, cell in enumerate(cells, start=1):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell)
            elif isinstance(cell, float):
                sheet.write_number(line, column, cell, look)
            elif cell is not None:
                sheet.write_number(line, column, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.header) - 1)


def _width(title: str, cells: Sequence[Cell]) -> float:
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
    return min(max(longest + 1, min(len(title), 14), 8), 60)
