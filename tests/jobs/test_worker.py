import types

import pytest
from django.db import OperationalError

from jobs import services, worker
from jobs.models import Worker
from jobs.worker import Caretaker, report, use_plain_connections
from tests.support.factories import JobFactory
from tests.support.processes import wait_for


@pytest.fixture
def caretaker(transactional_db, settings):
    settings.JOB_SWEEP_SECONDS = 0.05
    thread = Caretaker("test")
    yield thread
    thread.stop()
    thread.join(5)
    assert not thread.is_alive()


def test_it_reports_and_rings(caretaker, bells):
    job = JobFactory(rung_at=None)
    caretaker.start()
    wait_for(Worker.objects.filter(name="test").exists, "the report", 5)
    wait_for(lambda: bells == [job.pk], "the bell", 5)


def test_it_outlives_a_database_that_is_away_for_a_while(caretaker, monkeypatch, caplog):
    sweeps = []

    def sweep():
        sweeps.append(1)
        if len(sweeps) == 1:
            raise OperationalError("the database is away")

    monkeypatch.setattr(services, "sweep", sweep)
    caretaker.start()
    wait_for(lambda: len(sweeps) > 1, "another sweep", 5)
    assert "could not report or sweep" in caplog.text


def test_while_the_queue_is_down_it_rings_at_sweeps_only(caretaker, settings, monkeypatch):
    settings.JOB_SWEEP_SECONDS = 0.5
    monkeypatch.setattr(worker, "TICK_SECONDS", 0.02)
    events = []
    monkeypatch.setattr(services, "ring_due", lambda: events.append("ring") and False)
    monkeypatch.setattr(services, "sweep", lambda: events.append("sweep"))
    caretaker.start()
    wait_for(lambda: events.count("sweep") == 2, "the second sweep", 5)
    assert events[:3] == ["sweep", "ring", "sweep"]


@pytest.mark.django_db
def test_a_second_report_moves_the_first():
    report("test")
    first = Worker.objects.get().seen_at
    report("test")
    assert Worker.objects.get().seen_at > first


def test_workers_do_without_the_pool_and_keep_the_other_options(monkeypatch):
    settings = {"default": {"OPTIONS": {"pool": {"max_size": 4}, "options": "-c lock_timeout=1"}}}
    monkeypatch.setattr(worker, "connections", types.SimpleNamespace(settings=settings))
    use_plain_connections()
    assert settings == {"default": {"OPTIONS": {"options": "-c lock_timeout=1"}}}
