"""The pages of a public report: no sign-in, no cookie, nothing that needs a script; kept by caches for a minute."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import conditional_page, require_safe

from materiality.files import open_export
from materiality.models import Publication
from materiality.publishing.colours import stylesheet_of
from materiality.publishing.page import day, names_of, page_of
from materiality.publishing.selectors import downloads_of, report_at, void_of
from surveys.languages import preferred

# As addresses name them, as pages declare them, as Django calls them, as they call themselves.
LANGUAGES = {"en": ("en", "en", "English"), "zh": ("zh-Hans", "zh-hans", "中文")}
CACHED = "public, max-age=60"
CACHED_COLOURS = "public, max-age=86400"  # what the address names stays the same
ANYBODY = csp_replace({"frame-ancestors": ["*"]})

PublicView = Callable[..., HttpResponseBase]


def public_page(view: PublicView) -> Callable[..., HttpResponseBase]:
    """For a page of the report that its address names, in the language of its reader. Where a report was withdrawn,
    the page says so; where there never was one, there is nothing."""

    @require_safe
    @conditional_page
    @wraps(view)
    def shown(request: HttpRequest, slug: str, **place: Any) -> HttpResponseBase:
        publication = find_report(slug)
        chosen = request.GET.get("lang", "")
        language = chosen if chosen in LANGUAGES else _liked(request)
        with translation.override(LANGUAGES[language][1]):
            if publication.withdrawn_at:
                response: HttpResponseBase = _withdrawn(request, publication, language)
            else:
                response = view(request, publication, language, **place)
        response.setdefault("Cache-Control", CACHED)
        return response

    return shown


def find_report(slug: str) -> Publication:
    try:
        return report_at(slug)
    except Publication.DoesNotExist as error:
        raise Http404("There is no report at this address.") from error


def _liked(request: HttpRequest) -> str:
    """The language of ours that the browser likes best."""
    tags = [tag for tag, _django, _name in LANGUAGES.values()]
    best = preferred(request.headers.get("Accept-Language", ""), tags)
    return next(code for code, (tag, _django, _name) in LANGUAGES.items() if tag == best)


def frame_of(slug: str, language: str, *, chosen: bool) -> dict[str, Any]:
    """What every public page has: its languages and its address as search engines should know it."""
    address = settings.BASE_URL + reverse("report", kwargs={"slug": slug})
    return {
        "lang": LANGUAGES[language][0],
        # What the document says in our own words is in English.
        "own": "" if language == "en" else "en",
        "languages": [(code, tag, name, code == language) for code, (tag, _django, name) in LANGUAGES.items()],
        "address": address,
        "chosen": language,
        "canonical": f"{address}?lang={language}" if chosen else address,
    }


@public_page
def report(request: HttpRequest, publication: Publication, language: str) -> HttpResponse:
    """The report."""
    return render(request, "report/report.html", report_context(publication, language, chosen="lang" in request.GET))


def report_context(publication: Publication, language: str, *, chosen: bool = False) -> dict[str, Any]:
    """Everything that the page of the report shows."""
    document = publication.document
    return {
        **frame_of(document["slug"], language, chosen=chosen),
        **page_of(document, f"{publication.pk} {language}"),
        "confirmed_on": day(document["confirmed"]["on"]),
        "published_at": publication.published_at,
        "void": void_of(publication.proposal),
        "downloads": downloads_of(publication),
    }


@public_page
def issues(request: HttpRequest, publication: Publication, language: str) -> HttpResponse:
    """What is written about each issue, where that is too long for the report's own page."""
    context = report_context(publication, language, chosen="lang" in request.GET)
    if not context["sheets_apart"]:
        raise Http404("What is written about the issues stands in the report itself.")
    return render(request, "report/issues.html", context)


@public_page
def file(request: HttpRequest, publication: Publication, language: str, *, name: str) -> HttpResponseBase:
    """A file of the report, as it was made when it was published."""
    found = next((one for one in downloads_of(publication) if one.name == name), None)
    if found is None:
        raise Http404("The report has no such file.")
    try:
        content = open_export(found.file)
    except FileNotFoundError as error:
        raise Http404("This file is not there any more.") from error
    response = FileResponse(
        content, as_attachment=not name.endswith(".png"), filename=name, content_type=found.file.content_type
    )
    response["ETag"] = f'"{found.file.sha256}"'
    response["Content-Encoding"] = "identity"
    return response


def _withdrawn(request: HttpRequest, publication: Publication, language: str) -> HttpResponse:
    document = publication.document
    context = {
        **frame_of(document["slug"], language, chosen=False),
        "document": document,
        "withdrawn_at": publication.withdrawn_at,
        "because": publication.withdrawn_because,
    }
    return render(request, "report/withdrawn.html", context, status=410)


@xframe_options_exempt
@ANYBODY
@public_page
def matrix(request: HttpRequest, publication: Publication, language: str) -> HttpResponse:
    """The matrix alone, for frames on other sites."""
    context = report_context(publication, language)
    drawing = context["drawing"]
    if drawing is None:
        raise Http404(_("This report has no matrix."))
    context["names"] = names_of(publication.document)
    context["svg"] = drawing.linking_to(f"{context['address']}?lang={language}")
    return render(request, "report/matrix.html", context)


@require_safe
def colours(request: HttpRequest, named: str) -> HttpResponse:
    """The stylesheet with the tier colours that its address names."""
    try:
        content = stylesheet_of(named)
    except ValueError as error:
        raise Http404("These are no colours.") from error
    return HttpResponse(content, content_type="text/css; charset=utf-8", headers={"Cache-Control": CACHED_COLOURS})
