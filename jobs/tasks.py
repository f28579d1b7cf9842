"""The only Celery task: somebody rang for a job."""

from uuid import UUID

from celery import shared_task

from jobs import runner


@shared_task(name="jobs.ring")
def ring(job_id: str) -> None:
    runner.run_job(UUID(job_id))
