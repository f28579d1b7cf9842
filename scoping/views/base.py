"""What the scoping pages share: finding the assessment, forms that answer, and the way back."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.requests import MemberRequest
from scoping import selectors
from scoping.forms.base import ScopingForm
from scoping.models import Assessment, Phase
from scoping.services.scope import FROZEN

form_page = require_http_methods(["GET", "HEAD", "POST"])


def find_assessment(request: MemberRequest, slug: str, *, counted: bool = False) -> Assessment:
    """The assessment of the address; with `counted` it knows how many issues and groups it has."""
    get = selectors.get_counted_assessment if counted else selectors.get_assessment
    try:
        return get(request.organisation, slug)
    except Assessment.DoesNotExist as error:
        raise Http404("There is no such assessment in this organisation.") from error


def address(
    request: MemberRequest,
    slug: str,
    page: str,
    *,
    query: Mapping[str, Any] | Sequence[tuple[str, str]] = (),
    section: str = "",
    **place: Any,
) -> str:
    """Where a page below an assessment is: of scoping by its name, of another floor as in materiality:process."""
    name = page if ":" in page else f"scoping:{page}"
    found = reverse(name, kwargs={"organisation": request.organisation.slug, "slug": slug, **place})
    return found + (f"?{urlencode(query)}" if query else "") + (f"#{section}" if section else "")


def came_from(request: MemberRequest, pages: Mapping[str, str], otherwise: str) -> str:
    """Where a form leads back to: the page that its address names with ?from=, of those that link to it."""
    return pages.get(request.GET.get("from", ""), otherwise)


def sent(request: MemberRequest) -> QueryDict | None:
    """What a form is bound to. An empty POST is one too, and gets its messages."""
    return request.POST if request.method == "POST" else None


def is_open(assessment: Assessment) -> bool:
    return assessment.phase == Phase.SCOPING


def form_response(request: MemberRequest, template: str, form: ScopingForm, context: dict[str, Any]) -> HttpResponse:
    form.load_choices()
    page = {"form": form, "frozen_because": FROZEN, **context}
    return render(request, template, page, status=400 if form.errors else 200)


def to_scope(request: MemberRequest, slug: str, section: str = "") -> HttpResponse:
    return redirect(address(request, slug, "scope", section=section))


def onward(request: MemberRequest, slug: str, section: str, again: str) -> HttpResponse:
    """Back to the section; or, after "Save and add another", to an empty form."""
    if "another" in request.POST:
        return redirect(address(request, slug, again))
    return to_scope(request, slug, section)


def remove_and_return(request: MemberRequest, slug: str, section: str, present: Any, service: Any) -> HttpResponse:
    try:
        service()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, gettext("“%(name)s” is removed.") % {"name": present})
    return to_scope(request, slug, section)
