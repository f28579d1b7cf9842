"""The matrix as PNG, against a bare matplotlib scatter with as many labels, of the same size and resolution.

The peer draws dots, axes, a title and every name where its dot is, and lets names cover each other. Ours also
places the names so that none overlaps, draws tiers, boundaries and uncertainty. That may double the time.
Measured is what the export does, from the results of a run to the bytes of the file; the results are real
ones, of QiFu's 18 issues and of 30 issues with long names.
"""

import io
from functools import partial
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from benchmarks.comparison import Bar, Outcome, seconds, take_turns
from benchmarks.crowd import new_survey, store_answers
from benchmarks.progress import show
from benchmarks.room import open_room
from benchmarks.simulation import simulated_results
from benchmarks.sizes import Size
from materiality.exports.figure import matrix_png
from materiality.services import analyse_now

DPI = 200
LONG_LIST = 30


def run(size: Size) -> list[Outcome]:
    show("png-export: computing the results to draw")
    with open_room("sqlite") as room:
        published = room.call(simulated_results, size.seeds[0])
    with open_room("sqlite") as room:
        long_list = room.call(results_of_long_list)
    return [_measure(results, size) for results in (published, long_list)]


def results_of_long_list() -> dict[str, Any]:
    """In a room: results for 30 issues."""
    survey = new_survey(groups=4, issues=LONG_LIST)
    store_answers(survey, respondents=400, seed=7, tallied=False)
    return analyse_now(assessment=survey.assessment).results


def _measure(results: dict[str, Any], size: Size) -> Outcome:
    issues = [issue for issue in results["issues"] if issue["rank"] is not None]
    pixels = Image.open(io.BytesIO(matrix_png(results))).size
    return take_turns(
        name=f"png-export-{len(issues)}-labels",
        ours=seconds(partial(matrix_png, results)),
        against=f"a bare matplotlib scatter with {len(issues)} labels",
        reference=seconds(partial(bare_scatter, issues, pixels)),
        unit="s",
        bar=Bar("<=", 2),
        pairs=2 * size.pairs,
        warm_ups=2,
    )


def bare_scatter(issues: list[dict[str, Any]], pixels: tuple[int, int], dpi: int = DPI) -> bytes:
    """The peer: a PNG of that many pixels."""
    figure = Figure(figsize=(pixels[0] / dpi, pixels[1] / dpi), dpi=dpi)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.scatter([issue["company"] for issue in issues], [issue["stakeholders"] for issue in issues])
    for issue in issues:
        axes.annotate(
            issue["name"], (issue["company"], issue["stakeholders"]), xytext=(4, 4), textcoords="offset points"
        )
    axes.set_title("Materiality matrix")
    axes.set_xlabel("Importance to the company")
    axes.set_ylabel("Importance to stakeholders")
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=dpi)
    return content.getvalue()
