"""Keys made with the server's secret: of answers, of personal links, and of addresses that want no mails.

The key of an answer goes from a secret that only the respondent's browser holds to the row's primary key. The
database cannot be turned back into the secret, and the same secret sent twice is the same row, which is how sending
twice stores once.
"""

import base64
import hmac
import re
import secrets
from uuid import UUID

from django.conf import settings

_SECRET = re.compile(r"[A-Za-z0-9_-]{22}")


def new_secret() -> str:
    """132 bits, made when a form is first opened."""
    return secrets.token_urlsafe(16)


def is_secret(text: str | None) -> bool:
    return bool(text and _SECRET.fullmatch(text))


def answer_key(*, token: str, secret: str) -> UUID:
    """The primary key of the answer that `secret` gives at the link `token`.

    It is shaped like any random key, so that a row does not show whether it came by the web.
    """
    message = f"salient answer\0{token}\0{secret}".encode()
    return UUID(bytes=hmac.digest(settings.SECRET_KEY.encode(), message, "sha256")[:16], version=4)


def personal_token(nonce: bytes) -> str:
    """The token of a personal link: 22 characters, 128 bits.

    It is made anew from the invitation's nonce for each mail; neither is enough without the server's secret.
    """
    return base64.urlsafe_b64encode(_digest(b"salient invitation\0" + bytes(nonce))[:16]).rstrip(b"=").decode()


def token_hash(token: str) -> bytes:
    """What is stored of a personal link: 32 bytes that lead to no token."""
    return _digest(b"salient personal link\0" + token.encode())


def address_hash(organisation_id: UUID, address: str) -> bytes:
    """What is kept of an address that opted out: 32 bytes, different for each organisation, the same in any case."""
    return _digest(f"salient address\0{organisation_id}\0{address.strip().lower()}".encode())


def _digest(message: bytes) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), message, "sha256")
