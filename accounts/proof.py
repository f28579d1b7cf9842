"""Somebody who is signed in shows once more who they are: by their password, or by a passkey.

Wrong passwords are counted by person, in the cache, for a few minutes: whoever found an open screen cannot try many.
"""

import json
import math
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User

TRIES = 5
WINDOW_SECONDS = 600
PASSWORD, PASSKEY = "password", "passkey"


class NotProven(ValidationError):
    """The person did not show who they are; its code is the field that was wrong."""


def show_again(*, user: User, password: str, credential: str) -> str:
    """By which means `user` showed who they are: the passkey where one has answered, else the password.

    Raises
    ------
    NotProven
        Where neither does, or after too many wrong passwords.
    """
    if credential:
        by_passkey(user, credential)
        return PASSKEY
    by_password(user, password)
    return PASSWORD


def by_password(user: User, password: str) -> None:
    """
    Raises
    ------
    NotProven
        If it is not the password of `user`, or wrong ones were tried too often: then even the right one waits.
    """
    if not password:
        raise NotProven(_("Enter your password."), code=PASSWORD)
    _count_a_try(user)
    # Not user.check_password: it may store a stronger hash, and every session of the person would end.
    if not check_password(password, user.password):
        raise NotProven(_("This is not your password. Nothing was changed."), code=PASSWORD)
    cache.delete(_key(user))
    cache.delete(f"{_key(user)}:until")


def by_passkey(user: User, credential: str) -> None:
    """`credential`: what the passkey answered to the challenge in the session, as JSON. Each challenge counts once.

    Raises
    ------
    NotProven
        If it is no answer to that challenge by a passkey of `user`.
    """
    try:
        answer = json.loads(credential)
        auth.parse_authentication_response(answer)
        authenticator = auth.complete_authentication(user, answer)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, ValidationError) as error:
        message = _("The passkey could not be checked. Use it once more, or enter your password.")
        raise NotProven(message, code=PASSKEY) from error
    authenticator.record_usage()


def has_passkey(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()


def _count_a_try(user: User) -> None:
    key, now = _key(user), time.time()
    cache.add(key, 0, WINDOW_SECONDS)
    cache.add(f"{key}:until", now + WINDOW_SECONDS, WINDOW_SECONDS)
    try:
        tries = cache.incr(key)
    except ValueError:  # it ran out between the two
        return
    if tries <= TRIES:
        return
    minutes = max(math.ceil((cache.get(f"{key}:until", now) - now) / 60), 1)
    message = ngettext(
        "Too many wrong passwords. Wait %(n)d minute, then try again.",
        "Too many wrong passwords. Wait %(n)d minutes, then try again.",
        minutes,
    )
    raise NotProven(message % {"n": minutes}, code=PASSWORD)


def _key(user: User) -> str:
    return f"wrong-passwords:{user.pk}"
