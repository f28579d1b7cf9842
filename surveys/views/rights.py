"""What is stored of a person who asks, to give it out or to erase it. For owners and analysts.

The address travels in the body of a request only: addresses of pages are kept by browsers, servers and logs.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from accounts.selectors import events_of
from scoping.views.base import form_page, sent
from surveys.forms.rights import PersonForm
from surveys.people import stored_of
from surveys.services.purging import surveys_with_an_end
from surveys.services.rights import SUBJECT, erase_person, give_out

SHOWN_EVENTS = 8


@editors_only
@form_page
@never_cache
def people(request: MemberRequest) -> HttpResponse:
    """Ask for an address; a POST shows what is stored under it."""
    form = PersonForm(sent(request))
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        context["stored"] = stored_of(request.organisation, form.cleaned_data["address"])
    return _page(request, form, context)


@require_POST
@editors_only
@never_cache
def download(request: MemberRequest) -> HttpResponse:
    form = PersonForm(request.POST)
    documents: list[dict[str, Any]] = []
    if not form.attempt(
        lambda values: documents.append(
            give_out(organisation=request.organisation, address=values["address"], by=request.user)
        )
    ):
        return _page(request, form, {})
    response = JsonResponse(documents[0], json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="personal-data.json"'
    return response


@require_POST
@editors_only
@never_cache
def erase(request: MemberRequest) -> HttpResponse:
    """Say what will go and what cannot; with `confirm`, erase it."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _page(request, form, {})
    address = form.cleaned_data["address"]
    if "confirm" in request.POST:
        try:
            erase_person(organisation=request.organisation, address=address, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return _page(request, form, {})
        messages.success(request, _("Everything that was stored of this person and can be found is erased."))
        return redirect("surveys:people", organisation=request.organisation.slug)
    stored = stored_of(request.organisation, address)
    if not stored.erasable:
        return _page(request, form, {"stored": stored})
    return render(request, "surveys/rights/erase.html", {"stored": stored})


def _page(request: MemberRequest, form: PersonForm, context: dict[str, Any]) -> HttpResponse:
    context |= {
        "form": form,
        "ends": surveys_with_an_end(request.organisation),
        "events": events_of(request.organisation, SUBJECT, SHOWN_EVENTS),
    }
    return render(request, "surveys/rights/people.html", context, status=400 if form.errors else 200)
