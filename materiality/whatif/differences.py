"""What is different between two results: for each issue its rank, tier and priority before and now.

Pure: documents in (materiality/results.py), values out. What is said about it in words is found elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Place:
    """Where an issue stands in one result. None is what it has not got there.

    Parameters
    ----------
    tier : its name; `tier_number` is 1 for the highest.
    """

    rank: int | None
    tier: str | None
    tier_number: int | None
    priority: float | None


@dataclass(frozen=True)
class Difference:
    """One issue in two results; `before` or `now` is None where it is in one of them only."""

    code: str
    name: str
    before: Place | None
    now: Place | None

    @property
    def moved(self) -> int:
        """By how many ranks it rose (above 0) or fell; 0 where one of them is not known."""
        if not self.before or not self.now or self.before.rank is None or self.now.rank is None:
            return 0
        return self.before.rank - self.now.rank

    @property
    def steps(self) -> int:
        return abs(self.moved)

    @property
    def changes_tier(self) -> bool:
        """Whether it stands in another tier; to have none is another one too."""
        return bool(self.before and self.now) and self._tier(self.before) != self._tier(self.now)

    @property
    def rises(self) -> bool | None:
        """Whether its tier is a higher one than before; None where it has none, or where tiers are not the same."""
        if not self.changes_tier or not self.before or not self.now:
            return None
        if self.before.tier_number is None or self.now.tier_number is None:
            return None
        if self.before.tier_number == self.now.tier_number:
            return None
        return self.now.tier_number < self.before.tier_number

    @property
    def gained(self) -> float | None:
        """By how much its priority rose, in rating points."""
        if not self.before or not self.now or self.before.priority is None or self.now.priority is None:
            return None
        return self.now.priority - self.before.priority

    @staticmethod
    def _tier(place: Place | None) -> str | None:
        return place.tier if place else None


@dataclass(frozen=True)
class Differences:
    """All issues of two results: those of the new one in its order, then those that only the earlier one has."""

    issues: tuple[Difference, ...]

    @property
    def by_code(self) -> dict[str, Difference]:
        return {issue.code: issue for issue in self.issues}

    @property
    def tier_changes(self) -> tuple[Difference, ...]:
        return tuple(issue for issue in self.issues if issue.changes_tier)

    @property
    def rank_changes(self) -> tuple[Difference, ...]:
        return tuple(issue for issue in self.issues if issue.moved)

    @property
    def left_out(self) -> tuple[Difference, ...]:
        return tuple(issue for issue in self.issues if issue.now is None)

    @property
    def added(self) -> tuple[Difference, ...]:
        return tuple(issue for issue in self.issues if issue.before is None)


def compare(before: Mapping[str, Any], now: Mapping[str, Any]) -> Differences:
    """Compare two results documents; issues are the same where their codes are."""
    earlier, later = _places(before), _places(now)
    names = {issue["code"]: issue["name"] for results in (before, now) for issue in results["issues"]}
    codes = [*later, *(code for code in earlier if code not in later)]
    return Differences(tuple(Difference(code, names[code], earlier.get(code), later.get(code)) for code in codes))


def _places(results: Mapping[str, Any]) -> dict[str, Place]:
    numbers = {tier["name"]: number for number, tier in enumerate(results["tiers"], start=1)}
    return {
        issue["code"]: Place(issue["rank"], issue["tier"], numbers.get(issue["tier"] or ""), issue["priority"])
        for issue in results["issues"]
    }
