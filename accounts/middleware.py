"""Finds the organisation that an address names, and lets nobody in who is not a member."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from accounts.requests import MemberRequest
from accounts.selectors import membership


class OrganisationMiddleware:
    """Sets request.organisation and request.membership for addresses under /o/<organisation>/.

    The organisation comes from the address and is checked against the member's own rows; nothing that a
    client sends beside it is trusted. A stranger gets the same 404 as for an organisation that does not exist.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        slug = kwargs.pop("organisation", None)
        if slug is None:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        found = membership(request.user, slug)
        if found is None:
            raise Http404("There is no such organisation among yours.")
        member = cast(MemberRequest, request)
        member.membership = found
        member.organisation = found.organisation
        return None
