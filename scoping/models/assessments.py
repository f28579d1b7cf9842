"""One materiality assessment: whose, for which period, and into which tiers it sorts its issues."""

import uuid
from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from accounts.models import Organisation


class Phase(models.TextChoices):
    """Where an assessment stands. The order is the order of the work."""

    SCOPING = "scoping", gettext_noop("Scoping")
    SURVEY = "survey", gettext_noop("Survey open")
    RESULTS = "results", gettext_noop("Survey closed")


class StakeholderModel(models.TextChoices):
    """By which attributes stakeholder groups are weighed.

    Power and interest: Mendelow (1991); Eden and Ackermann (1998). Salience: Mitchell, Agle and Wood (1997).
    """

    POWER_INTEREST = "power-interest", gettext_noop("Power and interest")
    SALIENCE = "salience", gettext_noop("Salience: power, legitimacy and urgency")


class ShortListRule(models.TextChoices):
    """How marks decide whether an issue is on the short list. A threshold that is just reached is enough."""

    TOTAL = "total", gettext_noop("Total: the mean marks on all criteria add up to at least the threshold")
    MUST_HAVE = "must-have", gettext_noop("Must-have: the mean mark on every must-have criterion reaches the threshold")


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
    with_survey = models.BooleanField(default=True, help_text="Without one, the list of issues is the result.")
    previous = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="following",
        help_text="The assessment of the period before, whose issues these continue.",
    )  # fmt: skip
    stakeholder_model = models.CharField(
        max_length=20, choices=StakeholderModel, default=StakeholderModel.POWER_INTEREST
    )
    short_list_rule = models.CharField(max_length=10, choices=ShortListRule, default=ShortListRule.TOTAL)
    short_list_threshold = models.DecimalField(
        max_digits=5, decimal_places=2, default=Decimal(6), validators=[MinValueValidator(0)]
    )
    origin = models.CharField(max_length=300, blank=True, help_text="Where a loaded case or an import came from.")
    # Loading the same case again finds the assessment by this, whatever it is called by then.
    case = models.SlugField(max_length=60, blank=True, help_text="The case file it was loaded from.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(phase__in=Phase.values), name="assessment_phase_known"),
            models.CheckConstraint(
                condition=Q(stakeholder_model__in=StakeholderModel.values), name="assessment_stakeholder_model_known"
            ),
            models.CheckConstraint(condition=Q(short_list_rule__in=ShortListRule.values), name="short_list_rule_known"),
            models.CheckConstraint(condition=Q(short_list_threshold__gte=0), name="short_list_threshold_not_negative"),
            models.UniqueConstraint(
                fields=["organisation", "case"], condition=~Q(case=""), name="case_loaded_once_per_organisation"
            ),
        ]

    def __str__(self) -> str:
        return self.name


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
