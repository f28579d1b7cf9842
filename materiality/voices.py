"""From a folded survey to what the engine is given: each group's voice on an axis, with what protects its people.

With both importances asked, a group speaks on both axes, with an item for each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from materiality.disclosure import protect
from materiality.scoring.analysis import BOOTSTRAP_BELOW
from materiality.scoring.groups import GroupInput
from scoping.models import Side
from surveys.models import Dimension, Item
from surveys.selectors import FoldedSurvey, GroupAnswers, ratings_of
from surveys.tally import Tally

Axis = Literal["internal", "external"]


@dataclass(frozen=True, eq=False)
class Voice:
    """What a group says on one axis.

    Attributes
    ----------
    input : with the cells silenced that may not even count.
    silenced : (issues,) bool; rated by so few people that it neither counts nor is told.
    """

    answers: GroupAnswers
    side: Axis
    input: GroupInput
    silenced: NDArray[np.bool_]

    @property
    def hidden(self) -> NDArray[np.bool_]:
        """(issues,) bool: rated, and not told."""
        counted = self.input.hidden
        return self.silenced if counted is None else self.silenced | counted


@dataclass(frozen=True, eq=False)
class _Part:
    """A group's answers to the items of one axis, before protection."""

    answers: GroupAnswers
    side: Axis
    name: str
    positions: list[int]
    people: Tally
    simulated: Tally


def issue_items(survey: FoldedSurvey) -> list[Item]:
    """One item per issue, in the order of the questionnaire."""
    return [item for item in survey.items if item.dimension != Dimension.STAKEHOLDERS]


def voices_of(survey: FoldedSurvey) -> list[Voice]:
    """The voices of all groups, those without answers too."""
    parts = [_part(survey, answers, side, name, which) for answers, side, name, which in _who_says_what(survey)]
    counts = np.array([part.people.counts for part in parts])
    protection = protect(
        counts,
        [part.side for part in parts],
        [part.answers.group.weight > 0 for part in parts],
        survey.questionnaire.survey.minimum_group,
    )
    return [
        _voice(survey, part, counted, told)
        for part, counted, told in zip(parts, protection.counted, protection.told, strict=True)
    ]


def _who_says_what(survey: FoldedSurvey) -> Sequence[tuple[GroupAnswers, Axis, str, Dimension]]:
    if not any(item.dimension for item in survey.items):
        return [(answers, _side(answers), answers.group.name, Dimension.OWN) for answers in survey.groups]
    both: list[tuple[GroupAnswers, Axis, str, Dimension]] = []
    for answers in survey.groups:
        both.append((answers, "internal", f"{answers.group.name}, on the company", Dimension.COMPANY))
        both.append((answers, "external", f"{answers.group.name}, on stakeholders", Dimension.STAKEHOLDERS))
    return both


def _side(answers: GroupAnswers) -> Axis:
    return "internal" if answers.group.side == Side.INTERNAL else "external"


def _part(survey: FoldedSurvey, answers: GroupAnswers, side: Axis, name: str, which: Dimension) -> _Part:
    positions = [item.position for item in survey.items if item.dimension == which]
    return _Part(answers, side, name, positions, answers.people.select(positions), answers.simulated.select(positions))


def _voice(survey: FoldedSurvey, part: _Part, counted: NDArray[np.bool_], told: NDArray[np.bool_]) -> Voice:
    rated = part.people.counts > 0
    silenced = rated & ~counted
    # Where simulated answers are mixed in, what is told is no figure of the few people alone.
    hidden = rated & counted & ~told & (part.simulated.counts == 0)
    people = part.people.silence(silenced) if silenced.any() else part.people
    tally = people + part.simulated
    ratings = None
    if not part.answers.held_back and 0 < tally.respondents < BOOTSTRAP_BELOW:
        ratings = ratings_of(survey.questionnaire, part.answers.group)[:, part.positions]
        if silenced.any() and part.simulated.respondents:
            ratings = None  # whose rating is silenced is not known row by row
        elif silenced.any():
            ratings = np.where(silenced, 0, ratings).astype(np.uint8)
    given = GroupInput(
        name=part.name,
        side=part.side,
        weight=part.answers.group.weight,
        tally=tally,
        ratings=ratings,
        hidden=hidden if hidden.any() else None,
    )
    return Voice(part.answers, part.side, given, silenced)
