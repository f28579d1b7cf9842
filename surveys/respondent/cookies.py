"""What the respondent's device keeps, and for how long.

`answer` belongs to a public link (its path). Unsent, it holds the secret that brings a draft back; once the answer is
sent, only the fact. `receipt` takes the receipt to the thank-you page and is gone when that has been shown: from then
on nothing on the device leads to the stored answer. Personal links and kiosks have no `answer`.
"""

from django.conf import settings
from django.http import HttpResponse

from surveys.respondent.visits import Visit

ANSWER, RECEIPT = "answer", "receipt"
SENT = "sent"
ANSWER_SECONDS = 60 * 24 * 3600
RECEIPT_SECONDS = 300


def remember(visit: Visit, response: HttpResponse, value: str) -> HttpResponse:
    """With the `answer` cookie, of a public link only."""
    if not (visit.personal or visit.kiosk):
        _set(response, ANSWER, value, ANSWER_SECONDS, visit.address())
    return response


def hand_over_receipt(visit: Visit, response: HttpResponse, secret: str) -> HttpResponse:
    """To the thank-you page. A tablet that many people use gets none."""
    if not visit.kiosk:
        _set(response, RECEIPT, secret, RECEIPT_SECONDS, visit.address("thanks"))
    return response


def drop_receipt(visit: Visit, response: HttpResponse) -> HttpResponse:
    if RECEIPT in visit.request.COOKIES:
        response.delete_cookie(RECEIPT, path=visit.address("thanks"), samesite="Lax")
    return response


def _set(response: HttpResponse, name: str, value: str, seconds: int, path: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
