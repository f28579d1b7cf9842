"""The screening of issues by marks: exact, in any order, and never to the disadvantage of a higher mark."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoping.screening import NOBODY, Cell, Outcome, Rule, in_decimals, most_possible, screen

marks = st.lists(st.integers(0, 3), min_size=1, max_size=6)
rows = st.lists(marks, min_size=1, max_size=5)
thresholds = st.integers(0, 1500).map(lambda hundredths: Fraction(hundredths, 100))


def cell_of(marks: list[int]) -> Cell:
    return Cell(len(marks), sum(marks), min(marks), max(marks)) if marks else NOBODY


def outcome(row: list[list[int]], rule: Rule) -> Outcome:
    return screen([cell_of(given) for given in row], rule)


@st.composite
def row_and_rule(draw: st.DrawFn) -> tuple[list[list[int]], Rule]:
    row = draw(rows)
    places = st.sets(st.integers(0, len(row) - 1), min_size=1).map(lambda found: tuple(sorted(found)))
    return row, Rule(draw(thresholds), draw(st.none() | places))


# --- by hand ----------------------------------------------------------------------------------------------
def test_the_total_is_the_sum_of_the_means():
    assert outcome([[3, 2], [1], [0, 3]], Rule(Fraction(0))).total == 5


def test_a_threshold_that_is_just_reached_is_enough():
    assert outcome([[3], [3, 2], [2]], Rule(Fraction("7.5"))).proposal is True
    assert outcome([[3], [3, 2, 2], [2]], Rule(Fraction("7.5"))).proposal is False


def test_thirds_that_make_a_whole_number_reach_it():
    """In floats three means of 4/3 and a third of them may come out just under 4."""
    assert outcome([[1, 1, 2], [1, 1, 2], [1, 2, 1]], Rule(Fraction(4))).proposal is True


def test_every_must_have_has_to_reach_the_threshold():
    rule = Rule(Fraction(2), must_haves=(0, 2))
    assert outcome([[2], [0], [2, 2]], rule).proposal is True
    assert outcome([[3], [3], [2, 1]], rule).proposal is False


def test_a_rule_of_must_haves_without_any_proposes_nothing():
    assert outcome([[3], [3]], Rule(Fraction(2), must_haves=())).proposal is None


@pytest.mark.parametrize("row", [[], [[]], [[3], []]])
def test_a_criterion_that_nobody_marked_leaves_the_issue_open(row: list[list[int]]):
    found = outcome(row, Rule(Fraction(0)))
    assert (found.total, found.proposal, found.close) == (None, None, False)


@pytest.mark.parametrize(("mark", "close"), [(2, True), (3, False), (1, False)])
def test_half_a_point_from_the_threshold_is_close_on_either_side(mark: int, close: bool):
    assert outcome([[mark]], Rule(Fraction("2.5") if mark == 2 else Fraction(2))).close is close


def test_two_steps_apart_is_disagreement():
    assert outcome([[1, 3], [2]], Rule(Fraction(0))).contested
    assert not outcome([[1, 2], [2, 3]], Rule(Fraction(0))).contested


def test_disagreement_shows_before_all_criteria_are_marked():
    assert outcome([[0, 3], []], Rule(Fraction(0))).contested


def test_what_could_be_reached_at_most():
    assert most_possible(criteria=4, must_have=False, highest_mark=3) == 12
    assert most_possible(criteria=4, must_have=True, highest_mark=3) == 3


@pytest.mark.parametrize(
    ("value", "text"),
    [("15/2", "7.5"), ("6", "6"), ("22/3", "7.33"), ("8/3", "2.67"), ("0", "0"), ("10", "10"), ("-1/2", "-0.5")],
)
def test_numbers_are_written_as_people_write_them(value: str, text: str):
    assert in_decimals(Fraction(value)) == text


# --- whatever the marks -----------------------------------------------------------------------------------
@given(row_and_rule(), st.randoms(use_true_random=False))
def test_the_order_of_the_marks_does_not_matter(given_row, random):
    row, rule = given_row
    shuffled = [random.sample(given, len(given)) for given in row]
    assert outcome(shuffled, rule) == outcome(row, rule)


@given(rows, thresholds, st.randoms(use_true_random=False))
def test_the_order_of_the_criteria_does_not_matter_to_a_total(row, threshold, random):
    assert outcome(random.sample(row, len(row)), Rule(threshold)) == outcome(row, Rule(threshold))


@given(row_and_rule(), st.data())
def test_a_higher_mark_never_takes_an_issue_out(given_row, data):
    row, rule = given_row
    higher = [[data.draw(st.integers(mark, 3)) for mark in given] for given in row]
    if outcome(row, rule).proposal:
        assert outcome(higher, rule).proposal


@given(row_and_rule(), thresholds)
def test_a_lower_threshold_never_takes_an_issue_out(given_row, lower):
    row, rule = given_row
    if outcome(row, rule).proposal:
        assert outcome(row, Rule(min(lower, rule.threshold), rule.must_haves)).proposal


@given(rows)
def test_an_issue_reaches_its_own_total(row):
    total = outcome(row, Rule(Fraction(0))).total
    assert total is not None
    found = outcome(row, Rule(total))
    assert (found.proposal, found.margin) == (True, 0)


@given(rows)
def test_the_total_is_within_what_is_possible(row):
    total = outcome(row, Rule(Fraction(0))).total
    assert 0 <= total <= most_possible(criteria=len(row), must_have=False, highest_mark=3)


@given(marks, marks)
def test_one_more_opinion_never_narrows_the_spread(some, more):
    assert cell_of(some + more).spread >= cell_of(some).spread


@given(st.fractions(0, 30, max_denominator=97), thresholds)
def test_what_is_shown_is_on_the_same_side_of_the_threshold(value, threshold):
    assert (Fraction(in_decimals(value, threshold)) >= threshold) == (value >= threshold)


def test_a_cell_without_marks_has_no_mean():
    assert NOBODY.mean is None
    assert Cell(3, 8, 2, 3).mean == Fraction(8, 3)
