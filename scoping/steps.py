"""The phases of the work as the stepper shows them: what is done, what is now, what is to come."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Organisation
from scoping.models import Assessment, Phase
from scoping.wording import noun


@dataclass(frozen=True)
class Step:
    name: str
    state: str  # done, now, todo or skipped: the class of its list entry, and the icon
    when: str
    url: str = ""


LATER = (Step("Confirmation", "todo", "not in this version yet"), Step("Published", "todo", "not in this version yet"))


def steps(assessment: Assessment, *, organisation: Organisation) -> list[Step]:
    """The five steps of `assessment`, with links to those that have a page."""
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

    survey = ("after scoping", "open", "closed")[at]
    results = ("when the survey has answers", "as answers come in", "ready to read")[at]
    return [
        Step("Scoping", state(0), scope, reverse("scoping:scope", kwargs=place)),
        Step("Survey", state(1), survey, reverse("surveys:survey", kwargs=place)),
        Step("Results", state(2), results, reverse("materiality:results", kwargs=place)),
        *LATER,
    ]


def _count_of(assessment: Assessment, kind: str) -> int:
    """From the selector's count where the assessment came by it, else counted now."""
    count: int | None = getattr(assessment, f"{kind}_count", None)
    if count is None:
        return (assessment.issues.asked() if kind == "issue" else assessment.groups).count()
    return count
