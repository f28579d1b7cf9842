"""The page "Answers" in a real browser: what follows by itself, and what hinders people."""

import pytest
from playwright.sync_api import expect

from scoping.models import Assessment
from surveys.models import Survey
from surveys.services import fold_responses
from surveys.services.excluding import exclude
from surveys.services.quality import look
from tests.support.browser import PHONE, look_at_width
from tests.support.factories import CommentFactory, ResponseFactory
from tests.support.people import build_house
from tests.surveys.watch.conftest import STRAIGHT, unlike

pytestmark = pytest.mark.browser


@pytest.fixture
def house(transactional_db):
    return build_house()


@pytest.fixture
def address(assessment: Assessment) -> str:
    return f"/o/{assessment.organisation.slug}/a/{assessment.slug}/survey/answers/"


def test_counts_follow_by_themselves(house, address, survey, store, new_page):
    store(6)
    page = new_page(house.viewer)
    page.goto(address)
    row = page.get_by_role("row", name="Group 0").first
    expect(row).to_contain_text("6")
    store(3)
    expect(row).to_contain_text("9", timeout=10_000)


def test_the_page_asks_for_a_look_and_shows_what_it_found(house, address, crowd, new_page, start_worker):
    page = new_page(house.analyst)
    page.goto(address)
    expect(page.get_by_role("heading", name="Looking at the answers")).to_be_visible()
    start_worker("--pool=solo")
    expect(page.get_by_role("heading", name="Same rating everywhere")).to_be_visible(timeout=20_000)


def test_leaving_out_works_without_javascript(house, address, survey, crowd, new_page):
    look(survey=survey)
    page = new_page(house.analyst, javascript=False)
    page.goto(address)
    page.get_by_text("Leave them out: Same rating everywhere").click()
    page.get_by_label("Reason").fill("They only clicked through.")
    page.get_by_role("button", name="Leave these answers out").click()
    expect(page.get_by_text("8 answers do not count")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_hinders_people(house, address, survey: Survey, questionnaire, store, new_page, axe, scheme):
    group = survey.assessment.groups.first()
    for number in range(30):
        ResponseFactory(questionnaire=questionnaire, group=group, ratings=unlike(number), seconds=60 + 5 * number)
    store(6, ratings=STRAIGHT)
    fold_responses(survey=survey)
    exclude(survey=survey, flag="straight-liner", reason="They only clicked through.")
    missing = CommentFactory(questionnaire=questionnaire, group=group, kind="missing", text="Light")
    for place in ("", "comments/?kind=missing", f"comments/{missing.pk}/", f"comments/{missing.pk}/delete/"):
        page = new_page(house.analyst, size=PHONE, color_scheme=scheme)
        page.goto(address + place)
        for summary in page.locator("main summary").all():
            summary.click()
        axe(page)
        look_at_width(page)
