"""What the services share: taking hold of a scope, and names and codes that are fit to be stored."""

from collections.abc import Collection, Iterable
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.services import record
from scoping.models import Assessment
from tables.names import tidy

FROZEN = (
    "The questions were frozen when the survey opened, so that every answer is to the same questions. "
    "To ask about another list, carry this assessment forward (page Changes)."
)
GONE = gettext_lazy("This entry was removed meanwhile. Go back to the list.")
# What a text of a sheet and a quotation may hold, typed or imported.
LONGEST_TEXT = 10_000
# What one group, issue or assessment may have of a kind: more than anybody writes, and no more than a page can list.
MOST_ENTRIES = 200

Row = TypeVar("Row", bound=Model)


def hold(assessment: Assessment) -> Assessment:
    """The assessment as it is now, kept from changing until the transaction ends."""
    return Assessment.objects.select_for_update().get(pk=assessment.pk)


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


def require_room(count: int, *, owner: str, what: str) -> None:
    """Refuses one entry more where `owner` has `count` of them already; `what` is their name in the plural."""
    if count >= MOST_ENTRIES:
        raise ValidationError(
            _("%(owner)s has %(count)s %(what)s; the most is %(most)s. Remove some, or join them, then add more.")
            % {"owner": owner, "count": count, "what": what, "most": MOST_ENTRIES}
        )


def require_short(**texts: str) -> None:
    """Refuses texts that are longer than any form or cell takes, each at the field that it is named after."""
    problems = {
        field: _("A text has at most %(most)s characters; this one has %(n)s. Shorten it.")
        % {"most": f"{LONGEST_TEXT:,}", "n": f"{len(text):,}"}
        for field, text in texts.items()
        if len(text) > LONGEST_TEXT
    }
    if problems:
        raise ValidationError(problems)


def free_code(name: str, *, taken: Collection[str], fallback: str, place: int = 0, limit: int = 60) -> str:
    """
    A short name made of `name` that is not taken, numbered where it would be.

    Names without Latin letters become `fallback`: with `place` (from 1) numbered by that, as in issue-7, or by the
    next number that is free.
    """
    stem = slugify(name)[:limit].strip("-")
    if not stem and place:
        while f"{fallback}-{place}" in taken:
            place += 1
        return f"{fallback}-{place}"
    stem = stem or fallback
    code, number = stem, 1
    while code in taken:
        number += 1
        suffix = f"-{number}"
        code = stem[: limit - len(suffix)].rstrip("-") + suffix
    return code
