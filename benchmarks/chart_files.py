"""Charts as PNG at 300 dots per inch, each against bare matplotlib that draws the same marks at the same size.

The peers let matplotlib place everything: a scatter with every name where its dot is; horizontal bars with error bars,
names and values; a grid of coloured cells with a number in each. Ours also breaks names into lines, finds fonts, tells
what is hidden, and writes title, legend and source. That may double the time. Measured is the whole way from the
results of a run to the bytes of the file, on the results of QiFu's 18 issues in 8 groups.
"""

import io
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from benchmarks.comparison import Bar, Outcome, seconds, take_turns
from benchmarks.png_export import bare_scatter
from benchmarks.progress import show
from benchmarks.room import open_room
from benchmarks.simulation import simulated_results
from benchmarks.sizes import Size
from materiality.charts import CHARTS, ChartStyle
from scoping.models import Assessment

DPI = 300
Draw = Callable[[list[dict[str, Any]], tuple[int, int]], bytes]


def run(size: Size) -> list[Outcome]:
    show("chart-files: computing the results to draw")
    with open_room("sqlite") as room:
        results = room.call(simulated_results, size.seeds[0])
    peers: dict[str, tuple[str, Draw]] = {
        "matrix": ("a bare matplotlib scatter with as many labels", partial(bare_scatter, dpi=DPI)),
        "tiers": ("bare matplotlib bars with error bars, names and values", bare_bars),
        "heat": ("a bare matplotlib grid of cells with a number in each", bare_heat),
    }
    return [_measure(slug, against, draw, results, size) for slug, (against, draw) in peers.items()]


def _measure(slug: str, against: str, draw: Draw, results: dict[str, Any], size: Size) -> Outcome:
    issues = [issue for issue in results["issues"] if issue["rank"] is not None]
    paint = partial(CHARTS[slug].paint, results, Assessment(), "png", ChartStyle(dpi=DPI))
    pixels = Image.open(io.BytesIO(paint())).size
    return take_turns(
        name=f"chart-{slug}-300-dpi",
        ours=seconds(paint),
        against=against,
        reference=seconds(partial(draw, issues, pixels)),
        unit="s",
        bar=Bar("<=", 2),
        pairs=2 * size.pairs,
        warm_ups=2,
    )


def bare_bars(issues: list[dict[str, Any]], pixels: tuple[int, int]) -> bytes:
    """The peer of the bars: a PNG of that many pixels."""
    figure, axes = _page(pixels)
    places = np.arange(len(issues))[::-1]
    values = np.array([issue["priority"] for issue in issues])
    intervals = np.array([issue["priority_interval"] or [issue["priority"]] * 2 for issue in issues])
    axes.barh(places, values, xerr=np.abs(intervals.T - values), capsize=3)
    axes.set_yticks(places, [f"{issue['rank']} {issue['name']}" for issue in issues])
    for place, value in zip(places, values, strict=True):
        axes.text(5.05, place, f"{value:.2f}", va="center")
    axes.set_title("Issues by priority")
    axes.set_xlabel("Priority")
    axes.set_xlim(1, 5)
    return _written(figure)


def bare_heat(issues: list[dict[str, Any]], pixels: tuple[int, int]) -> bytes:
    """The peer of the heat table: a PNG of that many pixels."""
    figure, axes = _page(pixels)
    groups = list(issues[0]["groups"])
    means = np.array([[issue["groups"][group]["mean"] or np.nan for group in groups] for issue in issues])
    axes.imshow(means, aspect="auto", cmap="Blues")
    for row, column in np.ndindex(means.shape):
        axes.text(column, row, f"{means[row, column]:.1f}", ha="center", va="center")
    axes.set_yticks(range(len(issues)), [f"{issue['rank']} {issue['name']}" for issue in issues])
    axes.set_xticks(range(len(groups)), groups, rotation=90)
    axes.set_title("Issues as rated by groups")
    return _written(figure)


def _page(pixels: tuple[int, int]) -> tuple[Figure, Any]:
    figure = Figure(figsize=(pixels[0] / DPI, pixels[1] / DPI), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


def _written(figure: Figure) -> bytes:
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=DPI)
    return content.getvalue()
