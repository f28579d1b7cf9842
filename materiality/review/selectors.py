"""Reads of review and confirmation, for an assessment that was found in an organisation."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from materiality.models import AnalysisRun, CurrentRun, Override, Proposal, ProposalState
from materiality.review.decided import GivenTier, decide
from scoping.models import Assessment


def overrides_of(assessment: Assessment) -> list[Override]:
    """Those in force, by issue."""
    found = Override.objects.filter(assessment=assessment, ended_at=None).select_related("issue", "by")
    return sorted(found, key=lambda one: (one.issue.position, one.issue.code))


def given_tiers(overrides: Sequence[Override]) -> dict[str, GivenTier]:
    """By the code of the issue."""
    return {one.issue.code: GivenTier(one.tier, one.reason, timezone.localdate(one.at)) for one in overrides}


def decided_results(run: AnalysisRun) -> dict[str, Any]:
    """The document of `run`; with what was decided where it is the current one. Earlier runs stay as computed."""
    results: dict[str, Any] = run.results
    if not CurrentRun.objects.filter(run=run).exists():
        return results
    return decide(results, given_tiers(overrides_of(run.assessment)))


def live_proposal(assessment: Assessment) -> Proposal | None:
    """The one that is open or confirmed."""
    return Proposal.objects.filter(assessment=assessment, state__in=Proposal.LIVE).first()


def confirmed_proposal(assessment: Assessment) -> Proposal | None:
    return Proposal.objects.filter(assessment=assessment, state=ProposalState.CONFIRMED).first()
