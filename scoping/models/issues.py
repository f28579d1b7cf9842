"""Sustainability issues from their first mention to what a report published about them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_noop

from scoping.models.assessments import Assessment, Tier


class Standing(models.TextChoices):
    """Whether respondents are asked about an issue, and if not, why."""

    LISTED = "listed", gettext_noop("On the list")
    LEFT_OUT = "left-out", gettext_noop("Screened out")
    MERGED = "merged", gettext_noop("Merged into another")
    # The survey asks about the list as it was when it opened; what comes later waits.
    NEXT = "next", gettext_noop("Noted for the next assessment")


class IssueQuerySet(models.QuerySet["Issue"]):
    def asked(self) -> "IssueQuerySet":
        """The short list: what respondents rate."""
        return self.filter(standing=Standing.LISTED)


class Issue(models.Model):
    """A sustainability issue, on the long list from its first mention on."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="issues")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=300)
    category = models.CharField(max_length=120, blank=True)
    description = models.TextField(blank=True, help_text="One sentence that a respondent understands.")
    position = models.PositiveSmallIntegerField(default=0)
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.LISTED)
    # Everything of the merged issue stays with it, so that a merge can be undone.
    merged_into = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, related_name="merged")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    merged_at = models.DateTimeField(null=True, blank=True)
    standing_before = models.CharField(max_length=10, blank=True, help_text="What undoing the merge brings back.")
    distinct_from = models.ManyToManyField("self", blank=True, help_text="Alike in name, and yet another issue.")
    # The issue sheet: what a report says about the issue.
    meaning = models.TextField(blank=True, help_text="What it means to the company: why it matters.")
    practice = models.TextField(blank=True, help_text="What the company does about it.")
    improvement = models.TextField(blank=True, help_text="What it will do better.")
    chapters = models.TextField(blank=True, help_text="The chapters of the report about it, one per line.")
    sdgs = models.JSONField(default=list, blank=True, help_text="Numbers of the Sustainable Development Goals.")
    owners = models.CharField(max_length=300, blank=True, help_text="Who answers for it in the company.")
    source = models.CharField(max_length=300, blank=True, help_text="The place in the report or document.")
    reading = models.TextField(blank=True, help_text="What the source leaves open, and why we read it this way.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True, null=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "code"], name="issue_code_unique"),
            models.UniqueConstraint(fields=["assessment", "name"], name="issue_name_unique"),
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="issue_standing_known"),
            models.CheckConstraint(
                condition=Q(standing=Standing.MERGED, merged_into__isnull=False)
                | (~Q(standing=Standing.MERGED) & Q(merged_into__isnull=True)),
                name="issue_merged_into_something",
            ),
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="issue_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def survivor_code(self) -> str | None:
        """The code of the issue that stands for it; None where it stands for itself."""
        return self.merged_into.code if self.merged_into else None

    @property
    def shown_standing(self) -> str:
        """In the language of the page."""
        return gettext(self.get_standing_display())


class SourceKind(models.TextChoices):
    """The six kinds of source from which ATRenew determines its issues (2021 report)."""

    INTERVIEW = "interview", gettext_noop("Internal interviews")
    SURVEY = "survey", gettext_noop("Internal and external survey")
    EXPERT = "expert", gettext_noop("Expert analysis")
    MEDIA = "media", gettext_noop("Media analysis")
    PEERS = "peers", gettext_noop("Peer benchmarking")
    GUIDELINE = "guideline", gettext_noop("ESG guidelines")


class Mention(models.Model):
    """One place where an issue was found: the reason why it is on the list at all."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="mentions")
    kind = models.CharField(max_length=10, choices=SourceKind)
    source = models.CharField(max_length=300, help_text="Who or what: an interview, a survey, an article, a standard.")
    found_on = models.DateField(null=True, blank=True)
    quotation = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)
    reference = models.CharField(max_length=80, blank=True, help_text="Entry of a library, such as gri:305.")
    reading = models.TextField(blank=True, help_text="What the source leaves open, and why we read it this way.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["found_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=SourceKind.values), name="mention_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.issue}: {self.source}"


class Predecessor(models.Model):
    """That an issue continues one of the period before. Same, renamed, merged, split, new and dropped follow from
    these pairs."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="predecessors")
    previous = models.ForeignKey(Issue, models.CASCADE, related_name="successors")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "previous"], name="predecessor_once"),
            models.CheckConstraint(condition=~Q(issue=models.F("previous")), name="predecessor_is_another_issue"),
        ]

    def __str__(self) -> str:
        return f"{self.previous} → {self.issue}"


class Pillar(models.Model):
    """A pillar of the company's own sustainability model, and the issues that it carries."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="pillars")
    name = models.CharField(max_length=200)
    topics = models.TextField(blank=True, help_text="What the model names under the pillar, one per line.")
    issues = models.ManyToManyField(Issue, blank=True, related_name="pillars")
    position = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=300, blank=True, help_text="The place in the report or document.")
    reading = models.TextField(blank=True, help_text="What the source leaves open, and why we read it this way.")

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["assessment", "name"], name="pillar_name_unique")]

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
