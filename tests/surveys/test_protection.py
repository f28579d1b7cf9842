"""What is told must not let anybody work out the answers of fewer than k people."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.protection import protect


def cells(*counts, k=5, sides=None):
    """Of one issue: which groups are told by themselves, and which are pooled."""
    found = protect(np.array(counts)[:, None], sides or ["external"] * len(counts), k)
    return found.told[:, 0].tolist(), [pool for pool, issues in found.pools.items() if issues[0]]


def test_large_groups_speak_for_themselves():
    assert cells(5, 50) == ([True, True], [])


def test_a_small_group_speaks_with_the_smallest_of_the_others():
    assert cells(3, 50, 8) == ([False, True, False], [(0, 2)])


def test_two_small_groups_speak_together():
    assert cells(3, 50, 2) == ([False, True, False], [(0, 2)])


def test_two_small_groups_that_are_fewer_than_k_together_need_a_third():
    assert cells(1, 50, 2) == ([False, False, False], [(0, 1, 2)])


def test_a_small_group_alone_says_nothing():
    assert cells(4) == ([False], [])


def test_all_small_together_speak_when_they_are_enough():
    assert cells(4, 1) == ([False, False], [(0, 1)])
    assert cells(2, 1) == ([False, False], [])


def test_where_nobody_rated_there_is_nothing_to_tell():
    assert cells(0, 7) == ([False, True], [])


def test_the_two_sides_do_not_cover_each_other():
    assert cells(3, 50, sides=["internal", "external"]) == ([False, True], [])


def test_issues_are_looked_at_one_by_one():
    found = protect(np.array([[9, 3], [9, 9]]), ["external"] * 2, 5)
    assert found.told.tolist() == [[True, False], [True, False]]
    assert {pool: issues.tolist() for pool, issues in found.pools.items()} == {(0, 1): [False, True]}


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=7), st.integers(1, 8))
def test_each_voice_has_k_people_and_each_group_one_voice_at_most(groups, k):
    counts = np.array([count for count, _ in groups])
    sides = ["internal" if inside else "external" for _, inside in groups]
    told, pools = cells(*counts, k=k, sides=sides)
    assert (counts[told] >= k).all()
    for pool in pools:
        assert counts[list(pool)].sum() >= k
        assert len({sides[member] for member in pool}) == 1
    speaking = [*np.flatnonzero(told), *(member for pool in pools for member in pool)]
    assert len(speaking) == len(set(speaking))


@pytest.mark.parametrize("k", [1, 0])
def test_with_k_1_everybody_speaks(k):
    assert cells(1, 2, k=k) == ([True, True], [])
