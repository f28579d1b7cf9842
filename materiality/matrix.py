"""The matrix of a result for the page, in its language. Drawn once per process: a run never changes, and decisions are
in the key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from figures.data import MatrixFigure
from figures.svg import lay_out_page, paint_page
from figures.wording import ENGLISH, Wording
from figures.wording_zh import WORDINGS, words_in
from materiality.review.decided import moved_by_decision


@dataclass(frozen=True)
class Drawing:
    """Title, inline SVG, and the line that says what a reader must know beside it."""

    title: str
    svg: SafeString
    source: str
    has_intervals: bool
    has_tiers: bool
    has_untiered: bool
    decided_key: str  # what the ring around a mark means, and a mark that was moved aside; empty where there is none
    moved_key: str
    moved_narrow: bool  # only the drawing for narrow screens has such a mark


def spoken() -> Wording:
    """The words of a figure in the active language."""
    return WORDINGS.get(get_language() or "en", ENGLISH)


def drawing_of(results: Mapping[str, Any]) -> Drawing | None:
    """The drawing of a decided result; None when no issue has a rank, so that there is nothing to draw."""
    decided = tuple((issue["code"], issue["tier"]) for issue in moved_by_decision(results))
    named = tuple(results.get(name, "") for name in ("title", "company_name", "reporting_period"))
    return _drawn(_Drawable(results, (results["run"], named, decided), get_language() or "en"))


@dataclass(frozen=True)
class _Drawable:
    """A result, told from others by its run, its names, what was decided otherwise, and the language."""

    results: Mapping[str, Any] = field(compare=False)
    key: tuple[str, tuple[str, ...], tuple[tuple[str, str | None], ...]]
    language: str


@lru_cache(maxsize=64)
def _drawn(drawable: _Drawable) -> Drawing | None:
    results = drawable.results
    if all(issue["rank"] is None for issue in results["issues"]):
        return None
    figure = MatrixFigure.from_results(results, words_in(drawable.language))
    layouts = lay_out_page(figure)
    layout = layouts.wide
    return Drawing(
        title=figure.title,
        # The painter escapes every name that it writes.
        svg=mark_safe(paint_page(layouts)),  # noqa: S308
        source=layout.source,
        has_intervals=layout.has_intervals,
        has_tiers=figure.has_tiers,
        has_untiered=figure.has_untiered,
        decided_key=figure.wording.decided_key if layout.has_rings else "",
        moved_key=figure.wording.moved_key if layouts.have_moved_marks else "",
        moved_narrow=not layout.has_moved_marks,
    )
