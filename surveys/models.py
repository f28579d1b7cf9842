"""Questionnaires, links, answers and tallies.

A response holds no name, address, time or sequence: its key is random and its ratings are bytes. What is
known of a respondent is the stakeholder group of the link.
"""

import secrets
import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from scoping.models import Assessment, Issue, StakeholderGroup


class SurveyState(models.TextChoices):
    DRAFT = "draft", "Not opened"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class Survey(models.Model):
    """The asking of one assessment: when it is open and what respondents are told."""

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="survey")
    state = models.CharField(max_length=10, choices=SurveyState, default=SurveyState.DRAFT)
    title = models.CharField(max_length=200)
    introduction = models.TextField(blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=SurveyState.values), name="survey_state_known")
        ]

    def __str__(self) -> str:
        return self.title

    def takes_answers(self, now: datetime) -> bool:
        return takes_answers(self.state, self.closes_at, now)


def takes_answers(state: str, closes_at: datetime | None, now: datetime) -> bool:
    """Whether an answer arriving `now` counts. A closing date works by itself, even before a worker has seen it."""
    return state == SurveyState.OPEN and (closes_at is None or now < closes_at)


class Questionnaire(models.Model):
    """One frozen version of the questions. Answers belong to a version, so it never changes once opened."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questionnaires")
    version = models.PositiveSmallIntegerField()
    scale_low = models.PositiveSmallIntegerField(default=1)
    scale_high = models.PositiveSmallIntegerField(default=5)
    frozen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "version"], name="questionnaire_version_unique"),
            # A rating is one byte; 0 means no answer, and 255 in a draft means not looked at yet.
            models.CheckConstraint(
                condition=Q(scale_low__gte=1, scale_high__lte=254, scale_high__gt=models.F("scale_low")),
                name="questionnaire_scale_fits_a_byte",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey}, version {self.version}"


class Item(models.Model):
    """A question of a frozen questionnaire: which byte of a response it is, and the words that were shown."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="items")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(help_text="Index of its byte in a response's ratings, from 0.")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=300)
    description = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["questionnaire", "position"], name="item_position_unique"),
            models.UniqueConstraint(fields=["questionnaire", "code"], name="item_code_unique"),
        ]

    def __str__(self) -> str:
        return self.name


def new_token() -> str:
    """132 bits: nobody guesses a survey link."""
    return secrets.token_urlsafe(16)


class SurveyLink(models.Model):
    """The public link of one stakeholder group."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="links")
    group = models.ForeignKey(StakeholderGroup, models.PROTECT, related_name="links")
    token = models.CharField(max_length=40, unique=True, default=new_token)

    class Meta:
        ordering: ClassVar = ["group__position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "group"], name="one_link_per_group")]

    def __str__(self) -> str:
        return f"{self.survey}, {self.group}"


class Draft(models.Model):
    """An answer that is not sent yet, kept so that its author can come back. It counts nowhere.

    Its key is a keyed hash of a secret in the respondent's browser; the response takes over the same key, so
    that sending twice stores once.
    """

    id = models.UUIDField(primary_key=True)
    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="+")
    group = models.ForeignKey(StakeholderGroup, models.CASCADE, related_name="+")
    ratings = models.BinaryField(help_text="As in a response; 255 = not rated yet.")
    # The day only: enough to sweep old drafts away, too little to recognise anybody by.
    saved_on = models.DateField(auto_now=True)

    def __str__(self) -> str:
        return f"draft for {self.questionnaire_id}"


class Response(models.Model):
    """One respondent's answer: one unsigned byte per item, 0 = no answer or cannot judge."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="responses", db_index=False)
    group = models.ForeignKey(StakeholderGroup, models.PROTECT, related_name="responses", db_index=False)
    ratings = models.BinaryField()
    simulated = models.BooleanField(default=False)
    tallied = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["questionnaire", "group"], name="response_by_group"),
            # New answers are found without looking at those already counted, however many they are.
            models.Index(fields=["questionnaire"], condition=Q(tallied=False), name="response_not_tallied"),
        ]

    def __str__(self) -> str:
        return f"response to {self.questionnaire_id}"


class GroupTally(models.Model):
    """The exact integers that a group's answers add up to (see surveys/tally.py)."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="tallies")
    group = models.ForeignKey(StakeholderGroup, models.PROTECT, related_name="tallies")
    simulated = models.BooleanField(default=False)
    respondents = models.PositiveBigIntegerField(default=0)
    packed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["questionnaire", "group", "simulated"], name="one_tally_per_group")
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.respondents} respondents"
