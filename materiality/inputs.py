"""What a run keeps of its input: so much that scores, ranks and tiers can be computed again, by anybody.

Of each voice (materiality/voices.py) it is the number of ratings of every issue and their sum, after protection: what
the result tells as a mean and a number of people, as whole numbers. So nothing is kept that the result does not tell.
How ratings spread, and how they go together, only certainty is made of; it is not kept.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from materiality.scoring.exact import exact
from materiality.scoring.groups import GroupInput
from materiality.scoring.weights import GroupFacts
from materiality.voices import Voice, issue_items
from surveys.selectors import FoldedSurvey, GroupAnswers

FORMAT = 1


def inputs_document(
    survey: FoldedSurvey,
    voices: Sequence[Voice],
    inputs: Sequence[GroupInput],
    facts: Mapping[str, GroupFacts],
) -> dict[str, Any]:
    """JSON of what the engine was given.

    Parameters
    ----------
    inputs : what was made of the voices (`inputs_of`); of them only the weights are used, since missing ratings are
        filled in by whoever computes again.
    facts : what the weights were made from, by the codes of the groups.
    """
    k = survey.questionnaire.survey.minimum_group
    return {
        "format": FORMAT,
        "questionnaire": survey.questionnaire.pk,
        "scale": [survey.questionnaire.scale_low, survey.questionnaire.scale_high],
        "issues": [item.code for item in issue_items(survey)],
        "groups": [
            {"code": answers.group.code, "side": answers.group.side, **_plain(facts[answers.group.code], answers)}
            for answers in survey.groups
        ],
        "voices": [
            {
                "name": voice.input.name,
                "groups": [answers.group.code for answers in voice.groups],
                "axis": voice.axis,
                "question": voice.input.question,
                "weight": str(given.exact_weight),
                "respondents": voice.told_number(voice.input.tally.respondents, k),
                "ratings": voice.input.tally.counts.tolist(),
                "sums": voice.input.tally.sums.tolist(),
            }
            for voice, given in zip(voices, inputs, strict=True)
        ],
    }


def _plain(facts: GroupFacts, answers: GroupAnswers) -> dict[str, Any]:
    """What is known of a group: whole numbers as they are, weights as fractions."""
    weights = {
        name: None if value is None else str(exact(value, name))
        for name, value in (("given", facts.given), ("suggested", facts.suggested))
    }
    people = {"answered": answers.tally.respondents, "headcount": facts.headcount, "invited": facts.invited}
    return {"name": facts.name, **weights, **people}
