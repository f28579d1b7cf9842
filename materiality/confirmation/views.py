"""Propose, confirm or return, withdraw, reopen: one page, one address for each verb."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import confirmers_only, editors_only
from accounts.proof import has_passkey, show_again
from accounts.requests import MemberRequest
from accounts.services import choose_name
from materiality import services
from materiality.confirmation.forms import DecisionForm, ProposeForm, ReopenForm
from materiality.confirmation.page import confirmation_page
from materiality.models import Proposal, ProposalState, Verdict
from scoping.models import Assessment
from scoping.steps import steps
from scoping.views.base import find_assessment


@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: MemberRequest, slug: str) -> HttpResponse:
    """How far the confirmation is; POST proposes the current result."""
    assessment = find_assessment(request, slug, counted=True)
    if request.method == "POST":
        return _propose(request, assessment)
    return _page(request, assessment)


@editors_only
def _propose(request: MemberRequest, assessment: Assessment) -> HttpResponse:
    form = ProposeForm(request.POST)
    if form.is_valid():
        try:
            proposal = services.propose(assessment=assessment, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            done = _("The result is before %(body)s, and nothing of it changes until it is decided.")
            messages.success(request, done % {"body": proposal.body})
            return _back(request, assessment)
    return _page(request, assessment, proposing=form)


@require_POST
@confirmers_only
def sign(request: MemberRequest, slug: str, proposal: UUID) -> HttpResponse:
    """Confirm or return. Password or passkey are asked for here, and count for this decision alone."""
    assessment = find_assessment(request, slug, counted=True)
    found = _proposal(assessment, proposal)
    form = DecisionForm(request.POST, asks_name=not request.user.name)
    if found.state == ProposalState.OPEN:
        # What changed underneath takes the proposal back now, and not when somebody has signed.
        services.check(found.pk)
        found.refresh_from_db(fields=["state"])
    if found.state != ProposalState.OPEN:
        messages.error(request, _("This proposal is not open any more. The page shows what became of it."))
        return _page(request, assessment, status=400)
    if form.is_valid():
        given = form.cleaned_data
        try:
            means = show_again(user=request.user, password=given["password"], credential=given["credential"])
            if "name" in given:
                choose_name(user=request.user, name=given["name"])
            signed = services.sign(
                proposal=found,
                membership=request.membership,
                verdict=given["verdict"],
                means=means,
                digest=given["digest"],
                remark=given["remark"],
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _signed(signed, given["verdict"], request.membership.may_edit))
            return _back(request, assessment)
    return _page(request, assessment, deciding=form)


def _signed(proposal: Proposal, verdict: str, may_edit: bool) -> str:
    if verdict == Verdict.RETURN:
        return _("The result is returned to the working group, with your remark.")
    if proposal.state == ProposalState.CONFIRMED:
        if may_edit:
            return _("The result is confirmed. It can be published now.")
        return _("The result is confirmed. Owners and analysts are told, and can publish it now.")
    return _("Your confirmation is recorded. %(missing)s") % {"missing": " ".join(services.still_needed(proposal))}


@require_POST
@editors_only
def withdraw(request: MemberRequest, slug: str, proposal: UUID) -> HttpResponse:
    assessment = find_assessment(request, slug, counted=True)
    try:
        services.withdraw_proposal(proposal=_proposal(assessment, proposal), by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The proposal is withdrawn. The result can be changed again."))
    return _back(request, assessment)


@require_POST
@editors_only
def reopen(request: MemberRequest, slug: str, proposal: UUID) -> HttpResponse:
    assessment = find_assessment(request, slug, counted=True)
    form = ReopenForm(request.POST)
    if form.is_valid():
        try:
            services.reopen(proposal=_proposal(assessment, proposal), by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The result is open again, and its confirmation is void."))
            return _back(request, assessment)
    return _page(request, assessment, reopening=form)


def _proposal(assessment: Assessment, pk: UUID) -> Proposal:
    found = get_object_or_404(Proposal.objects.defer("document"), pk=pk, assessment=assessment)
    found.assessment = assessment
    return found


def _back(request: MemberRequest, assessment: Assessment) -> HttpResponse:
    return redirect("materiality:confirmation", organisation=request.organisation.slug, slug=assessment.slug)


def _page(
    request: MemberRequest,
    assessment: Assessment,
    *,
    proposing: ProposeForm | None = None,
    deciding: DecisionForm | None = None,
    reopening: ReopenForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = confirmation_page(assessment, request.membership)
    body = page.history[0].proposal.body if page.history else _("the board of directors")
    context = {
        "assessment": assessment,
        "steps": steps(assessment, organisation=request.organisation),
        "page": page,
        "has_passkey": page.live is not None and request.membership.may_confirm and has_passkey(request.user),
        "proposing": proposing or ProposeForm(initial={"body": body}),
        "deciding": deciding or DecisionForm(asks_name=not request.user.name),
        "reopening": reopening or ReopenForm(),
        "form": proposing or deciding or reopening,
    }
    if proposing or deciding or reopening:
        status = 400
    return render(request, "materiality/confirmation/page.html", context, status=status)
