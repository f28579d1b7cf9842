"""Carries out one job: claims it, calls its handler, keeps the lease, writes the end.

Every write is conditional on the fence that the claim raised: a worker that was given up for dead and comes
back can write nothing. Knows nothing of queues.
"""

import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from jobs import registry
from jobs.models import FINAL, Job, Status
from jobs.services import requeue

log = logging.getLogger(__name__)

# The second attempt follows soon, in case of a hiccup; the third leaves time for an outage to pass.
BACK_OFF_SECONDS = (5, 30)
# A handler may report every row; the database hears of it this often.
REPORT_SECONDS = 0.25


class LeaseLost(Exception):
    """Another worker has, or will get, this job: stop, whatever is unwritten stays unwritten."""


class Refusal(Exception):
    """Raised by a handler whose job would fail again if it were tried at once; the text is shown to people.

    Parameters
    ----------
    text : marked by gettext_noop, and translated when shown; or, where it names things, in the language of who asked.
    final : whether trying this job again is no use at all; without it, people are offered to, once they have mended
        what the text names.
    """

    def __init__(self, text: str, *, final: bool = True) -> None:
        super().__init__(text)
        self.final = final


class RunningJob:
    """A claimed job in the hands of its handler."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.completed = False
        self._fence = job.fence
        self._reported_at = float("-inf")

    @property
    def arguments(self) -> dict[str, Any]:
        arguments: dict[str, Any] = self.job.arguments
        return arguments

    @property
    def organisation_id(self) -> uuid.UUID:
        return self.job.organisation_id

    @property
    def subject(self) -> str:
        return self.job.subject

    def progress(self, done: int, total: int, step: str = "") -> None:
        """Report how far the work is, and that this worker lives: extends the lease.

        Call it outside transactions, at least once per lease; otherwise nobody sees it before the commit.

        Raises
        ------
        LeaseLost
            If the job was taken away from this worker.
        """
        moment = time.monotonic()
        if moment - self._reported_at < REPORT_SECONDS and done < total and step == self.job.step:
            return
        self._reported_at = moment
        self.job.steps_done, self.job.steps_total, self.job.step = done, total, step
        reported = self._mine().update(steps_done=done, steps_total=total, step=step[:200], lease_until=_lease_end())
        if reported != 1:
            raise LeaseLost(f"Job {self.job.pk} belongs to another worker now.")

    @contextmanager
    def completing(self) -> Iterator[dict[str, Any]]:
        """One transaction for the handler's results and the job's end.

        The body writes its rows and fills the yielded dict, which becomes the job's `result`. If it raises,
        or if the job was taken away, nothing of it is kept.
        """
        result: dict[str, Any] = {}
        lost = LeaseLost(f"Job {self.job.pk} belongs to another worker now; its result here is dropped.")
        with transaction.atomic():
            # The lock keeps a sweep from taking the job away while the body writes.
            if self._mine().select_for_update().first() is None:
                raise lost
            yield result
            ended = self._mine().update(
                status=Status.DONE,
                result=result,
                error="",
                lease_until=None,
                finished_at=timezone.now(),
                steps_done=F("steps_total"),
            )
            if ended != 1:
                raise lost
        self.completed = True

    def _mine(self) -> models.QuerySet[Job]:
        return Job.objects.filter(pk=self.job.pk, status=Status.RUNNING, fence=self._fence)


def claim(job_id: uuid.UUID) -> RunningJob | None:
    """Take a waiting job that is due; None when there is none, because of two claimers one gets it."""
    now = timezone.now()
    due = Q(run_after=None) | Q(run_after__lte=now)
    with transaction.atomic():
        claimed = Job.objects.filter(due, pk=job_id, status=Status.QUEUED).update(
            status=Status.RUNNING,
            fence=F("fence") + 1,
            attempts=F("attempts") + 1,
            lease_until=_lease_end(),
            started_at=now,
            steps_done=0,
            steps_total=0,
            step="",
        )
        return RunningJob(Job.objects.get(pk=job_id)) if claimed == 1 else None


def run_job(job_id: uuid.UUID) -> None:
    """Claim the job and carry it out, or do nothing if it is not to be had."""
    run = claim(job_id)
    if run is None:
        return
    try:
        registry.kind_named(run.job.kind).handler(run)
        if not run.completed:
            with run.completing():
                pass
    except LeaseLost as lost:
        log.warning("%s", lost)
    except (Refusal, ValidationError) as refusal:
        log.warning("Job %s (%s) cannot be done: %s", job_id, run.job.kind, refusal)
        words = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
        _bury(run, words, final=isinstance(refusal, Refusal) and refusal.final)
    except Exception as error:
        log.exception("Job %s (%s) failed in attempt %s.", job_id, run.job.kind, run.job.attempts)
        _fail(run, f"{type(error).__name__}: {error}")
    _tell_followers(run.job)


def _tell_followers(job: Job) -> None:
    """Also where the job failed: what it had written before that is there. What goes wrong here is not its failure."""
    for follower in registry.followers():
        try:
            follower(job)
        except Exception:
            log.exception("What follows job %s (%s) could not be done.", job.pk, job.kind)


def _fail(run: RunningJob, error: str) -> None:
    attempt = run.job.attempts
    if attempt >= run.job.max_attempts:
        _bury(run, error)
        return
    pause = BACK_OFF_SECONDS[min(attempt, len(BACK_OFF_SECONDS)) - 1]
    requeue(
        run._mine(), error=error, lease_until=None, run_after=timezone.now() + timedelta(seconds=pause), rung_at=None
    )


def _bury(run: RunningJob, error: str, *, final: bool = False) -> None:
    result = {FINAL: True} if final else {}
    run._mine().update(status=Status.DEAD, error=error, result=result, lease_until=None, finished_at=timezone.now())


def _lease_end() -> Any:
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
