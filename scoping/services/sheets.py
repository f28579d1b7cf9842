"""The issue sheet: what a report says about an issue. Nobody is asked about it, so it never freezes."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.libraries.sdgs import GOALS
from scoping.models import Issue
from scoping.services.scope import current, hold, note, require_short
from tables.names import tidy


@transaction.atomic
def save_sheet(
    *,
    issue: Issue,
    meaning: str = "",
    practice: str = "",
    improvement: str = "",
    chapters: str = "",
    sdgs: Collection[int] = (),
    owners: str = "",
    by: User | None = None,
) -> Issue:
    """
    Writes the sheet of `issue` as a whole; `chapters` one per line, `sdgs` as numbers of the goals.

    Raises
    ------
    ValidationError
        By field: a number that is not one of the 17 goals, or a text that is too long.
    """
    held = hold(issue.assessment)
    saved = current(issue)
    if unknown := sorted(set(sdgs) - GOALS.keys()):
        raise ValidationError(
            {"sdgs": _("There is no goal %(unknown)s: the goals are numbered from 1 to 17.") % {"unknown": unknown[0]}}
        )
    wanted = {
        "meaning": meaning.strip(),
        "practice": practice.strip(),
        "improvement": improvement.strip(),
        "chapters": "\n".join(line for line in map(tidy, chapters.splitlines()) if line),
        "sdgs": sorted(set(sdgs)),
        "owners": tidy(owners),
    }
    texts = ("meaning", "practice", "improvement", "chapters")
    require_short(**{field: str(wanted[field]) for field in texts})
    changed = [field for field, value in wanted.items() if getattr(saved, field) != value]
    if not changed:
        return saved
    for field in changed:
        setattr(saved, field, wanted[field])
    saved.full_clean(
        exclude=["assessment", "merged_into", "merged_by", "added_by"],
        validate_unique=False,
        validate_constraints=False,
    )
    saved.save(update_fields=changed)
    note(held, by, f"changed the sheet of {saved.name}: {', '.join(changed)}")
    return saved
