"""Errors as RFC 9457 has them: application/problem+json with type, title, status, detail, and a pointer to each fault.

What is wrong in the request is 400; what cannot be done as things stand, such as a change of questions that are frozen,
is 409. In both cases nothing has been done.
"""

import logging
import math
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from api.parsing import TooLarge

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
KINDS = {
    "invalid": (400, "Something in the request is wrong"),
    "unreadable": (400, "The request cannot be read"),
    "no-key": (401, "A key that works is needed"),
    "not-allowed": (403, "This key may not do that"),
    "not-found": (404, "There is nothing at this address"),
    "no-such-method": (405, "This address does not take that method"),
    "not-acceptable": (406, "Answers are application/json"),
    "refused": (409, "This cannot be done as things stand"),
    "in-progress": (409, "The first request with this idempotency key is under way"),
    "too-large": (413, "The request is too large"),
    "too-long": (414, "The address is too long"),
    "not-json": (415, "Requests are application/json"),
    "key-reused": (422, "This idempotency key was used for something else"),
    "too-many-requests": (429, "Too many requests"),
    "server-error": (500, "Something went wrong here"),
}


class Problem(exceptions.APIException):
    """A problem of one of the `KINDS`, with what is wrong in detail and at which places."""

    def __init__(self, kind: str, detail: str, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(detail)
        self.kind, self.errors = kind, errors or []


def handler(error: Exception, context: Mapping[str, Any]) -> Response:
    """The answer to whatever went wrong in a view."""
    kind, detail, errors = _told(error)
    code, title = KINDS[kind]
    headers = {}
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        headers["WWW-Authenticate"] = 'Bearer realm="Salient"'
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(math.ceil(error.wait or 1))
    body: dict[str, Any] = {"type": f"urn:salient:problem:{kind}", "title": title, "status": code, "detail": detail}
    if errors:
        body["errors"] = errors
    return Response(body, status=code, headers=headers, content_type=CONTENT_TYPE)


_BY_CLASS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((exceptions.ParseError, SuspiciousOperation), "unreadable"),
    ((exceptions.NotAuthenticated, exceptions.AuthenticationFailed), "no-key"),
    ((exceptions.PermissionDenied, PermissionDenied), "not-allowed"),
    ((exceptions.NotFound, Http404, ObjectDoesNotExist), "not-found"),
    ((exceptions.MethodNotAllowed,), "no-such-method"),
    ((exceptions.NotAcceptable,), "not-acceptable"),
    ((exceptions.UnsupportedMediaType,), "not-json"),
    ((exceptions.Throttled,), "too-many-requests"),
)


# Where the framework's own words do not say what to do.
_WHAT_TO_DO = {
    "not-found": "It does not exist, or it belongs to another organisation than the key.",
    "not-acceptable": "Send the header Accept: application/json, or none.",
    "not-json": "Send JSON in UTF-8, with the header Content-Type: application/json.",
}


def _told(error: Exception) -> tuple[str, str, list[dict[str, str]]]:
    """Its kind, the detail, and the places that are wrong."""
    if isinstance(error, Problem):
        return error.kind, str(error.detail), error.errors
    if isinstance(error, TooLarge | RequestDataTooBig):
        return "too-large", str(getattr(error, "detail", TooLarge().detail)), []
    if isinstance(error, exceptions.ValidationError):
        errors = list(_faults(error.detail, "#"))
        return "invalid", _summary(errors), errors
    if isinstance(error, ValidationError):
        return _refusal(error)
    for classes, kind in _BY_CLASS:
        if isinstance(error, classes):
            detail = getattr(error, "detail", "")
            if kind in _WHAT_TO_DO:
                detail = _WHAT_TO_DO[kind]
            return kind, str(detail or error or KINDS[kind][1]), []
    log.error("The API failed.", exc_info=error)
    return "server-error", "It is in the log of the server. Try again; nothing was changed.", []


def _refusal(error: ValidationError) -> tuple[str, str, list[dict[str, str]]]:
    """What a service refuses: at a field of the request, or as a whole."""
    if hasattr(error, "error_dict"):
        errors = [
            {"pointer": "#" if field == NON_FIELD_ERRORS else f"#/{field}", "detail": message}
            for field, messages in error.message_dict.items()
            for message in messages
        ]
        return "invalid", _summary(errors), errors
    return "refused", " ".join(error.messages), []


def _faults(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    """Each message of a serializer with the place that it is about, as a JSON pointer (RFC 6901)."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            step = str(name).replace("~", "~0").replace("/", "~1")
            yield from _faults(inner, pointer if name == "non_field_errors" else f"{pointer}/{step}")
    elif isinstance(detail, list | tuple) and any(isinstance(inner, Mapping | list) for inner in detail):
        for place, inner in enumerate(detail):
            yield from _faults(inner, f"{pointer}/{place}")
    elif isinstance(detail, list | tuple):
        for message in detail:
            yield {"pointer": pointer, "detail": str(message)}
    else:
        yield {"pointer": pointer, "detail": str(detail)}


def _summary(errors: list[dict[str, str]]) -> str:
    first = errors[0]
    more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
    place = first.get("pointer", "#").removeprefix("#/")
    return f"{first['detail']}{more}" if place == "#" else f"{place}: {first['detail']}{more}"
