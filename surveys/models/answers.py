"""Answers, drafts, comments, tallies, and what the working group left out of the count.

A response holds no name, address, time or sequence: its key is random and its ratings are bytes. What is known of a
respondent is the stakeholder group of the link, and what the respondent chose to say in the profile questions.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from accounts.models import User
from scoping.models import StakeholderGroup
from surveys.models.questionnaires import Item, Questionnaire
from surveys.models.surveys import Survey


class Draft(models.Model):
    """An answer that is not sent yet, kept so that its author can come back. It counts nowhere.

    Its key is a keyed hash of a secret that only the respondent has: in the browser for a public link, the link
    itself for a personal one.
    """

    id = models.UUIDField(primary_key=True)
    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="+")
    group = models.ForeignKey(StakeholderGroup, models.CASCADE, related_name="+")
    ratings = models.BinaryField(help_text="As in a response; 255 = not rated yet.")
    texts = models.JSONField(default=dict, blank=True, help_text="Comments and profile answers, as their fields.")
    # The day only: enough to sweep old drafts away, too little to recognise anybody by.
    saved_on = models.DateField(auto_now=True)

    def __str__(self) -> str:
        return f"draft for {self.questionnaire_id}"


class QualityFlag(models.TextChoices):
    """What may be wrong with an answer. A flag is shown and changes nothing by itself."""

    SPEEDER = "speeder", gettext_noop("Answered very fast")
    STRAIGHT_LINER = "straight-liner", gettext_noop("Same rating everywhere")
    DUPLICATE = "duplicate", gettext_noop("Same answer as another one")
    MOSTLY_EMPTY = "mostly-empty", gettext_noop("Mostly without ratings")


class Exclusion(models.Model):
    """Answers that the working group left out of the count, by a rule and with a reason. They stay stored."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="exclusions")
    flag = models.CharField(max_length=20, choices=QualityFlag)
    reason = models.CharField(max_length=500)
    excluded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    answers = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(flag__in=QualityFlag.values), name="exclusion_flag_known"),
            models.UniqueConstraint(fields=["survey", "flag"], name="one_exclusion_per_flag"),
        ]

    def __str__(self) -> str:
        return f"{self.get_flag_display()}: {self.reason}"


class Response(models.Model):
    """One respondent's answer: one unsigned byte per item, 0 = no answer or cannot judge."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="responses", db_index=False)
    group = models.ForeignKey(StakeholderGroup, models.PROTECT, related_name="responses", db_index=False)
    ratings = models.BinaryField()
    simulated = models.BooleanField(default=False)
    tallied = models.BooleanField(default=False)
    seconds = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="From opening the form to sending it, in steps of 5; None if not known."
    )
    profile = models.JSONField(null=True, blank=True, help_text="Profile answers by the question's code.")
    exclusion = models.ForeignKey(
        Exclusion, models.SET_NULL, null=True, blank=True, related_name="responses", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["questionnaire", "group"], name="response_by_group"),
            # New answers are found without looking at those already counted, however many they are.
            models.Index(fields=["questionnaire"], condition=Q(tallied=False), name="response_not_tallied"),
            models.Index(fields=["exclusion"], condition=Q(exclusion__isnull=False), name="response_excluded"),
        ]

    def __str__(self) -> str:
        return f"response to {self.questionnaire_id}"


class CommentKind(models.TextChoices):
    ISSUE = "issue", gettext_noop("On an issue")
    OVERALL = "overall", gettext_noop("On the whole")
    MISSING = "missing", gettext_noop("An issue that is missing from the list")


class Comment(models.Model):
    """A text that a respondent wrote. In an anonymous survey it stands alone: nothing leads to the ratings."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="comments")
    group = models.ForeignKey(StakeholderGroup, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=CommentKind)
    item = models.ForeignKey(Item, models.CASCADE, null=True, blank=True, related_name="comments")
    text = models.TextField()
    response = models.ForeignKey(Response, models.CASCADE, null=True, blank=True, related_name="comments")
    taken_up = models.BooleanField(default=False, help_text="A missing issue that went onto the long list.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=CommentKind.values), name="comment_kind_known")
        ]

    def __str__(self) -> str:
        return self.text[:60]


class GroupTally(models.Model):
    """The exact integers that a group's answers add up to (see surveys/tally.py), and what of them may be shown.

    While a survey takes answers, two results a few answers apart would show those few people's answers. So what is
    shown lags, item by item: `shown` is an earlier state, `next` a later one with at least k people's ratings between
    the two, and when another k have come, `next` becomes `shown` (see surveys/release.py).
    """

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="tallies")
    group = models.ForeignKey(StakeholderGroup, models.PROTECT, related_name="tallies")
    simulated = models.BooleanField(default=False)
    respondents = models.PositiveBigIntegerField(default=0)
    packed = models.BinaryField()
    shown = models.BinaryField(null=True, blank=True)
    next = models.BinaryField(null=True, blank=True)
    moved = models.JSONField(
        default=list, blank=True, help_text="For each item the new ratings since `next`; empty for none."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["questionnaire", "group", "simulated"], name="one_tally_per_group")
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.respondents} respondents"


class RecountPiece(models.Model):
    """Some pages of the table of answers, to be counted by whoever takes it. Lives as long as the recount."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="recount_pieces")
    snapshot = models.CharField(max_length=64, help_text="As exported by the recount's transaction.")
    first_page = models.PositiveBigIntegerField()
    end_page = models.PositiveBigIntegerField(help_text="The first one that is not in it.")
    made_at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    tallies = models.BinaryField(null=True, blank=True, help_text="What a helper has counted, by group.")

    def __str__(self) -> str:
        return f"pages {self.first_page} to {self.end_page} of {self.questionnaire_id}"


class QualityReport(models.Model):
    """The last look at the answers of a survey: flags, time taken, where drafts stop. Made by a job."""

    survey = models.OneToOneField(Survey, models.CASCADE, related_name="quality_report")
    at = models.DateTimeField(auto_now=True)
    findings = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"quality of {self.survey}"
