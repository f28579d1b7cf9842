"""What the engine is given: stakeholder groups with their answers. Knows no names but those it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from materiality.scoring.exact import Number, exact, plain, whole_number
from surveys.tally import Tally


@dataclass(frozen=True, eq=False)
class People:
    """Respondents whose answers several groups of an analysis are made of: who was asked two things.

    Parameters
    ----------
    name : str
        Groups with the same name here are the same respondents.
    tally : Tally
        All that they answered, added up.
    columns : tuple of int
        (issues,) Which of the tally's items are the ratings of the group that refers to it.
    """

    name: str
    tally: Tally
    columns: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class GroupInput:
    """A stakeholder group and its answers.

    Parameters
    ----------
    name : str
        Unique among the groups of an analysis. The group's draws belong to its name, so that adding or
        reordering groups leaves those of the others as they were.
    axis : str
        Which axis it speaks for, one of the method's.
    weight : Fraction, Decimal, int, float or str
        Not negative; only its proportion to the other groups of its axis counts. With 0 the group is shown
        but not counted.
    tally : Tally
        Its answers, added up.
    question : str, optional
        What was asked, where groups were asked two things. Only means of one question are compared with each other.
    population : int, optional
        How many people belong to the group, at least 1; None where that is not known.
    people : People, optional
        Where the same respondents are another group as well: all that they said, so that both are drawn together.
    rated : (issues,) int64, optional
        How many rated each issue, where the tally counts others too (see `materiality.scoring.handling.filled`).

    Raises
    ------
    ValueError
        With a weight that is negative or no number, or a headcount that is none.
    """

    name: str
    axis: str
    weight: Number
    tally: Tally
    question: str = ""
    population: int | None = None
    people: People | None = None
    rated: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        weight = exact(self.weight, f"The weight of the group {self.name!r}")
        if weight < 0:
            raise ValueError(f"The weight of the group {self.name!r} is {plain(weight)}, less than 0.")
        if self.population is not None:
            whole_number(self.population, f"The headcount of the group {self.name!r}", 1, None)
        object.__setattr__(self, "weight", weight)

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
    def answers(self) -> NDArray[np.int64]:
        """(issues,) How many people rated each issue."""
        return self.tally.counts if self.rated is None else self.rated

    @property
    def answered(self) -> bool:
        """Whether anybody of the group rated anything."""
        return bool(self.tally.counts.any())


def check_groups(groups: Sequence[GroupInput], issues: int, axes: Sequence[str]) -> tuple[int, int]:
    """The scale that all groups share.

    Raises
    ------
    ValueError
        Without groups, with two of one name, with an axis that is not measured, or with tallies of other issues or
        of another scale.
    """
    if not groups:
        raise ValueError("An analysis needs at least one stakeholder group.")
    names = [group.name for group in groups]
    for group in groups:
        if names.count(group.name) > 1:
            raise ValueError(f"Two groups have the name {group.name!r}.")
        if group.axis not in axes:
            raise ValueError(f"The group {group.name!r} is on the axis {group.axis!r}; there are {', '.join(axes)}.")
        if group.tally.items != issues:
            raise ValueError(f"The tally of the group {group.name!r} has {group.tally.items} issues, not {issues}.")
        if group.tally.scale != groups[0].tally.scale:
            raise ValueError(
                f"The group {group.name!r} rated from {group.tally.scale[0]} to {group.tally.scale[1]}, the group "
                f"{groups[0].name!r} from {groups[0].tally.scale[0]} to {groups[0].tally.scale[1]}."
            )
    return groups[0].tally.scale
