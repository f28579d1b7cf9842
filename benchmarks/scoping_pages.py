"""Every page of the scoping, of an assessment with 500 issues, 50 groups and 20,000 contacts, against a bare view that
renders the same template with the same context and may not ask the database.

Both are whole requests of a member who is signed in, so that what Django takes for any request, and finding out who
asks, is in both. What ours takes longer is what the view asks the database for, and its work on the answers: at most
twice as long as the page without it. A template that asks the database fails the benchmark. The pages are found in
the URL configuration, with the variants that they link to themselves, such as the last of many pages, and each is
measured; the line is that of the worst. Each was opened before, so what a process keeps from visit to visit (the plan
of an upload, the record of the process) is there. Pages that only send one elsewhere, and files (exports, figures),
are no pages. The browser is the test client: no network, nothing compressed.
"""

import gc
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from html import unescape
from importlib import import_module
from itertools import product
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, path

from accounts.models import User
from benchmarks.comparison import Bar, Outcome, count, take_turns
from benchmarks.large_scope import build, contact_rows, issue_rows
from benchmarks.progress import show
from benchmarks.room import open_room
from benchmarks.sizes import Scope, Size
from scoping.models import (
    Channel,
    Concern,
    Contact,
    Criterion,
    IndexEntry,
    Mention,
    Peer,
    PendingImport,
    Pillar,
    ProcessNote,
)
from tables.writing import csv_bytes

QUERIES = 40
# One that others are merged into, and one that stands by itself.
ISSUES = ["issue-1", "issue-30"]
OF_MATERIALITY = frozenset({"materiality:overview", "materiality:process", "materiality:statement"})
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Page:
    """A page, and how many queries it takes."""

    name: str
    address: str
    queries: int


def run(size: Size, *, database: str) -> list[Outcome]:
    with open_room(database) as room:
        pages = room.call(prepare, size.scope)
        outcomes = [room.call(measure, page, f"scoping-pages-{database}", size.pairs, len(pages)) for page in pages]
    for page, outcome in sorted(zip(pages, outcomes, strict=True), key=lambda pair: pair[1].ratio):
        times = f"{outcome.ours:6.1f} to {outcome.reference:6.1f} ms"
        show(f"{outcome.ratio:5.2f}  {times}  {page.queries:3} queries  {page.address}")
    most = max(pages, key=lambda page: page.queries)
    return [
        max(outcomes, key=lambda outcome: outcome.ratio),
        count(
            name=f"scoping-queries-{database}", ours=most.queries, against=f"the limit; the most has {most.name}",
            reference=QUERIES, unit="queries", bar=Bar("<", 1),
        ),
    ]  # fmt: skip


@dataclass
class Visit:
    """A member who is signed in, the address of the bare view, and what each page was rendered from."""

    member: Client
    bare: str
    rendered: dict[str, tuple[Template, dict[str, Any], HttpRequest]]


_visit: Visit


def prepare(size: Scope) -> list[Page]:
    """In a room: the assessment, and its pages, each opened once."""
    global _visit
    assessment = build(size)
    call_command("collectstatic", interactive=False, verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
    visitor = User.objects.get(email="member0@benchmark.example")
    member = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    member.force_login(visitor)
    _visit = Visit(member, f"/o/{assessment.organisation.slug}/bare/", {})
    import_module(settings.ROOT_URLCONF).urlpatterns.append(path("o/<slug:organisation>/bare/", bare))
    values = _parameters(assessment, size, visitor)
    pages = [page for name, address in _addresses(values) for page in _open(name, address)]
    pages += [variant for page in pages for variant in _variants(page)]
    # What is kept of all the pages is no server's, and must not make the collecting of garbage slower than on one.
    gc.collect()
    gc.freeze()
    return pages


def measure(page: Page, name: str, pairs: int, pages: int) -> Outcome:
    """In a room: the page against the bare view."""
    return take_turns(
        name=name,
        ours=partial(ask, page.address),
        against=f"a bare view with the template of {page.name}, the worst of {pages} pages",
        reference=partial(ask_bare, page.address),
        unit="ms",
        bar=Bar("<", 3),
        pairs=pairs,
    )


def ask(address: str) -> float:
    """The milliseconds of a whole request."""
    start = time.perf_counter()
    status = _visit.member.get(address).status_code
    took = time.perf_counter() - start
    if status != 200:
        raise AssertionError(f"{address} answered {status} instead of 200.")
    return took * 1000


def ask_bare(address: str) -> float:
    """The milliseconds of a request for the same page to the bare view."""
    return ask(f"{_visit.bare}?{urlencode({'of': address})}")


def bare(request: HttpRequest) -> HttpResponse:
    """The peer: a page from what is in memory."""
    template, context, original = _visit.rendered[request.GET["of"]]
    with connection.execute_wrapper(_refuse):
        return HttpResponse(template.render(context, original))


def _refuse(_execute: object, sql: str, *_rest: object) -> None:
    raise AssertionError(f"A template asks the database, which is the work of a view: {sql[:500]}")


def _parameters(assessment: Any, size: Scope, visitor: User) -> dict[str, list[Any]]:
    """The values of every parameter that an address can have. Two where there are two kinds of page."""
    files = {
        "contacts": csv_bytes(contact_rows(size.contacts, [group.name for group in assessment.groups.all()])),
        "issues": issue_rows(size.issues),
    }
    pending = [
        PendingImport.objects.create(
            assessment=assessment, kind=kind, filename=f"{kind}.csv", content=content, added_by=visitor
        )
        for kind, content in files.items()
    ]
    return {
        "organisation": [assessment.organisation.slug],
        "slug": [assessment.slug],
        "channel_id": [Channel.objects.filter(group__assessment=assessment)[0].pk],
        "concern_id": [Concern.objects.filter(group__assessment=assessment)[0].pk],
        "contact_id": [Contact.objects.filter(assessment=assessment)[0].pk],
        "criterion_id": [Criterion.objects.filter(assessment=assessment)[0].pk],
        "entry_id": [IndexEntry.objects.filter(assessment=assessment)[0].pk],
        "mention_id": [Mention.objects.filter(issue__assessment=assessment, issue__code="issue-1")[0].pk],
        "note_id": [ProcessNote.objects.filter(assessment=assessment)[0].pk],
        "peer": [Peer.objects.filter(organisation=assessment.organisation)[0].pk],
        "pillar_id": [Pillar.objects.filter(assessment=assessment)[0].pk],
        "pending": [one.pk for one in pending],
        "kind": [one.kind for one in pending],
        "library": ["gri", "esrs"],
        "version": [1],
    }


def _addresses(values: dict[str, list[Any]]) -> Iterator[tuple[str, str]]:
    for name, route in pages_of_site():
        wanted = PARAMETER.findall(route)
        known = {**values, "code": ["group-1"] if "groups" in route else ISSUES[: 1 if "mention_id" in wanted else 2]}
        if unknown := set(wanted) - set(known):
            raise AssertionError(f"{name} has parameters that `_parameters` does not fill: {', '.join(unknown)}.")
        for chosen in product(*[known[parameter] for parameter in wanted]):
            found = dict(zip(wanted, chosen, strict=True))
            yield name, "/" + PARAMETER.sub(lambda match, found=found: str(found[match[1]]), route)


def pages_of_site() -> Iterator[tuple[str, str]]:
    """Name and route of all that may be a page of the scoping. What has a format is a file."""
    for name, route in _routes(get_resolver()):
        if (name.startswith("scoping:") or name in OF_MATERIALITY) and "format" not in PARAMETER.findall(route):
            yield name, route


def _routes(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry, route, entry.namespace or space)
        elif isinstance(entry, URLPattern):
            yield f"{space}:{entry.name}", route


def _open(name: str, address: str) -> Iterator[Page]:
    """The page at the address, if there is one; what it was rendered from is remembered."""
    show(f"opening {address}")
    _visit.member.get(address)  # templates are loaded, and what is cached is cached
    with _remembered(address), CaptureQueriesContext(connection) as queries:
        answer = _visit.member.get(address)
    if answer.status_code in (302, 405):
        return
    if answer.status_code != 200:
        raise AssertionError(f"{address} answered {answer.status_code} instead of 200.")
    if answer.streaming or not answer.headers["Content-Type"].startswith("text/html"):
        return
    template, context, request = _visit.rendered[address]
    if len(template.render(context, request).encode()) != len(answer.content):
        raise AssertionError(f"{address} cannot be rendered again: its context holds something that is used up.")
    yield Page(name, address, len(queries))


@contextmanager
def _remembered(address: str) -> Iterator[None]:
    plain: Callable[..., str] = Template.render

    def remember(template: Template, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> str:
        if request is not None:  # not a widget of a form
            _visit.rendered.setdefault(address, (template, context or {}, request))
        return plain(template, context, request)

    with patch.object(Template, "render", remember):
        yield


def _variants(page: Page) -> Iterator[Page]:
    """What the page links to itself with a query: of each set of parameters the last link, such as the last page."""
    html = _visit.member.get(page.address).content.decode()
    found: dict[tuple[str, ...], str] = {}
    for link in re.findall(r'href="([^"#]*\?[^"#]+)', html):
        target = urlsplit(unescape(link))
        if target.path in ("", page.address):
            found[tuple(sorted(parse_qs(target.query)))] = f"{page.address}?{target.query}"
    for address in found.values():
        yield from _open(f"{page.name} ({urlsplit(address).query})", address)
