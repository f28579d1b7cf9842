"""Runs of the analysis: ask for one, compute it, keep it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.services import record
from jobs.models import Job
from jobs.services import enqueue
from materiality import notes
from materiality.inputs import inputs_document
from materiality.models import AnalysisRun, CurrentRun
from materiality.results import build_results
from materiality.scoring.analysis import ENGINE, analyse
from materiality.scoring.method import Method
from materiality.scoring.weights import GroupFacts
from materiality.services.locking import require_unlocked, void_live
from materiality.services.method import method_of, unused_sizes
from materiality.voices import check_axes, inputs_of, issue_items, voices_of
from materiality.weighing import facts_used, in_digest
from scoping.models import Assessment
from surveys.models import Questionnaire, Survey
from surveys.monitor import left_out_of
from surveys.selectors import FoldedSurvey, tallies_of
from surveys.services import fold_responses, settle_tallies
from webhooks.events import RUN_FINISHED
from webhooks.services import announce

ANALYSE = "materiality.analyse"
NO_SURVEY = gettext_noop(
    "This assessment holds no survey, so there is nothing to analyse: its list of issues is the result. "
    "To ask stakeholders, edit the assessment and say that they will be surveyed."
)


OTHER_RESULT = gettext_noop("A new analysis gave another result.")


class NothingToAnalyse(ValidationError):
    """The assessment has no answers yet; the message says what is missing."""


def request_analysis(*, assessment: Assessment, by: User | None = None) -> Job:
    """Ask the worker for a new run. While one waits, asking again returns that one.

    Raises
    ------
    NothingToAnalyse
        If the assessment holds no survey.
    Locked
        While the result is proposed or confirmed.
    """
    if not assessment.with_survey:
        raise NothingToAnalyse(_(NO_SURVEY))
    require_unlocked(assessment)
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
        facts = facts_used(assessment, survey, method)
        digest = input_digest(survey, method, facts)
        known = AnalysisRun.objects.filter(assessment=assessment, digest=digest).first()
        if known:
            return ComputedRun(known, is_new=False)
        voices = voices_of(survey)
    try:
        inputs = inputs_of(voices, facts, method)
        check_axes(voices, inputs)
        result = analyse(inputs, len(issue_items(survey)), method)
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
    run.inputs = inputs_document(survey, voices, inputs, facts)
    if unused_sizes(assessment):
        notes.joined([{"about": "unused_sizes", "issues": len(issue_items(survey))}], run.results)
    return ComputedRun(run, is_new=True)


def _nothing_to_show(survey: FoldedSurvey) -> str:
    """Why there is no result although the survey has been opened, and what to do."""
    waiting = survey.held_back
    if not waiting:
        return "Nobody has answered yet: share the survey links with the stakeholder groups."
    k = survey.questionnaire.survey.minimum_group
    return (
        f"{waiting} people have answered. Results of fewer than {k} people of a group are never shown, and while the "
        f"survey is open the newest {k} answers of a group wait for others. Go on asking, or close the survey."
    )


def is_out_of_date(run: AnalysisRun, survey: FoldedSurvey | None) -> bool:
    """Whether an analysis now would start from something else: other answers, weights, tiers or method, or another
    version of the engine."""
    return survey is not None and (bool(survey.untallied) or is_of_other_input(run, survey))


def is_of_other_input(run: AnalysisRun, survey: FoldedSurvey, *, engine: str = ENGINE) -> bool:
    """Whether what is counted by now, weights, tiers or method are not those of `run`; or where `engine` is not its
    own."""
    try:
        method = method_of(run.assessment)
    except ValidationError:
        return True
    return input_digest(survey, method, facts_used(run.assessment, survey, method), engine) != run.digest


def keep_run(computed: ComputedRun) -> AnalysisRun:
    """Store a computed run and make it the current one.

    If another worker kept the same input meanwhile, that run is the one. What was proposed or confirmed of another run
    becomes void.
    """
    run = computed.run
    with transaction.atomic():
        if computed.is_new:
            AnalysisRun.objects.bulk_create([run], ignore_conflicts=True)
            run = AnalysisRun.objects.get(assessment=run.assessment, digest=run.digest)
        CurrentRun.objects.update_or_create(assessment=run.assessment, defaults={"run": run})
        void_live(run, OTHER_RESULT)
        record(
            organisation=run.assessment.organisation,
            subject=run.assessment.slug,
            summary=f"{run.respondents} answers analysed",
        )
        announce(
            organisation=run.assessment.organisation,
            event=RUN_FINISHED,
            data={
                "assessment": run.assessment.slug,
                "run": str(run.pk),
                "is_new": computed.is_new,
                "respondents": run.respondents,
                "simulated": run.simulated_respondents,
            },
        )
    return run


def analyse_now(*, assessment: Assessment) -> AnalysisRun:
    """Fold in what is not yet tallied, compute and keep, in this process."""
    survey = Survey.objects.filter(assessment=assessment).first()
    if survey:
        fold_responses(survey=survey)
    return keep_run(compute_run(assessment=assessment))


def input_digest(survey: FoldedSurvey, method: Method, facts: Mapping[str, GroupFacts], engine: str = ENGINE) -> str:
    """SHA-256 over what a result depends on: engine, method, items, groups with weights and headcounts, tallies, and
    the facts that the method looks at."""
    parts: dict[str, Any] = {
        "engine": engine,
        "method": method.to_dict(),
        "questionnaire": survey.questionnaire.pk,
        "items": [[item.code, item.dimension, item.name, item.issue.category] for item in survey.items],
        "groups": [
            [group.code, group.name, group.side, str(group.weight.normalize()), facts[group.code].headcount]
            for group in (answers.group for answers in survey.groups)
        ],
        "tallies": [[answers.people.digest(), answers.simulated.digest()] for answers in survey.groups],
        "left_out": [[one.flag, one.reason, one.answers] for one in left_out_of(survey.questionnaire.survey)],
        "minimum_group": survey.questionnaire.survey.minimum_group,  # which figures may be told
    }
    # A result says which groups it does not show yet; where there are none, digests are what they were.
    if waiting := [answers.group.code for answers in survey.groups if answers.waits]:
        parts["waiting"] = waiting
    used = in_digest(facts, method)
    if used:
        parts["facts"] = used
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
