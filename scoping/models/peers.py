"""What other companies published, to be held beside one's own list."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from scoping.models.assessments import Assessment
from scoping.models.issues import Issue


class Peer(models.Model):
    """One company's published list, for all assessments of the organisation to compare with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="peers")
    company = models.CharField(max_length=200)
    reporting_period = models.CharField(max_length=60)
    source = models.CharField(max_length=300, blank=True, help_text="The report and the place in it.")
    link = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["company", "reporting_period"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "company", "reporting_period"], name="peer_once_per_period")
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.reporting_period}"


class PeerIssue(models.Model):
    """An issue as a peer published it; `level` counts its tiers from 1, the highest."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="issues")
    name = models.CharField(max_length=300)
    category = models.CharField(max_length=120, blank=True)
    tier = models.CharField(max_length=80, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["peer", "name"], name="peer_issue_name_unique"),
            models.CheckConstraint(condition=Q(level__isnull=True) | Q(level__gte=1), name="peer_level_from_1"),
        ]

    def __str__(self) -> str:
        return self.name


class PeerMatch(models.Model):
    """Which of our issues a peer's issue is, where somebody has said so; without `issue`: none of them."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="peer_matches")
    # A peer of the organisation by its id, or a built-in one by the name of its case.
    peer = models.CharField(max_length=60)
    peer_issue = models.CharField(max_length=300)
    issue = models.ForeignKey(Issue, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "peer", "peer_issue"], name="peer_issue_matched_once")
        ]

    def __str__(self) -> str:
        return f"{self.peer}, {self.peer_issue}: {self.issue or 'none'}"
