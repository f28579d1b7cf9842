"""The few statements on answers that the ORM cannot say, one for each database where they differ.

Knows how answers lie in their table. Decides nothing: which transaction and which lock is its caller's.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np
import psycopg
from django.db import DatabaseError, connection, transaction

from surveys.models import Response, SurveyState

# (stakeholder group, simulated) and the packed ratings of its respondents, in any order.
GroupKey = tuple[int, bool]
Packed = dict[GroupKey, bytes]

# A recount reads a large table in pieces of this many bytes of heap. Small ones are quicker: a piece and the values
# that PostgreSQL makes of it stay in the processor's cache, and memory stays below that of one piece.
_PIECE = 4 * 2**20
PAGE = 8192
# What a row takes on its page beside its ratings, about. Up to so many bytes of ratings an index may find them, where
# they are a small part of the table.
_BESIDE_RATINGS = 72
_BY_INDEX = 64 * 2**20
_FETCHED_AT_ONCE = 20_000


class MisshapenAnswer(ValueError):
    """A stored answer does not fit its questionnaire: the table was changed by other hands."""


class SnapshotGone(LookupError):
    """The transaction that exported a snapshot has ended, and the snapshot with it."""


def insert_response(
    *,
    key: UUID,
    draft_key: UUID,
    questionnaire_id: int,
    group_id: int,
    ratings: bytes,
    simulated: bool,
    now: datetime,
    seconds: int | None = None,
    profile: Mapping[str, int] | None = None,
) -> bool:
    """Store an answer and drop its draft. Says whether it was stored.

    Not when its key is there already, nor when the survey takes no answers `now` or has a newer questionnaire:
    all that is asked in the statement that stores, so that nothing can change in between, and so that the
    usual case is one question to the database. The second of two sendings neither fails nor breaks the
    transaction around it.
    """
    parameters = [
        _key(key), group_id, ratings, simulated, False, seconds, json.dumps(profile) if profile else None,
        questionnaire_id, SurveyState.OPEN.value, _at(now),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_INSERT_AND_DROP_DRAFT, [*parameters, _key(draft_key)])
            return bool(cursor.fetchone()[0])
        cursor.execute(_INSERT.format(json=""), parameters)
        stored: bool = cursor.rowcount == 1
        if stored:
            # Should we stop between the two, the draft stays and is never offered: its answer is looked for first.
            cursor.execute("DELETE FROM surveys_draft WHERE id = %s", [_key(draft_key)])
        return stored


_INSERT = """
    INSERT INTO surveys_response (id, questionnaire_id, group_id, ratings, simulated, tallied, seconds, profile)
    SELECT %s, q.id, %s, %s, %s, %s, %s, %s{json}
    FROM surveys_questionnaire q JOIN surveys_survey s ON s.id = q.survey_id
    WHERE q.id = %s AND s.state = %s AND (s.closes_at IS NULL OR s.closes_at > %s)
    AND q.version = (SELECT max(n.version) FROM surveys_questionnaire n WHERE n.survey_id = q.survey_id)
    ON CONFLICT (id) DO NOTHING"""
_INSERT_AND_DROP_DRAFT = f"""
    WITH sent AS ({_INSERT.format(json="::jsonb")} RETURNING id),
    gone AS (DELETE FROM surveys_draft WHERE id = %s AND EXISTS (SELECT 1 FROM sent))
    SELECT count(*) FROM sent"""  # noqa: S608


def upsert_draft(
    *,
    key: UUID,
    answer_key: UUID,
    questionnaire_id: int,
    group_id: int,
    ratings: bytes,
    texts: Mapping[str, str],
    today: date,
) -> bool:
    """Store or replace a draft, unless its answer was sent meanwhile. Says whether it was stored."""
    with connection.cursor() as cursor:
        cursor.execute(
            _UPSERT_DRAFT.format(json="::jsonb" if connection.vendor == "postgresql" else ""),
            [_key(key), questionnaire_id, group_id, ratings, json.dumps(dict(texts)), today, _key(answer_key)],
        )
        stored: bool = cursor.rowcount == 1
        return stored


_UPSERT_DRAFT = """
    INSERT INTO surveys_draft (id, questionnaire_id, group_id, ratings, texts, saved_on)
    SELECT %s, %s, %s, %s, %s{json}, %s WHERE NOT EXISTS (SELECT 1 FROM surveys_response WHERE id = %s)
    ON CONFLICT (id) DO UPDATE SET ratings = excluded.ratings, texts = excluded.texts,
    saved_on = excluded.saved_on, questionnaire_id = excluded.questionnaire_id"""


def take_untallied(*, questionnaire_id: int, items: int, limit: int) -> Packed:
    """Mark up to `limit` new answers as tallied and hand over their ratings. Within a transaction."""
    if connection.vendor == "postgresql":
        with _by_index():
            return dict(aggregated(_TAKE, [questionnaire_id, limit, items], items))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE surveys_response SET tallied = 1 WHERE id IN ("
            "SELECT id FROM surveys_response WHERE questionnaire_id = %s AND NOT tallied LIMIT %s) "
            "RETURNING group_id * 2 + simulated, ratings",
            [questionnaire_id, limit],
        )
        return grouped(cursor.fetchall(), items)


def count_untallied(questionnaire_id: int) -> dict[GroupKey, int]:
    """How many answers wait to be tallied, by group; groups for which none waits are left out."""
    # SQLite would take the index that suits the grouping, and with it all that is counted already.
    index = "" if connection.vendor == "postgresql" else "INDEXED BY response_not_tallied"
    with _by_index(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT group_id, simulated, count(*) FROM surveys_response {index} "  # noqa: S608
            "WHERE questionnaire_id = %s AND NOT tallied GROUP BY group_id, simulated",
            [questionnaire_id],
        )
        return {(group_id, bool(simulated)): waiting for group_id, simulated, waiting in cursor.fetchall()}


def tallied(*, questionnaire_id: int, items: int, expected: int) -> Iterator[Packed]:
    """Every tallied answer that is not excluded, piece by piece.

    Parameters
    ----------
    expected : about how many answers there are; decides whether PostgreSQL is asked once or in pieces.
    """
    if connection.vendor == "postgresql":
        yield from _tallied_postgresql(questionnaire_id, items, expected)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(rowid) FROM surveys_response")
        last = cursor.fetchone()[0] or 0
    if expected * 4 > last:
        yield from _tallied_by_scan(questionnaire_id, items, last)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT group_id * 2 + simulated, ratings FROM surveys_response WHERE questionnaire_id = %s AND tallied "
            "AND exclusion_id IS NULL",
            [questionnaire_id],
        )
        while rows := cursor.fetchmany(_FETCHED_AT_ONCE):
            yield grouped(rows, items)


def _tallied_by_scan(questionnaire_id: int, items: int, last: int) -> Iterator[Packed]:
    """Where the questionnaire has a good part of the table: read the table as it lies, a piece per statement.

    SQLite puts the ratings of a piece into one value and whose they are into another, which is three times as
    fast as handing over row by row; by the index it would visit the rows out of their order.
    """
    for first in range(0, last, _ROWS_OF_A_PIECE):
        with connection.cursor() as cursor:
            cursor.execute(_TALLIED_SCAN, [first, first + _ROWS_OF_A_PIECE, questionnaire_id])
            groups_and_kinds, shortest, longest, ratings = cursor.fetchone()
        if groups_and_kinds is None:
            continue
        of_row = np.fromstring(groups_and_kinds, dtype=np.int64, sep=",")
        if not (shortest == longest == items and len(ratings) == len(of_row) * items):
            raise _misshapen(int(of_row[0]) // 2, {shortest, longest}, items)
        table = np.frombuffer(ratings, np.uint8).reshape(-1, items)
        yield {(int(one) // 2, bool(one % 2)): table[of_row == one].tobytes() for one in np.unique(of_row)}


_ROWS_OF_A_PIECE = 200_000
# Both values are made in one pass over the rows, so they have one order.
_TALLIED_SCAN = """
    SELECT group_concat(group_id * 2 + simulated), min(length(ratings)), max(length(ratings)),
           CAST(group_concat(ratings, '') AS BLOB)
    FROM surveys_response NOT INDEXED
    WHERE rowid > %s AND rowid <= %s AND questionnaire_id = %s AND tallied AND exclusion_id IS NULL"""


# Lengths that are wrong are all that is told of lengths: most rows add nothing to that column, which is quick.
_AGGREGATES = """
    group_id, simulated, array_agg(octet_length(ratings)) FILTER (WHERE octet_length(ratings) <> %s),
    string_agg(ratings, ''::bytea)"""
# A row that somebody is erasing is skipped; the next fold meets it if it stays.
_TAKE = f"""
    WITH taken AS (
        UPDATE surveys_response SET tallied = true WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM surveys_response WHERE questionnaire_id = %s AND NOT tallied
            LIMIT %s FOR UPDATE SKIP LOCKED))
        RETURNING group_id, simulated, ratings)
    SELECT {_AGGREGATES} FROM taken GROUP BY group_id, simulated"""  # noqa: S608
_TALLIED = f"""
    SELECT {_AGGREGATES} FROM surveys_response
    WHERE questionnaire_id = %s AND tallied AND exclusion_id IS NULL"""  # noqa: S608
_PIECE_OF_IT = " AND ctid >= %s::tid AND ctid < %s::tid"
_BY_GROUP = " GROUP BY group_id, simulated"


@contextmanager
def _by_index() -> Iterator[None]:
    """For statements that look for answers not tallied yet, of which there is an index.

    What PostgreSQL has noted about `tallied` lags behind by nature: believing that, it would read a million
    counted answers to find a hundred new ones.
    """
    if connection.vendor != "postgresql":
        yield
        return
    # Within a caller's transaction no savepoint is needed: when the statement fails, all of it is given up.
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        cursor.execute("SET LOCAL enable_seqscan = DEFAULT")


def _tallied_postgresql(questionnaire_id: int, items: int, expected: int) -> Iterator[Packed]:
    pages = table_pages()
    own_pages = expected * (items + _BESIDE_RATINGS) // PAGE
    small_part = own_pages * 4 < pages and expected * items <= _BY_INDEX
    if small_part or expected * items <= _PIECE // 2:
        yield dict(aggregated(_TALLIED + _BY_GROUP, [items, questionnaire_id], items))
        return
    yield from tallied_on_pages(questionnaire_id=questionnaire_id, items=items, first=0, end=pages)


def table_pages() -> int:
    """How many pages the table of answers has. PostgreSQL only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('surveys_response') / %s", [PAGE])
        return int(cursor.fetchone()[0])


def tallied_on_pages(*, questionnaire_id: int, items: int, first: int, end: int) -> Iterator[Packed]:
    """Every tallied answer that is not excluded on the pages from `first` to before `end`. PostgreSQL only."""
    step = max(_PIECE // PAGE, 1)
    for start in range(first, end, step):
        bounds = [items, questionnaire_id, f"({start},0)", f"({min(start + step, end)},0)"]
        yield dict(aggregated(_TALLIED + _PIECE_OF_IT + _BY_GROUP, bounds, items))


def export_snapshot() -> str:
    """Hold the state of this moment for other connections. It ends with the transaction around. PostgreSQL only."""
    with connection.cursor() as cursor:
        # A snapshot keeps rows from vanishing. That nobody writes the table anew, rows on other pages, takes a lock.
        cursor.execute("LOCK TABLE surveys_response IN ACCESS SHARE MODE")
        # Until the others are done this connection says nothing.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot: str = cursor.fetchone()[0]
        return snapshot


@contextmanager
def as_of(snapshot: str) -> Iterator[None]:
    """A transaction of its own that sees what the exported snapshot saw. PostgreSQL only.

    Raises
    ------
    SnapshotGone
        If the transaction that exported it has ended.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        try:
            cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
        except DatabaseError as error:
            raise SnapshotGone(f"The snapshot {snapshot} is not held any more.") from error
        yield


def aggregated(statement: str, parameters: list[Any], items: int) -> Iterator[tuple[GroupKey, bytes]]:
    connection.ensure_connection()
    # Binary results: as text, every byte would travel as two hexadecimal digits. Django's own cursors, which
    # put the parameters in on the client's side, cannot ask for them.
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, parameters, binary=True)
        for group_id, simulated, wrong, ratings in cursor:
            if wrong:
                raise _misshapen(group_id, set(wrong), items)
            yield (group_id, simulated), ratings


def grouped(rows: list[tuple[int, bytes]], items: int) -> Packed:
    """SQLite hands over rows, a million of them in a recount: one number names group and kind, and is quick."""
    parts: dict[int, list[bytes]] = defaultdict(list)
    for group_and_kind, ratings in rows:
        parts[group_and_kind].append(ratings)
    packed: Packed = {}
    for group_and_kind, ratings_of_group in parts.items():
        group_id, simulated = divmod(group_and_kind, 2)
        lengths = set(map(len, ratings_of_group))
        if lengths != {items}:
            raise _misshapen(group_id, lengths, items)
        packed[group_id, bool(simulated)] = b"".join(ratings_of_group)
    return packed


def _misshapen(group_id: int, lengths: set[int], items: int) -> MisshapenAnswer:
    wrong = ", ".join(str(length) for length in sorted(lengths - {items}))
    return MisshapenAnswer(
        f"Answers of stakeholder group {group_id} have {wrong} ratings, the questionnaire has {items} issues. "
        "Find them by length(ratings) in surveys_response; nothing was counted."
    )


def _key(key: UUID) -> Any:
    return Response._meta.pk.get_db_prep_value(key, connection)


def _at(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
