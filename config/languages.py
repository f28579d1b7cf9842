"""The language of the working group's pages: as chosen at their foot, else as the browser asks.

A page is in one language as a whole. Those that are not translated yet are in English for everybody; respondents' pages
take the language of their survey by themselves.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

# Names of addresses whose pages are translated as a whole; "namespace:*" for all of one application.
TRANSLATED: frozenset[str] = frozenset(
    {
        "accounts:*",
        "home",
        "account_change_password",
        "account_inactive",
        "account_login",
        "account_logout",
        "account_name",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_reauthenticate",
        "account_signup",
        "jobs:*",
        "materiality:*",
        "mfa_add_webauthn",
        "mfa_edit_webauthn",
        "mfa_list_webauthn",
        "mfa_login_webauthn",
        "mfa_remove_webauthn",
        "passkey_challenge",
        "scoping:*",
        "surveys:*",
        "webhooks:*",
    }
)


def is_translated(view_name: str) -> bool:
    return view_name in TRANSLATED or f"{view_name.partition(':')[0]}:*" in TRANSLATED


class InterfaceLanguageMiddleware(LocaleMiddleware):
    """Django's own, for pages that are translated. `request.interface_language` is the one that the member wants."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.interface_language = translation.get_language()  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Leaves no language behind in the thread. Without Django's Content-Language: respondents' pages choose theirs
        apart from it, and every page says its language itself."""
        translation.deactivate()
        patch_vary_headers(response, ("Accept-Language",))
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        match = request.resolver_match
        if match is None or not is_translated(match.view_name):
            translation.activate("en")
            request.LANGUAGE_CODE = "en"
