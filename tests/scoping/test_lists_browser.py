"""Importing contacts in a real browser: on a phone, without JavaScript, and for people who use a screen reader."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from scoping.models import Contact
from tests.support.browser import PHONE, NewPage, look_at_width
from tests.support.factories import AssessmentFactory
from tests.support.people import build_house

pytestmark = pytest.mark.browser

PEOPLE = "Group,Name,E-mail,Role\nGroup 0,Li Wei,li.wei@example.org,Head of sustainable procurement\nGruop 1,Ann,,\n"


def test_a_list_is_mended_and_imported_on_a_phone_without_javascript(new_page: NewPage):
    house = build_house()
    AssessmentFactory(organisation=house.organisation, slug="paper-2024", groups=2)
    page = new_page(house.analyst, size=PHONE, javascript=False)
    page.goto("/o/example/a/paper-2024/scoping/contacts/")
    page.get_by_role("link", name="Import a list").click()
    for text, heading in (
        (PEOPLE, "Nothing can be imported yet"),
        (PEOPLE.replace("Gruop", "Group"), "What this file would change"),
    ):
        page.get_by_label("File", exact=True).set_input_files(
            {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}
        )
        page.get_by_role("button", name="Show what would change").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        look_at_width(page)
        if "Gruop" in text:
            expect(page.get_by_text("Did you mean")).to_be_visible()
            page.get_by_role("link", name="Upload the mended file").click()
    page.get_by_role("button", name="Add 2 contacts").click()
    expect(page.get_by_text("people.csv is imported: 2 added.")).to_be_visible()
    look_at_width(page)
    assert Contact.objects.count() == 2


def test_the_pages_of_lists_hinder_nobody(new_page: NewPage, axe: Callable[[Page], None]):
    house = build_house()
    AssessmentFactory(organisation=house.organisation, slug="paper-2024", groups=2)
    page = new_page(house.analyst)
    page.goto("/o/example/a/paper-2024/scoping/import/contacts/")
    axe(page)
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode()}
    )
    page.get_by_role("button", name="Show what would change").click()
    axe(page)
    page.goto("/o/example/a/paper-2024/scoping/contacts/new/")
    axe(page)
    page.get_by_label("Stakeholder group").select_option("group-0")
    page.get_by_label("Name", exact=False).first.fill("Li Wei")
    page.get_by_role("button", name="Save", exact=True).click()
    axe(page)
