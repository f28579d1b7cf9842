"""Signatures of what is sent, after the Standard Webhooks specification (standardwebhooks.com), version 1."""

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"


def new_secret() -> str:
    """256 random bits, in the form that libraries of the specification take."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(*, secret: str, message: str, seconds: int, body: bytes) -> dict[str, str]:
    """The three headers of a message: its id, when it is sent (Unix time), and the signature over both and the body."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.new(key, f"{message}.{seconds}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }
