"""The pages of personal data in a browser: by keyboard alone, on every screen, without hindrance to anybody."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from surveys.models import Anonymity
from surveys.services import close_survey
from tests.support.browser import DESKTOP, PHONE, NewPage, look_at_width
from tests.surveys.rights.conftest import KIM

pytestmark = pytest.mark.browser


def inspect(page: Page, axe: Callable[..., None], name: str) -> None:
    width = look_at_width(page)
    for scheme in ("dark", "light"):
        # Without motion: colours that are on their way from one scheme to the other are in neither.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        axe(page)
        if folder := os.environ.get("SALIENT_SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"rights-{name}-{width}-{scheme}.png", full_page=True)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_request_is_answered_from_the_first_look_to_the_end(
    house, transactional_db, asked, new_page: NewPage, axe, size
):
    close_survey(survey=asked(Anonymity.IDENTIFIED, retention_days=30))
    page = new_page(house.analyst, size=size)
    page.goto("/o/example/members/")
    page.get_by_role("link", name="Personal data").click()
    inspect(page, axe, "empty")
    page.get_by_label("E-mail address").fill(KIM)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Stored under").wait_for()
    inspect(page, axe, "stored")
    with page.expect_download() as file:
        page.get_by_role("button", name="Download everything").click()
    assert file.value.suggested_filename == "personal-data.json"
    page.get_by_role("button", name="Erase …").click()
    page.get_by_role("button", name="Erase it").wait_for()
    inspect(page, axe, "erase")
    page.get_by_role("button", name="Erase it").click()
    page.get_by_text("is erased.").wait_for()
    inspect(page, axe, "erased")
