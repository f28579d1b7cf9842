import threading
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection, transaction
from django.utils import timezone

from jobs.models import Job, Status
from surveys import rows
from surveys.links import public_link
from surveys.models import GroupTally, Response
from surveys.rows import MisshapenAnswer
from surveys.services import (
    close_survey,
    fold_responses,
    folding,
    recount_tallies,
    remove_simulated,
    request_recount,
    submit_response,
)
from surveys.services.folding import request_fold, request_folds_of_untallied
from surveys.tally import Tally, count
from tests.support.factories import ResponseFactory

SCALE = (1, 5)


def answers(number, seed=1, items=5):
    """Ratings 0 to 5; nobody leaves out the first issue, so no answer is empty."""
    ratings = np.random.default_rng(seed).integers(0, 6, (number, items), dtype=np.uint8)
    ratings[:, 0] = np.maximum(ratings[:, 0], 1)
    return ratings


@pytest.fixture
def send(survey):
    """send(number, group=0, simulated=False): that many answers to a group's link; returns them as an array."""
    links = [public_link(link.token) for link in survey.links.all()]

    def send(number, group=0, simulated=False, seed=1):
        ratings = answers(number, seed)
        for row in ratings:
            submit_response(link=links[group], answers=row.tobytes(), simulated=simulated)
        return ratings

    return send


def tally_of(survey, group=0, simulated=False):
    row = GroupTally.objects.get(group=survey.links.all()[group].group, simulated=simulated)
    tally = Tally.from_bytes(bytes(row.packed))
    assert row.respondents == tally.respondents
    return tally


def test_folding_counts_every_new_answer(survey, send):
    ratings = send(10)
    assert fold_responses(survey=survey) == 10
    assert tally_of(survey) == count(ratings, SCALE)


def test_folding_again_adds_only_what_is_new(survey, send):
    first = send(6)
    fold_responses(survey=survey)
    second = send(4, seed=2)
    assert fold_responses(survey=survey) == 4
    assert tally_of(survey) == count(np.vstack([first, second]), SCALE)


def test_folding_without_new_answers_changes_nothing(survey, send):
    send(3)
    fold_responses(survey=survey)
    before = tally_of(survey)
    assert fold_responses(survey=survey) == 0
    assert tally_of(survey) == before


def test_groups_and_simulated_answers_have_tallies_of_their_own(survey, send):
    real, other, simulated = send(3), send(4, group=1), send(5, simulated=True)
    fold_responses(survey=survey)
    assert tally_of(survey) == count(real, SCALE)
    assert tally_of(survey, group=1) == count(other, SCALE)
    assert tally_of(survey, simulated=True) == count(simulated, SCALE)
    assert GroupTally.objects.count() == 3


def test_folding_goes_on_in_batches_and_tells_how_far_it_is(survey, send, monkeypatch):
    monkeypatch.setattr(folding, "BATCH", 4)
    ratings = send(10)
    told = []
    assert fold_responses(survey=survey, progress=lambda done, total, step: told.append((done, total))) == 10
    assert told == [(4, 10), (8, 10), (10, 10)]
    assert tally_of(survey) == count(ratings, SCALE)


@pytest.mark.django_db(transaction=True)
def test_a_fold_that_stops_in_the_middle_has_counted_whole_batches_only(survey, send, monkeypatch):
    monkeypatch.setattr(folding, "BATCH", 4)
    ratings = send(10)
    stored = folding.shift

    def die_in_the_third_batch(row, tally, **changed):
        if tally.respondents == 10:
            raise RuntimeError("the worker was killed")
        stored(row, tally, **changed)

    monkeypatch.setattr(folding, "shift", die_in_the_third_batch)
    with pytest.raises(RuntimeError):
        fold_responses(survey=survey)
    assert tally_of(survey).respondents == Response.objects.filter(tallied=True).count() == 8

    monkeypatch.setattr(folding, "shift", stored)
    assert fold_responses(survey=survey) == 2
    assert tally_of(survey) == count(ratings, SCALE)


@pytest.mark.django_db(transaction=True)
def test_two_folds_at_once_count_each_answer_once(survey, send, monkeypatch):
    monkeypatch.setattr(folding, "BATCH", 3)
    ratings, other = send(40), send(20, group=1)
    folded = at_once(lambda: fold_responses(survey=survey), lambda: fold_responses(survey=survey))
    assert sum(folded) == 60
    assert tally_of(survey) == count(ratings, SCALE)
    assert tally_of(survey, group=1) == count(other, SCALE)


@pytest.mark.django_db(transaction=True)
def test_a_recount_during_folds_and_new_answers_loses_nothing(survey, send, monkeypatch):
    monkeypatch.setattr(folding, "BATCH", 3)
    first = send(30)
    late = []
    at_once(
        lambda: fold_responses(survey=survey),
        lambda: recount_tallies(survey=survey),
        lambda: late.append(send(30, seed=2)),
    )
    fold_responses(survey=survey)
    assert tally_of(survey) == count(np.vstack([first, *late]), SCALE)


@pytest.mark.production  # SQLite has one writer at a time
@pytest.mark.django_db(transaction=True)
def test_an_answer_is_stored_while_a_fold_holds_its_lock(survey, send):
    with transaction.atomic():
        folding.locked_questionnaire(survey.questionnaires.get().pk)
        at_once(lambda: send(1))
    assert Response.objects.count() == 1


def at_once(*works):
    """Run each in a thread with a connection of its own; what they return, once all have ended."""
    results, errors = [], []
    start = threading.Barrier(len(works))

    def run(work):
        try:
            start.wait(10)
            results.append(work())
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors, errors
    return results


def test_a_recount_gives_what_the_folds_gave(survey, send):
    ratings = send(7)
    send(2, group=2, simulated=True)
    fold_responses(survey=survey)
    found = recount_tallies(survey=survey)
    assert (found.respondents, found.corrected) == (9, ())
    assert tally_of(survey) == count(ratings, SCALE)


def test_a_recount_corrects_a_tally_that_is_wrong_and_names_its_group(survey, send):
    ratings = send(7)
    fold_responses(survey=survey)
    wrong = count(ratings[:3], SCALE)
    GroupTally.objects.update(packed=wrong.to_bytes(), respondents=3)
    assert recount_tallies(survey=survey).corrected == ("Group 0",)
    assert tally_of(survey) == count(ratings, SCALE)


def test_a_recount_removes_a_tally_without_answers_and_restores_a_lost_one(survey, send):
    send(2)
    send(3, group=1)
    fold_responses(survey=survey)
    GroupTally.objects.filter(group__code="group-0").delete()
    Response.objects.filter(group__code="group-1").delete()
    assert recount_tallies(survey=survey).corrected == ("Group 0", "Group 1")
    assert tally_of(survey).respondents == 2
    assert GroupTally.objects.count() == 1


def test_a_recount_counts_new_answers_too(survey, send):
    ratings = send(5)
    assert recount_tallies(survey=survey).respondents == 5
    assert tally_of(survey) == count(ratings, SCALE)


def test_a_large_recount_is_read_in_pieces(survey, send, monkeypatch):
    ratings, other = send(30), send(10, group=1)
    fold_responses(survey=survey)
    monkeypatch.setattr(rows, "_PIECE", 8192 if connection.vendor == "postgresql" else 1)
    monkeypatch.setattr(rows, "_FETCHED_AT_ONCE", 7)
    questionnaire = survey.questionnaires.get()
    pieces = list(rows.tallied(questionnaire_id=questionnaire.pk, items=5, expected=10_000))
    assert sum(len(packed) for piece in pieces for packed in piece.values()) == 40 * 5
    assert recount_tallies(survey=survey).corrected == ()
    assert tally_of(survey) == count(ratings, SCALE)
    assert tally_of(survey, group=1) == count(other, SCALE)


@pytest.mark.parametrize("ratings", [b"\x01\x02", bytes([1] * 10)])
def test_an_answer_that_does_not_fit_its_questionnaire_stops_the_count(survey, questionnaire, send, ratings):
    send(2)
    ResponseFactory(questionnaire=questionnaire, group=survey.links.first().group, ratings=ratings)
    with pytest.raises(MisshapenAnswer, match=f"have {len(ratings)} ratings, the questionnaire has 5 issues"):
        fold_responses(survey=survey)


def test_two_wrong_lengths_that_add_up_are_noticed_as_well(survey, questionnaire):
    for length in (4, 6):
        ResponseFactory(questionnaire=questionnaire, group=survey.links.first().group, ratings=bytes([1] * length))
    with pytest.raises(MisshapenAnswer, match="have 4, 6 ratings"):
        fold_responses(survey=survey)


def test_removing_simulated_answers_leaves_the_real_ones(survey, send):
    ratings = send(3)
    send(4, simulated=True)
    fold_responses(survey=survey)
    send(2, simulated=True, seed=3)  # not counted yet
    assert remove_simulated(survey=survey) == 6
    assert tally_of(survey) == count(ratings, SCALE)
    assert Response.objects.count() == 3
    assert not GroupTally.objects.filter(simulated=True).exists()


def test_the_sweep_asks_for_folds_of_what_nobody_counts(survey, send):
    send(1)
    request_folds_of_untallied()
    request_folds_of_untallied()
    assert Job.objects.get().arguments == {"survey": survey.pk}


def test_the_sweep_asks_for_nothing_when_all_is_counted(survey, send):
    send(1)
    fold_responses(survey=survey)
    request_folds_of_untallied()
    assert not Job.objects.exists()


def test_the_sweep_does_not_repeat_a_fold_that_has_just_failed(survey, send):
    send(1)
    request_folds_of_untallied()
    Job.objects.update(status=Status.DEAD, finished_at=timezone.now())
    request_folds_of_untallied()
    assert Job.objects.count() == 1


def test_the_sweep_tries_again_after_a_while(survey, send):
    send(1)
    request_folds_of_untallied()
    Job.objects.update(status=Status.DEAD, finished_at=timezone.now() - timedelta(hours=1))
    request_folds_of_untallied()
    assert Job.objects.count() == 2


def test_answers_of_a_closed_survey_are_counted(survey, send):
    send(2)
    close_survey(survey=survey)
    assert fold_responses(survey=survey) == 2


def test_jobs_count_and_recount(survey, send, run_waiting_jobs, house):
    send(4)
    request_fold(survey.pk, survey.assessment.organisation_id, "a1")
    recount = request_recount(survey=survey, by=house.analyst)
    run_waiting_jobs()
    assert Job.objects.get(kind="surveys.fold").result == {"counted": 4}
    recount.refresh_from_db()
    assert (recount.status, recount.result) == (Status.DONE, {"respondents": 4, "corrected": []})
    assert recount.created_by == house.analyst


def test_a_count_that_cannot_succeed_is_given_up_at_once(survey, questionnaire, run_waiting_jobs):
    ResponseFactory(questionnaire=questionnaire, group=survey.links.first().group, ratings=b"\x01")
    request_fold(survey.pk, survey.assessment.organisation_id, "a1")
    run_waiting_jobs()
    job = Job.objects.get()
    assert (job.status, job.attempts) == (Status.DEAD, 1)
    assert "have 1 ratings, the questionnaire has 5 issues" in job.error


def test_a_job_of_a_survey_that_is_gone_ends_quietly(survey, run_waiting_jobs):
    request_fold(survey.pk, survey.assessment.organisation_id, "a1")
    request_recount(survey=survey)
    survey.links.all().delete()
    survey.questionnaires.get().items.all().delete()
    survey.delete()
    run_waiting_jobs()
    assert set(Job.objects.values_list("status", flat=True)) == {Status.DONE}


def test_a_job_counts_its_own_organisations_survey_only(survey, send, house, run_waiting_jobs):
    send(1)
    request_fold(survey.pk, house.elsewhere.pk, "a1")
    run_waiting_jobs()
    assert not GroupTally.objects.exists()
