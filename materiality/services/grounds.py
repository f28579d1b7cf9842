"""What a proposal stands on: what would be proposed now, and whether what was proposed still is that.

Every change is noticed at once: after a request that changes something of an assessment (materiality/middleware.py),
after a job about one, and after an erasure. Each is followed by a look at what is committed, and so is proposing
itself: whichever of two at the same moment is committed last sees the other. A sweep looks at each live proposal now
and then, for what was changed by commands.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from materiality.models import CurrentRun, Proposal, ProposalState
from materiality.review.decided import decide, decision_of, digest_of
from materiality.review.selectors import decided, given_tiers, names_of, overrides_of
from materiality.services.locking import end_proposal
from materiality.services.running import OTHER_RESULT, is_of_other_input
from scoping.models import Assessment
from scoping.selectors import issues_of
from surveys.selectors import tallies_of

CHECK_EVERY = timedelta(minutes=10)
OTHER_INPUT = gettext_noop("Answers, weights, tiers or method have changed since.")
OTHER_LIST = gettext_noop("The list of issues has changed since.")
OTHER_NAMES = gettext_noop("The assessment’s name, company or reporting period has changed since.")
OTHER_DECISIONS = gettext_noop("The working group has given other tiers since.")


def document_of(assessment: Assessment) -> tuple[CurrentRun | None, dict[str, Any]]:
    """What would be proposed now: the decided result, or the list of issues where no survey is held.

    Raises
    ------
    ValidationError
        Where there is neither.
    """
    if not assessment.with_survey:
        return None, list_document(assessment)
    current = CurrentRun.objects.select_related("run").filter(assessment=assessment).first()
    if current is None:
        raise ValidationError(_("There is no result yet: collect answers and analyse."))
    return current, decided(assessment, current.run.results, overrides_of(assessment))


def list_document(assessment: Assessment) -> dict[str, Any]:
    """The list of issues as a result, for an assessment without a survey."""
    issues = issues_of(assessment).select_related("published__tier")
    if not issues:
        raise ValidationError(_("The list of issues is empty: there is nothing to confirm."))
    return {
        "assessment": assessment.slug,
        **names_of(assessment),
        "issues": [
            {
                "code": issue.code,
                "name": issue.name,
                "category": issue.category,
                "tier": issue.published.tier.name if hasattr(issue, "published") else None,
            }
            for issue in issues
        ],
    }


def void_if_changed(proposal: Proposal) -> str:
    """Why what was confirmed or proposed is not what would be proposed now; empty where it still is.

    What was confirmed stands when the software gets better at computing it, and answers that nobody has counted yet
    do not count here either: the next look tells.
    """
    assessment = proposal.assessment
    if proposal.run_id is None:
        try:
            if digest_of(document_of(assessment)[1]) == proposal.digest:
                return ""
        except ValidationError:
            return OTHER_LIST
        return OTHER_NAMES if _is_named_otherwise(proposal) else OTHER_LIST
    if _is_named_otherwise(proposal):
        return OTHER_NAMES
    # The results themselves are large, and are not needed as long as the run is the same.
    current = CurrentRun.objects.select_related("run").defer("run__results").filter(assessment=assessment).first()
    if current is None or current.run_id != proposal.run_id:
        return OTHER_RESULT
    current.run.assessment = assessment
    survey = tallies_of(assessment)
    if survey is None or is_of_other_input(current.run, survey, engine=current.run.engine):
        return OTHER_INPUT
    given, before = given_tiers(overrides_of(assessment)), _decisions(proposal.document)
    if not given and not before:
        return ""
    return "" if _decisions(decide(current.run.results, given)) == before else OTHER_DECISIONS


def _is_named_otherwise(proposal: Proposal) -> bool:
    return any(proposal.document.get(field) != name for field, name in names_of(proposal.assessment).items())


def _decisions(document: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Tier and reason of each issue whose tier was given."""
    found = ((issue["code"], decision_of(issue)) for issue in document["issues"])
    return {code: (decision["tier"], decision["reason"]) for code, decision in found if decision}


def void_changed(now: datetime | None = None) -> None:
    """A sweep: voids confirmations, and takes back proposals, whose ground has changed. Each is looked at now and
    then, whatever the number of workers."""
    now = now or timezone.now()
    due = Proposal.objects.filter(Q(checked_at=None) | Q(checked_at__lt=now - CHECK_EVERY), state__in=Proposal.LIVE)
    for pk in list(due.values_list("pk", flat=True)[:50]):
        check(pk, now)


def look(slug: str, *, organisation: Any = None) -> Proposal | None:
    """After a change of the assessment called `slug`: void its live proposal if what it stands on is not as it was.

    One query where there is none. To be called when the change is committed; `organisation`, where it is given, has to
    be that of the assessment.

    Returns
    -------
    Proposal, None : the one that has ended by this, with why.
    """
    live = Proposal.objects.filter(assessment__slug=slug, state__in=Proposal.LIVE)
    if organisation is not None:
        live = live.filter(assessment__organisation=organisation)
    found = live.values_list("pk", flat=True).first()
    return check(found) if found else None


@transaction.atomic
def check(proposal: Any, now: datetime | None = None) -> Proposal | None:
    """Void the proposal with that id if what it stands on has changed. It is returned then, else None."""
    found = Proposal.objects.select_for_update(of=("self",)).select_related("assessment__organisation", "run")
    held = found.filter(pk=proposal, state__in=Proposal.LIVE).first()
    if held is None:
        return None
    because = void_if_changed(held)
    if because:
        state = ProposalState.VOID if held.state == ProposalState.CONFIRMED else ProposalState.WITHDRAWN
        return end_proposal(held, state, None, because)
    Proposal.objects.filter(pk=held.pk).update(checked_at=now or timezone.now())
    return None
