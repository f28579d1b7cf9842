"""What the services share: taking hold of a scope, and names and codes that are fit to be stored."""

import unicodedata
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from accounts.models import User
from accounts.services import record
from scoping.models import Assessment, Phase

FROZEN = (
    "The questions were frozen when the survey opened, so that every answer is to the same questions. "
    "To ask about another list, start a new assessment."
)


def hold(assessment: Assessment) -> Assessment:
    """The assessment as it is now, kept from changing until the transaction ends."""
    return Assessment.objects.select_for_update().get(pk=assessment.pk)


def hold_open(assessment: Assessment) -> Assessment:
    """As `hold`, for what may not change any more once the survey has opened."""
    held = hold(assessment)
    if held.phase != Phase.SCOPING:
        raise ValidationError(FROZEN, code="frozen")
    return held


def note(assessment: Assessment, by: User | None, summary: str) -> None:
    """One line in the audit trail of the assessment."""
    record(organisation=assessment.organisation, actor=by, subject=assessment.slug, summary=summary)


def tidy(text: str) -> str:
    """One line, single spaces, composed Unicode: what looks the same is stored the same."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def same_name(one: str, other: str) -> bool:
    return tidy(one).casefold() == tidy(other).casefold()


def free_code(name: str, *, taken: Collection[str], fallback: str, limit: int = 60) -> str:
    """A short name made of `name` that is not taken; names without Latin letters become `fallback`, numbered."""
    stem = slugify(name)[:limit].strip("-") or fallback
    code, number = stem, 1
    while code in taken:
        number += 1
        suffix = f"-{number}"
        code = stem[: limit - len(suffix)].rstrip("-") + suffix
    return code
