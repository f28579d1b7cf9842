"""The page that compares this period's result with that of the period before."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import MemberRequest
from materiality.change.amounts import lines_of, percent_of
from materiality.change.comparison import comparison_of, has_previous
from materiality.change.drawing import CONTENT_TYPES, drawing_of, figure_of, file_of
from materiality.change.sentences import criterion, headline, report_text
from materiality.change.table import changes_csv
from materiality.findings import SETTLED
from scoping.selectors.continuity import assessments_before
from scoping.steps import steps
from scoping.views.base import find_assessment

LABELS = {"png": "PNG", "svg": "SVG", "pdf": "PDF"}


@require_GET
def changes(request: MemberRequest, slug: str) -> HttpResponse:
    """Ranks, tiers and priorities of both years, and which moves are larger than their uncertainty."""
    assessment = find_assessment(request, slug, counted=True)
    context = {
        "assessment": assessment,
        "steps": steps(assessment, organisation=request.organisation),
        "has_previous": has_previous(assessment),
        "may_edit": request.membership.may_edit,
    }
    if not has_previous(assessment):
        context["others"] = assessments_before(assessment).exists()
        return render(request, "materiality/changes_empty.html", context)
    comparison, before, now = comparison_of(organisation=request.organisation, assessment=assessment)
    context |= {"before": before, "now": now}
    if comparison is None or now is None:
        return render(request, "materiality/changes_empty.html", context)
    figure = figure_of(comparison, assessment)
    context |= {
        "comparison": comparison,
        "headline": headline(comparison),
        "lines": lines_of(comparison),
        "criterion": criterion(comparison),
        "percent": percent_of(now.choice("interval")),
        "settled": percent_of(SETTLED),
        "report": report_text(comparison),
        "drawing": drawing_of(figure) if figure else None,
        "formats": LABELS,
    }
    return render(request, "materiality/changes.html", context)


@require_GET
def export(request: MemberRequest, slug: str, format: str) -> HttpResponse:
    """The table as CSV, or the chart as a picture."""
    assessment = find_assessment(request, slug)
    if format != "csv" and format not in CONTENT_TYPES:
        raise Http404(f"There is no export {format!r}; there are csv, {', '.join(CONTENT_TYPES)}.")
    comparison = comparison_of(organisation=request.organisation, assessment=assessment)[0]
    page = redirect("materiality:changes", organisation=request.organisation.slug, slug=slug)
    if comparison is None:
        messages.error(request, _("There is nothing to export yet: the years cannot be compared."))
        return page
    if format == "csv":
        response = HttpResponse(changes_csv(comparison), content_type="text/csv; charset=utf-8")
    else:
        figure = figure_of(comparison, assessment)
        if figure is None:
            messages.error(request, _("There is no chart to export: a year has no ranks."))
            return page
        try:
            response = HttpResponse(file_of(figure, format), content_type=CONTENT_TYPES[format])
        except ValueError as error:  # a font is missing
            messages.error(
                request, _("%(file)s could not be made: %(error)s") % {"file": LABELS[format], "error": error}
            )
            return page
    response["Content-Disposition"] = f'attachment; filename="{assessment.slug}-changes.{format}"'
    response["Cache-Control"] = "private, no-store"
    return response
