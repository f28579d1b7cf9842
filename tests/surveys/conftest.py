"""An assessment with three groups, five issues and a tier, and its survey, open."""

import pytest

from scoping.models import Assessment
from surveys.links import AnswerLink, public_link
from surveys.models import Questionnaire, Survey
from surveys.services import open_survey, prepare_survey
from tests.support import people
from tests.support.factories import AssessmentFactory, TierFactory

CODES = [f"issue-{position}" for position in range(5)]


@pytest.fixture
def assessment(house: people.House) -> Assessment:
    assessment = AssessmentFactory(organisation=house.organisation, slug="a1", groups=3, issues=5)
    TierFactory(assessment=assessment)
    return assessment


@pytest.fixture
def survey(assessment: Assessment) -> Survey:
    survey = prepare_survey(assessment=assessment)
    survey.minimum_group = 1  # what is held back from small groups has tests of its own
    survey.save()
    open_survey(survey=survey)
    survey.refresh_from_db()
    return survey


@pytest.fixture
def questionnaire(survey: Survey) -> Questionnaire:
    return survey.questionnaires.get()


@pytest.fixture
def link(survey: Survey) -> AnswerLink:
    """The link of the first group."""
    found = public_link(survey.links.first().token)
    assert found
    return found
