"""Fifty respondents at the same time: nobody is refused, no answer is lost, and nobody waits much longer than others.

Each opens the form and sends an answer, again and again, on a connection of its own, as fast as the server answers: so
fifty requests are always under way, against the two workers of four threads of the other benchmarks. The bar holds the
slow ones against the usual ones: 95 % of all requests are answered within three times the median. Every answer has to
be in the database afterwards, and in the tallies, once.
"""

import http.client
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from random import Random

from benchmarks.comparison import Bar, Outcome, count
from benchmarks.progress import show
from benchmarks.room import open_room
from benchmarks.server import serving
from benchmarks.sizes import Size
from benchmarks.submitting import counted, prepare, stored
from benchmarks.visitors import Answer, Page, Request, asked, form_post

RESPONDENTS = 50
_PATIENCE_SECONDS = 60
_WAITS_ALLOWED = 3  # times the median, for 95 % of the requests


@dataclass
class Waits:
    """Seconds from asking to having the answer."""

    form: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)


def run(size: Size) -> list[Outcome]:
    with ExitStack() as stack:
        room = stack.enter_context(open_room("postgresql"))
        path = room.call(prepare)
        port = stack.enter_context(serving("config.wsgi", room.environment))
        each = max(size.submits // RESPONDENTS, 2)
        show(f"fifty-respondents: {RESPONDENTS} at once, {each} answers each")
        with ThreadPoolExecutor(RESPONDENTS) as crowd:
            list(crowd.map(lambda seed: _respond(port, path, 1, seed), range(RESPONDENTS)))  # warms up
            waits = list(crowd.map(lambda seed: _respond(port, path, each, seed), range(RESPONDENTS)))
        sent = RESPONDENTS * (each + 1)
        found = room.call(stored), room.call(counted)
        if found != (sent, sent):
            raise AssertionError(f"{sent} answers accepted, {found[0]} stored, {found[1]} counted.")
    return [
        _outcome("fifty-respondents-submit", [wait for one in waits for wait in one.sent]),
        _outcome("fifty-respondents-form", [wait for one in waits for wait in one.form]),
    ]


def _outcome(name: str, waits: list[float]) -> Outcome:
    percentiles = statistics.quantiles(waits, n=100)
    return count(
        name=name,
        ours=percentiles[94] * 1000,
        against=f"the median wait of {len(waits)} requests",
        reference=percentiles[49] * 1000,
        unit="ms, 95th percentile",
        bar=Bar("<=", _WAITS_ALLOWED),
    )


def _respond(port: int, path: str, answers: int, seed: int) -> Waits:
    """One respondent's connection; a new browser for each answer."""
    waits, random = Waits(), Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
    try:
        for _ in range(answers):
            begun = time.perf_counter()
            opened = asked(connection, Request("GET", path, headers={"Accept-Encoding": "gzip"}))
            waits.form.append(time.perf_counter() - begun)
            _demand(opened, 200)
            request = form_post(path, Page(opened.text).filled_in(random), opened.cookies)
            begun = time.perf_counter()
            answer = asked(connection, request)
            waits.sent.append(time.perf_counter() - begun)
            _demand(answer, 303)
    finally:
        connection.close()
    return waits


def _demand(answer: Answer, status: int) -> None:
    if answer.status != status:
        raise AssertionError(f"A respondent got {answer.status} instead of {status}: {answer.text[:300]}")
