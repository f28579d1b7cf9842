"""What was asked, frozen at opening, and the public links under which it is asked."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from scoping.models import Issue, StakeholderGroup
from surveys.models.surveys import Survey


class Dimension(models.TextChoices):
    """Which importance an item asks for, where everybody is asked for both."""

    OWN = "", gettext_noop("That of the respondent's side")
    COMPANY = "company", gettext_noop("Importance to the company")
    STAKEHOLDERS = "stakeholders", gettext_noop("Importance to stakeholders")


class Questionnaire(models.Model):
    """One frozen version of the questions. Answers belong to a version, so it never changes once opened."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questionnaires")
    version = models.PositiveSmallIntegerField()
    # The scores that an answer's bytes hold: steps of a rating, or what a choice or a ranking is turned into.
    scale_low = models.PositiveSmallIntegerField(default=1)
    scale_high = models.PositiveSmallIntegerField(default=5)
    content = models.JSONField(default=dict, blank=True, help_text="All that respondents see (surveys/content.py).")
    frozen_at = models.DateTimeField(auto_now_add=True)
    partition = models.JSONField(
        default=list, blank=True, help_text="What was shown before the survey was opened again (surveys/partition.py)."
    )

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
    """A question of a frozen questionnaire: which byte of a response it is, and the words that were shown.

    With both importances an issue is two items: all for the company first, then all for stakeholders.
    """

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="items")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(help_text="Index of its byte in a response's ratings, from 0.")
    code = models.SlugField(max_length=60)
    dimension = models.CharField(max_length=12, choices=Dimension, default=Dimension.OWN, blank=True)
    name = models.CharField(max_length=300)
    description = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["questionnaire", "position"], name="item_position_unique"),
            models.UniqueConstraint(fields=["questionnaire", "code", "dimension"], name="item_code_unique"),
            models.CheckConstraint(condition=Q(dimension__in=Dimension.values), name="item_dimension_known"),
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
