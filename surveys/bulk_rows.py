"""Very many answers at once: the statements that store them and that delete the simulated ones.

Knows how answers lie in their table. Decides nothing: which transaction and which lock is its caller's.
"""

import os
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from surveys.rows import Packed, aggregated, grouped, table_pages

Keys = NDArray[np.uint8]
Ratings = NDArray[np.uint8]

# What goes to PostgreSQL in one piece, and what is deleted by one statement.
_ROWS_WRITTEN = 20_000
_PAGES_DELETED = 512
_ROWS_DELETED = 50_000


def random_keys(number: int, *, before: int = 0, of: int | None = None) -> Keys:
    """(number, 16) Keys shaped as any random UUID, in their order.

    Parameters
    ----------
    before, of : where these are the keys of one batch out of `of` rows, how many came in batches before. Each batch
        draws from its own part of the range, so that keys rise from batch to batch: an index grows at its end, where a
        row costs the same however many there are.
    """
    whole = of or number
    lowest, end = ((rows << 32) // whole for rows in (before, before + number))
    keys = np.frombuffer(os.urandom(16 * number), np.uint8).reshape(number, 16).copy()
    first = keys[:, :4].view(">u4")[:, 0].astype(np.uint64)
    first = np.uint64(lowest) + (first * np.uint64(end - lowest) >> np.uint64(32))
    keys[:, :4] = first.astype(">u4").view(np.uint8).reshape(-1, 4)
    keys[:, 6] = keys[:, 6] & 0x0F | 0x40
    keys[:, 8] = keys[:, 8] & 0x3F | 0x80
    return keys[np.argsort(keys[:, :8].copy().view(">u8")[:, 0], kind="stable")]


def insert_simulated(*, questionnaire_id: int, group_id: int, keys: Keys, ratings: Ratings) -> None:
    """Store one group's simulated answers, not tallied yet, in the order of `keys`."""
    store = _copy if connection.vendor == "postgresql" else _insert
    for start in range(0, len(keys), _ROWS_WRITTEN):
        part = slice(start, start + _ROWS_WRITTEN)
        store(questionnaire_id, group_id, keys[part], ratings[part])


def _copy(questionnaire_id: int, group_id: int, keys: Keys, ratings: Ratings) -> None:
    """PostgreSQL's binary COPY: each field is its length and its bytes, all of them as long in every row."""
    items = ratings.shape[1]
    row = np.dtype(
        [
            ("fields", ">i2"),
            ("id_length", ">i4"), ("id", "u1", (16,)),
            ("questionnaire_length", ">i4"), ("questionnaire", ">i8"),
            ("group_length", ">i4"), ("group", ">i8"),
            ("ratings_length", ">i4"), ("ratings", "u1", (items,)),
            ("simulated_length", ">i4"), ("simulated", "u1"),
            ("tallied_length", ">i4"), ("tallied", "u1"),
        ]
    )  # fmt: skip
    rows = np.zeros(len(ratings), row)
    rows["fields"] = 6
    rows["id_length"], rows["id"] = 16, keys
    rows["questionnaire_length"], rows["questionnaire"] = 8, questionnaire_id
    rows["group_length"], rows["group"] = 8, group_id
    rows["ratings_length"], rows["ratings"] = items, ratings
    rows["simulated_length"], rows["simulated"] = 1, True
    rows["tallied_length"], rows["tallied"] = 1, False
    statement = (
        "COPY surveys_response (id, questionnaire_id, group_id, ratings, simulated, tallied) FROM STDIN (FORMAT binary)"
    )
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        copy.write(rows.tobytes())
        copy.write(b"\xff\xff")


def _insert(questionnaire_id: int, group_id: int, keys: Keys, ratings: Ratings) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO surveys_response (id, questionnaire_id, group_id, ratings, simulated, tallied) "
            "VALUES (%s, %s, %s, %s, 1, 0)",
            [
                (key.tobytes().hex(), questionnaire_id, group_id, row.tobytes())
                for key, row in zip(keys, ratings, strict=True)
            ],
        )


def parts_of_table() -> list[tuple[int, int]]:
    """The table of answers in parts for `delete_simulated`, each small enough for one transaction."""
    if connection.vendor == "postgresql":
        end, step = table_pages(), _PAGES_DELETED
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(rowid) FROM surveys_response")
            end, step = (cursor.fetchone()[0] or 0) + 1, _ROWS_DELETED
    return [(first, first + step) for first in range(0, end, step)]


def delete_simulated(*, questionnaire_id: int, part: tuple[int, int], items: int) -> tuple[int, Packed]:
    """Delete the simulated answers that lie in this part of the table.

    Returns
    -------
    How many they were, and the ratings of those that were counted: tallied and not left out.
    """
    first, end = part
    if connection.vendor == "postgresql":
        bounds: list[Any] = [questionnaire_id, f"({first},0)", f"({end},0)"]
        found = dict(aggregated(_DELETE_ON_PAGES, [*bounds, items], items))
        of_counted = {(group_id, True): ratings for (group_id, counted), ratings in found.items() if counted}
        return sum(map(len, found.values())) // items, of_counted
    with connection.cursor() as cursor:
        cursor.execute(_DELETE_IN_ROWS, [questionnaire_id, first, end])
        deleted_rows = cursor.fetchall()
    counted = [(key, ratings) for key, ratings, tallied, exclusion in deleted_rows if tallied and exclusion is None]
    return len(deleted_rows), grouped(counted, items)


# In place of "simulated", which all of them are, stands whether the answer was counted.
_DELETE_ON_PAGES = """
    WITH gone AS (
        DELETE FROM surveys_response
        WHERE questionnaire_id = %s AND simulated AND ctid >= %s::tid AND ctid < %s::tid
        RETURNING group_id, tallied AND exclusion_id IS NULL AS counted, ratings)
    SELECT group_id, counted, array_agg(octet_length(ratings)) FILTER (WHERE octet_length(ratings) <> %s),
           string_agg(ratings, ''::bytea)
    FROM gone GROUP BY group_id, counted"""
_DELETE_IN_ROWS = """
    DELETE FROM surveys_response WHERE questionnaire_id = %s AND simulated AND rowid >= %s AND rowid < %s
    RETURNING group_id * 2 + 1, ratings, tallied, exclusion_id"""
