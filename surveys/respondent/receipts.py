"""What became of an answer, for whoever has its receipt: the secret that its form was made with.

The receipt of a personal link is asked for at an address without the link, so that not even a request holds both.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override

from surveys.keys import answer_key, is_secret
from surveys.links import AnswerLink, public_link
from surveys.respondent.languages import our_tongue
from surveys.respondent.pages import RECEIPT_FIELD
from surveys.respondent.visits import PUBLIC, Visit, discreet, respondents_page
from surveys.standing import Standing, standing_of


def _find(request: HttpRequest, token: str) -> AnswerLink | None:
    return public_link(token)


@respondents_page(PUBLIC, _find, "GET", "HEAD", "POST")
def receipt(visit: Visit) -> HttpResponse:
    more = _looked_up(visit.request, visit.link.token) | {"action": visit.address("receipt")}
    return visit.render("receipt", more)


@discreet("GET", "HEAD", "POST")
def receipt_personal(request: HttpRequest) -> HttpResponse:
    tongue = our_tongue(request)
    with override(tongue.interface):
        more = _looked_up(request, "") | {"action": reverse("receipt-personal")}
        return render(request, "surveys/respondent/receipt.html", tongue.context | more)


def _looked_up(request: HttpRequest, token: str) -> dict[str, object]:
    given = "".join(request.POST.get(RECEIPT_FIELD, "").split()) if request.method == "POST" else None
    standing = None
    if given is not None:
        standing = standing_of(answer_key(token=token, secret=given)) if is_secret(given) else Standing.UNKNOWN
    return {"given": (given or "")[:40], "standing": standing, "field": RECEIPT_FIELD}
