"""The tables as files: a workbook with a sheet per table, and a Word file to paste from."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from materiality.disclosure.cells import DisclosureTable, Filled, Framework
from materiality.exports import OFFICE
from materiality.exports.chapter.material import Material
from materiality.exports.chapter.paper import Column, Line, Paper
from materiality.exports.chapter.paper import Row as PaperRow
from materiality.exports.chapter.starting import start_paper
from materiality.exports.sentences import beside, in_brackets
from materiality.exports.simulated import simulated_sentence
from tables.writing import Cell, Table, xlsx_bytes


def disclosures_xlsx(frameworks: Sequence[Framework], material: Material) -> bytes:
    """A sheet per table. Marks of what is missing stand in the cells, and are counted on the first sheet."""
    sheets = [_overview(frameworks, material)]
    for framework in frameworks:
        for table in framework.tables:
            name = f"{framework.slug.upper()} {table.code}".replace("/", "-")[:31]
            head = [table.numbered, table.first, *table.columns]
            rows: list[list[Cell]] = [[row.code, row.asks, *map(_text, row.cells)] for row in table.rows]
            sheets.append(Table(name, head, rows))
    return xlsx_bytes(sheets, title=_title(material)[:255], comment=_("Made with Salient"))


def _overview(frameworks: Sequence[Framework], material: Material) -> Table:
    rows: list[list[Cell]] = [
        [framework.name, framework.edition, table.code, table.title, len(table.rows), table.missing, table.note]
        for framework in frameworks
        for table in framework.tables
    ]
    if material.simulated:
        told = simulated_sentence(material.simulated, material.answers)
        rows.append([_("Simulated answers"), "", "", "", None, None, told])
    head = [
        _("Framework"), pgettext("of a framework", "Edition"), _("Table"), _("Title"), pgettext("of a table", "Rows"),
        _("Rows to complete"), _("Note"),
    ]  # fmt: skip
    return Table(_("Overview"), head, rows)


def _title(material: Material) -> str:
    return _("Disclosure tables, %(company)s, %(period)s") % {"company": material.company, "period": material.period}


def _text(cell: Filled) -> str:
    return "\n".join([*cell.lines, *([_to_write(cell)] if cell.missing else [])])


def _to_write(cell: Filled) -> str:
    return _("To be written: %(what)s") % {"what": cell.missing}


def disclosures_docx(frameworks: Sequence[Framework], material: Material) -> bytes:
    """One framework after the other; what is missing is marked."""
    paper = start_paper(material, title=_title(material))
    paper.text(_("Disclosure tables"), "Title")
    told = {"company": material.company, "period": material.period}
    paper.text(_("%(company)s, reporting period %(period)s") % told, "Subtitle")
    for framework in frameworks:
        paper.heading(in_brackets(framework.name, framework.edition), 1)
        if framework.note:
            paper.text(framework.note)
        for table in framework.tables:
            _write(paper, table)
    return paper.to_bytes()


def _write(paper: Paper, table: DisclosureTable) -> None:
    paper.heading(f"{table.code} {table.title}", 2)
    if table.note:
        paper.text(table.note)
    if len(table.columns) > 5:
        # Too many columns for a page upright: one small table per topic.
        for row in table.rows:
            paper.heading(f"{row.code}. {row.asks}" if row.code else row.asks, 3)
            rows: list[PaperRow] = [[name, _lines(cell)] for name, cell in zip(table.columns, row.cells, strict=True)]
            columns = [Column(_("What is asked"), 30), Column(_("What is recorded"), 70)]
            paper.table(columns, rows, description=beside(table.title, row.asks))
        return
    codes = [Column(table.numbered, 12)] if table.has_codes else []
    share = 55 if len(table.columns) == 1 else 25
    columns = [*codes, Column(table.first, 33), *(Column(name, share) for name in table.columns)]
    rows = [
        [*([row.code] if table.has_codes else []), row.asks, *(_lines(cell) for cell in row.cells)]
        for row in table.rows
    ]
    paper.table(columns, rows, description=f"{table.code} {table.title}")


def _lines(cell: Filled) -> list[Line]:
    lines = [Line(text) for text in cell.lines]
    return [*lines, Line(_to_write(cell), is_open=True)] if cell.missing else lines


# By the ending: the content type, and what writes the file.
FORMATS = {
    "xlsx": (f"{OFFICE}.spreadsheetml.sheet", disclosures_xlsx),
    "docx": (f"{OFFICE}.wordprocessingml.document", disclosures_docx),
}
