"""What-ifs: the result as it would be with other weights, rules or exclusions. Computed from tallies, never stored.

Like a run it starts from the voices of a survey, so what protects small groups there protects them here: which groups
are counted as one depends on numbers of people alone, and a what-if changes none. A group that is left out weighs
nothing; where it is counted together with others, its answers stay in their average, since taking them off would tell
what they were.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from threading import Lock
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from materiality.models import AnalysisRun
from materiality.notes import Kept, joined
from materiality.results import build_results
from materiality.scoring.analysis import ENGINE, analyse
from materiality.scoring.groups import GroupInput
from materiality.scoring.method import Method
from materiality.scoring.tier_rules import Counts
from materiality.services import Choice, NothingToAnalyse, method_with
from materiality.voices import Voice, check_axes, inputs_of, issue_items, voices_of
from materiality.weighing import facts_used
from materiality.whatif.adjustments import Adjustments
from scoping.models import Assessment
from surveys.models import Item
from surveys.selectors import FoldedSurvey, tallies_of

DRAWS = 2_000
# Surveys whose voices are kept between two requests.
_KEPT = 8


def recompute(
    *,
    assessment: Assessment,
    adjustments: Adjustments,
    draws: int = DRAWS,
    survey: FoldedSurvey | None = None,
    settling: bool = True,
) -> dict[str, Any]:
    """The results document under the adjustments: that of a run (materiality/results.py), with "scenario" added.

    Parameters
    ----------
    draws : behind its certainties; 0 leaves them out.
    survey : its tallies, where they were read already.
    settling : whether it is worked out what would settle tiers.

    Raises
    ------
    NothingToAnalyse
        If nobody's answers can be shown yet.
    ValidationError
        If the adjustments do not fit the assessment, or leave nothing to compute, saying what to do.
    """
    return computed(prepare(assessment=assessment, adjustments=adjustments, draws=draws, survey=survey), settling)


@dataclass(frozen=True)
class Prepared:
    """All answers, weights and rules that a what-if is computed from, read and checked: `computed` reads no more.

    Parameters
    ----------
    items : that are asked for, without those left out.
    """

    assessment: Assessment
    adjustments: Adjustments
    survey: FoldedSurvey
    items: list[Item]
    voices: list[Voice]
    inputs: list[GroupInput]
    method: Method
    notes: list[Kept]


def prepare(
    *, assessment: Assessment, adjustments: Adjustments, draws: int = DRAWS, survey: FoldedSurvey | None = None
) -> Prepared:
    """Read what `recompute` computes with. Raises as it does."""
    survey = survey or answered(assessment)
    _check_codes(survey, adjustments)
    method = replace(method_with(adjustments.choice, assessment), draws=draws)
    kept = [place for place, item in enumerate(issue_items(survey)) if item.code not in adjustments.left_out_issues]
    weights = {**adjustments.weights, **dict.fromkeys(adjustments.left_out_groups, Fraction())}
    voices = kept_voices(survey)
    try:
        inputs = inputs_of(voices, facts_used(assessment, survey, method), method, weights)
        check_axes(voices, inputs)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    if len(kept) < len(issue_items(survey)):
        inputs = [_of_issues(given, kept) for given in inputs]
        voices = [_voice_of_issues(voice, kept) for voice in voices]
    notes = _left_out_notes(survey, adjustments)
    if isinstance(method.rule, Counts) and sum(method.rule.counts) > len(kept):
        shortened = _shortened(method.rule.counts, len(kept))
        fewer = {"issues": len(kept), "of": sum(method.rule.counts), "counts": list(shortened)}
        notes.append({"about": "scenario_shortened_tiers", **fewer})
        method = replace(method, rule=Counts(shortened))
    items = [item for item in survey.items if item.code not in adjustments.left_out_issues]
    return Prepared(assessment, adjustments, survey, items, voices, inputs, method, notes)


def computed(prepared: Prepared, settling: bool = True) -> dict[str, Any]:
    """The document that `recompute` returns. Raises ValidationError where the engine refuses the method."""
    survey, method = prepared.survey, prepared.method
    issues = len(prepared.inputs[0].tally.counts)
    try:
        result = analyse(prepared.inputs, issues, method, settling=settling)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    run = AnalysisRun(
        assessment=prepared.assessment,
        engine=ENGINE,
        seed=method.seed,
        parameters=method.to_dict(),
        respondents=sum(answers.tally.respondents for answers in survey.groups),
        simulated_respondents=sum(answers.simulated.respondents for answers in survey.groups),
    )
    document = build_results(
        run=run, survey=replace(survey, items=prepared.items), voices=prepared.voices, method=method, result=result
    )
    document["run"] = ""
    document["scenario"] = prepared.adjustments.to_dict()
    joined(prepared.notes, document, first=True)
    return document


def answered(assessment: Assessment) -> FoldedSurvey:
    """The tallies that may be shown now.

    Raises
    ------
    NothingToAnalyse
        If there are none yet.
    """
    survey = tallies_of(assessment)
    if survey is None or not any(answers.tally.respondents for answers in survey.groups):
        raise NothingToAnalyse(_("There are no answers to compute with yet."))
    return survey


def usual_weights(*, assessment: Assessment, choice: Choice, survey: FoldedSurvey) -> dict[str, Fraction]:
    """By code in the order of the groups, the weight that each has by the method.

    Raises
    ------
    ValidationError
        If the method does not fit the assessment, or needs a fact about a group that nobody entered.
    """
    method = method_with(choice, assessment)
    voices = [voice for voice in kept_voices(survey) if not voice.is_pool]
    try:
        inputs = inputs_of(voices, facts_used(assessment, survey, method), method)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    return {voice.code: given.exact_weight for voice, given in zip(voices, inputs, strict=True)}


@dataclass
class _Kept:
    state: tuple[Any, ...]
    voices: list[Voice]


_kept: OrderedDict[int, _Kept] = OrderedDict()
_lock = Lock()


def kept_voices(survey: FoldedSurvey) -> list[Voice]:
    """The voices of the survey, made once per process for as long as answers, groups and issues stay as they are.

    What else is known of groups, such as headcounts, is not looked up in them (materiality/weighing.py).
    """
    key = survey.questionnaire.pk
    state = (
        survey.questionnaire.survey.minimum_group,
        tuple((item.code, item.name, item.dimension, item.position) for item in survey.items),
        tuple(
            (
                answers.group.pk,
                answers.group.code,
                answers.group.name,
                answers.group.side,
                answers.group.weight,
                answers.people.digest(),
                answers.simulated.digest(),
                answers.is_whole,
                answers.waits,
            )
            for answers in survey.groups
        ),
    )
    with _lock:
        found = _kept.get(key)
        if found and found.state == state:
            _kept.move_to_end(key)
            return found.voices
    voices = voices_of(survey)
    with _lock:
        _kept[key] = _Kept(state, voices)
        _kept.move_to_end(key)
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return voices


def forget() -> None:
    """Keep no voices any more."""
    with _lock:
        _kept.clear()


def _of_issues(given: GroupInput, kept: Sequence[int]) -> GroupInput:
    people = given.people
    if people is not None:
        people = replace(people, columns=tuple(people.columns[place] for place in kept))
    return replace(given, tally=given.tally.select(kept), people=people)


def _voice_of_issues(voice: Voice, kept: Sequence[int]) -> Voice:
    people = voice.people.select(kept)
    return replace(voice, input=_of_issues(voice.input, kept), people=people, hidden=voice.hidden[kept])


def _shortened(counts: Sequence[int], issues: int) -> tuple[int, ...]:
    """Sizes of tiers for fewer issues: the lowest tiers give way first."""
    surplus, shorter = sum(counts) - issues, list(counts)
    for tier in reversed(range(len(shorter))):
        taken = min(shorter[tier], surplus)
        shorter[tier] -= taken
        surplus -= taken
    return tuple(shorter)


def _check_codes(survey: FoldedSurvey, adjustments: Adjustments) -> None:
    groups = {answers.group.code for answers in survey.groups}
    issues = {item.code for item in issue_items(survey)}
    for code in sorted({*adjustments.weights, *adjustments.left_out_groups} - groups):
        raise ValidationError(_("This assessment has no group “%(code)s” any more.") % {"code": code[:60]})
    for code in sorted(adjustments.left_out_issues - issues):
        raise ValidationError(_("The survey of this assessment has no issue “%(code)s”.") % {"code": code[:60]})
    if issues <= adjustments.left_out_issues:
        raise ValidationError(_("All issues are left out: leave at least one in."))


def _left_out_notes(survey: FoldedSurvey, adjustments: Adjustments) -> list[Kept]:
    groups = [answers.group.name for answers in survey.groups if answers.group.code in adjustments.left_out_groups]
    issues = [item.name for item in issue_items(survey) if item.code in adjustments.left_out_issues]
    notes: list[Kept] = []
    if groups:
        notes.append({"about": "scenario_left_out_groups", "names": groups})
    if issues:
        notes.append({"about": "scenario_left_out_issues", "names": issues})
    return notes
