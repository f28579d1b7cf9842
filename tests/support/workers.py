"""Real worker processes, and the real doorbell."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from jobs import bell
from jobs.models import Worker
from tests.support.processes import Process, wait_for
from tests.support.servers import Redis, ServerError, private_redis

_publish = bell.publish

# Short enough that a test sees a worker given up for dead, long enough for a slow machine to keep its lease.
LEASE_SECONDS = "3"
SWEEP_SECONDS = "0.3"


@pytest.fixture
def doorbell(bells: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Bells go to the real queue."""
    monkeypatch.setattr(bell, "publish", _publish)


@pytest.fixture
def start_worker(transactional_db: None, doorbell: None) -> Iterator[Callable[..., Process]]:
    """start_worker(*arguments, **environment): a Celery worker process that reports already.

    It works on the test's database and queue, knows the kinds of tests.support.job_kinds, and ends with the
    test. Pass "--pool=solo" for the embedded kind.
    """
    started: list[Process] = []

    def start(*arguments: str, **more: str) -> Process:
        number = len(started) + 1
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--loglevel=INFO"]
        command += ["--include=tests.support.job_kinds", f"--hostname=test{number}@localhost", *arguments]
        log = Path(settings.VAR) / f"worker-{number}.log"
        log.unlink(missing_ok=True)
        more = {"JOB_LEASE_SECONDS": LEASE_SECONDS, "JOB_SWEEP_SECONDS": SWEEP_SECONDS, **more}
        worker = Process(command, log, **more)
        started.append(worker)
        reports = Worker.objects.filter(name__contains=f"({worker.pid})")
        wait_for(lambda: worker.ended or reports.exists(), "the worker to report", 60, worker.printed)
        assert not worker.ended, worker.printed()
        return worker

    yield start
    for worker in started:
        worker.ask_to_end()
    for worker in started:
        worker.end()


@pytest.fixture
def redis_server() -> Iterator[Redis]:
    """A Redis server for this test alone, which it may stop() and start() again."""
    try:
        with private_redis() as redis:
            yield redis
    except ServerError as error:
        pytest.fail(str(error))
