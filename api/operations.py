"""One operation of the API: what it takes is read and checked, what it gives is written; between is one call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.fields import Input, Output, Query
from api.paging import Paging, page_of
from api.problems import Problem
from api.writing import written

Action = Callable[..., Any]
PAGING = ("limit", "cursor")
NO_BODY = "This takes no body: send none, or {}."


@dataclass(frozen=True)
class Operation:
    """What the schema and the permission want to know."""

    reads: bool
    takes: type[Input] | None
    query: type[Query] | None
    gives: type[Output] | None
    many: bool


def operation(
    *,
    gives: type[Output] | None = None,
    takes: type[Input] | None = None,
    query: type[Query] | None = None,
    order: Sequence[str] = (),
    status: int = 200,
    reads: bool = False,
    content_type: str | Sequence[str] = "",
) -> Callable[[Action], Action]:
    """
    Make a method of `ApiViews` an operation. It is called with the parts of the address, with `body` where it takes one
    and `query` where it has parameters, each checked; its docstring is the summary, and what follows the description.

    Parameters
    ----------
    query : the parameters of the address; those of a list are a `Paging`.
    order : for lists: the columns by which the rows that it returns are paged (paging.page_of).
    reads : whether it needs the scope of reading, and not that of the views' changes.
    content_type : of a file that it returns as a finished response; several where it may be of several kinds.
    """
    taken = (Paging if query is None else query) if order else query
    about = Operation(reads, takes, taken, gives, bool(order))

    def made(method: Action) -> Action:
        @wraps(method)
        def act(self: Any, request: Request, **place: Any) -> HttpResponseBase:
            asked = _parameters(taken or Query, request)
            if query is not None:
                place["query"] = {name: value for name, value in asked.items() if name not in PAGING}
            if takes is not None:
                place["body"] = _body(takes, request)
            elif request.method in ("POST", "DELETE") and request._request.body.strip() not in (b"", b"{}"):
                raise Problem("invalid", NO_BODY, [{"pointer": "#", "detail": NO_BODY}])
            found = method(self, **place)
            if isinstance(found, HttpResponseBase):
                return found
            if order:
                rows, following = page_of(found, order, asked, request)
                return Response({"results": written(gives, rows) if gives else [], "next": following})
            return Response(gives(found).data if gives else None, status=status)

        act.operation = about  # type: ignore[attr-defined]
        return extend_schema(
            request=takes,
            parameters=[taken] if taken else [],
            responses=_responses(gives, many=bool(order), status=status, content_type=content_type),
        )(act)

    return made


def _responses(gives: type[Output] | None, *, many: bool, status: int, content_type: str | Sequence[str]) -> Any:
    if content_type:
        file = OpenApiResponse({"type": "string", "format": "binary"}, description="The file.")
        kinds = (content_type,) if isinstance(content_type, str) else content_type
        return {(status, kind): file for kind in kinds}
    if gives is None:
        return {status: OpenApiResponse(description="Done.")}
    said = {200: "What was asked for.", 201: "What was made.", 202: "What was asked for is under way."}[status]
    return {status: OpenApiResponse(gives(many=many), description=said)}


def _body(takes: type[Input], request: Request) -> dict[str, Any]:
    body = takes(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _parameters(takes: type[Query], request: Request) -> dict[str, Any]:
    given = request.query_params
    if twice := [name for name, values in given.lists() if len(values) > 1]:
        message = "Send it once."
        raise Problem("invalid", f"{twice[0]}: {message}", [{"parameter": name, "detail": message} for name in twice])
    query = takes(data=dict(given.items()))
    try:
        query.is_valid(raise_exception=True)
    except ValidationError as error:
        faults = [
            {"parameter": str(name), "detail": str(message)}
            for name, messages in error.detail.items()
            for message in messages
        ]
        first = faults[0]
        raise Problem("invalid", f"{first['parameter']}: {first['detail']}", faults) from error
    return dict(query.validated_data)
