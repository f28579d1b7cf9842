"""Natural breaks are the best of all partitions, for one set of numbers and for many at once."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from materiality.scoring.natural_breaks import break_classes, break_classes_of_draws

numbers = st.lists(st.integers(4, 20).map(lambda number: number / 4), min_size=2, max_size=9)


def squares_within(values: list[float], classes: tuple[int, ...]) -> float:
    of_class = [[v for v, c in zip(values, classes, strict=True) if c == chosen] for chosen in set(classes)]
    return sum(sum((v - sum(part) / len(part)) ** 2 for v in part) for part in of_class)


def brute_force(values: list[float], classes: int) -> float:
    """The least sum of squares over every way to cut the ordered numbers."""
    ordered = sorted(values)
    best = float("inf")
    for cuts in combinations(range(1, len(ordered)), classes - 1):
        parts = [ordered[start:end] for start, end in pairwise((0, *cuts, len(ordered)))]
        best = min(best, sum(squares_within(part, (0,) * len(part)) for part in parts))
    return best


def test_by_hand() -> None:
    assert break_classes([2.0, 4.9, 5.0, 3.4, 2.1, 3.5], 3) == (2, 0, 0, 1, 2, 1)


@given(numbers, st.integers(1, 4))
@settings(deadline=None)
def test_no_partition_is_better(values: list[float], classes: int) -> None:
    assume(len(set(values)) >= classes)
    found = break_classes(values, classes)
    assert found is not None
    assert set(found) == set(range(classes))
    assert squares_within(values, found) == pytest.approx(brute_force(values, classes))


@given(numbers, st.integers(1, 4))
@settings(deadline=None)
def test_no_partition_is_better_in_draws(values: list[float], classes: int) -> None:
    assume(len(set(values)) >= classes)
    ordered = sorted(values, reverse=True)
    found = tuple(break_classes_of_draws(np.array([ordered]), classes)[0].tolist())
    assert set(found) == set(range(classes))
    assert list(found) == sorted(found)
    assert squares_within(ordered, found) == pytest.approx(brute_force(values, classes))


@given(numbers, st.integers(1, 4))
@settings(deadline=None)
def test_equal_numbers_share_a_class(values: list[float], classes: int) -> None:
    assume(len(set(values)) >= classes)
    found = break_classes(values, classes)
    assert found is not None
    assert len(set(zip(values, found, strict=True))) == len(set(values))


@pytest.mark.parametrize(("issues", "classes"), [(18, 3), (40, 4), (7, 7), (5, 1)])
def test_many_sets_at_once_are_as_one_by_one(issues: int, classes: int) -> None:
    draws = -np.sort(-np.random.default_rng(3).normal(3.5, 0.6, (200, issues)), axis=1)
    found = break_classes_of_draws(draws, classes)
    assert [tuple(row) for row in found.tolist()] == [break_classes(row, classes) for row in draws.tolist()]


def test_of_equally_good_partitions_the_higher_class_takes_more() -> None:
    assert break_classes_of_draws(np.array([[3.0, 2.0, 1.0]]), 2).tolist() == [[0, 0, 1]]


def test_too_few_different_numbers_cannot_be_parted() -> None:
    assert break_classes([3.0, 3.0, 4.0], 3) is None
    assert break_classes([3.0, 3.0, 4.0], 2) == (1, 1, 0)
