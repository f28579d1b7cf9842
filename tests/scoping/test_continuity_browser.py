"""Linking issues with those of the year before in a real browser: on a phone, without JavaScript, and with axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from scoping.models import Predecessor
from tests.support.browser import PHONE, NewPage, look_at_width
from tests.support.factories import AssessmentFactory
from tests.support.people import House, build_house

pytestmark = pytest.mark.browser

PLACE = "/o/example/a/now/"


@pytest.fixture
def two_years(transactional_db: None) -> House:
    house = build_house()
    before = AssessmentFactory(organisation=house.organisation, slug="before", reporting_period="2021", issues=2)
    AssessmentFactory(organisation=house.organisation, slug="now", reporting_period="2022", previous=before, issues=3)
    return house


def test_issues_are_linked_on_a_phone_without_javascript(two_years: House, new_page: NewPage) -> None:
    page = new_page(two_years.analyst, size=PHONE, javascript=False)
    page.goto(f"{PLACE}scoping/changes/")
    page.get_by_role("link", name="Link issues").click()
    expect(page.get_by_text("2 fields are suggestions")).to_be_visible()
    look_at_width(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Of 3 issues 2 are the same and 1 new.")).to_be_visible()
    look_at_width(page)
    assert Predecessor.objects.count() == 2


@pytest.mark.parametrize(
    "address",
    ["scoping/changes/", "scoping/predecessors/", "scoping/carry-forward/", "scoping/notes/", "process/", "statement/"],
)
def test_the_pages_hinder_nobody(
    two_years: House, new_page: NewPage, axe: Callable[[Page], None], address: str
) -> None:
    page = new_page(two_years.analyst)
    page.goto(f"{PLACE}{address}")
    axe(page)
