"""Scenarios in a browser: kept from a what-if without JavaScript, compared; a page that fits and hinders nobody."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from playwright.sync_api import Page, expect

from materiality.scenarios.services import keep_scenario
from materiality.services import Choice, analyse_now
from materiality.whatif.adjustments import Adjustments
from scoping.models import Assessment
from scoping.services import load_case
from surveys.services import open_survey, prepare_survey, simulate_answers
from tests.browser.test_pages import SIZES, inspect
from tests.support.browser import PHONE, NewPage
from tests.support.people import House

pytestmark = pytest.mark.browser
Axe = Callable[..., None]


@pytest.fixture
def assessment(house: House, transactional_db: None) -> Assessment:
    """The QiFu case with simulated answers, analysed."""
    assessment = load_case(organisation=house.organisation, case="qifu-2022")
    open_survey(survey=prepare_survey(assessment=assessment))
    simulate_answers(assessment=assessment, respondents=300, seed=1)
    analyse_now(assessment=assessment)
    return assessment


def keep_some(assessment: Assessment, house: House) -> None:
    groups = list(assessment.groups.values_list("code", flat=True))
    issue = assessment.issues.values_list("code", flat=True)[3]
    cuts = Adjustments(Choice(rule="cut_offs", cuts=("3.9", "2.8"), priority="max"))
    for name, adjustments in {
        "The first group counts four times as much as the others": Adjustments(weights={groups[0]: Fraction(4)}),
        "Without a group": Adjustments(left_out_groups=frozenset(groups[1:2])),
        "Cut-offs": cuts,
        "Without an issue": Adjustments(left_out_issues=frozenset({issue})),
    }.items():
        keep_scenario(assessment=assessment, name=name, adjustments=adjustments, by=house.analyst)


@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits_and_hinders_nobody(
    assessment: Assessment, house: House, new_page: NewPage, axe: Axe, size: tuple[int, int]
):
    page = new_page(house.analyst, size, reduced_motion="reduce")
    path = f"/o/{assessment.organisation.slug}/a/{assessment.slug}/scenarios/"
    page.goto(path)
    inspect(page, axe, size)
    keep_some(assessment, house)
    page.goto(path + "?s=none")
    for summary in page.locator(".scenario-edit summary").all()[:2]:
        summary.click()
    inspect(page, axe, size)
    page.goto(path)
    expect(page.locator(".scenario-table tbody tr")).to_have_count(18)
    inspect(page, axe, size)


def test_a_scenario_is_kept_renamed_compared_and_deleted_without_javascript(
    assessment: Assessment, house: House, new_page: NewPage
):
    page = new_page(house.analyst, PHONE, javascript=False)
    place = f"/o/{assessment.organisation.slug}/a/{assessment.slug}"
    page.goto(f"{place}/what-if/?leave-issue={assessment.issues.values_list('code', flat=True)[0]}")
    keep(page, "Without the first")
    page.goto(f"{place}/what-if/?priority=max")
    keep(page, "without THE first")
    expect(page.locator("main")).to_contain_text("There is already a scenario")
    assert "priority=max" in page.url
    keep(page, "Either side")
    expect(page.locator(".scenario-list > li")).to_have_count(2)
    first = page.locator(".scenario-list > li", has_text="Without the first")
    first.locator("summary", has_text="Rename").click()
    first.get_by_label("Name").fill("Seventeen issues")
    first.get_by_role("button", name="Save the name").click()
    page.get_by_label("Either side").first.uncheck()
    page.get_by_role("button", name="Compare the chosen ones").click()
    headings = page.locator(".scenario-table thead th")
    expect(headings).to_have_text(["Issue", "Current result", "Seventeen issues"])
    other = page.locator(".scenario-list > li", has_text="Either side")
    other.locator("summary", has_text="Delete").click()
    other.get_by_role("button").last.click()
    expect(page.locator(".scenario-list > li")).to_have_count(1)


def keep(page: Page, name: str) -> None:
    page.locator("#scenario-name").fill(name)
    page.get_by_role("button", name="Keep this scenario").click()
