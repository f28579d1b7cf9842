"""What can be done to a job from outside: enqueue it, retry it, sweep up after workers that died.

Knows kinds by name only; what a job does belongs to the app that registered its kind.
"""

import logging
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jobs import bell, registry
from jobs.models import Job, Status, Worker

log = logging.getLogger(__name__)

# A bell that nobody has answered for this long may be lost. Ringing once too often costs a worker one query.
RING_AGAIN_SECONDS = 15
RINGS_PER_SWEEP = 200
FORGET_WORKERS_AFTER = timedelta(days=7)
# Shown to people, each in their language, and so without a number.
WORKER_LOST = gettext_noop("The worker stopped in the middle of the work.")


def enqueue(
    *,
    kind: str,
    organisation: models.Model,
    subject: str,
    arguments: Mapping[str, Any] | None = None,
    key: str = "",
    created_by: models.Model | None = None,
    delay_seconds: float = 0,
) -> Job:
    """Write a job's row in the caller's transaction; the bell rings when that commits.

    Parameters
    ----------
    key : while a job with this key waits, it is returned instead of a second one.
    delay_seconds : earliest start from now. A sweep rings for it, so it may start one sweep later.

    Raises
    ------
    registry.UnknownKind
        If no app registers `kind`.
    """
    registry.kind_named(kind)
    now = timezone.now()
    job = Job(
        kind=kind,
        organisation_id=organisation.pk,
        subject=subject,
        arguments=dict(arguments or {}),
        key=key,
        created_by_id=created_by.pk if created_by else None,
        run_after=now + timedelta(seconds=delay_seconds) if delay_seconds > 0 else None,
    )
    job.rung_at = None if job.run_after else now
    if key:
        waiting = Job.objects.filter(key=key, status=Status.QUEUED).first() or _first_with_its_key(job)
        if waiting is not None:
            # A worker may claim it before our transaction commits, and would then not see what we wrote.
            transaction.on_commit(partial(_enqueue_again_unless_waiting, waiting.pk, job))
            return waiting
    else:
        job.save(force_insert=True)
    if job.run_after is None:
        transaction.on_commit(partial(_ring, job.pk))
    return job


def _first_with_its_key(job: Job) -> Job | None:
    """Insert `job`, or return the waiting one that somebody else put in at the same moment."""
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        other = Job.objects.filter(key=job.key, status=Status.QUEUED).first()
        if other is None:
            raise
        return other
    return None


def _enqueue_again_unless_waiting(waiting_id: uuid.UUID, wanted: Job) -> None:
    if Job.objects.filter(pk=waiting_id, status=Status.QUEUED).exists():
        return
    try:
        with transaction.atomic():
            wanted.save(force_insert=True)
    except IntegrityError:
        return  # another one waits by now, and it sees everything that is committed
    if wanted.run_after is None:
        _ring(wanted.pk)


def retry(*, job: Job) -> Job:
    """Give a dead job a new start, with all its attempts.

    Raises
    ------
    ValidationError
        If the job is not dead: it waits, runs, or is done.
    """
    fresh = {
        "attempts": 0,
        "error": "",
        "result": {},
        "run_after": None,
        "rung_at": timezone.now(),
        "finished_at": None,
    }
    with transaction.atomic():
        if not requeue(Job.objects.filter(pk=job.pk, status=Status.DEAD), **fresh):
            job.refresh_from_db()
            raise ValidationError(_not_dead(job))
        transaction.on_commit(partial(_ring, job.pk))
    job.refresh_from_db()
    return job


def _not_dead(job: Job) -> str:
    """Why `job` is not started again."""
    if job.status == Status.QUEUED:
        return _("Only a job that failed can be started again; this one is waiting.")
    if job.status == Status.RUNNING:
        return _("Only a job that failed can be started again; this one is running.")
    return _("Only a job that failed can be started again; this one is done.")


def sweep() -> None:
    """Put right what died workers and lost bells left behind. Safe to run anywhere, any number of times."""
    now = timezone.now()
    _take_back_expired(now)
    ring_due()
    for sweeper in registry.sweepers():
        try:
            sweeper()
        except Exception:
            # One app's sweeper must not keep the others from running.
            log.exception("The sweeper %s failed; it runs again at the next sweep.", sweeper)
    Worker.objects.filter(seen_at__lt=now - FORGET_WORKERS_AFTER).delete()


def _take_back_expired(now: datetime) -> None:
    expired = Job.objects.filter(status=Status.RUNNING, lease_until__lt=now)
    for job in expired.only("pk", "fence", "attempts", "max_attempts", "kind"):
        # By the fence: a worker that reports just now keeps its job.
        mine = expired.filter(pk=job.pk, fence=job.fence)
        lost = (job.pk, job.kind, job.attempts)
        if job.attempts < job.max_attempts:
            log.warning("Job %s (%s) goes back to the queue: its worker stopped in the middle of attempt %s.", *lost)
            requeue(mine, error=WORKER_LOST, lease_until=None, run_after=None, rung_at=None)
        else:
            log.error("Job %s (%s) is given up: its worker stopped in the middle of attempt %s.", *lost)
            mine.update(status=Status.DEAD, error=WORKER_LOST, lease_until=None, finished_at=now)


def requeue(jobs: models.QuerySet[Job], **fields: Any) -> bool:
    """Move one job, chosen with its conditions by `jobs`, back to waiting."""
    try:
        with transaction.atomic():
            return jobs.update(status=Status.QUEUED, **fields) == 1
    except IntegrityError:
        # One with the same key waits already. Both run, so this one gives the key up.
        return jobs.update(status=Status.QUEUED, key="", **fields) == 1


def ring_due() -> bool:
    """Ring for waiting jobs whose time has come and for those whose bell may be lost. False: the queue is down."""
    now = timezone.now()
    long_ago = now - timedelta(seconds=RING_AGAIN_SECONDS)
    unheard = Q(rung_at=None) | Q(rung_at__lt=long_ago) | Q(rung_at__lt=F("run_after"))
    due = Q(run_after=None) | Q(run_after__lte=now)
    waiting = Job.objects.filter(unheard, due, status=Status.QUEUED).order_by("created_at")
    for job_id, rung_at in waiting.values_list("pk", "rung_at")[:RINGS_PER_SWEEP]:
        # Of several sweepers one wins this update and rings.
        won = Job.objects.filter(pk=job_id, status=Status.QUEUED, rung_at=rung_at).update(rung_at=now)
        if won and not _ring(job_id):
            return False
    return True


def _ring(job_id: uuid.UUID) -> bool:
    if bell.ring(job_id):
        return True
    Job.objects.filter(pk=job_id, status=Status.QUEUED).update(rung_at=None)
    return False
