"""Where what a cell lacks is written."""

from django.urls import reverse

from materiality.disclosure.cells import Place

# Pages that only those who may edit can open, and the page that shows the same to everybody.
FORMS = {"scoping:sheet-edit": "scoping:sheet", "scoping:previous": "scoping:changes"}


def address_of(place: Place, *, organisation: str, assessment: str, may_edit: bool) -> str:
    """The path of that page, by the slugs of both; for who may not edit that of the page that shows the same."""
    page, part = place.page, place.part
    if page in FORMS and not may_edit:
        page, part = FORMS[page], ""
    takes = {"organisation": organisation, "slug": assessment, **dict(place.takes)}
    return reverse(page, kwargs=takes) + (f"#{part}" if part else "")
