"""How much one key may ask for in a minute."""

import time
from threading import Lock
from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.authentication import count_in_window

WINDOW = 60  # seconds
# A process takes permits from the count that all share a hundredth at a time, so that few requests ask the cache. What
# it does not use is lost at the end of the minute: a key may be stopped that much early, and never lets more through.
SHARES = 100


class PerKey(BaseThrottle):
    def allow_request(self, request: Request, view: Any) -> bool:
        return request.auth is None or _permits.take(request.auth.token.pk)

    def wait(self) -> float:
        return WINDOW - time.time() % WINDOW


class _Permits:
    """What this process has taken and not used yet, of each key, in the minute that runs."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute = 0
        self._left: dict[UUID, int] = {}

    def take(self, key: UUID) -> bool:
        """One permit; False where the minute's are gone."""
        minute = int(time.time() // WINDOW)
        with self._lock:
            if minute != self._minute:
                self._minute, self._left = minute, {}
            left = self._left.get(key, 0)
            if left:
                self._left[key] = left - 1
                return True
        most = settings.API_REQUESTS_PER_MINUTE
        share = max(1, most // SHARES)
        # Of a share that goes beyond the limit, the part before it may be used.
        mine = share - max(0, count_in_window(f"api:{key}", WINDOW, share) - most)
        if mine <= 0:
            return False
        with self._lock:
            if minute == self._minute and mine > 1:
                self._left[key] = self._left.get(key, 0) + mine - 1
        return True


_permits = _Permits()
