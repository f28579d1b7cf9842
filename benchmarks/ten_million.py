"""Ten million simulated answers: written, counted, and counted afresh by one worker and by two.

Writing and counting go on in batches, so what one answer costs must not depend on how many there are, and memory must
not grow with them. The bars: at most 1.15 times the time per answer that a million takes, which is room for noise and
for nothing that grows; and less than 300 MB more resident than before. A million is measured before and after the ten
million, each time in a room of its own, and the mean counts, since machines drift.

A recount so large is divided. Two workers cannot do it in less than half the time; the bar is 1.6 times as fast, which
leaves a fifth for what is not divided: reading and writing the tallies, calling for help, waiting for the last piece.
Each worker is a Celery process as `make worker` starts it, with one child; the second one is started before each
measurement of two, helps once to warm up, and is ended after it. The times are those in the job's row: from its claim
to its end. A recount that misses an answer, or a second worker that counted nothing, fails the benchmark.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.comparison import Bar, Outcome, count, take_turns
from benchmarks.crowd import new_survey, settle
from benchmarks.memory import most_resident, resident
from benchmarks.progress import show
from benchmarks.room import Room, open_room
from benchmarks.sizes import GROUPS, ITEMS, Size
from jobs.models import Job, Status, Worker
from surveys.models import GroupTally, Response, Survey
from surveys.services import fold_responses, request_recount, simulate_answers
from surveys.services.pieces import HELP, worth_dividing

MEGABYTES = 300
SAME_TIME = Bar("<=", 1.15)
_PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Cost:
    """Microseconds per answer, and how much more memory in MB than before."""

    simulating: float
    simulating_memory: float
    folding: float
    folding_memory: float


def run(size: Size) -> list[Outcome]:
    before = _in_a_room(size.many)
    with open_room("postgresql") as room:
        cost = room.call(simulate_and_fold, size.most)
        room.call(settle)
        workers = _one_or_two_workers(room, size)
    few = [before, _in_a_room(size.many)]
    words = f"the same for {size.many:,} instead of {size.most:,} answers"
    memory = f"{MEGABYTES} MB more than before"
    bar = Bar("<", 1)
    simulating, folding = (
        statistics.mean(part) for part in zip(*((c.simulating, c.folding) for c in few), strict=True)
    )
    return [
        count(
            name="simulate-ten-million", ours=cost.simulating, against=words, reference=simulating,
            unit="µs per answer", bar=SAME_TIME,
        ),
        count(
            name="simulate-ten-million-memory", ours=cost.simulating_memory, against=memory, reference=MEGABYTES,
            unit="MB", bar=bar,
        ),
        count(
            name="fold-ten-million", ours=cost.folding, against=words, reference=folding,
            unit="µs per answer", bar=SAME_TIME,
        ),
        count(
            name="fold-ten-million-memory", ours=cost.folding_memory, against=memory, reference=MEGABYTES,
            unit="MB", bar=bar,
        ),
        workers,
    ]  # fmt: skip


def _in_a_room(answers: int) -> Cost:
    with open_room("postgresql") as room:
        return room.call(simulate_and_fold, answers)


def simulate_and_fold(answers: int) -> Cost:
    """In a room: write that many simulated answers, then count them."""
    survey = new_survey(groups=GROUPS, issues=ITEMS)
    at_first = resident()
    start = time.perf_counter()
    simulate_answers(assessment=survey.assessment, respondents=answers, seed=1, progress=_say)
    simulated, after_simulating = time.perf_counter(), most_resident()
    fold_responses(survey=survey, progress=_say)
    folded = time.perf_counter()
    found = sum(GroupTally.objects.filter(simulated=True).values_list("respondents", flat=True))
    if (Response.objects.count(), found) != (answers, answers):
        raise AssertionError(f"{answers:,} answers were simulated, and {found:,} of them counted.")
    return Cost(
        simulating=(simulated - start) / answers * 1e6,
        simulating_memory=after_simulating - at_first,
        folding=(folded - simulated) / answers * 1e6,
        folding_memory=most_resident() - at_first,
    )


def _say(done: int, total: int, step: str) -> None:
    if done % 200_000 == 0:
        show(f"{step}: {done:,} of {total:,}")


def _one_or_two_workers(room: Room, size: Size) -> Outcome:
    def alone() -> float:
        return room.call(recount_in_worker, size.most, 1)

    def together() -> float:
        with _worker(room, 2):
            room.call(recount_in_worker, size.most, 2)  # a worker is slower at its first job
            return room.call(recount_in_worker, size.most, 2)

    with _worker(room, 1):
        return take_turns(
            name="recount-two-workers",
            ours=together,
            against=f"the same {size.most:,} answers with one worker",
            reference=alone,
            unit="million answers/s",
            bar=Bar(">=", 1.6),
            pairs=max(size.pairs // 2, 2),
        )


def recount_in_worker(answers: int, workers: int) -> float:
    """In a room: have a worker count everything afresh. Million answers per second."""
    survey = Survey.objects.get()
    _wait_for_quiet()
    job = request_recount(survey=survey)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while job.status in (Status.QUEUED, Status.RUNNING) and time.monotonic() < deadline:
        time.sleep(0.05)
        job.refresh_from_db()
    if job.status != Status.DONE or job.result != {"respondents": answers, "corrected": []}:
        raise AssertionError(f"The recount of {answers:,} answers: {job}, {job.result} {job.error}")
    _wait_for_quiet()
    helpers = Job.objects.filter(kind=HELP, created_at__gte=job.created_at)
    helped = sum(helper.result.get("pieces", 0) for helper in helpers)
    if worth_dividing(expected=answers, items=ITEMS) and (helped > 0) != (workers > 1):
        raise AssertionError(f"With {workers} worker(s), helpers counted {helped} pieces.")
    assert job.started_at
    assert job.finished_at
    return answers / 1e6 / (job.finished_at - job.started_at).total_seconds()


def _wait_for_quiet() -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while Job.objects.filter(status__in=[Status.QUEUED, Status.RUNNING]).exists():
        if time.monotonic() > deadline:
            raise AssertionError("The workers do not come to an end of their jobs.")
        time.sleep(0.05)


@contextmanager
def _worker(room: Room, number: int) -> Iterator[None]:
    """A worker process on the room's database and queue, from its first report until the block ends."""
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--loglevel=ERROR", "--concurrency=1"]
    with subprocess.Popen(
        [*command, f"--hostname=bench{number}@localhost"], env=room.environment, stdout=subprocess.DEVNULL
    ) as process:
        try:
            room.call(_wait_for_worker, process.pid)
            yield
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for_worker(pid: int) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not Worker.objects.filter(name__endswith=f"({pid})").exists():
        if time.monotonic() > deadline:
            raise AssertionError("The worker does not report.")
        time.sleep(0.1)
