"""Taking answers in: our survey form against a bare Django view, both under gunicorn with PostgreSQL.

The peer (benchmarks/bare) validates a Django form of 42 fields and inserts one row of JSON. Ours validates 40
ratings, stores them once however often they are sent, drops the draft, and sees to it that a job will count
them. The bar of 0.8 says that all this may cost a fifth. Both sites run at the same time under the same
settings, are visited in turn by the same eight connections, and neither has a background worker to feed.

The form pages are measured as well. The peer's template is written out by hand, since Django's own widgets
take several times as long. Ours says more on its page (an explanation of each issue, words for the scale, what
happens to the answer, a draft where there is one), so it may take twice as long.

Afterwards every accepted answer has to be in the database, and in the tallies, once.
"""

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from random import Random

from django.core.management import call_command
from django.urls import reverse

from benchmarks.bare.stored import stored_answers
from benchmarks.comparison import Bar, Outcome, take_turns
from benchmarks.crowd import new_survey
from benchmarks.room import Room, open_room
from benchmarks.server import serving
from benchmarks.sizes import GROUPS, ITEMS, Size
from benchmarks.visitors import Answer, Page, Request, form_post, get, throughput
from surveys.models import Response, Survey, SurveyLink
from surveys.services import fold_responses

Fresh = Callable[[dict[str, str], dict[str, str]], None]


@dataclass
class Site:
    """A served form, and how many answers it has accepted."""

    port: int
    path: str
    renew: Fresh
    random: Random
    accepted: int = 0

    def send(self, answers: int) -> float:
        """Answers per second, each filled in differently, as from a browser that has just opened the form."""
        opened = get(self.port, self.path)
        page, cookies = Page(opened.text), opened.cookies
        rate = throughput(self.port, [self._filled_in(page, cookies) for _ in range(answers)], _thanked)
        self.accepted += answers
        return rate

    def open(self, times: int) -> float:
        """Form pages per second."""
        request = Request("GET", self.path, headers={"Accept-Encoding": "gzip"})
        return throughput(self.port, [request] * times, lambda answer: answer.status == 200)

    def _filled_in(self, page: Page, cookies: dict[str, str]) -> Request:
        fields, own_cookies = page.filled_in(self.random), dict(cookies)
        self.renew(fields, own_cookies)
        return form_post(self.path, fields, own_cookies)


def run(size: Size) -> list[Outcome]:
    with ExitStack() as stack:
        room = stack.enter_context(open_room("postgresql"))
        bare_room = stack.enter_context(open_room("postgresql", project="benchmarks.bare.settings"))
        path = room.call(prepare)
        ours = Site(stack.enter_context(serving("config.wsgi", room.environment)), path, _new_key, Random(1))
        bare_port = stack.enter_context(serving("benchmarks.bare.wsgi", bare_room.environment))
        bare = Site(bare_port, "/", _same_token, Random(1))
        outcomes = [
            take_turns(
                name="submit-throughput",
                ours=partial(ours.send, size.submits),
                against="a bare Django view with the same form that inserts one row",
                reference=partial(bare.send, size.submits),
                unit="answers/s",
                bar=Bar(">=", 0.8),
                pairs=size.pairs,
            ),
            take_turns(
                name="form-throughput",
                ours=partial(ours.open, size.submits // 2),
                against="the form page of the bare Django view",
                reference=partial(bare.open, size.submits // 2),
                unit="pages/s",
                bar=Bar(">=", 0.5),
                pairs=size.pairs,
            ),
        ]
        _nothing_lost(room, ours.accepted, bare_room, bare.accepted)
    return outcomes


def prepare() -> str:
    """In a room: a survey and the files of its pages; the path of a group's form."""
    survey = new_survey(groups=GROUPS, issues=ITEMS)
    call_command("collectstatic", interactive=False, verbosity=0)
    link = SurveyLink.objects.filter(survey=survey)[0]
    return reverse("respond", kwargs={"token": link.token})


def stored() -> int:
    """In a room: how many answers the database has."""
    return Response.objects.count()


def counted() -> int:
    """In a room: how many respondents the tallies count once everything is folded in."""
    survey = Survey.objects.get()
    fold_responses(survey=survey)
    return sum(
        tally.respondents for questionnaire in survey.questionnaires.all() for tally in questionnaire.tallies.all()
    )


def _nothing_lost(room: Room, sent: int, bare_room: Room, sent_bare: int) -> None:
    found = room.call(stored), room.call(counted), bare_room.call(stored_answers)
    if found != (sent, sent, sent_bare):
        raise AssertionError(
            f"{sent} answers accepted, {found[0]} stored, {found[1]} counted; bare: {sent_bare}, {found[2]}."
        )


def _new_key(fields: dict[str, str], cookies: dict[str, str]) -> None:
    """Another respondent: the form's key, which its cookie repeats, is made when the form is opened."""
    key = secrets.token_urlsafe(16)
    known = next(iter(cookies.values()))
    for places in (fields, cookies):
        for name, value in places.items():
            if value == known:
                places[name] = key


def _same_token(fields: dict[str, str], cookies: dict[str, str]) -> None:
    """Another respondent at the bare form differs in nothing but the answer."""


def _thanked(answer: Answer) -> bool:
    return answer.status in (302, 303) and "thanks" in answer.headers.get("Location", "")
