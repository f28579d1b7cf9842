"""Rows of a list are written as the framework would write them."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import ClassVar
from uuid import uuid4

import pytest
from django.core.cache import cache
from rest_framework import serializers

from api.authentication import count_in_window
from api.fields import Output
from api.throttling import SHARES
from api.writing import written
from scoping.api.issues import COLUMNS, IssueOutput
from tests.api.conftest import Api


class _Flat(Output):
    id = serializers.UUIDField(source="pk")
    name = serializers.CharField()
    number = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    at = serializers.DateTimeField()
    state = serializers.ChoiceField([("open", "Open")])
    marks = serializers.ListField(child=serializers.IntegerField(allow_null=True))
    more = serializers.DictField()
    yes = serializers.BooleanField()


class _Deep(Output):
    example: ClassVar = None

    email = serializers.CharField(source="by.email", default=None)
    total = serializers.SerializerMethodField()

    def get_total(self, row: dict) -> int:
        return len(row)


def _row(**other):
    return {
        "pk": uuid4(), "name": "水 <&", "number": 3, "share": 0.5, "at": datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        "state": "open", "marks": [1, None], "more": {"a": [1]}, "yes": False, "unasked": 1,
    } | other  # fmt: skip


@pytest.mark.parametrize(
    ("gives", "rows"),
    [
        (_Flat, []),
        (_Flat, [_row(), _row(share=None), _row(state="other"), _row(state=""), _row(name=7, number="8", yes=1)]),
        (_Deep, [{"by": {"email": "x@example.org"}}, {}]),
        (IssueOutput, [dict.fromkeys(COLUMNS, "") | {"position": 1, "sdgs": [6], "survivor_code": None}]),
    ],
)
def test_rows_are_written_as_the_framework_writes_them(gives: type[Output], rows: list[dict]):
    assert written(gives, rows) == [dict(row) for row in gives(rows, many=True).data]


def test_a_row_that_lacks_a_field_is_a_fault_of_ours():
    with pytest.raises(KeyError):
        written(_Flat, [{"pk": uuid4()}])


def test_few_requests_ask_the_cache_how_many_there_were(api: Api, settings, monkeypatch: pytest.MonkeyPatch):
    cache.clear()
    settings.API_REQUESTS_PER_MINUTE = 10 * SHARES
    monkeypatch.setattr("api.throttling.time", SimpleNamespace(time=lambda: 0.5))
    asked: list[int] = []

    def counted(name: str, seconds: int, by: int) -> int:
        asked.append(by)
        return count_in_window(name, seconds, by)

    monkeypatch.setattr("api.throttling.count_in_window", counted)
    for _ in range(25):
        assert api.get("organisation/").status_code == 200
    assert asked == [10, 10, 10]


def test_no_request_more_than_the_limit_is_let_through(api: Api, settings, monkeypatch: pytest.MonkeyPatch):
    settings.API_REQUESTS_PER_MINUTE = 2 * SHARES + 1
    monkeypatch.setattr("api.throttling.time", SimpleNamespace(time=lambda: 0.5))
    # What the count says while other processes take shares of two: this one gets two, then the last one.
    counts = iter([2 * SHARES, 2 * SHARES + 2, 2 * SHARES + 4, 2 * SHARES + 6])
    monkeypatch.setattr("api.throttling.count_in_window", lambda *_: next(counts))
    assert [api.get("organisation/").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
