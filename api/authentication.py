"""Who asks: a key in the header Authorization, and nothing else. Sessions and cookies mean nothing here."""

import hashlib
import time
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from accounts.models import User
from accounts.network import client_network
from accounts.tokens import Access, access_by, note_use

FAILURES_WINDOW = 600  # seconds


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer slt_…`. Of those who try keys that open nothing, each network has a number of failures in
    ten minutes; keys that work go on working from there."""

    def authenticate(self, request: Request) -> tuple[User | AnonymousUser, Access] | None:
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        scheme, _space, key = header.partition(" ")
        access = access_by(key.strip()) if scheme.lower() == "bearer" else None
        if access is None:
            _count_failure(request)
            raise AuthenticationFailed(
                "This is no key that works here. It may have been revoked or have ended, or its person is no member "
                "any more. Make one under Members, API keys."
            )
        note_use(access.token)
        return access.person or AnonymousUser(), access

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="Salient"'


def _count_failure(request: Request) -> None:
    network = hashlib.sha256(f"{settings.SECRET_KEY}{client_network(request._request)}".encode()).hexdigest()[:32]
    if count_in_window(f"api-failures:{network}", FAILURES_WINDOW) > settings.API_FAILURES_ALLOWED:
        raise Throttled(FAILURES_WINDOW - time.time() % FAILURES_WINDOW)


def count_in_window(name: str, seconds: int, by: int = 1) -> int:
    """Count `by` more of `name` in the current window of that many seconds, and say how many there are."""
    key = f"{name}:{int(time.time() // seconds)}"
    for _attempt in range(2):
        try:
            return int(cache.incr(key, by))
        except ValueError:  # it is the first, or somebody is at the same moment
            if cache.add(key, by, 2 * seconds):
                return by
    return 0  # the cache drops it again and again
