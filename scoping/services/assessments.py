"""Assessments themselves: their making, renaming and removal, and the phase in which they are."""

from collections.abc import Callable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import AuditEvent, Organisation, User
from accounts.services import MEMBERS
from accounts.tokens import TOKENS
from scoping.models import Assessment, Phase, PublishedResult, Tier
from scoping.services.scope import free_code, hold, note, same_name
from scoping.services.screening import DEFAULT_CRITERIA, CriterionPlan, add_criteria
from tables.names import tidy

# Of lines of the record that are about no assessment. One called so would have them in its history and its evidence.
OTHER_SUBJECTS = frozenset({MEMBERS, TOKENS, "people", "webhooks"})
# Three levels are what published reports use most; names and number are the user's to change.
DEFAULT_TIERS = ("Highly important", "Moderately important", "Less important")
Objection = Callable[[Assessment], str]
_objections: list[Objection] = []


def register_objection(objection: Objection) -> None:
    """Have upper floors say why an assessment must not be removed now; an empty text where they have nothing."""
    if objection not in _objections:
        _objections.append(objection)


@transaction.atomic
def create_assessment(
    *,
    organisation: Organisation,
    name: str,
    company: str,
    reporting_period: str,
    by: User | None = None,
    slug: str = "",
    origin: str = "",
    with_survey: bool = True,
    tiers: tuple[str, ...] = DEFAULT_TIERS,
    criteria: tuple[CriterionPlan, ...] = DEFAULT_CRITERIA,
) -> Assessment:
    """
    A new assessment with empty lists; `slug` is a wish, and gets a number where it is taken. It comes with tiers and
    with criteria for the screening. Without a survey, its list of issues is the result.

    Raises
    ------
    ValidationError
        By field: an empty text, or a name that another assessment of the organisation has for the same period.
    """
    texts = _checked_texts(organisation, name=name, company=company, reporting_period=reporting_period)
    # A slug is unique over all organisations, so the search for a free one is too. One that the audit trail knows
    # is not given again: a removed assessment's history, links and public address are not those of the new one.
    stem = slug or texts["name"]
    taken = {
        *Assessment.objects.values_list("slug", flat=True),
        *AuditEvent.objects.order_by().values_list("subject", flat=True).distinct(),
        *OTHER_SUBJECTS,
    }
    assessment = Assessment(
        organisation=organisation,
        slug=free_code(stem, taken=taken, fallback="assessment", limit=100),
        origin=origin,
        with_survey=with_survey,
        **texts,
    )
    assessment.full_clean()
    assessment.save()
    Tier.objects.bulk_create(
        Tier(assessment=assessment, name=tier, position=position) for position, tier in enumerate(tiers)
    )
    add_criteria(assessment, criteria)
    note(assessment, by, f"created the assessment {assessment.name}")
    return assessment


@transaction.atomic
def rename_assessment(
    *,
    assessment: Assessment,
    name: str,
    company: str,
    reporting_period: str,
    with_survey: bool | None = None,
    by: User | None = None,
) -> Assessment:
    """
    Gives the assessment other names, at any time; its slug stays, and so do links to it. Whether stakeholders are
    surveyed can change until a survey opens; None leaves it.

    Raises
    ------
    ValidationError
        By field, as `create_assessment`; `with_survey`: the survey has been opened.
    """
    # The assessment first and its organisation then, as everywhere: two who take them the other way round would wait
    # for each other.
    held = hold(assessment)
    texts = _checked_texts(held.organisation, but=held, name=name, company=company, reporting_period=reporting_period)
    _survey_or_not(held, with_survey, by)
    changed = {field: text for field, text in texts.items() if getattr(held, field) != text}
    if not changed:
        return held
    changes = [
        f"{field.replace('_', ' ')} from “{getattr(held, field)}” to “{text}”" for field, text in changed.items()
    ]
    for field, text in changed.items():
        setattr(held, field, text)
    held.full_clean(validate_unique=False, validate_constraints=False)
    held.save(update_fields=list(changed))
    note(held, by, f"changed the {', the '.join(changes)}")
    return held


def _survey_or_not(assessment: Assessment, with_survey: bool | None, by: User | None) -> None:
    if with_survey is None or with_survey == assessment.with_survey:
        return
    if assessment.phase != Phase.SCOPING:
        message = _("The survey has been opened, and its answers stay. To do without one, start another assessment.")
        raise ValidationError({"with_survey": message})
    assessment.with_survey = with_survey
    assessment.save(update_fields=["with_survey"])
    decision = "stakeholders will be surveyed" if with_survey else "there will be no survey: the list is the result"
    note(assessment, by, decision)


@transaction.atomic
def remove_assessment(*, assessment: Assessment, by: User | None = None) -> None:
    """Removes the assessment in whatever phase, and everything in it. Only its lines in the audit trail stay.

    Raises
    ------
    ValidationError
        Where an upper floor objects, with what to do first.
    """
    held = hold(assessment)
    reasons = [reason for objection in _objections if (reason := objection(held))]
    if reasons:
        raise ValidationError(reasons)
    # What the upper floors keep of an assessment protects its issues and groups, and published results protect
    # its tiers. Each goes before what it protects.
    for relation in Assessment._meta.related_objects:
        if relation.related_model._meta.app_label != Assessment._meta.app_label:
            relation.related_model._default_manager.filter(**{relation.field.name: held}).delete()
    PublishedResult.objects.filter(issue__assessment=held).delete()
    note(held, by, f"deleted the assessment {held.name} for {held.reporting_period}, with all answers and results")
    held.delete()


@transaction.atomic
def set_phase(*, assessment: Assessment, phase: Phase) -> None:
    """Moves the assessment to `phase`. Whoever opens or closes the survey calls this and records why."""
    held = hold(assessment)
    held.phase = Phase(phase)
    held.save(update_fields=["phase"])
    assessment.phase = held.phase


def _checked_texts(organisation: Organisation, *, but: Assessment | None = None, **texts: str) -> Mapping[str, str]:
    """The texts, tidied; refuses an empty one, and what another assessment than `but` is called for that period."""
    tidied = {field: tidy(text) for field, text in texts.items()}
    empty = {field: _("This cannot be empty.") for field, text in tidied.items() if not text}
    if empty:
        raise ValidationError(empty)
    # The lock makes two who send the same name at the same moment wait for one another.
    held = Organisation.objects.select_for_update().get(pk=organisation.pk)
    others = held.assessments.exclude(pk=but.pk) if but else held.assessments.all()
    name, period = tidied["name"], tidied["reporting_period"]
    if any(
        same_name(other_name, name) and same_name(other_period, period)
        for other_name, other_period in others.values_list("name", "reporting_period")
    ):
        message = _(
            "There is already an assessment named “%(name)s” for %(period)s. Give one of the two another name."
        ) % {"name": name, "period": period}
        raise ValidationError({"name": message})
    return tidied
