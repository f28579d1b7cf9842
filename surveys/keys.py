"""The key of an answer: from a secret that only the respondent's browser holds to the row's primary key.

The database cannot be turned back into the secret, and the same secret sent twice is the same row, which is
how sending twice stores once.
"""

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
