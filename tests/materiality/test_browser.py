"""In a browser: the job's bar, and the new matrix when it is done; the page of the method, all of it open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from materiality.services import analyse_now
from scoping.models import Assessment
from surveys.models import Survey, SurveyLink
from surveys.services import submit_response
from tests.support.browser import DESKTOP, PHONE, NewPage, fits_and_hinders_nobody
from tests.support.people import House

pytestmark = pytest.mark.browser


@pytest.fixture
def analysed(transactional_db: None, answered: Assessment) -> Assessment:
    analyse_now(assessment=answered)
    return answered


def test_updating_shows_the_bar_and_then_the_new_result(
    analysed: Assessment, house: House, new_page: NewPage, start_worker
):
    link = SurveyLink.objects.get(survey=Survey.objects.get(assessment=analysed), group__code="staff")
    submit_response(link=link, answers={"a": 1, "b": 1, "c": 5})
    page = new_page(house.analyst)
    page.goto("/o/example/a/example-2022/results/")
    expect(page.locator(".facts")).to_contain_text("4 answers")
    page.click("text=Update results")
    expect(page.locator(".card.job")).to_contain_text("Analysis")
    start_worker()
    expect(page.locator(".facts")).to_contain_text("5 answers", timeout=30_000)


def test_a_point_of_the_matrix_lights_its_row(analysed: Assessment, house: House, new_page: NewPage):
    page = new_page(house.viewer)
    page.goto("/o/example/a/example-2022/results/")
    page.focus('a.pt-a[href="#b"] >> visible=true')
    page.keyboard.press("Enter")
    expect(page.locator("tr:target")).to_have_attribute("id", "b")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_method_is_chosen_from_a_preset_without_javascript(
    analysed: Assessment, house: House, new_page: NewPage, axe: Callable[..., None], size: tuple[int, int]
):
    seen = new_page(house.analyst, size, reduced_motion="reduce")
    for address in ("results/", "method/?preset=both-sides"):
        seen.goto(f"/o/example/a/example-2022/{address}")
        fits_and_hinders_nobody(seen, axe)
    seen.get_by_label("By group size").check()
    seen.click("text=Save and compute")
    expect(seen.locator("fieldset.has-error")).to_contain_text("Enter the headcount of Staff, Clients")
    fits_and_hinders_nobody(seen, axe)
    page = new_page(house.analyst, size, javascript=False)
    page.goto("/o/example/a/example-2022/method/")
    page.click("text=Both axes must reach the line")
    expect(page.get_by_label("Cut-offs on both axes")).to_be_checked()
    expect(page.get_by_label("The lower axis")).to_be_checked()
    page.get_by_label("By answers").check()
    page.click("text=Save and compute")
    expect(page.locator(".card.job h3")).to_have_text("Analysis")
