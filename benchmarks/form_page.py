"""What a respondent downloads, and what the server asks its database for it: QiFu's form of 18 issues.

A respondent may be on a phone with a poor connection, so the page with everything it loads stays under 40 KB,
even where nothing compresses it. Fewer than 5 queries keep it quick when thousands open it at once. Both bars
are limits, not peers: ratios are to the limit.
"""

import io

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.comparison import Bar, Outcome, count
from benchmarks.progress import show
from benchmarks.room import open_room
from benchmarks.server import serving
from benchmarks.sizes import Size
from benchmarks.visitors import Page, get
from scoping.models import Assessment
from surveys.services import open_survey, prepare_survey

CASE = "qifu-2022"
QUERIES, KILOBYTES = 5, 40


def run(size: Size) -> list[Outcome]:
    with open_room("postgresql") as room:
        path = room.call(prepare)
        queries = room.call(queries_of, path)
        with serving("config.wsgi", room.environment) as port:
            raw, packed = (_weight(port, path, packed=packed) for packed in (False, True))
    below = Bar("<", 1)
    show(f"form-page: {queries} queries, {raw:.1f} KB, {packed:.1f} KB compressed")
    return [
        count(name="form-queries", ours=queries, against="the limit", reference=QUERIES, unit="queries", bar=below),
        count(name="form-weight", ours=raw, against="the limit", reference=KILOBYTES, unit="KB", bar=below),
        count(name="form-weight-gzip", ours=packed, against="the limit", reference=KILOBYTES, unit="KB", bar=below),
    ]


def prepare() -> str:
    """In a room: QiFu's survey, open, and the files of its pages; the path of a group's form."""
    call_command("load_case", CASE, stdout=io.StringIO(), stderr=io.StringIO())
    survey = prepare_survey(assessment=Assessment.objects.get(case=CASE))
    open_survey(survey=survey, by=None)
    call_command("collectstatic", interactive=False, verbosity=0)
    return reverse("respond", kwargs={"token": survey.links.all()[0].token})


def queries_of(path: str) -> int:
    """In a room: how many queries the form takes in a worker that has just started."""
    with CaptureQueriesContext(connection) as queries:
        status = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0]).get(path).status_code
    if status != 200:
        raise AssertionError(f"The form answered {status} instead of 200.")
    return len(queries)


def _weight(port: int, path: str, *, packed: bool) -> float:
    """Kilobytes of the page and of every file that it loads, as they travel."""
    page = get(port, path, packed=packed)
    files = [get(port, file, packed=packed) for file in Page(page.text).files if file]
    return sum(len(answer.body) for answer in (page, *files)) / 1024
