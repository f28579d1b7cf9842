from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from surveys.models import Anonymity, Survey
from surveys.withholding import Span, lagged, revealing, smallest_group, spans, told, withhold


def test_where_people_are_known_nothing_is_withheld():
    assert smallest_group(Survey(anonymity=Anonymity.IDENTIFIED, minimum_group=5)) == 1
    assert smallest_group(Survey(anonymity=Anonymity.CONFIDENTIAL, minimum_group=7)) == 7


def test_few_people_are_told_as_few():
    assert [told(number, 5) for number in (0, 1, 4, 5, 1000)] == ["0", "fewer than 5", "fewer than 5", "5", "1,000"]


# --- one row of counts ------------------------------------------------------------------------------------
def test_counts_of_enough_people_are_shown():
    assert withhold([5, 0, 12], [40, 40, 40], 5).cells == (5, 0, 12)


def test_a_second_cell_goes_with_a_single_one():
    shown = withhold([2, 6, 12], [40, 40, 40], 5)
    assert (shown.cells, shown.total) == ((None, None, 12), 20)


def test_the_withheld_cells_together_are_enough_people():
    # 2 and 2 are two cells, and their sum of 4 would follow from the total.
    shown = withhold([2, 2, 9, 30], [50] * 4, 5)
    assert (shown.cells, shown.total) == ((None, None, None, 30), 43)


def test_where_no_other_cell_helps_the_total_goes():
    shown = withhold([2, 0, 0], [40] * 3, 5)
    assert (shown.cells, shown.total) == ((None, 0, 0), None)


def test_all_but_a_few_speaks_of_the_few():
    assert withhold([38, 20, 20], [40, 40, 40], 5).cells == (None, None, 20)


def test_with_k_of_one_everything_shows():
    assert withhold([1, 2, 3], [2, 3, 4], 1).cells == (1, 2, 3)


groups = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=7)


@given(groups, st.integers(2, 8))
def test_nothing_shown_speaks_of_a_few(cells, k):
    counts, of = [count for count, _ in cells], [count + more for count, more in cells]
    shown = withhold(counts, of, k)
    for place, cell in enumerate(shown.cells):
        assert cell is None or not revealing(cell, of[place], k)
    if shown.total is not None:
        assert not revealing(shown.total, sum(of), k)
        hidden = [place for place, cell in enumerate(shown.cells) if cell is None]
        # What anybody can work out of the total and the cells.
        left = shown.total - sum(cell for cell in shown.cells if cell is not None)
        assert left == sum(counts[place] for place in hidden)
        assert not revealing(left, sum(of[place] for place in hidden), k)
        assert len(hidden) != 1


@given(groups, st.integers(2, 8))
def test_no_more_is_withheld_than_where_it_must_be(cells, k):
    counts, of = [count for count, _ in cells], [count + more for count, more in cells]
    assume(not any(revealing(count, people, k) for count, people in zip(counts, of, strict=True)))
    assert withhold(counts, of, k).cells == tuple(counts)


# --- neighbours -------------------------------------------------------------------------------------------
def test_neighbours_are_joined_until_they_are_enough():
    assert spans([1, 2, 3, 9, 0, 0, 7], 5) == [Span(0, 2, 6), Span(3, 3, 9), Span(4, 5, 0), Span(6, 6, 7)]


def test_what_is_left_at_the_end_goes_with_the_last():
    assert spans([6, 0, 0, 2, 0], 5) == [Span(0, 4, 8)]


def test_too_few_people_in_all_make_no_chart():
    assert spans([1, 2, 1], 5) == []
    assert spans([0, 0], 5) == [Span(0, 1, 0)]


@given(st.lists(st.integers(0, 9), max_size=20), st.integers(1, 6))
def test_spans_cover_everything_once_and_show_nobody_alone(counts, k):
    joined = spans(counts, k)
    if 0 < sum(counts) < k:
        assert joined == []
        return
    covered = [place for span in joined for place in range(span.first, span.last + 1)]
    assert covered == list(range(len(counts)))
    for span in joined:
        assert span.people == sum(counts[span.first : span.last + 1])
        assert span.people == 0 or span.people >= k


# --- two looks --------------------------------------------------------------------------------------------
def look(number):
    return {"answers": number}


def shown_after(numbers, k=5, ended=False):
    kept = {}
    for number in numbers:
        kept = lagged(kept, look(number), ended=False, k=k)
    if ended:
        kept = lagged(kept, look(numbers[-1]), ended=True, k=k)
    return kept["shown"] and kept["shown"]["answers"]


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ([4], None),
        ([9], None),
        ([5, 9], None),
        ([5, 10], 5),
        ([5, 10, 14], 5),
        ([5, 10, 15], 10),
        ([10], 10),
        ([10, 14], 10),
        ([10, 15], 10),
        ([10, 15, 20], 15),
    ],
)
def test_what_is_shown_lags(numbers, shown):
    assert shown_after(numbers) == shown


def test_at_the_end_everything_is_shown():
    assert shown_after([5, 10, 12], ended=True) == 12
    assert shown_after([3], ended=True) == 3


def test_with_a_few_more_since_the_last_shown_the_end_waits():
    assert shown_after([10, 12], ended=True) == 10


def test_the_same_people_are_told_anew():
    kept = lagged({}, {"answers": 10, "flags": 1}, ended=False, k=5)
    assert lagged(kept, {"answers": 10, "flags": 2}, ended=False, k=5)["shown"]["flags"] == 2


def test_without_a_smallest_group_nothing_lags():
    assert shown_after([1], k=1) == 1


@given(st.lists(st.integers(0, 6), min_size=1, max_size=30), st.integers(2, 6))
def test_two_shown_looks_never_differ_by_a_few(steps, k):
    kept, number, shown = {}, 0, []
    for place, step in enumerate([*steps, 0]):
        number += step
        kept = lagged(kept, look(number), ended=place == len(steps), k=k)
        shown.append(kept["shown"]["answers"] if kept["shown"] else 0)
    # A first look of fewer than k at the very end is the caller's to withhold.
    for one, other in pairwise(shown[:-1]):
        assert other - one == 0 or other - one >= k
    assert shown[-2] == 0 or shown[-1] - shown[-2] == 0 or shown[-1] - shown[-2] >= k
