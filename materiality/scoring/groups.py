"""What the engine is given: stakeholder groups with their answers. Knows no names but those it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from materiality.scoring.exact import Number, exact, plain
from surveys.tally import Tally

Side = Literal["internal", "external"]
SIDES: tuple[Side, ...] = ("internal", "external")


@dataclass(frozen=True, eq=False)
class GroupInput:
    """A stakeholder group and its answers.

    Parameters
    ----------
    name : str
        Unique among the groups of an analysis. The group's draws belong to its name, so that adding or
        reordering groups leaves those of the others as they were.
    side : {"internal", "external"}
        Which axis it speaks for: importance to the company, or to stakeholders.
    weight : Fraction, Decimal, int, float or str
        Not negative; only its proportion to the other groups of its side counts. With 0 the group is shown
        but not counted.
    tally : Tally
        Its answers, added up.
    ratings : (respondents, issues) uint8, optional
        The same answers one by one, where the group is so small that they are drawn themselves
        (see `materiality.scoring.certainty.BOOTSTRAP_BELOW`). Their order does not matter.

    question : str, optional
        What was asked, where groups were asked two things. Only means of one question are compared with each other.

    Raises
    ------
    ValueError
        With an unknown side, a weight that is negative or no number, or ratings that are not those of the tally.
    """

    name: str
    side: Side
    weight: Number
    tally: Tally
    ratings: NDArray[np.uint8] | None = None
    question: str = ""

    def __post_init__(self) -> None:
        if self.side not in SIDES:
            raise ValueError(f"The group {self.name!r} is on the side {self.side!r}; there are {', '.join(SIDES)}.")
        weight = exact(self.weight, f"The weight of the group {self.name!r}")
        if weight < 0:
            raise ValueError(f"The weight of the group {self.name!r} is {plain(weight)}, less than 0.")
        object.__setattr__(self, "weight", weight)
        if self.ratings is not None:
            object.__setattr__(self, "ratings", self._checked_ratings(np.asarray(self.ratings)))

    def _checked_ratings(self, ratings: NDArray[np.uint8]) -> NDArray[np.uint8]:
        shape = (self.tally.respondents, self.tally.items)
        if ratings.dtype != np.uint8 or ratings.shape != shape:
            raise ValueError(
                f"The ratings of the group {self.name!r} are {ratings.dtype} in the shape {ratings.shape}; its tally "
                f"has {shape[0]} respondents and {shape[1]} issues."
            )
        same_sums = np.array_equal(ratings.sum(axis=0, dtype=np.int64), self.tally.sums)
        if not same_sums or not np.array_equal((ratings != 0).sum(axis=0), self.tally.counts):
            raise ValueError(f"The ratings of the group {self.name!r} do not add up to its tally.")
        ratings = ratings.view()
        ratings.setflags(write=False)
        return ratings

    @cached_property
    def exact_weight(self) -> Fraction:
        """The weight as a fraction."""
        return exact(self.weight, f"The weight of the group {self.name!r}")

    @cached_property
    def means(self) -> tuple[Fraction | None, ...]:
        """(issues,) Exact mean rating of each issue over those who rated it; None where nobody did."""
        sums, counts = self.tally.sums.tolist(), self.tally.counts.tolist()
        return tuple(Fraction(total, n) if n else None for total, n in zip(sums, counts, strict=True))

    @property
    def answered(self) -> bool:
        """Whether anybody of the group rated anything."""
        return bool(self.tally.counts.any())


def check_groups(groups: Sequence[GroupInput], issues: int) -> tuple[int, int]:
    """The scale that all groups share.

    Raises
    ------
    ValueError
        Without groups, with two of one name, or with tallies of other issues or of another scale.
    """
    if not groups:
        raise ValueError("An analysis needs at least one stakeholder group.")
    names = [group.name for group in groups]
    for group in groups:
        if names.count(group.name) > 1:
            raise ValueError(f"Two groups have the name {group.name!r}.")
        if group.tally.items != issues:
            raise ValueError(f"The tally of the group {group.name!r} has {group.tally.items} issues, not {issues}.")
        if group.tally.scale != groups[0].tally.scale:
            raise ValueError(
                f"The group {group.name!r} rated from {group.tally.scale[0]} to {group.tally.scale[1]}, the group "
                f"{groups[0].name!r} from {groups[0].tally.scale[0]} to {groups[0].tally.scale[1]}."
            )
    return groups[0].tally.scale
