"""What a run says, in sentences: the headline of the results page, and how it compares with a published list."""

from dataclasses import dataclass
from typing import Any

SETTLED = 0.95
NUMBERS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"]


@dataclass(frozen=True)
class Part:
    """A run of text; an issue's name stands out."""

    text: str
    is_name: bool = False


def in_words(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def percent(share: float) -> str:
    """A probability as text: never 0 % or 100 %, which no sample can show. The space is a narrow no-break one."""
    if share > 0.99:
        return ">99 %"
    if share < 0.01:
        return "<1 %"
    return f"{share * 100:.0f} %"


def headline(results: dict[str, Any]) -> list[Part]:
    """The finding first: how many issues stand in the highest tier, and which places are not settled.

    An issue's place is settled when its tier has a probability of at least 95 %.
    """
    if not any(tier["count"] for tier in results["tiers"]):
        ranked = any(issue["rank"] is not None for issue in results["issues"])
        return [Part("No issue could be put in a tier." if ranked else "No issue could be ranked.")]
    name, count = results["tiers"][0]["name"], results["tiers"][0]["count"]
    parts = [Part(_in_tier(name, count))]
    placed = [issue for issue in results["issues"] if issue["tier"] is not None]
    if not all(issue["tier_probability"] for issue in placed):
        return [*parts, Part(" There are too few answers yet to say how sure that is.")]
    inside = [issue for issue in placed if issue["tier"] == name]
    close = [issue for issue in inside if issue["tier_probability"][name] < SETTLED]
    outside = [issue for issue in placed if issue["tier"] != name and issue["tier_probability"][name] > 1 - SETTLED]
    if close:
        parts += _close_ones(close, name, settled=count - len(close))
    elif count:
        parts.append(Part(" Its place is settled" if count == 1 else " All of them are settled"))
    if outside:
        # The next to join is the one most likely to.
        issue = max(outside, key=lambda issue: issue["tier_probability"][name])
        chance = percent(issue["tier_probability"][name])
        parts += [Part("; " if close or count else " "), Part(issue["name"], is_name=True)]
        parts.append(Part(f" could join them, with {chance}" if count else f" comes nearest, with {chance}"))
    return [*parts, Part(".")] if count or outside else parts


def _close_ones(close: list[dict[str, Any]], name: str, settled: int) -> list[Part]:
    """The places inside the tier that are not settled, the least certain one by name."""
    issue = min(close, key=lambda issue: issue["tier_probability"][name])
    chance = percent(issue["tier_probability"][name])
    if not settled and len(close) == 1:
        return [Part(" "), Part(issue["name"], is_name=True), Part(f" holds its place with {chance} certainty")]
    start = " None is settled; "
    if settled:
        start = f" {in_words(settled)} of them {'is' if settled == 1 else 'are'} settled; "
    parts = [Part(start), Part(issue["name"], is_name=True), Part(f" holds its place with {chance} certainty")]
    if len(close) > 1:
        others = in_words(len(close) - 1).lower()
        parts.append(Part(f", and {others} more {'is' if len(close) == 2 else 'are'} close to the boundary"))
    return parts


def _in_tier(name: str, count: int) -> str:
    issues = "issue is" if count <= 1 else "issues are"
    words = name.lower().split()
    # "Highly important" reads on as a sentence; "Minor important" does not.
    if words[-1] == "important" and (len(words) == 1 or words[0].endswith("ly") or words[0] in ("most", "very")):
        return f"{in_words(count)} {issues} {name.lower()}."
    return f"{in_words(count)} {issues} in the highest tier, {name}."


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
