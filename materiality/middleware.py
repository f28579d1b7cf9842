"""Has every change seen at once by what was proposed or confirmed of the assessment that it is about."""

import logging
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from materiality import services
from materiality.models import Proposal, ProposalState

log = logging.getLogger(__name__)
CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class ConfirmationMiddleware:
    """After a request that has changed something below an assessment's address: pages and API alike, whatever the view
    did. Its transaction is committed by then. Respondents' addresses name no assessment, and are not waited for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        slug = request.resolver_match.kwargs.get("slug") if request.resolver_match else None
        if slug and request.method in CHANGES and response.status_code < 400:
            _look(request, response, slug)
        return response


def _look(request: HttpRequest, response: HttpResponse, slug: str) -> None:
    try:
        ended = services.look(slug)
    except Exception:
        # What was asked for is done, and an error would deny that. A sweep looks again.
        log.exception("Whether the result of %s is still what was proposed could not be told.", slug)
        return
    # The API tells it where proposals are read; a message would only be kept for a page that never comes.
    if ended and hasattr(request, "membership"):
        messages.warning(request, told_of(ended))
        if "Location" in response:
            # Not past the message, which stands at the top.
            response["Location"] = response["Location"].partition("#")[0]


def told_of(ended: Proposal) -> str:
    """What the person is told whose change has ended a proposal."""
    told = {"body": ended.body, "because": _(ended.ended_because)}
    if ended.state == ProposalState.VOID:
        return _("The confirmation by %(body)s is void now: %(because)s") % told
    return _("The proposal to %(body)s is withdrawn: %(because)s Propose the result anew.") % told
