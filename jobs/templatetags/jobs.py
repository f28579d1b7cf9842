"""What the progress card asks about a job."""

from django import template

from jobs import selectors
from jobs.models import Job
from jobs.selectors import Waiting

register = template.Library()


@register.simple_tag
def waiting(job: Job) -> Waiting | None:
    return selectors.waiting(job)


@register.filter
def lasted(job: Job) -> str:
    """How long the last attempt took."""
    if not (job.started_at and job.finished_at):
        return ""
    return selectors.duration(job.finished_at - job.started_at)
