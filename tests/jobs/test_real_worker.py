"""Real worker processes, killed and replaced: embedded (one process, a queue of files) and production."""

import time

import pytest

from accounts.models import AuditEvent
from jobs import services
from jobs.models import Job, Status
from tests.support.factories import OrganisationFactory
from tests.support.job_kinds import COUNT
from tests.support.processes import wait_for

POOLS = [
    pytest.param(["--pool=solo"], id="solo", marks=pytest.mark.embedded),
    pytest.param(["--pool=prefork", "--concurrency=2"], id="prefork", marks=pytest.mark.production),
]


def enqueue(**arguments):
    organisation = OrganisationFactory()
    return services.enqueue(kind=COUNT, organisation=organisation, subject="example", arguments=arguments)


def wait_until(job, condition, what, worker, seconds=30):
    def look():
        job.refresh_from_db()
        return condition(job)

    wait_for(look, what, seconds, lambda: f"{job}, {job.error}\n{worker.printed()}")


@pytest.mark.parametrize("pool", POOLS)
def test_a_worker_killed_in_the_middle_is_replaced_and_the_job_done_once(start_worker, pool):
    first = start_worker(*pool)
    job = enqueue(steps=15, pause=0.1)
    wait_until(job, lambda job: job.steps_done > 1, "the first worker to begin", first)
    first.kill_all()
    assert Job.objects.get(pk=job.pk).status == Status.RUNNING

    second = start_worker(*pool)
    wait_until(job, lambda job: job.status == Status.DONE, "the second worker to finish", second)
    assert (job.attempts, job.fence, AuditEvent.objects.count()) == (2, 2, 1)


@pytest.mark.parametrize("pool", POOLS)
def test_two_workers_share_the_jobs_and_do_each_once(start_worker, pool):
    workers = [start_worker(*pool), start_worker(*pool)]
    organisation = OrganisationFactory()
    jobs = [
        services.enqueue(kind=COUNT, organisation=organisation, subject="example", arguments={"pause": 0.05})
        for _ in range(12)
    ]
    done = Job.objects.filter(status=Status.DONE)
    wait_for(lambda: done.count() == len(jobs), "the jobs", 30, workers[0].printed)
    assert set(done.values_list("attempts", flat=True)) == {1}
    assert len({job.result["pid"] for job in done}) > 1
    assert AuditEvent.objects.count() == len(jobs)


@pytest.mark.embedded
def test_a_worker_without_a_queue_folder_says_so_and_ends(start_worker, settings, tmp_path):
    (tmp_path / "queue").touch()
    with pytest.raises(AssertionError, match=r"The queue of background jobs is kept in .*/queue"):
        start_worker("--pool=solo", SALIENT_VAR=str(tmp_path), SECRET_KEY="given")


@pytest.mark.production
def test_while_redis_is_down_jobs_are_taken_and_afterwards_they_are_done(start_worker, redis_server, monkeypatch):
    monkeypatch.setenv("CELERY_BROKER_URL", redis_server.url)  # here
    worker = start_worker("--concurrency=1", REDIS_URL=redis_server.url)  # and there
    redis_server.stop()
    start = time.monotonic()
    job = enqueue()
    assert time.monotonic() - start < 2
    job.refresh_from_db()
    assert (job.status, job.rung_at) == (Status.QUEUED, None)

    redis_server.start()
    wait_until(job, lambda job: job.status == Status.DONE, "the job after Redis came back", worker, 60)
    assert job.attempts == 1


@pytest.mark.production
def test_a_child_process_that_dies_is_replaced_and_its_job_done_once(start_worker):
    """Celery counts the message of a killed child as done; the row knows better."""
    worker = start_worker("--pool=prefork", "--concurrency=1")
    job = enqueue(steps=15, pause=0.1)
    wait_until(job, lambda job: job.steps_done > 1, "the child to begin", worker)
    worker.kill_children()
    wait_until(job, lambda job: job.status == Status.DONE, "another child to finish", worker)
    assert (job.attempts, AuditEvent.objects.count()) == (2, 1)
    worker.kill_all()  # a gentle end would wait ten seconds for the child that is lost
