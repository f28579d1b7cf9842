"""The page that compares years in Chromium: it fits, hinders nobody, and the chart leads to the table."""

import pytest
from playwright.sync_api import expect

from scoping.models import Assessment
from tests.browser.test_pages import SIZES, Axe, inspect
from tests.materiality.years import link, listed, placed, result_of
from tests.support.browser import PHONE, NewPage
from tests.support.factories import AssessmentFactory
from tests.support.people import House

pytestmark = pytest.mark.browser
PAGE = "/o/example/a/example-2022/changes/"


@pytest.fixture
def years(house: House, transactional_db: None) -> Assessment:
    before = AssessmentFactory(organisation=house.organisation, reporting_period="2021", slug="example-2021")
    now = AssessmentFactory(
        organisation=house.organisation, reporting_period="2022", slug="example-2022", previous=before
    )
    codes = [f"issue-{number}" for number in range(14)]
    listed(before, *codes)
    listed(now, *codes[1:], "data")
    link(now, before, **{code: code for code in codes[3:]}, **{"issue-1": "issue-1 issue-2", "issue-2": "issue-2"})
    result_of(before, *(placed(code, n + 1, "Minor" if n > 5 else "High", 4.8 - n / 5) for n, code in enumerate(codes)))
    turned = [*codes[8:], *codes[1:8], "data"]
    result_of(
        now, *(placed(code, n + 1, "Minor" if n > 5 else "High", 4.8 - n / 5) for n, code in enumerate(turned)),
        simulated=5, respondents=20,
    )  # fmt: skip
    return now


@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits_and_hinders_nobody(
    years: Assessment, house: House, new_page: NewPage, axe: Axe, size: tuple[int, int]
):
    page = new_page(house.owner, size, reduced_motion="reduce")
    for path in (PAGE, "/o/example/a/example-2021/changes/"):
        page.goto(path)
        inspect(page, axe, size)


def test_an_issue_of_the_chart_leads_to_its_row(years: Assessment, house: House, new_page: NewPage):
    page = new_page(house.viewer, javascript=False)
    page.goto(PAGE)
    page.click(".matrix-wide a.pt-a[href='#was-issue-0']")
    expect(page.locator("tr:target th")).to_have_text("Issue-0")


def test_a_phone_gets_a_chart_and_cards_instead_of_a_wide_table(years: Assessment, house: House, new_page: NewPage):
    page = new_page(house.viewer, PHONE)
    page.goto(PAGE)
    expect(page.locator(".slopes.matrix-narrow")).to_be_visible()
    expect(page.locator(".slopes.matrix-wide")).to_be_hidden()
    expect(page.locator(".moves thead")).to_be_hidden()
    table = page.locator(".moves").bounding_box()
    assert table is not None
    assert table["width"] <= PHONE[0]
