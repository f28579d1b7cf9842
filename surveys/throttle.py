"""How often one address may ask for links that open nothing, before it is asked to wait.

Counts live in the cache only, for a few minutes, under a keyed hash of the address. Links that open a survey are not
counted and go on working: many people may share an address.
"""

import hmac

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from accounts.network import client_network

WINDOW_SECONDS = 600


def seconds_to_wait(request: HttpRequest) -> int:
    """Count one more try of the address that asks; 0 as long as it has some left."""
    key = "guesses:" + _digest(client_network(request))
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        tries = cache.incr(key)
    except ValueError:  # it ran out between the two
        return 0
    return WINDOW_SECONDS if tries > settings.GUESSES_ALLOWED else 0


def _digest(text: str) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), f"salient guesses\0{text}".encode(), "sha256")[:16].hex()
