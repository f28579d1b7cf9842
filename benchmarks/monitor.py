"""The page "Answers" of a survey with 1,000,000 answers, against the same page with 1,000.

Each measurement is a member's whole request, several times over. Two rooms take turns, each with its own database, so
that they share no table and no index. The bar of 1.5 leaves room for longer numbers and for noise, and none for
anything that grows with the answers. The look at every answer is made before, as the background job makes it.
"""

import time
from functools import partial

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from accounts.models import Membership, Role, User
from benchmarks.comparison import Bar, Outcome, take_turns
from benchmarks.crowd import new_survey, settle, store_answers
from benchmarks.room import open_room
from benchmarks.sizes import GROUPS, ITEMS, Size
from surveys import release
from surveys.models import GroupTally
from surveys.services import recount_tallies
from surveys.services.quality import look

REQUESTS = 5


def run(size: Size, *, database: str) -> list[Outcome]:
    few = max(size.many // 1000, size.few // 10)
    with open_room(database) as crowded, open_room(database) as quiet:
        addresses = [room.call(fill, number) for room, number in ((crowded, size.many), (quiet, few))]
        return [
            take_turns(
                name=f"response-monitor-{database}",
                ours=partial(crowded.call, ask, addresses[0]),
                against=f"the same page with {few:,} answers instead of {size.many:,}",
                reference=partial(quiet.call, ask, addresses[1]),
                unit="ms",
                bar=Bar("<", 1.5),
                pairs=size.pairs,
                warm_ups=2,
            )
        ]


_member: Client


def fill(answers: int) -> str:
    """In a room: an open survey with that many answers, all counted, shown and looked at. The page's address."""
    global _member
    call_command("collectstatic", interactive=False, verbosity=0)
    survey = new_survey(groups=GROUPS, issues=ITEMS)
    store_answers(survey, respondents=answers, seed=answers, tallied=True)
    settle()
    recount_tallies(survey=survey)
    for row in GroupTally.objects.all():
        release.settle(row, k=survey.minimum_group)
        row.save()
    look(survey=survey)
    organisation = survey.assessment.organisation
    visitor = User.objects.create_user("member@benchmark.example")
    Membership.objects.create(organisation=organisation, user=visitor, role=Role.OWNER)
    _member = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    _member.force_login(visitor, backend=settings.AUTHENTICATION_BACKENDS[0])
    return f"/o/{organisation.slug}/a/{survey.assessment.slug}/survey/answers/"


def ask(address: str) -> float:
    """In a room: the milliseconds of a request."""
    start = time.perf_counter()
    for _ in range(REQUESTS):
        answer = _member.get(address)
        if answer.status_code != 200 or b"Left without a rating" not in answer.content:
            raise AssertionError(f"{address} answered {answer.status_code}, or not with the whole page.")
    return (time.perf_counter() - start) * 1000 / REQUESTS
