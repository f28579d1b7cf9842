"""The numbers of a comparison as text, in the language of the page. Moves have a sign; a true minus, not a hyphen."""

from dataclasses import dataclass
from math import ceil, floor

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.change.comparison import Comparison, Measure, Row
from materiality.change.years import Place, Year
from materiality.findings import SETTLED, percent
from materiality.presentation import NARROW_SPACE
from materiality.scoring.change import Interval, Verdict
from scoping.continuity import Relation

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Standing:
    """Where an issue stood in a year, as text; `number` is its tier's, 1 for the highest and 0 without tier.

    `computed` is the tier that was computed where people gave another one; else empty.
    """

    name: str
    rank: str
    tier: str
    number: int
    priority: str
    computed: str = ""


@dataclass(frozen=True)
class Line:
    """A row of the table as text; `rose` is the number of places, negative where the issue fell."""

    row: Row
    anchor: str
    before: tuple[Standing, ...]
    now: Standing | None
    rose: int | None
    places: str
    places_span: str
    change: str
    span: str
    tier: str
    verdict: str


def lines_of(comparison: Comparison) -> tuple[Line, ...]:
    """The table of the page."""
    lines = []
    for row in comparison.rows:
        rose = places_moved(row)
        move = row.priority.difference if row.priority else None
        lines.append(
            Line(
                row=row,
                anchor=anchor_of(row),
                before=tuple(_standing(then.name, then.place, comparison.before) for then in row.before),
                now=_standing(row.name, row.now, comparison.now) if row.now else None,
                rose=rose,
                places="" if rose is None else str(abs(rose)),
                places_span=places_span(row),
                change=amount(move.value, comparison.measure) if move else "",
                span=span(move.interval, comparison.measure) if move else "",
                tier=tier_text(row) if comparison.same_tiers else "",
                verdict=verdict_text(row, comparison.compared),
            )
        )
    return tuple(lines)


def anchor_of(row: Row) -> str:
    """The id of a row on the page: what is dropped may have the code of another issue now."""
    return f"{'was' if row.relation == Relation.DROPPED else 'issue'}-{row.code}"


def _standing(name: str, place: Place | None, year: Year) -> Standing:
    if place is None:
        return Standing(name, "", "", 0, "")
    return Standing(
        name=name,
        rank=f"{place.rank.value:.0f}" if place.rank else "",
        tier="" if place.tier is None else year.tiers[place.tier],
        number=0 if place.tier is None else min(place.tier + 1, 5),
        priority=f"{place.priority.value:.2f}" if place.priority else "",
        computed=place.computed or "",
    )


def percent_of(probability: float) -> str:
    return f"{probability * 100:.0f}{NARROW_SPACE}%"


def signed(value: float, digits: int) -> str:
    """+0.54, −0.10, 0.00."""
    text = f"{abs(value):.{digits}f}"
    return text if not float(text) else f"{'+' if value > 0 else MINUS}{text}"


def amount(value: float, measure: Measure) -> str:
    """How far a priority moved: in points, or in hundredths of its scale."""
    if measure == "share":
        return _("%(number)s %% of the scale") % {"number": signed(value * 100, 1)}
    return signed(value, 2)


def span(interval: Interval | None, measure: Measure) -> str:
    """The interval of a move of priority; empty where there is none."""
    if interval is None:
        return ""
    low, high = (signed(end * 100, 1) if measure == "share" else signed(end, 2) for end in interval)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def places_of(row: Row) -> str:
    """From which rank to which, as a phrase."""
    then, now = row.then, row.now
    if not (then and now and then.rank and now.rank):
        return _("without rank")
    told = {"was": f"{then.rank.value:.0f}", "is": f"{now.rank.value:.0f}"}
    if then.rank.value == now.rank.value:
        return _("rank %(is)s as before") % told
    return _("rank %(was)s to %(is)s") % told


def places_moved(row: Row) -> int | None:
    """By how many ranks an issue rose; negative where it fell. None where a rank is missing."""
    return None if row.ranks is None else -round(row.ranks.value)


def places_span(row: Row) -> str:
    """The interval of the places it rose by, rounded outwards to whole ranks."""
    if row.ranks is None or row.ranks.interval is None:
        return ""
    low, high = floor(-row.ranks.interval[1] + 1e-9), ceil(-row.ranks.interval[0] - 1e-9)
    return _("%(low)s to %(high)s") % {"low": signed(low, 0), "high": signed(high, 0)}


def tiers_moved(row: Row) -> int | None:
    """By how many tiers an issue rose; negative where it fell. None where a tier is missing."""
    then, now = row.then, row.now
    if then is None or now is None or then.tier is None or now.tier is None:
        return None
    return then.tier - now.tier


def tier_text(row: Row) -> str:
    """What is known of the tier's move, and how surely."""
    then, now, rose = row.then, row.now, tiers_moved(row)
    if then is None or now is None or rose is None:
        return ""
    direction = (rose < 0) - (rose > 0)
    text = (_("same tier"), _("lower tier"), _("higher tier"))[direction]
    if then.computed or now.computed:
        return _("%(tier)s, by decision") % {"tier": text}
    if row.tiers is None:
        return text
    chance = (row.tiers.same, row.tiers.lower, row.tiers.higher)[direction]
    told = {"tier": text, "chance": percent(chance)}
    if chance >= SETTLED:
        return _("%(tier)s, settled (%(chance)s)") % told
    return _("%(tier)s, not settled (%(chance)s)") % told


def verdict_text(row: Row, compared: int) -> str:
    """The verdict on a row in words, where `compared` moves were looked at together."""
    if row.priority is not None:
        if row.priority.verdict == Verdict.LARGER:
            return _("Larger than its uncertainty")
        if row.priority.verdict == Verdict.ALONE:
            return ngettext("May be chance", "May be chance, as one of %(n)d moves", compared) % {"n": compared}
        if row.priority.verdict == Verdict.WITHIN:
            return _("Within its uncertainty")
        return _("Certainty not known")
    if row.relation == Relation.NEW:
        return _("Nothing to compare with")
    if row.relation == Relation.DROPPED:
        return _("No longer on the list")
    if not row.is_one_to_one:
        return _("No single issue to compare with")
    if row.now is None or row.then is None:
        return _("Without a result in one of the years")
    return _("Certainty not known")
