"""Job kinds for tests, with effects that can be counted. A worker loads this with `--include`."""

import os
import time

from accounts.models import AuditEvent
from jobs import registry
from jobs.runner import Refusal, RunningJob

COUNT = "tests.count"
FAIL = "tests.fail"
REFUSE = "tests.refuse"


def count(run: RunningJob) -> None:
    """Take arguments["steps"] steps of arguments["pause"] seconds; leave one audit event and the process's number."""
    steps = int(run.arguments.get("steps", 1))
    for step in range(steps):
        run.progress(step, steps, "Counting")
        time.sleep(float(run.arguments.get("pause", 0)))
    with run.completing() as result:
        AuditEvent.objects.create(organisation_id=run.organisation_id, subject=run.subject, summary="counted")
        result["pid"] = os.getpid()


def fail(run: RunningJob) -> None:
    raise ZeroDivisionError("a made-up fault")


def refuse(run: RunningJob) -> None:
    raise Refusal("There are no answers to count.")


def page(job: object) -> str:
    return "/counted/"


registry.register(COUNT, count, title="Counting", page=page)
registry.register(FAIL, fail, title="Failing")
registry.register(REFUSE, refuse, title="Refusing")
