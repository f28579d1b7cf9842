"""Answers stored the fast way are the rows that the survey form leaves behind."""

import numpy as np
import pytest

from benchmarks.crowd import NO_ANSWER_SHARE, draw_ratings, issue_name, new_survey, store_answers
from surveys.models import Response, Survey
from surveys.services import fold_responses


@pytest.fixture
def survey(db: None) -> Survey:
    return new_survey(groups=3, issues=5)


def test_drawn_ratings_are_on_the_scale_with_some_left_out() -> None:
    ratings = np.concatenate(list(draw_ratings(2_000, 40, seed=1)))
    assert ratings.shape == (2_000, 40)
    assert set(np.unique(ratings)) == {0, 1, 2, 3, 4, 5}
    assert (ratings == 0).mean() == pytest.approx(NO_ANSWER_SHARE, abs=0.005)


def test_issue_names_do_not_repeat() -> None:
    assert len({issue_name(position) for position in range(40)}) == 40


def test_stored_answers_are_those_that_were_drawn(survey: Survey) -> None:
    store_answers(survey, respondents=20, seed=3, tallied=False)
    drawn = {row.tobytes() for row in np.concatenate(list(draw_ratings(20, 5, seed=3)))}
    assert {bytes(response.ratings) for response in Response.objects.all()} == drawn


def test_stored_answers_are_spread_over_the_groups(survey: Survey) -> None:
    store_answers(survey, respondents=20, seed=3, tallied=False)
    of_group = [Response.objects.filter(group=group).count() for group in survey.assessment.groups.all()]
    assert of_group == [7, 7, 6]


def test_stored_answers_can_be_counted(survey: Survey) -> None:
    store_answers(survey, respondents=20, seed=3, tallied=False)
    assert fold_responses(survey=survey) == 20


def test_answers_stored_as_tallied_are_not_counted_again(survey: Survey) -> None:
    store_answers(survey, respondents=20, seed=3, tallied=True)
    assert fold_responses(survey=survey) == 0
