"""Agreement across groups, held against the Friedman statistic of scipy."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare

from materiality.scoring.agreement import Agreement, agreement, spreads

Row = list[Fraction | None]


def rows(*table: list[int | None]) -> list[Row]:
    return [[None if value is None else Fraction(value) for value in row] for row in table]


def test_perfect_agreement_is_one_and_opposite_rankings_cancel() -> None:
    assert agreement(rows([1, 2, 3], [2, 4, 5], [1, 3, 4])) == Agreement(Fraction(1), 3, 3)
    assert agreement(rows([1, 2, 3], [3, 2, 1])) == Agreement(Fraction(0), 2, 3)


def test_by_hand_with_a_tie() -> None:
    """Ranks 1 2 3 and 1.5 1.5 3: sums 2.5 3.5 6, S = 6.5, W = 12 S / (4 * 24 - 2 * 6)."""
    assert agreement(rows([1, 2, 3], [1, 1, 3])).kendall_w == Fraction(13, 14)


@given(
    st.integers(2, 7).flatmap(
        lambda groups: st.lists(st.lists(st.integers(1, 5), min_size=groups, max_size=groups), min_size=3, max_size=9)
    )
)
@settings(deadline=None, max_examples=60)
def test_w_is_the_friedman_statistic_over_its_maximum(columns: list[list[int]]) -> None:
    by_group = np.array(columns).T
    assume((by_group != by_group[:, :1]).any())
    found = agreement(rows(*by_group.tolist())).kendall_w
    statistic = friedmanchisquare(*columns).statistic
    assert found is not None
    assert float(found) == pytest.approx(statistic / (len(by_group) * (len(columns) - 1)), abs=1e-12)
    assert 0 <= found <= 1


def test_only_issues_that_all_groups_rated_are_compared() -> None:
    found = agreement(rows([1, None, 2, 3], [2, 5, 4, 5], [1, 1, 3, 4]))
    assert found == Agreement(Fraction(1), 3, 3)


def test_a_group_without_answers_is_left_out() -> None:
    assert agreement(rows([1, 2], [None, None], [1, 3])) == Agreement(Fraction(1), 2, 2)


@pytest.mark.parametrize(
    ("table", "groups", "issues"),
    [
        (rows([1, 2, 3]), 1, 3),
        (rows([1, None], [2, 3]), 2, 1),
        (rows([1, None], [None, 3]), 2, 0),
        (rows([3, 3, 3], [4, 4, 4]), 2, 3),
        (rows([None, None]), 0, 0),
    ],
)
def test_where_agreement_has_no_meaning_there_is_none(table: list[Row], groups: int, issues: int) -> None:
    assert agreement(table) == Agreement(None, groups, issues)


def test_spread_is_the_distance_of_the_extremes() -> None:
    table = rows([1, None, 2, None], [4, 3, 2, None], [2, None, 2, None])
    assert spreads(table) == (3, None, 0, None)
