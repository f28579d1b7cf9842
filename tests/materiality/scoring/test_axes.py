"""An axis is the weighted mean of group means, exactly, whoever drops out."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from materiality.scoring.axes import weigh
from tests.materiality.scoring.builders import external, internal, tables

# Means 4 and 3.
STAFF = [[5, 3], [3, 3]]
# Means 2 and 5; nobody rated the second issue in the other.
BOARD = [[2, 5]]
UNIONS = [[1, 0], [2, 0]]


def test_weighted_mean_by_hand() -> None:
    axis = weigh("company", [internal(STAFF, 3), internal(BOARD, 1, "Board")])
    assert axis.values == (Fraction(7, 2), Fraction(7, 2))
    assert axis.group_shares == (Fraction(3, 4), Fraction(1, 4))
    assert axis.shares.tolist() == [[0.75, 0.75], [0.25, 0.25]]


def test_a_group_counts_once_whatever_its_size() -> None:
    axis = weigh("company", [internal(STAFF * 50), internal(BOARD, 1, "Board")])
    assert axis.values == (3, 4)


def test_a_group_that_did_not_rate_an_issue_drops_out_there() -> None:
    groups = [internal(STAFF, 1), internal(BOARD, 2, "Board"), internal(UNIONS, 1, "Unions")]
    axis = weigh("company", groups)
    assert axis.values == ((4 + 2 * 2 + Fraction(3, 2)) / 4, Fraction(3 + 2 * 5, 3))
    assert axis.shares[:, 1].tolist() == pytest.approx([1 / 3, 2 / 3, 0])
    assert axis.group_shares == (Fraction(1, 4), Fraction(1, 2), Fraction(1, 4))


def test_a_group_without_answers_has_no_share() -> None:
    axis = weigh("company", [internal(STAFF), internal([[0, 0]], 5, "Board")])
    assert axis.values == (4, 3)
    assert axis.group_shares == (1, 0)


def test_the_other_side_does_not_count() -> None:
    axis = weigh("company", [internal(STAFF), external(BOARD, 9)])
    assert axis.values == (4, 3)
    assert axis.group_shares == (1, 0)
    assert axis.shares[1].tolist() == [0, 0]


def test_a_side_without_groups_or_answers_is_not_there() -> None:
    assert not weigh("stakeholders", [internal(STAFF)]).present
    assert not weigh("company", [internal([[0, 0]])]).present
    assert weigh("company", [internal(STAFF)]).present


def test_weight_zero_is_shown_and_not_counted() -> None:
    axis = weigh("company", [internal(STAFF), internal(BOARD, 0, "Board")])
    assert axis.values == (4, 3)


def test_an_issue_rated_only_by_groups_of_weight_zero_has_no_value() -> None:
    axis = weigh("company", [internal(UNIONS), internal(BOARD, 0, "Board")])
    assert axis.values == (Fraction(3, 2), None)


def test_all_weights_zero_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"All weights on the axis 'company' are 0 \(Employees, Board\)"):
        weigh("company", [internal(STAFF, 0), internal(BOARD, Decimal(0), "Board"), external(STAFF)])


@given(tables(3), tables(3), st.fractions(Fraction(1, 1000), 1000))
@settings(deadline=None, max_examples=30)
def test_weights_scale_away(staff: np.ndarray, board: np.ndarray, factor: Fraction) -> None:
    assume(staff.any() or board.any())
    plain = weigh("company", [internal(staff, 3), internal(board, 1, "Board")])
    assert any(value is not None for value in plain.values)
    assert sum(plain.group_shares) == 1
    scaled = weigh("company", [internal(staff, 3 * factor), internal(board, factor, "Board")])
    assert plain.values == scaled.values
    assert plain.group_shares == scaled.group_shares


@given(tables(3), tables(3))
@settings(deadline=None, max_examples=30)
def test_values_lie_between_the_group_means(staff: np.ndarray, board: np.ndarray) -> None:
    groups = [internal(staff, Decimal("0.7")), internal(board, Decimal("2.1"), "Board")]
    axis = weigh("company", groups)
    for i, value in enumerate(axis.values):
        means = [mean for group in groups if (mean := group.means[i]) is not None]
        assert (value is None) == (not means)
        assert value is None or min(means) <= value <= max(means)
        assert axis.shares[:, i].sum() == pytest.approx(1 if means else 0)
