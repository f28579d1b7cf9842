"""Reading what is sent: JSON in UTF-8, of a bounded size, with text that can be stored."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too-large"

    def __init__(self, most: int = 0) -> None:
        if most > settings.API_LARGEST_BODY:
            super().__init__(f"Here a request has at most {most:,} bytes.")
        else:
            super().__init__(f"A request has at most {settings.API_LARGEST_BODY:,} bytes. Send it in parts.")


class StrictJSON(BaseParser):
    """JSON as RFC 8259 has it: no NaN, no repeated name, no half of a surrogate pair."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        most = getattr((parser_context or {}).get("view"), "largest_body", 0) or settings.API_LARGEST_BODY
        content = stream.read(most + 1)
        if len(content) > most:
            raise TooLarge(most)
        try:
            found = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse, object_pairs_hook=_object)
            json.dumps(found, ensure_ascii=False).encode()
        except RecursionError as error:
            raise ParseError("This is nested too deeply.") from error
        except UnicodeEncodeError as error:
            raise ParseError(
                "A text holds half of a surrogate pair (\\ud800 to \\udfff), which is no character."
            ) from error
        except ValueError as error:
            raise ParseError(f"This is not JSON in UTF-8: {error}") from error
        return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice[:40]!r} stands twice in one object")
    return found
