"""A comparison in sentences: the headline of its page, and the text for the report (GRI 3-2-b)."""

import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.change.amounts import amount, percent_of, places_of, span
from materiality.change.comparison import Comparison, Row, Then
from materiality.findings import SETTLED, Part, in_words
from scoping.continuity import Relation
from scoping.wording import enumerated, is_english, isolated, run_on

# Names stand between these until the sentence is put together, so that it can be translated as a whole.
_OPEN, _CLOSE = "\x02", "\x03"
MOST = 6


def headline(comparison: Comparison) -> list[Part]:
    """Who came into the highest tier and who left it, which of that is not settled, how many moves are certain."""
    text = run_on([*_highest_tier(comparison), _moves(comparison)])
    pieces = re.split(f"({_OPEN}[^{_CLOSE}]*{_CLOSE})", text)
    return [Part(piece.strip(_OPEN + _CLOSE), is_name=piece.startswith(_OPEN)) for piece in pieces if piece]


def report_text(comparison: Comparison) -> str:
    """What the report can say about changes to the list of material topics, in paragraphs of plain text."""
    before, now = comparison.before.period, comparison.now.period
    opening = _("Changes to the list of material topics in %(now)s, compared with %(before)s.") % {
        "now": now,
        "before": before,
    }
    found = "".join(part.text for part in headline(comparison))
    return "\n\n".join(
        filter(
            None,
            [
                run_on([opening, comparison.summary]),
                found,
                "\n".join(_list_changes(comparison)),
                "\n".join(_certain_moves(comparison)),
                _basis(comparison),
                run_on(comparison.notes),
            ],
        )
    )


def criterion(comparison: Comparison) -> str:
    """When a move counts as larger than its uncertainty."""
    n = comparison.compared
    return ngettext(
        "A move is larger than its uncertainty when the %(percent)s interval of the change of priority excludes zero.",
        "A move is larger than its uncertainty when the %(percent)s interval of the change of priority excludes zero, "
        "and it still stands out when all %(n)d moves are looked at together: of those so named, at most about one in "
        "%(one_in)d is chance.",
        n,
    ) % {"percent": percent_of(_probability(comparison)), "n": n, "one_in": round(1 / (1 - _probability(comparison)))}


def _probability(comparison: Comparison) -> float:
    return float(comparison.now.choice("interval"))


def _named(rows: Iterable[Row | Then]) -> str:
    names = []
    for one in rows:
        name = f"{_OPEN}{one.name}{_CLOSE}"
        if isinstance(one, Row) and one.relation == Relation.DROPPED:
            name = _("%(name)s (dropped from the list)") % {"name": name}
        names.append(name)
    return enumerated(names, most=MOST)


def _highest_tier(comparison: Comparison) -> list[str]:
    if not comparison.same_tiers:
        return [_("The tiers of both years cannot be compared.")]
    entered, left, tier = comparison.entered, comparison.left, comparison.now.tiers[0]
    told = {"tier": tier, "new": _named(entered), "gone": _named(left), "before": comparison.before.period}
    if _reads_on(tier):
        # Other languages quote the name, as it was typed.
        told["tier"] = tier.lower() if is_english() else tier
        if entered and left:
            text = _("New among the %(tier)s issues: %(new)s; no longer: %(gone)s.")
        elif entered:
            text = _("New among the %(tier)s issues: %(new)s.")
        elif left:
            text = _("No longer among the %(tier)s issues: %(gone)s.")
        else:
            text = _("The %(tier)s issues are the same as in %(before)s.")
    elif entered and left:
        text = _("New in the highest tier, %(tier)s: %(new)s; no longer: %(gone)s.")
    elif entered:
        text = _("New in the highest tier, %(tier)s: %(new)s.")
    elif left:
        text = _("No longer in the highest tier, %(tier)s: %(gone)s.")
    else:
        text = _("The highest tier, %(tier)s, has the same issues as in %(before)s.")
    unsettled = [row for row in (*entered, *left) if not _is_settled(row)]
    if unsettled:
        names = _named(Then(row.code, row.name, None) for row in unsettled)
        return [text % told, _("Not settled: %(names)s.") % {"names": names}]
    return [text % told]


def _reads_on(tier: str) -> bool:
    """Whether "the highly important issues" is a phrase; "the High issues" is none."""
    words = tier.lower().split()
    return words[-1] in ("important", "material") and (
        len(words) == 1 or words[0].endswith("ly") or words[0] in ("most", "very")
    )


def _is_settled(one: Row | Then) -> bool:
    """Whether the move into or out of the highest tier is sure; so is what nothing is known of, which the notes say."""
    if isinstance(one, Then) or one.relation == Relation.DROPPED:
        return True
    if one.tiers is not None:
        entered = one.now is not None and one.now.tier == 0
        return (one.tiers.higher if entered else one.tiers.lower) >= SETTLED
    if one.now is None or one.now.chances is None or one.is_one_to_one:
        return True
    return one.now.chances[0] >= SETTLED


def _moves(comparison: Comparison) -> str:
    n, larger = comparison.compared, len(comparison.larger)
    if not n:
        return _("How sure the moves are is not known.") if any(row.ranks for row in comparison.rows) else ""
    if not larger:
        return ngettext(
            "The only move compared is not larger than its uncertainty.",
            "None of %(n)d moves is larger than its uncertainty.",
            n,
        ) % {"n": n}
    return ngettext(
        "%(number)s of %(n)d moves is larger than its uncertainty.",
        "%(number)s of %(n)d moves are larger than their uncertainty.",
        larger,
    ) % {"number": in_words(larger), "n": n}


def _list_changes(comparison: Comparison) -> list[str]:
    """A line for every issue that is not simply the same."""
    before = comparison.before.period
    patterns = {
        Relation.NEW: _("New: %(name)s."),
        Relation.DROPPED: _("Dropped: %(name)s."),
        Relation.RENAMED: _("Renamed: %(name)s (%(before)s: %(others)s)."),
        Relation.MERGED: _("Merged: %(name)s continues %(others)s."),
        Relation.SPLIT: _("Split: %(name)s continues a part of %(others)s."),
        Relation.MERGED_AND_SPLIT: _("Merged and split: %(name)s continues %(others)s."),
    }
    lines = []
    for row in comparison.rows:
        if row.relation in patterns:
            others = enumerated([then.name for then in row.before])
            line = patterns[row.relation] % {"name": isolated(row.name), "others": others, "before": before}
            lines.append(" ".join(filter(None, [line, row.note])))
    return lines


def _certain_moves(comparison: Comparison) -> Sequence[str]:
    """A line for every move that is larger than its uncertainty."""
    lines = []
    for row in comparison.larger:
        then, now, move = row.then, row.now, row.priority
        if not (then and now and then.priority and now.priority and move):
            continue
        told = {
            "name": isolated(row.name),
            "was": f"{then.priority.value:.2f}",
            "is": f"{now.priority.value:.2f}",
            "change": amount(move.difference.value, comparison.measure),
            "percent": percent_of(_probability(comparison)),
            "span": span(move.difference.interval, comparison.measure),
            "ranks": places_of(row),
        }
        lines.append(
            _("%(name)s: priority %(was)s to %(is)s (%(change)s; %(percent)s interval %(span)s), %(ranks)s.") % told
        )
    return lines


def _basis(comparison: Comparison) -> str:
    if not comparison.compared:
        return ""
    return _(
        "How moves were compared: %(criterion)s Intervals of a change by Zou and Donner (2008), adjusted for several "
        "comparisons by Benjamini and Hochberg (1995); both surveys are taken as independent."
    ) % {"criterion": criterion(comparison)}
