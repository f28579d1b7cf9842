"""Whose answers are mixed when a survey is closed, and whose are left alone."""

import pytest
from django.db import connection

from jobs.models import Job
from surveys.answers import Extras
from surveys.models import Anonymity, Comment, Response, Roll, Survey
from surveys.services import close_survey, fold_responses, recount_tallies, reopen_survey, submit_response
from surveys.services.mixing import MIX, mix_answers


def answer(link, number: int, comment: str = "") -> None:
    submit_response(link=link, answers=bytes([number % 5 + 1] * 5), extras=Extras(overall=comment))


def keys(model) -> list[str]:
    """As they lie."""
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    return [str(one.pk) for one in model.objects.raw(f"SELECT * FROM {model._meta.db_table} ORDER BY {place}")]


def test_a_survey_by_public_links_without_comments_has_nothing_to_mix(survey, link):
    answer(link, 1)
    close_survey(survey=survey)
    assert not Job.objects.filter(kind=MIX).exists()


def test_with_comments_these_lie_in_the_order_of_their_keys_and_answers_as_they_came(survey, link, run_waiting_jobs):
    for number in range(20):
        answer(link, number, f"Comment {number}")
    came = keys(Response)
    close_survey(survey=survey)
    run_waiting_jobs()
    assert keys(Comment) == sorted(keys(Comment))
    assert set(keys(Response)) == set(came)
    assert Comment.objects.count() == 20


def test_with_personal_links_answers_do_too_and_the_count_stays_right(survey, link, run_waiting_jobs):
    Roll.objects.create(survey=survey, group=survey.assessment.groups.first())
    for number in range(20):
        answer(link, number)
    fold_responses(survey=survey)
    answer(link, 3)  # not counted yet
    close_survey(survey=survey)
    run_waiting_jobs()
    assert keys(Response) == sorted(keys(Response))
    assert Response.objects.filter(tallied=True).count() == 21
    assert recount_tallies(survey=survey).corrected == ()


@pytest.mark.parametrize("anonymity", [Anonymity.CONFIDENTIAL, Anonymity.IDENTIFIED])
def test_where_answers_are_connected_there_is_nothing_to_hide_by_order(survey, link, anonymity):
    Survey.objects.update(anonymity=anonymity)
    survey.refresh_from_db()
    answer(link, 1, "A comment")
    close_survey(survey=survey)
    assert not Job.objects.filter(kind=MIX).exists()
    assert not mix_answers(survey=survey)


def test_a_survey_that_was_reopened_meanwhile_is_left_alone(survey, link):
    answer(link, 1, "A comment")
    close_survey(survey=survey)
    reopen_survey(survey=survey)
    assert not mix_answers(survey=survey)
