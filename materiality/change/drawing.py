"""The slope chart of a comparison: for the page, and as a file. Both draw the same layout."""

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from figures.data import MOST_DECIDED, brief, clean
from figures.lettering import sealed
from figures.slopes import LineKind, SlopeEnd, SlopeFigure, SlopeLine, SlopeWording, lay_out_slopes
from figures.slopes_svg import paint_slopes_page
from materiality.change.amounts import anchor_of, places_of, verdict_text
from materiality.change.comparison import Comparison, Row
from materiality.change.years import Place
from scoping.continuity import Relation
from scoping.models import Assessment
from scoping.wording import in_a_row, run_on

# The formats of the file and what a browser calls them.
CONTENT_TYPES = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}


@dataclass(frozen=True)
class Drawing:
    """Title, inline SVG, the kinds of lines in it, and the line that says what a reader must know beside it."""

    title: str
    svg: SafeString
    kinds: tuple[LineKind, ...]
    source: str


def figure_of(comparison: Comparison, assessment: Assessment) -> SlopeFigure | None:
    """The chart; None where a year has no ranks, such as a list that was published by tiers alone."""
    befores: dict[str, tuple[SlopeEnd, Row]] = {}
    nows: list[tuple[SlopeEnd, Row]] = []
    left_out: list[str] = []
    for row in comparison.rows:
        for then in row.before:
            if then.place is None or then.place.rank is None:
                left_out.append(then.name)
            elif then.code not in befores:
                alone = row.relation == Relation.DROPPED
                befores[then.code] = (_end(then.name, then.place, row, comparison, alone=alone), row)
        if row.relation != Relation.DROPPED:
            if row.now is None or row.now.rank is None:
                left_out.append(row.name)
            else:
                nows.append((_end(row.name, row.now, row, comparison, alone=row.relation == Relation.NEW), row))
    if not befores or not nows:
        return None
    ordered = sorted(befores.items(), key=lambda item: item[1][0].rank)
    place = {code: number for number, (code, _found) in enumerate(ordered)}
    lines = [
        SlopeLine(place[then.code], number, _kind(row))
        for number, (_end_now, row) in enumerate(nows)
        for then in row.before
        if then.code in place
    ]
    same = comparison.same_tiers
    subject = assessment.name if assessment.company in assessment.name else f"{assessment.company}, {assessment.name}"
    return SlopeFigure(
        subject=clean(subject),
        periods=(clean(comparison.before.period), clean(comparison.now.period)),
        before=tuple(end for _code, (end, _row) in ordered),
        now=tuple(end for end, _row in nows),
        lines=tuple(lines),
        tiers=tuple(clean(name) for name in comparison.now.tiers) if same else (),
        source=_("Numbers are ranks, 1 the highest.")
        if comparison.compared
        else _("Numbers are ranks, 1 the highest; how sure the moves are is not known."),
        decided=_decided(comparison) if same else "",
        simulated=_("Simulated answers") if comparison.before.simulated or comparison.now.simulated else "",
        left_out=tuple(dict.fromkeys(clean(name) for name in left_out)),
        wording=_wording(),
    )


def _decided(comparison: Comparison) -> str:
    """Which issues stand in another tier than computed in each year, by decision, with both tiers."""
    befores = {then.code: (then.name, then.place) for row in comparison.rows for then in row.before}
    nows = {row.code: (row.name, row.now) for row in comparison.rows if row.now}
    sentences = []
    for year, places in ((comparison.before, befores), (comparison.now, nows)):
        told = [
            _("%(issue)s: %(tier)s (computed: %(computed)s)")
            % {
                "issue": sealed(brief(clean(name) or code)),
                "tier": sealed(clean(year.tiers[place.tier])),
                "computed": sealed(clean(place.computed)),
            }
            for code, (name, place) in places.items()
            if place is not None and place.computed is not None and place.tier is not None
        ]
        if not told:
            continue
        if len(told) > MOST_DECIDED:
            more = _("%(number)s more, see the table") % {"number": f"{len(told) - MOST_DECIDED:,}"}
            told = [*told[:MOST_DECIDED], more]
        issues = in_a_row(told)
        sentences.append(_("In %(period)s by decision: %(issues)s.") % {"period": clean(year.period), "issues": issues})
    return run_on(sentences)


def drawing_of(figure: SlopeFigure) -> Drawing:
    """The drawing for the page."""
    layout = lay_out_slopes(figure)
    # The painter escapes every name that it writes.
    return Drawing(figure.title, mark_safe(paint_slopes_page(figure)), layout.kinds, layout.source)  # noqa: S308


def file_of(figure: SlopeFigure, format: str) -> bytes:
    """The figure as a file. Raises KeyError for another format than those of `CONTENT_TYPES`, and MissingFont."""
    # matplotlib takes half a second to import; pages do not wait for it.
    from figures.files import FORMATS
    from figures.slopes_plot import paint_slopes_file

    known = {str(one): one for one in FORMATS}
    return paint_slopes_file(lay_out_slopes(figure), known[format])


def _end(name: str, place: Place, row: Row, comparison: Comparison, *, alone: bool) -> SlopeEnd:
    rank = round(place.rank.value) if place.rank else 0
    tier = place.tier if comparison.same_tiers else None
    return SlopeEnd(rank, clean(name) or row.code, tier, alone, f"#{anchor_of(row)}", _spoken(row, comparison))


def _spoken(row: Row, comparison: Comparison) -> str:
    """The row for a reader who hears the page."""
    if row.is_one_to_one and row.then and row.now:
        facts = f"{places_of(row)}; {verdict_text(row, comparison.compared)}"
    else:
        facts = row.relation.label
    return _("%(name)s: %(facts)s") % {"name": clean(row.name), "facts": facts}


def _kind(row: Row) -> LineKind:
    if not row.is_one_to_one:
        return "part"
    return "clear" if row.moved_for_sure else "faint"


def _wording() -> SlopeWording:
    """The words on the chart in the language of the page; the fields in braces are the figure's."""
    return SlopeWording(
        title=_("Ranks in {before} and {now}"),
        description=_(
            "Left: ranks in {before}. Right: ranks in {now}. A line for every issue that stands in both. "
            "The table with it has the same facts."
        ),
        new=pgettext("relation", "new"),
        dropped=pgettext("relation", "dropped"),
        clear=_("Move larger than its uncertainty"),
        faint=_("Other move"),
        part=_("Merged or split"),
        names_left_out=_("Names of {before} are in the table."),
        all_names_left_out=_("Names are in the table."),
        left_out=_("Not drawn for want of a rank: {names}."),
        and_more=_("{count} more"),
    )
