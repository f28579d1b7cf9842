"""The matrix of a run for the page: drawn once per process, since a run never changes."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe

from materiality.figures.data import MatrixFigure
from materiality.figures.layout import lay_out
from materiality.figures.svg import paint_page
from materiality.models import AnalysisRun


@dataclass(frozen=True)
class Drawing:
    """Title, inline SVG, and the line that says what a reader must know beside it."""

    title: str
    svg: SafeString
    source: str


@lru_cache(maxsize=64)
def drawing_of(run: UUID) -> Drawing | None:
    """The drawing of the run with that id; None when no issue has a tier, so that there is nothing to draw."""
    results = AnalysisRun.objects.values_list("results", flat=True).get(pk=run)
    if all(issue["tier"] is None for issue in results["issues"]):
        return None
    figure = MatrixFigure.from_results(results)
    # The painter escapes every name that it writes.
    return Drawing(title=figure.title, svg=mark_safe(paint_page(figure)), source=lay_out(figure).source)  # noqa: S308
