"""Two years side by side: every issue with where it stood, where it stands, and how far it moved for certain."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.translation import gettext as _

from accounts.models import Organisation
from materiality.change.notes import Gaps, notes_on
from materiality.change.years import Place, Year, years_of
from materiality.scoring.change import (
    Difference,
    Estimate,
    Move,
    TierChange,
    Verdict,
    difference,
    judge,
    share_of_scale,
    tier_change,
)
from scoping.continuity import Relation
from scoping.models import Assessment
from scoping.selectors.continuity import Changes, changes_of

# How priorities are compared: in points of their scale, as shares of scales that differ, or not at all.
Measure = Literal["points", "share"] | None


@dataclass(frozen=True)
class Then:
    """An issue of the year before, and where it stood; without place where the result says nothing of it."""

    code: str
    name: str
    place: Place | None


@dataclass(frozen=True)
class Row:
    """One line of the comparison; a dropped issue stands in it by its code and name of the year before.

    What moved is known of issues that continue a single one by themselves. What was merged or split is another issue
    than any that it continues: their places stand beside each other, and no move is computed.
    """

    code: str
    name: str
    relation: Relation
    note: str
    before: tuple[Then, ...]
    now: Place | None
    ranks: Difference | None = None
    priority: Move | None = None
    tiers: TierChange | None = None

    @property
    def is_one_to_one(self) -> bool:
        return self.relation in (Relation.SAME, Relation.RENAMED)

    @property
    def then(self) -> Place | None:
        """Where the one issue stood that it continues by itself."""
        return self.before[0].place if self.is_one_to_one else None

    @property
    def moved_for_sure(self) -> bool:
        return self.priority is not None and self.priority.verdict == Verdict.LARGER


@dataclass(frozen=True)
class Comparison:
    """This year's issues by rank, those without rank, then what was dropped."""

    before: Year
    now: Year
    rows: tuple[Row, ...]
    summary: str  # what became of the list, in one sentence
    measure: Measure
    same_tiers: bool  # whether both years have as many tiers, so that these can be compared
    notes: tuple[str, ...]

    @property
    def compared(self) -> int:
        """How many moves have a verdict."""
        return sum(_is_judged(row) for row in self.rows)

    @property
    def is_linked(self) -> bool:
        """Whether any issue continues one of the year before; else every move is that of a new or a dropped one."""
        return any(row.before and row.relation != Relation.DROPPED for row in self.rows)

    @property
    def knows_certainty(self) -> bool:
        """Whether anything is known of how sure a move is."""
        return bool(self.compared) or any(row.tiers or (row.ranks and row.ranks.interval) for row in self.rows)

    @property
    def larger(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.moved_for_sure)

    @property
    def entered(self) -> tuple[Row, ...]:
        """What stands in the highest tier and continues nothing that stood there, as far as that is known."""
        if not self.same_tiers:
            return ()
        return tuple(row for row in self.rows if _is_highest(row.now) and all(_is_lower(b.place) for b in row.before))

    @property
    def left(self) -> tuple[Row | Then, ...]:
        """What stood in the highest tier and is continued by nothing that stands there, as far as that is known: by the
        row that continues it, or by itself where several do."""
        if not self.same_tiers:
            return ()
        heirs: dict[str, list[Row]] = {}
        for row in self.rows:
            for then in row.before:
                heirs.setdefault(then.code, []).append(row)
        found: dict[str, Row | Then] = {}
        for row in self.rows:
            for then in row.before:
                if _is_highest(then.place) and all(_has_left(heir) for heir in heirs[then.code]):
                    alone = row.is_one_to_one or row.relation == Relation.DROPPED
                    found.setdefault(then.code, row if alone else then)
        return tuple(found.values())

    @property
    def without_tier(self) -> int:
        """How many issues that continue one by themselves have no tier in one of the years."""
        one_to_one = [row for row in self.rows if row.is_one_to_one]
        return sum(not (_has_tier(row.then) and _has_tier(row.now)) for row in one_to_one)


def _is_judged(row: Row) -> bool:
    return row.priority is not None and row.priority.verdict != Verdict.UNKNOWN


def _is_highest(place: Place | None) -> bool:
    return place is not None and place.tier == 0


def _is_lower(place: Place | None) -> bool:
    return place is not None and place.tier is not None and place.tier > 0


def _has_tier(place: Place | None) -> bool:
    return place is not None and place.tier is not None


def _has_left(heir: Row) -> bool:
    return heir.relation == Relation.DROPPED or _is_lower(heir.now)


def has_previous(assessment: Assessment) -> bool:
    """Whether an assessment before is named, so that years can be compared once both have a result."""
    return assessment.previous_id is not None


def why_not_compared(assessment: Assessment, before: Year | None, now: Year | None) -> str:
    """Why there is no comparison of these years, and what to do; empty where there is one."""
    if assessment.previous is None:
        return _("No assessment before this one is named: name it, and its ranks stand beside these.")
    if before is None:
        period = assessment.previous.reporting_period
        return _("%(period)s has no result yet: compute it, or enter what was published.") % {"period": period}
    if now is not None:
        return ""
    if not assessment.with_survey:
        return _(
            "This assessment holds no survey, and no ranks or tiers that were published: only its list can be compared."
        )
    return _("This assessment has no result yet: collect answers, then compute the results.")


def comparison_of(
    *, organisation: Organisation, assessment: Assessment
) -> tuple[Comparison | None, Year | None, Year | None]:
    """The comparison with the year before, and the results of both years; it is None while one of these is missing."""
    before, now = years_of(organisation=organisation, assessment=assessment)
    changes = changes_of(assessment) if before and now else None
    if before is None or now is None or changes is None:
        return None, before, now
    return compare(before, now, changes), before, now


def compare(before: Year, now: Year, changes: Changes) -> Comparison:
    """`changes` says which issues continue which; the years say where they stood."""
    measure = measure_of(before, now)
    same_tiers = len(before.tiers) == len(now.tiers)
    rows = [
        Row(
            row.issue.code,
            row.issue.name,
            row.relation,
            row.note,
            tuple(Then(one.code, one.name, before.places.get(one.code)) for one in row.previous),
            now.places.get(row.issue.code),
        )
        for row in changes.rows
    ]
    gone = [
        Row(
            one.previous.code,
            one.previous.name,
            Relation.DROPPED,
            one.note,
            (Then(one.previous.code, one.previous.name, before.places.get(one.previous.code)),),
            None,
        )
        for one in changes.dropped
    ]
    rows.sort(key=lambda row: _rank(row.now))
    gone.sort(key=lambda row: _rank(row.before[0].place))
    judged = _judged(rows, before, now, measure, same_tiers=same_tiers)
    comparison = Comparison(before, now, (*judged, *gone), changes.summary, measure, same_tiers, ())
    moves = [row for row in judged if row.priority]
    gaps = Gaps(
        moves=len(moves),
        without_interval=sum(not _is_judged(row) for row in moves),
        without_tier=comparison.without_tier if same_tiers else 0,
    )
    return replace(comparison, notes=notes_on(before, now, measure, gaps))


def measure_of(before: Year, now: Year) -> Measure:
    """Whether the priorities of both years mean the same, and on which scale they can be compared."""
    if before.is_published or now.is_published or before.scale is None or now.scale is None:
        return None
    alike = all(before.choice(name) == now.choice(name) for name in ("priority", "axes", "cannot_judge"))
    if not alike or before.question != now.question or before.heard_on != now.heard_on:
        return None
    return "points" if before.scale == now.scale else "share"


def _rank(place: Place | None) -> float:
    return place.rank.value if place and place.rank else float("inf")


def _judged(rows: list[Row], before: Year, now: Year, measure: Measure, *, same_tiers: bool) -> list[Row]:
    """The rows with what moved in them; all moves of priority are judged together."""
    probability = now.choice("interval")
    known = before.choice("interval") == probability
    differences: dict[str, Difference] = {}
    found = []
    for row in rows:
        then, place = row.then, row.now
        if then is None or place is None:
            found.append(row)
            continue
        if measure and then.priority and place.priority:
            was, is_now = _measured(then.priority, before, measure), _measured(place.priority, now, measure)
            differences[row.code] = _difference(was, is_now, probability, known=known)
        ranks = None
        if then.rank and place.rank:
            ranks = _difference(then.rank, place.rank, probability, known=known)
        chances = tier_change(then.chances, place.chances) if same_tiers and then.chances and place.chances else None
        found.append(replace(row, ranks=ranks, tiers=chances))
    moves: Mapping[str, Move] = dict(zip(differences, judge(list(differences.values()), probability), strict=True))
    return [replace(row, priority=moves.get(row.code)) for row in found]


def _measured(estimate: Estimate, year: Year, measure: Measure) -> Estimate:
    return share_of_scale(estimate, year.scale) if measure == "share" and year.scale else estimate


def _difference(before: Estimate, now: Estimate, probability: float, *, known: bool) -> Difference:
    """The move; without interval where those of both years do not hold with the same probability (not `known`)."""
    if not known:
        before = Estimate(before.value)
    return difference(before, now, probability)
