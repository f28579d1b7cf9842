"""The short lists that were decided, which one holds, and what has come since."""

from dataclasses import dataclass

from django.db.models import Q, Sum

from scoping.models import Assessment, Issue, ShortListDecision
from scoping.selectors.screening.totals import ScreenedIssue, Screening, long_list


def decisions_of(assessment: Assessment) -> list[ShortListDecision]:
    """All versions, newest first, without their entries."""
    return list(assessment.short_list_decisions.defer("entries").select_related("decided_by", "undone_by"))


def current_decision(assessment: Assessment) -> ShortListDecision | None:
    """The newest that was not undone; one for the next assessment included."""
    return assessment.short_list_decisions.filter(undone_at=None).select_related("decided_by").first()


def applied_decision(assessment: Assessment) -> ShortListDecision | None:
    """The newest that was not undone and that the survey of this assessment asks by."""
    return assessment.short_list_decisions.filter(undone_at=None, applies=True).select_related("decided_by").first()


def decision_before(decision: ShortListDecision) -> ShortListDecision | None:
    """The one that held when `decision` was taken."""
    earlier = ShortListDecision.objects.filter(assessment=decision.assessment_id, version__lt=decision.version)
    return earlier.filter(Q(undone_at=None) | Q(undone_at__gt=decision.decided_at)).first()


def since_decision(assessment: Assessment, decision: ShortListDecision | None = None) -> list[Issue]:
    """Issues that the current decision (or `decision`) does not know: they came since, and nobody screened them."""
    decision = decision or current_decision(assessment)
    if decision is None:
        return []
    known = {entry["issue"] for entry in decision.entries}
    since = set(long_list(assessment).values_list("pk", flat=True)) - known
    return list(assessment.issues.filter(pk__in=since))


def proposed_otherwise(screening: Screening, decision: ShortListDecision) -> list[ScreenedIssue]:
    """Issues for which the marks propose something else by now than when it was decided."""
    then = {entry["issue"]: entry["proposed"] for entry in decision.entries}
    return [issue for issue in screening.issues if issue.id in then and then[issue.id] is not issue.outcome.proposal]


def kept_by(decision: ShortListDecision) -> int:
    """How many issues it put on the short list."""
    return sum(entry["listed"] for entry in decision.entries)


def next_version(assessment: Assessment) -> int:
    newest = assessment.short_list_decisions.defer("entries").first()
    return newest.version + 1 if newest else 1


@dataclass(frozen=True)
class TierFit:
    """For how many issues the tiers are sized, and how many are on the list."""

    planned: int
    listed: int

    @property
    def fits(self) -> bool:
        return not self.planned or self.planned == self.listed


def tier_fit(assessment: Assessment) -> TierFit:
    """A decision changes how many issues there are; tiers that were sized in advance may not add up to it any more."""
    planned = assessment.tiers.aggregate(planned=Sum("planned_count"))["planned"]
    return TierFit(planned or 0, assessment.issues.asked().count())
