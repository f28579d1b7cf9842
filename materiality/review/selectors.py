"""Reads of review and confirmation, for an assessment that was found in an organisation."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from materiality.models import AnalysisRun, CurrentRun, Override, Proposal, ProposalState, ReviewComment
from materiality.review.decided import GivenTier, decide, moved_by_decision
from scoping.models import Assessment, Issue


def overrides_of(*assessments: Assessment | UUID) -> list[Override]:
    """Those in force, by issue; of assessments or of those with these keys."""
    found = Override.objects.filter(assessment__in=assessments, ended_at=None).select_related("issue", "by")
    return sorted(found, key=lambda one: (one.issue.position, one.issue.code))


def history_of(issue: Issue) -> list[Override]:
    """Every tier that was ever given to the issue, the newest first."""
    return list(Override.objects.filter(issue=issue).select_related("by", "ended_by"))


def comments_of(assessment: Assessment) -> list[ReviewComment]:
    """On the result and on its issues, the oldest first."""
    found = ReviewComment.objects.filter(assessment=assessment)
    return list(found.select_related("issue", "by", "resolved_by"))


def given_tiers(overrides: Sequence[Override]) -> dict[str, GivenTier]:
    """By the code of the issue."""
    return {one.issue.code: GivenTier(one.tier, one.reason, timezone.localdate(one.at)) for one in overrides}


def decided_results(run: AnalysisRun) -> dict[str, Any]:
    """The document of `run`; with what was decided where it is the current one. Earlier runs stay as computed."""
    results: dict[str, Any] = run.results
    if not CurrentRun.objects.filter(run=run).exists():
        return results
    return decided(run.assessment, results, overrides_of(run.assessment_id))


def decided(assessment: Assessment, results: Mapping[str, Any], overrides: Sequence[Override]) -> dict[str, Any]:
    """What was computed, with what was decided, under the names that the assessment has by now: a company that changes
    its name needs no other analysis."""
    return decide(results, given_tiers(overrides)) | names_of(assessment)


def names_of(assessment: Assessment) -> dict[str, str]:
    """What a document of the assessment says of whom and when it is about."""
    return {
        "title": assessment.name,
        "company_name": assessment.company,
        "reporting_period": assessment.reporting_period,
    }


def decided_current(runs: Iterable[AnalysisRun]) -> dict[UUID, dict[str, Any]]:
    """By the key of the assessment: the decided documents of runs of which each is a current one, read together."""
    runs = list(runs)
    by_assessment: dict[UUID, list[Override]] = {run.assessment_id: [] for run in runs}
    for one in overrides_of(*by_assessment):
        by_assessment[one.assessment_id].append(one)
    return {run.assessment_id: decide(run.results, given_tiers(by_assessment[run.assessment_id])) for run in runs}


def moved_in(assessment: Assessment, results: Mapping[str, Any] | None) -> int:
    """How many issues of the current result, whose document is `results`, stand in another tier by decision."""
    return len(moved_by_decision(decide(results, given_tiers(overrides_of(assessment))))) if results else 0


def live_proposal(assessment: Assessment) -> Proposal | None:
    """The one that is open or confirmed."""
    return Proposal.objects.filter(assessment=assessment, state__in=Proposal.LIVE).first()


def confirmed_proposal(assessment: Assessment) -> Proposal | None:
    return Proposal.objects.filter(assessment=assessment, state=ProposalState.CONFIRMED).first()
