"""The method of an assessment, the immutable runs of the analysis, and scenarios that were kept."""

import uuid
from typing import Any, ClassVar

from django.db import models

from scoping.models import Assessment


class Method(models.Model):
    """The working group's choices about one assessment, as services.Choice writes them; what is missing is as usual."""

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="method")
    parameters = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"method of {self.assessment}"


class AnalysisRun(models.Model):
    """One computed result. It never changes: the same tallies, parameters, engine and seed are the same run."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="runs")
    digest = models.CharField(max_length=64, help_text="SHA-256 over everything that the result depends on.")
    engine = models.CharField(max_length=20)
    seed = models.PositiveBigIntegerField()
    parameters = models.JSONField()
    results = models.JSONField()
    inputs = models.JSONField(
        default=dict, help_text="What scores, ranks and tiers were computed from (materiality/inputs.py)."
    )
    respondents = models.PositiveBigIntegerField()
    simulated_respondents = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["assessment", "digest"], name="same_input_same_run")]

    def __str__(self) -> str:
        return f"{self.assessment}, {self.created_at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("An analysis run is immutable: make a new one.")
        super().save(*args, **kwargs)


class CurrentRun(models.Model):
    """Which run the pages show. Not always the newest: when answers return to an earlier state, so does its run."""

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="current")
    run = models.ForeignKey(AnalysisRun, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"current run of {self.assessment}"


class Scenario(models.Model):
    """A what-if that was kept: what it changed, and the result as it was then. Nothing but its name ever changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=120)
    adjustments = models.JSONField(help_text="What it changed (materiality/whatif/adjustments.py).")
    results = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 over everything that the result depends on.")
    engine = models.CharField(max_length=20)
    respondents = models.PositiveBigIntegerField()
    simulated_respondents = models.PositiveBigIntegerField(default=0)
    created_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "name"], name="one_scenario_per_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and set(kwargs.get("update_fields") or ()) != {"name"}:
            raise TypeError("Of a scenario nothing changes but its name: keep a new one.")
        super().save(*args, **kwargs)
