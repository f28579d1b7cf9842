"""The stakeholder register: who they are, why they matter, what they ask and how one talks with them."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_noop

from scoping.models.assessments import Assessment
from scoping.models.issues import Issue

LOWEST_SCORE, HIGHEST_SCORE = 1, 5
# Room for the users of the largest platforms, within what the databases' integers hold.
MOST_PEOPLE = 2_000_000_000


class Side(models.TextChoices):
    """Which axis a group speaks for."""

    INTERNAL = "internal", gettext_noop("Internal: importance to the company")
    EXTERNAL = "external", gettext_noop("External: importance to stakeholders")


class WeightBasis(models.TextChoices):
    """How a group came by its weight."""

    ENTERED = "entered", gettext_noop("Entered")
    ACCEPTED = "accepted", gettext_noop("Accepted as suggested")
    OVERRULED = "overruled", gettext_noop("Overrules the suggestion")


class StakeholderGroup(models.Model):
    """People who are asked together and counted together."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="groups")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    side = models.CharField(max_length=10, choices=Side)
    relevance = models.TextField(blank=True, help_text="Why the group matters to the company.")
    weight = models.DecimalField(
        max_digits=9, decimal_places=4, default=1, validators=[MinValueValidator(0)],
        help_text="Share of its axis, relative to the other groups of the same side.",
    )  # fmt: skip
    weight_basis = models.CharField(max_length=10, choices=WeightBasis, default=WeightBasis.ENTERED)
    weight_reason = models.TextField(blank=True, help_text="Why this weight and not the suggested one.")
    weight_suggested = models.DecimalField(
        max_digits=9, decimal_places=4, null=True, blank=True,
        help_text="What the scores suggested when the weight overruled it. None where nothing is overruled.",
    )  # fmt: skip
    headcount = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)],
        help_text="How many people belong to the group, asked or not. None where it is not known.",
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=300, blank=True, help_text="The place in the report or document.")
    reading = models.TextField(blank=True, help_text="What the source leaves open, and why we read it this way.")

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "code"], name="group_code_unique"),
            models.UniqueConstraint(fields=["assessment", "name"], name="group_name_unique"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="group_weight_not_negative"),
            models.CheckConstraint(
                condition=Q(headcount__isnull=True) | Q(headcount__gte=1), name="group_headcount_at_least_1"
            ),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="group_side_known"),
            models.CheckConstraint(condition=Q(weight_basis__in=WeightBasis.values), name="group_weight_basis_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Attribute(models.TextChoices):
    """What a stakeholder group is scored on."""

    POWER = "power", gettext_noop("Power")
    INTEREST = "interest", gettext_noop("Interest")
    LEGITIMACY = "legitimacy", gettext_noop("Legitimacy")
    URGENCY = "urgency", gettext_noop("Urgency")


class Score(models.Model):
    """How much of an attribute a group has, 1 to 5, and why."""

    group = models.ForeignKey(StakeholderGroup, models.CASCADE, related_name="scores")
    attribute = models.CharField(max_length=10, choices=Attribute)
    value = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(LOWEST_SCORE), MaxValueValidator(HIGHEST_SCORE)]
    )
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "attribute"], name="score_once_per_attribute"),
            models.CheckConstraint(condition=Q(attribute__in=Attribute.values), name="score_attribute_known"),
            models.CheckConstraint(
                condition=Q(value__gte=LOWEST_SCORE, value__lte=HIGHEST_SCORE), name="score_from_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}, {self.attribute} {self.value}"


class Channel(models.Model):
    """One way in which the company and a group talk, and how often."""

    group = models.ForeignKey(StakeholderGroup, models.CASCADE, related_name="channels")
    name = models.CharField(max_length=300)
    frequency = models.CharField(max_length=120, blank=True, help_text="Such as daily, each quarter, as needed.")
    position = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=300, blank=True, help_text="The place in the report or document.")
    reading = models.TextField(blank=True, help_text="What the source leaves open, and why we read it this way.")

    class Meta:
        ordering: ClassVar = ["group__position", "position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["group", "name"], name="channel_named_once")]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person who can be asked for a group. No answer knows of it, and it knows of no answer."""

    # Its group's assessment once more: one address is asked once per assessment, and the database holds that.
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="contacts")
    group = models.ForeignKey(StakeholderGroup, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    employer = models.CharField(max_length=200, blank=True, help_text="The organisation that the person speaks for.")
    role = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=20, blank=True, help_text="Such as en or zh-Hans.")

    class Meta:
        ordering: ClassVar = ["group__position", "name", "email", "id"]
        indexes: ClassVar = [models.Index(fields=["group", "name"], name="contact_by_group")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "assessment", Lower("email"), condition=~Q(email=""), name="contact_email_once_per_assessment"
            ),
            models.CheckConstraint(condition=~Q(name="") | ~Q(email=""), name="contact_has_name_or_email"),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Concern(models.Model):
    """What a stakeholder group asks about, and what the company answers."""

    group = models.ForeignKey(StakeholderGroup, models.CASCADE, related_name="concerns")
    issue = models.ForeignKey(Issue, models.SET_NULL, null=True, blank=True, related_name="concerns")
    topic = models.CharField(max_length=300)
    response = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=300, blank=True, help_text="The place in the report or document.")
    reading = models.TextField(blank=True, help_text="What the source leaves open, and why we read it this way.")

    class Meta:
        ordering: ClassVar = ["group__position", "position", "id"]

    def __str__(self) -> str:
        return self.topic
