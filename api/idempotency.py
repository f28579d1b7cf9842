"""A write that is sent twice is done once: the header Idempotency-Key, for 24 hours.

The key is claimed in a transaction of its own, so that others see it. What is asked for is then done in one transaction
with the keeping of its reply, which takes the claim as it was: if that was taken over meanwhile, nothing of it stays.
So a claim whose process died can be taken over, and still nothing is done twice. Errors are not kept: nothing was done.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken
from api.models import KeptReply
from api.problems import Problem

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=24)
# Longer than any request takes; after that its process is dead.
CLAIMED_FOR = timedelta(minutes=10)
SWEPT_EVERY = 600  # seconds
_KEY = re.compile(r"[!-~]{1,200}")


def once(request: Request, act: Callable[[], Response]) -> HttpResponse:
    """The reply of `act`, or the kept one where the same request came before.

    Raises
    ------
    Problem
        For a key that is none, that was used for another request, or whose first request is under way.
    """
    key = request.headers.get(HEADER)
    if request.method != "POST" or key is None:
        return act()
    if not _KEY.fullmatch(key):
        message = "Send 1 to 200 visible ASCII characters, such as a UUID."
        raise Problem("invalid", f"{HEADER}: {message}", [{"header": HEADER, "detail": message}])
    claim, is_ours = _claimed(request.auth.token, key, _digest(request))
    if not is_ours:
        reply = HttpResponse(bytes(claim.body), status=claim.status_code, content_type=claim.content_type or None)
        if not claim.body:
            del reply["Content-Type"]
        reply["Idempotent-Replayed"] = "true"
        return reply
    mine = KeptReply.objects.filter(pk=claim.pk, status_code=None, created_at=claim.created_at)
    try:
        with transaction.atomic():
            response = act()
            _keep(mine, request, response)
    except BaseException:
        mine.delete()
        raise
    return response


def _keep(mine: QuerySet[KeptReply], request: Request, response: Response) -> None:
    body = b"" if response.data is None else request.accepted_renderer.render(response.data)
    content_type = "application/json" if body else ""
    if not mine.update(status_code=response.status_code, body=body, content_type=content_type):
        raise Problem("in-progress", "This took too long, and was begun again. Send it once more for the reply.")


def _claimed(token: ApiToken, key: str, digest: str) -> tuple[KeptReply, bool]:
    """The row of the key, and whether this request is the one that acts."""
    try:
        with transaction.atomic():
            return KeptReply.objects.create(token=token, key=key, request_digest=digest), True
    except IntegrityError:
        found = KeptReply.objects.filter(token=token, key=key).first()
    if found is not None and found.request_digest != digest:
        raise Problem("key-reused", "Use a new key for another request, and the same key only to repeat one.")
    if found is not None and found.status_code is not None:
        return found, False
    now = timezone.now()
    if found is not None and found.created_at < now - CLAIMED_FOR:
        stale = KeptReply.objects.filter(pk=found.pk, status_code=None, created_at=found.created_at)
        if stale.update(created_at=now):
            found.created_at = now
            return found, True
    raise Problem("in-progress", "Wait a moment, then send it again with the same key for its reply.")


def _digest(request: Request) -> str:
    parts = (request.method or "", request.get_full_path(), hashlib.sha256(request._request.body).hexdigest())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def forget_old_replies() -> None:
    """A sweep, now and then."""
    if cache.add("api-replies-swept", True, SWEPT_EVERY):
        KeptReply.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
