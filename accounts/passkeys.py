"""Passkeys: the pages on which a member adds, names and removes their own, and the challenge that one answers.

The ceremony itself is django-allauth's. A passkey here is one that the device unlocks (fingerprint, face or code), so
that it can stand in for the password: for signing in, and for confirming a result. Signing in with the password alone
stays possible: who loses a device is not locked out.
"""

import json
from typing import Any

from allauth.mfa.webauthn import views
from allauth.mfa.webauthn.internal import auth
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.proof import has_passkey
from accounts.services import record_of_passkey


class SignedInRequest(HttpRequest):
    user: User


@method_decorator(login_required, name="dispatch")
class Passkeys(views.ListWebAuthnView):
    template_name = "accounts/passkeys/list.html"

    def get_queryset(self) -> Any:
        return super().get_queryset().order_by("created_at", "pk")


@method_decorator(login_required, name="dispatch")
class AddPasskey(views.AddWebAuthnView):
    template_name = "accounts/passkeys/add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Past allauth's own, which asks the device for a key that needs no unlocking.
        context = super(views.AddWebAuthnView, self).get_context_data(**kwargs)
        options = auth.begin_registration(self.request.user, passwordless=True)
        return context | {"options_json": json.dumps(options)}

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            record_of_passkey(user=self.request.user, summary=f"added a passkey, {form.cleaned_data['name']}")
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def get_success_url(self) -> str:
        return reverse("mfa_list_webauthn")


@method_decorator(login_required, name="dispatch")
class NamePasskey(views.EditWebAuthnView):
    template_name = "accounts/passkeys/name.html"

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            record_of_passkey(user=self.request.user, summary=f"named a passkey {form.cleaned_data['name']}")
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)


@method_decorator(login_required, name="dispatch")
class RemovePasskey(views.RemoveWebAuthnView):
    template_name = "accounts/passkeys/remove.html"

    def form_valid(self, form: Any) -> HttpResponse:
        name = str(self.object)
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            record_of_passkey(user=self.request.user, summary=f"removed the passkey {name}")
        return response


@method_decorator(never_cache, name="dispatch")
class SignInByPasskey(views.LoginWebAuthnView):
    """GET asks for a challenge as JSON; POST signs in with what a passkey answered."""


@require_GET
@never_cache
@login_required
def challenge(request: SignedInRequest) -> JsonResponse:
    """What a passkey of the person has to answer now; it counts once, in this session."""
    if not has_passkey(request.user):
        return JsonResponse({"error": _("You have no passkey yet.")}, status=400)
    return JsonResponse({"request_options": auth.begin_authentication(request.user)})
