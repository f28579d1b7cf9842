"""In a browser: a figure is asked for, its bar moves, the file is there; with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from materiality.services import analyse_now
from scoping.models import Assessment
from tests.support.browser import DESKTOP, PHONE, NewPage, fits_and_hinders_nobody
from tests.support.people import House
from tests.support.waiting_jobs import run_waiting_jobs

pytestmark = pytest.mark.browser


@pytest.fixture
def exports() -> None:
    """The store where the server and the worker look too."""


@pytest.fixture
def analysed(transactional_db: None, answered: Assessment) -> Assessment:
    analyse_now(assessment=answered)
    return answered


def test_a_figure_is_made_while_one_looks_on(analysed: Assessment, house: House, new_page: NewPage, start_worker):
    page = new_page(house.viewer)
    page.goto("/o/example/a/example-2022/results/")
    page.click("text=Files")
    page.get_by_label("Format").select_option("svg")
    page.get_by_label("Width in mm").first.fill("160")
    page.click("text=Make the figure")
    expect(page.locator(".file-jobs")).to_contain_text("Importance matrix")
    start_worker("--pool=solo")
    expect(page.locator(".file-table")).to_contain_text("example-2022-matrix.svg", timeout=30_000)
    expect(page.locator(".file-jobs")).to_have_count(0)
    with page.expect_download() as download:
        page.click("text=example-2022-matrix.svg")
    assert download.value.suggested_filename == "example-2022-matrix.svg"


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_without_javascript_too(analysed: Assessment, house: House, new_page: NewPage, axe, size: tuple[int, int]):
    page = new_page(house.owner, size, javascript=False)
    page.goto("/o/example/a/example-2022/files/")
    page.click("button[value=ranking]")
    run_waiting_jobs()
    page.reload()
    expect(page.locator(".file-table")).to_contain_text("example-2022-ranking.csv")
    seen = new_page(house.owner, size, reduced_motion="reduce")
    seen.goto("/o/example/a/example-2022/files/")
    fits_and_hinders_nobody(seen, axe)
    seen.get_by_label("Dots per inch, for PNG").first.fill("9")
    seen.click("text=Make the figure")
    expect(seen.locator(".has-error")).to_contain_text("from 36 to 1200")
    fits_and_hinders_nobody(seen, axe)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_house_style(analysed: Assessment, house: House, new_page: NewPage, axe, size: tuple[int, int]):
    page = new_page(house.owner, size, reduced_motion="reduce")
    page.goto("/o/example/house-style/")
    page.get_by_label("Highest tier", exact=True).fill("#ffee00")
    page.click("text=Save the colours")
    expect(page.locator(".has-error")).to_contain_text("too pale")
    fits_and_hinders_nobody(page, axe)
    page.get_by_label("Highest tier", exact=True).fill("#8a5a00")
    page.get_by_label("Second tier", exact=True).fill("#5c7a00")
    page.click("text=Save the colours")
    expect(page.locator(".notice-warn").first).to_contain_text("look much alike")
    fits_and_hinders_nobody(page, axe)
