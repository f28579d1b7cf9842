"""The comparison as CSV and XLSX, and one scenario as JSON."""

import json
from typing import Any

from materiality.models import Scenario
from materiality.scenarios.page import Compared
from materiality.whatif.differences import Place
from tables.writing import Cell, Table, csv_bytes, xlsx_bytes

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def comparison_file(found: Compared, format: str) -> bytes:
    """The comparison in a format of `CONTENT_TYPES`; a workbook also says what each scenario changed."""
    if format == "csv":
        return csv_bytes(_comparison(found, with_simulated=True))
    title = f"Scenarios: {found.columns[0].scenario.assessment.name}" if found.columns else "Scenarios"
    return xlsx_bytes([_comparison(found), _about(found)], title=title)


def scenario_json(scenario: Scenario) -> bytes:
    """One scenario with its whole result: what it changed, and the document as a run has it."""
    document: dict[str, Any] = {
        "scenario": scenario.name,
        "kept_at": scenario.created_at.isoformat(timespec="seconds"),
        "digest": scenario.digest,
        "engine": scenario.engine,
        "adjustments": scenario.adjustments,
        "results": scenario.results,
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _comparison(found: Compared, *, with_simulated: bool = False) -> Table:
    """One row per issue. A CSV has no place for a note, so there a last column says that answers are simulated."""
    header = ["Code", "Issue"]
    names = ["Current result"] if found.run else []
    header += [f"{name}: {what}" for name in names for what in ("rank", "tier", "priority")]
    for column in found.columns:
        header += [f"{column.scenario.name}: {what}" for what in ("rank", "tier", "priority")]
        header += [f"{column.scenario.name}: {what}" for what in ("ranks gained", "other tier")] if found.run else []
    rows: list[list[Cell]] = []
    for row in found.comparison.rows:
        cells: list[Cell] = [row.code, row.name]
        cells += _place(row.current) if found.run else []
        for cell in row.cells:
            cells += _place(cell.now if cell else None)
            if found.run:
                moved = cell is not None and cell.before is not None and cell.now is not None
                cells += [cell.moved, "yes" if cell.changes_tier else "no"] if cell and moved else [None, None]
        rows.append(cells)
    if with_simulated and found.simulated:
        header.append("Simulated answers in these results")
        rows = [[*cells, found.simulated] for cells in rows]
    return Table("Comparison", header, rows)


def _place(place: Place | None) -> list[Cell]:
    return [place.rank, place.tier, place.priority] if place else [None, None, None]


def _about(found: Compared) -> Table:
    """One row per scenario: where its numbers come from, and how far it agrees with the current result."""
    header = ["Scenario", "What it changed", "Answers", "of these simulated", "Kept", "Kept by"]
    header += ["Issues in the same tier as in the current result", "of", "Kendall's tau-b", "Digest", "Engine"]
    rows: list[list[Cell]] = []
    for column in found.columns:
        scenario, agreement = column.scenario, column.agreement
        by = str(scenario.created_by) if scenario.created_by else None
        rows.append(
            [
                scenario.name,
                " ".join(column.changes),
                scenario.respondents,
                scenario.simulated_respondents,
                scenario.created_at.isoformat(timespec="seconds"),
                by,
                *((agreement.same, agreement.of, agreement.tau) if agreement else (None, None, None)),
                scenario.digest,
                scenario.engine,
            ]
        )
    return Table("Scenarios", header, rows)
