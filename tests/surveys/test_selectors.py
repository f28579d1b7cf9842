import uuid

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.frozen import read_frozen
from surveys.links import public_link
from surveys.models import Questionnaire
from surveys.selectors import (
    draft_of,
    progress_by_group,
    survey_of,
    tallies_of,
    was_sent,
)
from surveys.services import close_survey, fold_responses, save_draft, submit_response
from surveys.tally import Tally, count

KEY = uuid.uuid4()


@pytest.fixture
def send(survey):
    links = [public_link(link.token) for link in survey.links.all()]

    def send(*answers, group=0, simulated=False):
        for ratings in answers:
            submit_response(link=links[group], answers=bytes(ratings), simulated=simulated)

    return send


ONE, TWO, THREE = [1, 2, 3, 4, 5], [5, 5, 0, 5, 5], [2, 2, 2, 2, 2]


def table(*answers):
    return np.array(answers, dtype=np.uint8)


def test_before_the_survey_opens_there_is_nothing_to_analyse(assessment):
    assert tallies_of(assessment) is None


def test_every_group_has_a_tally_in_its_order_also_without_answers(survey, assessment):
    folded = tallies_of(assessment)
    assert [answers.group for answers in folded.groups] == list(assessment.groups.all())
    assert all(answers.tally == Tally.empty(5, (1, 5)) for answers in folded.groups)


def test_simulated_answers_are_a_tally_by_itself(survey, assessment, send):
    send(TWO, THREE, simulated=True)
    fold_responses(survey=survey)
    answers = tallies_of(assessment).groups[0]
    assert answers.tally == answers.simulated == count(table(TWO, THREE), (1, 5))
    assert answers.people.respondents == 0


@pytest.mark.parametrize(("k", "while_open"), [(1, [True, True, True]), (5, [False, True, True])])
def test_whether_all_that_is_counted_is_shown(survey, assessment, send, k, while_open):
    survey.minimum_group = k
    survey.save(update_fields=["minimum_group"])
    # Seven people's answers are shown in steps of five; of the other groups nobody has answered.
    send(*[ONE] * 7)
    fold_responses(survey=survey)
    assert [answers.is_whole for answers in tallies_of(assessment).groups] == while_open
    close_survey(survey=survey)
    assert [answers.is_whole for answers in tallies_of(assessment).groups] == [True, True, True]


def test_the_large_states_are_read_only_where_they_are_needed(survey, assessment, send):
    send(ONE, TWO, THREE)
    fold_responses(survey=survey)
    states = ('"next"', '"packed"', '"shown"')

    def states_read():
        with CaptureQueriesContext(connection) as asked:
            assert tallies_of(assessment).groups[0].people.respondents == 3
        (statement,) = [one["sql"] for one in asked if 'FROM "surveys_grouptally"' in one["sql"]]
        return [name for name in states if f'"surveys_grouptally".{name},' in statement]

    assert states_read() == ['"shown"']
    close_survey(survey=survey)
    assert states_read() == ['"packed"', '"shown"']


def test_what_is_not_counted_yet_is_told(survey, assessment, send):
    send(ONE, TWO)
    folded = tallies_of(assessment)
    assert (folded.untallied, folded.groups[0].tally.respondents) == (2, 0)


def test_items_come_with_their_issues(survey, assessment, django_assert_num_queries):
    folded = tallies_of(assessment)
    with django_assert_num_queries(0):
        assert [item.issue.code for item in folded.items] == [f"issue-{at}" for at in range(5)]


def test_a_survey_is_found_within_its_organisation_only(survey, assessment, house):
    assert survey_of(organisation=house.organisation, assessment=assessment) == survey
    assert survey_of(organisation=house.elsewhere, assessment=assessment) is None


def test_progress_counts_what_is_tallied_and_what_waits(survey, send):
    send(ONE, TWO)
    fold_responses(survey=survey)
    send(THREE)
    send(THREE, group=2)
    found = [(group.people_counted, group.waiting, group.answers) for group in progress_by_group(survey)]
    assert found == [(2, 1, 3), (0, 0, 0), (0, 1, 1)]


@pytest.mark.parametrize(
    "read", [lambda survey: progress_by_group(survey), lambda survey: tallies_of(survey.assessment)]
)
def test_reading_costs_the_same_however_many_answered(survey, send, read):
    costs = []
    for number in (1, 10):
        send(*[ONE] * number)
        send(*[ONE] * number, group=1)
        survey.refresh_from_db()
        with CaptureQueriesContext(connection) as asked:
            read(survey)
        costs.append(len(asked))
        fold_responses(survey=survey)
    assert costs[0] == costs[1] <= 10


def test_whether_an_answer_was_sent_is_known_by_its_key(link):
    assert not was_sent(KEY)
    submit_response(link=link, answers=bytes(ONE), key=KEY)
    assert was_sent(KEY)


def test_a_draft_is_found_by_its_key(link, questionnaire):
    frozen = read_frozen(questionnaire)
    assert draft_of(KEY, frozen) is None
    save_draft(link=link, ratings=bytes(ONE), key=KEY)
    assert draft_of(KEY, frozen).draft == bytes(ONE)


def test_a_draft_of_another_version_is_not_offered(link, survey):
    save_draft(link=link, ratings=bytes(ONE), key=KEY)
    assert (
        draft_of(
            KEY,
            read_frozen(
                Questionnaire.objects.create(survey=survey, version=2, content=link.questionnaire.content.to_json())
            ),
        )
        is None
    )
