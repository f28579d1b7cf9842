"""How long an answer took."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from surveys.models import Response
from surveys.respondent.clock import seconds_since, stamp
from tests.surveys.respondent.pages import fields_in

ALL = {f"issue-{position}": "4" for position in range(5)}
NOON = timezone.now().replace(hour=12, microsecond=0)


@pytest.mark.parametrize(
    ("passed", "seconds"), [(0, 5), (1, 5), (5, 5), (6, 10), (61, 65), (7_199, 7_200), (86_400, 7_200), (-1, None)]
)
def test_seconds_go_up_in_steps_of_five_and_end_at_two_hours(passed, seconds):
    with time_machine.travel(NOON, tick=False):
        stamped = stamp()
    with time_machine.travel(NOON + timedelta(seconds=passed), tick=False):
        assert seconds_since(stamped) == seconds


@pytest.mark.parametrize("forged", ["", "1", "1767225600:x", "soon", ":", "é:é"])
def test_what_is_no_stamp_of_ours_says_nothing(forged):
    assert seconds_since(forged) is None


def seconds_of(client, page, *, resumed=False):
    with time_machine.travel(NOON, tick=False):
        if resumed:
            client.get(page)
            client.post(f"{page}save", fields_in(client.get(page)) | {"issue-0": "1"})
        form = fields_in(client.get(page))
    with time_machine.travel(NOON + timedelta(seconds=93), tick=False):
        client.post(page, form | ALL)
    return Response.objects.get().seconds


def test_an_answer_is_stored_with_its_time(client, ask):
    assert seconds_of(client, ask().page()) == 95


def test_a_personal_one_too(client, ask):
    assert seconds_of(client, ask().invite()) == 95


@pytest.mark.parametrize("personal", [False, True])
def test_whoever_resumed_a_draft_took_a_break_of_unknown_length(client, ask, personal):
    asked = ask()
    assert seconds_of(client, asked.invite() if personal else asked.page(), resumed=True) is None


def test_a_form_that_came_back_counts_from_its_first_opening(client, ask):
    page = ask().page()
    with time_machine.travel(NOON, tick=False):
        form = fields_in(client.get(page))
    with time_machine.travel(NOON + timedelta(seconds=60), tick=False):
        form = fields_in(client.post(page, form | {"issue-0": "3"}))
    with time_machine.travel(NOON + timedelta(seconds=120), tick=False):
        client.post(page, form | ALL)
    assert Response.objects.get().seconds == 120
