"""Somebody at a link: which page it is, in which language, and what comes back. No page is logged or kept in caches."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from surveys import throttle
from surveys.frozen import Sheet
from surveys.links import AnswerLink
from surveys.respondent.languages import Tongue, our_tongue, tongue_of

PUBLIC, KIOSK, PERSONAL = "respond", "respond-kiosk", "respond-personal"
LANGUAGE = "form.language"
PLAIN_TEXT = "text/plain; charset=utf-8"

Page = Callable[[HttpRequest, str], HttpResponse]


class UnknownLink(LookupError):
    """No survey opens with this token: never given out, withdrawn, or used."""


class SeeOther(HttpResponseRedirect):
    """After a POST: get that page. Reloading it sends nothing again."""

    status_code = 303


@dataclass(frozen=True)
class Visit:
    """One request at a link.

    Attributes
    ----------
    page : the name of the form's address: PUBLIC, KIOSK or PERSONAL.
    """

    request: HttpRequest
    page: str
    link: AnswerLink
    tongue: Tongue

    @cached_property
    def sheet(self) -> Sheet:
        return self.link.sheet(self.tongue.content)

    @property
    def kiosk(self) -> bool:
        return self.page == KIOSK

    @property
    def personal(self) -> bool:
        return self.page == PERSONAL

    @property
    def wants_page(self) -> bool:
        """Whether a browser asks for a page, and not the script for a word."""
        return "text/html" in self.request.headers.get("Accept", "")

    def address(self, what: str = "") -> str:
        """The path of the form, or of a page beside it ("save", "thanks", "receipt")."""
        return reverse(f"{self.page}-{what}" if what else self.page, kwargs={"token": self.link.token})

    def at(self, link: AnswerLink) -> "Visit":
        """The same visit with the link as it is now."""
        return replace(self, link=link)

    def render(self, template: str, more: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
        context = {
            "link": self.link,
            "sheet": self.sheet,
            "kiosk": self.kiosk,
            "personal": self.personal,
            "page": self.address(),
            "languages": self.tongue.choices(self.link.questionnaire.content.languages),
            **self.tongue.context,
            **(more or {}),
        }
        return render(self.request, f"surveys/respondent/{template}.html", context, status=status)


Find = Callable[[HttpRequest, str], AnswerLink | None]
View = Callable[[Visit], HttpResponse]


def respondents_page(page: str, find: Find, *methods: str) -> Callable[[View], Page]:
    """A page found by its token alone. `find` says which link it is; None, or UnknownLink from the view: no survey."""

    def decorate(view: View) -> Page:
        @discreet(*methods)
        @wraps(view)
        def of_token(request: HttpRequest, token: str) -> HttpResponse:
            link = find(request, token)
            if link is None:
                return unknown(request)
            tongue = tongue_of(request, link, given=request.GET.get("lang", ""))
            if request.method == "POST":
                try:
                    posted = request.POST
                except (RequestDataTooBig, TooManyFieldsSent):
                    with override(tongue.interface):
                        return _too_large(Visit(request, page, link, tongue))
                tongue = tongue_of(request, link, given=posted.get(LANGUAGE, ""))
            with override(tongue.interface):
                try:
                    return view(Visit(request, page, link, tongue))
                except UnknownLink:
                    pass
            return unknown(request)

        return of_token

    return decorate


def discreet(*methods: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Kept out of caches, search engines, other sites' referrers, and logs."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        # No CSRF token: there is no session to ride on. Whoever knows the link may answer without this form,
        # and a token would only turn away browsers that keep no cookies.
        @csrf_exempt
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            known = request.method in methods
            response = view(request, *args, **kwargs) if known else HttpResponseNotAllowed(methods)
            patch_cache_control(response, no_store=True)
            response["Referrer-Policy"] = "no-referrer"
            response["X-Robots-Tag"] = "noindex, nofollow"
            # Django logs pages of an error status with the path and the time. The path is the link, which may be a
            # person's own, and the time may be that of an answer. This is how Django marks what it need not log.
            response._has_been_logged = True  # type: ignore[attr-defined]
            return response

        return page

    return decorate


def unknown(request: HttpRequest) -> HttpResponse:
    """The one page for links that open nothing, whatever the reason: who guesses learns nothing from it."""
    wait = throttle.seconds_to_wait(request)
    tongue = our_tongue(request)
    with override(tongue.interface):
        response = render(request, "surveys/respondent/unknown.html", tongue.context, status=429 if wait else 404)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _too_large(visit: Visit) -> HttpResponse:
    if not visit.wants_page:
        return HttpResponse(_("Too long to be saved: please shorten your text"), content_type=PLAIN_TEXT)
    return visit.render("too_large", {"most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20}, status=413)
