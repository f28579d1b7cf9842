"""Reads of the conclusion, always scoped to an organisation."""

from uuid import UUID

from accounts.models import Organisation
from materiality.models import AnalysisRun, CurrentRun
from scoping.models import Assessment


def runs_of(*, organisation: Organisation, assessment: Assessment) -> list[AnalysisRun]:
    """Newest first, without the results, which are large."""
    runs = AnalysisRun.objects.filter(assessment=assessment, assessment__organisation=organisation)
    return list(runs.defer("results", "parameters"))


def current_run(*, organisation: Organisation, assessment: Assessment) -> AnalysisRun | None:
    """The run that was asked for last; None before the first analysis."""
    current = CurrentRun.objects.filter(assessment=assessment, assessment__organisation=organisation)
    found = current.select_related("run").first()
    return found.run if found else None


def get_run(*, organisation: Organisation, assessment: Assessment, run: UUID) -> AnalysisRun:
    """Raises AnalysisRun.DoesNotExist, also for a run of another organisation."""
    return AnalysisRun.objects.get(pk=run, assessment=assessment, assessment__organisation=organisation)
