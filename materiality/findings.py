"""What a run says, in sentences: the headline of the results page, and how it compares with a published list."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from materiality.review.decided import moved_by_decision
from materiality.scoring.settling import SETTLED_FROM as SETTLED
from scoping.wording import capital, is_english, isolated, spelled


@dataclass(frozen=True)
class Part:
    """A run of text; an issue's name stands out."""

    text: str
    is_name: bool = False


def in_words(number: int) -> str:
    return capital(spelled(number))


def percent(share: float) -> str:
    """A probability from 0 to 1 as text, in the language that is active.

    Never 0 % or 100 %, which no sample can show; and what falls short of settled (see SETTLED) is never rounded up to
    it, since texts beside it say on which side it is.
    """
    if share > 0.99:
        return _(">%(number)s %%") % {"number": 99}
    if share < 0.01:
        return _("<%(number)s %%") % {"number": 1}
    whole = round(share * 100)
    return _("%(number)s %%") % {"number": whole - 1 if share < SETTLED <= whole / 100 else whole}


def headline(results: dict[str, Any]) -> list[Part]:
    """The finding first: how many issues stand in the highest tier, and which places are not settled.

    An issue's place is settled when its tier has a probability of at least 95 %. Of issues that stand in another tier
    by decision, probabilities say nothing; how many these are is told last.
    """
    if not any(tier["count"] for tier in results["tiers"]):
        ranked = any(issue["rank"] is not None for issue in results["issues"])
        return [Part(_("No issue could be put in a tier.") if ranked else _("No issue could be ranked."))]
    name, count = results["tiers"][0]["name"], results["tiers"][0]["count"]
    parts = [Part(_in_tier(name, count))]
    moved = moved_by_decision(results)
    given = sum(issue["tier"] == name for issue in moved)
    count -= given
    decided = [Part(_after(by_decision(len(moved))))] if moved else []
    placed = [issue for issue in results["issues"] if issue["tier"] is not None and issue not in moved]
    if not all(issue["tier_probability"] for issue in placed):
        return [*parts, *decided, Part(_(" There are too few answers yet to say how sure that is."))]
    inside = [issue for issue in placed if issue["tier"] == name]
    close = [issue for issue in inside if issue["tier_probability"][name] < SETTLED]
    outside = [issue for issue in placed if issue["tier"] != name and issue["tier_probability"][name] > 1 - SETTLED]
    if close:
        parts += _close_ones(close, name, settled=count - len(close))
    elif count and given:
        computed = ngettext(
            " The %(number)s that was computed there is settled",
            " The %(number)s that were computed there are settled",
            count,
        )
        parts.append(Part(computed % {"number": spelled(count)}))
    elif count:
        parts.append(Part(_(" Its place is settled") if count == 1 else _(" All of them are settled")))
    # The next to join is the one most likely to.
    named = sorted(outside, key=lambda issue: issue["tier_probability"][name])[-1:]
    for issue in named:
        chance = percent(issue["tier_probability"][name])
        parts += [
            Part(pgettext("headline", "; ") if count else pgettext("headline, before the nearest issue", " ")),
            _name(issue),
        ]
        nearest = _(" could join them, with %(chance)s") if count else _(" comes nearest, with %(chance)s")
        parts.append(Part(nearest % {"chance": chance}))
    lower = [issue for issue in placed if issue["tier"] != name and issue["tier_probability"][issue["tier"]] < SETTLED]
    others = len(lower) - any(one["code"] == issue["code"] for one in lower for issue in named)
    if others and (count or outside):
        more = ngettext(
            "; %(number)s other issue is close to a boundary",
            "; %(number)s other issues are close to a boundary",
            others,
        )
        parts.append(Part(more % {"number": spelled(others)}))
    return [*parts, *([Part(pgettext("headline", "."))] if count or outside else []), *decided]


def _after(sentence: str) -> str:
    """`sentence` as it follows another one; not every language parts them by a blank."""
    return pgettext("two sentences", "%(one)s %(other)s") % {"one": "", "other": sentence}


def by_decision(number: int) -> str:
    """How many issues stand in another tier than computed."""
    told = ngettext(
        "%(number)s issue stands in another tier than computed, by decision.",
        "%(number)s issues stand in another tier than computed, by decision.",
        number,
    )
    return told % {"number": in_words(number)}


def _close_ones(close: list[dict[str, Any]], name: str, settled: int) -> list[Part]:
    """The places inside the tier that are not settled, the least certain one by name."""
    issue = min(close, key=lambda issue: issue["tier_probability"][name])
    holds = _(" holds its place with %(chance)s certainty") % {"chance": percent(issue["tier_probability"][name])}
    if not settled and len(close) == 1:
        return [
            Part(pgettext("headline, before an issue inside", " ")),
            _name(issue),
            Part(holds),
        ]
    start = _(" None is settled; ")
    if settled:
        start = ngettext(" %(number)s of them is settled; ", " %(number)s of them are settled; ", settled) % {
            "number": in_words(settled)
        }
    parts = [Part(start), _name(issue), Part(holds)]
    if others := len(close) - 1:
        more = ngettext(
            ", and %(number)s more is close to the boundary", ", and %(number)s more are close to the boundary", others
        )
        parts.append(Part(more % {"number": spelled(others)}))
    return parts


def _name(issue: dict[str, Any]) -> Part:
    return Part(isolated(issue["name"]), is_name=True)


def _in_tier(name: str, count: int) -> str:
    told = {"number": in_words(count), "tier": name}
    words = name.lower().split()
    # "Highly important" reads on as a sentence; "Minor important" does not.
    if words[-1] == "important" and (len(words) == 1 or words[0].endswith("ly") or words[0] in ("most", "very")):
        # Other languages quote the name, as it was typed.
        told["tier"] = name.lower() if is_english() else name
        # English says "no issue is".
        return ngettext("%(number)s issue is %(tier)s.", "%(number)s issues are %(tier)s.", max(count, 1)) % told
    return (
        ngettext(
            "%(number)s issue is in the highest tier, %(tier)s.",
            "%(number)s issues are in the highest tier, %(tier)s.",
            max(count, 1),
        )
        % told
    )


def compared_with_published(results: dict[str, Any]) -> tuple[int, int]:
    """How many issues stand in the tier that was published for them, of how many that have one."""
    published = [issue for issue in results["issues"] if issue["published"]]
    return sum(issue["tier"] == issue["published"]["tier"] for issue in published), len(published)


def agreement_with_published(results: dict[str, Any]) -> str:
    """The comparison as a sentence."""
    same, of = compared_with_published(results)
    tiers = ", ".join(f"{tier['count']} {tier['name']}" for tier in results["tiers"])
    if not of:
        return f"Tiers: {tiers}."
    if of < len(results["issues"]):
        # A report may name the tiers of some issues only; then nothing is said about the others.
        which = f"all {of}" if same == of else f"{same} of the {of}"
        verdict = f"{which} issues with a published tier stand in it"
    else:
        verdict = (
            "every issue stands in its published tier" if same == of else f"{same} of {of} in their published tier"
        )
    return f"Tiers: {tiers}; {verdict}."
