"""How sign-in behaves here: nobody signs up by themselves, and mailed links begin with our own address."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from accounts.models import User
from accounts.proof import by_password


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("The e-mail address or the password is not correct."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Members are added by an owner of their organisation."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in a reset mail. From BASE_URL: a forged Host header must not choose where it leads."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.BASE_URL}{path}"

    def get_login_stages(self) -> list[str]:
        """Password or passkey: one of them is enough, so nobody who lost a device is locked out."""
        stages: list[str] = super().get_login_stages()
        return [stage for stage in stages if stage != "allauth.mfa.stages.AuthenticateStage"]

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """Passkeys are changed by who knows the password."""
        url = reverse("account_reauthenticate")
        asked = {"id": "reauthenticate", "description": gettext("Your password"), "url": url}
        return [asked] if user.has_usable_password() else []

    def reauthenticate(self, user: User, password: str) -> bool:
        """With the same limit on wrong passwords as where a result is confirmed. NotProven says what is wrong."""
        by_password(user, password)
        return True


class PasskeyAdapter(DefaultMFAAdapter):
    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("The passkey could not be checked. Try once more."),
    }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to a host name; `name` is what the device shows beside it."""
        return {"id": context.request.get_host().partition(":")[0], "name": "Salient"}

    def generate_authenticator_name(self, user: User, type: str) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}
