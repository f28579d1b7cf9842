"""Which contacts there are, a page at a time. There may be twenty thousand, so nothing here looks at all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from scoping.models import Assessment, Contact
from scoping.selectors.paging import place_of

PER_PAGE = 100


@dataclass(frozen=True)
class GroupOfContacts:
    """A stakeholder group and how many contacts it has."""

    pk: int
    code: str
    name: str
    contacts: int


@dataclass(frozen=True)
class ContactPage:
    """
    Attributes
    ----------
    rows : the contacts of this page, each with the name of its group as `group`.
    found : how many there are on all pages; the first of this page is number `first`.
    """

    rows: list[dict[str, Any]]
    found: int
    page: int
    pages: int
    first: int

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def contact_groups(assessment: Assessment) -> list[GroupOfContacts]:
    """Every group in its order, with the number of its contacts."""
    numbers = dict(assessment.contacts.order_by().values_list("group_id").annotate(number=Count("pk")))
    groups = assessment.groups.values_list("pk", "code", "name")
    return [GroupOfContacts(pk, code, name, numbers.get(pk, 0)) for pk, code, name in groups]


def contact_page(
    assessment: Assessment,
    groups: Sequence[GroupOfContacts],
    *,
    group: GroupOfContacts | None = None,
    words: str = "",
    page: int = 1,
) -> ContactPage:
    """
    Contacts by group and name.

    Parameters
    ----------
    groups : as `contact_groups` gives them.
    group : only this one.
    words : only those with these words in name or address.
    page : from 1; one beyond the last is the last.
    """
    chosen = [group] if group else list(groups)
    contacts = assessment.contacts.all()
    if words:
        contacts = contacts.filter(Q(name__icontains=words) | Q(email__icontains=words))
        if group:
            contacts = contacts.filter(group_id=group.pk)
        found = contacts.count()
        page, pages, start = place_of(page, found, PER_PAGE)
        rows = _rows(contacts, start)
    else:
        found = sum(one.contacts for one in chosen)
        page, pages, start = place_of(page, found, PER_PAGE)
        # How many each group has is known, and so which groups this page shows: the database sorts only those.
        skipped = 0
        while chosen and skipped + chosen[0].contacts <= start:
            skipped += chosen.pop(0).contacts
        shown: list[int] = []
        for one in chosen:
            if skipped + sum(known.contacts for known in chosen[: len(shown)]) >= start + PER_PAGE:
                break
            shown.append(one.pk)
        rows = _rows(contacts.filter(group_id__in=shown), start - skipped) if shown else []
    names = {one.pk: one.name for one in groups}
    for row in rows:
        row["group"] = names[row["group_id"]]
    return ContactPage(rows, found, page, pages, start + 1 if rows else 0)


def _rows(contacts: QuerySet[Contact], start: int) -> list[dict[str, Any]]:
    fields = ("pk", "group_id", "name", "email", "employer", "role", "language")
    return list(contacts.values(*fields)[start : start + PER_PAGE])
