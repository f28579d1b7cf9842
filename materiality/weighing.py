"""What weights and corrections start from, read from the register and the survey: headcounts, scores, invitations."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from materiality.scoring.exact import plain
from materiality.scoring.method import Method
from materiality.scoring.weights import GroupFacts
from scoping.models import Assessment
from scoping.selectors.stakeholders import group_facts
from scoping.stakeholding import POWER_INTEREST
from surveys.models import Survey
from surveys.selectors import FoldedSurvey
from surveys.texts import designs_by_group
from surveys.turnout import people_in, turnout_by_group

# What rules for weights look at, beside answers, given weights and headcounts: these are read with every survey.
_FACTS = {"response_rate": ("invited",), "power_interest": ("suggested",)}


def facts_for(assessment: Assessment) -> dict[str, GroupFacts]:
    """By code, every group of `assessment` in its order, nobody having answered."""
    known = group_facts(assessment)
    survey = Survey.objects.filter(assessment=assessment).first()
    turnouts = turnout_by_group(survey) if survey else {}
    designs = designs_by_group(survey) if survey else {}
    facts = {}
    for group in assessment.groups.all():
        found = known[group.pk]
        scores = {"power": found.power, "interest": found.interest}
        judged = POWER_INTEREST.judge({name: score for name, score in scores.items() if score is not None})
        turnout = turnouts.get(group.pk)
        facts[group.code] = GroupFacts(
            name=group.name,
            given=group.weight,
            headcount=people_in(group, designs.get(group.pk)),
            invited=(turnout.invited or None) if turnout else None,
            suggested=judged.weight if judged else None,
        )
    return facts


def facts_and_answers(assessment: Assessment, survey: FoldedSurvey | None) -> dict[str, GroupFacts]:
    """As `facts_for`, with how many answers of each group are shown."""
    facts = facts_for(assessment)
    answered = {answers.group.code: answers.tally.respondents for answers in survey.groups} if survey else {}
    return {code: replace(one, answered=answered.get(code, 0)) for code, one in facts.items()}


def facts_used(assessment: Assessment, method: Method) -> dict[str, GroupFacts]:
    """As `facts_for`, and empty where `method` looks at none of them: most pages need not read them."""
    return facts_for(assessment) if _looks_at(method) else {}


def in_digest(facts: Mapping[str, GroupFacts], method: Method) -> dict[str, list[Any]]:
    """What of the facts a result by `method` depends on, for JSON."""
    names = _looks_at(method)
    return {code: [_plain(getattr(one, name)) for name in names] for code, one in facts.items()} if names else {}


def _looks_at(method: Method) -> tuple[str, ...]:
    return _FACTS.get(method.weights, ())


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else plain(value)
