"""A survey of three groups and twelve issues, of which fewer than five people are not told, and answers to it."""

from collections.abc import Callable, Sequence

import pytest

from scoping.models import Assessment
from surveys.models import Questionnaire, Response, Survey
from surveys.services import close_survey, fold_responses, open_survey, prepare_survey
from tests.support import people
from tests.support.factories import AssessmentFactory, ResponseFactory, TierFactory

ITEMS = 12
VARIED = bytes(place % 5 + 1 for place in range(ITEMS))
STRAIGHT = bytes([3] * ITEMS)
EMPTY = bytes([4, 5] + [0] * (ITEMS - 2))

Store = Callable[..., list[Response]]


def unlike(number: int) -> bytes:
    """Ratings of somebody who agrees with nobody of another number, up to 625."""
    return bytes([number % 5 + 1, number // 5 % 5 + 1, number // 25 % 5 + 1, number // 125 % 5 + 1, *VARIED[4:]])


@pytest.fixture
def assessment(house: people.House) -> Assessment:
    assessment = AssessmentFactory(organisation=house.organisation, slug="a1", groups=3, issues=ITEMS)
    TierFactory(assessment=assessment)
    return assessment


@pytest.fixture
def survey(assessment: Assessment) -> Survey:
    survey = prepare_survey(assessment=assessment)
    open_survey(survey=survey)
    survey.refresh_from_db()
    return survey


@pytest.fixture
def questionnaire(survey: Survey) -> Questionnaire:
    return survey.questionnaires.get()


@pytest.fixture
def store(survey: Survey, questionnaire: Questionnaire) -> Store:
    """store(number, group=0, ratings=None, fold=True, **fields): that many answers, each unlike the others where no
    ratings are given."""
    given = 0

    def stored(
        number: int = 1, *, group: int = 0, ratings: bytes | None = None, fold: bool = True, **fields: object
    ) -> list[Response]:
        nonlocal given
        answers = []
        of_group = survey.assessment.groups.all()[group]
        for _ in range(number):
            given += 1
            answers.append(
                ResponseFactory(questionnaire=questionnaire, group=of_group, ratings=ratings or unlike(given), **fields)
            )
        if fold:
            fold_responses(survey=survey)
        return answers

    return stored


@pytest.fixture
def crowd(store: Store) -> Sequence[Response]:
    """Forty in the first group, thirty in the second, nobody in the third; six and two with equal ratings."""
    return [
        *store(34, fold=False),
        *store(6, ratings=STRAIGHT, fold=False),
        *store(28, group=1, fold=False),
        *store(2, group=1, ratings=STRAIGHT),
    ]


@pytest.fixture
def closed(survey: Survey) -> Callable[[], Survey]:
    """closed(): the survey, closed now."""

    def close() -> Survey:
        close_survey(survey=survey)
        survey.refresh_from_db()
        return survey

    return close
