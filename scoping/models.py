"""Who is asked and about what: assessments, stakeholder groups, issues, tiers, published results."""

import uuid
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import Organisation


class Phase(models.TextChoices):
    """Where an assessment stands. The order is the order of the work."""

    SCOPING = "scoping", "Scoping"
    SURVEY = "survey", "Survey open"
    RESULTS = "results", "Survey closed"


class Assessment(models.Model):
    """One materiality assessment of one company for one reporting period."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="assessments")
    # Unique over all organisations, since commands name an assessment by its slug alone.
    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    company = models.CharField(max_length=200, help_text="Whose issues are assessed, as respondents know it.")
    reporting_period = models.CharField(max_length=60, help_text="Such as 2022, or FY2022 (April to March).")
    phase = models.CharField(max_length=10, choices=Phase, default=Phase.SCOPING)
    origin = models.CharField(max_length=300, blank=True, help_text="Where a loaded case or an import came from.")
    # Loading the same case again finds the assessment by this, whatever it is called by then.
    case = models.SlugField(max_length=60, blank=True, help_text="The case file it was loaded from.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(phase__in=Phase.values), name="assessment_phase_known"),
            models.UniqueConstraint(
                fields=["organisation", "case"], condition=~Q(case=""), name="case_loaded_once_per_organisation"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Side(models.TextChoices):
    """Which axis a group speaks for."""

    INTERNAL = "internal", "Internal: importance to the company"
    EXTERNAL = "external", "External: importance to stakeholders"


class StakeholderGroup(models.Model):
    """People who are asked together and counted together."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="groups")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    side = models.CharField(max_length=10, choices=Side)
    weight = models.DecimalField(
        max_digits=9, decimal_places=4, default=1, validators=[MinValueValidator(0)],
        help_text="Share of its axis, relative to the other groups of the same side.",
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
            models.CheckConstraint(condition=Q(side__in=Side.values), name="group_side_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Issue(models.Model):
    """A sustainability issue that respondents rate."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="issues")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=300)
    category = models.CharField(max_length=120, blank=True)
    description = models.TextField(blank=True, help_text="One sentence that a respondent understands.")
    position = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=300, blank=True, help_text="The place in the report or document.")
    reading = models.TextField(blank=True, help_text="What the source leaves open, and why we read it this way.")

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "code"], name="issue_code_unique"),
            models.UniqueConstraint(fields=["assessment", "name"], name="issue_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


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

    @property
    def is_reading(self) -> bool:
        """Whether the source leaves open which group this belongs to."""
        return bool(self.reading)


class Tier(models.Model):
    """A level of importance, highest first."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="tiers")
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()
    # Tiers are best sized before anybody has seen a result; empty where the data decide.
    planned_count = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "position"], name="tier_position_unique"),
            models.UniqueConstraint(fields=["assessment", "name"], name="tier_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class PublishedResult(models.Model):
    """The rank and tier that a company's own report gave an issue: shown beside ours, never mixed with it."""

    issue = models.OneToOneField(Issue, models.CASCADE, related_name="published")
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="published")
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=300)

    class Meta:
        ordering: ClassVar = ["rank"]

    def __str__(self) -> str:
        return f"{self.rank}. {self.issue}, {self.tier}"
