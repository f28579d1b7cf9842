"""The design of a survey in a real browser: without scripts, by keyboard, and the preview in its frame."""

import pytest
from playwright.sync_api import Page, expect

from scoping.models import Assessment
from surveys.models import Response, Survey
from surveys.services import building
from surveys.texts import ordered_issues
from tests.support.browser import PHONE, NewPage
from tests.support.factories import AssessmentFactory
from tests.support.people import House

pytestmark = pytest.mark.browser

SURVEY = "/o/example/a/paper-2026/survey/"


@pytest.fixture
def assessment(house: House, transactional_db: None) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="paper-2026", groups=2, issues=4)


def order() -> str:
    return "".join(issue.code[-1] for issue in ordered_issues(Survey.objects.get()))


def test_an_issue_travels_by_keyboard_alone_and_keeps_the_focus(
    assessment: Assessment, house: House, new_page: NewPage
) -> None:
    page = new_page(house.analyst, javascript=False)
    page.goto(f"{SURVEY}questions/order/")
    page.get_by_role("button", name="Move Issue 3 up").focus()
    for place in ("3", "2"):
        page.keyboard.press("Enter")
        expect(page.get_by_role("textbox", name="Place of Issue 3")).to_have_value(place)
        expect(page.get_by_role("button", name="Move Issue 3 up")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Place of Issue 3")).to_have_value("1")
    expect(page.get_by_role("button", name="Move Issue 3 down")).to_be_focused()
    assert order() == "3012"


def test_enter_in_a_place_saves_the_places(assessment: Assessment, house: House, new_page: NewPage) -> None:
    page = new_page(house.analyst, PHONE)
    page.goto(f"{SURVEY}questions/order/")
    page.get_by_role("textbox", name="Place of Issue 2").fill("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The order is saved.")
    assert order() == "2013"


def labels(page: Page) -> int:
    return page.get_by_role("textbox", name="Label of step").locator("visible=true").count()


def test_only_what_belongs_to_the_kind_of_question_is_seen(
    assessment: Assessment, house: House, new_page: NewPage
) -> None:
    page = new_page(house.analyst, javascript=False)
    page.goto(f"{SURVEY}questions/judging/")
    assert labels(page) == 5
    expect(page.get_by_label("How many")).to_be_hidden()
    page.get_by_label("7", exact=True).check()
    assert labels(page) == 7
    page.get_by_label("a rank:").check()
    assert labels(page) == 0
    page.get_by_label("How many").fill("3")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="The first 3 of 4 issues are put in order")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_preview_is_filled_in_within_its_frame_and_stores_nothing(
    assessment: Assessment, house: House, new_page: NewPage, javascript: bool
) -> None:
    building.set_judging(assessment=assessment, kind="rating", steps=3)
    page = new_page(house.analyst, javascript=javascript)
    page.goto(f"{SURVEY}preview/?group=group-1")
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Send my answers").click()
    expect(frame.get_by_text("Nothing has been sent yet.")).to_be_visible()
    for number in range(4):
        frame.locator(f"[name=issue-{number}][value='3']").check(force=True)
    frame.get_by_role("button", name="Send my answers").click()
    expect(frame.get_by_role("heading", name="Thank you")).to_be_visible()
    assert not Response.objects.exists()
