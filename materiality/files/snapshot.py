"""What a file is written from: one result, of the moment when it was read, and how the organisation's files look."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from materiality.files.options import Options
from materiality.house_style.selectors import Look, look_of
from materiality.models import AnalysisRun, CurrentRun, Proposal
from materiality.review.selectors import decided, live_proposal, overrides_of
from scoping.models import Assessment
from surveys.models import Survey


@dataclass(frozen=True)
class Snapshot:
    """
    Parameters
    ----------
    results : the decided result (materiality/review/decided.py); None where the list of issues is the result, or
        nothing has been computed yet.
    run : of which that is.
    proposal : the one that was asked for, or the one that is open or confirmed; None without one.
    """

    assessment: Assessment
    results: dict[str, Any] | None
    run: AnalysisRun | None
    proposal: Proposal | None
    survey: Survey | None
    look: Look

    @property
    def is_missing(self) -> bool:
        """Whether there is no result yet that a file could be about."""
        return self.results is None and self.assessment.with_survey

    @property
    def computed_at(self) -> datetime | None:
        return datetime.fromisoformat(self.results["computed_at"]) if self.results else None


def snapshot_of(assessment: Assessment, options: Options | None = None) -> Snapshot:
    """The decided result as it is now, or the document of the proposal that `options` name.

    Raises
    ------
    ValueError
        If this assessment has no such proposal (any more).
    """
    asked_for = options.proposal if options else None
    if asked_for is None:
        proposal = live_proposal(assessment)
        run, results = _current(assessment)
    else:
        proposal = Proposal.objects.select_related("run").filter(assessment=assessment, pk=asked_for).first()
        if proposal is None:
            raise ValueError(_("This assessment has no such proposal."))
        run = proposal.run
        results = proposal.document if run else None
    return Snapshot(
        assessment=assessment,
        results=results,
        run=run,
        proposal=proposal,
        survey=Survey.objects.filter(assessment=assessment).first(),
        look=look_of(assessment.organisation),
    )


def _current(assessment: Assessment) -> tuple[AnalysisRun | None, dict[str, Any] | None]:
    if not assessment.with_survey:
        return None, None
    current = CurrentRun.objects.select_related("run").filter(assessment=assessment).first()
    if current is None:
        return None, None
    return current.run, decided(assessment, current.run.results, overrides_of(assessment))
