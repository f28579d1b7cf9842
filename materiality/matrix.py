"""The matrix of a run for the page: drawn once per process, since a run never changes."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe

from figures.data import MatrixFigure
from figures.layout import lay_out
from figures.svg import paint_page
from materiality.models import AnalysisRun


@dataclass(frozen=True)
class Drawing:
    """Title, inline SVG, and the line that says what a reader must know beside it."""

    title: str
    svg: SafeString
    source: str
    has_intervals: bool
    moved_key: str  # what a mark that was moved aside means; empty when none was


@lru_cache(maxsize=64)
def drawing_of(run: UUID) -> Drawing | None:
    """The drawing of the run with that id; None when no issue has a rank, so that there is nothing to draw."""
    results = AnalysisRun.objects.values_list("results", flat=True).get(pk=run)
    if all(issue["rank"] is None for issue in results["issues"]):
        return None
    figure = MatrixFigure.from_results(results)
    # The painter escapes every name that it writes.
    layout = lay_out(figure)
    return Drawing(
        title=figure.title,
        svg=mark_safe(paint_page(figure)),  # noqa: S308
        source=layout.source,
        has_intervals=layout.has_intervals,
        moved_key=figure.wording.moved_key if layout.has_moved_marks else "",
    )
