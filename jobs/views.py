"""A job's page, its progress as it moves, and a new start after a failure."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jobs import selectors, services
from jobs.models import Job


class MemberRequest(HttpRequest):
    """A request inside an organisation. Their types belong to a room that this one does not import."""

    organisation: Any
    membership: Any
    htmx: Any


@require_GET
@never_cache
def job_page(request: MemberRequest, job: UUID) -> HttpResponse:
    return render(request, "jobs/job.html", {"job": _job_or_404(request, job)})


@require_GET
@never_cache
def progress(request: MemberRequest, job: UUID) -> HttpResponse:
    """The card alone, for a page that is already open; without htmx the whole page."""
    found = _job_or_404(request, job)
    if not request.htmx:
        return redirect(found.get_absolute_url())
    response = render(request, "jobs/_progress.html", {"job": found, "alone": "alone" in request.GET})
    if not found.is_open:
        # A page that shows what the job made can listen for this and fetch it.
        response["HX-Trigger-After-Settle"] = f"job-{found.status}"
    return response


@require_POST
def retry(request: MemberRequest, job: UUID) -> HttpResponse:
    found = _job_or_404(request, job)
    if not request.membership.may_edit:
        raise PermissionDenied(_("Owners and analysts start jobs again. Ask one of them."))
    try:
        services.retry(job=found)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect(found.get_absolute_url())


def _job_or_404(request: MemberRequest, job_id: UUID) -> Job:
    try:
        return selectors.get_job(request.organisation, job_id)
    except Job.DoesNotExist:
        raise Http404("This organisation has no such job.") from None
