"""Reads of proposals for pages, without the documents, which are large; for an assessment found in an organisation."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation, User
from accounts.selectors import who_may_confirm
from materiality.models import Proposal, ProposalState, Publication, Verdict
from materiality.services import givers_of
from scoping.models import Assessment
from scoping.steps import Conclusion


@dataclass(frozen=True)
class Newest:
    """The newest proposal, without its document; whether a report can be read by anybody.

    `holds` : whether what is public is confirmed still; True as well where nothing is.
    `withdrawn_at` : when a report was taken back last; None where none was.
    """

    proposal: Proposal
    is_public: bool
    holds: bool
    withdrawn_at: datetime | None


def newest_proposal(assessment: Assessment, *, with_withdrawn: bool = False) -> Newest | None:
    """What pages say of the confirmation; None where nothing was proposed. What the working group took back counts
    where it is asked for and nothing else was proposed."""
    found = Proposal.objects.filter(assessment=assessment).defer("document")
    if not with_withdrawn:
        found = found.exclude(state=ProposalState.WITHDRAWN)
    last = Case(When(state=ProposalState.WITHDRAWN, then=1), default=0)
    public = Publication.objects.filter(assessment=OuterRef("assessment"), withdrawn_at=None)
    void = public.filter(proposal__state=ProposalState.VOID)
    gone = Publication.objects.filter(assessment=OuterRef("assessment")).exclude(withdrawn_at=None)
    withdrawn = Subquery(gone.order_by("-withdrawn_at").values("withdrawn_at")[:1])
    found = found.annotate(is_public=Exists(public), is_void=Exists(void), withdrawn_at=withdrawn)
    proposal = found.order_by(last, "-number").first()
    return Newest(proposal, proposal.is_public, not proposal.is_void, proposal.withdrawn_at) if proposal else None


def conclusions_of(organisation: Organisation) -> dict[UUID, str]:
    """What the list of assessments says beside their phase, by assessment: open, public, void (what is public is not
    confirmed any more) or confirmed. What waits for somebody comes first."""
    proposals = Proposal.objects.filter(assessment__organisation=organisation, state__in=Proposal.LIVE)
    live = dict(proposals.values_list("assessment", "state"))
    publications = Publication.objects.filter(assessment__organisation=organisation, withdrawn_at=None)
    public = {
        assessment: "void" if state == ProposalState.VOID else "public"
        for assessment, state in publications.values_list("assessment", "proposal__state")
    }
    waiting = {assessment: state for assessment, state in live.items() if state == ProposalState.OPEN}
    return live | public | waiting


def proposals_of(assessment: Assessment) -> list[Proposal]:
    """Every one, the newest first, with its signatures."""
    found = Proposal.objects.filter(assessment=assessment).defer("document")
    return list(found.select_related("proposed_by", "ended_by").prefetch_related("signatures"))


def conclusion_of(assessment: Assessment) -> Conclusion | None:
    """How far the confirmation is, for the steps of the work."""
    newest = newest_proposal(assessment, with_withdrawn=True)
    if newest is None:
        return None
    proposal = newest.proposal
    return Conclusion(
        state=proposal.state,
        body=proposal.body,
        on=confirmed_on(proposal),
        because=why_ended(proposal),
        is_public=newest.is_public,
        holds=newest.holds,
        withdrawn_on=timezone.localdate(newest.withdrawn_at) if newest.withdrawn_at and not newest.is_public else None,
    )


def confirmed_on(proposal: Proposal) -> date | None:
    return timezone.localdate(proposal.confirmed_at) if proposal.confirmed_at else None


def why_ended(proposal: Proposal) -> str:
    """What nobody in person ended says why in the language of the page; people's reasons stay as they wrote them."""
    because = proposal.ended_because
    return _(because) if because and proposal.ended_by_id is None else because


def waits_for(membership: Membership, assessment: Assessment) -> Proposal | None:
    """The proposal that this member may still confirm."""
    if not membership.may_confirm:
        return None
    waiting = Proposal.objects.filter(assessment=assessment, state=ProposalState.OPEN).defer("document")
    return waiting.exclude(signatures__by=membership.user_id).first()


@dataclass(frozen=True)
class Confirmer:
    """A member who may confirm: whether they did, and whether they gave an issue another tier, so that they cannot
    alone."""

    person: User
    role: str
    has_signed: bool
    gave_tiers: bool


def confirmers(proposal: Proposal) -> list[Confirmer]:
    """Who may confirm an open proposal; `proposal` comes with its signatures."""
    givers = givers_of(proposal)
    signed = {one.by_id for one in proposal.signatures.all() if one.verdict == Verdict.CONFIRM}
    return [
        Confirmer(member.user, member.get_role_display(), member.user_id in signed, member.user_id in givers)
        for member in who_may_confirm(proposal.assessment.organisation)
    ]


def cannot_be_confirmed(proposal: Proposal, people: list[Confirmer]) -> str:
    """Why those who may confirm are not enough, with what to do; empty where they are."""
    signed = [one for one in proposal.signatures.all() if one.verdict == Verdict.CONFIRM]
    ready = {one.by_id or one.name for one in signed} | {one.person.pk for one in people}
    if len(ready) < proposal.people_needed:
        return _("Two people have to confirm, and only one member may. An owner can add an approver under Members.")
    # Of one whose account is gone nobody can tell whether they gave a tier (services.still_needed).
    known = {one.by_id for one in signed if one.by_id} | {one.person.pk for one in people}
    if ready and givers_of(proposal).issuperset(known):
        return _(
            "Everybody who may confirm gave an issue another tier than the computed one, so none of them can alone. "
            "An owner can add an approver under Members."
        )
    return ""
