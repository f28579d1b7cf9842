"""The meeting paper and the minutes of a proposal as downloads, for every member."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import MemberRequest
from figures.fonts import MissingFont
from materiality.exports.paper import meeting_paper_pdf, minutes_text
from materiality.models import Proposal
from scoping.views.base import find_assessment


@require_GET
def paper(request: MemberRequest, slug: str, number: int) -> HttpResponse:
    """The PDF for the meeting; where a font is missing, the page of confirmation says which."""
    return _answer(request, slug, number, "paper.pdf", "application/pdf", meeting_paper_pdf)


@require_GET
def minutes(request: MemberRequest, slug: str, number: int) -> HttpResponse:
    return _answer(request, slug, number, "minutes.txt", "text/plain; charset=utf-8", minutes_text)


def _answer(
    request: MemberRequest,
    slug: str,
    number: int,
    filename: str,
    content_type: str,
    write: Callable[[Proposal], bytes | str],
) -> HttpResponse:
    assessment = find_assessment(request, slug)
    found = Proposal.objects.filter(assessment=assessment, number=number)
    proposal = found.select_related("assessment__organisation", "assessment__previous").first()
    if proposal is None:
        raise Http404("There is no proposal with this number.")
    try:
        content = write(proposal)
    except MissingFont as error:
        messages.error(request, _("%(file)s could not be made: %(error)s") % {"file": filename, "error": error})
        return redirect("materiality:confirmation", organisation=request.organisation.slug, slug=slug)
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{assessment.slug}-{number}-{filename}"'
    response["Cache-Control"] = "private, no-store"
    return response
