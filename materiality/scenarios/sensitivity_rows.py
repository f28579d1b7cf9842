"""The sensitivity table of a result, ready for the page: which weight or cut-off would move which issue, in words.

Templates include materiality/whatif/_sensitivity.html with what `sensitivity_table` returns.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from materiality.scenarios.wording import group_names, percent
from materiality.scoring.exact import exact
from materiality.scoring.method import Method
from materiality.scoring.paths import Lever
from materiality.scoring.sensitivity import TOLERANCE, Change, CutChange, LeverSensitivity, Sensitivity, sensitivity
from materiality.scoring.tier_rules import AxisCutOffs, CutOffs
from materiality.voices import Voice, inputs_of, issue_items
from materiality.weighing import facts_used
from materiality.whatif.adjustments import Adjustments, number_text
from materiality.whatif.recomputing import kept_voices
from scoping.models import Assessment
from surveys.selectors import FoldedSurvey

# Rows that are shown at once; the others are a click away.
FIRST = 8
# The time it takes grows with the square of the number: a second or so with this many.
MOST_ISSUES = 100
MINUS = "\N{MINUS SIGN}"
# Weights that a row is tried with have so many decimals.
_WEIGHT_DECIMALS = 6
# A rounded number that would pass its neighbour gets more decimals, up to so many.
_MOST_MORE_PLACES = 6
# A score that is a square root comes as a float, and may be so much off.
_NOTHING = Fraction(1, 10**12)


@dataclass(frozen=True)
class Move:
    """One issue that changes its tier; numbers are those of the tiers, 1 for the highest."""

    code: str
    issue: str
    tier_from: str
    number_from: int
    tier_to: str
    number_to: int


@dataclass(frozen=True)
class Row:
    """One change, and all issues that it is the first to move.

    Parameters
    ----------
    what : the group whose weight changes; or the tier that a cut-off is the lower end of.
    now, then : its share of the axis, or the cut-off, as text. `then` is rounded away from `now`, so that it is on the
        other side of the boundary.
    points : how far that is, with its sign: percentage points, or points of the rating scale.
    query : the address of the what-if with this change, without its "?".
    """

    what: str
    now: str
    then: str
    points: str
    moves: tuple[Move, ...]
    query: str


@dataclass(frozen=True)
class SensitivityTable:
    """
    Parameters
    ----------
    headline : how robust the result is, in a sentence.
    nearest : the smallest change, in a sentence; empty without one.
    rows, cut_rows : smallest change first; the first few, and `more_rows` and `more_cut_rows` for the others.
    """

    headline: str
    nearest: str
    rows: tuple[Row, ...]
    more_rows: tuple[Row, ...]
    cut_rows: tuple[Row, ...]
    more_cut_rows: tuple[Row, ...]


def sensitivity_table(
    *, assessment: Assessment, adjustments: Adjustments, results: Mapping[str, Any], survey: FoldedSurvey
) -> SensitivityTable:
    """What would move issues of the result that `recompute` made of these adjustments and tallies.

    Parameters
    ----------
    results : its document.
    survey : the tallies that it was made of.

    Returns
    -------
    SensitivityTable
        With more than `MOST_ISSUES` issues nothing is worked out, and the headline says so.
    """
    if len(results["issues"]) > MOST_ISSUES:
        return SensitivityTable(_too_many(len(results["issues"])), "", (), (), (), ())
    method = replace(Method.from_dict(results["method"]), draws=0)
    weights = {**adjustments.weights, **dict.fromkeys(adjustments.left_out_groups, Fraction())}
    voices = kept_voices(survey)
    inputs = inputs_of(voices, facts_used(assessment, survey, method), method, weights)
    issues = issue_items(survey)
    kept = [place for place, item in enumerate(issues) if item.code not in adjustments.left_out_issues]
    # Only means matter here, not who rated what.
    inputs = [replace(given, tally=given.tally.select(kept), people=None) for given in inputs]
    levers = _levers(voices, [given.exact_weight for given in inputs])
    found = sensitivity(inputs, len(kept), method, levers)
    told = _Told(adjustments, method, [issues[place] for place in kept], group_names(results), levers)
    rows = told.weight_rows(found)
    cut_rows = tuple(map(told.cut_row, found.cuts))
    return SensitivityTable(
        _headline(found), _nearest(rows), rows[:FIRST], rows[FIRST:], cut_rows[:FIRST], cut_rows[FIRST:]
    )


def _levers(voices: Sequence[Voice], weights: Sequence[Fraction]) -> list[Lever]:
    """One per group, with all voices that it speaks in. Its own weight is that of its voice by itself."""
    own = {voice.code: weight for voice, weight in zip(voices, weights, strict=True) if not voice.is_pool}
    return [
        Lever(code, weight, tuple(v for v, voice in enumerate(voices) if code in _codes(voice)))
        for code, weight in own.items()
    ]


def _codes(voice: Voice) -> set[str]:
    return {answers.group.code for answers in voice.groups}


def _headline(found: Sensitivity) -> str:
    if not found.levers:
        return _("No axis has two groups with a weight and answers, so no weight can be changed against another.")
    if found.nearest is None:
        return _("No change of one group’s weight moves any issue across a boundary.")
    lever, change = found.nearest
    # A change is known to lie within TOLERANCE; one at a round number is told by it.
    tenths = math.floor((abs(change.inside - lever.share) + Fraction(TOLERANCE)) * 1000)
    if tenths < 1:
        return _("The smallest change of a weight moves an issue across a boundary.")
    return _("No change of one group’s weight by less than %(points)s points moves any issue across a boundary.") % {
        "points": floatformat(tenths / 10, 0 if tenths % 10 == 0 else 1)
    }


def _too_many(issues: int) -> str:
    told = {"most": number_format(MOST_ISSUES), "number": number_format(issues)}
    return _("What would move an issue is worked out for up to %(most)s issues, and here are %(number)s.") % told


def _nearest(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    row, move = rows[0], rows[0].moves[0]
    told = {"group": row.what, "then": row.then, "now": row.now, "issue": move.issue}
    tiers = {"tier_from": move.tier_from, "tier_to": move.tier_to}
    return _(
        "If %(group)s weighed %(then)s of their axis instead of %(now)s, %(issue)s would move from %(tier_from)s "
        "to %(tier_to)s."
    ) % (told | tiers)


class _Told:
    """Changes of the engine in the words and addresses of the page."""

    def __init__(
        self,
        adjustments: Adjustments,
        method: Method,
        issues: Sequence[Any],
        names: Mapping[str, str],
        levers: Sequence[Lever],
    ) -> None:
        self.adjustments = adjustments
        self.method = method
        self.issues = issues
        self.names = names
        self.weights = {lever.name: exact(lever.weight, lever.name) for lever in levers}

    def weight_rows(self, found: Sensitivity) -> tuple[Row, ...]:
        """Smallest change first; what one change moves at the same share is one row. Of two groups that are alone on
        an axis, what one gains the other loses: that is said of the one that gains."""
        rows = []
        for lever in found.levers:
            for outside, changes in groupby(lever.changes, key=lambda change: change.outside):
                if lever.others == 1 and outside < lever.share:
                    continue
                together = list(changes)
                rows.append((lever.distance(together[0]), self._weight_row(lever, together)))
        return tuple(row for _distance, row in sorted(rows, key=lambda one: (one[0], one[1].what)))

    def _weight_row(self, lever: LeverSensitivity, changes: Sequence[Change]) -> Row:
        outside = changes[0].outside
        up = outside > lever.share
        then, places = _rounded(outside, lambda share: 0 < share < 1, first=3, up=up)
        return Row(
            what=self.names[lever.name],
            now=percent(lever.share),
            then=percent(then, places - 2),
            points=f"{'+' if up else MINUS}{floatformat(abs(float(then - lever.share)) * 100, places - 2)}",
            moves=tuple(self._move(change) for change in changes),
            query=self._with_share(lever, then, up),
        )

    def _with_share(self, lever: LeverSensitivity, share: Fraction, up: bool) -> str:
        weight = self.weights[lever.name]
        wanted = weight * (1 - lever.share) / lever.share * share / (1 - share)
        rounded, _places = _rounded(wanted, lambda found: found > 0, first=_WEIGHT_DECIMALS, up=up)
        return replace(self.adjustments, weights={**self.adjustments.weights, lever.name: rounded}).to_query()

    def cut_row(self, change: CutChange) -> Row:
        rule = self.method.rule
        assert isinstance(rule, CutOffs | AxisCutOffs)
        cuts, at = [*rule.exact_cuts], change.cut
        now = cuts[at]
        score = now + exact(change.by, "The change of a cut-off")

        def fits(cut: Fraction) -> bool:
            """Whether it stays between its neighbours, and the issue is on the other side."""
            below_upper = at == 0 or cut < cuts[at - 1]
            above_lower = at == len(cuts) - 1 or cut > cuts[at + 1]
            return below_upper and above_lower and (cut <= score if change.reaches else cut > score + _NOTHING)

        then, places = _rounded(score, fits, first=2, up=not change.reaches)
        cuts[at] = then
        choice = replace(self.adjustments.choice, cuts=tuple(number_text(cut) for cut in cuts))
        return Row(
            what=self.method.tiers[at],
            now=floatformat(float(now), _places_of(now)),
            then=floatformat(float(then), places),
            points=f"{MINUS if change.reaches else '+'}{floatformat(float(abs(then - now)), places)}",
            moves=(self._move(change),),
            query=replace(self.adjustments, choice=choice).to_query(),
        )

    def _move(self, change: Change | CutChange) -> Move:
        issue, tiers = self.issues[change.issue], self.method.tiers
        return Move(
            code=issue.code,
            issue=issue.name,
            tier_from=tiers[change.tier_from],
            number_from=change.tier_from + 1,
            tier_to=tiers[change.tier_to],
            number_to=change.tier_to + 1,
        )


def _rounded(value: Fraction, fits: Callable[[Fraction], bool], *, first: int, up: bool) -> tuple[Fraction, int]:
    """The number with the fewest decimals, `first` or more, that is not on the near side of `value` and fits."""
    for places in range(first, first + _MOST_MORE_PLACES):
        unit = Fraction(1, 10**places)
        whole = math.ceil(value / unit) if up else math.floor(value / unit)
        for found in (whole * unit, (whole + 1 if up else whole - 1) * unit):
            if fits(found):
                return found, places
    return value, first + _MOST_MORE_PLACES


def _places_of(number: Fraction) -> int:
    """Decimals to show a number that was typed: those it has, two at most."""
    return next((places for places in (0, 1) if (number * 10**places).denominator == 1), 2)
