"""The page of the marks in a real browser: the button to save is at hand, and nobody leaves unsaved marks unasked."""

import pytest
from playwright.sync_api import Dialog, Page, expect

from scoping.models import Assessment, Mark
from tests.scoping.screened import to_be_screened
from tests.support.browser import PHONE, NewPage
from tests.support.people import House

pytestmark = pytest.mark.browser

MARKS = "/o/example/a/paper-2026/scoping/marks/"


@pytest.fixture
def assessment(house: House, transactional_db: None) -> Assessment:
    return to_be_screened(organisation=house.organisation, slug="paper-2026")


def asked_on_leaving(page: Page) -> list[str]:
    """The questions of the browser from now on; each is answered with leaving."""
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    return asked


def test_leaving_by_a_link_asks_when_marks_are_not_saved(
    assessment: Assessment, house: House, new_page: NewPage
) -> None:
    page = new_page(house.analyst)
    page.goto(MARKS)
    asked = asked_on_leaving(page)
    page.locator(".mark-steps label").nth(3).click()
    page.get_by_role("link", name="Cancel").click()
    expect(page).not_to_have_url(MARKS)
    assert asked == ["beforeunload"]


def test_leaving_without_a_change_and_saving_do_not_ask(
    assessment: Assessment, house: House, new_page: NewPage
) -> None:
    page = new_page(house.analyst)
    page.goto(MARKS)
    asked = asked_on_leaving(page)
    page.get_by_role("link", name="Cancel").click()
    page.goto(MARKS)
    page.locator(".mark-steps label").nth(3).click()
    page.get_by_role("button", name="Save and finish").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Mark the issues")
    assert (Mark.objects.count(), asked) == (1, [])


def test_the_button_to_save_is_in_view_at_the_top_of_a_long_page(
    assessment: Assessment, house: House, new_page: NewPage
) -> None:
    page = new_page(house.analyst, PHONE)
    page.goto(MARKS)
    page.locator(".mark-rows").evaluate("rows => rows.scrollIntoView()")
    expect(page.get_by_role("button", name="Save and finish")).to_be_in_viewport(ratio=1)
