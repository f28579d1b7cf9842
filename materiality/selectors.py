"""Reads of the conclusion, always scoped to an organisation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Organisation
from materiality.models import AnalysisRun, CurrentRun, Publication
from materiality.results import method_sentence
from materiality.scoring.method import Method
from scoping.models import Assessment


@dataclass(frozen=True)
class RunLine:
    """A run as one line of a list: without its results, which are large."""

    pk: UUID
    created_at: datetime
    respondents: int
    simulated_respondents: int
    digest: str
    method: str


def runs_of(*, organisation: Organisation, assessment: Assessment) -> list[RunLine]:
    """Newest first."""
    runs = AnalysisRun.objects.filter(assessment=assessment, assessment__organisation=organisation)
    rows = runs.values_list("pk", "created_at", "respondents", "simulated_respondents", "digest", "parameters")
    return [
        RunLine(pk, created_at, respondents, simulated, digest, method_sentence(Method.from_dict(parameters)))
        for pk, created_at, respondents, simulated, digest, parameters in rows
    ]


def number_of_runs(assessment: Assessment) -> int:
    """How many results there are, for an assessment that was found in an organisation."""
    return AnalysisRun.objects.filter(assessment=assessment).count()


def current_run(*, organisation: Organisation, assessment: Assessment) -> AnalysisRun | None:
    """The run that was asked for last; None before the first analysis."""
    current = CurrentRun.objects.filter(assessment=assessment, assessment__organisation=organisation)
    found = current.select_related("run").first()
    return found.run if found else None


def current_key(assessment: Assessment) -> UUID | None:
    """Which run is the current one, for an assessment that was found in an organisation."""
    return CurrentRun.objects.filter(assessment=assessment).values_list("run", flat=True).first()


def has_result(assessment: Assessment) -> bool:
    """Whether one has been computed, for an assessment that was found in an organisation."""
    return CurrentRun.objects.filter(assessment=assessment).exists()


def get_run(*, organisation: Organisation, assessment: Assessment, run: UUID) -> AnalysisRun:
    """Raises AnalysisRun.DoesNotExist, also for a run of another organisation."""
    return AnalysisRun.objects.get(pk=run, assessment=assessment, assessment__organisation=organisation)


def objection_to_removal(assessment: Assessment) -> str:
    """Why an assessment must not be removed: what anybody may have linked to would be gone without a word."""
    if not Publication.objects.filter(assessment=assessment, withdrawn_at=None).exists():
        return ""
    return _("The report of this assessment is public: withdraw it first, so that its address says so for a while.")
