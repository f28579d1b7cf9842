"""The page that compares a result with the one before it, and its file."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import MemberRequest
from materiality import selectors
from materiality.models import AnalysisRun
from materiality.review.runs_compared import Compared, compare_runs, compared_csv
from materiality.review.selectors import decided_results
from materiality.selectors import RunLine
from scoping.models import Assessment
from scoping.steps import steps
from scoping.views.base import address, find_assessment

# Parameters of the address: the later and the earlier result.
NOW, BEFORE = "now", "before"


@require_GET
def compared(request: MemberRequest, slug: str) -> HttpResponse:
    """The current result and the one before it, or any two that the address names."""
    assessment = find_assessment(request, slug, counted=True)
    runs = selectors.runs_of(organisation=request.organisation, assessment=assessment)
    current = selectors.current_key(assessment)
    found = _chosen(request, assessment, runs, current)
    context = {
        "assessment": assessment,
        "steps": steps(assessment, organisation=request.organisation),
        "runs": runs,
        "current": current,
        "found": found,
        "choices": [
            (BEFORE, _("Earlier result"), found.before.pk),
            (NOW, _("Later result"), found.now.pk),
        ]
        if found
        else [],
    }
    return render(request, "materiality/review/compared.html", context)


@require_GET
def export(request: MemberRequest, slug: str) -> HttpResponse:
    """The comparison that the page shows, as CSV."""
    assessment = find_assessment(request, slug)
    runs = selectors.runs_of(organisation=request.organisation, assessment=assessment)
    found = _chosen(request, assessment, runs, selectors.current_key(assessment))
    if found is None:
        messages.error(request, _("There is nothing to export yet: a second result has to be computed first."))
        return redirect(address(request, slug, "materiality:runs-compared"))
    response = HttpResponse(compared_csv(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{assessment.slug}-results-compared.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _chosen(
    request: MemberRequest, assessment: Assessment, runs: list[RunLine], current: UUID | None
) -> Compared | None:
    """The two results that the address names, else the current one and that before it; None while there is one."""
    keys = {run.pk for run in runs}
    now = _named(request, NOW, keys) or current
    if now is None:
        return None
    before = _named(request, BEFORE, keys) or _before(now, runs)
    if before is None:
        return None
    found = AnalysisRun.objects.filter(assessment=assessment).in_bulk([now, before])
    return compare_runs(found[before], found[now], decided_results(found[now]))


def _named(request: MemberRequest, name: str, keys: set[UUID]) -> UUID | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        key = UUID(text)
    except ValueError:
        key = None
    if key not in keys:
        raise Http404("There is no such result of this assessment.")
    return key


def _before(now: UUID, runs: list[RunLine]) -> UUID | None:
    """The result before `now`, of lines with the newest first; where it is the first of all, the one after it."""
    keys = [run.pk for run in runs]
    place = keys.index(now)
    if place + 1 < len(keys):
        return keys[place + 1]
    return keys[place - 1] if place else None
