"""Which assessments there are, and what one will ask: groups, issues, concerns, tiers, and what is still missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import Organisation
from scoping.models import Assessment, Concern, Issue, Side, StakeholderGroup, Tier


def assessments_of(organisation: Organisation) -> QuerySet[Assessment]:
    """The organisation's assessments, newest first, each with `issue_count` and `group_count`."""
    return Assessment.objects.filter(organisation=organisation).annotate(
        issue_count=_count_of(Issue.objects.asked()), group_count=_count_of(StakeholderGroup.objects.all())
    )


def _count_of(rows: QuerySet[Issue] | QuerySet[StakeholderGroup]) -> Coalesce:
    # A subquery for each, since joining two lists would multiply them.
    of_assessment = rows.filter(assessment=OuterRef("pk")).order_by().values("assessment")
    return Coalesce(Subquery(of_assessment.annotate(count=Count("pk")).values("count")), 0)


def get_assessment(organisation: Organisation, slug: str) -> Assessment:
    """The assessment; raises Assessment.DoesNotExist, also when it is another organisation's."""
    # Every page begins with this, so it asks for nothing else: the counts take five times as long.
    found: Assessment = organisation.assessments.get(slug=slug)
    return found


def get_counted_assessment(organisation: Organisation, slug: str) -> Assessment:
    """The same with `issue_count` and `group_count`, for pages that show them."""
    # Two small counts beside the assessment: as subqueries of one statement they take twice as long to put together.
    found = get_assessment(organisation, slug)
    vars(found).update(issue_count=found.issues.asked().count(), group_count=found.groups.count())
    return found


def assessment_by_slug(slug: str) -> Assessment | None:
    """The assessment with this slug in whichever organisation: for commands, which the operator runs."""
    return Assessment.objects.select_related("organisation").filter(slug=slug).first()


def issues_of(assessment: Assessment) -> QuerySet[Issue]:
    """The short list in its order, with what was published about each issue."""
    return assessment.issues.asked().select_related("published__tier")


def concerns_of(assessment: Assessment) -> QuerySet[Concern]:
    """What stakeholders ask about, group by group."""
    return Concern.objects.filter(group__assessment=assessment).select_related("group", "issue__published__tier")


def tiers_of(assessment: Assessment) -> QuerySet[Tier]:
    return assessment.tiers.all()


@dataclass(frozen=True)
class WeightedGroup:
    """A group, and the share of its axis that its weight amounts to (0 to 1)."""

    group: StakeholderGroup
    share: Decimal

    @property
    def weight(self) -> str:
        """As people write it: 1, not 1.0000."""
        return f"{self.group.weight.normalize():f}"

    @property
    def percent(self) -> str:
        """The share with one decimal where it needs one, and the narrow space before the sign."""
        number = f"{self.share * 100:.1f}".removesuffix(".0")
        return f"{number}\N{NARROW NO-BREAK SPACE}%"


@dataclass(frozen=True)
class Axis:
    """The groups that speak for one axis."""

    side: Side
    groups: tuple[WeightedGroup, ...]


def axes_of(groups: Sequence[StakeholderGroup]) -> list[Axis]:
    """The groups by the axis they speak for; both axes, also the one without groups."""
    axes = []
    for side in Side:
        members = [group for group in groups if group.side == side]
        total = sum((group.weight for group in members), Decimal(0))
        shares = (WeightedGroup(group, group.weight / total if total else Decimal(0)) for group in members)
        axes.append(Axis(side, tuple(shares)))
    return axes


@dataclass(frozen=True)
class Missing:
    """Something without which a survey cannot open: what, why it matters, and where on the page it is mended."""

    what: str
    why: str
    place: str
    side: str = ""


def missing_for_survey(assessment: Assessment) -> list[Missing]:
    """What is still to be done before the survey can open, in the order of the work. Where none is held, nothing is."""
    if not assessment.with_survey:
        return []
    missing = []
    sides = set(assessment.groups.filter(weight__gt=0).values_list("side", flat=True))
    if Side.INTERNAL not in sides:
        what = _("Add an internal stakeholder group")
        why = _(
            "Without one, nobody speaks for the importance to the company, and that axis of the matrix stays empty."
        )
        missing.append(Missing(what, why, "groups", Side.INTERNAL.value))
    if Side.EXTERNAL not in sides:
        what = _("Add an external stakeholder group")
        why = _(
            "Without one, nobody speaks for the importance to stakeholders, and that axis of the matrix stays empty."
        )
        missing.append(Missing(what, why, "groups", Side.EXTERNAL.value))
    issues: int = getattr(assessment, "issue_count", None) or assessment.issues.asked().count()
    if issues < 2:
        why = _("Respondents judge issues beside each other, and an order needs at least two of them.")
        missing.append(Missing(_("List the issues to be rated"), why, "issues"))
    tiers = list(assessment.tiers.values_list("planned_count", flat=True))
    if not tiers:
        why = _("A result sorts the issues into levels of importance; name them before anybody has seen one.")
        missing.append(Missing(_("Name the tiers"), why, "tiers"))
    planned = sum(count or 0 for count in tiers)
    if planned and issues >= 2 and planned != issues:
        why = _("They are sized for %(planned)s issues, and the list has %(issues)s.") % {
            "planned": planned,
            "issues": issues,
        }
        missing.append(Missing(_("Make the tiers fit the list"), why, "tiers"))
    return missing
