"""Background jobs: one row per job. The row is the record; the queue is only the doorbell."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from jobs import registry

# In the result of a dead job that is not worth another try.
FINAL = "final"


class Status(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    DEAD = "dead", "Failed"


class Job(models.Model):
    """One piece of background work, from request to result.

    A worker owns a running job while its lease lasts. Every claim raises `fence`; a worker whose number is
    no longer the row's has lost the job and can write nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    # By name: this room does not import its neighbour.
    organisation = models.ForeignKey("accounts.Organisation", models.CASCADE, related_name="jobs")
    subject = models.CharField(max_length=120, help_text="What it works on, such as an assessment's slug.")
    arguments = models.JSONField(default=dict)
    # While a job waits, a second one with the same key would do the same work.
    key = models.CharField(max_length=160, blank=True)

    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    run_after = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True)

    steps_done = models.PositiveBigIntegerField(default=0)
    steps_total = models.PositiveBigIntegerField(default=0)
    step = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    created_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "subject", "-created_at"]),
            models.Index(
                fields=["status", "run_after"], name="job_open", condition=Q(status__in=["queued", "running"])
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(status="queued") & ~Q(key=""), name="one_waiting_job_per_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}, {self.status}"

    def get_absolute_url(self) -> str:
        return reverse("jobs:job", kwargs={"organisation": self.organisation.slug, "job": self.pk})

    @property
    def title(self) -> str:
        """What the work is called on pages."""
        return registry.title_of(self.kind)

    @property
    def page(self) -> str:
        """Where its outcome is shown; empty if its kind names no such page."""
        return registry.page_of(self)

    @property
    def is_open(self) -> bool:
        return self.status in (Status.QUEUED, Status.RUNNING)

    @property
    def is_final(self) -> bool:
        """Whether it failed in such a way that trying it again is no use."""
        return self.status == Status.DEAD and bool(self.result.get(FINAL))

    @property
    def fraction(self) -> float:
        """Progress, 0 to 1."""
        if self.status == Status.DONE:
            return 1.0
        return min(self.steps_done / self.steps_total, 1.0) if self.steps_total else 0.0

    @property
    def percent(self) -> int:
        """Progress in whole percent; 100 only when all is done."""
        return int(self.fraction * 100)


class Worker(models.Model):
    """A worker process that reports now and then, so that pages can say whether anybody is working."""

    name = models.CharField(max_length=200, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
