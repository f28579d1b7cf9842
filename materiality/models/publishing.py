"""What leaves the house: the public report, finished files, and how an organisation's files look."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from jobs.models import Job
from materiality.models.review import Proposal
from scoping.models import Assessment


class Publication(models.Model):
    """A confirmed result as anybody may read it. Its document never changes; it can be withdrawn, and another may
    follow at the same address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="publications")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="publications")
    document = models.JSONField(help_text="Everything that the public page shows (materiality/publishing/document.py).")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.TextField(blank=True, help_text="Shown at its address.")

    class Meta:
        ordering: ClassVar = ["-published_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment"], condition=Q(withdrawn_at=None), name="one_public_report"),
        ]

    def __str__(self) -> str:
        return f"report of {self.assessment}, {self.published_at:%Y-%m-%d}"


class ExportFile(models.Model):
    """A file that somebody asked for: its row comes with the request, its content when the job is done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="export_files")
    kind = models.CharField(max_length=40, help_text="Which file (materiality/files/kinds.py).")
    options = models.JSONField(default=dict, help_text="Such as size, resolution and language.")
    filename = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=120, blank=True)
    stored_as = models.CharField(max_length=200, blank=True, help_text="Its name in the store of exports.")
    size = models.PositiveBigIntegerField(null=True, blank=True, help_text="Bytes; empty until it is finished.")
    sha256 = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-requested_at", "pk"]

    def __str__(self) -> str:
        return self.filename or self.kind


class HouseStyle(models.Model):
    """How an organisation's figures and office files look."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="house_style")
    tier_colours = models.JSONField(
        default=list, help_text="As #rrggbb, the highest tier first; those of Salient else."
    )
    docx_template = models.BinaryField(null=True, blank=True)
    docx_template_name = models.CharField(max_length=200, blank=True)
    pptx_template = models.BinaryField(null=True, blank=True)
    pptx_template_name = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"house style of {self.organisation}"
