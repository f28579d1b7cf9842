"""How sign-in behaves here: nobody signs up by themselves, and mailed links begin with our own address."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy


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
