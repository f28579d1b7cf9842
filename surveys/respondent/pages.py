"""The pages themselves, the same whichever way leads to them."""

from typing import Any

from django.http import HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from surveys.keys import is_secret
from surveys.questions import Form
from surveys.respondent.cookies import RECEIPT, drop_receipt
from surveys.respondent.posted import ACTION, OPENED, REPLACES, SECRET, SEND_ANYWAY, SOMEONE_ELSE, VERSION, Posted
from surveys.respondent.visits import LANGUAGE, PLAIN_TEXT, SeeOther, Visit

KIOSK_SECONDS = 8
RECEIPT_FIELD = "receipt"
_NAMES = {
    "secret": SECRET,
    "version": VERSION,
    "opened": OPENED,
    "action": ACTION,
    "replaces": REPLACES,
    "language": LANGUAGE,
}


def form_page(visit: Visit, form: Form) -> HttpResponse:
    more = {
        "form": form,
        "names": _NAMES,
        "send_anyway": SEND_ANYWAY,
        "saving": "" if visit.kiosk or form.changing else visit.address("save"),
    }
    return visit.render("form", more)


def returned_page(visit: Visit, posted: Posted, **more: Any) -> HttpResponse:
    """The form that was sent, with all that it held and what is to be looked at in it; `more` as a Form takes it."""
    form = Form(visit.link, visit.sheet, posted.secret, posted.reading, checked=True, outdated=posted.outdated, **more)
    return form_page(visit, form)


def closed_page(visit: Visit, *, kept: bool, late: bool = False) -> HttpResponse:
    """`late`: an answer has just arrived, too late to count. It is no mistake of whoever sent it: no error."""
    return visit.render("closed", {"kept": kept, "late": late})


def to_thanks(visit: Visit, **more: str) -> SeeOther:
    """The way to the thank-you page, which speaks the language of the form."""
    if len(visit.link.questionnaire.content.languages) > 1:
        more["lang"] = visit.tongue.content
    return SeeOther(visit.address("thanks") + (f"?{urlencode(more)}" if more else ""))


def thanks_page(visit: Visit, *, changed: bool = False, staying: bool = False) -> HttpResponse:
    """With the receipt where one was handed over; only this once.

    Parameters
    ----------
    changed : an answer that had been sent was changed.
    staying : the page of a kiosk that does not make room by itself.
    """
    receipt = visit.request.COOKIES.get(RECEIPT, "")
    groups = _in_groups(receipt) if is_secret(receipt) and not visit.kiosk else ()
    more = {
        "receipt": groups,
        "changed": changed,
        "staying": staying,
        "seconds": KIOSK_SECONDS,
        "action": ACTION,
        "again": SOMEONE_ELSE,
    }
    return drop_receipt(visit, visit.render("thanks", more))


def _in_groups(secret: str) -> tuple[str, ...]:
    """Four characters each, to read out and to type in."""
    return tuple(secret[start : start + 4] for start in range(0, len(secret), 4))


def told_to_script(*, kept: bool, is_open: bool) -> HttpResponse:
    """Nothing when all is well, otherwise a sentence to show. Never an error: the script would try again."""
    if kept and is_open:
        return HttpResponse(status=204)
    text = _("The survey has closed: kept, but not counted") if kept else _("This answer has been sent already")
    return HttpResponse(text, content_type=PLAIN_TEXT)
