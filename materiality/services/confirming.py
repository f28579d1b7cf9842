"""Confirmation: the working group proposes a result, committee or board confirm it, and a later change voids that.

What is confirmed is a document and its digest. A proposal that is open or confirmed locks the result
(services/locking.py); what changes it all the same, such as answers that were erased, voids the confirmation
(services/grounds.py).
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from materiality.models import CurrentRun, Override, Proposal, ProposalState, Signature, Verdict
from materiality.review.decided import digest_of
from materiality.services.grounds import document_of, void_if_changed
from materiality.services.locking import end_proposal, require_unlocked, tell, tell_others
from materiality.services.running import is_out_of_date
from scoping.models import Assessment
from surveys.selectors import tallies_of


class NotAllowed(ValidationError):
    """This person may not do that here; the message says who may."""


@transaction.atomic
def propose(*, assessment: Assessment, body: str, by: User, meeting_on: date | None = None, note: str = "") -> Proposal:
    """Put the current result before the body that confirms; from now on it is locked.

    Raises
    ------
    Locked
        While another proposal is open or confirmed.
    ValidationError
        Without a result, where it is out of date, or without a body.
    """
    # Not against those who only refer to it: who gives a tier holds the current run already, and would wait for us.
    held = Assessment.objects.select_for_update(of=("self",), no_key=True).select_related("organisation")
    assessment = held.get(pk=assessment.pk)
    require_unlocked(assessment)
    if not body.strip():
        raise ValidationError(_("Say who is to confirm the result, such as the board of directors."))
    list(CurrentRun.objects.select_for_update().filter(assessment=assessment))
    current, document = document_of(assessment)
    if current and is_out_of_date(current.run, tallies_of(assessment)):
        raise ValidationError(_("The result is out of date: update it first, then look at it once more."))
    last = assessment.proposals.aggregate(last=Max("number"))["last"] or 0
    proposal = Proposal.objects.create(
        assessment=assessment,
        number=last + 1,
        run=current.run if current else None,
        document=document,
        digest=digest_of(document),
        body=body.strip()[:200],
        meeting_on=meeting_on,
        note=note.strip(),
        people_needed=assessment.organisation.people_to_confirm,
        proposed_by=by,
        checked_at=timezone.now(),
    )
    tell(proposal, by, f"proposed the result to {proposal.body}")
    tell_others(proposal, by)
    return proposal


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, by: User) -> Proposal:
    """Take an open proposal back, so that the working group can change the result.

    Raises
    ------
    ValidationError
        If it is not open any more.
    """
    proposal = _held(proposal)
    if proposal.state != ProposalState.OPEN:
        raise ValidationError(_("Only a proposal that waits for confirmation can be withdrawn."))
    return end_proposal(proposal, ProposalState.WITHDRAWN, by, "")


@transaction.atomic
def sign(
    *, proposal: Proposal, membership: Membership, verdict: str, means: str, digest: str, remark: str = ""
) -> Proposal:
    """Confirm or return what is proposed. The caller has just made the person show again who they are.

    Confirmed it is with as many people as the organisation wants; one of them must have given no tier of it in place
    of a computed one. One person alone returns it.

    Parameters
    ----------
    means : how the person showed who they are (Signature.Means).
    digest : of the document that was on the person's screen.

    Raises
    ------
    NotAllowed
        If the person's role cannot confirm, or the person signed before.
    ValidationError
        If the proposal is not open, what was read is not what is proposed, its ground has changed since, or it is
        returned without a remark.
    """
    proposal = _held(proposal)
    # As it is now, and held: a member may have been removed, or given another role, while the page was open.
    found = Membership.objects.select_for_update(of=("self",)).select_related("user").filter(pk=membership.pk).first()
    if found is None or not found.may_confirm or found.organisation_id != proposal.assessment.organisation_id:
        raise NotAllowed(_("Only approvers and owners can confirm a result."))
    user = found.user
    if proposal.state != ProposalState.OPEN:
        raise ValidationError(_("This proposal is not open any more."))
    if digest != proposal.digest:
        raise ValidationError(_("What you read is not what is proposed now. Read it again, then decide."))
    if proposal.signatures.filter(by=user).exists():
        raise NotAllowed(_("You have decided about this proposal already."))
    if Verdict(verdict) == Verdict.RETURN and not remark.strip():
        raise ValidationError({"remark": _("Say what the working group should change.")})
    if Verdict(verdict) == Verdict.CONFIRM and (because := void_if_changed(proposal)):
        told = _("This cannot be confirmed any more: %(because)s The working group has to propose it anew.")
        raise ValidationError(told % {"because": _(because)})
    Signature.objects.create(
        proposal=proposal,
        by=user,
        name=str(user),
        role=found.role,
        verdict=Verdict(verdict),
        remark=remark.strip(),
        means=Signature.Means(means),
        digest=proposal.digest,
    )
    if Verdict(verdict) == Verdict.RETURN:
        return end_proposal(proposal, ProposalState.RETURNED, user, remark.strip())
    tell(proposal, user, f"confirmed proposal {proposal.number} by {means}")
    if not still_needed(proposal):
        proposal.state, proposal.confirmed_at = ProposalState.CONFIRMED, timezone.now()
        proposal.save(update_fields=["state", "confirmed_at"])
        tell(proposal, None, f"proposal {proposal.number} is confirmed by {proposal.body}")
        tell_others(proposal, user)
    return proposal


def still_needed(proposal: Proposal) -> list[str]:
    """What is missing for a confirmation, in sentences; empty when nothing is."""
    signers = [one.by_id for one in proposal.signatures.all() if one.verdict == Verdict.CONFIRM]
    missing = []
    if len(signers) < proposal.people_needed:
        missing.append(
            _("One more person has to confirm.")
            if signers
            else _("One person has to confirm.")
            if proposal.people_needed == 1
            else _("Two people have to confirm.")
        )
    # A signature stays when its person's account goes; then nobody can tell any more whether they gave a tier, so it
    # does not count as that of somebody who gave none.
    if signers and givers_of(proposal).issuperset(set(signers) - {None}):
        missing.append(_("Somebody who gave no issue another tier than the computed one has to confirm too."))
    return missing


def givers_of(proposal: Proposal) -> set[Any]:
    """Ids of the people whose decisions on tiers are part of the proposal, as long as it is live."""
    if proposal.run_id is None:
        return set()
    given = Override.objects.filter(assessment=proposal.assessment_id, ended_at=None)
    return set(given.values_list("by_id", flat=True)) - {None}


@transaction.atomic
def reopen(*, proposal: Proposal, by: User, because: str) -> Proposal:
    """Void a confirmation so that the result can be changed. What was published of it is marked, not withdrawn.

    Raises
    ------
    ValidationError
        Without a reason, or if it is not confirmed.
    """
    proposal = _held(proposal)
    if not because.strip():
        raise ValidationError(_("Say why: it is shown with the confirmation that becomes void."))
    if proposal.state != ProposalState.CONFIRMED:
        raise ValidationError(_("Only a confirmed result can be reopened."))
    return end_proposal(proposal, ProposalState.VOID, by, because.strip())


def _held(proposal: Proposal) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("assessment__organisation")
    return rows.get(pk=proposal.pk)
