"""The matrix of a public report, drawn once per process and language: what is published never changes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from figures.data import MatrixFigure
from figures.svg import lay_out_page, paint_svg
from figures.wording_zh import words_in

# Ids in the drawing begin with this: a full stop is in no code of an issue, so they never meet a row's.
PREFIX = "m."
LINK = 'class="pt-a" href="#'
# Quotes and angle brackets within names are escaped, so these end where the painter ended them.
TITLE = re.compile(r"<title>[^<]*</title>")
LIT = re.compile(r'<(?:ellipse|path) class="[^"]* lit"[^>]*/>')
SPOKEN = re.compile(r'aria-label="([^"]*)"')
COLON = re.compile(r"[:：](?=[^:：]*$)")


@dataclass(frozen=True)
class Drawing:
    """Title, inline SVG whose points link to the rows of the ranking, and what a reader must know beside it.

    `needs_names` where the drawing for wide screens has no room for every name; `decided_key` says what a dashed ring
    around a mark means, empty where there is none.
    """

    title: str
    svg: SafeString
    source: str
    is_matrix: bool
    has_intervals: bool
    has_untiered: bool
    has_moved: bool
    decided_key: str
    needs_names: bool

    def linking_to(self, address: str) -> SafeString:
        """The drawing with its points linking to the rows of the page at `address`, opened beside what embeds it."""
        # Names are escaped, so this text with its quotes is our own wherever it stands.
        return mark_safe(self.svg.replace(LINK, f'target="_blank" rel="noopener" class="pt-a" href="{address}#'))  # noqa: S308


@dataclass(frozen=True)
class _Drawable:
    """Results, told from others by what they were published as."""

    key: str
    language: str
    results: Mapping[str, Any] = field(compare=False)


def drawing_of(document: Mapping[str, Any], key: str) -> Drawing | None:
    """The drawing of a public document, which `key` names for good, in the language of the page; None where there is
    nothing to draw."""
    results = document["results"]
    if results is None or all(issue["rank"] is None for issue in results["issues"]):
        return None
    return _drawn(_Drawable(key, get_language() or "en", results))


@lru_cache(maxsize=64)
def _drawn(drawable: _Drawable) -> Drawing:
    figure = MatrixFigure.from_results(drawable.results, words_in(drawable.language))
    layouts = lay_out_page(figure)
    layout = layouts.wide
    wide, narrow = paint_svg(layout, PREFIX), paint_svg(layouts.narrow, f"{PREFIX}n", kind="narrow")
    return Drawing(
        title=figure.title,
        # The painter escapes every name that it writes.
        svg=mark_safe(f'<div class="matrix-pair">\n{slimmed(wide, narrow)}\n</div>'),  # noqa: S308
        source=layout.source,
        is_matrix=layout.kind == "matrix",
        has_intervals=layout.has_intervals,
        has_untiered=figure.has_untiered,
        has_moved=layouts.have_moved_marks,
        decided_key=figure.wording.decided_key if layout.has_rings else "",
        needs_names=any(mark.label is None for mark in layout.marks),
    )


def slimmed(wide: str, narrow: str) -> str:
    """Both drawings without what the page says in other ways: names for a pointer at rest, and intervals that light up.
    The one for narrow screens says rank and name of a point; the row that it links to has the rest."""
    wide, narrow = (LIT.sub("", TITLE.sub("", svg)) for svg in (wide, narrow))
    return f"{wide}\n{SPOKEN.sub(_rank_and_name, narrow)}"


def _rank_and_name(found: re.Match[str]) -> str:
    # Scores and tier stand behind the last colon, whatever the name has.
    return f'aria-label="{COLON.split(found[1])[0]}"'
