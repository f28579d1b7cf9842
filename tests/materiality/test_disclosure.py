"""What is told must not let anybody work out the answers of fewer than k people."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from materiality.disclosure import protect


def cells(*counts, k=5, weighted=None):
    """Protection of one issue, of groups on one side."""
    found = protect(np.array(counts)[:, None], ["external"] * len(counts), weighted or [True] * len(counts), k)
    return found.counted[:, 0].tolist(), found.told[:, 0].tolist()


def test_large_groups_are_told_and_count():
    assert cells(5, 50) == ([True, True], [True, True])


def test_a_small_group_counts_behind_the_smallest_of_the_others():
    assert cells(3, 50, 8) == ([True, True, True], [False, True, False])


def test_two_small_groups_cover_each_other():
    assert cells(3, 50, 2) == ([True, True, True], [False, True, False])


def test_two_small_groups_that_are_fewer_than_k_together_need_a_third():
    assert cells(1, 50, 2) == ([True, True, True], [False, False, False])


def test_a_small_group_alone_neither_counts_nor_is_told():
    assert cells(4) == ([False], [False])


def test_all_small_together_count_when_they_are_enough():
    assert cells(4, 1) == ([True, True], [False, False])
    assert cells(2, 1) == ([False, False], [False, False])


def test_a_group_without_a_weight_covers_nobody():
    assert cells(3, 50, 9, weighted=[True, True, False]) == ([True, True, True], [False, False, True])


def test_a_small_group_without_a_weight_is_only_not_told():
    assert cells(3, 50, weighted=[False, True]) == ([False, True], [False, True])


def test_where_nobody_rated_there_is_nothing_to_tell():
    assert cells(0, 7) == ([False, True], [False, True])


def test_the_two_sides_do_not_cover_each_other():
    found = protect(np.array([[3], [50]]), ["internal", "external"], [True, True], 5)
    assert found.counted[:, 0].tolist() == [False, True]


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans(), st.booleans()), min_size=1, max_size=7), st.integers(1, 8))
def test_what_an_axis_and_its_told_cells_leave_unknown_is_no_small_number_of_people(groups, k):
    counts = np.array([count for count, _, _ in groups])
    sides = ["internal" if inside else "external" for _, inside, _ in groups]
    weighted = [weight for _, _, weight in groups]
    found = protect(counts[:, None], sides, weighted, k)
    counted, told = found.counted[:, 0], found.told[:, 0]
    assert (counts[told] >= k).all()
    for side in set(sides):
        on_axis = counted & (np.array(sides) == side) & np.array(weighted)
        unknown = on_axis & ~told
        assert not unknown.any() or (unknown.sum() >= 2 and counts[unknown].sum() >= k)


@pytest.mark.parametrize("k", [1, 0])
def test_with_k_1_everything_is_told(k):
    assert cells(1, 2, k=k) == ([True, True], [True, True])
