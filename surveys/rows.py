"""The few statements on answers that the ORM cannot say, one for each database where they differ.

Knows how answers lie in their table. Decides nothing: which transaction and which lock is its caller's.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from surveys.models import Response

# (stakeholder group, simulated) and the packed ratings of its respondents, in any order.
GroupKey = tuple[int, bool]
Packed = dict[GroupKey, bytes]

# A recount reads a large table in pieces of this many bytes of heap, so that one value stays far below the
# 1 GB that PostgreSQL allows, and memory below that of one piece.
_PIECE = 128 * 2**20
_PAGE = 8192
_FETCHED_AT_ONCE = 20_000


class MisshapenAnswer(ValueError):
    """A stored answer does not fit its questionnaire: the table was changed by other hands."""


def insert_response(
    *, key: UUID, questionnaire_id: int, group_id: int, ratings: bytes, simulated: bool
) -> bool:
    """Store an answer unless its key is there already. Says whether it was stored.

    One statement, so that the second of two sendings neither fails nor breaks the transaction around it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO surveys_response (id, questionnaire_id, group_id, ratings, simulated, tallied) "
            "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING",
            [_key(key), questionnaire_id, group_id, ratings, simulated, False],
        )
        return cursor.rowcount == 1


def upsert_draft(*, key: UUID, questionnaire_id: int, group_id: int, ratings: bytes, today: date) -> bool:
    """Store or replace a draft, unless its answer was sent meanwhile. Says whether it was stored."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO surveys_draft (id, questionnaire_id, group_id, ratings, saved_on) "
            # The cast tells PostgreSQL what it would know from VALUES; SQLite takes any.
            f"SELECT {_cast('uuid')}, {_cast('bigint')}, {_cast('bigint')}, {_cast('bytea')}, {_cast('date')} "
            "WHERE NOT EXISTS (SELECT 1 FROM surveys_response WHERE id = %s) "
            "ON CONFLICT (id) DO UPDATE SET ratings = excluded.ratings, saved_on = excluded.saved_on, "
            "questionnaire_id = excluded.questionnaire_id",
            [_key(key), questionnaire_id, group_id, ratings, today, _key(key)],
        )
        return cursor.rowcount == 1


def delete_draft(*, key: UUID) -> None:
    """One statement where the ORM's delete would first look for rows that hang on it."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM surveys_draft WHERE id = %s", [_key(key)])


def take_untallied(*, questionnaire_id: int, items: int, limit: int) -> Packed:
    """Mark up to `limit` new answers as tallied and hand over their ratings. Within a transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Statistics on `tallied` lag behind by nature. Believing them, the planner would read a million
            # counted answers to find a hundred new ones; the index over those knows where they are.
            cursor.execute("SET LOCAL enable_seqscan = off")
        return dict(
            _aggregated(
                "WITH taken AS (UPDATE surveys_response SET tallied = true WHERE ctid = ANY (ARRAY("
                # A row that somebody is erasing is skipped; the next fold meets it if it stays.
                "SELECT ctid FROM surveys_response WHERE questionnaire_id = %s AND NOT tallied "
                "LIMIT %s FOR UPDATE SKIP LOCKED)) RETURNING group_id, simulated, ratings) "
                f"SELECT {_AGGREGATES} FROM taken GROUP BY group_id, simulated",
                [questionnaire_id, limit],
                items,
            )
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE surveys_response SET tallied = 1 WHERE id IN ("
            "SELECT id FROM surveys_response WHERE questionnaire_id = %s AND NOT tallied LIMIT %s) "
            "RETURNING group_id, simulated + 0, ratings",
            [questionnaire_id, limit],
        )
        return _grouped(cursor.fetchall(), items)


def tallied(*, questionnaire_id: int, items: int, expected: int) -> Iterator[Packed]:
    """Every tallied answer, piece by piece.

    Parameters
    ----------
    expected : about how many answers there are; decides whether PostgreSQL is asked once or in pieces.
    """
    if connection.vendor == "postgresql":
        yield from _tallied_postgresql(questionnaire_id, items, expected)
        return
    with connection.cursor() as cursor:
        # "simulated + 0" has no declared type, which spares a conversion in Python for every row.
        cursor.execute(
            "SELECT group_id, simulated + 0, ratings FROM surveys_response WHERE questionnaire_id = %s AND tallied",
            [questionnaire_id],
        )
        while rows := cursor.fetchmany(_FETCHED_AT_ONCE):
            yield _grouped(rows, items)


_AGGREGATES = (
    "group_id, simulated, count(*), min(octet_length(ratings)), max(octet_length(ratings)), "
    "string_agg(ratings, ''::bytea)"
)


def _tallied_postgresql(questionnaire_id: int, items: int, expected: int) -> Iterator[Packed]:
    statement = f"SELECT {_AGGREGATES} FROM surveys_response WHERE questionnaire_id = %s AND tallied"  # noqa: S608
    by_group = " GROUP BY group_id, simulated"
    if expected * items <= _PIECE // 2:
        yield dict(_aggregated(statement + by_group, [questionnaire_id], items))
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('surveys_response') / %s", [_PAGE])
        pages = int(cursor.fetchone()[0])
    step = _PIECE // _PAGE
    for first in range(0, pages, step):
        piece = " AND ctid >= %s::tid AND ctid < %s::tid"
        bounds = [questionnaire_id, f"({first},0)", f"({first + step},0)"]
        yield dict(_aggregated(statement + piece + by_group, bounds, items))


def _aggregated(statement: str, parameters: list[Any], items: int) -> Iterator[tuple[GroupKey, bytes]]:
    connection.ensure_connection()
    # Binary results: as text, every byte would travel as two hexadecimal digits. Django's own cursors, which
    # put the parameters in on the client's side, cannot ask for them.
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, parameters, binary=True)
        for group_id, simulated, respondents, shortest, longest, ratings in cursor:
            if not (shortest == longest == items and len(ratings) == respondents * items):
                raise _misshapen(group_id, {shortest, longest}, items)
            yield (group_id, simulated), ratings


def _grouped(rows: list[tuple[int, int, bytes]], items: int) -> Packed:
    parts: dict[tuple[int, int], list[bytes]] = defaultdict(list)
    for group_id, simulated, ratings in rows:
        parts[group_id, simulated].append(ratings)
    for (group_id, _), ratings_of_group in parts.items():
        lengths = set(map(len, ratings_of_group))
        if lengths != {items}:
            raise _misshapen(group_id, lengths, items)
    return {(group_id, bool(simulated)): b"".join(ratings) for (group_id, simulated), ratings in parts.items()}


def _misshapen(group_id: int, lengths: set[int], items: int) -> MisshapenAnswer:
    wrong = ", ".join(str(length) for length in sorted(lengths - {items}))
    return MisshapenAnswer(
        f"Answers of stakeholder group {group_id} have {wrong} ratings, the questionnaire has {items} issues. "
        "Find them by length(ratings) in surveys_response; nothing was counted."
    )


def _key(key: UUID) -> Any:
    return Response._meta.pk.get_db_prep_value(key, connection)


def _cast(kind: str) -> str:
    return f"%s::{kind}" if connection.vendor == "postgresql" else "%s"
