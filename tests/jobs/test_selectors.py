from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from jobs import selectors
from jobs.models import Job, Status, Worker
from tests.support.factories import JobFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 6, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def worker_seen(seconds_ago):
    Worker.objects.create(name=f"worker {seconds_ago}", seen_at=NOON - timedelta(seconds=seconds_ago))


def waiting_for(seconds, **fields):
    job = JobFactory(**fields)
    job.created_at = NOON - timedelta(seconds=seconds)
    return job


class TestScope:
    def test_a_job_of_another_organisation_does_not_exist(self):
        job = JobFactory()
        with pytest.raises(Job.DoesNotExist):
            selectors.get_job(OrganisationFactory(), job.pk)

    def test_recent_jobs_are_of_one_subject_and_newest_first(self):
        organisation = OrganisationFactory()
        old, new = JobFactory.create_batch(2, organisation=organisation, subject="this")
        JobFactory(organisation=organisation, subject="other")
        JobFactory(subject="this")
        assert selectors.recent_jobs(organisation, "this", 5) == [new, old]
        assert selectors.recent_jobs(organisation, "this", 1) == [new]

    def test_the_newest_job_of_a_kind(self):
        organisation = OrganisationFactory()
        wanted = JobFactory(organisation=organisation, subject="this", kind="tests.a")
        JobFactory(organisation=organisation, subject="this", kind="tests.b")
        assert selectors.newest_job(organisation, "this", "tests.a") == wanted
        assert selectors.newest_job(organisation, "this", "tests.c") is None


@pytest.mark.usefixtures("noon")
class TestWaiting:
    def test_no_worker_ever(self):
        waits = selectors.waiting(waiting_for(80))
        assert waits.text == "Waiting for a worker for 1 min 20 s. No worker has ever reported."
        assert waits.worker_missing

    def test_a_worker_that_went_silent_today(self):
        worker_seen(120)
        worker_seen(300)
        waits = selectors.waiting(waiting_for(80))
        assert waits.text == "Waiting for a worker for 1 min 20 s. No worker has reported since 11:58:00."

    def test_a_worker_that_went_silent_on_another_day(self):
        worker_seen(2 * 86_400)
        assert "since 4 March 2026, 12:00." in selectors.waiting(waiting_for(1)).text

    def test_a_worker_that_reported_just_now_is_not_missing(self):
        worker_seen(10)
        waits = selectors.waiting(waiting_for(3))
        assert (waits.text, waits.worker_missing) == ("Waiting for its turn for 3 s.", False)

    def test_a_worker_that_sweeps_rarely_is_given_its_time(self, settings):
        settings.JOB_SWEEP_SECONDS = 60
        worker_seen(170)
        assert not selectors.waiting(waiting_for(3)).worker_missing

    def test_the_pause_before_the_next_attempt(self):
        worker_seen(1)
        job = waiting_for(60, attempts=1, run_after=NOON + timedelta(seconds=25))
        assert selectors.waiting(job).text == "Attempt 2 of 3 starts in 25 s."

    def test_a_running_job_does_not_wait(self):
        job = JobFactory(status=Status.RUNNING, lease_until=NOON + timedelta(seconds=5))
        assert selectors.waiting(job) is None

    def test_a_running_job_whose_worker_is_gone_says_so(self):
        job = JobFactory(status=Status.RUNNING, lease_until=NOON - timedelta(seconds=90))
        text = selectors.waiting(job).text
        assert text.startswith("The worker that had begun it stopped reporting 1 min 30 s ago.")


DURATIONS = {
    -1: "0 s",
    0: "0 s",
    59: "59 s",
    60: "1 min",
    80: "1 min 20 s",
    3600: "1 h",
    3661: "1 h 1 min",
    90_000: "1 d 1 h",
}


@pytest.mark.parametrize(("seconds", "words"), DURATIONS.items())
def test_durations_use_two_units(seconds, words):
    assert selectors.duration(timedelta(seconds=seconds)) == words
