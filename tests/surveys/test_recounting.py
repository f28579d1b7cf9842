"""A large recount in pieces: the same numbers as by one process, whoever helps and whoever dies.

Only PostgreSQL divides a recount. Other connections take part, so what they see is committed.
"""

import threading
from datetime import timedelta

import numpy as np
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from jobs.models import Job, Status
from jobs.runner import run_job
from surveys.links import public_link
from surveys.models import Comment, CommentKind, Exclusion, GroupTally, RecountPiece, Response
from surveys.rows import SnapshotGone
from surveys.services import close_survey, pieces, recount_tallies, request_recount, submit_response
from surveys.services.folding import locked_questionnaire, take_off
from surveys.services.mixing import mix_answers
from surveys.services.pieces import HELP, help_recount
from surveys.tally import Tally, count
from tests.support.processes import wait_for

SCALE, ITEMS = (1, 5), 5


@pytest.fixture
def small_pieces(monkeypatch):
    """Every recount is divided, by single pages."""
    monkeypatch.setattr(pieces, "WORTH_DIVIDING", 1)
    monkeypatch.setattr(pieces, "PAGES", 1)


@pytest.fixture
def filled(survey):
    """2,000 counted answers of three groups, on some twenty pages; some simulated, left out, or not counted yet."""
    drawn = np.random.default_rng(1).integers(0, 6, (2_000, ITEMS), dtype=np.uint8)
    questionnaire, groups = survey.questionnaires.get(), list(survey.assessment.groups.all())
    exclusion = Exclusion.objects.create(survey=survey, flag="speeder", reason="Too fast")
    common = {"questionnaire": questionnaire, "tallied": True}
    answers = [
        Response(ratings=row.tobytes(), group=groups[at % 3], simulated=at % 10 == 0, **common)
        for at, row in enumerate(drawn)
    ]
    answers.append(Response(ratings=bytes([5] * ITEMS), group=groups[0], exclusion=exclusion, **common))
    Response.objects.bulk_create(answers)
    recount_tallies(survey=survey)
    return survey


def tallies():
    return {(row.group_id, row.simulated): Tally.from_bytes(bytes(row.packed)) for row in GroupTally.objects.all()}


def expected():
    """Counted without any of the product's statements."""
    packed = {}
    for answer in Response.objects.filter(exclusion=None):
        packed.setdefault((answer.group_id, answer.simulated), []).append(
            np.frombuffer(bytes(answer.ratings), np.uint8)
        )
    return {key: count(np.vstack(ratings), SCALE) for key, ratings in packed.items()}


def spoil():
    GroupTally.objects.update(packed=Tally.empty(ITEMS, SCALE).to_bytes(), respondents=0)


class Meanwhile:
    """A progress callback that does something once, when the first piece is counted, and where pieces are counted."""

    def __init__(self, work=lambda: None):
        self.work, self.told, self.done = work, [], False

    def __call__(self, done, total, step):
        self.told.append((done, total))
        if done and not self.done:
            self.done = True
            self.work()


def in_a_thread(work):
    """Run it beside, on a connection of its own. Returns what waits for its end and gives what it returned."""
    results = []

    def run():
        try:
            results.append(work())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()

    def result():
        thread.join(30)
        [found] = results
        if isinstance(found, Exception):
            raise found
        return found

    return result


def free_piece():
    return RecountPiece.objects.filter(taken_at=None).first()


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_in_pieces_it_finds_what_one_process_finds(filled, small_pieces):
    before = tallies()
    assert before == expected()
    assert len(before) == 6
    found = recount_tallies(survey=filled)
    assert (found.respondents, found.corrected) == (2_000, ())
    assert tallies() == before
    assert not RecountPiece.objects.exists()


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_in_pieces_it_corrects_tallies_that_are_wrong(filled, small_pieces):
    right = tallies()
    spoil()
    # As nobody is counted by what is stored, the size is not known beforehand.
    GroupTally.objects.filter(group__code="group-0", simulated=False).update(respondents=2_000)
    assert recount_tallies(survey=filled).corrected == ("Group 0", "Group 1", "Group 2")
    assert tallies() == right


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_has_time_helps(filled, small_pieces):
    right = tallies()

    def help_once():
        job = Job.objects.filter(kind=HELP, status=Status.QUEUED).first()
        beside = in_a_thread(lambda: run_job(job.pk))
        beside()

    found = recount_tallies(survey=filled, progress=Meanwhile(help_once))
    assert (found.respondents, found.corrected) == (2_000, ())
    assert tallies() == right
    helped, next_helper = Job.objects.filter(kind=HELP).order_by("created_at")
    assert (helped.status, next_helper.status) == (Status.DONE, Status.QUEUED)
    assert helped.result["pieces"] > 5


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_two_helpers_and_the_recount_count_each_page_once(filled, small_pieces):
    def help_twice():
        [first] = Job.objects.filter(kind=HELP, status=Status.QUEUED)
        beside = in_a_thread(lambda: run_job(first.pk))
        second = wait_for(lambda: Job.objects.filter(kind=HELP, status=Status.QUEUED).first(), "the next helper")
        beside_too = in_a_thread(lambda: run_job(second.pk))
        beside()
        beside_too()

    right = tallies()
    assert recount_tallies(survey=filled, progress=Meanwhile(help_twice)).corrected == ()
    assert tallies() == right


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_what_a_helper_took_and_never_finished_is_counted_again(filled, small_pieces, monkeypatch):
    monkeypatch.setattr(pieces, "PATIENCE_SECONDS", 0.1)
    right = tallies()

    def take_three_and_die():
        free = RecountPiece.objects.filter(taken_at=None)[:3]
        RecountPiece.objects.filter(pk__in=[piece.pk for piece in free]).update(taken_at=timezone.now())

    assert recount_tallies(survey=filled, progress=Meanwhile(take_three_and_die)).corrected == ()
    assert tallies() == right
    assert not RecountPiece.objects.exists()


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_a_helper_that_comes_back_too_late_changes_nothing(filled, small_pieces, monkeypatch):
    monkeypatch.setattr(pieces, "PATIENCE_SECONDS", 0.1)
    right, late = tallies(), []

    def take_one():
        late.append(free_piece())
        RecountPiece.objects.filter(pk=late[0].pk).update(taken_at=timezone.now())

    recount_tallies(survey=filled, progress=Meanwhile(take_one))
    assert RecountPiece.objects.filter(pk=late[0].pk, tallies=None).update(tallies=b"late") == 0
    assert (
        help_recount(
            survey=filled, questionnaire_id=late[0].questionnaire_id, snapshot=late[0].snapshot, progress=Meanwhile()
        )
        == 0
    )
    assert tallies() == right


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_a_recount_that_dies_leaves_the_tallies_as_they_were_and_the_next_one_does_it(filled, small_pieces):
    right = tallies()
    GroupTally.objects.filter(group__code="group-1").update(packed=Tally.empty(ITEMS, SCALE).to_bytes())
    wrong = tallies()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [(holder,)] = cursor.fetchall()
    snapshots = []

    def die():
        """The connection that holds lock and snapshot ends, as it does with its process."""
        snapshots.append(RecountPiece.objects.first().snapshot)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [holder])

    with pytest.raises((SnapshotGone, DatabaseError)):
        recount_tallies(survey=filled, progress=Meanwhile(die))
    connection.close()
    assert tallies() == wrong
    [snapshot], questionnaire = snapshots, filled.questionnaires.get()
    # What a killed process leaves: its pieces. A helper finds that the snapshot is gone.
    left = RecountPiece.objects.create(questionnaire=questionnaire, snapshot=snapshot, first_page=0, end_page=1)
    helped = in_a_thread(
        lambda: help_recount(survey=filled, questionnaire_id=questionnaire.pk, snapshot=snapshot, progress=Meanwhile())
    )
    assert helped() == 0
    left.refresh_from_db()
    assert left.tallies is None

    assert recount_tallies(survey=filled).corrected == ("Group 1",)
    assert tallies() == right
    assert not RecountPiece.objects.exists()


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_a_recount_whose_lease_is_lost_stops_and_writes_nothing(filled, small_pieces):
    spoil()
    GroupTally.objects.update(respondents=1)
    wrong = tallies()

    def lose():
        raise RuntimeError("the lease is lost")

    with pytest.raises(RuntimeError, match="the lease is lost"):
        recount_tallies(survey=filled, progress=Meanwhile(lose))
    assert tallies() == wrong
    assert not RecountPiece.objects.exists()


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_answers_that_arrive_meanwhile_are_neither_lost_nor_counted_twice(filled, small_pieces):
    link = public_link(filled.links.first().token)

    def arrive():
        for _ in range(20):
            submit_response(link=link, answers=bytes([3] * ITEMS))

    assert recount_tallies(survey=filled, progress=Meanwhile(arrive)).respondents == 2_020
    assert tallies() == expected()


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_answers_erased_meanwhile_wait_for_the_recount_and_are_taken_off(filled, small_pieces):
    waits = []

    def erase():
        with transaction.atomic():
            questionnaire = locked_questionnaire(filled.questionnaires.get().pk)
            gone = list(Response.objects.filter(exclusion=None)[:50])
            take_off(questionnaire, gone)
            Response.objects.filter(pk__in=[answer.pk for answer in gone]).delete()

    assert recount_tallies(survey=filled, progress=Meanwhile(lambda: waits.append(in_a_thread(erase)))).corrected == ()
    waits[0]()
    assert Response.objects.filter(exclusion=None).count() == 1_950
    assert tallies() == expected()
    assert recount_tallies(survey=filled).corrected == ()


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_progress_rises_from_nothing_to_everything(filled, small_pieces):
    progress = Meanwhile()
    recount_tallies(survey=filled, progress=progress)
    done = [counted for counted, _ in progress.told]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, 2_000)
    assert len(set(done)) > 10
    assert {total for _, total in progress.told} == {2_000}


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_with_one_worker_the_recount_does_it_all_and_the_helper_finds_nothing_left(
    filled, small_pieces, run_waiting_jobs
):
    job = request_recount(survey=filled)
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.status, job.result) == (Status.DONE, {"respondents": 2_000, "corrected": []})
    [helper] = Job.objects.filter(kind=HELP)
    assert (helper.status, helper.result) == (Status.DONE, {"pieces": 0})


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_an_answer_that_does_not_fit_stops_the_recount_and_its_helper_says_nothing(
    filled, small_pieces, run_waiting_jobs
):
    Response.objects.filter(pk=Response.objects.filter(exclusion=None).first().pk).update(ratings=b"\x01\x02")
    job = request_recount(survey=filled)
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.status, job.attempts) == (Status.DEAD, 1)
    assert "have 2 ratings, the questionnaire has 5 issues" in job.error
    assert set(Job.objects.filter(kind=HELP).values_list("status", flat=True)) == {Status.DONE}
    assert not RecountPiece.objects.exists()


def test_a_small_recount_asks_nobody_for_help(filled):
    recount_tallies(survey=filled)
    assert not Job.objects.filter(kind=HELP).exists()


@pytest.mark.embedded
def test_on_sqlite_one_process_counts_however_many_answers_there_are(filled, small_pieces):
    found = recount_tallies(survey=filled)
    assert (found.respondents, found.corrected) == (2_000, ())
    assert tallies() == expected()
    assert not Job.objects.filter(kind=HELP).exists()


def test_what_a_killed_recount_left_goes_when_the_order_of_the_answers_is_taken_away(survey, questionnaire):
    RecountPiece.objects.create(questionnaire=questionnaire, snapshot="1-1", first_page=0, end_page=1, tallies=b"x")
    Comment.objects.create(
        questionnaire=questionnaire, group=survey.assessment.groups.first(), kind=CommentKind.OVERALL, text="Well"
    )
    close_survey(survey=survey)
    assert mix_answers(survey=survey)
    assert not RecountPiece.objects.exists()


def test_what_a_killed_recount_left_goes_after_a_day(questionnaire):
    old, new = (
        RecountPiece.objects.create(questionnaire=questionnaire, snapshot="1-1", first_page=at, end_page=at + 1)
        for at in range(2)
    )
    RecountPiece.objects.filter(pk=old.pk).update(made_at=timezone.now() - timedelta(days=2))
    pieces.forget_lost_pieces()
    assert list(RecountPiece.objects.all()) == [new]


def test_help_for_a_questionnaire_that_is_gone_ends_quietly(survey):
    assert help_recount(survey=survey, questionnaire_id=0, snapshot="1-1", progress=Meanwhile()) == 0
