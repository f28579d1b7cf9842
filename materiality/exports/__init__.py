"""A run in the form each reader needs. Everything here is a function of the run's results alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from materiality.exports.figure import matrix_pdf, matrix_png, matrix_svg
from materiality.exports.record import run_json
from materiality.exports.tables import tables_csv, tables_xlsx


@dataclass(frozen=True)
class Export:
    """One file that a run can be turned into."""

    filename: str
    content_type: str
    label: str
    write: Callable[[dict[str, Any]], bytes]


EXPORTS: dict[str, Export] = {
    "png": Export("matrix.png", "image/png", "PNG", matrix_png),
    "svg": Export("matrix.svg", "image/svg+xml", "SVG", matrix_svg),
    "pdf": Export("matrix.pdf", "application/pdf", "PDF", matrix_pdf),
    "xlsx": Export(
        "tables.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel", tables_xlsx
    ),
    "csv": Export("tables.csv", "text/csv; charset=utf-8", "CSV", tables_csv),
    "json": Export("run.json", "application/json", "JSON", run_json),
}
