"""The Celery application. It only rings bells: what is to be done stands in the rows of jobs/."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import celeryd_init, worker_ready, worker_shutting_down

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("salient")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
def prepare_worker(**_: Any) -> None:
    """Before the worker connects or forks: a queue that cannot be used is said once and ends it."""
    from django.conf import settings

    from jobs.filequeue import QueueFolderError, prepared
    from jobs.worker import use_plain_connections

    if not settings.REDIS_URL:
        try:
            prepared(Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["folder"])))
        except QueueFolderError as error:
            raise SystemExit(str(error)) from error
    use_plain_connections()


@worker_ready.connect
def start_caretaker(sender: Any, **_: Any) -> None:
    from jobs.worker import Caretaker

    caretaker = Caretaker(f"{sender.hostname} ({os.getpid()})")
    worker_shutting_down.connect(lambda **_: caretaker.stop(), weak=False)
    caretaker.start()
