"""Verbs of scenarios: keep one with its result, rename it, delete it."""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from materiality.models import Scenario
from materiality.scoring.analysis import ENGINE
from materiality.services import input_digest, method_with
from materiality.weighing import facts_used
from materiality.whatif.adjustments import Adjustments
from materiality.whatif.recomputing import answered, computed, prepare
from scoping.models import Assessment
from surveys.models import Questionnaire
from tables.names import key, tidy

# Each holds a whole result.
MOST_SCENARIOS = 50
LONGEST_NAME = 120


def keep_scenario(*, assessment: Assessment, name: str, adjustments: Adjustments, by: User | None = None) -> Scenario:
    """Compute the result under the adjustments from the answers as they are now, and keep it under a name.

    Raises
    ------
    ValidationError
        If the name is empty, too long or taken, with too many scenarios, or if the adjustments do not fit
        (NothingToAnalyse among them). Nothing is kept then.
    """
    with transaction.atomic():
        _lock(assessment)
        _check_room(assessment)
        _free_name(assessment, name)
        # Folding locks this row, so tallies and the ratings of small groups are read in one state.
        list(Questionnaire.objects.select_for_update(no_key=True).filter(survey__assessment=assessment))
        survey = answered(assessment)
        prepared = prepare(assessment=assessment, adjustments=adjustments, survey=survey)
        method = method_with(adjustments.choice, assessment)
        parts = [input_digest(survey, method, facts_used(assessment, survey, method)), adjustments.to_dict()]
    # Draws take a while: nobody waits for a lock meanwhile, so the name and the room are looked at again afterwards.
    results = computed(prepared)
    with transaction.atomic():
        _lock(assessment)
        _check_room(assessment)
        name = _free_name(assessment, name)
        scenario = Scenario.objects.create(
            assessment=assessment,
            name=name,
            adjustments=adjustments.to_dict(),
            results=results,
            digest=hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest(),
            engine=ENGINE,
            respondents=results["respondents"],
            simulated_respondents=results["simulated"],
            created_by=by,
        )
        _note(assessment, by, f"kept the scenario “{name}”")
    return scenario


@transaction.atomic
def rename_scenario(*, scenario: Scenario, name: str, by: User | None = None) -> Scenario:
    """Give a scenario another name.

    Raises
    ------
    ValidationError
        If the name is empty, too long or taken, or if the scenario was deleted meanwhile.
    """
    _lock(scenario.assessment)
    before = Scenario.objects.filter(pk=scenario.pk).values_list("name", flat=True).first()
    if before is None:
        raise ValidationError(_("Somebody deleted “%(name)s” meanwhile.") % {"name": scenario.name})
    name = _free_name(scenario.assessment, name, other_than=scenario)
    if name != before:
        scenario.name = name
        scenario.save(update_fields={"name"})
        _note(scenario.assessment, by, f"renamed the scenario “{before}” to “{name}”")
    return scenario


@transaction.atomic
def delete_scenario(*, scenario: Scenario, by: User | None = None) -> None:
    """Delete a scenario with its result. What was deleted already stays so, without a word."""
    name, assessment = scenario.name, scenario.assessment
    _lock(assessment)
    deleted, _rows = Scenario.objects.filter(pk=scenario.pk).delete()
    if deleted:
        _note(assessment, by, f"deleted the scenario “{name}”")


def _lock(assessment: Assessment) -> None:
    """Whoever keeps, renames or deletes a scenario waits for others who do."""
    Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)


def _check_room(assessment: Assessment) -> None:
    if Scenario.objects.filter(assessment=assessment).count() >= MOST_SCENARIOS:
        raise ValidationError(
            _("There are %(most)s scenarios, which is the most. Delete one that is not needed, then keep this one.")
            % {"most": MOST_SCENARIOS}
        )


def _free_name(assessment: Assessment, name: str, other_than: Scenario | None = None) -> str:
    """The name as it is kept. Names that look the same are the same."""
    name = tidy(name)
    if not name:
        raise ValidationError(_("Give the scenario a name, so that you find it again."))
    if len(name) > LONGEST_NAME:
        raise ValidationError(
            _("The name has %(length)s characters: use at most %(most)s.") % {"length": len(name), "most": LONGEST_NAME}
        )
    others = Scenario.objects.filter(assessment=assessment)
    if other_than is not None:
        others = others.exclude(pk=other_than.pk)
    if key(name) in map(key, others.values_list("name", flat=True)):
        raise ValidationError(_("There is already a scenario “%(name)s”: give this one another name.") % {"name": name})
    return name


def _note(assessment: Assessment, by: User | None, summary: str) -> None:
    record(organisation=assessment.organisation, actor=by, subject=assessment.slug, summary=summary)
