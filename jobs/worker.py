"""What a worker process does besides carrying out jobs: it reports that it lives, and sweeps.

Runs in a thread of its own, so that a long job does not silence it. Knows no job kinds.
"""

import logging
import threading
import time

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils import timezone

from jobs import services
from jobs.models import Worker

log = logging.getLogger(__name__)

# Delayed jobs and second attempts start at most this much late.
TICK_SECONDS = 1.0


class Caretaker(threading.Thread):
    """Reports and sweeps until stopped."""

    def __init__(self, name: str) -> None:
        super().__init__(name="caretaker", daemon=True)
        self.worker_name = name
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        tick = min(TICK_SECONDS, settings.JOB_SWEEP_SECONDS)
        swept_at, queue_is_up = float("-inf"), True
        while not self._stopped.is_set():
            try:
                if time.monotonic() - swept_at >= settings.JOB_SWEEP_SECONDS:
                    swept_at, queue_is_up = time.monotonic(), True
                    report(self.worker_name)
                    services.sweep()
                elif queue_is_up:
                    queue_is_up = services.ring_due()
            except Exception:
                # A database that is away for a minute must not end the sweeping for good.
                log.exception("The worker could not report or sweep; it tries again in %s s.", tick)
            finally:
                close_old_connections()
            self._stopped.wait(tick)
        connections.close_all()


def report(name: str) -> None:
    """Write that the worker `name` lives."""
    Worker.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})


def use_plain_connections() -> None:
    """Leave the connection pool to web processes.

    A worker uses one connection at a time, and a pool that is open when a child process is forked would be
    shared by parent and child.
    """
    for database in connections.settings.values():
        database.get("OPTIONS", {}).pop("pool", None)
