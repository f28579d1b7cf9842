"""The group's link in anybody's browser, and on a tablet that many people use in turn."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from surveys import selectors
from surveys.answers import InvalidAnswer
from surveys.keys import is_secret, new_secret
from surveys.links import AnswerLink, forget_link, public_link, remembered_link
from surveys.questions import Form
from surveys.respondent.clock import stamp
from surveys.respondent.cookies import ANSWER, SENT, hand_over_receipt, remember
from surveys.respondent.pages import (
    KIOSK_SECONDS,
    closed_page,
    form_page,
    returned_page,
    thanks_page,
    to_thanks,
    told_to_script,
)
from surveys.respondent.posted import SOMEONE_ELSE, Posted
from surveys.respondent.visits import KIOSK, PUBLIC, SeeOther, UnknownLink, Visit, respondents_page
from surveys.services import SurveyClosed, save_draft, submit_response


def _find(request: HttpRequest, token: str) -> AnswerLink | None:
    # For an answer, by what is remembered of the link: the statement that stores it decides whether it still holds.
    return remembered_link(token) if request.method == "POST" else public_link(token)


def _find_now(request: HttpRequest, token: str) -> AnswerLink | None:
    return public_link(token)


@respondents_page(PUBLIC, _find, "GET", "HEAD", "POST")
def respond(visit: Visit) -> HttpResponse:
    return _receive(visit) if visit.request.method == "POST" else _open(visit)


@respondents_page(PUBLIC, _find_now, "POST")
def save(visit: Visit) -> HttpResponse:
    """Keep an unfinished answer: for the page's script without a page, for a button with one."""
    posted = Posted.of(visit, _cookie(visit))
    kept = _keep(visit, posted)
    is_open = visit.link.takes_answers(timezone.now())
    if not visit.wants_page:
        return told_to_script(kept=kept, is_open=is_open)
    if not kept:
        return _thanked(visit, posted.secret)
    if not is_open:
        return remember(visit, closed_page(visit, kept=True, late=True), posted.secret)
    # A browser that sent no cookie back will not know its draft again: the page says so, and stays the form.
    comes_back = ANSWER in visit.request.COOKIES
    form = Form(visit.link, visit.sheet, posted.secret, posted.reading, saved=True, comes_back=comes_back)
    return remember(visit, form_page(visit, form), posted.secret)


@respondents_page(PUBLIC, _find_now, "GET", "HEAD")
def thanks(visit: Visit) -> HttpResponse:
    return thanks_page(visit)


@respondents_page(KIOSK, _find, "GET", "HEAD", "POST")
def respond_kiosk(visit: Visit) -> HttpResponse:
    """Nothing stays on the device, neither in a cookie nor as a draft."""
    if visit.request.method == "POST":
        return _receive(visit)
    if not visit.link.takes_answers(timezone.now()):
        return closed_page(visit, kept=False)
    return form_page(visit, Form(visit.link, visit.sheet, new_secret(), opened=stamp(), kiosk=True))


@respondents_page(KIOSK, _find_now, "GET", "HEAD")
def thanks_kiosk(visit: Visit) -> HttpResponse:
    staying = "stay" in visit.request.GET
    response = thanks_page(visit, staying=staying)
    if not staying:
        # By a header, so that it works without a script. The page has a link for those who want to stay.
        response["Refresh"] = f"{KIOSK_SECONDS}; url={visit.address()}"
    return response


def _open(visit: Visit) -> HttpResponse:
    link, cookie = visit.link, visit.request.COOKIES.get(ANSWER)
    if cookie == SENT:
        return thanks_page(visit)
    draft = None
    if is_secret(cookie):
        secret = str(cookie)
        if selectors.was_sent(link.answer_key(secret)):
            # The answer came through, the page after it did not.
            return _thanked(visit, secret)
        draft = selectors.draft_of(link.draft_key(secret), link.questionnaire)
    else:
        secret = new_secret()
    if not link.takes_answers(timezone.now()):
        return closed_page(visit, kept=draft is not None)
    # Whoever goes on with a draft has taken a break of unknown length.
    opened = stamp() if draft is None else ""
    response = form_page(visit, Form(link, visit.sheet, secret, draft, opened=opened))
    return response if secret == cookie else remember(visit, response, secret)


def _receive(visit: Visit) -> HttpResponse:
    posted = Posted.of(visit, _cookie(visit))
    if posted.action == SOMEONE_ELSE:
        return remember(visit, SeeOther(visit.address()), new_secret())
    refused = ""
    if posted.ready:
        try:
            key = visit.link.answer_key(posted.secret)
            submit_response(link=visit.link, answers=posted.answer, key=key, extras=posted.extras)
            return _thanked(visit, posted.secret)
        except InvalidAnswer as error:
            refused = error.message
        except SurveyClosed:
            pass  # the page for this follows
    return _not_sent(visit, refused)


def _not_sent(visit: Visit, refused: str) -> HttpResponse:
    """The answer does not count yet, or not any more: keep what was right of it as a draft, and say why."""
    seen, link = visit.link, public_link(visit.link.token)
    forget_link(seen.token)
    if link is None:
        raise UnknownLink
    visit = visit.at(link)
    posted = Posted.of(visit, _cookie(visit))
    is_open = link.takes_answers(timezone.now())
    if not visit.kiosk and not _keep(visit, posted):
        return _thanked(visit, posted.secret)
    if not is_open:
        return remember(visit, closed_page(visit, kept=not visit.kiosk, late=True), posted.secret)
    page = returned_page(visit, posted, opened=posted.opened, refused=refused, kiosk=visit.kiosk)
    return remember(visit, page, posted.secret)


def _cookie(visit: Visit) -> str | None:
    """A kiosk's pages lie below the form's, so that its device may send the cookie of somebody who used that one."""
    return None if visit.kiosk else visit.request.COOKIES.get(ANSWER)


def _keep(visit: Visit, posted: Posted) -> bool:
    link, reading = visit.link, posted.reading
    key = link.draft_key(posted.secret)
    return save_draft(link=link, ratings=reading.draft, texts=reading.texts, key=key, answer_key=key)


def _thanked(visit: Visit, secret: str) -> HttpResponse:
    return remember(visit, hand_over_receipt(visit, to_thanks(visit), secret), SENT)
