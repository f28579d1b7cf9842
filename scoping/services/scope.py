"""What the services share: taking hold of a scope, and names and codes that are fit to be stored."""

from collections.abc import Collection, Iterable
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.text import slugify

from accounts.models import User
from accounts.services import record
from scoping.models import Assessment, Phase
from tables.names import tidy

FROZEN = (
    "The questions were frozen when the survey opened, so that every answer is to the same questions. "
    "To ask about another list, carry this assessment forward (page Changes)."
)
GONE = "This entry was removed meanwhile. Go back to the list."
# What a text of a sheet and a quotation may hold, typed or imported.
LONGEST_TEXT = 10_000

Row = TypeVar("Row", bound=Model)


def hold(assessment: Assessment) -> Assessment:
    """The assessment as it is now, kept from changing until the transaction ends."""
    return Assessment.objects.select_for_update().get(pk=assessment.pk)


def hold_open(assessment: Assessment) -> Assessment:
    """As `hold`, for what may not change any more once the survey has opened."""
    held = hold(assessment)
    if held.phase != Phase.SCOPING:
        raise ValidationError(FROZEN, code="frozen")
    return held


def current(row: Row, among: Iterable[Row] | None = None) -> Row:
    """
    `row` as it is now; for use after `hold`, so that what others have done since it was read stays done.

    Parameters
    ----------
    among : rows that were read after `hold` already; without them the database is asked.

    Raises
    ------
    ValidationError
        It has been removed meanwhile.
    """
    rows = type(row)._default_manager.filter(pk=row.pk) if among is None else among
    found = next((one for one in rows if one.pk == row.pk), None)
    if found is None:
        raise ValidationError(GONE, code="gone")
    return found


def note(assessment: Assessment, by: User | None, summary: str) -> None:
    """One line in the audit trail of the assessment."""
    record(organisation=assessment.organisation, actor=by, subject=assessment.slug, summary=summary)


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
