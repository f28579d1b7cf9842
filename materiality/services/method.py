"""The method of an assessment: what the working group chose, and the engine's method that this makes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from materiality.choices import CHOICES, Choosing, departures
from materiality.models import Method
from materiality.results import tier_rule_phrase
from materiality.scoring.handling import value_of_missing
from materiality.scoring.method import Method as ScoringMethod
from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, NaturalBreaks, Quantiles, TierRule
from materiality.scoring.weights import check_headcounts, weights_by
from materiality.services.locking import require_unlocked
from materiality.weighing import facts_and_answers
from scoping.models import Assessment, Side
from scoping.wording import listed
from surveys.models import Questionnaire
from surveys.selectors import tallies_of

DEFAULT_TIERS = ("High", "Moderate", "Minor")
CONTESTED_SHARE = Fraction(3, 10)


@dataclass(frozen=True)
class Choice:
    """What the working group chose about the method; names and sizes of tiers are chosen in scoping.

    Parameters
    ----------
    priority : a rule of materiality.scoring.priority.
    rule : a kind of tier rule; empty leaves it to the tiers: by their planned sizes, else natural breaks.
    cuts : for the cut-off rules, from high to low, one fewer than tiers; as text, so that nothing is rounded.
    weights, cannot_judge, leniency, finite_population : as in materiality.scoring.method.Method.
    """

    priority: str = "mean"
    rule: str = ""
    cuts: tuple[str, ...] = ()
    weights: str = "given"
    cannot_judge: str = "left_out"
    leniency: str = "as_rated"
    finite_population: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The choice for JSON; `from_dict` reads it back equal."""
        return asdict(self) | {"cuts": list(self.cuts)}

    @classmethod
    def from_dict(cls, parameters: Mapping[str, Any]) -> "Choice":
        """The choice that `to_dict` wrote; what was not yet chosen then is as usual."""
        known = {field.name for field in fields(cls)}
        given = {name: value for name, value in parameters.items() if name in known}
        return cls(**given | {"cuts": tuple(given.get("cuts", ()))})


def choice_of(assessment: Assessment) -> Choice:
    """The working group's choice, or the usual one."""
    chosen = Method.objects.filter(assessment=assessment).first()
    return Choice() if chosen is None else Choice.from_dict(chosen.parameters)


def has_chosen(assessment: Assessment) -> bool:
    """Whether the working group has chosen a method, and not left it at the usual one."""
    return Method.objects.filter(assessment=assessment).exists()


@dataclass(frozen=True)
class TierScope:
    """What of an assessment a method has to fit, read once.

    Attributes
    ----------
    names : of the tiers, highest first.
    planned : their sizes, of those that have one.
    issues : how many are asked about.
    scale : lowest and highest rating.
    """

    names: tuple[str, ...]
    planned: tuple[int, ...]
    issues: int
    scale: tuple[int, int]

    @property
    def counts(self) -> tuple[int, ...] | None:
        """The sizes planned for the tiers; None where some tier has none, or they do not add up to the issues."""
        fits = len(self.planned) == len(self.names) and sum(self.planned) == self.issues
        return self.planned if self.planned and fits else None


def tier_scope(assessment: Assessment) -> TierScope:
    tiers = list(assessment.tiers.all())
    planned = tuple(tier.planned_count for tier in tiers if tier.planned_count is not None)
    names = tuple(tier.name for tier in tiers) or DEFAULT_TIERS
    return TierScope(names, planned, assessment.issues.asked().count(), _scale(assessment))


def method_with(choice: Choice, assessment: Assessment) -> ScoringMethod:
    """The method that `choice` makes of the tiers of `assessment`.

    Raises
    ------
    ValidationError
        If they do not go together, or do not fit the issues or the scale, with what to do. Its code is the name of the
        choice that is refused.
    """
    _check_options(choice)
    scope = tier_scope(assessment)
    rule: TierRule = NaturalBreaks()
    if choice.rule == Counts.kind and scope.counts is None:
        words = _("The tiers have no sizes that add up to the list of issues: set them under Scoping.")
        raise ValidationError(words, code="rule")
    low, high = scope.scale
    # 1.2 points on a scale from 1 to 5, and as far apart on any other.
    spread = CONTESTED_SHARE * (high - low)
    with _refused_at("cuts" if choice.rule in (CutOffs.kind, AxisCutOffs.kind) else "rule"):
        if choice.rule == CutOffs.kind:
            rule = CutOffs(choice.cuts)
        elif choice.rule == AxisCutOffs.kind:
            rule = AxisCutOffs(choice.cuts)
        elif choice.rule == Quantiles.kind:
            rule = Quantiles()
        elif scope.counts and choice.rule in ("", Counts.kind):
            rule = Counts(scope.counts)
        method = ScoringMethod(
            tiers=scope.names,
            rule=rule,
            priority=choice.priority,
            contested_spread=spread,
            weights=choice.weights,
            cannot_judge=choice.cannot_judge,
            leniency=choice.leniency,
            finite_population=choice.finite_population,
        )
        method.check_input(scope.issues, scope.scale)
    with _refused_at("cannot_judge"):
        value_of_missing(method.cannot_judge, scope.scale)
    return method


def _check_options(choice: Choice) -> None:
    """ValidationError naming a value that is none of those there are, with the choice's name as its code."""
    for choosing in CHOICES:
        value = getattr(choice, choosing.name)
        if isinstance(value, str) and value not in {option.value for option in choosing.options}:
            raise refused_option(choosing, value)


def refused_option(choosing: Choosing, value: str) -> ValidationError:
    """What is said of a value that is none of a choice's options."""
    told = {"choice": _(choosing.label), "value": value[:40]}
    words = _("%(choice)s: there is no option “%(value)s”. Choose one of those on the page.") % told
    return ValidationError(words, code=choosing.name)


@contextmanager
def _refused_at(place: str) -> Iterator[None]:
    """What the engine refuses, as a refusal of the choice called `place`."""
    try:
        yield
    except ValueError as error:
        raise ValidationError(str(error), code=place) from error


def check_weights(method: ScoringMethod, assessment: Assessment) -> None:
    """Whether the groups that have answered can be weighed by `method`.

    Raises
    ------
    ValidationError
        Where a fact is missing or contradicts the answers, or no group of an axis has a weight, with what to do.
    """
    survey = tallies_of(assessment)
    facts = facts_and_answers(assessment, survey)
    groups = list(assessment.groups.all())
    both = survey is not None and survey.questionnaire.survey.both_importances
    with _refused_at("weights"):
        weights = dict(zip(facts, weights_by(method.weights, list(facts.values())), strict=True))
        for side in [list(Side)] if both else [[side] for side in Side]:
            found = [group for group in groups if group.side in side]
            if found and not any(weights[group.code] for group in found):
                names = listed([group.name for group in found])
                raise ValueError(f"All weights of {names} are 0: give at least one of these groups a weight.")
    if method.finite_population:
        with _refused_at("finite_population"):
            check_headcounts(list(facts.values()))


def unused_sizes(assessment: Assessment) -> bool:
    """Whether the tiers have planned sizes that do not add up to the issues, so that they are not used."""
    scope = tier_scope(assessment)
    return bool(scope.planned) and scope.counts is None


def method_of(assessment: Assessment) -> ScoringMethod:
    """The method that the next analysis of `assessment` uses. Raises as `method_with` does."""
    return method_with(choice_of(assessment), assessment)


def _scale(assessment: Assessment) -> tuple[int, int]:
    versions = Questionnaire.objects.filter(survey__assessment=assessment).order_by("-version")
    return versions.values_list("scale_low", "scale_high").first() or (1, 5)


@transaction.atomic
def choose_method(*, assessment: Assessment, choice: Choice, by: User | None = None) -> ScoringMethod:
    """Keep `choice` for the next analysis. Runs that exist keep the method they were made with.

    Raises
    ------
    Locked
        While the result is proposed or confirmed.
    ValidationError
        As `method_with` and `check_weights` do; nothing is kept then.
    """
    # As whoever proposes a result holds it: of the two at the same moment the second sees what the first has done.
    list(Assessment.objects.select_for_update(of=("self",), no_key=True).filter(pk=assessment.pk))
    require_unlocked(assessment)
    method = method_with(choice, assessment)
    check_weights(method, assessment)
    Method.objects.update_or_create(assessment=assessment, defaults={"parameters": choice.to_dict()})
    with translation.override("en"):
        told = [f"chose the method: priority by {method.priority}, {tier_rule_phrase(method)}.", *departures(method)]
    record(
        organisation=assessment.organisation,
        actor=by,
        subject=assessment.slug,
        summary=" ".join(told).removesuffix("."),
    )
    return method
