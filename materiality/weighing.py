"""What weights and corrections start from, read from the register and the survey: headcounts, scores, invitations."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from materiality.scoring.exact import Number, plain
from materiality.scoring.method import Method
from materiality.scoring.weights import GroupFacts
from scoping.models import Assessment, StakeholderGroup
from scoping.selectors.stakeholders import GroupFacts as ScoredGroup
from scoping.selectors.stakeholders import group_facts
from scoping.stakeholding import POWER_INTEREST
from surveys.models import Survey
from surveys.selectors import FoldedSurvey
from surveys.turnout import people_by_group, turnout_by_group

# What rules for weights look at, beside answers, given weights and headcounts.
_FACTS = {"response_rate": ("invited",), "power_interest": ("suggested",)}
_ALL = ("invited", "suggested")


def facts_for(assessment: Assessment) -> dict[str, GroupFacts]:
    """By code, every group of `assessment` in its order, nobody having answered."""
    survey = Survey.objects.filter(assessment=assessment).first()
    groups = list(assessment.groups.all())
    people = people_by_group(survey, groups) if survey else {group.pk: group.headcount for group in groups}
    return _facts(assessment, {group: people[group.pk] for group in groups}, survey, _ALL)


def facts_and_answers(assessment: Assessment, survey: FoldedSurvey | None) -> dict[str, GroupFacts]:
    """As `facts_for`, with how many answers of each group are shown."""
    facts = facts_for(assessment)
    answered = {answers.group.code: answers.tally.respondents for answers in survey.groups} if survey else {}
    return {code: replace(one, answered=answered.get(code, 0)) for code, one in facts.items()}


def facts_used(assessment: Assessment, survey: FoldedSurvey, method: Method) -> dict[str, GroupFacts]:
    """As `facts_for`, of the groups as they were read with the answers, and without what `method` does not look at:
    most pages need not read it. Headcounts are always there, since more answers than people settle no tier."""
    people = {answers.group: answers.population for answers in survey.groups}
    return _facts(assessment, people, survey.questionnaire.survey, _looks_at(method))


def in_digest(facts: Mapping[str, GroupFacts], method: Method) -> dict[str, list[Any]]:
    """What of the facts a result by `method` depends on beside weights and headcounts, for JSON."""
    names = _looks_at(method)
    return {code: [_plain(getattr(one, name)) for name in names] for code, one in facts.items()} if names else {}


def _facts(
    assessment: Assessment,
    people: Mapping[StakeholderGroup, int | None],
    survey: Survey | None,
    wanted: Sequence[str],
) -> dict[str, GroupFacts]:
    """`people` are the headcounts of the groups, in their order; what else is `wanted` is read."""
    turnouts = turnout_by_group(survey) if survey and "invited" in wanted else {}
    scored = group_facts(assessment) if "suggested" in wanted else {}
    facts = {}
    for group, headcount in people.items():
        turnout = turnouts.get(group.pk)
        facts[group.code] = GroupFacts(
            name=group.name,
            given=group.weight,
            headcount=headcount,
            invited=(turnout.invited or None) if turnout else None,
            suggested=_suggested(scored.get(group.pk)),
        )
    return facts


def _suggested(scored: ScoredGroup | None) -> Number | None:
    """The weight that power and interest suggest, once both are scored."""
    scores = {"power": scored.power, "interest": scored.interest} if scored else {}
    judged = POWER_INTEREST.judge({name: score for name, score in scores.items() if score is not None})
    return judged.weight if judged else None


def _looks_at(method: Method) -> tuple[str, ...]:
    return _FACTS.get(method.weights, ())


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else plain(value)
