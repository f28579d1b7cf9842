"""Assessments themselves: their making, and the phase in which they are."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Organisation, User
from scoping.models import Assessment, Phase, Tier
from scoping.services.scope import free_code, hold, note, tidy

# Three levels are what published reports use most; names and number are the user's to change.
DEFAULT_TIERS = ("Highly important", "Moderately important", "Less important")


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
    tiers: tuple[str, ...] = DEFAULT_TIERS,
) -> Assessment:
    """A new assessment with empty lists; `slug` is a wish, and gets a number where it is taken."""
    texts = {"name": tidy(name), "company": tidy(company), "reporting_period": tidy(reporting_period)}
    empty = {key: "This cannot be empty." for key, text in texts.items() if not text}
    if empty:
        raise ValidationError(empty)
    # A slug is unique over all organisations, so the search for a free one is too.
    stem = slug or texts["name"]
    taken = Assessment.objects.values_list("slug", flat=True)
    assessment = Assessment(
        organisation=organisation,
        slug=free_code(stem, taken=set(taken), fallback="assessment", limit=100),
        origin=origin,
        **texts,
    )
    assessment.full_clean()
    assessment.save()
    Tier.objects.bulk_create(
        Tier(assessment=assessment, name=tier, position=position) for position, tier in enumerate(tiers)
    )
    note(assessment, by, f"created the assessment {assessment.name}")
    return assessment


@transaction.atomic
def set_phase(*, assessment: Assessment, phase: Phase) -> None:
    """Moves the assessment to `phase`. Whoever opens or closes the survey calls this and records why."""
    held = hold(assessment)
    held.phase = Phase(phase)
    held.save(update_fields=["phase"])
    assessment.phase = held.phase
