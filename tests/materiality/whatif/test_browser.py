"""Sliders that redraw the page, and the page without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from materiality.services import analyse_now
from scoping.models import Assessment
from tests.support.browser import PHONE, NewPage, look_at_width
from tests.support.people import House

pytestmark = pytest.mark.browser
ADDRESS = "/o/example/a/example-2022/what-if/"


@pytest.fixture
def analysed(transactional_db: None, answered: Assessment, answer) -> Assessment:
    """Clients and the press disagree on b and c: who weighs more decides their ranks."""
    answered.groups.filter(code="staff").update(weight=2)
    analyse_now(assessment=answered)
    return answered


def slide(page: Page, group: str, value: str) -> None:
    page.locator(f"#w-{group}").evaluate(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', {bubbles: true})); }", value
    )


def test_a_choice_redraws_list_sentence_and_address(analysed, house: House, new_page: NewPage):
    page = new_page(house.viewer)
    page.goto(ADDRESS)
    expect(page.locator("#h-finding")).to_contain_text("Nothing changes")
    expect(page.locator("#whatif-go")).to_be_hidden()
    page.locator("#wi-rule").select_option("cut_offs")
    # Without cut-offs there is nothing to compute: a sentence says so, and the drawing stays.
    expect(page.locator("#whatif-wrong")).to_contain_text("3 tiers need 2 cut-offs")
    expect(page.locator("#whatif-result svg.matrix")).to_have_count(2)
    page.locator("#wi-cuts").fill("3; 2")
    expect(page.locator("#h-finding")).to_contain_text("Issue B rises to High")
    expect(page.locator("#whatif-wrong")).to_be_empty()
    expect(page.locator("#b .change")).to_contain_text("was Moderate")
    expect(page.locator("#whatif-said")).to_contain_text("Issue B rises to High")
    assert page.url.endswith("?rule=cut_offs&cuts=3%3B+2")
    assert page.evaluate("document.activeElement.id") == "wi-cuts"
    page.reload()
    expect(page.locator("#h-finding")).to_contain_text("Issue B rises to High")


def test_a_slider_redraws_by_keyboard_and_the_latest_wins(analysed, house: House, new_page: NewPage):
    page = new_page(house.viewer)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/result/" in request.url else None)
    page.goto(ADDRESS)
    page.focus("#w-clients")
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    value = page.locator("#w-clients").input_value()
    expect(page.locator("#whatif-result [data-query]")).to_have_attribute("data-query", f"w-clients={value}")
    expect(page.locator("output[for=w-clients]")).to_have_text(value)
    assert len(asked) <= 20
    # Once it stands, all draws are made.
    expect(page.locator("#whatif-said")).to_contain_text("Nothing changes")
    assert "moving" in asked[0]
    assert "moving" not in asked[-1]
    assert page.evaluate("document.activeElement.id") == "w-clients"
    # One weight alone on its axis: its share stays whole, and nothing changes.
    expect(page.locator("#s-clients")).to_have_text("100 %")
    page.click("text=Back to the current method")
    expect(page.locator("output[for=w-clients]")).not_to_have_text(value)


def test_back_from_another_page_shows_what_was_asked(analysed, house: House, new_page: NewPage):
    page = new_page(house.viewer)
    page.goto(ADDRESS)
    page.locator("#wi-priority").select_option("min")
    expect(page.locator("#whatif-result [data-query]")).to_have_attribute("data-query", "priority=min")
    page.goto("/o/example/a/example-2022/")
    page.go_back()
    expect(page.locator("#wi-priority")).to_have_value("min")
    expect(page.locator("#whatif-result [data-query]")).to_have_attribute("data-query", "priority=min")


def test_without_javascript_a_button_recomputes(analysed, house: House, new_page: NewPage):
    page = new_page(house.viewer, javascript=False)
    page.goto(ADDRESS)
    page.locator("#wi-rule").select_option("cut_offs")
    page.locator("#wi-cuts").fill("3; 2")
    page.click("text=Recompute")
    expect(page.locator("#h-finding")).to_contain_text("Issue B rises to High")
    expect(page.locator("#wi-cuts")).to_have_value("3; 2")


def test_a_server_that_is_gone_is_said(analysed, house: House, new_page: NewPage):
    page = new_page(house.viewer)
    page.goto(ADDRESS)
    page.route("**/what-if/result/**", lambda route: route.abort())
    slide(page, "clients", "2")
    expect(page.locator("#whatif-wrong")).to_contain_text("could not be reached")
    page.unroute("**/what-if/result/**")
    slide(page, "clients", "1.5")
    expect(page.locator("#whatif-wrong")).to_be_empty()


@pytest.mark.parametrize("size", [(1440, 900), PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_hinders_anybody(analysed, house: House, new_page: NewPage, axe, size, scheme):
    page = new_page(house.analyst, size=size, color_scheme=scheme)
    page.goto(ADDRESS + "?rule=cut_offs&cuts=3;2")
    if size == PHONE:
        page.click("#whatif-fold > summary")
        expect(page.locator("#w-staff")).to_be_visible()
    for summary in page.locator(".leave > summary").all():
        summary.click()
    axe(page)
    look_at_width(page)
