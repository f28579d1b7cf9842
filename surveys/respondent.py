"""The respondent's pages: a link, a form, thank you. No account, no script and no cookie is needed.

Every page is found by its token alone, writes nothing when it is opened (mail scanners open links), and
neither stores nor logs who asks or when.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from surveys import selectors
from surveys.answers import InvalidAnswer, Reading, read_form
from surveys.keys import answer_key, is_secret, new_secret
from surveys.links import PublicLink, forget_link, public_link, remembered_link
from surveys.questions import Form
from surveys.services import SurveyClosed, save_draft, submit_response

# An item's code is a slug, so a name with a dot is never one.
SECRET, VERSION, ACTION = "form.key", "form.version", "form.action"
OWN_FIELDS = {SECRET, VERSION, ACTION}
SEND_ANYWAY, SOMEONE_ELSE = "anyway", "again"

# The cookie is this link's alone (its path). Unsent, it holds the secret that brings a draft back; once the
# answer is sent, only the fact: from then on nothing on the device leads to the stored answer.
COOKIE = "answer"
SENT = "sent"
COOKIE_SECONDS = 60 * 24 * 3600

View = Callable[[HttpRequest, str], HttpResponse]


class UnknownLink(LookupError):
    """No survey has this token. The page is the same whatever the token looked like."""


def respondents_page(*methods: str) -> Callable[[View], View]:
    """A page found by its token alone, kept out of caches, search engines and other sites' referrers."""

    def decorate(view: View) -> View:
        # No CSRF token: there is no session to ride on. Whoever knows the link may answer without this form,
        # and a token would only turn away browsers that keep no cookies.
        @csrf_exempt
        @require_http_methods(methods)
        @wraps(view)
        def page(request: HttpRequest, token: str) -> HttpResponse:
            try:
                response = view(request, token)
            except UnknownLink:
                response = render(request, "surveys/respondent/unknown.html", status=404)
            patch_cache_control(response, no_store=True)
            response["Referrer-Policy"] = "no-referrer"
            response["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return page

    return decorate


class SeeOther(HttpResponseRedirect):
    """After a POST: get that page. Reloading it sends nothing again."""

    status_code = 303


@respondents_page("GET", "HEAD", "POST")
def respond(request: HttpRequest, token: str) -> HttpResponse:
    return _receive(request, token) if request.method == "POST" else _open(request, _link(token))


@respondents_page("POST")
def save(request: HttpRequest, token: str) -> HttpResponse:
    """Keep an unfinished answer: for the page's script without a page, for a button with one."""
    link = _link(token)
    posted = request.POST
    reading = _read(link, posted)
    secret = _secret_of(request, posted)
    kept = save_draft(link=link, ratings=reading.draft, key=answer_key(token=token, secret=secret))
    is_open = link.takes_answers(timezone.now())
    if "text/html" not in request.headers.get("Accept", ""):
        return _for_script(kept=kept, is_open=is_open)
    if not kept:
        return _thanks(link)
    if not is_open:
        return _remember(_closed(request, link, kept=True, late=True), link, secret)
    # A browser that sent no cookie back will not know its draft again: the page says so, and stays the form.
    form = Form(link, secret, reading, saved=True, comes_back=COOKIE in request.COOKIES)
    return _remember(_form(request, link, form), link, secret)


@respondents_page("GET", "HEAD")
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    return _thank_you(request, _link(token))


def _link(token: str) -> PublicLink:
    link = public_link(token)
    if link is None:
        raise UnknownLink(token)
    return link


def _open(request: HttpRequest, link: PublicLink) -> HttpResponse:
    cookie = request.COOKIES.get(COOKIE)
    if cookie == SENT:
        return _thank_you(request, link)
    draft = None
    if is_secret(cookie):
        secret = str(cookie)
        key = answer_key(token=link.token, secret=secret)
        if selectors.was_sent(key):
            # The answer came through, the page after it did not.
            return _thanks(link)
        draft = selectors.draft_ratings(key, link.questionnaire)
    else:
        secret = new_secret()
    if not link.takes_answers(timezone.now()):
        return _closed(request, link, kept=draft is not None)
    reading = Reading(draft, {}, ()) if draft is not None else None
    response = _form(request, link, Form(link, secret, reading))
    return response if secret == cookie else _remember(response, link, secret)


def _receive(request: HttpRequest, token: str) -> HttpResponse:
    # By what is remembered of the link: the statement that stores an answer decides whether it still holds.
    link = remembered_link(token)
    if link is None:
        raise UnknownLink(token)
    posted = request.POST
    action = posted.get(ACTION)
    if action == SOMEONE_ELSE:
        return _remember(SeeOther(_address(link)), link, new_secret())
    reading = _read(link, posted)
    secret = _secret_of(request, posted)
    key = answer_key(token=token, secret=secret)
    outdated = posted.get(VERSION, "") not in ("", str(link.questionnaire.version))
    complete = action == SEND_ANYWAY or not reading.missing(link.questionnaire)
    refused = ""
    if complete and not (reading.problems or reading.unknown or outdated):
        try:
            submit_response(link=link, answers=reading.answer, key=key)
            return _thanks(link)
        except InvalidAnswer as error:
            refused = error.message
        except SurveyClosed:
            pass  # the page for this follows
    return _not_sent(request, _link(token), posted, outdated=outdated, refused=refused)


def _not_sent(
    request: HttpRequest, link: PublicLink, posted: QueryDict, *, outdated: bool, refused: str
) -> HttpResponse:
    """The answer does not count yet, or not any more: keep what was right of it as a draft, and say why.

    With the status of success, since error statuses are logged with their time.
    """
    forget_link(link.token)
    reading = _read(link, posted)
    secret = _secret_of(request, posted)
    if not save_draft(link=link, ratings=reading.draft, key=answer_key(token=link.token, secret=secret)):
        return _thanks(link)
    if link.takes_answers(timezone.now()):
        form = Form(link, secret, reading, checked=True, outdated=outdated, refused=refused)
        return _remember(_form(request, link, form), link, secret)
    return _remember(_closed(request, link, kept=True, late=True), link, secret)


def _thank_you(request: HttpRequest, link: PublicLink) -> HttpResponse:
    return render(request, "surveys/respondent/thanks.html", {"link": link, "again": SOMEONE_ELSE, "action": ACTION})


def _form(request: HttpRequest, link: PublicLink, form: Form) -> HttpResponse:
    context: dict[str, Any] = {
        "link": link,
        "form": form,
        "names": {"secret": SECRET, "version": VERSION, "action": ACTION},
        "send_anyway": SEND_ANYWAY,
    }
    return render(request, "surveys/respondent/form.html", context)


def _closed(request: HttpRequest, link: PublicLink, *, kept: bool, late: bool = False) -> HttpResponse:
    """`late`: an answer has just arrived, too late to count. It is no mistake of whoever sent it: no error."""
    return render(request, "surveys/respondent/closed.html", {"link": link, "kept": kept, "late": late})


def _thanks(link: PublicLink) -> HttpResponse:
    return _remember(SeeOther(reverse("respond-thanks", kwargs={"token": link.token})), link, SENT)


def _for_script(*, kept: bool, is_open: bool) -> HttpResponse:
    """Nothing when all is well, otherwise a sentence to show. Never an error status: those are logged, with the
    time, and nobody's time of answering is to be found in a log."""
    if kept and is_open:
        return HttpResponse(status=204)
    text = "The survey has closed: kept, but not counted" if kept else "This answer has been sent already"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _read(link: PublicLink, posted: QueryDict) -> Reading:
    return read_form(link.questionnaire, ((name, values) for name, values in posted.lists() if name not in OWN_FIELDS))


def _secret_of(request: HttpRequest, posted: QueryDict) -> str:
    """The form's own secret; without one, the cookie's; without both, a new one: the answer is not refused."""
    for secret in (posted.get(SECRET), request.COOKIES.get(COOKIE)):
        if is_secret(secret):
            return str(secret)
    return new_secret()


def _remember(response: HttpResponse, link: PublicLink, value: str) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        value,
        max_age=COOKIE_SECONDS,
        path=_address(link),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _address(link: PublicLink) -> str:
    return reverse("respond", kwargs={"token": link.token})
