"""Counting a million answers afresh, against merely fetching them.

No recount can be faster than handing over the bytes it counts. What we allow on top is the work itself: exact
counts, sums and products of 40 items and 780 pairs for each of 8 groups, checked, compared with the stored
tallies and stored. On PostgreSQL, which hands packed bytes over quickly, a recount may take 2.5 times as long as
the fetch; on SQLite, where each row passes through Python, twice as long.

PostgreSQL's fetch is one statement that aggregates the ratings of each group into one value and sends it in
binary: the fastest of those tried, ahead of a binary COPY of the rows and of a server-side cursor. SQLite's is
a plain scan of group and ratings, by 20,000 rows. Both see the same warm cache.
"""

from functools import partial

import psycopg
from django.db import connection

from benchmarks.comparison import Bar, Outcome, seconds, take_turns
from benchmarks.crowd import new_survey, settle, store_answers
from benchmarks.room import open_room
from benchmarks.sizes import GROUPS, ITEMS, Size
from surveys.models import Survey
from surveys.services import recount_tallies

BARS = {"postgresql": Bar("<=", 2.5), "sqlite": Bar("<=", 2)}
AGAINST = {
    "postgresql": "fetching the same bytes, aggregated per group",
    "sqlite": "reading the same rows",
}
_FETCHED_AT_ONCE = 20_000


def run(size: Size, *, database: str) -> list[Outcome]:
    with open_room(database) as room:
        return [room.call(measure, size)]


def measure(size: Size) -> Outcome:
    """In a room: store the answers, count them once, then take turns."""
    survey = new_survey(groups=GROUPS, issues=ITEMS)
    store_answers(survey, respondents=size.many, seed=1, tallied=True)
    settle()
    recount_tallies(survey=survey)
    return take_turns(
        name=f"recount-{connection.vendor}",
        ours=seconds(partial(_recount, survey, size.many)),
        against=AGAINST[connection.vendor],
        reference=seconds(partial(fetch, size.many * ITEMS)),
        unit="s",
        bar=BARS[connection.vendor],
        pairs=size.pairs,
    )


def _recount(survey: Survey, expected: int) -> None:
    found = recount_tallies(survey=survey)
    if (found.respondents, found.corrected) != (expected, ()):
        raise AssertionError(f"The recount found {found} instead of {expected} answers that were tallied rightly.")


def fetch(expected: int) -> None:
    """Fetch every rating and which group it is of, and nothing else."""
    fetched = _fetch_postgresql() if connection.vendor == "postgresql" else _fetch_sqlite()
    if fetched != expected:
        raise AssertionError(f"{fetched} bytes of ratings were fetched, not {expected}.")


def _fetch_postgresql() -> int:
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(
            "SELECT group_id, string_agg(ratings, ''::bytea) FROM surveys_response GROUP BY group_id", binary=True
        )
        return sum(len(ratings) for _, ratings in cursor)


def _fetch_sqlite() -> int:
    fetched = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT group_id, ratings FROM surveys_response")
        while rows := cursor.fetchmany(_FETCHED_AT_ONCE):
            fetched += sum(len(ratings) for _, ratings in rows)
    return fetched
