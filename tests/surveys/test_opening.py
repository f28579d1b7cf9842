from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import AuditEvent
from scoping.models import Phase, Standing
from scoping.services.scope import hold
from surveys.models import Survey, SurveyState
from surveys.services import close_survey, open_survey, prepare_survey, reopen_survey
from surveys.services.opening import close_ended_surveys
from tests.support.factories import AssessmentFactory, IssueFactory, StakeholderGroupFactory


def test_a_survey_asks_what_the_company_should_attend_to(assessment):
    survey = prepare_survey(assessment=assessment)
    assert survey.title == "What should Example Ltd. pay most attention to?"
    assert survey.state == SurveyState.DRAFT


def test_a_long_company_name_still_fits_the_title(db):
    assert len(prepare_survey(assessment=AssessmentFactory(company="x" * 200)).title) == 200


def test_preparing_twice_keeps_the_first(assessment):
    assert prepare_survey(assessment=assessment) == prepare_survey(assessment=assessment)


def test_opening_freezes_the_issues_in_their_order(survey):
    items = survey.questionnaires.get().items.values_list("position", "code", "name", "issue__code")
    assert list(items) == [(at, f"issue-{at}", f"Issue {at}", f"issue-{at}") for at in range(5)]


def test_a_frozen_question_keeps_its_words_when_the_issue_changes(survey, assessment):
    assessment.issues.filter(code="issue-2").update(name="Another name", code="another")
    item = survey.questionnaires.get().items.get(position=2)
    assert (item.code, item.name) == ("issue-2", "Issue 2")


def test_opening_makes_a_link_for_each_group(survey, assessment):
    assert [link.group for link in survey.links.all()] == list(assessment.groups.all())
    assert len({link.token for link in survey.links.all()}) == 3


def test_opening_moves_the_assessment_to_its_survey_phase(survey, assessment):
    assessment.refresh_from_db()
    assert assessment.phase == Phase.SURVEY


def test_opening_is_recorded_with_who_did_it(assessment, house):
    open_survey(survey=prepare_survey(assessment=assessment), by=house.analyst)
    event = AuditEvent.objects.get(subject="a1")
    assert (event.actor, event.summary) == (house.analyst, "opened the survey: 5 issues, 3 stakeholder groups")


def test_what_is_missing_is_said_all_at_once(db):
    with pytest.raises(ValidationError) as refusal:
        open_survey(survey=prepare_survey(assessment=AssessmentFactory()))
    assert len(refusal.value.messages) == 2
    assert "no issues" in refusal.value.messages[0]
    assert "no stakeholder group" in refusal.value.messages[1]


@pytest.mark.parametrize("scale", [(0, 5), (5, 5), (5, 1), (1, 255)])
def test_a_scale_that_does_not_fit_a_byte_is_refused(assessment, scale):
    with pytest.raises(ValidationError, match=f"A scale from {scale[0]} to {scale[1]} does not work"):
        open_survey(survey=prepare_survey(assessment=assessment), scale=scale)


def test_a_closing_date_in_the_past_is_refused(assessment):
    with pytest.raises(ValidationError, match="has passed"):
        open_survey(survey=prepare_survey(assessment=assessment), closes_at=timezone.now() - timedelta(days=1))


def test_a_refusal_changes_nothing(assessment):
    survey = prepare_survey(assessment=assessment)
    with pytest.raises(ValidationError):
        open_survey(survey=survey, scale=(0, 5))
    survey.refresh_from_db()
    assert (survey.state, survey.questionnaires.count(), survey.links.count()) == (SurveyState.DRAFT, 0, 0)


def test_an_open_survey_cannot_be_opened_again(survey):
    with pytest.raises(ValidationError, match="open already"):
        open_survey(survey=survey)


def test_a_closed_survey_is_reopened_not_opened(survey):
    close_survey(survey=survey)
    with pytest.raises(ValidationError, match="reopen it"):
        open_survey(survey=survey)


def test_closing_moves_on_to_the_results(survey, assessment, house):
    close_survey(survey=survey, by=house.owner)
    survey.refresh_from_db()
    assessment.refresh_from_db()
    assert (survey.state, assessment.phase) == (SurveyState.CLOSED, Phase.RESULTS)
    assert survey.closed_at


def test_the_record_says_whether_a_person_closed_it(survey, house):
    close_survey(survey=survey, by=house.owner)
    event = AuditEvent.objects.first()
    assert (event.actor, event.summary) == (house.owner, "closed the survey")


def test_a_survey_that_nobody_closed_has_no_closing_date_made_up(survey):
    close_survey(survey=survey)
    assert AuditEvent.objects.first().summary == "the survey was closed"


def test_only_an_open_survey_can_be_closed(assessment):
    with pytest.raises(ValidationError, match="not open"):
        close_survey(survey=prepare_survey(assessment=assessment))


def test_reopening_asks_the_same_questions_with_the_same_links(survey, assessment):
    tokens = {link.token for link in survey.links.all()}
    close_survey(survey=survey)
    reopen_survey(survey=survey)
    survey.refresh_from_db()
    assessment.refresh_from_db()
    assert (survey.state, survey.closed_at, assessment.phase) == (SurveyState.OPEN, None, Phase.SURVEY)
    assert {link.token for link in survey.links.all()} == tokens
    assert survey.questionnaires.count() == 1


def test_a_group_that_came_after_opening_gets_its_link_when_the_survey_reopens(survey, assessment):
    close_survey(survey=survey)
    late = StakeholderGroupFactory(assessment=assessment, position=9)
    reopen_survey(survey=survey)
    assert survey.links.filter(group=late).exists()


def test_an_issue_that_came_after_opening_is_not_asked(survey, assessment):
    close_survey(survey=survey)
    IssueFactory(assessment=assessment, position=9)
    reopen_survey(survey=survey)
    assert survey.questionnaires.get().items.count() == 5


def test_an_open_survey_cannot_be_reopened(survey):
    with pytest.raises(ValidationError, match="not closed"):
        reopen_survey(survey=survey)


def test_a_survey_past_its_closing_date_takes_no_answers_and_can_be_reopened(assessment):
    survey = prepare_survey(assessment=assessment)
    open_survey(survey=survey, closes_at=timezone.now() + timedelta(hours=1))
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        survey = reopen_survey(survey=survey)
        assert survey.takes_answers(timezone.now())
        assert survey.closes_at is None


def test_the_sweep_closes_what_is_past_its_closing_date(survey, assessment):
    Survey.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    assert close_ended_surveys() == 1
    survey.refresh_from_db()
    assert survey.state == SurveyState.CLOSED
    assert AuditEvent.objects.first().summary == "the survey was closed on its closing date"


def test_the_sweep_leaves_other_surveys_open(survey):
    Survey.objects.update(closes_at=timezone.now() + timedelta(days=1))
    assert close_ended_surveys() == 0


def test_a_short_list_that_is_decided_while_the_survey_opens_is_the_one_that_it_asks(assessment, monkeypatch):
    def wait_for_a_decision(waiting):
        waiting.issues.filter(code="issue-0").update(standing=Standing.LEFT_OUT)
        return hold(waiting)

    monkeypatch.setattr("surveys.services.opening.hold", wait_for_a_decision)
    items = open_survey(survey=prepare_survey(assessment=assessment)).items
    assert set(items.values_list("issue", flat=True)) == set(assessment.issues.asked().values_list("pk", flat=True))
