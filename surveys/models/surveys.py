"""A survey and its design: what is asked of whom, in which words and languages, until it is opened."""

from datetime import datetime
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from scoping.models import Assessment, Issue, StakeholderGroup

FEWEST_STEPS, MOST_STEPS = 3, 10
SMALLEST_GROUP = 5


class SurveyState(models.TextChoices):
    DRAFT = "draft", "Not opened"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class Anonymity(models.TextChoices):
    """What connects an answer with the person who gave it. Chosen before opening, told to respondents."""

    ANONYMOUS = "anonymous", gettext_noop("Anonymous: nothing connects an invitation with an answer")
    CONFIDENTIAL = "confidential", gettext_noop("Confidential: the server connects them, nobody is shown it")
    IDENTIFIED = "identified", gettext_noop("Identified: the working group sees who answered what")


class IssueQuestion(models.TextChoices):
    """How respondents judge issues. Each kind gives every issue a score on a scale (see surveys/scoring.py)."""

    RATING = "rating", "Rating: each issue on a scale"
    TOP = "top", "Top choice: the few most important ones"
    RANKING = "ranking", "Ranking: in order of importance"


class Survey(models.Model):
    """The asking of one assessment. The questions can be changed until it is opened."""

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="survey")
    state = models.CharField(max_length=10, choices=SurveyState, default=SurveyState.DRAFT)
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    title = models.CharField(max_length=200)
    introduction = models.TextField(blank=True)
    closing = models.TextField(blank=True, help_text="What the thank-you page says.")
    privacy_note = models.TextField(blank=True, help_text="Added to what the product itself says on privacy.")
    source_language = models.CharField(max_length=20, default="en", help_text="Of the texts entered here.")
    languages = models.JSONField(default=list, blank=True, help_text="Language tags that the texts are translated to.")

    kind = models.CharField(max_length=10, choices=IssueQuestion, default=IssueQuestion.RATING)
    steps = models.PositiveSmallIntegerField(
        default=5,
        validators=[MinValueValidator(FEWEST_STEPS), MaxValueValidator(MOST_STEPS)],
        help_text="A rating goes from 1 to this.",
    )
    step_labels = models.JSONField(default=list, blank=True, help_text="A word per step, from 1; empty for the usual.")
    choose = models.PositiveSmallIntegerField(
        default=5, help_text="How many issues are chosen (top choice) or put in order (ranking)."
    )
    both_importances = models.BooleanField(default=False, help_text="Everybody rates for company and stakeholders.")
    comment_per_issue = models.BooleanField(default=False)
    comment_overall = models.BooleanField(default=True)
    ask_missing = models.BooleanField(default=True, help_text="Which issue is missing from this list?")
    issue_order = models.JSONField(default=list, blank=True, help_text="Issue ids; those left out follow as listed.")

    anonymity = models.CharField(max_length=12, choices=Anonymity, default=Anonymity.ANONYMOUS)
    minimum_group = models.PositiveSmallIntegerField(
        default=SMALLEST_GROUP,
        validators=[MinValueValidator(1)],
        help_text="Results of fewer people than this are never shown.",
    )
    editable = models.BooleanField(default=False, help_text="Answers may be changed until the survey closes.")
    retention_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Days after closing when addresses and comments are deleted."
    )
    purged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=SurveyState.values), name="survey_state_known"),
            models.CheckConstraint(condition=Q(anonymity__in=Anonymity.values), name="survey_anonymity_known"),
            models.CheckConstraint(condition=Q(kind__in=IssueQuestion.values), name="survey_kind_known"),
            models.CheckConstraint(condition=Q(minimum_group__gte=1), name="survey_minimum_group_positive"),
        ]

    def __str__(self) -> str:
        return self.title

    def takes_answers(self, now: datetime) -> bool:
        return takes_answers(self.state, self.closes_at, now)

    @property
    def links_people(self) -> bool:
        """Whether the database connects an answer with the invitation it came by."""
        return self.anonymity != Anonymity.ANONYMOUS


def takes_answers(state: str, closes_at: datetime | None, now: datetime) -> bool:
    """Whether an answer arriving `now` counts. A closing date works by itself, even before a worker has seen it."""
    return state == SurveyState.OPEN and (closes_at is None or now < closes_at)


class GroupDesign(models.Model):
    """What is particular to one stakeholder group: how it is spoken to, and how many answers are hoped for."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="designs")
    group = models.ForeignKey(StakeholderGroup, models.CASCADE, related_name="+")
    introduction = models.TextField(blank=True, help_text="Instead of the survey's own; empty for that.")
    target = models.PositiveIntegerField(null=True, blank=True, help_text="Answers hoped for.")
    population = models.PositiveIntegerField(null=True, blank=True, help_text="People in the group, if known.")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "group"], name="one_design_per_group")]

    def __str__(self) -> str:
        return f"{self.survey}, {self.group}"


class GroupIssue(models.Model):
    """An issue that a group is not asked about, or asked in words of its own."""

    design = models.ForeignKey(GroupDesign, models.CASCADE, related_name="issues")
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="+")
    asked = models.BooleanField(default=True)
    name = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["design", "issue"], name="one_row_per_group_issue")]

    def __str__(self) -> str:
        return f"{self.issue} for {self.design}"


class ProfileKind(models.TextChoices):
    CHOICE = "choice", "One of several answers"
    NUMBER = "number", "A whole number"


class ProfileQuestion(models.Model):
    """A question on the respondent, such as the length of the relationship. Nobody has to answer it."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="profile_questions")
    position = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=40)
    text = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=ProfileKind, default=ProfileKind.CHOICE)
    options = models.JSONField(default=list, blank=True, help_text="Texts to choose from, in their order.")
    lowest = models.IntegerField(null=True, blank=True)
    highest = models.IntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "code"], name="profile_code_unique"),
            models.CheckConstraint(condition=Q(kind__in=ProfileKind.values), name="profile_kind_known"),
        ]

    def __str__(self) -> str:
        return self.text


class Translation(models.Model):
    """One text of a survey in another language. Its keys are those of surveys/texts.py."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    text = models.TextField()
    source = models.TextField(help_text="What was translated; when the text has changed since, it shows.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "language", "key"], name="translation_once_per_key")
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.key}"
