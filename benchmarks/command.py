"""Runs benchmarks, prints the table, writes it as JSON."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import django

from benchmarks.comparison import Outcome
from benchmarks.progress import clear, show
from benchmarks.room import NoServer
from benchmarks.sizes import FULL, QUICK, Size


def catalogue() -> dict[str, Callable[[Size], list[Outcome]]]:
    """Every benchmark by name, in the order of the work they measure. Needs Django to be set up."""
    from benchmarks import (
        analysis,
        analysts,
        answers_export,
        answers_workbook,
        api_list,
        chart_files,
        contact_import,
        coverage,
        fifty_respondents,
        fold,
        form_page,
        intervals,
        invitations,
        monitor,
        png_export,
        public_page,
        recount,
        report_pack,
        scoping_pages,
        simulation,
        submitting,
        ten_million,
        whatif,
    )

    return {
        "scoping-pages-postgresql": partial(scoping_pages.run, database="postgresql"),
        "scoping-pages-sqlite": partial(scoping_pages.run, database="sqlite"),
        "contact-import-postgresql": partial(contact_import.run, database="postgresql"),
        "contact-import-sqlite": partial(contact_import.run, database="sqlite"),
        "invitations-postgresql": partial(invitations.run, database="postgresql"),
        "invitations-sqlite": partial(invitations.run, database="sqlite"),
        "simulation": simulation.run,
        "submit-throughput": submitting.run,
        "fifty-respondents": fifty_respondents.run,
        "form-page": form_page.run,
        "recount-postgresql": partial(recount.run, database="postgresql"),
        "recount-sqlite": partial(recount.run, database="sqlite"),
        "ten-million": ten_million.run,
        "fold-after-100-new-postgresql": partial(fold.run, database="postgresql"),
        "fold-after-100-new-sqlite": partial(fold.run, database="sqlite"),
        "response-monitor-postgresql": partial(monitor.run, database="postgresql"),
        "response-monitor-sqlite": partial(monitor.run, database="sqlite"),
        "answers-export-postgresql": partial(answers_export.run, database="postgresql"),
        "answers-export-sqlite": partial(answers_export.run, database="sqlite"),
        "answers-xlsx-100000": answers_workbook.run,
        "analysis-size-independence": analysis.run,
        "coverage": coverage.run,
        "means-against-pandas": analysts.run,
        "intervals-against-scipy": intervals.run,
        "what-if": whatif.run,
        "png-export": png_export.run,
        "api-list-postgresql": partial(api_list.run, database="postgresql"),
        "api-list-sqlite": partial(api_list.run, database="sqlite"),
        "chart-files": chart_files.run,
        "report-pack": report_pack.run,
        "public-page-bytes": public_page.run,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 1 when a bar does not hold, 2 when something could not be measured."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    benchmarks = catalogue()
    parser = _parser(list(benchmarks))
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in benchmarks]:
        parser.error(f"There is no benchmark {unknown[0]!r}. There are: {', '.join(benchmarks)}.")
    outcomes: list[Outcome] = []
    failed = []
    start = time.monotonic()
    for name in options.names or benchmarks:
        show(f"{name}: preparing")
        try:
            outcomes += benchmarks[name](QUICK if options.quick else FULL)
        except NoServer as error:
            clear()
            sys.stderr.write(f"{name}: {error}\n")
            failed.append(name)
    clear()
    print(table(outcomes))
    print(f"\n{len(outcomes)} ratios in {(time.monotonic() - start) / 60:.1f} minutes")
    _write(outcomes, options.output)
    if failed:
        print(f"Not measured: {', '.join(failed)}")
        return 2
    if options.quick:
        print("Sizes were small: this shows that the benchmarks work. Bars are about the full sizes.")
        return 0
    missed = [outcome.name for outcome in outcomes if not outcome.holds]
    if missed:
        print(f"Not held: {', '.join(missed)}")
    return 1 if missed else 0


def table(outcomes: Sequence[Outcome]) -> str:
    """The outcomes for the screen."""
    rows = [("benchmark", "ours", "reference", "unit", "ratio", "bar", "", "against")]
    for one in outcomes:
        numbers = f"{one.ours:.4g}", f"{one.reference:.4g}", one.unit, f"{one.ratio:.2f}", str(one.bar)
        rows.append((one.name, *numbers, "holds" if one.holds else "MISSED", one.against))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    numeric = {1, 2, 4}
    return "\n".join(
        "  ".join(
            text.rjust(width) if column in numeric else text.ljust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _write(outcomes: Sequence[Outcome], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([outcome.to_dict() for outcome in outcomes], indent=1) + "\n")
    print(f"{path} written")


def _parser(names: Sequence[str]) -> argparse.ArgumentParser:
    from django.conf import settings

    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which ones; all if none is named: {', '.join(names)}"
    )
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that they work; bars do not count")
    parser.add_argument(
        "--output",
        type=Path,
        default=settings.BASE_DIR / "var" / "bench.json",
        metavar="PATH",
        help="where the JSON goes",
    )
    return parser
