"""The phases of the work as the stepper shows them: what is done, what is now, what is to come."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Organisation
from scoping.models import Assessment, Phase


@dataclass(frozen=True)
class Step:
    name: str
    state: str  # done, now or todo: the class of its list entry, and the icon
    when: str
    url: str = ""


def steps(assessment: Assessment, *, organisation: Organisation) -> list[Step]:
    """The five steps of `assessment`, with links to those that have a page."""
    place = {"organisation": organisation.slug, "slug": assessment.slug}
    at = list(Phase).index(Phase(assessment.phase))

    def state(step: int) -> str:
        return "done" if step < at else "now" if step == at else "todo"

    scope = f"{_count_of(assessment, 'issue')}, {_count_of(assessment, 'group')}"
    survey = ("after scoping", "open", "closed")[at]
    results = ("when the survey has answers", "as answers come in", "ready to read")[at]
    return [
        Step("Scoping", state(0), scope, reverse("scoping:scope", kwargs=place)),
        Step("Survey", state(1), survey, reverse("surveys:survey", kwargs=place)),
        Step("Results", state(2), results, reverse("materiality:results", kwargs=place)),
        Step("Confirmation", "todo", "not in this version yet"),
        Step("Published", "todo", "not in this version yet"),
    ]


def _count_of(assessment: Assessment, kind: str) -> str:
    """ "18 issues": from the selector's count where the assessment came by it, else counted now."""
    count = getattr(assessment, f"{kind}_count", None)
    if count is None:
        count = (assessment.issues.asked() if kind == "issue" else assessment.groups).count()
    return f"{count} {kind}" if count == 1 else f"{count} {kind}s"
