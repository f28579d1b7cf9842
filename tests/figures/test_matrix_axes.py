"""Which part of the scale an axis shows, and where scores lie on it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.axes import choose_range, make_axis

SCORES = st.lists(st.floats(1, 5), min_size=1, max_size=40)


def test_range_follows_the_scores():
    shown = choose_range([2.48, 4.75], (1, 5), 652)
    assert (shown.start, shown.end, shown.ticks) == (2.25, 5.0, (2.5, 3.0, 3.5, 4.0, 4.5, 5.0))


def test_small_differences_do_not_fill_the_page():
    shown = choose_range([3.99, 4.01], (1, 5), 652)
    assert shown.end - shown.start >= 1.0


def test_ticks_of_a_scale_to_a_hundred_are_whole_numbers():
    shown = choose_range([35, 88], (0, 100), 652)
    assert shown.ticks == (30, 40, 50, 60, 70, 80, 90, 100)
    assert shown.decimals == 0


@given(SCORES)
def test_every_score_is_shown(scores):
    shown = choose_range(scores, (1, 5), 652)
    assert 1 <= shown.start <= min(scores)
    assert max(scores) <= shown.end <= 5


@given(SCORES, st.sampled_from([306.0, 652.0]))
def test_there_are_two_ticks_at_least_and_never_a_crowd(scores, side):
    assert 2 <= len(choose_range(scores, (1, 5), side).ticks) <= 9


@given(SCORES)
def test_marks_keep_off_the_frame(scores):
    axis = make_axis(choose_range(scores, (1, 5), 652), scores, 34.0, 652.0)
    assert all(44 <= axis.place(score) <= 676 for score in scores)


def test_pixels_lead_back_to_scores():
    axis = make_axis(choose_range([1, 5], (1, 5), 652), [1, 5], 700.0, -652.0)
    assert axis.score(axis.place(3.7)) == pytest.approx(3.7)
