import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import AuditEvent
from jobs import registry, services
from jobs.models import Job, Status
from jobs.runner import LeaseLost, claim, run_job
from tests.support.factories import JobFactory, OrganisationFactory
from tests.support.job_kinds import COUNT, FAIL, REFUSE


@pytest.fixture
def handled_by(monkeypatch):
    """handled_by(function): a job whose handler is that function."""

    def make(handler, **fields):
        monkeypatch.setitem(registry._kinds, "tests.own", registry.Kind("tests.own", handler, "Own"))
        return JobFactory(kind="tests.own", **fields)

    return make


def later(seconds):
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True)


@pytest.mark.django_db
class TestClaim:
    def test_it_counts_the_attempt_and_raises_the_fence(self, settings):
        job = JobFactory()
        before = timezone.now()
        run = claim(job.pk)
        assert (run.job.status, run.job.attempts, run.job.fence) == (Status.RUNNING, 1, 1)
        assert run.job.lease_until >= before + timedelta(seconds=settings.JOB_LEASE_SECONDS)

    @pytest.mark.parametrize("status", [Status.RUNNING, Status.DONE, Status.DEAD])
    def test_only_waiting_jobs_are_to_be_had(self, status):
        assert claim(JobFactory(status=status).pk) is None

    def test_a_job_is_not_to_be_had_before_its_time(self):
        job = JobFactory(run_after=timezone.now() + timedelta(seconds=30))
        assert claim(job.pk) is None
        with later(31):
            assert claim(job.pk) is not None

    def test_a_bell_for_a_job_that_is_gone_does_nothing(self):
        job = JobFactory()
        Job.objects.all().delete()
        run_job(job.pk)
        assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_claimers_at_the_same_moment_one_gets_the_job():
    jobs = JobFactory.create_batch(5, organisation=OrganisationFactory())
    together, won = threading.Barrier(2), []

    def claimer():
        for job in jobs:
            together.wait()
            if claim(job.pk):
                won.append(job.pk)
        connection.close()

    threads = [threading.Thread(target=claimer) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == sorted(job.pk for job in jobs)


@pytest.mark.django_db
class TestRunning:
    def test_result_and_end_are_written_together(self):
        job = JobFactory(kind=COUNT, arguments={"steps": 3})
        run_job(job.pk)
        job.refresh_from_db()
        assert (job.status, job.fraction, AuditEvent.objects.count()) == (Status.DONE, 1.0, 1)
        assert "pid" in job.result
        assert (job.lease_until, job.finished_at is not None) == (None, True)

    def test_a_handler_that_completes_nothing_is_completed(self, handled_by):
        job = handled_by(lambda run: None)
        run_job(job.pk)
        job.refresh_from_db()
        assert (job.status, job.result) == (Status.DONE, {})

    def test_progress_shows_in_the_row_and_extends_the_lease(self, handled_by):
        seen = []

        def handler(run):
            lease = Job.objects.get().lease_until
            with later(20):
                run.progress(2, 8, "Counting")
            job = Job.objects.get()
            seen.append((job.steps_done, job.steps_total, job.step, job.percent, job.lease_until > lease))

        run_job(handled_by(handler).pk)
        assert seen == [(2, 8, "Counting", 25, True)]

    def test_the_database_hears_of_progress_now_and_then_and_of_the_end_always(self, handled_by):
        seen = []

        def handler(run):
            for step in range(1, 1001):
                run.progress(step, 1000)
            seen.append(Job.objects.get().steps_done)

        job = handled_by(handler)
        run_job(job.pk)
        assert seen == [1000]

    def test_what_completing_wrote_is_dropped_when_it_raises(self, handled_by):
        def handler(run):
            with run.completing():
                AuditEvent.objects.create(organisation_id=run.organisation_id, subject=run.subject, summary="written")
                raise OSError("disk full")

        job = handled_by(handler)
        run_job(job.pk)
        job.refresh_from_db()
        assert (job.status, job.error) == (Status.QUEUED, "OSError: disk full")
        assert not AuditEvent.objects.exists()

    def test_a_worker_that_was_given_up_can_write_nothing(self, handled_by):
        """The first worker sleeps over its lease; a second one takes the job and finishes it."""

        def handler(run):
            if run.job.fence > 1:
                with run.completing() as result:
                    result["by"] = "second"
                return
            with later(3600):
                services.sweep()
                run_job(run.job.pk)
            with pytest.raises(LeaseLost):
                run.progress(1, 2)
            with pytest.raises(LeaseLost), run.completing():
                AuditEvent.objects.create(organisation_id=run.organisation_id, subject=run.subject, summary="first")

        job = handled_by(handler)
        run_job(job.pk)
        job.refresh_from_db()
        assert (job.status, job.result, job.attempts) == (Status.DONE, {"by": "second"}, 2)
        assert not AuditEvent.objects.exists()

    def test_a_worker_that_was_given_up_cannot_fail_the_job_either(self, handled_by):
        def handler(run):
            with later(3600):
                services.sweep()
                claim(run.job.pk)
            raise ZeroDivisionError

        job = handled_by(handler)
        run_job(job.pk)
        job.refresh_from_db()
        assert (job.status, job.fence) == (Status.RUNNING, 2)


@pytest.mark.django_db
class TestFailing:
    def test_it_is_tried_again_later_each_time_later_and_then_given_up(self):
        job = JobFactory(kind=FAIL)
        pauses = []
        for _ in range(job.max_attempts):
            Job.objects.filter(pk=job.pk).update(run_after=None)
            moment = timezone.now()
            run_job(job.pk)
            job.refresh_from_db()
            if job.run_after:
                pauses.append(round((job.run_after - moment).total_seconds()))
        assert pauses == [5, 30]
        assert (job.status, job.attempts) == (Status.DEAD, 3)
        assert job.error == "ZeroDivisionError: a made-up fault"

    def test_a_job_that_waits_for_its_next_attempt_is_rung_for_when_due(self, bells):
        job = JobFactory(kind=FAIL, rung_at=timezone.now())
        run_job(job.pk)
        services.sweep()
        assert bells == []
        with later(6):
            services.sweep()
        assert bells == [job.pk]

    def test_a_refusal_is_final_at_once_and_keeps_its_words(self):
        job = JobFactory(kind=REFUSE)
        run_job(job.pk)
        job.refresh_from_db()
        assert (job.status, job.attempts, job.error) == (Status.DEAD, 1, "There are no answers to count.")

    def test_a_validation_error_is_a_refusal(self, handled_by):
        def handler(run):
            raise ValidationError(["The survey has no issues.", "Add one."])

        job = handled_by(handler)
        run_job(job.pk)
        job.refresh_from_db()
        assert (job.status, job.error) == (Status.DEAD, "The survey has no issues. Add one.")

    def test_a_kind_that_no_app_registers_fails_in_words(self):
        job = JobFactory(kind="tests.unheard_of", attempts=2)
        run_job(job.pk)
        job.refresh_from_db()
        assert job.status == Status.DEAD
        assert "tests.unheard_of" in job.error

    def test_a_second_attempt_that_succeeds_leaves_no_error(self):
        job = JobFactory(kind=COUNT, attempts=1, error="ZeroDivisionError: a made-up fault")
        run_job(job.pk)
        job.refresh_from_db()
        assert (job.status, job.error) == (Status.DONE, "")


@pytest.mark.django_db(transaction=True)
def test_a_sweep_waits_for_a_worker_that_is_just_completing():
    """The lease is over, but the worker has begun to write: it may finish."""
    job = JobFactory(kind=COUNT)
    run = claim(job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

    def sweeper():
        services.sweep()
        connection.close()

    thread = threading.Thread(target=sweeper)
    with transaction.atomic(), run.completing() as result:
        thread.start()
        thread.join(0.3)
        result["finished"] = True
    thread.join()
    job.refresh_from_db()
    assert (job.status, job.result) == (Status.DONE, {"finished": True})
