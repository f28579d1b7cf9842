"""What the visitors of the benchmarks read from a page and send."""

from random import Random

import pytest

from benchmarks.visitors import Answer, Page, Request, form_post, throughput

PAGE = """
<link rel="stylesheet" href="/a.css"><link rel="canonical" href="/other"><script src="/b.js"></script>
<form><input type="hidden" name="key" value="k1">
<input type="radio" name="energy" value="1"><input type="radio" name="energy" value="2">
<select name="group"><option value="g1">One</option></select>
<input type="text" name="remark"></form>
"""


def test_a_page_lists_the_files_that_a_browser_loads() -> None:
    assert Page(PAGE).files == ["/a.css", "/b.js"]


def test_a_form_is_filled_in_with_what_it_offers() -> None:
    filled = Page(PAGE).filled_in(Random(1))
    assert filled.pop("energy") in {"1", "2"}
    assert filled == {"key": "k1", "group": "g1"}


def test_a_post_carries_fields_and_cookies() -> None:
    request = form_post("/s/x/", {"energy": "2", "key": "a b"}, {"answer": "k1"})
    assert request.body == b"energy=2&key=a+b"
    assert request.headers["Cookie"] == "answer=k1"


class Web:
    """Stands in for connections: answers each request with a status."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, statuses: list[int]) -> None:
        self.statuses = statuses
        monkeypatch.setattr("benchmarks.visitors.asked", self.answer)

    def answer(self, connection: object, request: Request) -> Answer:
        return Answer(self.statuses.pop(), None, b"")  # type: ignore[arg-type]


def test_every_request_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    web = Web(monkeypatch, [200] * 20)
    assert throughput(1, [Request("GET", "/")] * 20, lambda answer: answer.status == 200) > 0
    assert web.statuses == []
