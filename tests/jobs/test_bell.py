import socket
import time
from uuid import uuid4

import pytest

from jobs import bell

pytestmark = pytest.mark.usefixtures("doorbell")


@pytest.fixture
def broker(monkeypatch):
    """broker(url): bells go there instead."""

    def use(url):
        from celery import current_app

        for name, value in {"broker_transport": None, "broker_transport_options": {}}.items():
            monkeypatch.setitem(current_app.conf.changes, name, value)
        monkeypatch.setenv("CELERY_BROKER_URL", url)

    return use


def ring_and_time_it():
    start = time.monotonic()
    return bell.ring(uuid4()), time.monotonic() - start


def test_a_queue_that_refuses_costs_next_to_nothing(broker):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, but nobody listens
        broker(f"redis://127.0.0.1:{closed.getsockname()[1]}/0")
        rung, seconds = ring_and_time_it()
    assert not rung
    assert seconds < 1


def test_a_queue_that_takes_the_call_and_says_nothing_costs_two_seconds_at_most(broker):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        broker(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        rung, seconds = ring_and_time_it()
    assert not rung
    assert seconds < 2.5
