"""From a folded survey to what the engine is given: each group's voice on an axis, with what protects its people.

With both importances asked, a group speaks on both axes, with an item for each. Where few people of a group rated an
issue, they speak with another group (surveys/protection.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from operator import add

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from materiality.scoring.exact import Number, exact
from materiality.scoring.groups import GroupInput, People
from materiality.scoring.handling import filled, value_of_missing
from materiality.scoring.method import Method
from materiality.scoring.weights import GroupFacts, check_headcounts, weights_by
from scoping.models import Side
from scoping.wording import listed
from surveys.models import Dimension, Item
from surveys.partition import kept
from surveys.protection import Protection, protect
from surveys.selectors import FoldedSurvey, GroupAnswers
from surveys.tally import Tally

AXES = {Side.INTERNAL: "company", Side.EXTERNAL: "stakeholders"}
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Voice:
    """Who says what on one axis: one group by itself, or several that are counted as one.

    Attributes
    ----------
    groups : whose answers they are.
    input : what they said, with the weight that they were given; `inputs_of` makes of it what the engine gets.
    people : what respondents said of it, without simulated answers and without what is not told.
    hidden : (issues,) bool; rated, and not told by this voice.
    """

    groups: tuple[GroupAnswers, ...]
    axis: str
    input: GroupInput
    people: Tally
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

    def told_number(self, number: int, k: int) -> int | None:
        """`number` of its people; None where they are fewer than `k`: that they answered is told, not how many."""
        return None if 0 < self.people.respondents < k else number


@dataclass(frozen=True, eq=False)
class _Part:
    """A group's answers to the items of one axis, before protection."""

    answers: GroupAnswers
    axis: str
    name: str
    question: str
    positions: list[int]
    people: Tally


def issue_items(survey: FoldedSurvey) -> list[Item]:
    """One item per issue, in the order of the questionnaire."""
    return [item for item in survey.items if item.dimension != Dimension.STAKEHOLDERS]


def voices_of(survey: FoldedSurvey) -> list[Voice]:
    """The voices of all groups, those without answers too; then those of groups that are counted as one."""
    parts = [_part(survey, answers, axis, name, which) for answers, axis, name, which in _who_says_what(survey)]
    counts = np.array([part.people.counts for part in parts])
    before = kept(survey.questionnaire, [(part.answers.group.pk, part.positions) for part in parts])
    protection = protect(counts, [part.axis for part in parts], survey.questionnaire.survey.minimum_group, before)
    hidden = [(part.people.counts > 0) & ~told for part, told in zip(parts, protection.told, strict=True)]
    heard = _heard(survey, parts, hidden)
    alone = [_alone(part, silenced, heard) for part, silenced in zip(parts, hidden, strict=True)]
    return [*alone, *_pools(parts, protection)]


def inputs_of(
    voices: Sequence[Voice],
    facts: Mapping[str, GroupFacts],
    method: Method,
    weights: Mapping[str, Number] | None = None,
) -> list[GroupInput]:
    """What the engine gets: the voices as `method` weighs and handles them.

    Parameters
    ----------
    voices : sequence of Voice
    facts : mapping
        By the code of each group that speaks: what is known of it, its given weight included.
    method : Method
    weights : mapping, optional
        By the group's code, instead of what the method's rule says; 0 leaves the group out.

    Returns
    -------
    list of GroupInput
        In the order of the voices. A voice of several groups has the sum of their weights and of their headcounts.

    Raises
    ------
    ValueError
        Where the method needs a fact that nobody entered, where facts and answers contradict each other, or where
        missing ratings would be filled of a group of which not all answers are shown yet.
    """
    overruled = {code: exact(weight, f"The weight of the group {code!r}") for code, weight in (weights or {}).items()}
    known = _known(voices, facts)
    by_rule = [code for code in known if code not in overruled]
    found = dict(zip(by_rule, weights_by(method.weights, [known[code] for code in by_rule]), strict=True))
    weight_of = found | overruled
    value = value_of_missing(method.cannot_judge, voices[0].input.tally.scale) if voices else None
    if value is not None:
        _check_whole(voices)
    if method.finite_population:
        check_headcounts(list(known.values()))
    inputs = []
    for voice in voices:
        codes = [answers.group.code for answers in voice.groups]
        given = replace(
            voice.input,
            weight=sum((weight_of[code] for code in codes), Fraction()),
            population=_people_in([known[code] for code in codes]),
        )
        inputs.append(given if value is None else filled(given, value))
    return inputs


def check_axes(voices: Sequence[Voice], inputs: Sequence[GroupInput]) -> None:
    """ValueError where all groups of an axis weigh nothing, as the engine refuses it, in the words of the pages."""
    names = {"company": _("Importance to the company"), "stakeholders": _("Importance to stakeholders")}
    for axis, name in names.items():
        speaking = [place for place, voice in enumerate(voices) if voice.axis == axis]
        if speaking and not any(inputs[place].exact_weight for place in speaking):
            groups = dict.fromkeys(answers.group.name for place in speaking for answers in voices[place].groups)
            told = {"axis": name, "groups": ", ".join(groups)}
            raise ValueError(
                _("%(axis)s: all weights are 0 (%(groups)s). Give at least one of these groups a weight.") % told
            )


def _known(voices: Sequence[Voice], facts: Mapping[str, GroupFacts]) -> dict[str, GroupFacts]:
    """By code: what is known of the groups that speak, with how many of each have answered."""
    known = {}
    for answers in (answers for voice in voices for answers in voice.groups):
        code = answers.group.code
        known[code] = replace(facts[code], answered=answers.tally.respondents)
    return known


def _people_in(groups: Sequence[GroupFacts]) -> int | None:
    """The headcount of all groups together; None where it is not known of one, or cannot be."""
    if any(group.headcount is None or group.headcount < group.answered for group in groups):
        return None
    return sum(group.headcount or 0 for group in groups)


def _check_whole(voices: Sequence[Voice]) -> None:
    """Who did not rate an issue is known where all answers are shown: what waits is no missing rating."""
    waiting = dict.fromkeys(
        answers.group.name
        for voice in voices
        for answers in voice.groups
        if answers.tally.respondents and not answers.is_whole
    )
    if waiting:
        raise ValueError(
            f"Some answers of {listed(list(waiting))} are not shown yet, so it is not known which ratings are missing. "
            "Close the survey, or leave missing ratings out of the means until then."
        )


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


def _heard(survey: FoldedSurvey, parts: Sequence[_Part], hidden: Sequence[Mask]) -> dict[int, Tally]:
    """By group: what may be used of all that its people said, to whichever question."""
    silenced = {part.answers.group.pk: np.zeros(len(survey.items), bool) for part in parts}
    for part, mask in zip(parts, hidden, strict=True):
        silenced[part.answers.group.pk][part.positions] = mask
    return {answers.group.pk: _heard_of(answers, silenced[answers.group.pk]) for answers in survey.groups}


def _heard_of(answers: GroupAnswers, silenced: Mask) -> Tally:
    people = answers.people.silence(silenced) if silenced.any() else answers.people
    return people + answers.simulated


def _alone(part: _Part, hidden: Mask, heard: Mapping[int, Tally]) -> Voice:
    group = part.answers.group
    tally = heard[group.pk]
    asked_more = tally.items > len(part.positions)
    given = GroupInput(
        name=part.name,
        axis=part.axis,
        weight=group.weight,
        tally=tally.select(part.positions),
        question=part.question,
        people=People(group.name, tally, tuple(part.positions)) if asked_more else None,
    )
    return Voice((part.answers,), part.axis, given, part.people.silence(hidden), hidden)


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
        groups = tuple(part.answers for part in pooled)
        voices.append(Voice(groups, pooled[0].axis, given, tally, np.zeros(len(issues), bool)))
    return voices
