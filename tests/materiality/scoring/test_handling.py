"""Missing ratings that count as something: the tally is filled exactly as its ratings are."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from materiality.scoring.agreement import spreads
from materiality.scoring.axes import weigh
from materiality.scoring.groups import GroupInput, People
from materiality.scoring.handling import centred_spreads, filled, value_of_missing
from materiality.scoring.tier_rules import Counts
from surveys.tally import Tally, count
from tests.materiality.scoring.builders import analysed, external, group, internal, tables


@pytest.mark.parametrize(
    ("treatment", "scale", "value"),
    [("left_out", (1, 5), None), ("lowest", (1, 5), 1), ("middle", (1, 5), 3), ("middle", (1, 3), 2)],
)
def test_what_a_missing_rating_counts_as(treatment: str, scale: tuple[int, int], value: int | None) -> None:
    assert value_of_missing(treatment, scale) == value


def test_a_scale_without_a_middle_has_no_middle_rating() -> None:
    with pytest.raises(ValueError, match="scale from 1 to 4 has no middle rating: leave missing ratings out"):
        value_of_missing("middle", (1, 4))
    with pytest.raises(ValueError, match="'highest' is not a treatment"):
        value_of_missing("highest", (1, 5))


def test_a_missing_rating_counts_as_lowest_by_hand() -> None:
    group = filled(internal([[5, 0, 0], [3, 4, 0], [0, 0, 0]]), 1)
    # Nobody rated the third issue, so nobody is missing there.
    assert group.means == (Fraction(9, 3), Fraction(6, 3), None)
    assert group.tally == count(np.array([[5, 1, 0], [3, 4, 0], [1, 1, 0]], np.uint8), (1, 5))
    assert group.answers.tolist() == [2, 1, 0]


@given(tables(issues=4), st.integers(1, 5), st.lists(st.booleans(), min_size=4, max_size=4))
def test_filling_a_tally_equals_counting_what_was_filled(table, value: int, chosen: list[bool]) -> None:
    mask = np.array(chosen)
    whole = np.where((table == 0) & mask, value, table).astype(np.uint8)
    assert count(table, (1, 5)).filled(value, mask) == count(whole, (1, 5))


@given(tables(issues=4), st.integers(1, 5))
def test_who_speaks_twice_is_filled_once(table, value: int) -> None:
    tally = count(table, (1, 5))
    people = People("Staff", tally, (2, 3))
    group = GroupInput("Staff, on b", "company", 1, tally.select([2, 3]), people=people)
    now = filled(group, value)
    assert now.people is not None
    whole = np.where((table == 0) & (table != 0).any(axis=0), value, table).astype(np.uint8)
    assert now.people.tally == count(whole, (1, 5))
    assert now.tally == now.people.tally.select([2, 3])


def test_a_value_off_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="6 is not a rating from 1 to 5"):
        Tally.empty(2, (1, 5)).filled(6, np.ones(2, bool))


def fractions(*rows: list[int | None]) -> list[list[Fraction | None]]:
    return [[None if mean is None else Fraction(mean) for mean in row] for row in rows]


def test_a_group_that_rates_everything_higher_does_not_disagree() -> None:
    strict, lenient = [1, 2, 3], [3, 4, 5]
    assert spreads(fractions(strict, lenient)) == (2, 2, 2)
    assert centred_spreads(fractions(strict, lenient)) == (0, 0, 0)


def test_levels_are_compared_over_issues_that_all_have_rated() -> None:
    # On the first two, levels are 2 and 4; the third is 5 - 2 against 5 - 4 only where both rated it.
    assert centred_spreads(fractions([1, 3, 5], [4, 4, None])) == (1, 1, None)
    # Levels 3 and 13/3.
    assert centred_spreads(fractions([1, 3, 5], [4, 4, 5])) == (Fraction(5, 3), Fraction(1, 3), Fraction(4, 3))


def test_with_one_issue_in_common_nothing_is_known_of_levels() -> None:
    assert centred_spreads(fractions([1, 3, None], [None, 5, 2])) == (None, None, None)


@given(tables(issues=3, lowest=1), tables(issues=3, lowest=1), st.integers(1, 9))
def test_where_all_rated_all_issues_levels_cancel_out_of_the_axis(first, second, weight: int) -> None:
    groups = [group("a", "company", first, weight), group("b", "company", second, 1)]
    total = Fraction(weight + 1)
    levels = [sum((mean for mean in one.means if mean is not None), Fraction()) / 3 for one in groups]
    shared = (weight * levels[0] + levels[1]) / total
    for i, value in enumerate(weigh("company", groups).values):
        centred = [(one.means[i] or 0) - level + shared for one, level in zip(groups, levels, strict=True)]
        assert value == (weight * centred[0] + centred[1]) / total


def test_contested_issues_are_those_on_which_groups_differ_beyond_their_levels() -> None:
    groups = [internal([[1, 2, 1]]), external([[4, 5, 2]])]

    def contested(leniency: str) -> list[bool]:
        found = analysed(groups, Counts((1, 2)), leniency=leniency)
        return [issue.contested for issue in found.issues]

    assert contested("as_rated") == [True, True, False]
    # Levels 4/3 and 11/3: 2/3, 2/3 and 4/3 apart.
    assert contested("centred") == [False, False, True]
