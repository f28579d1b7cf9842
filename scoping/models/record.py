"""What was done outside of these pages and belongs into the record: steps of the process, and the content index."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from scoping.models.assessments import Assessment
from scoping.models.issues import Issue


class ProcessStage(models.TextChoices):
    """The stages in which ATRenew's 2021 report tells how material issues are identified, and the dialogue before."""

    DIALOGUE = "dialogue", gettext_noop("Communicating with stakeholders")
    DETERMINING = "determining", gettext_noop("Determining issues")
    CRITERIA = "criteria", gettext_noop("Formulating screening criteria")
    RESULTS = "results", gettext_noop("Getting results")
    CONFIRMATION = "confirmation", gettext_noop("Confirmation and verification")


class ProcessNote(models.Model):
    """Something that was done, in one sentence: by whom and when, as far as known."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="process_notes")
    stage = models.CharField(max_length=12, choices=ProcessStage)
    text = models.TextField()
    done_by = models.CharField(max_length=200, blank=True)
    done_on = models.CharField(max_length=60, blank=True, help_text="A day or a period, such as March 2026.")
    position = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=300, blank=True, help_text="The place in the report or document.")
    reading = models.TextField(blank=True, help_text="What the source leaves open, and why we read it this way.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stage__in=ProcessStage.values), name="process_stage_known")
        ]

    def __str__(self) -> str:
        return self.text


class IndexEntry(models.Model):
    """Where the report answers a disclosure of a framework."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="index_entries")
    framework = models.SlugField(max_length=40, help_text="The library that the code is of, such as hkex.")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    location = models.CharField(max_length=300, blank=True)
    issue = models.ForeignKey(Issue, models.SET_NULL, null=True, blank=True, related_name="index_entries")
    position = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=300, blank=True, help_text="The place in the report or document.")
    reading = models.TextField(blank=True, help_text="What the source leaves open, and why we read it this way.")

    class Meta:
        ordering: ClassVar = ["framework", "position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "framework", "code"], name="index_entry_once")
        ]

    def __str__(self) -> str:
        return f"{self.framework} {self.code}"
