"""Issues whose tier is not settled: on which side of which boundary they could be, and what would settle it."""

import math
from dataclasses import dataclass
from typing import Any

from materiality.findings import SETTLED, percent
from materiality.presentation import tier_numbers
from materiality.review.decided import computed_tier
from scoping.wording import isolated


@dataclass(frozen=True)
class Place:
    """A tier in which an issue could be. `number` is 1 for the highest."""

    name: str
    number: int
    chance: str


@dataclass(frozen=True)
class BoundaryCase:
    """An issue that could be on either side of a boundary.

    Attributes
    ----------
    here : where it stands.
    there : where it is most likely to be otherwise.
    answers : how many more answers would settle it, rounded up to two digits; None if answers alone would not.
    is_estimated : whether that was computed; results of earlier versions do not say.
    is_outdone : whether the draws have it more often in the other tier; the score decides where it stands.
    """

    issue: dict[str, Any]
    here: Place
    there: Place
    answers: int | None
    is_estimated: bool
    is_outdone: bool = False

    @property
    def name(self) -> str:
        """Of the issue, for sentences."""
        return isolated(self.issue["name"])

    @property
    def places(self) -> tuple[Place, Place]:
        return self.here, self.there


def boundary_cases(results: dict[str, Any]) -> list[BoundaryCase]:
    """In the order of their ranks. Empty where every tier is settled, and where nothing is known of certainty."""
    numbers = tier_numbers(results)
    cases = []
    for issue in results["issues"]:
        chances = issue["tier_probability"]
        here = computed_tier(issue)
        # Where people decided otherwise, chance has no say.
        if here is None or here != issue["tier"] or not chances or chances[here] >= SETTLED:
            continue
        others = {name: chance for name, chance in chances.items() if name != here}
        other = max(others, key=lambda name: others[name])
        settling = issue.get("to_settle")
        needed = settling["answers"] if settling else None
        cases.append(
            BoundaryCase(
                issue,
                here=Place(here, numbers[here], percent(chances[here])),
                there=Place(other, numbers[other], percent(others[other])),
                answers=None if needed is None else two_digits(needed),
                is_estimated=settling is not None,
                is_outdone=others[other] > chances[here],
            )
        )
    return cases


def of_unknown_certainty(results: dict[str, Any]) -> int:
    """Of how many issues it is not known whether their tier is settled: without tier, or with too few ratings."""
    return sum(computed_tier(issue) is None or not issue["tier_probability"] for issue in results["issues"])


def two_digits(number: int) -> int:
    """`number` rounded up to two significant digits: an estimate is no more precise."""
    step = 10 ** max(math.floor(math.log10(max(number, 1))) - 1, 0)
    return math.ceil(number / step) * step
