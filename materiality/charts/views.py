"""The page of charts, and each chart as a file."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import MemberRequest
from materiality import selectors
from materiality.charts import CHARTS, CONTENT_TYPES, Chart
from materiality.charts.chart import Format, Results, key_of
from materiality.charts.page import charts_of, page_style
from materiality.review.selectors import decided_results
from scoping.models import Assessment
from scoping.steps import steps
from scoping.views.base import find_assessment
from tables.writing import csv_bytes

# Of a picture that is opened by itself: it may look as it does, and nothing else.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
LABELS: dict[str, str] = {"png": "PNG", "svg": "SVG", "pdf": "PDF", "csv": "CSV"}


@require_GET
def charts(request: MemberRequest, slug: str) -> HttpResponse:
    """Every chart that can be drawn, with its text and its files; for the others what they lack."""
    assessment = find_assessment(request, slug, counted=True)
    results = _results(request, assessment)
    shown, missing = charts_of(results, assessment)
    context: dict[str, Any] = {
        "assessment": assessment,
        "steps": steps(assessment, organisation=request.organisation),
        "shown": shown,
        "missing": missing,
        "formats": LABELS,
        "may_edit": request.membership.may_edit,
    }
    return render(request, "materiality/charts/charts.html", context)


@require_GET
def chart_file(request: MemberRequest, slug: str, chart: str, format: str) -> HttpResponseBase:
    """One chart as a picture, or the data behind it; with ?download as a file to keep."""
    assessment = find_assessment(request, slug)
    found = CHARTS.get(chart)
    if found is None:
        raise Http404(f"There is no chart {chart!r}; there are {', '.join(CHARTS)}.")
    if format not in LABELS:
        raise Http404(f"There is no chart as {format!r}; there are {', '.join(LABELS)}.")
    results = _results(request, assessment)
    try:
        response: HttpResponseBase
        if format == "csv":
            response = _data(found, results, assessment)
        else:
            response = _picture(
                request, found, results, assessment, next(one for one in CONTENT_TYPES if one == format)
            )
    except ValueError as error:  # it cannot be drawn, or a font is missing
        told = {"file": f"{found.label} ({LABELS[format]})", "error": error}
        messages.error(request, _("%(file)s could not be made: %(error)s") % told)
        return redirect("materiality:charts", organisation=request.organisation.slug, slug=slug)
    kept = "attachment" if format == "csv" or "download" in request.GET else "inline"
    response["Content-Disposition"] = f'{kept}; filename="{assessment.slug}-{found.slug}.{format}"'
    return response


def _results(request: MemberRequest, assessment: Assessment) -> Results:
    current = selectors.current_run(organisation=request.organisation, assessment=assessment)
    return decided_results(current) if current else None


def _data(chart: Chart, results: Results, assessment: Assessment) -> HttpResponse:
    response = HttpResponse(csv_bytes(chart.table(results, assessment)), content_type="text/csv; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response


def _picture(
    request: MemberRequest, chart: Chart, results: Results, assessment: Assessment, format: Format
) -> HttpResponseBase:
    """Painted only where the reader has not got it yet."""
    style = page_style(assessment)
    figure = chart.figure_or_why(results, assessment, style.language)
    etag = f'"{key_of(figure, format, style)}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        content = chart.paint(results, assessment, format, style)
        response = HttpResponse(content, content_type=CONTENT_TYPES[format])
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Content-Security-Policy"] = PICTURE_POLICY
    return response
