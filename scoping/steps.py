"""The phases of the work as the stepper shows them: what is done, what is now, what is to come.

Results are of an upper floor: it tells by `register_result` how one finds out whether an assessment has one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext

from accounts.models import Organisation
from scoping.models import Assessment, Phase


@dataclass(frozen=True)
class Step:
    name: str
    state: str  # done, now, begun (ahead of its phase), todo or skipped: its icon and how it is drawn
    when: str
    url: str = ""


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
    scope = gettext("%(issues)s, %(groups)s") % {
        "issues": ngettext("%(n)d issue", "%(n)d issues", issues) % {"n": issues},
        "groups": ngettext("%(n)d group", "%(n)d groups", groups) % {"n": groups},
    }
    if not assessment.with_survey:
        return [
            Step(gettext("Scoping"), "done" if issues else "now", scope, reverse("scoping:scope", kwargs=place)),
            Step(gettext("Survey"), "skipped", gettext("none is held")),
            Step(
                gettext("Results"),
                "now" if issues else "todo",
                gettext("the list is the result") if issues else gettext("when the list is made"),
                reverse("scoping:issue-table", kwargs=place),
            ),
            *_later(),
        ]

    def state(step: int) -> str:
        return "done" if step < at else "now" if step == at else "todo"

    # While the survey is being prepared there cannot be a result, so nobody is asked for one.
    computed = at > 0 and any(has_result(assessment) for has_result in _has_result)
    survey = (gettext("after scoping"), pgettext("survey", "open"), pgettext("survey", "closed"))[at]
    waiting = (gettext("when the survey has answers"), gettext("as answers come in"), gettext("not computed yet"))[at]
    there = ("", gettext("a first result is there"), gettext("ready to read"))[at]
    return [
        Step(gettext("Scoping"), state(0), scope, reverse("scoping:scope", kwargs=place)),
        Step(gettext("Survey"), state(1), survey, reverse("surveys:survey", kwargs=place)),
        Step(
            gettext("Results"),
            "begun" if computed and at < 2 else state(2),
            there if computed else waiting,
            reverse("materiality:results", kwargs=place),
        ),
        *_later(),
    ]


def _later() -> tuple[Step, Step]:
    when = gettext("not in this version yet")
    return Step(gettext("Confirmation"), "todo", when), Step(gettext("Published"), "todo", when)


def _count_of(assessment: Assessment, kind: str) -> int:
    """From the selector's count where the assessment came by it, else counted now."""
    count: int | None = getattr(assessment, f"{kind}_count", None)
    if count is None:
        return (assessment.issues.asked() if kind == "issue" else assessment.groups).count()
    return count
