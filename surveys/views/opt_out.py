"""The page behind "No more mails": opening it changes nothing, since mail scanners open links; its button does.

A mail program's own button posts here too (RFC 8058), without the page, a cookie or anything else.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override

from surveys.languages import interface_language
from surveys.respondent.languages import Tongue
from surveys.respondent.visits import discreet, unknown
from surveys.services.opting_out import mail_link, opt_in, opt_out

AGAIN = "again"


@discreet("GET", "HEAD", "POST")
def page(request: HttpRequest, token: str) -> HttpResponse:
    link = mail_link(token)
    if link is None:
        return unknown(request)
    if request.method == "POST":
        change = opt_in if AGAIN in request.POST else opt_out
        change(link=link)
        link.invitation.refresh_from_db(fields=["state"])
    interface = interface_language(link.language)
    context = {
        "link": link,
        "again": AGAIN,
        "welcome": request.method == "POST" and not link.opted_out,
        **Tongue(interface, interface).context,
    }
    with override(interface):
        return render(request, "surveys/mail/opt_out.html", context)
