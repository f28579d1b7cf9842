"""What people decide about a result: tiers given in place of computed ones, comments, and who confirmed it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from materiality.models.runs import AnalysisRun
from scoping.models import Assessment, Issue


class Override(models.Model):
    """A tier that the working group gives an issue in place of the computed one. Never edited: it ends, and another
    may follow, so the record keeps every one with its reason."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="overrides")
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="overrides")
    run = models.ForeignKey(AnalysisRun, models.CASCADE, related_name="+", help_text="The result that was looked at.")
    computed_tier = models.CharField(max_length=80, blank=True, help_text="In that result; empty without a tier.")
    tier = models.CharField(max_length=80)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue"], condition=Q(ended_at=None), name="one_override_per_issue"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.issue}: {self.tier}"


class ReviewComment(models.Model):
    """What somebody says about the result or one of its issues; an open point waits until it is resolved."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="review_comments")
    issue = models.ForeignKey(Issue, models.CASCADE, null=True, blank=True, related_name="review_comments")
    text = models.TextField()
    is_open_point = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolution = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class ProposalState(models.TextChoices):
    """OPEN: before the body that confirms. CONFIRMED: as proposed. RETURNED: not confirmed, with remarks.
    WITHDRAWN: by the working group, before it was decided. VOID: confirmed once, and something changed since."""

    OPEN = "open", gettext_noop("Waiting for confirmation")
    CONFIRMED = "confirmed", gettext_noop("Confirmed")
    RETURNED = "returned", gettext_noop("Returned")
    WITHDRAWN = "withdrawn", gettext_noop("Withdrawn")
    VOID = "void", gettext_noop("Void")


class Proposal(models.Model):
    """A result as the working group puts it before a committee or board. Its document never changes; what is signed
    is its digest."""

    LIVE: ClassVar = (ProposalState.OPEN, ProposalState.CONFIRMED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="proposals")
    number = models.PositiveSmallIntegerField(help_text="Counts from 1 within the assessment.")
    # Without a survey there is no run: the list is the result.
    run = models.ForeignKey(AnalysisRun, models.CASCADE, null=True, blank=True, related_name="proposals")
    document = models.JSONField(help_text="The decided result (materiality/review/decided.py).")
    digest = models.CharField(max_length=64, help_text="SHA-256 over the document (decided.digest_of).")
    body = models.CharField(max_length=200, help_text="Who is to confirm, such as the board of directors.")
    meeting_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True, help_text="What the working group says to it.")
    people_needed = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # When it was returned, withdrawn or became void; why, in words.
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    ended_because = models.TextField(blank=True)
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When it was last seen to hold still.")

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "number"], name="proposal_number_unique"),
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(state__in=["open", "confirmed"]), name="one_live_proposal"
            ),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_known"),
            models.CheckConstraint(condition=Q(people_needed__in=[1, 2]), name="one_or_two_people_needed"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False), name="confirmed_at_some_time"
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.number} of {self.assessment}"


class Verdict(models.TextChoices):
    CONFIRM = "confirm", gettext_noop("Confirm")
    RETURN = "return", gettext_noop("Return to the working group")


class Signature(models.Model):
    """That a person, who showed once more who they are, confirmed or returned what was proposed."""

    class Means(models.TextChoices):
        PASSWORD = "password", gettext_noop("password")
        PASSKEY = "passkey", gettext_noop("passkey")

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="signatures")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # As they were then: people change names and roles, and leave.
    name = models.CharField(max_length=254)
    role = models.CharField(max_length=10)
    verdict = models.CharField(max_length=10, choices=Verdict)
    remark = models.TextField(blank=True)
    means = models.CharField(max_length=10, choices=Means)
    digest = models.CharField(max_length=64, help_text="Of the document that was signed.")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["proposal", "by"], name="one_signature_per_person")]

    def __str__(self) -> str:
        return f"{self.name}: {self.verdict}"
