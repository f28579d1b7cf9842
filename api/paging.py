"""Pages of a list by cursor: each begins after the last row of the one before, whatever came or went meanwhile."""

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils.timezone import is_naive
from rest_framework.request import Request

from api.fields import Query, QueryWhole, Text
from api.problems import Problem

MOST_PER_PAGE = 1_000
USUAL_PER_PAGE = 100


class Paging(Query):
    """What every list takes."""

    limit = QueryWhole(
        min_value=1, max_value=MOST_PER_PAGE, default=USUAL_PER_PAGE, help_text="Rows of a page, 1 to 1000."
    )
    cursor = Text(required=False, max_length=400, help_text="Where the page begins; from `next` of the page before.")


class Pages:
    """How a list looks, for the schema."""

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "The address of the next page; null on the last one.",
                    "example": None,
                },
            },
        }


def page_of(
    rows: QuerySet[Any, Any], order: Sequence[str], values: dict[str, Any], request: Request
) -> tuple[list[Any], str | None]:
    """
    The rows, objects or their values, of the page that `values` ask for, and the address of the next one.

    Parameters
    ----------
    order : names of columns that are never null, with "-" for descending; together they tell rows apart.
    """
    limit, cursor = values["limit"], values.get("cursor")
    rows = rows.order_by(*order)
    if cursor:
        rows = rows.filter(_after(order, _read(rows.model, order, cursor)))
    found = list(rows[: limit + 1])
    if len(found) <= limit:
        return found, None
    found.pop()
    last = [_plain(found[-1], name.removeprefix("-")) for name in order]
    query = {name: value for name, value in request.query_params.items() if name != "cursor"}
    query["cursor"] = base64.urlsafe_b64encode(json.dumps(last).encode()).decode().rstrip("=")
    return found, f"{settings.BASE_URL}{request.path}?{urlencode(query)}"


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """What comes after a row with those values: behind it in one column, and equal in all before that."""
    condition, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        column, step = name.removeprefix("-"), "lt" if name.startswith("-") else "gt"
        condition |= equal & Q(**{f"{column}__{step}": value})
        equal &= Q(**{column: value})
    return condition


def _read(model: type[Model], order: Sequence[str], cursor: str) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if len(values) != len(order):
            raise ValueError("another list's")
        return [_value(model, name.removeprefix("-"), value) for name, value in zip(order, values, strict=True)]
    except Exception as error:
        message = "This cursor is not of this list. Take it from `next` of the page before."
        raise Problem("invalid", f"cursor: {message}", [{"parameter": "cursor", "detail": message}]) from error


def _value(model: Any, path: str, given: Any) -> Any:
    """What a cursor says of one column, as the database compares it."""
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    column = model._meta.pk if name == "pk" else model._meta.get_field(name)
    value = column.to_python(given)
    if value is None or "\x00" in str(value) or (isinstance(value, datetime) and is_naive(value)):
        raise ValueError("no value of this column")
    # Of the first and the last day there is no other zone's time.
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _plain(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = row[name] if isinstance(row, dict) else getattr(row, name)
    return row if isinstance(row, int | str) else row.isoformat() if hasattr(row, "isoformat") else str(row)
