"""The pages of keys and of the schema, as a browser has them."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import PHONE, look_at_width
from tests.support.people import build_house

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_key_is_made_and_revoked(new_page, axe, scheme: str):
    page = new_page(build_house().owner, size=PHONE, color_scheme=scheme)
    page.goto("/o/example/members/")
    page.get_by_role("link", name="Keys to the API").click()
    axe(page)
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_text("Name what uses the key, so that you know")).to_be_visible()
    page.get_by_label("What uses the key").fill("Dashboard")
    page.get_by_label("Change assessments, stakeholders with their contacts, and issues").check()
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator("code", has_text="slt_").first).to_be_visible()
    axe(page)
    look_at_width(page)
    page.locator("summary", has_text="Revoke").click()
    page.get_by_role("button", name="It opens nothing any more").click()
    expect(page.get_by_text("“Dashboard” opens nothing any more.")).to_be_visible()


def test_the_page_of_the_schema_shows_every_operation(new_page):
    page = new_page()
    elsewhere = []
    page.on("request", lambda request: elsewhere.append(request.url))
    page.goto("/api/v1/docs/")
    page.locator(".opblock", has_text="List the assessments, newest first").click()
    page.get_by_text("Needs the scope").first.wait_for()
    # What is not in view is not drawn.
    shown: set[str] = set()
    while not any("webhooks_list" in one for one in shown):
        shown |= set(page.locator(".opblock").evaluate_all("found => found.map(one => one.id)"))
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(50)
    assert len(shown) > 110
    assert all(url.startswith(("data:", page.url.partition("/api")[0])) for url in elsewhere)
