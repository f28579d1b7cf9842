"""In a browser: a tier is given and taken back, a point is left and closed; pages fit and hinder nobody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, expect

from materiality.services import analyse_now, comment, override_tier
from scoping.models import Assessment
from tests.materiality.conftest import Answer
from tests.support.browser import DESKTOP, PHONE, NewPage, fits_and_hinders_nobody
from tests.support.factories import TierFactory
from tests.support.people import House

pytestmark = pytest.mark.browser


@pytest.fixture
def decided(transactional_db: None, answered: Assessment, answer: Answer, house: House) -> Assessment:
    """Two results, a decision, comments, and an open point in Arabic; one issue has a name of 300 characters."""
    for position, (name, count) in enumerate((("High", 2), ("Minor", 1))):
        TierFactory(assessment=answered, name=name, position=position, planned_count=count)
    analyse_now(assessment=answered)
    for group in ("staff", "clients"):
        for _ in range(5):
            answer(group, [4, 1, 5])
    analyse_now(assessment=answered)
    b = answered.issues.get(code="b")
    override_tier(assessment=answered, issue=b, tier="High", reason=f"客户要求 {'x' * 300}", by=house.analyst)
    comment(assessment=answered, issue=b, text="كم عدد العملاء؟", by=house.approver, is_open_point=True)
    comment(assessment=answered, text="Looks right.", by=house.owner)
    return answered


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_pages_of_the_review_fit_and_hinder_nobody(
    decided: Assessment, house: House, new_page: NewPage, axe: Callable[..., None], size: tuple[int, int]
):
    page = new_page(house.analyst, size, reduced_motion="reduce")
    for address in ("results/", "review/", "review/issues/b/", "review/compared/"):
        page.goto(f"/o/example/a/example-2022/{address}")
        fits_and_hinders_nobody(page, axe)
    page.goto("/o/example/a/example-2022/review/issues/a/")
    page.get_by_role("button", name="Give this tier").click()
    expect(page.locator(".field-errors")).to_have_count(2)
    fits_and_hinders_nobody(page, axe)


@pytest.mark.parametrize("size", [PHONE])
def test_a_tier_is_given_and_a_point_closed_without_javascript(
    decided: Assessment, house: House, new_page: NewPage, size: tuple[int, int]
):
    page = new_page(house.analyst, size, javascript=False)
    page.goto("/o/example/a/example-2022/review/")
    page.click("text=Issue A")
    page.get_by_label("Minor").check()
    page.get_by_label("Reason").fill("It was settled last year.")
    page.get_by_role("button", name="Give this tier").click()
    expect(page.locator("#h-tier")).to_contain_text("By decision: Minor.")
    page.get_by_role("button", name="Take it back: High, as computed").click()
    expect(page.locator(".review-log")).to_contain_text("ended by Analyst")
    page.get_by_label("Comment", exact=True).fill("How many clients?")
    page.get_by_label("This is an open point").check()
    page.get_by_role("button", name="Add the comment").click()
    expect(page.locator(".review-said")).to_contain_text("Open point")
    page.locator("summary", has_text="Close this point").click()
    page.get_by_label("What came of it", exact=True).fill("1,204.")
    page.get_by_role("button", name="Close the point").click()
    expect(page.locator(".resolution")).to_contain_text("1,204.")


def test_sending_one_form_asks_when_the_other_holds_words(decided: Assessment, house: House, new_page: NewPage) -> None:
    page = new_page(house.analyst)
    page.goto("/o/example/a/example-2022/review/issues/c/")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_label("Reason").fill("Half a reason")
    page.get_by_label("Comment", exact=True).fill("A comment")
    page.get_by_role("button", name="Add the comment").click()
    expect(page.get_by_label("Reason")).to_have_value("Half a reason")
    assert asked == ["beforeunload"]
    page.get_by_label("Reason").fill("")
    page.get_by_role("button", name="Add the comment").click()
    expect(page.locator("#said ~ ul")).to_contain_text("A comment")
    assert asked == ["beforeunload"]
