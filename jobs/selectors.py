"""What can be asked about jobs, always within one organisation, and about the workers, which serve all."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Model, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

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
    if job.status == Status.RUNNING and job.lease_until and job.lease_until < now:
        lost = _("The worker that had begun it stopped reporting %(duration)s ago.") % {
            "duration": duration(now - job.lease_until)
        }
        return Waiting(f"{lost} {_last_report(seen_at, now) if missing else _('Another one takes over.')}", missing)
    if job.status != Status.QUEUED:
        return None
    if missing:
        waits = _("Waiting for a worker for %(duration)s.") % {"duration": duration(now - job.created_at)}
        return Waiting(f"{waits} {_last_report(seen_at, now)}", missing)
    if job.run_after and job.run_after > now:
        span = duration(job.run_after - now)
        if not job.attempts:
            return Waiting(_("Starts in %(duration)s.") % {"duration": span}, missing)
        attempt = {"attempt": job.attempts + 1, "most": job.max_attempts, "duration": span}
        return Waiting(_("Attempt %(attempt)d of %(most)d starts in %(duration)s.") % attempt, missing)
    span = duration(now - (job.run_after or job.created_at))
    return Waiting(_("Waiting for its turn for %(duration)s.") % {"duration": span}, missing)


def _last_report(seen_at: datetime | None, now: datetime) -> str:
    if seen_at is None:
        return _("No worker has ever reported.")
    return _("No worker has reported since %(moment)s.") % {"moment": _moment(seen_at, now)}


def duration(span: timedelta) -> str:
    """1 min 20 s: the two largest units that are not zero."""
    seconds = max(0, round(span.total_seconds()))
    units = ((_("%(n)d d"), 86_400), (_("%(n)d h"), 3_600), (_("%(n)d min"), 60), (_("%(n)d s"), 1))
    parts = []
    for unit, size in units:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(unit % {"n": count})
    return " ".join(parts[:2]) or _("%(n)d s") % {"n": 0}


def _moment(at: datetime, now: datetime) -> str:
    local = timezone.localtime(at)
    same_day = local.date() == timezone.localtime(now).date()
    return date_format(local, "H:i:s" if same_day else _("j F Y, H:i"))
