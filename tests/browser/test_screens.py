"""Narrow and unusual screens, and pages that no link leads to."""

import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Membership, Role
from jobs.models import Status
from materiality.services import analyse_now
from scoping.models import Assessment
from scoping.services import load_case
from surveys.services import close_survey, open_survey, prepare_survey, submit_response
from tests.support.browser import DESKTOP, PHONE, NewPage, look_at_width
from tests.support.factories import PASSWORD, JobFactory, MembershipFactory
from tests.support.people import House

pytestmark = pytest.mark.browser

# 1280 px at a zoom of 400 %: what the accessibility guidelines ask a page to fit into.
ZOOMED = (320, 256)
Axe = Callable[[Page], None]


@pytest.fixture
def assessment(house: House, transactional_db: None) -> Assessment:
    """The QiFu case, answered by two people of each group, analysed and closed."""
    assessment = load_case(organisation=house.organisation, case="qifu-2022")
    survey = prepare_survey(assessment=assessment)
    survey.minimum_group = 1
    survey.save(update_fields=["minimum_group"])
    open_survey(survey=survey)
    for number, link in enumerate(survey.links.all()):
        for person in range(2):
            submit_response(link=link, answers=bytes(1 + (item * 3 + number + person) % 5 for item in range(18)))
    analyse_now(assessment=assessment)
    close_survey(survey=survey)
    return assessment


def test_nothing_scrolls_sideways_at_400_percent(assessment: Assessment, house: House, new_page: NewPage):
    page = new_page(house.owner, ZOOMED)
    pages = ["", "members/", "assessments/new/", *(f"a/qifu-2022/{part}/" for part in ("scoping", "survey", "results"))]
    for path in [*(f"/o/example/{path}" for path in pages), "/o/example/a/qifu-2022/", "/accounts/password/change/"]:
        page.goto(path)
        look_at_width(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_pages_without_a_link_fit_and_hinder_nobody(
    assessment: Assessment, house: House, new_page: NewPage, axe: Axe, size: tuple[int, int], scheme: str
):
    now = timezone.now()
    job = JobFactory(
        organisation=house.organisation, subject="qifu-2022", status=Status.DEAD, attempts=3,
        error="The disk is full: make room and try again.", started_at=now, finished_at=now,
    )  # fmt: skip
    link = assessment.survey.links.first()
    MembershipFactory(organisation=house.elsewhere, user=house.viewer)
    owner, viewer, nobody = (new_page(user, size, color_scheme=scheme) for user in (house.owner, house.viewer, None))
    visits = [
        (owner, job.get_absolute_url(), 200),
        (owner, "/accounts/logout/", 200),
        (owner, f"/o/example/jobs/{uuid.uuid4()}/", 404),
        (viewer, "/", 200),
        (viewer, "/o/example/assessments/new/", 403),
        (viewer, "/o/example/members/", 200),
        (nobody, f"/s/{link.token}/", 200),
        (nobody, f"/s/{link.token}/thanks", 200),
    ]
    for page, path, status in visits:
        response = page.goto(path)
        assert response is not None
        assert (path, response.status) == (path, status)
        look_at_width(page)
        axe(page)


def test_results_are_legible_in_forced_colours(assessment: Assessment, house: House, new_page: NewPage, axe: Axe):
    page = new_page(house.owner, forced_colors="active")
    page.goto("/o/example/a/qifu-2022/results/")
    axe(page)


def test_print_leaves_the_chrome_out(assessment: Assessment, house: House, new_page: NewPage):
    page = new_page(house.owner)
    page.goto("/o/example/a/qifu-2022/results/")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_an_owner_takes_access_away_in_two_steps(house: House, new_page: NewPage, size: tuple[int, int]):
    page = new_page(house.owner, size, javascript=False)
    page.goto("/o/example/members/")
    row = page.get_by_role("row", name="viewer@example.org")
    expect(row.get_by_role("button", name="Take access away")).to_be_hidden()
    row.get_by_text("Remove").click()
    row.get_by_role("button", name="Take access away").click()
    expect(page.get_by_role("status")).to_have_text("viewer@example.org is no longer a member.")
    assert not Membership.objects.filter(organisation=house.organisation, role=Role.VIEWER).exists()


def test_signing_in_and_out_with_the_keyboard(house: House, new_page: NewPage):
    # The server hashes as the product does, not as the tests.
    house.owner.password = Argon2PasswordHasher().encode(PASSWORD, "some-salt")
    house.owner.save()
    page = new_page()
    page.goto("/o/example/members/")
    page.get_by_label("E-mail address").fill("owner@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Members")
    page.get_by_role("button", name="Sign out").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
