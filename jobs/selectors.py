"""What can be asked about jobs, always within one organisation, and about the workers, which serve all."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Model, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from jobs.models import Job, Status, Worker

# Reports come with every sweep; after three missed ones, and never before this, a worker counts as silent.
SILENT_AFTER_SECONDS = 15.0


def jobs_of(organisation: Model) -> QuerySet[Job]:
    return Job.objects.filter(organisation_id=organisation.pk).select_related("organisation", "created_by")


def get_job(organisation: Model, job_id: uuid.UUID) -> Job:
    """
    Raises
    ------
    Job.DoesNotExist
        Also where the job exists, but in another organisation.
    """
    return jobs_of(organisation).get(pk=job_id)


def recent_jobs(organisation: Model, subject: str, limit: int) -> list[Job]:
    """The newest jobs about one subject, newest first."""
    return list(jobs_of(organisation).filter(subject=subject).order_by("-created_at")[:limit])


def newest_job(organisation: Model, subject: str, kind: str) -> Job | None:
    """The last job of this kind about this subject, in whatever state."""
    return jobs_of(organisation).filter(subject=subject, kind=kind).order_by("-created_at").first()


def worker_seen_at() -> datetime | None:
    """When a worker last reported; None if none ever did."""
    seen: datetime | None = Worker.objects.aggregate(seen=Max("seen_at"))["seen"]
    return seen


def no_worker_reports(seen_at: datetime | None) -> bool:
    patience = timedelta(seconds=max(SILENT_AFTER_SECONDS, 3 * settings.JOB_SWEEP_SECONDS))
    return seen_at is None or seen_at < timezone.now() - patience


@dataclass(frozen=True)
class Waiting:
    """Why a job does not move, in words."""

    text: str
    worker_missing: bool


def waiting(job: Job) -> Waiting | None:
    """For a job that waits, or whose worker is gone: since when, what for, and whether anybody works."""
    now = timezone.now()
    seen_at = worker_seen_at()
    missing = no_worker_reports(seen_at)
    reported = f"No worker has reported since {_moment(seen_at, now)}." if seen_at else "No worker has ever reported."
    if job.status == Status.RUNNING and job.lease_until and job.lease_until < now:
        lost = f"The worker that had begun it stopped reporting {duration(now - job.lease_until)} ago."
        return Waiting(f"{lost} {reported if missing else 'Another one takes over.'}", missing)
    if job.status != Status.QUEUED:
        return None
    if missing:
        return Waiting(f"Waiting for a worker for {duration(now - job.created_at)}. {reported}", missing)
    if job.run_after and job.run_after > now:
        start = f"Attempt {job.attempts + 1} of {job.max_attempts} starts" if job.attempts else "Starts"
        return Waiting(f"{start} in {duration(job.run_after - now)}.", missing)
    return Waiting(f"Waiting for its turn for {duration(now - (job.run_after or job.created_at))}.", missing)


def duration(span: timedelta) -> str:
    """1 min 20 s: the two largest units that are not zero."""
    seconds = max(0, round(span.total_seconds()))
    units = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
    parts = []
    for name, size in units:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2]) or "0 s"


def _moment(at: datetime, now: datetime) -> str:
    local = timezone.localtime(at)
    same_day = local.date() == timezone.localtime(now).date()
    return date_format(local, "H:i:s" if same_day else "j F Y, H:i")
