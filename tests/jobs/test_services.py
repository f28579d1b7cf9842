from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from jobs import bell, registry, services
from jobs.models import Job, Status, Worker
from jobs.runner import claim
from tests.support.factories import JobFactory, OrganisationFactory, UserFactory
from tests.support.job_kinds import COUNT

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def queue_is_down(monkeypatch):
    def refuse(job_id):
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(bell, "publish", refuse)


def now(seconds=0):
    return timezone.now() + timedelta(seconds=seconds)


class TestEnqueue:
    def test_the_bell_rings_after_the_commit(self, organisation, bells, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            job = services.enqueue(kind=COUNT, organisation=organisation, subject="example", arguments={"steps": 2})
            assert bells == []
        assert bells == [job.pk]
        assert Job.objects.get().arguments == {"steps": 2}

    def test_a_rolled_back_cause_leaves_no_job_and_rings_no_bell(
        self, organisation, bells, django_capture_on_commit_callbacks
    ):
        def cause():
            with transaction.atomic():
                services.enqueue(kind=COUNT, organisation=organisation, subject="example")
                raise KeyError("the cause failed")

        with django_capture_on_commit_callbacks(execute=True), pytest.raises(KeyError):
            cause()
        assert (Job.objects.count(), bells) == (0, [])

    def test_it_keeps_who_asked_for_it(self, organisation):
        user = UserFactory()
        job = services.enqueue(kind=COUNT, organisation=organisation, subject="example", created_by=user)
        assert Job.objects.get(pk=job.pk).created_by == user

    def test_an_unknown_kind_is_refused_where_it_is_asked_for(self, organisation):
        with pytest.raises(registry.UnknownKind):
            services.enqueue(kind="tests.unheard_of", organisation=organisation, subject="example")

    def test_a_queue_that_is_down_is_no_error_and_marks_the_bell_as_unheard(
        self, organisation, queue_is_down, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            job = services.enqueue(kind=COUNT, organisation=organisation, subject="example")
        job.refresh_from_db()
        assert (job.status, job.rung_at) == (Status.QUEUED, None)

    def test_a_delayed_job_rings_no_bell_yet(self, organisation, bells, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            services.enqueue(kind=COUNT, organisation=organisation, subject="example", delay_seconds=60)
        services.sweep()
        assert bells == []


class TestKeys:
    def test_while_one_waits_it_is_returned_and_no_second_bell_rings(
        self, organisation, bells, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            first = services.enqueue(kind=COUNT, organisation=organisation, subject="example", key="count:1")
        with django_capture_on_commit_callbacks(execute=True):
            second = services.enqueue(kind=COUNT, organisation=organisation, subject="example", key="count:1")
        assert second == first
        assert (Job.objects.count(), bells) == (1, [first.pk])

    def test_other_keys_are_other_work(self, organisation):
        services.enqueue(kind=COUNT, organisation=organisation, subject="example", key="count:1")
        services.enqueue(kind=COUNT, organisation=organisation, subject="example", key="count:2")
        assert Job.objects.count() == 2

    def test_jobs_without_a_key_are_never_the_same(self, organisation):
        services.enqueue(kind=COUNT, organisation=organisation, subject="example")
        services.enqueue(kind=COUNT, organisation=organisation, subject="example")
        assert Job.objects.count() == 2

    def test_one_that_runs_already_may_have_missed_the_news_so_a_second_waits(self, organisation):
        first = services.enqueue(kind=COUNT, organisation=organisation, subject="example", key="count:1")
        claim(first.pk)
        second = services.enqueue(kind=COUNT, organisation=organisation, subject="example", key="count:1")
        assert (second != first, second.status) == (True, Status.QUEUED)

    def test_one_that_starts_before_our_commit_gets_a_successor(
        self, organisation, bells, django_capture_on_commit_callbacks
    ):
        first = services.enqueue(kind=COUNT, organisation=organisation, subject="example", key="count:1")
        with django_capture_on_commit_callbacks(execute=True):
            assert services.enqueue(kind=COUNT, organisation=organisation, subject="example", key="count:1") == first
            claim(first.pk)  # a worker is faster than the commit, and does not see what we wrote
        successor = Job.objects.get(key="count:1", status=Status.QUEUED)
        assert bells == [successor.pk]

    def test_an_insert_that_collides_returns_the_other_one(self, organisation, monkeypatch):
        other = JobFactory(kind=COUNT, organisation=organisation, key="count:1")
        looks = iter([Job.objects.none()])  # at the first look the other one is not committed yet
        real = Job.objects.filter
        monkeypatch.setattr(Job.objects, "filter", lambda **conditions: next(looks, None) or real(**conditions))
        assert services.enqueue(kind=COUNT, organisation=organisation, subject="example", key="count:1") == other


class TestRetry:
    def test_a_dead_job_gets_all_its_attempts_again(self, bells, django_capture_on_commit_callbacks):
        job = JobFactory(status=Status.DEAD, attempts=3, error="a fault", finished_at=now())
        with django_capture_on_commit_callbacks(execute=True):
            services.retry(job=job)
        assert (job.status, job.attempts, job.error, job.finished_at) == (Status.QUEUED, 0, "", None)
        assert bells == [job.pk]

    @pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING, Status.DONE])
    def test_a_job_that_did_not_fail_is_not_started_again(self, status):
        with pytest.raises(ValidationError, match="Only a job that failed"):
            services.retry(job=JobFactory(status=status))

    def test_beside_a_waiting_one_with_the_same_key_both_run(self):
        dead = JobFactory(status=Status.DEAD, key="count:1")
        waiting = JobFactory(key="count:1")
        services.retry(job=dead)
        assert (dead.status, dead.key, waiting.key) == (Status.QUEUED, "", "count:1")


class TestSweep:
    def test_a_job_whose_worker_died_goes_back_and_is_rung_for(self, bells):
        job = JobFactory(status=Status.RUNNING, attempts=1, lease_until=now(-1), rung_at=now(-100))
        services.sweep()
        job.refresh_from_db()
        assert (job.status, job.lease_until) == (Status.QUEUED, None)
        assert "in the middle of the work" in job.error
        assert bells == [job.pk]

    def test_a_running_lease_is_left_alone(self):
        job = JobFactory(status=Status.RUNNING, attempts=1, lease_until=now(30))
        services.sweep()
        job.refresh_from_db()
        assert job.status == Status.RUNNING

    def test_after_the_last_attempt_it_is_dead_and_says_why(self, bells):
        job = JobFactory(status=Status.RUNNING, attempts=3, lease_until=now(-1))
        services.sweep()
        job.refresh_from_db()
        assert (job.status, bells) == (Status.DEAD, [])
        assert job.error == "The worker stopped in the middle of the work."
        assert job.finished_at is not None

    def test_taken_back_beside_a_waiting_one_with_its_key_it_gives_the_key_up(self):
        lost = JobFactory(status=Status.RUNNING, attempts=1, lease_until=now(-1), key="count:1")
        JobFactory(key="count:1")
        services.sweep()
        lost.refresh_from_db()
        assert (lost.status, lost.key) == (Status.QUEUED, "")

    def test_a_bell_nobody_answered_rings_again_once(self, bells):
        job = JobFactory(rung_at=now(-services.RING_AGAIN_SECONDS - 1))
        services.sweep()
        services.sweep()
        assert bells == [job.pk]

    def test_a_fresh_bell_is_given_time(self, bells):
        JobFactory(rung_at=now(-1))
        services.sweep()
        assert bells == []

    def test_a_delayed_job_is_rung_for_when_its_time_has_come(self, bells):
        job = JobFactory(rung_at=now(-2), run_after=now(-1))
        services.sweep()
        assert bells == [job.pk]

    def test_what_could_not_be_rung_is_rung_when_the_queue_is_back(self, bells, monkeypatch, queue_is_down):
        job = JobFactory(rung_at=None)
        services.sweep()
        assert Job.objects.get().rung_at is None
        monkeypatch.setattr(bell, "publish", bells.append)
        services.sweep()
        assert bells == [job.pk]

    def test_apps_add_sweepers_and_one_that_fails_does_not_stop_the_next(self, monkeypatch, caplog):
        called = []

        def broken():
            raise ZeroDivisionError

        monkeypatch.setattr(registry, "_sweepers", [])
        registry.register_sweeper(broken)
        registry.register_sweeper(lambda: called.append(1))
        services.sweep()
        assert called == [1]
        assert "broken" in caplog.text

    def test_workers_that_are_long_gone_are_forgotten(self):
        Worker.objects.create(name="old", seen_at=now(-8 * 86_400))
        Worker.objects.create(name="new", seen_at=now())
        services.sweep()
        assert [worker.name for worker in Worker.objects.all()] == ["new"]
