"""Background work without a worker: what waits is run in the test's own process."""

from jobs.models import Job, Status
from jobs.runner import run_job

MOST = 50


def run_waiting_jobs() -> int:
    """Run waiting jobs, and those that they enqueue, until none waits. A delay is not waited for.

    A job that fails is tried until it is dead; the test then looks at its row. More than fifty runs mean a
    job that keeps enqueueing itself.
    """
    for count in range(MOST):
        job = Job.objects.filter(status=Status.QUEUED).order_by("created_at").first()
        if job is None:
            return count
        Job.objects.filter(pk=job.pk).update(run_after=None)
        run_job(job.pk)
    raise AssertionError(f"Jobs still wait after {MOST} were run: {list(Job.objects.filter(status=Status.QUEUED))}")
