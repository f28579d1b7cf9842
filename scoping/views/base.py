"""What the scoping pages share: finding the assessment, forms that answer, and the way back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.requests import MemberRequest
from scoping import selectors
from scoping.forms.base import ScopingForm
from scoping.models import Assessment, Phase
from scoping.services.scope import FROZEN

form_page = require_http_methods(["GET", "HEAD", "POST"])


def find_assessment(request: MemberRequest, slug: str) -> Assessment:
    try:
        return selectors.get_assessment(request.organisation, slug)
    except Assessment.DoesNotExist as error:
        raise Http404("There is no such assessment in this organisation.") from error


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
    page = reverse("scoping:scope", kwargs={"organisation": request.organisation.slug, "slug": slug})
    return redirect(f"{page}#{section}" if section else page)


def onward(request: MemberRequest, slug: str, section: str, again: str) -> HttpResponse:
    """Back to the section; or, after "Save and add another", to an empty form."""
    if "another" in request.POST:
        return redirect(again, organisation=request.organisation.slug, slug=slug)
    return to_scope(request, slug, section)


def remove_and_return(request: MemberRequest, slug: str, section: str, present: Any, service: Any) -> HttpResponse:
    try:
        service()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"“{present}” is removed.")
    return to_scope(request, slug, section)
