"""How often one address may ask for links that open nothing, before it is asked to wait.

Counts live in the cache only, for a few minutes, under a keyed hash of the address. Links that open a survey are not
counted and go on working: many people may share an address.
"""

import hmac
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

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


def client_network(request: HttpRequest) -> str:
    """The address of the browser, or what of it one household has: with IPv6 that is a network of 64 bits.

    Behind a proxy it is the one that the proxy added last; what stands before it the browser can make up.
    """
    address = request.META.get("REMOTE_ADDR", "")
    proxies = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if 0 < proxies <= len(forwarded):
        address = forwarded[-proxies]
    try:
        known = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or ip_network((known, 64), strict=False))
    return str(known)


def _digest(text: str) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), f"salient guesses\0{text}".encode(), "sha256")[:16].hex()
