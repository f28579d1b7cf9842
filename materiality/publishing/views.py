"""The members' pages of publishing: what would be public, the button, the address, and how to take it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from materiality.models import Publication
from materiality.publishing import services
from materiality.publishing.document import public_document
from materiality.publishing.page import day, page_of
from materiality.publishing.public_views import LANGUAGES, frame_of
from materiality.publishing.room import hidden_from_everybody, room_of, shown_to_everybody
from materiality.review.selectors import confirmed_proposal
from scoping.models import Assessment
from scoping.steps import steps
from scoping.views.base import address, find_assessment


@require_GET
def page(request: MemberRequest, slug: str) -> HttpResponse:
    """Whether the result is public, what is missing for that, and what was public before."""
    return _page(request, find_assessment(request, slug, counted=True))


def _page(
    request: MemberRequest, assessment: Assessment, *, because: str = "", refused: list[str] | None = None
) -> HttpResponse:
    context = {
        "assessment": assessment,
        "steps": steps(assessment, organisation=request.organisation),
        "room": room_of(assessment),
        "may_edit": request.membership.may_edit,
        "because": because,
        "refused": refused,
        "longest": services.LONGEST_REASON,
        "shown": shown_to_everybody(assessment),
        "hidden": hidden_from_everybody(),
    }
    return render(request, "materiality/publishing/page.html", context, status=400 if refused else 200)


@require_GET
def preview(request: MemberRequest, slug: str) -> HttpResponse:
    """The public page as it would be now, for members alone."""
    assessment = find_assessment(request, slug)
    proposal = confirmed_proposal(assessment)
    if proposal is None:
        messages.error(request, _("There is nothing to preview: the result is not confirmed."))
        return redirect(address(request, slug, "materiality:publish"))
    chosen = request.GET.get("lang", "")
    language = chosen if chosen in LANGUAGES else "zh" if (get_language() or "").startswith("zh") else "en"
    document = public_document(proposal)
    with translation.override(LANGUAGES[language][1]):
        context = {
            **frame_of(slug, language, chosen=False),
            **page_of(document, f"{proposal.digest} {language}"),
            "preview": True,
            "back": address(request, slug, "materiality:publish"),
            "confirmed_on": day(document["confirmed"]["on"]),
            "published_at": timezone.now(),
        }
        response = render(request, "report/report.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@editors_only
def publish(request: MemberRequest, slug: str) -> HttpResponse:
    assessment = find_assessment(request, slug)
    proposal = confirmed_proposal(assessment)
    try:
        if proposal is None:
            raise ValidationError(_("Only a confirmed result can be published."))
        services.publish(proposal=proposal, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The report is public. Its address is below."))
    return redirect(address(request, slug, "materiality:publish"))


@require_http_methods(["POST"])
@editors_only
def withdraw(request: MemberRequest, slug: str) -> HttpResponse:
    """Take back what is public. Without a reason the page comes back and says what is missing."""
    assessment = find_assessment(request, slug, counted=True)
    because = request.POST.get("because", "")
    publication = Publication.objects.filter(assessment=assessment, withdrawn_at=None).first()
    if publication is None:
        messages.error(request, _("Nothing is public here, so there is nothing to withdraw."))
        return redirect(address(request, slug, "materiality:publish"))
    try:
        services.withdraw(publication=publication, by=request.user, because=because)
    except ValidationError as refusal:
        return _page(request, assessment, because=because, refused=refusal.messages)
    messages.success(request, _("The report is withdrawn. Its address says so, when and why."))
    return redirect(address(request, slug, "materiality:publish"))
