"""The power-interest grid of an assessment: for the page, and as a file. Both draw the same layout."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from figures.data import clean
from figures.grid import GridFigure, GridPoint, Strategies, lay_out_grid
from figures.grid_svg import paint_grid_page
from figures.wording import Wording
from scoping.models import Assessment
from scoping.selectors.stakeholders import ScoredGroup
from scoping.stakeholding import (
    HIGH,
    HIGHEST,
    KEEP_INFORMED,
    KEEP_SATISFIED,
    LOWEST,
    MANAGE_CLOSELY,
    MONITOR,
    POWER_INTEREST,
)

# The formats of the file and what a browser calls them.
CONTENT_TYPES = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}


@dataclass(frozen=True)
class Drawing:
    """Title, inline SVG, and the line that says what a reader must know beside it."""

    title: str
    svg: SafeString
    source: str


def figure_of(
    assessment: Assessment, groups: Sequence[ScoredGroup], link: Callable[[ScoredGroup], str] = lambda _: ""
) -> GridFigure | None:
    """The grid of `groups`, whose marks lead to `link`; None by another model, or while no group has both scores."""
    if assessment.stakeholder_model != POWER_INTEREST.slug or not any(one.judgement for one in groups):
        return None
    points = []
    for one in groups:
        power, interest = (score.value for score in one.scores)
        if power is not None and interest is not None:
            name = clean(one.group.name) or one.group.code
            points.append(GridPoint(one.number, name, link(one), one.is_internal, power, interest))
    return GridFigure(
        subject=clean(
            assessment.name if assessment.company in assessment.name else f"{assessment.company}, {assessment.name}"
        ),
        points=tuple(points),
        strategies=Strategies(*(_(one.name) for one in (MANAGE_CLOSELY, KEEP_SATISFIED, KEEP_INFORMED, MONITOR))),
        high=HIGH,
        scale=(LOWEST, HIGHEST),
        source=_("Strategies after %(source)s.") % {"source": POWER_INTEREST.source},
        left_out=tuple(clean(one.group.name) for one in groups if not one.judgement),
        wording=_wording(),
    )


def _wording() -> Wording:
    """The words on the grid in the language of the page; the fields in braces are the figure's."""
    return Wording(
        grid_title=_("{count} stakeholder groups by power and interest"),
        grid_title_one=_("One stakeholder group by power and interest"),
        grid_description=_(
            "Horizontal: interest. Vertical: power. Both from {low} to {high}. The table with it has the same facts."
        ),
        power_axis=_("Power"),
        interest_axis=_("Interest"),
        internal=_("counts as company"),
        external=_("counts as stakeholder"),
        grid_point=_("{number}. {name}, {side}: power {power}, interest {interest}, {strategy}"),
        grid_scale=_("Scores from {low} to {high}; from {high_from} on, a score counts as high."),
        grid_together=_("Groups with the same scores stand side by side."),
        grid_numbers_only=_("Numbers are those in the list."),
        grid_some_numbers_only=_("Where a name does not fit, its number in the list stands."),
        grid_left_out=_("Not drawn, since a score is missing: {names}."),
        and_more=_("{count} more"),
    )


@lru_cache(maxsize=64)
def drawing_of(figure: GridFigure) -> Drawing:
    """The drawing for the page: laid out once for the same scores and names."""
    layout = lay_out_grid(figure)
    # The painter escapes every name that it writes.
    return Drawing(figure.title, mark_safe(paint_grid_page(layout)), layout.source)  # noqa: S308


def file_of(figure: GridFigure, format: str) -> bytes:
    """The figure as a file. Raises KeyError for another format than those of `CONTENT_TYPES`, and MissingFont."""
    # matplotlib takes half a second to import; pages do not wait for it.
    from figures.files import FORMATS
    from figures.grid_plot import paint_grid_file

    known = {str(one): one for one in FORMATS}
    return paint_grid_file(lay_out_grid(figure), known[format])
