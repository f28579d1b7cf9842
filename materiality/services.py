"""Verbs of the conclusion: choose the method, analyse, keep the run."""

import hashlib
import json
from dataclasses import dataclass
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.services import record
from jobs.models import Job
from jobs.services import enqueue
from materiality.models import AnalysisRun, CurrentRun, Method
from materiality.results import build_results, tier_rule_phrase
from materiality.scoring.analysis import ENGINE, analyse
from materiality.scoring.method import Method as ScoringMethod
from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, NaturalBreaks, Quantiles, TierRule
from materiality.voices import issue_items, voices_of
from scoping.models import Assessment
from surveys.models import Questionnaire, Survey
from surveys.monitor import left_out_of
from surveys.selectors import FoldedSurvey, tallies_of
from surveys.services import fold_responses, settle_tallies

ANALYSE = "materiality.analyse"
DEFAULT_TIERS = ("High", "Moderate", "Minor")
CONTESTED_SHARE = Fraction(3, 10)
NO_SURVEY = gettext_noop(
    "This assessment holds no survey, so there is nothing to analyse: its list of issues is the result. "
    "To ask stakeholders, edit the assessment and say that they will be surveyed."
)


class NothingToAnalyse(ValidationError):
    """The assessment has no answers yet; the message says what is missing."""


@dataclass(frozen=True)
class Choice:
    """What the working group chose about the method; names and sizes of tiers are chosen in scoping.

    Parameters
    ----------
    priority : a rule of materiality.scoring.priority.
    rule : a kind of tier rule; empty leaves it to the tiers: by their planned sizes, else natural breaks.
    cuts : for the cut-off rules, from high to low, one fewer than tiers; as text, so that nothing is rounded.
    """

    priority: str = "mean"
    rule: str = ""
    cuts: tuple[str, ...] = ()


def choice_of(assessment: Assessment) -> Choice:
    """The working group's choice, or the usual one."""
    chosen = Method.objects.filter(assessment=assessment).first()
    if chosen is None:
        return Choice()
    return Choice(chosen.parameters["priority"], chosen.parameters["rule"], tuple(chosen.parameters["cuts"]))


@dataclass(frozen=True)
class _Scope:
    """What of an assessment's scope a method has to fit, read once."""

    names: tuple[str, ...]
    planned: tuple[int, ...]
    issues: int

    @property
    def counts(self) -> tuple[int, ...] | None:
        """The sizes planned for the tiers; None where some tier has none, or they do not add up to the issues."""
        fits = len(self.planned) == len(self.names) and sum(self.planned) == self.issues
        return self.planned if self.planned and fits else None


def _scope_of(assessment: Assessment) -> _Scope:
    tiers = list(assessment.tiers.all())
    planned = tuple(tier.planned_count for tier in tiers if tier.planned_count is not None)
    return _Scope(tuple(tier.name for tier in tiers) or DEFAULT_TIERS, planned, assessment.issues.asked().count())


def method_with(choice: Choice, assessment: Assessment) -> ScoringMethod:
    """The method that `choice` makes of the tiers of `assessment`.

    Raises
    ------
    ValidationError
        If they do not go together, or do not fit the issues or the scale, with what to do.
    """
    scope = _scope_of(assessment)
    rule: TierRule = NaturalBreaks()
    if choice.rule == Counts.kind and scope.counts is None:
        raise ValidationError(_("The tiers have no sizes that add up to the list of issues: set them under Scoping."))
    try:
        if choice.rule == CutOffs.kind:
            rule = CutOffs(tuple(map(Fraction, choice.cuts)))
        elif choice.rule == AxisCutOffs.kind:
            rule = AxisCutOffs(tuple(map(Fraction, choice.cuts)))
        elif choice.rule == Quantiles.kind:
            rule = Quantiles()
        elif scope.counts and choice.rule in ("", Counts.kind):
            rule = Counts(scope.counts)
        low, high = _scale(assessment)
        # 1.2 points on a scale from 1 to 5, and as far apart on any other.
        spread = CONTESTED_SHARE * (high - low)
        method = ScoringMethod(tiers=scope.names, rule=rule, priority=choice.priority, contested_spread=spread)
        method.check_input(scope.issues, (low, high))
    except ValueError as error:
        raise ValidationError(str(error)) from error
    return method


def method_of(assessment: Assessment) -> ScoringMethod:
    """The method that the next analysis of `assessment` uses. Raises as `method_with` does."""
    return method_with(choice_of(assessment), assessment)


def _scale(assessment: Assessment) -> tuple[int, int]:
    questionnaire = Questionnaire.objects.filter(survey__assessment=assessment).order_by("-version").first()
    return (questionnaire.scale_low, questionnaire.scale_high) if questionnaire else (1, 5)


@transaction.atomic
def choose_method(*, assessment: Assessment, choice: Choice, by: User | None = None) -> ScoringMethod:
    """Keep `choice` for the next analysis. Runs that exist keep the method they were made with.

    Raises
    ------
    ValidationError
        As `method_with` does; nothing is kept then.
    """
    method = method_with(choice, assessment)
    parameters = {"priority": choice.priority, "rule": choice.rule, "cuts": list(choice.cuts)}
    Method.objects.update_or_create(assessment=assessment, defaults={"parameters": parameters})
    record(
        organisation=assessment.organisation,
        actor=by,
        subject=assessment.slug,
        summary=f"chose the method: priority by {method.priority}, {tier_rule_phrase(method)}",
    )
    return method


def request_analysis(*, assessment: Assessment, by: User | None = None) -> Job:
    """Ask the worker for a new run. While one waits, asking again returns that one.

    Raises
    ------
    NothingToAnalyse
        If the assessment holds no survey.
    """
    if not assessment.with_survey:
        raise NothingToAnalyse(_(NO_SURVEY))
    return enqueue(
        kind=ANALYSE,
        organisation=assessment.organisation,
        subject=assessment.slug,
        arguments={"assessment": str(assessment.pk)},
        key=f"{ANALYSE}:{assessment.pk}",
        created_by=by,
    )


@dataclass(frozen=True)
class ComputedRun:
    """A run that is computed and not yet kept."""

    run: AnalysisRun
    is_new: bool


def compute_run(*, assessment: Assessment) -> ComputedRun:
    """Compute the result of the tallies as they are now.

    Raises
    ------
    NothingToAnalyse
        If nobody has answered, with what to do next.
    ValidationError
        If the method does not fit the assessment, in the engine's words.
    """
    if not assessment.with_survey:
        raise NothingToAnalyse(NO_SURVEY)
    method = method_of(assessment)
    with transaction.atomic():
        # Folding locks this row, so tallies and the ratings of small groups are read in one state.
        list(Questionnaire.objects.select_for_update(no_key=True).filter(survey__assessment=assessment))
        survey = tallies_of(assessment)
        if survey is None:
            raise NothingToAnalyse("The survey has not been opened: open it, share its links, then analyse.")
        if not any(answers.tally.respondents for answers in survey.groups):
            raise NothingToAnalyse(_nothing_to_show(survey))
        if not survey.untallied and not survey.questionnaire.survey.takes_answers(timezone.now()):
            settle_tallies(survey.questionnaire)
        digest = input_digest(survey, method)
        known = AnalysisRun.objects.filter(assessment=assessment, digest=digest).first()
        if known:
            return ComputedRun(known, is_new=False)
        voices = voices_of(survey)
    try:
        result = analyse([voice.input for voice in voices], len(issue_items(survey)), method)
    except ValueError as error:
        raise ValidationError(f"The method does not fit these answers: {error}") from error
    run = AnalysisRun(
        assessment=assessment,
        digest=digest,
        engine=ENGINE,
        seed=method.seed,
        parameters=method.to_dict(),
        respondents=sum(answers.tally.respondents for answers in survey.groups),
        simulated_respondents=sum(answers.simulated.respondents for answers in survey.groups),
    )
    run.results = build_results(run=run, survey=survey, voices=voices, method=method, result=result)
    scope = _scope_of(assessment)
    if scope.planned and scope.counts is None:
        run.results["notes"].append(
            "The sizes planned for the tiers do not add up to "
            f"{len(issue_items(survey))} issues, so they were not used."
        )
    return ComputedRun(run, is_new=True)


def _nothing_to_show(survey: FoldedSurvey) -> str:
    """Why there is no result although the survey has been opened, and what to do."""
    waiting = sum(answers.held_back for answers in survey.groups)
    if not waiting:
        return "Nobody has answered yet: share the survey links with the stakeholder groups."
    k = survey.questionnaire.survey.minimum_group
    return (
        f"{waiting} people have answered. Results of fewer than {k} people of a group are never shown, and while the "
        f"survey is open the newest {k} answers of a group wait for others. Go on asking, or close the survey."
    )


def is_out_of_date(run: AnalysisRun, survey: FoldedSurvey | None) -> bool:
    """Whether an analysis now would start from something else: other answers, weights, tiers or method."""
    if survey is None:
        return False
    try:
        method = method_of(run.assessment)
    except ValidationError:
        return True
    return bool(survey.untallied) or input_digest(survey, method) != run.digest


def keep_run(computed: ComputedRun) -> AnalysisRun:
    """Store a computed run and make it the current one.

    If another worker kept the same input meanwhile, that run is the one.
    """
    run = computed.run
    with transaction.atomic():
        if computed.is_new:
            AnalysisRun.objects.bulk_create([run], ignore_conflicts=True)
            run = AnalysisRun.objects.get(assessment=run.assessment, digest=run.digest)
        CurrentRun.objects.update_or_create(assessment=run.assessment, defaults={"run": run})
        record(
            organisation=run.assessment.organisation,
            subject=run.assessment.slug,
            summary=f"{run.respondents} answers analysed",
        )
    return run


def analyse_now(*, assessment: Assessment) -> AnalysisRun:
    """Fold in what is not yet tallied, compute and keep, in this process."""
    survey = Survey.objects.filter(assessment=assessment).first()
    if survey:
        fold_responses(survey=survey)
    return keep_run(compute_run(assessment=assessment))


def input_digest(survey: FoldedSurvey, method: ScoringMethod) -> str:
    """SHA-256 over what a result depends on: engine, method, items, groups with weights, tallies."""
    parts = {
        "engine": ENGINE,
        "method": method.to_dict(),
        "questionnaire": survey.questionnaire.pk,
        "items": [[item.code, item.dimension, item.name, item.issue.category] for item in survey.items],
        "groups": [
            [answers.group.code, answers.group.name, answers.group.side, str(answers.group.weight.normalize())]
            for answers in survey.groups
        ],
        "tallies": [[answers.people.digest(), answers.simulated.digest()] for answers in survey.groups],
        "left_out": [[one.flag, one.reason, one.answers] for one in left_out_of(survey.questionnaire.survey)],
        "minimum_group": survey.questionnaire.survey.minimum_group,  # which figures may be told
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
