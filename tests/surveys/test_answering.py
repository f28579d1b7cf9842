import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone

from jobs.models import Job, Status
from surveys.answers import UNANSWERED, InvalidAnswer
from surveys.links import public_link
from surveys.models import Draft, Questionnaire, Response, Survey
from surveys.services import SurveyClosed, close_survey, save_draft, submit_response
from surveys.services.folding import FOLD
from tests.support.factories import ItemFactory, SurveyLinkFactory

ANSWER = bytes([5, 4, 3, 0, 1])
KEY = uuid.UUID("11111111-1111-4111-8111-111111111111")


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    """Runs what waits for the commit, as if the test's transaction ended here."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def waiting_folds():
    return Job.objects.filter(kind=FOLD, status=Status.QUEUED)


def test_an_answer_is_one_row_of_bytes(link, survey):
    assert submit_response(link=link, answers=ANSWER, key=KEY).created
    row = Response.objects.get()
    assert (row.pk, bytes(row.ratings), row.group_id) == (KEY, ANSWER, link.group_id)
    assert (row.questionnaire, row.simulated, row.tallied) == (survey.questionnaires.get(), False, False)


def test_ratings_by_code_are_stored_the_same_way(link):
    submit_response(link=link, answers={"issue-4": 1, "issue-0": 5, "issue-1": 4, "issue-2": 3})
    assert bytes(Response.objects.get().ratings) == ANSWER


def test_a_survey_link_does_as_well_as_what_was_read_of_it(survey):
    submit_response(link=survey.links.last(), answers=ANSWER)
    assert Response.objects.get().group == survey.links.last().group


def test_the_same_key_sent_again_stores_nothing(link):
    submit_response(link=link, answers=ANSWER, key=KEY)
    again = submit_response(link=link, answers=bytes([1, 1, 1, 1, 1]), key=KEY)
    assert not again.created
    assert bytes(Response.objects.get().ratings) == ANSWER


def test_answers_without_a_key_get_random_ones(link):
    keys = {submit_response(link=link, answers=ANSWER).key for _ in range(3)}
    assert len(keys) == Response.objects.count() == 3


def test_a_simulated_answer_is_marked(link):
    submit_response(link=link, answers=ANSWER, simulated=True)
    assert Response.objects.get().simulated


def test_an_invalid_answer_stores_nothing(link):
    with pytest.raises(InvalidAnswer):
        submit_response(link=link, answers={"issue-0": 6})
    assert not Response.objects.exists()


def test_a_closed_survey_takes_no_answer_whatever_was_read_before(link, survey):
    close_survey(survey=survey)
    with pytest.raises(SurveyClosed):
        submit_response(link=link, answers=ANSWER)
    assert not Response.objects.exists()


def test_a_survey_past_its_closing_date_takes_no_answer(link):
    Survey.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(SurveyClosed):
        submit_response(link=link, answers=ANSWER)


def test_before_its_closing_date_a_survey_takes_answers(link):
    Survey.objects.update(closes_at=timezone.now() + timedelta(minutes=1))
    assert submit_response(link=link, answers=ANSWER).created


def test_a_survey_that_was_never_opened_takes_no_answer(db):
    with pytest.raises(SurveyClosed, match="not been opened"):
        submit_response(link=SurveyLinkFactory(), answers=ANSWER)


def test_the_same_answer_sent_again_after_closing_is_still_the_same_answer(link, survey):
    submit_response(link=link, answers=ANSWER, key=KEY)
    close_survey(survey=survey)
    assert not submit_response(link=link, answers=ANSWER, key=KEY).created


def test_an_answer_to_a_questionnaire_that_was_replaced_is_refused(link, survey):
    newer = Questionnaire.objects.create(survey=survey, version=2, content=link.questionnaire.content.to_json())
    ItemFactory(questionnaire=newer, issue=survey.assessment.issues.first())
    with pytest.raises(InvalidAnswer, match="has changed"):
        submit_response(link=link, answers=ANSWER)
    assert not Response.objects.exists()


def test_an_answer_asks_for_its_fold_after_it_is_committed(link, after_commit):
    with after_commit():
        submit_response(link=link, answers=ANSWER)
        assert not waiting_folds().exists()
    job = waiting_folds().get()
    assert job.subject == "a1"
    assert job.run_after > job.created_at


def test_a_burst_of_answers_asks_for_one_fold(link, after_commit):
    with after_commit():
        for _ in range(5):
            submit_response(link=link, answers=ANSWER)
    assert waiting_folds().count() == 1


def test_an_answer_that_arrives_while_a_fold_runs_asks_for_the_next_one(link, after_commit):
    with after_commit():
        submit_response(link=link, answers=ANSWER)
    waiting_folds().update(status=Status.RUNNING)
    with after_commit():
        submit_response(link=link, answers=ANSWER)
    assert waiting_folds().count() == 1


def test_an_answer_is_stored_even_if_no_fold_can_be_asked_for(link, after_commit, monkeypatch, caplog):
    def fail(*args):
        raise RuntimeError("the job table is locked")

    monkeypatch.setattr("surveys.services.answering.request_fold", fail)
    with after_commit():
        assert submit_response(link=link, answers=ANSWER).created
    assert Response.objects.exists()
    assert "the job table is locked" in caplog.text


def test_sending_costs_two_queries_and_no_more_with_more_answers(
    link, django_assert_max_num_queries, after_commit, settings
):
    with after_commit():
        submit_response(link=link, answers=ANSWER, key=KEY)
    with django_assert_max_num_queries(3), after_commit():
        submit_response(link=link, answers=ANSWER, key=uuid.uuid4())


def test_a_draft_is_kept_and_replaced(link):
    save_draft(link=link, ratings=bytes([5, UNANSWERED, 0, UNANSWERED, UNANSWERED]), key=KEY)
    save_draft(link=link, ratings=bytes([5, 2, 0, UNANSWERED, UNANSWERED]), key=KEY)
    draft = Draft.objects.get()
    assert (draft.pk, bytes(draft.ratings)) == (KEY, bytes([5, 2, 0, UNANSWERED, UNANSWERED]))


def test_of_the_time_a_draft_holds_the_day_only(link):
    save_draft(link=link, ratings=ANSWER, key=KEY)
    assert type(Draft.objects.get().saved_on) is date
    assert Draft.objects.get().saved_on == timezone.now().date()


def test_sending_an_answer_takes_its_draft_away(link):
    save_draft(link=link, ratings=ANSWER, key=KEY)
    save_draft(link=link, ratings=ANSWER, key=uuid.uuid4())
    submit_response(link=link, answers=ANSWER, key=KEY)
    assert not Draft.objects.filter(pk=KEY).exists()
    assert Draft.objects.count() == 1


def test_an_answer_that_is_refused_leaves_its_draft(link, survey):
    save_draft(link=link, ratings=ANSWER, key=KEY)
    close_survey(survey=survey)
    with pytest.raises(SurveyClosed):
        submit_response(link=link, answers=ANSWER, key=KEY)
    assert Draft.objects.filter(pk=KEY).exists()


def test_a_draft_that_arrives_after_its_answer_is_not_kept(link):
    submit_response(link=link, answers=ANSWER, key=KEY)
    assert not save_draft(link=link, ratings=ANSWER, key=KEY)
    assert not Draft.objects.exists()


def test_a_draft_is_kept_after_closing(link, survey):
    close_survey(survey=survey)
    assert save_draft(link=public_link(link.token), ratings=ANSWER, key=KEY)


@pytest.mark.parametrize("ratings", [b"", bytes([1, 2, 3]), bytes([1, 2, 3, 4, 6]), bytes([254] * 5)])
def test_a_draft_that_does_not_fit_the_questionnaire_is_refused(link, ratings):
    with pytest.raises(ValueError, match="needs 5 ratings"):
        save_draft(link=link, ratings=ratings, key=KEY)


def test_a_response_holds_no_time_address_or_order():
    fields = {field.name for field in Response._meta.get_fields()}
    own = {"id", "questionnaire", "group", "ratings", "simulated", "tallied", "seconds", "profile", "exclusion"}
    # The two that lead here exist only where the survey links people (see test_anonymity.py).
    assert fields == own | {"authorship", "comments"}
