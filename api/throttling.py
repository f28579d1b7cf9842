"""How much one key may ask for in a minute."""

import time
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.authentication import count_in_window

WINDOW = 60  # seconds


class PerKey(BaseThrottle):
    def allow_request(self, request: Request, view: Any) -> bool:
        if request.auth is None:
            return True
        return count_in_window(f"api:{request.auth.token.pk}", WINDOW) <= settings.API_REQUESTS_PER_MINUTE

    def wait(self) -> float:
        return WINDOW - time.time() % WINDOW
