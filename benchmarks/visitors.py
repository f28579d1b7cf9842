"""Respondents' browsers, as far as a server can tell: a page is fetched, its form filled in and sent.

At most eight connections, each kept open, on this machine only. The visitors' own work costs the same at
every site, which they share the two cores with.
"""

import gzip
import http.client
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from random import Random
from urllib.parse import urlencode

CONNECTIONS = 8
_PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()

    @property
    def cookies(self) -> dict[str, str]:
        found: SimpleCookie = SimpleCookie()
        for line in self.headers.get_all("Set-Cookie", []):
            found.load(line)
        return {name: morsel.value for name, morsel in found.items()}


class Page(HTMLParser):
    """What a browser takes from a page: the fields of its form and the files that it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.choices: dict[str, list[str]] = {}
        self.files: list[str] = []
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attributes}
        name, kind = known.get("name", ""), known.get("type", "")
        if tag == "input" and kind == "hidden":
            self.hidden[name] = known.get("value", "")
        elif tag == "input" and kind == "radio":
            self.choices.setdefault(name, []).append(known.get("value", ""))
        elif tag == "select":
            self._select = name
        elif tag == "option":
            self.choices.setdefault(self._select, []).append(known.get("value", ""))
        elif (tag == "link" and known.get("rel") in ("stylesheet", "icon")) or (tag in ("script", "img")):
            self.files.append(known.get("href") or known.get("src", ""))

    def filled_in(self, random: Random) -> dict[str, str]:
        """Something chosen for everything that can be chosen."""
        return {**self.hidden, **{name: random.choice(values) for name, values in self.choices.items()}}


def ask(port: int, request: Request) -> Answer:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
    try:
        return asked(connection, request)
    finally:
        connection.close()


def get(port: int, path: str, *, packed: bool = True) -> Answer:
    answer = ask(port, Request("GET", path, headers={"Accept-Encoding": "gzip"} if packed else {}))
    if answer.status != 200:
        raise AssertionError(f"{path} answered {answer.status} instead of 200.")
    return answer


def throughput(port: int, requests: Sequence[Request], accepted: Callable[[Answer], bool]) -> float:
    """Send all requests, spread over the connections; requests per second.

    Raises
    ------
    AssertionError
        If any answer is not accepted: what was not done must not count as fast.
    """
    shares = [requests[start::CONNECTIONS] for start in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as visitors:
        start = time.perf_counter()
        refused = [answer for share in visitors.map(lambda s: _visit(port, s, accepted), shares) for answer in share]
        took = time.perf_counter() - start
    if refused:
        first = refused[0]
        raise AssertionError(
            f"{len(refused)} of {len(requests)} requests were refused, "
            f"the first with {first.status}: {first.text[:300]}"
        )
    return len(requests) / took


def form_post(path: str, fields: dict[str, str], cookies: dict[str, str]) -> Request:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "text/html",
        "Accept-Encoding": "gzip",
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }
    return Request("POST", path, urlencode(fields).encode(), headers)


def _visit(port: int, requests: Iterable[Request], accepted: Callable[[Answer], bool]) -> list[Answer]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
    try:
        return [answer for request in requests if not accepted(answer := asked(connection, request))]
    finally:
        connection.close()


def asked(connection: http.client.HTTPConnection, request: Request) -> Answer:
    """One request on a connection that stays open."""
    connection.request(request.method, request.path, request.body, request.headers)
    response = connection.getresponse()
    return Answer(response.status, response.headers, response.read())
