"""The chapter for the report as a download: of the current result, or of the list where no survey is held."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import MemberRequest
from materiality.exports import EXPORTS
from materiality.exports.chapter import chapter_docx
from materiality.review.selectors import decided_results
from materiality.selectors import current_run
from scoping.views.base import find_assessment


@require_GET
def chapter(request: MemberRequest, slug: str) -> HttpResponse:
    """Where a survey is to rank the list and has not yet, there is no chapter: the results page says what is next."""
    assessment = find_assessment(request, slug)
    run = current_run(organisation=request.organisation, assessment=assessment)
    if run is None and assessment.with_survey:
        messages.error(request, _("There is no chapter yet: it is written from a result."))
        return redirect("materiality:results", organisation=request.organisation.slug, slug=slug)
    kind = EXPORTS["docx"]
    response = HttpResponse(
        chapter_docx(decided_results(run) if run else None, assessment), content_type=kind.content_type
    )
    response["Content-Disposition"] = f'attachment; filename="{assessment.slug}-{kind.filename}"'
    response["Cache-Control"] = "private, no-store"
    return response
