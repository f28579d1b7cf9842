"""From a folded survey to what the engine is given: each group's voice on an axis, with what protects its people.

With both importances asked, a group speaks on both axes, with an item for each. Where few people of a group rated an
issue, they speak with another group (surveys/protection.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np
from numpy.typing import NDArray

from materiality.scoring.analysis import BOOTSTRAP_BELOW
from materiality.scoring.groups import GroupInput, People
from scoping.models import Side
from scoping.wording import listed
from surveys.models import Dimension, Item
from surveys.protection import Protection, protect
from surveys.selectors import FoldedSurvey, GroupAnswers, ratings_of
from surveys.tally import Tally

AXES = {Side.INTERNAL: "company", Side.EXTERNAL: "stakeholders"}
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
    axis: str
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
    axis: str
    name: str
    question: str
    positions: list[int]
    people: Tally


@dataclass(frozen=True, eq=False)
class _Heard:
    """What a group's people said, without what is not told: added up, and one by one where that is known."""

    tally: Tally
    ratings: NDArray[np.uint8] | None


def issue_items(survey: FoldedSurvey) -> list[Item]:
    """One item per issue, in the order of the questionnaire."""
    return [item for item in survey.items if item.dimension != Dimension.STAKEHOLDERS]


def voices_of(survey: FoldedSurvey) -> list[Voice]:
    """The voices of all groups, those without answers too; then those of groups that are counted as one."""
    parts = [_part(survey, answers, axis, name, which) for answers, axis, name, which in _who_says_what(survey)]
    counts = np.array([part.people.counts for part in parts])
    protection = protect(counts, [part.axis for part in parts], survey.questionnaire.survey.minimum_group)
    hidden = [(part.people.counts > 0) & ~told for part, told in zip(parts, protection.told, strict=True)]
    heard = _heard(survey, parts, hidden)
    alone = [_alone(part, silenced, heard) for part, silenced in zip(parts, hidden, strict=True)]
    return [*alone, *_pools(parts, protection)]


def _who_says_what(survey: FoldedSurvey) -> Sequence[tuple[GroupAnswers, str, str, Dimension]]:
    if not any(item.dimension for item in survey.items):
        return [
            (answers, AXES[Side(answers.group.side)], answers.group.name, Dimension.OWN) for answers in survey.groups
        ]
    both: list[tuple[GroupAnswers, str, str, Dimension]] = []
    for answers in survey.groups:
        both.append((answers, "company", f"{answers.group.name}, on the company", Dimension.COMPANY))
        both.append((answers, "stakeholders", f"{answers.group.name}, on stakeholders", Dimension.STAKEHOLDERS))
    return both


def _part(survey: FoldedSurvey, answers: GroupAnswers, axis: str, name: str, which: Dimension) -> _Part:
    positions = [item.position for item in survey.items if item.dimension == which]
    return _Part(answers, axis, name, which.value, positions, answers.people.select(positions))


def _heard(survey: FoldedSurvey, parts: Sequence[_Part], hidden: Sequence[Mask]) -> dict[int, _Heard]:
    """By group: what may be used of all that its people said, to whichever question."""
    silenced = {part.answers.group.pk: np.zeros(len(survey.items), bool) for part in parts}
    for part, mask in zip(parts, hidden, strict=True):
        silenced[part.answers.group.pk][part.positions] = mask
    return {answers.group.pk: _heard_of(survey, answers, silenced[answers.group.pk]) for answers in survey.groups}


def _heard_of(survey: FoldedSurvey, answers: GroupAnswers, silenced: Mask) -> _Heard:
    people = answers.people.silence(silenced) if silenced.any() else answers.people
    tally = people + answers.simulated
    # One by one the answers are known where the count is whole, and whose rating is silenced is known as well.
    mixed = silenced.any() and answers.simulated.respondents
    if not answers.is_whole or mixed or not 0 < tally.respondents < BOOTSTRAP_BELOW:
        return _Heard(tally, None)
    ratings = ratings_of(survey.questionnaire, answers.group)
    return _Heard(tally, np.where(silenced, 0, ratings).astype(np.uint8) if silenced.any() else ratings)


def _alone(part: _Part, hidden: Mask, heard: Mapping[int, _Heard]) -> Voice:
    group = part.answers.group
    tally, ratings = heard[group.pk].tally, heard[group.pk].ratings
    asked_more = tally.items > len(part.positions)
    given = GroupInput(
        name=part.name,
        axis=part.axis,
        weight=group.weight,
        tally=tally.select(part.positions),
        ratings=None if ratings is None else ratings[:, part.positions],
        question=part.question,
        people=People(group.name, tally, tuple(part.positions), ratings) if asked_more else None,
    )
    return Voice((part.answers,), part.axis, given, hidden)


def _pools(parts: Sequence[_Part], protection: Protection) -> list[Voice]:
    voices = []
    for members, issues in protection.pools.items():
        pooled = [parts[member] for member in members]
        tally = reduce(add, (part.people for part in pooled)).silence(~issues)
        given = GroupInput(
            name=f"{listed([part.name for part in pooled])} together",
            axis=pooled[0].axis,
            weight=sum((part.answers.group.weight for part in pooled), start=0 * pooled[0].answers.group.weight),
            tally=tally,
            question=pooled[0].question,
        )
        voices.append(Voice(tuple(part.answers for part in pooled), pooled[0].axis, given, np.zeros(len(issues), bool)))
    return voices
