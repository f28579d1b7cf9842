from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.scores import places_of_ranking, scale_of, scores_of_choice, scores_of_ranking

ASKED = (0, 2, 3, 4)


def test_a_choice_scores_two_for_what_is_chosen_one_for_the_rest_and_nothing_for_what_is_not_asked():
    assert list(scores_of_choice({2, 4}, ASKED, 5)) == [1, 0, 2, 1, 2]


def test_a_whole_ranking_scores_the_odd_numbers():
    assert list(scores_of_ranking({0: 1, 2: 2, 3: 3, 4: 4}, ASKED, 5)) == [7, 0, 5, 3, 1]


def test_issues_without_a_place_share_the_places_that_are_left():
    # Two are left: places 3 and 4, scores 3 and 1, mean 2.
    assert list(scores_of_ranking({4: 1, 0: 2}, ASKED, 5)) == [5, 0, 2, 2, 7]


@given(st.integers(1, 60), st.data())
def test_every_ranking_adds_up_to_the_square_of_the_issues_and_fits_the_scale(issues, data):
    asked = tuple(range(issues))
    ranked = data.draw(st.permutations(asked))[: data.draw(st.integers(1, issues))]
    places = {position: place for place, position in enumerate(ranked, 1)}
    scores = scores_of_ranking(places, asked, issues)
    low, high = scale_of("ranking", steps=5, issues=issues)
    assert sum(scores) == issues**2
    assert set(scores) <= set(range(low, high + 1))


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_the_places_of_a_ranking_can_be_read_back(length):
    for ranked in permutations(ASKED, length):
        places = {position: place for place, position in enumerate(ranked, 1)}
        found = places_of_ranking(scores_of_ranking(places, ASKED, 5), ASKED)
        # The last one without a place has the last place.
        assert {position: found[position] for position in places} == places
        assert len(found) == (4 if length == 3 else length)


def test_scales():
    assert scale_of("rating", steps=7, issues=18) == (1, 7)
    assert scale_of("top", steps=7, issues=18) == (1, 2)
    assert scale_of("ranking", steps=7, issues=18) == (1, 35)
