"""The look at the answers in the background."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.models import Job, Status
from surveys import tasks
from surveys.answers import UNANSWERED
from surveys.models import Anonymity, QualityReport, Response, Survey
from surveys.monitor import Bar, findings_of, monitor_of
from surveys.services import close_survey, prepare_survey, remove_simulated
from surveys.services.excluding import exclude
from surveys.services.quality import QUALITY, look, request_look
from tests.support.factories import DraftFactory
from tests.surveys.watch.conftest import ITEMS, STRAIGHT


def findings(survey, questionnaire):
    look(survey=survey)
    return findings_of(survey, list(survey.assessment.groups.all()), list(questionnaire.items.all()))


def flag(found, name):
    return next(each for each in found.flags if each.flag == name)


def test_before_the_first_look_there_is_nothing(survey, questionnaire):
    assert findings_of(survey, [], list(questionnaire.items.all())) is None


def test_a_survey_that_was_never_opened_is_not_looked_at(assessment):
    assert look(survey=prepare_survey(assessment=assessment)) is None


def test_flags_are_told_by_group_where_they_may(survey, questionnaire, crowd):
    found = findings(survey, questionnaire)
    assert (found.seen, found.looked_at, found.held_back) == (70, 70, 0)
    straight = flag(found, "straight-liner")
    # Two of the second group would follow from eight in all and six of the first.
    assert (straight.cells, straight.total) == ((None, None, 0), 8)
    assert flag(found, "mostly-empty").cells == (0, 0, 0)


def test_where_people_are_known_every_number_shows(survey, questionnaire, crowd):
    survey.anonymity = Anonymity.IDENTIFIED
    survey.save()
    assert flag(findings(survey, questionnaire), "straight-liner").cells == (6, 2, 0)


def test_a_few_new_answers_do_not_show_while_the_survey_is_open(survey, questionnaire, crowd, store, closed):
    findings(survey, questionnaire)
    store(4, ratings=STRAIGHT)
    found = findings(survey, questionnaire)
    assert (found.seen, found.looked_at, found.held_back) == (74, 70, 4)
    assert flag(found, "straight-liner").total == 8


def test_simulated_answers_show_at_once(survey, questionnaire, store):
    store(6, ratings=STRAIGHT, simulated=True)
    assert findings(survey, questionnaire).looked_at == 6


def test_removed_simulated_answers_are_not_told_any_more(survey, questionnaire, store):
    store(20, ratings=STRAIGHT, simulated=True)
    assert flag(findings(survey, questionnaire), "straight-liner").total == 20
    remove_simulated(survey=survey)
    store(14)
    found = findings(survey, questionnaire)
    assert (found.looked_at, flag(found, "straight-liner").total) == (14, 0)


def test_one_kind_of_answers_is_looked_at(survey, questionnaire, store):
    store(20, ratings=STRAIGHT, simulated=True)
    store(3)
    found = findings(survey, questionnaire)
    assert (found.seen, found.looked_at) == (20, 20)
    assert not monitor_of(survey).outdates(found)
    store(11)
    assert monitor_of(survey).outdates(found)
    found = findings(survey, questionnaire)
    assert (found.seen, found.looked_at, flag(found, "straight-liner").total) == (14, 14, 0)
    assert not monitor_of(survey).outdates(found)


def test_answers_are_left_out_of_those_that_count(survey, questionnaire, store):
    store(20, ratings=STRAIGHT, simulated=True)
    store(8)
    store(6, ratings=STRAIGHT)
    exclude(survey=survey, flag="straight-liner", reason="They did not read.")
    assert Response.objects.filter(exclusion__isnull=False).count() == 6


def test_a_look_goes_by_the_survey_as_it_is_when_it_ends(survey, questionnaire, crowd, store, closed):
    look(survey=survey)
    store(6)
    stale = Survey.objects.get(pk=survey.pk)
    closed()
    assert findings(stale, questionnaire).looked_at == 76


def test_new_answers_with_a_flag_that_was_left_out_are_told(survey, questionnaire, crowd, store, house):
    exclude(survey=survey, flag="straight-liner", reason="Clicked through.")
    assert flag(findings(survey, questionnaire), "straight-liner").since == ""
    store(5, ratings=STRAIGHT)
    look(survey=survey)
    store(5)
    assert flag(findings(survey, questionnaire), "straight-liner").since == "5"


# --- times ------------------------------------------------------------------------------------------------
def test_times_are_told_in_quartiles_and_bars(survey, questionnaire, store):
    for seconds in (60, 120, 180, 240):
        store(10, seconds=seconds)
    found = findings(survey, questionnaire)
    assert found.timed == 40
    assert (found.middle, found.half) == ("2 min 30 s", "1 min 45 s to 3 min 15 s")
    assert [bar.people for bar in found.times if bar.people] == [10, 10, 10, 10]
    assert found.times[1].label == "30 s to 1 min"


def test_a_bar_holds_its_end_and_not_its_start(survey, questionnaire, store):
    # Seconds are stored rounded up to 5: "5" says that somebody took up to 5 s.
    for place in range(1, 13):
        store(5, seconds=5 * place)
    found = findings(survey, questionnaire)
    assert [bar.people for bar in found.times] == [10] * 6
    assert [bar.label for bar in found.times][:2] == ["up to 10 s", "10 s to 20 s"]


def test_the_shortest_bar_is_up_to_five_seconds(survey, questionnaire, store):
    for seconds in (5, 10):
        store(5, seconds=seconds)
    assert [(bar.label, bar.people) for bar in findings(survey, questionnaire).times] == [
        ("up to 5 s", 5),
        ("5 s to 10 s", 5),
    ]


def test_the_last_bar_is_all_beyond(survey, questionnaire, store):
    store(190, seconds=5, fold=False)
    store(5, seconds=55, fold=False)
    store(5, seconds=60)
    assert [(bar.label, bar.people) for bar in findings(survey, questionnaire).times if bar.people] == [
        ("up to 5 s", 190),
        ("50 s to 55 s", 5),
        ("more than 55 s", 5),
    ]


def test_quarters_of_a_few_are_not_told(survey, questionnaire, store):
    store(12, seconds=100)
    found = findings(survey, questionnaire)
    assert (found.middle, found.half) == ("1 min 40 s", "")


def test_without_times_there_is_no_chart(survey, questionnaire, crowd):
    found = findings(survey, questionnaire)
    assert (found.timed, found.times, found.middle, found.times_to_come) == (0, [], "", 0)


def test_times_that_are_withheld_are_told_as_that(survey, questionnaire, store, closed):
    store(4, seconds=60)
    assert findings(survey, questionnaire).times_to_come == 6
    store(2, seconds=60)
    found = findings(survey, questionnaire)
    assert (found.timed, found.times_to_come) == (0, 5)
    store(4, seconds=60)
    assert findings(survey, questionnaire).times_to_come == 1
    store(1, seconds=60)
    found = findings(survey, questionnaire)
    assert (found.timed, found.times_to_come) == (6, 0)


def test_at_the_end_no_times_are_to_come(survey, questionnaire, store, closed):
    store(4, seconds=60)
    survey = closed()
    found = findings(survey, questionnaire)
    assert (found.times, found.times_to_come) == ([], 0)


# --- drafts -----------------------------------------------------------------------------------------------
def draft(questionnaire, answered):
    group = questionnaire.survey.assessment.groups.first()
    ratings = bytes([3] * answered + [UNANSWERED] * (ITEMS - answered))
    return DraftFactory(questionnaire=questionnaire, group=group, ratings=ratings)


def test_drafts_stop_after_the_last_question_that_was_looked_at(survey, questionnaire, crowd):
    for _ in range(6):
        draft(questionnaire, 0)
    for answered in (3, 4, 4, 5, 5):
        draft(questionnaire, answered)
    for _ in range(7):
        draft(questionnaire, ITEMS)
    found = findings(survey, questionnaire)
    assert found.drafts == 18
    assert found.stops == [
        Bar("1. Issue 0", 6, 6 / 7),
        Bar("4. Issue 3 to 6. Issue 5", 5, 5 / 7),
        Bar("Looked at every question, not sent", 7, 1.0),
    ]


def test_a_few_drafts_are_told_as_a_few(survey, questionnaire, crowd, closed):
    for _ in range(3):
        draft(questionnaire, 2)
    found = findings(closed(), questionnaire)
    assert (found.drafts, found.stops) == (None, [])


# --- the job ----------------------------------------------------------------------------------------------
def test_a_look_is_a_job(survey, crowd, run_waiting_jobs):
    job = request_look(survey=survey)
    assert request_look(survey=survey) == job
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.status, job.page) == (Status.DONE, "/o/example/a/a1/survey/answers/")
    assert QualityReport.objects.get().findings["answers"] == 70


def looks():
    return Job.objects.filter(kind=QUALITY)


@pytest.mark.django_db(transaction=True)
def test_closing_asks_for_a_look_once(survey, crowd, run_waiting_jobs):
    tasks.sweep()
    assert not looks().exists()
    close_survey(survey=survey)
    tasks.sweep()
    tasks.sweep()
    assert looks().count() == 1
    run_waiting_jobs()
    tasks.sweep()
    assert looks().count() == 1


def test_a_look_that_failed_is_not_asked_for_again(survey, crowd, closed):
    closed()
    tasks.sweep()
    looks().update(status=Status.DEAD)
    tasks.sweep()
    assert looks().count() == 1


def test_closing_again_asks_again(survey, crowd, closed):
    closed()
    tasks.sweep()
    look(survey=survey)
    looks().update(status=Status.DONE, created_at=timezone.now() - timedelta(hours=1))
    survey.closed_at = timezone.now() + timedelta(seconds=1)
    survey.save()
    tasks.sweep()
    assert looks().count() == 2
