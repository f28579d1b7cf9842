"""The content index: where the report answers each disclosure of a framework. Nobody is asked about it, so it never
freezes."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.libraries.catalogue import LibraryNotFound, find_library
from scoping.libraries.format import Entry, Library
from scoping.models import Assessment, IndexEntry, Issue
from scoping.services.scope import current, hold, note, require_room
from tables.names import tidy


def disclosures_of(library: Library) -> list[Entry]:
    """What a report answers: the entries that no other one is below."""
    parents = {entry.parent for entry in library.entries}
    return [entry for entry in library.entries if entry.code not in parents]


@transaction.atomic
def start_index(*, assessment: Assessment, framework: str, by: User | None = None) -> int:
    """
    Adds a row for every disclosure of the library `framework` that has none yet. Returns how many were added.

    Raises
    ------
    ValidationError
        There is no such library, or every one of its disclosures has a row.
    """
    held = hold(assessment)
    library = _library(framework)
    present = set(held.index_entries.filter(framework=framework).values_list("code", flat=True))
    rows = [
        IndexEntry(assessment=held, framework=framework, code=entry.code, title=entry.name, position=position)
        for position, entry in enumerate(disclosures_of(library))
        if entry.code not in present
    ]
    if not rows:
        raise ValidationError(
            _("Every disclosure of %(library)s has a row already. Fill in the locations.") % {"library": library.name}
        )
    IndexEntry.objects.bulk_create(rows)
    note(held, by, f"{'completed' if present else 'started'} the content index of {library.name}: {len(rows)} rows")
    return len(rows)


@transaction.atomic
def save_entry(
    *,
    assessment: Assessment,
    framework: str,
    code: str,
    title: str = "",
    location: str = "",
    issue: Issue | None = None,
    entry: IndexEntry | None = None,
    by: User | None = None,
) -> IndexEntry:
    """
    Adds a row, or changes `entry`. Without a title it gets that of the library, if the library has the code.

    Raises
    ------
    ValidationError
        By field: no such framework, a code that has a row, no title. Without a field: an issue of another assessment.
    """
    held = hold(assessment)
    foreign = entry is not None and entry.assessment_id != held.pk
    if foreign or (issue is not None and issue.assessment_id != held.pk):
        raise ValidationError(_("Row and issue belong to another assessment. Choose them from the lists."))
    entry, issue = current(entry) if entry else None, current(issue) if issue else None
    library = _library(framework)
    code = _code_in(library, tidy(code))
    others = [other for other in held.index_entries.filter(framework=framework) if other != entry]
    if entry is None or entry.framework != framework:
        require_room(
            len(others), owner=_("The content index of %(library)s") % {"library": library.name}, what=_("rows")
        )
    if any(other.code.casefold() == code.casefold() for other in others):
        raise ValidationError(
            {"code": _("The index already has a row for %(code)s. Change that one instead.") % {"code": code}}
        )
    title = tidy(title) or (library.by_code[code].name if code in library.by_code else "")
    if not title:
        raise ValidationError(
            {
                "title": _("%(library)s has no “%(code)s” in our list, so give the row a title.")
                % {"library": library.name, "code": code}
            }
        )
    saved = entry or IndexEntry(assessment=held)
    if entry is None or (entry.framework, entry.code) != (framework, code):
        saved.position = _position(held, library, code)
    saved.framework, saved.code, saved.title = framework, code, title
    saved.location, saved.issue = tidy(location), issue
    saved.full_clean(exclude=["assessment", "issue"], validate_unique=False, validate_constraints=False)
    saved.save()
    note(held, by, f"{'changed' if entry else 'added'} the row {saved.code} of the content index of {library.name}")
    return saved


@transaction.atomic
def save_locations(*, assessment: Assessment, locations: Mapping[int, str], by: User | None = None) -> int:
    """
    Writes where the report answers the rows, by their ids; rows that are not named stay. Returns how many changed.

    Raises
    ------
    ValidationError
        By `location_field` of the row: a location that is too long. Without a field: a row that has gone meanwhile.
    """
    held = hold(assessment)
    rows = {row.pk: row for row in held.index_entries.filter(pk__in=locations)}
    if len(rows) < len(locations):
        raise ValidationError(_("Some of these rows have been removed meanwhile. Look at the index again."))
    longest = IndexEntry._meta.get_field("location").max_length or 0
    tidied = {pk: tidy(location) for pk, location in locations.items()}
    too_long = {
        location_field(pk): _("%(code)s: a location has at most %(longest)s characters, not %(n)s.")
        % {"code": rows[pk].code, "longest": longest, "n": len(location)}
        for pk, location in tidied.items()
        if len(location) > longest
    }
    if too_long:
        raise ValidationError(too_long)
    changed = [rows[pk] for pk, location in tidied.items() if rows[pk].location != location]
    for row in changed:
        row.location = tidied[row.pk]
    IndexEntry.objects.bulk_update(changed, ["location"])
    if changed:
        note(held, by, f"wrote the locations of {len(changed)} rows of the content index")
    return len(changed)


def location_field(entry: int) -> str:
    return f"location-{entry}"


@transaction.atomic
def remove_entry(*, entry: IndexEntry, by: User | None = None) -> None:
    held = hold(entry.assessment)
    entry.delete()
    note(held, by, f"removed the row {entry.code} of the content index")


@transaction.atomic
def remove_index(*, assessment: Assessment, framework: str, by: User | None = None) -> int:
    """Removes every row of a framework. Returns how many there were."""
    held = hold(assessment)
    framework = framework.replace("\x00", "")  # which no database takes
    count = held.index_entries.filter(framework=framework).delete()[0]
    if not count:
        raise ValidationError(_("The content index has no rows of this framework any more."))
    note(held, by, f"removed the content index of {framework}: {count} rows")
    return count


def _library(framework: str) -> Library:
    try:
        return find_library(framework)
    except LibraryNotFound as error:
        raise ValidationError({"framework": _("Choose one of the frameworks in the list.")}) from error


def _code_in(library: Library, code: str) -> str:
    """The code as the library writes it, where it differs in capitals only: a1.1 is A1.1."""
    return next((known for known in library.by_code if known.casefold() == code.casefold()), code)


def _position(assessment: Assessment, library: Library, code: str) -> int:
    """The place of the code in its library; what the library does not know comes last."""
    codes = [entry.code for entry in disclosures_of(library)]
    if code in codes:
        return codes.index(code)
    positions = assessment.index_entries.filter(framework=library.slug).values_list("position", flat=True)
    return max([*positions, len(codes) - 1]) + 1
