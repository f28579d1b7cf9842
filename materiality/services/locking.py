"""A result that is before the board, or confirmed by it, does not change under it."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from materiality.models import AnalysisRun, Proposal, ProposalState
from materiality.services.mailing import tell_members
from scoping.models import Assessment
from webhooks.events import RESULT_CONFIRMED, RESULT_RETURNED, RESULT_VOID
from webhooks.services import announce

# What other systems are told, and the time of it.
EVENTS = {
    ProposalState.CONFIRMED: (RESULT_CONFIRMED, "confirmed_at"),
    ProposalState.RETURNED: (RESULT_RETURNED, "ended_at"),
    ProposalState.VOID: (RESULT_VOID, "ended_at"),
}


class Locked(ValidationError):
    """The result is proposed or confirmed; the message says what to do to change it."""


def require_unlocked(assessment: Assessment) -> None:
    """
    Raises
    ------
    Locked
        While a proposal is open or confirmed. Who changes the result holds the row of the current run, as who proposes
        one does.
    """
    proposal = Proposal.objects.filter(assessment=assessment, state__in=Proposal.LIVE).first()
    if proposal is None:
        return
    if proposal.state == ProposalState.OPEN:
        raise Locked(
            _("This result is before %(body)s. To change it, withdraw the proposal first.") % {"body": proposal.body}
        )
    raise Locked(
        _("This result is confirmed by %(body)s. To change it, reopen it first: the confirmation then becomes void.")
        % {"body": proposal.body}
    )


def void_live(run: AnalysisRun, because: str) -> None:
    """`run` became the current one: what was proposed or confirmed of another is void, or taken back."""
    live = Proposal.objects.select_for_update(of=("self",)).select_related("assessment__organisation")
    for proposal in live.filter(assessment=run.assessment, state__in=Proposal.LIVE).exclude(run=run):
        confirmed = proposal.state == ProposalState.CONFIRMED
        end_proposal(proposal, ProposalState.VOID if confirmed else ProposalState.WITHDRAWN, None, because)


def end_proposal(proposal: Proposal, state: ProposalState, by: User | None, because: str) -> Proposal:
    """End a live proposal, with why; the record tells of it. The caller holds its row."""
    proposal.state, proposal.ended_at, proposal.ended_by, proposal.ended_because = state, timezone.now(), by, because
    proposal.save(update_fields=["state", "ended_at", "ended_by", "ended_because"])
    told = {
        ProposalState.VOID: f"the confirmation of proposal {proposal.number} is void",
        ProposalState.RETURNED: f"returned proposal {proposal.number}",
        ProposalState.WITHDRAWN: f"proposal {proposal.number} is withdrawn",
    }[state]
    tell(proposal, by, f"{told}: {because}" if because else told)
    tell_others(proposal, by)
    return proposal


def tell_others(proposal: Proposal, by: User | None) -> None:
    """What became of a proposal, to members by mail and to other systems; `by` brought it about and knows."""
    tell_members(proposal, by)
    if proposal.state not in EVENTS:
        return
    event, field = EVENTS[ProposalState(proposal.state)]
    data = {
        "assessment": proposal.assessment.slug,
        "proposal": proposal.number,
        "body": proposal.body,
        "digest": proposal.digest,
        field: getattr(proposal, field).isoformat(timespec="seconds"),
    }
    if proposal.state != ProposalState.CONFIRMED:
        data["because"] = proposal.ended_because
    announce(organisation=proposal.assessment.organisation, event=event, data=data)


def tell(proposal: Proposal, by: User | None, summary: str) -> None:
    """A line of the record about a proposal."""
    record(organisation=proposal.assessment.organisation, actor=by, subject=proposal.assessment.slug, summary=summary)
