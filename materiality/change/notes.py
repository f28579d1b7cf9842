"""What a reader must know of a comparison: where the two years were not asked, counted or sorted alike."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.change.years import Year
from scoping.wording import enumerated
from tables.names import key


@dataclass(frozen=True)
class Gaps:
    """How many moves of priority there are, how many of them have no interval, and how many issues have no tier in one
    of the years."""

    moves: int
    without_interval: int
    without_tier: int


def notes_on(before: Year, now: Year, measure: Literal["points", "share"] | None, gaps: Gaps) -> tuple[str, ...]:
    """The notes in the language of the page, what limits the comparison most first."""
    return tuple(
        filter(
            None,
            [
                *_published(before, now),
                *([] if before.is_published or now.is_published else _priorities(before, now, measure)),
                _without_interval(gaps),
                _without_tier(gaps),
                _tiers(before, now),
                *_method(before, now),
                *_who(before, now),
                _lengths(before, now),
                *_decided(before, now),
                *_simulated(before, now),
            ],
        )
    )


def _published(before: Year, now: Year) -> list[str]:
    return [
        _(
            "For %(period)s this is the list that was published: tiers, and ranks where it gives them, without scores "
            "and certainty. So nothing is said about whether a move is larger than its uncertainty."
        )
        % {"period": year.period}
        for year in (before, now)
        if year.is_published
    ]


def _priorities(before: Year, now: Year, measure: str | None) -> list[str]:
    """Why priorities are compared as shares of their scale, or not at all."""
    periods = {"before": before.period, "now": now.period}
    if measure == "share" and before.scale and now.scale:
        scales = {"low": before.scale[0], "high": before.scale[1], "low_now": now.scale[0], "high_now": now.scale[1]}
        return [
            _(
                "The scale ran from %(low)s to %(high)s in %(before)s and runs from %(low_now)s to %(high_now)s in "
                "%(now)s: priorities are compared as shares of their scale. People do not use different scales alike, "
                "so take these moves with care."
            )
            % (periods | scales)
        ]
    if measure:
        return []
    if before.question != now.question:
        why = _("Issues were rated in one year, and chosen or ranked in the other")
    elif before.choice("priority") != now.choice("priority"):
        why = _("Priority follows from the axes by another rule than in %(before)s") % periods
    elif before.choice("cannot_judge") != now.choice("cannot_judge"):
        why = _("A missing rating counts otherwise than in %(before)s") % periods
    else:
        why = _("Priority stands on other axes than in %(before)s") % periods
    return [_("%(why)s: priorities do not mean the same, and only ranks and tiers are compared.") % {"why": why}]


def _without_interval(gaps: Gaps) -> str:
    if not gaps.without_interval:
        return ""
    if gaps.without_interval == gaps.moves:
        return _(
            "No move of priority has a certainty: a result has too few answers, or was computed before intervals of "
            "priority were kept. “Update results” on the results page of that year computes them."
        )
    return ngettext(
        "%(n)d move has no certainty, since too few people rated the issue.",
        "%(n)d moves have no certainty, since too few people rated these issues.",
        gaps.without_interval,
    ) % {"n": gaps.without_interval}


def _without_tier(gaps: Gaps) -> str:
    if not gaps.without_tier:
        return ""
    return ngettext(
        "%(n)d issue has no tier in one of the years: whether it moved is not known.",
        "%(n)d issues have no tier in one of the years: whether they moved is not known.",
        gaps.without_tier,
    ) % {"n": gaps.without_tier}


def _tiers(before: Year, now: Year) -> str:
    periods = {"before": before.period, "now": now.period}
    if len(before.tiers) != len(now.tiers):
        return _("The numbers of tiers differ between %(before)s and %(now)s, so tiers are not compared.") % periods
    if [key(name) for name in before.tiers] != [key(name) for name in now.tiers]:
        return (
            _("Tiers have other names than in %(before)s: they are compared by their place, highest with highest.")
            % periods
        )
    return ""


def _method(before: Year, now: Year) -> list[str]:
    if before.is_published or now.is_published:
        return []
    periods = {"before": before.period}
    notes = []
    if before.choice("rule") != now.choice("rule") and len(before.tiers) == len(now.tiers):
        notes.append(
            _("Tiers are cut by another rule, or to other sizes, than in %(before)s: that alone can move an issue.")
            % periods
        )
    if before.choice("weights") != now.choice("weights"):
        notes.append(
            _("Groups are weighed by another rule than in %(before)s: a part of a move can come from that.") % periods
        )
    if before.choice("interval") != now.choice("interval"):
        notes.append(_("The intervals of both years hold with different probabilities, so moves have none."))
    return notes


def _who(before: Year, now: Year) -> list[str]:
    """Groups that count in one year only: another public is another answer."""
    if before.is_published or now.is_published:
        return []
    new, gone = sorted(now.groups - before.groups), sorted(before.groups - now.groups)
    parts = []
    if new:
        parts.append(_("only in %(period)s: %(names)s") % {"period": now.period, "names": enumerated(new, most=4)})
    if gone:
        parts.append(_("only in %(period)s: %(names)s") % {"period": before.period, "names": enumerated(gone, most=4)})
    if not parts:
        return []
    return [
        _("Not the same groups count (%(groups)s): a part of a move can come from who was asked.")
        % {"groups": _("; ").join(parts)}
    ]


def _lengths(before: Year, now: Year) -> str:
    if not before.ranked or not now.ranked or before.ranked == now.ranked:
        return ""
    return _(
        "Ranks are among %(n_before)d issues in %(before)s and among %(n_now)d in %(now)s: a rank can change because "
        "others came or went."
    ) % {"n_before": before.ranked, "n_now": now.ranked, "before": before.period, "now": now.period}


def _decided(before: Year, now: Year) -> list[str]:
    """Where tiers are compared that people gave: what of a move came from them, no survey can tell."""
    return [
        ngettext(
            "In %(period)s %(n)d issue stands in another tier than computed, by decision: how sure its move between "
            "tiers is cannot be said.",
            "In %(period)s %(n)d issues stand in another tier than computed, by decision: how sure their moves between "
            "tiers are cannot be said.",
            year.decided,
        )
        % {"period": year.period, "n": year.decided}
        for year in (before, now)
        if year.decided
    ]


def _simulated(before: Year, now: Year) -> list[str]:
    return [
        _("All answers of %(period)s are simulated.") % {"period": year.period}
        if year.simulated == year.respondents
        else _("%(n)d of %(all)d answers of %(period)s are simulated.")
        % {"n": year.simulated, "all": year.respondents, "period": year.period}
        for year in (before, now)
        if year.simulated
    ]
