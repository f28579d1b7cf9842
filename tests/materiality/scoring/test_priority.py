"""Axes become a priority on the same scale, and equal priorities get equal ranks."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from materiality.scoring.priority import PRIORITY_RULES, competition_ranks, priority_keys, rank_draws

on_scale = st.integers(10, 50).map(lambda number: Fraction(number, 10))


@pytest.mark.parametrize(("name", "expected"), [("mean", 3.5), ("max", 4), ("min", 3), ("distance", 12.5**0.5)])
def test_rules_by_hand(name: str, expected: float) -> None:
    rule = PRIORITY_RULES[name]
    key = rule.join([Fraction(4), Fraction(3)])
    assert rule.value_of(key) == expected
    assert rule.join_draws([np.array([4.0]), np.array([3.0])]).tolist() == pytest.approx([expected])


@pytest.mark.parametrize("name", PRIORITY_RULES)
@given(on_scale, on_scale)
def test_priority_lies_between_the_axes(name: str, x: Fraction, y: Fraction) -> None:
    rule = PRIORITY_RULES[name]
    assert rule.key_of(min(x, y)) <= rule.join([x, y]) <= rule.key_of(max(x, y))


@pytest.mark.parametrize("name", PRIORITY_RULES)
@given(on_scale, on_scale, on_scale)
def test_more_importance_is_never_less_priority(name: str, x: Fraction, y: Fraction, higher: Fraction) -> None:
    rule = PRIORITY_RULES[name]
    assert rule.join([max(x, higher), y]) >= rule.join([x, y])
    assert rule.join([x, max(y, higher)]) >= rule.join([x, y])


@pytest.mark.parametrize("name", PRIORITY_RULES)
def test_a_missing_axis_leaves_the_other_alone(name: str) -> None:
    rule = PRIORITY_RULES[name]
    values = [Fraction(4), None, Fraction(5, 2)]
    keys = priority_keys(rule, [values])
    assert [None if key is None else rule.value_of(key) for key in keys] == [4, None, 2.5]


@pytest.mark.parametrize("name", PRIORITY_RULES)
def test_an_issue_without_one_of_two_axes_has_no_priority(name: str) -> None:
    keys = priority_keys(PRIORITY_RULES[name], [[Fraction(4), None, Fraction(5)], [Fraction(4), Fraction(5), None]])
    assert [key is None for key in keys] == [False, True, True]


def test_ties_share_the_better_rank() -> None:
    keys = [Fraction(3), Fraction(4), None, Fraction(4), Fraction(5), Fraction(1)]
    assert competition_ranks(keys) == (4, 2, None, 2, 1, 5)


def test_ties_are_exact() -> None:
    """In floats 0.1 + 0.2 is above 0.3, and the two would have different ranks."""
    tenth = Fraction(1, 10)
    assert competition_ranks([tenth + 2 * tenth, 3 * tenth]) == (1, 1)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=12))
def test_ranks_of_draws_are_the_ranks_of_the_result(priorities: list[int]) -> None:
    ranks, ordered = rank_draws(np.array([priorities, priorities[::-1]], float))
    expected = competition_ranks([Fraction(priority) for priority in priorities])
    assert tuple(ranks[0].tolist()) == expected
    assert tuple(ranks[1].tolist()) == expected[::-1]
    assert ordered[0].tolist() == sorted(priorities, reverse=True)
