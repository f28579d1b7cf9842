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
    top = next((tier for tier in results["tiers"] if tier["count"]), None)
    if top is None:
        return [Part("No issue could be ranked.")]
    name, count = top["name"], top["count"]
    parts = [Part(_in_tier(name, count))]
    inside = [issue for issue in results["issues"] if issue["tier"] == name]
    close = [issue for issue in inside if issue["tier_probability"].get(name, 1.0) < SETTLED]
    outside = [
        issue
        for issue in results["issues"]
        if issue["tier"] not in (name, None) and issue["tier_probability"].get(name, 0.0) > 1 - SETTLED
    ]
    if not close and not outside:
        return [*parts, Part(" The place is settled." if count == 1 else " All of them are settled.")]
    if not close:
        parts.append(Part(" They are settled," if count > 1 else " It is settled,"))
        parts.append(Part(" yet "))
    else:
        settled = count - len(close)
        if settled:
            parts.append(Part(f" {in_words(settled)} of them {'is' if settled == 1 else 'are'} settled; "))
        else:
            parts.append(Part(" None of them is settled: "))
        issue = close[-1]
        parts += [Part(issue["name"], is_name=True), Part(" holds its place with ")]
        parts.append(Part(f"{percent(issue['tier_probability'][name])} certainty"))
        if len(close) > 1:
            others = f"{in_words(len(close) - 1).lower()} more {'is' if len(close) == 2 else 'are'}"
            parts.append(Part(f", and {others} close to the boundary"))
        if not outside:
            return [*parts, Part(".")]
        parts.append(Part("; "))
    issue = outside[0]
    parts += [Part(issue["name"], is_name=True), Part(" is the next to join, with ")]
    return [*parts, Part(f"{percent(issue['tier_probability'][name])}.")]


def _in_tier(name: str, count: int) -> str:
    issues = "issue is" if count == 1 else "issues are"
    if name.lower().endswith("important"):
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
    verdict = "every issue stands in its published tier" if same == of else f"{same} of {of} in their published tier"
    return f"Tiers: {tiers}; {verdict}."
