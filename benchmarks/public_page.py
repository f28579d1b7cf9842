"""The public report of 30 issues in 8 groups: bytes of a page with every style sheet, script and icon that it loads.

Readers may have a poor connection, and nothing may compress the page on its way, so it stays under 100,000 bytes as it
is. Texts about the issues stand on the page itself where there is room, and on one of their own otherwise: both are
weighed, with chapters and goals alone and with long texts, in either language. The line is that of the heaviest.
"""

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from benchmarks.comparison import Bar, Outcome, count
from benchmarks.progress import show
from benchmarks.published import published_report
from benchmarks.room import open_room
from benchmarks.sizes import Size
from benchmarks.visitors import Page

ISSUES, GROUPS, BYTES = 30, 8, 100_000
# In each of the three texts about an issue.
SENTENCES = (0, 4)


def run(size: Size) -> list[Outcome]:
    heaviest, where = 0, ""
    for sentences in SENTENCES:
        show(f"public-page-bytes: making a report of {ISSUES} issues with {sentences} sentences in each text")
        with open_room("sqlite") as room:
            weights = room.call(weigh, sentences, min(size.few, 600))
        heaviest, where = max((heaviest, where), *((weight, address) for address, weight in weights.items()))
    show(f"public-page-bytes: {heaviest:,} bytes of {where}")
    return [
        count(
            name="public-page-bytes",
            ours=heaviest,
            against=f"the limit for a page of {ISSUES} issues",
            reference=BYTES,
            unit="bytes",
            bar=Bar("<", 1),
        )
    ]


def weigh(sentences: int, respondents: int) -> dict[str, int]:
    """In a room: the bytes of each page with all that it loads."""
    call_command("collectstatic", interactive=False, verbosity=0)
    publication = published_report(issues=ISSUES, groups=GROUPS, respondents=respondents, sentences=sentences)
    place = {"slug": publication.assessment.slug}
    reader = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    report, apart = (reverse(name, kwargs=place) for name in ("report", "report-issues"))
    weights = {}
    for language in ("en", "zh"):
        page = _fetched(reader, f"{report}?lang={language}")
        addresses = [report, apart] if apart in page.decode() else [report]
        for address in addresses:
            weights[f"{address}?lang={language}"] = _weight(reader, f"{address}?lang={language}")
    return weights


def _weight(reader: Client, address: str) -> int:
    page = _fetched(reader, address)
    files = [file for file in Page(page.decode()).files if file]
    return len(page) + sum(len(_fetched(reader, file)) for file in files)


def _fetched(reader: Client, address: str) -> bytes:
    answer = reader.get(address)
    if answer.status_code != 200:
        raise AssertionError(f"{address} answered {answer.status_code} instead of 200.")
    content: bytes = answer.getvalue()
    return content
