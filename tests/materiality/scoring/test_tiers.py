"""Tier rules by hand: limits belong to the tier above them, and ties are never parted."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from materiality.scoring.method import Method
from materiality.scoring.priority import competition_ranks, rank_draws
from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, NaturalBreaks, Quantiles, TierRule
from materiality.scoring.tiers import assign_tiers, assign_tiers_of_draws, find_boundaries, tiers_by_rank

TIERS = ("High", "Moderate", "Minor")


def tiered(rule: TierRule, keys: Sequence[Fraction | None], *axes: Sequence[Fraction | None], **more: str) -> tuple:
    method = Method(TIERS, rule, **more)
    return assign_tiers(method, keys, competition_ranks(keys), axes)


def fractions(*values: float | str | None) -> list[Fraction | None]:
    return [None if value is None else Fraction(str(value)) for value in values]


def test_counts_fill_from_the_top() -> None:
    assert tiered(Counts((1, 2, 1)), fractions(2, 5, 4, 3)) == (2, 0, 1, 1)


def test_a_hundred_tiers_are_told_apart() -> None:
    """In the result and in draws, which count tiers in 8 bits."""
    method = Method([f"Tier {tier}" for tier in range(100)], Counts((1,) * 100))
    assert tiers_by_rank(method, 100)[1:].tolist() == list(range(100))
    cuts = Method(method.tiers, CutOffs([Fraction(500 - cut, 100) for cut in range(99)]))
    lowest = np.ones((1, 1))
    assert assign_tiers_of_draws(cuts, np.ones((1, 1), np.intp), lowest, lowest, lowest).tolist() == [[99]]


def test_a_tie_over_a_count_shares_the_higher_tier() -> None:
    assert tiered(Counts((1, 2, 1)), fractions(5, 5, 3, 3)) == (0, 0, 1, 1)
    assert tiered(Counts((1, 1, 2)), fractions(5, 4, 4, 3)) == (0, 1, 1, 2)


def test_a_count_of_zero_leaves_the_tier_empty() -> None:
    assert tiered(Counts((0, 3, 1)), fractions(5, 4, 3, 2)) == (1, 1, 1, 2)


def test_an_issue_without_priority_has_no_tier_and_takes_no_place() -> None:
    assert tiered(Counts((1, 1, 2)), fractions(None, 5, 4, 3)) == (None, 0, 1, 2)


def test_a_cut_off_is_inclusive_to_the_last_digit() -> None:
    just_below = Fraction(7, 2) - Fraction(1, 10**30)
    keys = [Fraction(7, 2), just_below, Fraction(5, 2), Fraction(1)]
    assert tiered(CutOffs((3.5, 2.5)), keys) == (0, 1, 1, 2)


def test_a_cut_off_on_distances_is_inclusive() -> None:
    """The distance of (1, 1) is 1, that of (5, 1) is sqrt(13): keys are squares."""
    assert tiered(CutOffs((4, 3)), fractions(16, 13, 9, "8.9999"), priority="distance") == (0, 1, 1, 2)


def test_axis_cut_offs_need_both_axes() -> None:
    company, stakeholders = fractions(4, 5, 3, None), fractions(4, "3.9", 3, None)
    keys = fractions(4, "4.45", 3, None)
    assert tiered(AxisCutOffs((4, 3)), keys, company, stakeholders) == (0, 1, 1, None)


def test_axis_cut_offs_with_one_axis_use_that_one() -> None:
    assert tiered(AxisCutOffs((4, 3)), fractions(4, 3, 2), fractions(4, 3, 2)) == (0, 1, 2)


def test_natural_breaks_follow_the_gaps() -> None:
    assert tiered(NaturalBreaks(), fractions(2, 5, "4.9", "3.5", "3.4", "2.1")) == (2, 0, 0, 1, 1, 2)


def test_natural_breaks_without_enough_priorities_give_no_tier() -> None:
    assert tiered(NaturalBreaks(), fractions(3, 3, 4, None)) == (None,) * 4


@pytest.mark.parametrize(
    ("shares", "issues", "expected"),
    [
        (None, 6, [0, 0, 1, 1, 2, 2]),
        (None, 4, [0, 0, 1, 2]),
        ((0.25, 0.25, 0.5), 4, [0, 1, 2, 2]),
        ((0, 0.5, 0.5), 4, [1, 1, 2, 2]),
        ((0.1, 0.2, 0.7), 10, [0, 1, 1, 2, 2, 2, 2, 2, 2, 2]),
    ],
)
def test_quantiles(shares: tuple[float, ...] | None, issues: int, expected: list[int]) -> None:
    assert tiers_by_rank(Method(TIERS, Quantiles(shares)), issues)[1:].tolist() == expected


def test_rules_that_do_not_part_ranks_say_so() -> None:
    with pytest.raises(ValueError, match="'natural_breaks' does not part ranks"):
        tiers_by_rank(Method(TIERS, NaturalBreaks()), 5)


RULES = [Counts((2, 2, 2)), CutOffs((4, 2.5)), AxisCutOffs((4, 2.5)), NaturalBreaks(), Quantiles()]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("priority", ["mean", "distance"])
@given(st.lists(st.integers(2, 10), min_size=6, max_size=6), st.lists(st.integers(2, 10), min_size=6, max_size=6))
@settings(deadline=None)
def test_a_draw_is_tiered_as_the_result_is(rule: TierRule, priority: str, x: list[int], y: list[int]) -> None:
    """Halves from 1 to 5, so that ties and limits are met all the time."""
    method = Method(TIERS, rule, priority=priority)
    company, stakeholders = ([Fraction(value, 2) for value in axis] for axis in (x, y))
    squared = priority == "distance"
    keys = [(a * a + b * b) / 2 if squared else (a + b) / 2 for a, b in zip(company, stakeholders, strict=True)]
    expected = assign_tiers(method, keys, competition_ranks(keys), [company, stakeholders])
    floats = np.array([[float(key) for key in keys]])
    priorities = np.round(np.sqrt(floats) if squared else floats, 9)
    ranks, ordered = rank_draws(priorities)
    lower = np.minimum(np.array([x]), np.array([y])) / 2
    found = assign_tiers_of_draws(method, ranks, priorities, ordered, lower)[0].tolist()
    if isinstance(rule, NaturalBreaks):
        # Numbers so coarse have equally good partitions; that each form finds a best one is tested elsewhere.
        assert sorted(found) == [tier for _, tier in sorted(zip(ranks[0].tolist(), found, strict=True))]
    else:
        assert tuple(found) == expected


def edges(rule: TierRule, priorities: list[float | None], tiers: list[int | None]) -> list[float | None]:
    return list(find_boundaries(Method(TIERS, rule), priorities, tiers, (1, 5)).values)


def test_boundaries_lie_midway() -> None:
    assert edges(Counts((1, 2, 1)), [2, 4.5, 4, 3], [2, 0, 1, 1]) == [4.25, 2.5]


def test_cut_offs_are_their_own_boundaries() -> None:
    assert edges(CutOffs((3.5, "10/3")), [None], [None]) == [3.5, 10 / 3]
    assert find_boundaries(Method(TIERS, AxisCutOffs((4, 3))), [], [], (1, 5)).rule == "axis_cut_offs"


def test_an_empty_tier_has_no_width() -> None:
    assert edges(Counts((2, 0, 2)), [5, 4, 3, 2], [0, 0, 2, 2]) == [3.5, 3.5]
    assert edges(Counts((0, 2, 2)), [5, 4, 3, 2], [1, 1, 2, 2]) == [5, 3.5]
    assert edges(Counts((2, 1, 1)), [5, 4, 4, 4], [0, 0, 0, 0]) == [1, 1]


def test_without_tiers_there_are_no_boundaries() -> None:
    assert edges(NaturalBreaks(), [3, 3, None], [None, None, None]) == [None, None]
