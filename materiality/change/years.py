"""The result of one year as it is compared: the current run, or the list that the company published."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organisation
from materiality.models import AnalysisRun, CurrentRun
from materiality.review.decided import computed_tier
from materiality.review.selectors import decided_current
from materiality.scoring.change import Estimate
from scoping.models import Assessment, PublishedResult, Standing, Tier
from surveys.models import IssueQuestion

# What a run of an earlier engine did not say yet, since there was nothing to choose.
BEFORE_CHOICES: Mapping[str, Any] = {
    "priority": "mean",
    "axes": ["company", "stakeholders"],
    "weights": "given",
    "cannot_judge": "left_out",
    "interval": 0.90,
    "rule": None,
}


@dataclass(frozen=True)
class Place:
    """Where an issue stood. `tier` counts from 0, the highest; `chances` are the probabilities of the tiers.

    `computed` is the tier that was computed where people gave another one: then probabilities say nothing about it.
    """

    rank: Estimate | None
    priority: Estimate | None
    tier: int | None
    chances: tuple[float, ...] | None
    computed: str | None = None


@dataclass(frozen=True)
class Year:
    """A year's result; `places` has the issues by their code.

    A published list has tiers, mostly ranks, no priorities, no certainty and no method.
    """

    period: str
    slug: str
    is_published: bool
    tiers: tuple[str, ...]
    places: Mapping[str, Place]
    scale: tuple[float, float] | None = None
    question: str = ""
    groups: frozenset[str] = frozenset()
    heard_on: frozenset[str] = frozenset()  # axes with any score
    respondents: int = 0
    simulated: int = 0
    method: Mapping[str, Any] | None = None

    def choice(self, name: str) -> Any:
        """What the run's method says; the only one that there was, where it does not say."""
        return (self.method or {}).get(name, BEFORE_CHOICES[name])

    @property
    def decided(self) -> int:
        """How many issues stand in another tier than was computed."""
        return sum(place.computed is not None for place in self.places.values())

    @property
    def ranked(self) -> int:
        """How many issues have a rank."""
        return sum(place.rank is not None for place in self.places.values())


def years_of(*, organisation: Organisation, assessment: Assessment) -> tuple[Year | None, Year | None]:
    """The result of the assessment before and that of `assessment`, each None where there is none yet.

    An assessment that asks people is compared by its current run, with the tiers that people gave in place of computed
    ones. One that is over and has none, or that holds no survey, by the list that the company published.
    """
    before = assessment.previous
    both = [one for one in (before, assessment) if one is not None]
    current = CurrentRun.objects.filter(assessment__in=both, assessment__organisation=organisation)
    runs = {one.assessment_id: one.run for one in current.select_related("run")}
    without = [one for one in both if one.pk not in runs and (one != assessment or not one.with_survey)]
    lists = _published(without)
    decided = decided_current(runs.values())

    def year(one: Assessment | None) -> Year | None:
        if one is None:
            return None
        return year_of_run(one, runs[one.pk], decided[one.pk]) if one.pk in runs else lists.get(one.slug)

    return year(before), year(assessment)


def year_of_run(assessment: Assessment, run: AnalysisRun, results: Mapping[str, Any]) -> Year:
    """What the results of `run` say of every issue, with the tiers that people gave in place of computed ones."""
    tiers = tuple(tier["name"] for tier in results["tiers"])
    axes = results["method"].get("axes", BEFORE_CHOICES["axes"])
    return Year(
        period=assessment.reporting_period,
        slug=assessment.slug,
        is_published=False,
        tiers=tiers,
        places={issue["code"]: _place(issue, tiers) for issue in results["issues"]},
        scale=(results["scale"][0], results["scale"][1]),
        question=results.get("question", IssueQuestion.RATING),
        groups=frozenset(group["name"] for group in results["stakeholder_groups"] if group["share"]),
        heard_on=frozenset(axis for axis in axes if any(issue.get(axis) is not None for issue in results["issues"])),
        respondents=run.respondents,
        simulated=run.simulated_respondents,
        method=results["method"],
    )


def _place(issue: dict[str, Any], tiers: tuple[str, ...]) -> Place:
    computed = computed_tier(issue)
    moved = computed != issue["tier"]
    chances = {} if moved else issue["tier_probability"]
    return Place(
        rank=_estimate(issue["rank"], issue["rank_interval"]),
        priority=_estimate(issue["priority"], issue.get("priority_interval")),
        tier=None if issue["tier"] is None else tiers.index(issue["tier"]),
        chances=tuple(chances.get(name, 0.0) for name in tiers) if chances else None,
        computed=(computed or _("no tier")) if moved else None,
    )


def _estimate(value: float | None, interval: list[float] | None) -> Estimate | None:
    return None if value is None else Estimate(value, (interval[0], interval[1]) if interval else None)


def _published(assessments: list[Assessment]) -> dict[str, Year]:
    """By slug: the published lists of those that have one."""
    if not assessments:
        return {}
    found = PublishedResult.objects.filter(issue__assessment__in=assessments, issue__standing=Standing.LISTED)
    rows = list(found.values_list("issue__assessment", "issue__code", "tier", "rank"))
    tiers = list(Tier.objects.filter(assessment__in=assessments).order_by("position"))
    years = {}
    for one in assessments:
        names = {tier.pk: tier.name for tier in tiers if tier.assessment_id == one.pk}
        number = {pk: place for place, pk in enumerate(names)}
        places = {
            code: Place(_estimate(rank, None), None, number[tier], None)
            for pk, code, tier, rank in rows
            if pk == one.pk
        }
        if places:
            years[one.slug] = Year(one.reporting_period, one.slug, True, tuple(names.values()), places)
    return years
