"""A result in the form each reader needs. All but the chapter are a function of the results alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from materiality.exports.chapter import chapter_docx
from materiality.exports.deck import deck_pptx
from materiality.exports.figure import matrix_pdf, matrix_png, matrix_svg
from materiality.exports.record import run_json
from materiality.exports.tables import tables_csv
from materiality.exports.workbook import workbook_xlsx
from scoping.models import Assessment

Writer = Callable[[dict[str, Any], Assessment], bytes]


@dataclass(frozen=True)
class Export:
    """One file that a result can be turned into: of its document (materiality/results.py) and its assessment."""

    filename: str
    content_type: str
    label: str
    write: Writer


def _of_results(write: Callable[[dict[str, Any]], bytes]) -> Writer:
    return lambda results, _: write(results)


OFFICE = "application/vnd.openxmlformats-officedocument"
EXPORTS: dict[str, Export] = {
    "png": Export("matrix.png", "image/png", "PNG", matrix_png),
    "svg": Export("matrix.svg", "image/svg+xml", "SVG", matrix_svg),
    "pdf": Export("matrix.pdf", "application/pdf", "PDF", matrix_pdf),
    "docx": Export("chapter.docx", f"{OFFICE}.wordprocessingml.document", "Word", chapter_docx),
    "pptx": Export("deck.pptx", f"{OFFICE}.presentationml.presentation", "PowerPoint", deck_pptx),
    "xlsx": Export("tables.xlsx", f"{OFFICE}.spreadsheetml.sheet", "Excel", _of_results(workbook_xlsx)),
    "csv": Export("tables.csv", "text/csv; charset=utf-8", "CSV", _of_results(tables_csv)),
    "json": Export("run.json", "application/json", "JSON", _of_results(run_json)),
}
