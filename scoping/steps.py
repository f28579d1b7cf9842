"""The phases of the work as the stepper shows them: what is done, what is now, what is to come.

Results and their confirmation are of an upper floor: it tells by `register_result` and `register_confirmation` how one
finds out how far they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext, pgettext

from accounts.models import Organisation
from scoping.models import Assessment, Phase
from scoping.wording import dated

# A step has room for a few words; the page of the confirmation has all of them.
MOST_CHARACTERS = 40


@dataclass(frozen=True)
class Step:
    name: str
    state: str  # done, now, begun (ahead of its phase), todo or skipped: its icon and how it is drawn
    when: str
    url: str = ""


@dataclass(frozen=True)
class Conclusion:
    """How far the confirmation of a result is.

    Attributes
    ----------
    state : open (before the body), confirmed, returned, withdrawn or void.
    body : who is to confirm, or did.
    on : since when it is confirmed.
    because : why it is void.
    is_public : whether a report can be read by anybody.
    holds : whether what it shows is confirmed still.
    withdrawn_on : when the last report was taken back, as long as none is public.
    """

    state: str
    body: str
    on: date | None = None
    because: str = ""
    is_public: bool = False
    holds: bool = True
    withdrawn_on: date | None = None


HasResult = Callable[[Assessment], bool]
ConclusionOf = Callable[[Assessment], Conclusion | None]
ConclusionsOf = Callable[[Organisation], dict[UUID, str]]
_has_result: list[HasResult] = []
_conclusion_of: list[ConclusionOf] = []
_conclusions_of: list[ConclusionsOf] = []


def register_result(has_result: HasResult) -> None:
    """Makes known how one finds out whether an assessment has a computed result. The last one registered counts."""
    _has_result[:] = [has_result]


def register_confirmation(conclusion_of: ConclusionOf, conclusions_of: ConclusionsOf) -> None:
    """Makes known how one finds out how far the confirmation is; None where nothing was proposed. The last one
    registered counts.

    `conclusions_of` tells it of all assessments at once, by assessment: open, confirmed, public or void (what is
    public is not confirmed any more).
    """
    _conclusion_of[:] = [conclusion_of]
    _conclusions_of[:] = [conclusions_of]


def conclusions(organisation: Organisation) -> dict[UUID, str]:
    """How far the confirmation of each assessment is, in words for the list of them."""
    words = {
        "open": gettext("Waiting for confirmation"),
        "confirmed": gettext("Confirmed"),
        "public": pgettext("report", "Public"),
        "void": pgettext("report", "Public, confirmation void"),
    }
    found = {} if not _conclusions_of else _conclusions_of[0](organisation)
    return {assessment: words[state] for assessment, state in found.items()}


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
        conclusion = _conclusion(assessment)
        return [
            Step(gettext("Scoping"), "done" if issues else "now", scope, reverse("scoping:scope", kwargs=place)),
            Step(gettext("Survey"), "skipped", gettext("none is held")),
            Step(
                gettext("Results"),
                "done" if _is_under_way(conclusion) else "now" if issues else "todo",
                gettext("the list is the result") if issues else gettext("when the list is made"),
                reverse("scoping:issue-table", kwargs=place),
            ),
            *_later(conclusion, place, has_result=issues > 0, is_time=True),
        ]

    def state(step: int) -> str:
        return "done" if step < at else "now" if step == at else "todo"

    # While the survey is being prepared there cannot be a result, so nobody is asked for one.
    computed = at > 0 and any(has_result(assessment) for has_result in _has_result)
    survey = (gettext("after scoping"), pgettext("survey", "open"), pgettext("survey", "closed"))[at]
    waiting = (gettext("when the survey has answers"), gettext("as answers come in"), gettext("not computed yet"))[at]
    there = ("", gettext("a first result is there"), gettext("ready to read"))[at]
    # Nor can one have been proposed then.
    conclusion = _conclusion(assessment) if at > 0 else None
    return [
        Step(gettext("Scoping"), state(0), scope, reverse("scoping:scope", kwargs=place)),
        Step(gettext("Survey"), state(1), survey, reverse("surveys:survey", kwargs=place)),
        Step(
            gettext("Results"),
            "begun" if computed and at < 2 else "done" if _is_under_way(conclusion) else state(2),
            there if computed else waiting,
            reverse("materiality:results", kwargs=place),
        ),
        *_later(conclusion, place, has_result=computed, is_time=at == 2),
    ]


def _conclusion(assessment: Assessment) -> Conclusion | None:
    return next((found for conclusion_of in _conclusion_of if (found := conclusion_of(assessment))), None)


def conclusion_at_stake(assessment: Assessment) -> Conclusion | None:
    """What was proposed or confirmed and a change can end; one query, and none before the survey of an assessment that
    holds one: nothing can have been proposed then."""
    if assessment.with_survey and assessment.phase == Phase.SCOPING:
        return None
    conclusion = _conclusion(assessment)
    return conclusion if _is_under_way(conclusion) else None


def _is_under_way(conclusion: Conclusion | None) -> bool:
    """Whether the result is out of the working group's hands."""
    return conclusion is not None and conclusion.state in ("open", "confirmed")


def _later(
    conclusion: Conclusion | None, place: dict[str, str], *, has_result: bool, is_time: bool
) -> tuple[Step, Step]:
    """Confirmation and publication. `is_time`: the phases before have ended."""
    when = gettext("not proposed yet") if has_result else gettext("when there is a result")
    confirmation, published = "todo", "todo"
    if conclusion:
        when = _in_words(conclusion)
        is_confirmed = conclusion.state == "confirmed"
        if conclusion.state == "open":
            confirmation = "now" if is_time else "begun"
        elif is_confirmed:
            confirmation = "done" if is_time else "begun"
        published = "done" if conclusion.is_public else "now" if is_confirmed and is_time else "todo"
    told = pgettext("report", "not public yet")
    if conclusion and conclusion.is_public:
        told = pgettext("report", "public")
        if not conclusion.holds:
            # It is to be published again, or withdrawn.
            told = pgettext("report", "public, confirmation void")
            published = "now" if confirmation == "done" else "begun"
    elif conclusion and conclusion.withdrawn_on:
        told = pgettext("report", "withdrawn on %(day)s") % {"day": dated(conclusion.withdrawn_on)}
    return (
        Step(gettext("Confirmation"), confirmation, when, reverse("materiality:confirmation", kwargs=place)),
        Step(gettext("Published"), published, told, reverse("materiality:publish", kwargs=place)),
    )


def _in_words(conclusion: Conclusion) -> str:
    body = Truncator(conclusion.body).chars(MOST_CHARACTERS)
    if conclusion.state == "open":
        return gettext("before %(body)s") % {"body": body}
    if conclusion.state == "confirmed" and conclusion.on:
        return gettext("confirmed %(day)s") % {"day": dated(conclusion.on)}
    if conclusion.state == "returned":
        return gettext("returned by %(body)s") % {"body": body}
    if conclusion.state == "withdrawn":
        return pgettext("proposal", "withdrawn")
    return gettext("void: %(because)s") % {"because": Truncator(conclusion.because).chars(MOST_CHARACTERS)}


def _count_of(assessment: Assessment, kind: str) -> int:
    """From the selector's count where the assessment came by it, else counted now."""
    count: int | None = getattr(assessment, f"{kind}_count", None)
    if count is None:
        return (assessment.issues.asked() if kind == "issue" else assessment.groups).count()
    return count
