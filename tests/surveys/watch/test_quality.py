"""Quality flags, against small tables whose flags can be told by eye, and against a loop that knows no numpy."""

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.quality import DUPLICATE, FLAGS, MOSTLY_EMPTY, SPEEDER, STRAIGHT_LINER, Answers, flags_of

ITEMS = 12


def answers(rows, seconds=None, groups=None, asked=ITEMS):
    rows = np.array(rows, np.uint8).reshape(len(rows), ITEMS)
    count = len(rows)
    return Answers(
        rows,
        np.array([np.nan if taken is None else taken for taken in seconds or [None] * count], np.float64),
        np.array(groups or [1] * count),
        np.full(count, asked),
    )


def varied(start=0, rated=ITEMS):
    return [(start + place) % 5 + 1 if place < rated else 0 for place in range(ITEMS)]


def flagged(flag, given, **more):
    return flags_of(given, **more)[flag].tolist()


# --- speeder ----------------------------------------------------------------------------------------------
def test_a_third_of_the_median_is_fast():
    # 12 questions: 2 seconds each are 24, more than a third of 60.
    seconds = [60] * 20 + [20, 19]
    assert flagged(SPEEDER, answers([varied()] * 22, seconds)) == [False] * 21 + [True]


def test_two_seconds_a_question_are_never_too_fast():
    seconds = [600] * 20 + [24, 23]
    assert flagged(SPEEDER, answers([varied()] * 22, seconds)) == [False] * 21 + [True]


def test_a_time_that_is_not_known_is_not_fast():
    assert not any(flagged(SPEEDER, answers([varied()] * 3)))
    assert flagged(SPEEDER, answers([varied()] * 22, [60] * 20 + [None, 5])) == [False] * 21 + [True]


def test_a_large_group_has_a_median_of_its_own():
    # 15 is less than a third of 600, which most take, and no less than a third of what its own group takes.
    seconds, groups = [600] * 30 + [30] * 20 + [15], [1] * 30 + [2] * 21
    assert not any(flagged(SPEEDER, answers([varied()] * 51, seconds, groups)))


def test_a_small_group_is_compared_with_all():
    seconds, groups = [600] * 30 + [30] * 18 + [15], [1] * 30 + [2] * 19
    assert flagged(SPEEDER, answers([varied()] * 49, seconds, groups))[-1]


# --- straight-liner ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("row", "is_straight"),
    [
        ([3] * ITEMS, True),
        ([3] * 8 + [0] * 4, True),
        ([3] * 7 + [0] * 5, False),
        ([3] * 11 + [4], False),
        ([0] * ITEMS, False),
        ([255] * ITEMS, True),
    ],
)
def test_the_same_rating_eight_times_is_a_straight_line(row, is_straight):
    assert flagged(STRAIGHT_LINER, answers([row])) == [is_straight]


@pytest.mark.parametrize("kind", ["top", "ranking"])
def test_choices_and_rankings_are_no_straight_lines(kind):
    assert flagged(STRAIGHT_LINER, answers([[1] * ITEMS]), kind=kind) == [False]


# --- duplicate --------------------------------------------------------------------------------------------
def test_of_answers_that_are_alike_the_first_stays():
    rows = [varied(0), varied(1), varied(0), varied(0)]
    assert flagged(DUPLICATE, answers(rows)) == [False, False, True, True]


def test_answers_of_two_groups_are_no_duplicates():
    assert not any(flagged(DUPLICATE, answers([varied()] * 2, groups=[1, 2])))


def test_few_or_equal_ratings_agree_by_chance():
    assert not any(flagged(DUPLICATE, answers([varied(rated=9)] * 2)))
    assert any(flagged(DUPLICATE, answers([varied(rated=10)] * 2)))
    assert not any(flagged(DUPLICATE, answers([[4] * ITEMS] * 2)))


def test_top_choices_agree_by_chance():
    assert not any(flagged(DUPLICATE, answers([varied()] * 2), kind="top"))


# --- mostly empty -----------------------------------------------------------------------------------------
def test_less_than_half_of_what_was_asked_is_mostly_empty():
    assert flagged(MOSTLY_EMPTY, answers([varied(rated=5), varied(rated=6)])) == [True, False]


def test_what_was_not_asked_is_not_missing():
    assert flagged(MOSTLY_EMPTY, answers([varied(rated=5)], asked=10)) == [False]


# --- all of them ------------------------------------------------------------------------------------------
def test_nobody_has_no_flags():
    assert {flag: found.tolist() for flag, found in flags_of(answers([])).items()} == {flag: [] for flag in FLAGS}


def test_columns_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="seconds has the shape"):
        Answers(np.zeros((2, 3), np.uint8), np.zeros(1), np.zeros(2, int), np.zeros(2, int))


def one_by_one(rows, seconds, groups):
    """The same by a plain loop."""
    known = [taken for taken in seconds if taken is not None]
    found = {flag: [] for flag in FLAGS}
    seen = set()
    for row, taken, group in zip(rows, seconds, groups, strict=True):
        rated = [rating for rating in row if rating]
        own = [other for other, of in zip(seconds, groups, strict=True) if of == group and other is not None]
        times = own if len(own) >= 20 else known
        fast = taken is not None and taken < min(statistics.median(times) * (1 / 3), 2 * ITEMS)
        copy = (group, *row)
        comparable = len(rated) >= 10 and len(set(rated)) > 1
        found[SPEEDER].append(fast)
        found[STRAIGHT_LINER].append(len(rated) >= 8 and len(set(rated)) == 1)
        found[DUPLICATE].append(comparable and copy in seen)
        found[MOSTLY_EMPTY].append(len(rated) < ITEMS / 2)
        if comparable:
            seen.add(copy)
    return found


row = st.one_of(
    st.lists(st.integers(0, 3), min_size=ITEMS, max_size=ITEMS),
    st.builds(lambda value, gaps: [value] * (ITEMS - gaps) + [0] * gaps, st.integers(1, 3), st.integers(0, ITEMS)),
    st.builds(varied, st.integers(0, 2), st.integers(0, ITEMS)),
)


@given(st.lists(st.tuples(row, st.one_of(st.none(), st.integers(0, 200)), st.integers(1, 2)), max_size=60))
def test_the_flags_are_those_of_a_plain_loop(people):
    rows, seconds, groups = ([*column] for column in zip(*people, strict=True)) if people else ([], [], [])
    expected = one_by_one(rows, seconds, groups)
    found = flags_of(answers(rows, seconds, groups))
    assert {flag: found[flag].tolist() for flag in FLAGS} == expected
