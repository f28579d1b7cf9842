"""The pages on webhooks, for owners: endpoints, what was sent to them, and the secret that signs it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import owners_only
from accounts.requests import MemberRequest
from webhooks import selectors, services
from webhooks.forms import EndpointForm, NewEndpointForm
from webhooks.models import Endpoint, WebhookDelivery

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@owners_only
def endpoints(request: MemberRequest) -> HttpResponse:
    """All endpoints, and a form for another one."""
    form = NewEndpointForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_endpoint(organisation=request.organisation, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Added. Its secret is below: the receiver checks signatures by it."))
            return redirect("webhooks:endpoint", organisation=request.organisation.slug, endpoint=added.pk)
    context = {"form": form, "endpoints": selectors.endpoints_of(request.organisation)}
    return render(request, "webhooks/endpoints.html", context, status=400 if form.errors else 200)


@form_page
@owners_only
def endpoint(request: MemberRequest, endpoint: UUID) -> HttpResponse:
    """One endpoint: change it, read its secret, and see what was sent."""
    found = _endpoint(request, endpoint)
    initial = {"url": found.url, "events": found.events, "is_active": found.is_active}
    form = EndpointForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_endpoint(endpoint=found, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The webhook is changed."))
            return redirect("webhooks:endpoint", organisation=request.organisation.slug, endpoint=found.pk)
    deliveries = selectors.deliveries_of(found)
    context = {
        "form": form,
        "endpoint": found,
        "deliveries": deliveries,
        # What is switched off sends nothing, however long one looks.
        "is_sending": found.is_active and any(delivery.is_waiting for delivery in deliveries),
    }
    return render(request, "webhooks/endpoint.html", context, status=400 if form.errors else 200)


@require_POST
@owners_only
def act(request: MemberRequest, endpoint: UUID) -> HttpResponse:
    """Send a test, renew the secret, or remove the endpoint."""
    found = _endpoint(request, endpoint)
    if "remove" in request.POST:
        services.remove_endpoint(endpoint=found, by=request.user)
        messages.success(request, _("The webhook is removed."))
        return redirect("webhooks:endpoints", organisation=request.organisation.slug)
    if "renew" in request.POST:
        services.renew_secret(endpoint=found, by=request.user)
        messages.success(request, _("The secret is renewed: give it to the receiver."))
    elif "test" in request.POST:
        try:
            services.send_test(endpoint=found, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("A test is on its way. What comes of it appears below."))
    else:
        messages.error(request, _("Choose what to do with the webhook."))
    return redirect("webhooks:endpoint", organisation=request.organisation.slug, endpoint=found.pk)


@require_POST
@owners_only
def send_again(request: MemberRequest, delivery: UUID) -> HttpResponse:
    try:
        found = selectors.get_delivery(request.organisation, delivery)
    except WebhookDelivery.DoesNotExist as error:
        raise Http404("There is no such message in this organisation.") from error
    try:
        services.send_again(delivery=found, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The message is sent again, with the same id."))
    return redirect("webhooks:endpoint", organisation=request.organisation.slug, endpoint=found.endpoint_id)


def _endpoint(request: MemberRequest, endpoint: UUID) -> Endpoint:
    try:
        return selectors.get_endpoint(request.organisation, endpoint)
    except Endpoint.DoesNotExist as error:
        raise Http404("There is no such webhook in this organisation.") from error
