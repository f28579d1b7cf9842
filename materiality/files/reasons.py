"""Why a file cannot be had yet, and what to do. Empty where it can."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from materiality.charts import CHARTS
from materiality.files.snapshot import Snapshot
from materiality.services.running import NO_SURVEY
from scoping.selectors import issues_of
from surveys.answers_export import AnswersExport, NotYet, answers_export
from surveys.microdata import beyond_xlsx


def no_result(snapshot: Snapshot) -> str:
    """Of a file that needs a computed result."""
    if snapshot.results is not None:
        return ""
    if not snapshot.assessment.with_survey:
        return _(NO_SURVEY)
    return _("There is no result yet: collect answers and analyse.")


def not_ranked(snapshot: Snapshot) -> str:
    """Of a file that can also be written from a list without a survey."""
    return _("There is no result yet: collect answers and analyse.") if snapshot.is_missing else ""


def nothing_ranked(snapshot: Snapshot) -> str:
    """Of a file that is about issues, ranked or on a list."""
    if snapshot.results is None and not snapshot.assessment.with_survey and not issues_of(snapshot.assessment).exists():
        return _("The list of issues is empty: add issues first.")
    return not_ranked(snapshot)


def no_proposal(snapshot: Snapshot) -> str:
    if snapshot.proposal is None:
        return _("Nothing is proposed: put the result before the committee or board on the page “Confirmation”.")
    return ""


def no_answers(snapshot: Snapshot) -> str:
    return _no_answers(snapshot, lambda export: "")


def no_workbook_of_answers(snapshot: Snapshot) -> str:
    """The same, or that there are too many for a sheet."""
    return _no_answers(snapshot, beyond_xlsx)


def _no_answers(snapshot: Snapshot, else_because: Callable[[AnswersExport], str]) -> str:
    if snapshot.survey is None:
        return _("No survey is held here, so there are no answers.")
    try:
        return else_because(answers_export(snapshot.survey))
    except NotYet as refusal:
        return str(refusal)


def chart(slug: str) -> Callable[[Snapshot], str]:
    """Of one of the charts, in the chart's own words."""
    return lambda snapshot: CHARTS[slug].unavailable(snapshot.results, snapshot.assessment)
