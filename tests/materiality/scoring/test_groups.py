"""What the engine is given is checked before anything is computed."""

from fractions import Fraction

import numpy as np
import pytest

from materiality.scoring.groups import GroupInput, check_groups
from surveys.tally import Tally, count
from tests.materiality.scoring.builders import external, internal

RATINGS = np.array([[5, 0], [4, 0], [4, 0]], np.uint8)
AXES = ("company", "stakeholders")
TALLY = count(RATINGS, (1, 5))


def test_means_are_exact_and_only_of_those_who_answered() -> None:
    table = [[5, 0, 0], [4, 2, 0], [4, 5, 0]]
    assert internal(table).means == (Fraction(13, 3), Fraction(7, 2), None)


def test_a_group_without_any_rating_has_not_answered() -> None:
    assert not internal([[0, 0], [0, 0]]).answered
    assert internal([[0, 0], [0, 3]]).answered


@pytest.mark.parametrize(
    ("weight", "message"), [(-1, "-1, less than 0"), (float("nan"), "nan, not a finite"), ("much", "'much'")]
)
def test_a_weight_that_is_none_is_refused(weight: float, message: str) -> None:
    with pytest.raises(ValueError, match=f"weight of the group 'Clients' is {message}"):
        GroupInput("Clients", "stakeholders", weight, TALLY)


def test_a_weight_is_what_was_written() -> None:
    assert GroupInput("Clients", "stakeholders", 0.1, TALLY).exact_weight == Fraction(1, 10)


def test_an_unknown_axis_is_refused() -> None:
    with pytest.raises(ValueError, match="on the axis 'outside'; there are company, stakeholders"):
        check_groups([GroupInput("Clients", "outside", 1, TALLY)], 2, AXES)


@pytest.mark.parametrize(("headcount", "message"), [(0, "is 0, not at least 1"), (2.5, "is 2.5, not a whole number")])
def test_a_headcount_that_is_none_is_refused(headcount: float, message: str) -> None:
    with pytest.raises(ValueError, match=f"headcount of the group 'Clients' {message}"):
        GroupInput("Clients", "stakeholders", 1, TALLY, population=headcount)


def test_groups_must_fit_together() -> None:
    with pytest.raises(ValueError, match="at least one stakeholder group"):
        check_groups([], 2, AXES)
    with pytest.raises(ValueError, match="Two groups have the name 'Clients'"):
        check_groups([external(RATINGS), external(RATINGS)], 2, AXES)
    with pytest.raises(ValueError, match="'Clients' has 2 issues, not 3"):
        check_groups([external(RATINGS)], 3, AXES)
    with pytest.raises(ValueError, match="'Clients' rated from 1 to 7, the group 'Employees' from 1 to 5"):
        check_groups([internal(RATINGS), GroupInput("Clients", "stakeholders", 1, Tally.empty(2, (1, 7)))], 2, AXES)


def test_the_common_scale_is_returned() -> None:
    assert check_groups([internal(RATINGS, scale=(1, 7))], 2, AXES) == (1, 7)
