"""The job's card in a real browser, with a real worker."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from jobs import services
from jobs.models import Status, Worker
from tests.support.browser import PHONE
from tests.support.factories import JobFactory
from tests.support.job_kinds import COUNT
from tests.support.people import build_house

pytestmark = pytest.mark.browser


@pytest.fixture
def house(transactional_db):
    return build_house()


def test_the_bar_moves_and_the_end_shows_without_a_reload(house, new_page, start_worker):
    job = services.enqueue(
        kind=COUNT, organisation=house.organisation, subject="example", arguments={"steps": 30, "pause": 0.1}
    )
    page = new_page(house.analyst)
    page.goto(job.get_absolute_url())
    expect(page.get_by_text("No worker has ever reported.")).to_be_visible()
    page.evaluate("document.body.dataset.loaded = 'once'")

    start_worker("--pool=solo")
    expect(page.get_by_role("progressbar")).to_have_attribute("max", "30")
    expect(page.get_by_text("of 30")).to_be_visible()
    expect(page.get_by_role("link", name="See what came out")).to_be_visible()
    assert page.locator("body").get_attribute("data-loaded") == "once"


def test_without_javascript_the_page_is_refreshed_by_a_link(house, new_page):
    job = JobFactory(organisation=house.organisation, kind=COUNT)
    page = new_page(house.viewer, javascript=False)
    page.goto(job.get_absolute_url())
    JobFactory._meta.model.objects.update(status=Status.DONE, started_at=timezone.now(), finished_at=timezone.now())
    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_role("status")).to_contain_text("Done")


def test_a_failed_job_is_started_again_by_its_button(house, new_page):
    job = JobFactory(organisation=house.organisation, kind=COUNT, status=Status.DEAD, attempts=3, error="disk full")
    page = new_page(house.owner)
    page.goto(job.get_absolute_url())
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text(re.compile("Waiting for a worker"))).to_be_visible()


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("status", list(Status))
def test_every_state_is_accessible(house, new_page, axe, status, look):
    now = timezone.now()
    Worker.objects.create(name="worker", seen_at=now)
    job = JobFactory(
        organisation=house.organisation, kind=COUNT, status=status, attempts=1, steps_done=2, steps_total=5,
        step="Counting", started_at=now, finished_at=now, error="disk full" if status == Status.DEAD else "",
    )  # fmt: skip
    page = new_page(house.owner, size=PHONE, color_scheme=look)
    page.goto(job.get_absolute_url())
    axe(page)
