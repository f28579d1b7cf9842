"""From a folded survey to what the engine is given: each group's voice on an axis, with what protects its people.

With both importances asked, a group speaks on both axes, with an item for each. Where few people of a group rated an
issue, they speak with another group (surveys/protection.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from materiality.scoring.analysis import BOOTSTRAP_BELOW
from materiality.scoring.groups import GroupInput
from scoping.models import Side
from scoping.wording import listed
from surveys.models import Dimension, Item
from surveys.protection import Protection, protect
from surveys.selectors import FoldedSurvey, GroupAnswers, ratings_of
from surveys.tally import Tally

Axis = Literal["internal", "external"]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Voice:
    """Who says what on one axis: one group by itself, or several that are counted as one.

    Attributes
    ----------
    groups : whose answers they are.
    input : what the engine gets.
    hidden : (issues,) bool; rated, and not told by this voice.
    """

    groups: tuple[GroupAnswers, ...]
    side: Axis
    input: GroupInput
    hidden: Mask

    @property
    def is_pool(self) -> bool:
        return len(self.groups) > 1

    @property
    def code(self) -> str:
        return "+".join(answers.group.code for answers in self.groups)

    @property
    def simulated(self) -> int:
        return sum(answers.simulated.respondents for answers in self.groups)


@dataclass(frozen=True, eq=False)
class _Part:
    """A group's answers to the items of one axis, before protection."""

    answers: GroupAnswers
    side: Axis
    name: str
    question: str
    positions: list[int]
    people: Tally
    simulated: Tally


def issue_items(survey: FoldedSurvey) -> list[Item]:
    """One item per issue, in the order of the questionnaire."""
    return [item for item in survey.items if item.dimension != Dimension.STAKEHOLDERS]


def voices_of(survey: FoldedSurvey) -> list[Voice]:
    """The voices of all groups, those without answers too; then those of groups that are counted as one."""
    parts = [_part(survey, answers, side, name, which) for answers, side, name, which in _who_says_what(survey)]
    counts = np.array([part.people.counts for part in parts])
    protection = protect(counts, [part.side for part in parts], survey.questionnaire.survey.minimum_group)
    alone = [_alone(survey, part, told) for part, told in zip(parts, protection.told, strict=True)]
    return [*alone, *_pools(parts, protection)]


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
    people, simulated = answers.people.select(positions), answers.simulated.select(positions)
    return _Part(answers, side, name, which.value, positions, people, simulated)


def _alone(survey: FoldedSurvey, part: _Part, told: Mask) -> Voice:
    hidden = (part.people.counts > 0) & ~told
    people = part.people.silence(hidden) if hidden.any() else part.people
    tally = people + part.simulated
    # One by one the answers are known where the count is whole, and whose rating is silenced is known as well.
    mixed = hidden.any() and part.simulated.respondents
    ratings = None
    if part.answers.is_whole and not mixed and 0 < tally.respondents < BOOTSTRAP_BELOW:
        of_all = ratings_of(survey.questionnaire, part.answers.group)[:, part.positions]
        ratings = np.where(hidden, 0, of_all).astype(np.uint8) if hidden.any() else of_all
    given = GroupInput(
        name=part.name,
        side=part.side,
        weight=part.answers.group.weight,
        tally=tally,
        ratings=ratings,
        question=part.question,
    )
    return Voice((part.answers,), part.side, given, hidden)


def _pools(parts: Sequence[_Part], protection: Protection) -> list[Voice]:
    voices = []
    for members, issues in protection.pools.items():
        pooled = [parts[member] for member in members]
        tally = reduce(add, (part.people for part in pooled)).silence(~issues)
        given = GroupInput(
            name=f"{listed([part.name for part in pooled])} together",
            side=pooled[0].side,
            weight=sum((part.answers.group.weight for part in pooled), start=0 * pooled[0].answers.group.weight),
            tally=tally,
            question=pooled[0].question,
        )
        voices.append(Voice(tuple(part.answers for part in pooled), pooled[0].side, given, np.zeros(len(issues), bool)))
    return voices
