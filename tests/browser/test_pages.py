"""Every page of the product, found by following its links: fits the screen, hinders nobody, breaks no policy."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from materiality.services import analyse_now
from scoping.models import Assessment
from scoping.services import load_case
from surveys.models import SurveyLink
from surveys.services import open_survey, prepare_survey, submit_response
from tests.support.browser import DESKTOP, PHONE, NewPage, look_at_width
from tests.support.factories import AssessmentFactory
from tests.support.people import House

pytestmark = pytest.mark.browser

# Files, what only a button should reach, and the page of the API, which Swagger UI draws (tests/api/test_browser.py).
NOT_PAGES = re.compile(r"\.(png|svg|pdf|docx|pptx|zip|parquet|csv|xlsx|po|json|txt|css|js)$|/qr|/logout/|^/api/")
SIZES = [DESKTOP, PHONE]
MANY = ("issues", "groups", "concerns", "channels", "contacts", "mentions", "criteria", "pillars", "notes")
MANY += ("content-index", "libraries", "peers")
Axe = Callable[..., None]


@pytest.fixture
def answered(house: House, transactional_db: None) -> Assessment:
    """The QiFu case with a few answers from most groups, analysed."""
    assessment = load_case(organisation=house.organisation, case="qifu-2022")
    open_survey(survey=prepare_survey(assessment=assessment))
    for number, link in enumerate(SurveyLink.objects.filter(survey__assessment=assessment)[:6]):
        for person in range(3):
            ratings = bytes(1 + (position + number + person) % 5 for position in range(18))
            submit_response(link=link, answers=ratings, simulated=person == 0)
    analyse_now(assessment=assessment)
    return assessment


def inspect(page: Page, axe: Axe, size: tuple[int, int]) -> None:
    """Fails with what does not fit or hinders people, in light and in dark colours."""
    look_at_width(page)
    page.emulate_media(color_scheme="dark")
    axe(page, rule="color-contrast")
    keep_picture(page, size, "dark")
    page.emulate_media(color_scheme="light")
    axe(page)
    keep_picture(page, size, "light")


def keep_picture(page: Page, size: tuple[int, int], scheme: str) -> None:
    """A picture to look at, when SALIENT_SCREENSHOTS names a folder."""
    if folder := os.environ.get("SALIENT_SCREENSHOTS"):
        name = re.sub(r"\W+", "-", urlsplit(page.url).path).strip("-") or "home"
        page.screenshot(path=Path(folder) / f"{name}-{size[0]}-{scheme}.png", full_page=True)


def kind_of(path: str) -> str:
    """All issues have the same pages, and all groups, channels and so on: one of each is enough to look at."""
    return re.sub(rf"({'|'.join(MANY)})/[\w-]+/", r"\1/*/", path)


def crawl(page: Page, start: str) -> Iterator[str]:
    """Opens the pages that links lead to from `start`, one of each kind, without query and fragment."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        response = page.goto(path)
        assert response is not None
        assert response.status == 200, f"{path} answers {response.status}"
        # Links in a drawing have no plain href property.
        absolute = "all => all.map(a => new URL(a.getAttribute('href'), location).href)"
        links = page.eval_on_selector_all("a[href]", absolute)
        local = [urlsplit(link) for link in links if urlsplit(link).netloc == urlsplit(page.url).netloc]
        waiting += [link.path for link in local if not NOT_PAGES.search(link.path)]
        yield path


@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_a_member_fits_and_hinders_nobody(
    answered: Assessment, house: House, new_page: NewPage, axe: Axe, size: tuple[int, int]
):
    page = new_page(house.owner, size, reduced_motion="reduce")
    pages = set()
    for path in crawl(page, "/o/example/"):
        inspect(page, axe, size)
        pages.add(path)
    assert {"/o/example/", "/o/example/members/", "/o/example/a/qifu-2022/results/"} <= pages


@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_an_empty_assessment_fits_and_hinders_nobody(
    house: House, new_page: NewPage, axe: Axe, size: tuple[int, int]
):
    AssessmentFactory(organisation=house.organisation, slug="empty-2023", name="Nothing entered yet")
    page = new_page(house.owner, size, reduced_motion="reduce")
    for _ in crawl(page, "/o/example/a/empty-2023/"):
        inspect(page, axe, size)


@pytest.mark.parametrize(("case", "size"), [("atrenew-2021", DESKTOP), ("uxin-2022", PHONE)])
def test_every_page_of_a_published_case_fits_and_hinders_nobody(
    house: House, new_page: NewPage, axe: Axe, case: str, size: tuple[int, int]
):
    load_case(organisation=house.organisation, case=case)
    page = new_page(house.owner, size, reduced_motion="reduce")
    for path in crawl(page, f"/o/example/a/{case}/"):
        if f"/a/{case}/" in path:
            inspect(page, axe, size)


@pytest.mark.parametrize("size", SIZES)
def test_pages_for_everybody_fit_and_hinder_nobody(
    answered: Assessment, house: House, new_page: NewPage, axe: Axe, size: tuple[int, int]
):
    page = new_page(None, size, reduced_motion="reduce")
    link = SurveyLink.objects.filter(survey__assessment=answered).first()
    assert link is not None
    public = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/"]
    for path in [*public, "/accounts/password/reset/key/0-0/", "/nothing/", "/s/unknown/", f"/s/{link.token}/"]:
        page.goto(path)
        inspect(page, axe, size)


def test_a_reader_is_told_what_the_role_does_not_allow(answered: Assessment, house: House, new_page: NewPage, axe: Axe):
    page = new_page(house.viewer)
    response = page.goto("/o/example/a/qifu-2022/edit/")
    assert response is not None
    assert response.status == 403
    assert "Only owners and analysts" in page.inner_text("main")
    axe(page)


def test_focus_can_be_seen_on_the_way_through_a_page(answered: Assessment, house: House, new_page: NewPage):
    page = new_page(house.owner)
    page.goto("/o/example/a/qifu-2022/results/")
    for _ in range(12):
        page.keyboard.press("Tab")
        style = "getComputedStyle(document.activeElement)"
        outline = page.evaluate(f"[{style}.outlineStyle, parseFloat({style}.outlineWidth)]")
        assert outline[0] != "none"
        assert outline[1] >= 2


def test_the_results_page_works_without_javascript(answered: Assessment, house: House, new_page: NewPage):
    page = new_page(house.owner, javascript=False)
    page.goto("/o/example/a/qifu-2022/results/")
    page.click("text=Update results")
    expect(page.get_by_text("Nothing has changed: this result is up to date.")).to_be_visible()
    link = SurveyLink.objects.filter(survey__assessment=answered)[0]
    submit_response(link=link, answers=bytes([4] * 18))
    page.click("text=Update results")
    expect(page.locator(".card.job h3")).to_have_text("Analysis")
