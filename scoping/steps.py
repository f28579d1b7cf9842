"""The phases of the work as the stepper shows them: what is done, what is now, what is to come.

Results are of an upper floor: it tells by `register_result` how one finds out whether an assessment has one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Organisation
from scoping.models import Assessment, Phase
from scoping.wording import noun


@dataclass(frozen=True)
class Step:
    name: str
    state: str  # done, now, begun (ahead of its phase), todo or skipped: its icon and how it is drawn
    when: str
    url: str = ""


LATER = (Step("Confirmation", "todo", "not in this version yet"), Step("Published", "todo", "not in this version yet"))
HasResult = Callable[[Assessment], bool]
_has_result: list[HasResult] = []


def register_result(has_result: HasResult) -> None:
    """Makes known how one finds out whether an assessment has a computed result. The last one registered counts."""
    _has_result[:] = [has_result]


def steps(assessment: Assessment, *, organisation: Organisation) -> list[Step]:
    """The five steps of `assessment`, with links to those that have a page. A result may be there before its phase."""
    place = {"organisation": organisation.slug, "slug": assessment.slug}
    at = list(Phase).index(Phase(assessment.phase))

    issues, groups = _count_of(assessment, "issue"), _count_of(assessment, "group")
    scope = f"{issues} {noun(issues, 'issue')}, {groups} {noun(groups, 'group')}"
    if not assessment.with_survey:
        return [
            Step("Scoping", "done" if issues else "now", scope, reverse("scoping:scope", kwargs=place)),
            Step("Survey", "skipped", "none is held"),
            Step(
                "Results",
                "now" if issues else "todo",
                "the list is the result" if issues else "when the list is made",
                reverse("scoping:issue-table", kwargs=place),
            ),
            *LATER,
        ]

    def state(step: int) -> str:
        return "done" if step < at else "now" if step == at else "todo"

    # While the survey is being prepared there cannot be a result, so nobody is asked for one.
    computed = at > 0 and any(has_result(assessment) for has_result in _has_result)
    survey = ("after scoping", "open", "closed")[at]
    waiting = ("when the survey has answers", "as answers come in", "not computed yet")[at]
    there = ("", "a first result is there", "ready to read")[at]
    return [
        Step("Scoping", state(0), scope, reverse("scoping:scope", kwargs=place)),
        Step("Survey", state(1), survey, reverse("surveys:survey", kwargs=place)),
        Step(
            "Results",
            "begun" if computed and at < 2 else state(2),
            there if computed else waiting,
            reverse("materiality:results", kwargs=place),
        ),
        *LATER,
    ]


def _count_of(assessment: Assessment, kind: str) -> int:
    """From the selector's count where the assessment came by it, else counted now."""
    count: int | None = getattr(assessment, f"{kind}_count", None)
    if count is None:
        return (assessment.issues.asked() if kind == "issue" else assessment.groups).count()
    return count
