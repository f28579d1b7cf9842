"""From the long list to the short list: criteria, marks by several people, and the decisions taken."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from scoping.models.assessments import Assessment
from scoping.models.issues import Issue

HIGHEST_MARK = 3


class Criterion(models.Model):
    """A question by which issues are screened."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="criteria")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, help_text="What a high mark means.")
    must_have = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["assessment", "name"], name="criterion_name_unique")]

    def __str__(self) -> str:
        return self.name


class Mark(models.Model):
    """How well an issue meets a criterion in one person's judgement: 0 not at all, 1 a little, 2 clearly, 3 fully."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="marks")
    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="marks")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    value = models.PositiveSmallIntegerField(validators=[MaxValueValidator(HIGHEST_MARK)])
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "criterion", "member"], name="mark_once_per_member"),
            models.CheckConstraint(condition=Q(value__lte=HIGHEST_MARK), name="mark_from_0_to_3"),
        ]

    def __str__(self) -> str:
        return f"{self.issue}, {self.criterion}: {self.value}"


class ShortListDecision(models.Model):
    """A decided short list, as a record that does not change: rule, totals, and which issues are in.

    One that was taken after the survey opened is a version for the next assessment; the open one keeps its questions.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="short_list_decisions")
    version = models.PositiveSmallIntegerField()
    decided_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    note = models.TextField(blank=True, help_text="Who took part, and what was discussed.")
    rule = models.JSONField(help_text="Rule, threshold and criteria as they were.")
    entries = models.JSONField(
        help_text="For each issue: code, name, total, proposed, listed, reason, and standing before."
    )
    applies = models.BooleanField(default=True, help_text="Whether the survey of this assessment asks by it.")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "version"], name="short_list_version_unique")
        ]

    def __str__(self) -> str:
        return f"Short list {self.version}"
