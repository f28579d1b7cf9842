"""Moves between two surveys: numbers by hand, what must hold for all, and how often chance is called a move."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, norm

from materiality.scoring.change import (
    Estimate,
    Verdict,
    adjusted_p_values,
    difference,
    judge,
    share_of_scale,
    tier_change,
)
from materiality.scoring.tier_rules import Counts
from tests.materiality.scoring.builders import analysed, external, internal

ORDER = [Verdict.WITHIN, Verdict.ALONE, Verdict.LARGER]
numbers = st.floats(1, 5)
widths = st.floats(0, 2)


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    value = draw(numbers)
    return Estimate(value, (value - draw(widths), value + draw(widths)))


@st.composite
def chances(draw: st.DrawFn) -> list[float]:
    parts = np.array(draw(st.lists(st.floats(0.01, 1), min_size=3, max_size=3)))
    return list(parts / parts.sum())


def test_mover_by_hand():
    """3.0 (2.7 to 3.2) becomes 4.0 (3.6 to 4.5): 1 - sqrt(.4^2 + .2^2) to 1 + sqrt(.5^2 + .3^2)."""
    found = difference(Estimate(3.0, (2.7, 3.2)), Estimate(4.0, (3.6, 4.5)))
    assert found.value == 1.0
    assert found.interval == pytest.approx((1 - sqrt(0.2), 1 + sqrt(0.34)))
    error = sqrt(0.9**2 + 0.5**2) / (2 * norm.ppf(0.95))
    assert found.p_value == pytest.approx(2 * norm.sf(1 / error))
    assert found.excludes_zero


def test_equal_normal_intervals_give_the_interval_of_a_difference():
    """With symmetrical intervals MOVER is the textbook's: half widths add up as squares."""
    found = difference(Estimate(2.0, (1.7, 2.3)), Estimate(2.5, (2.1, 2.9)))
    assert found.interval == pytest.approx((0.0, 1.0))


def test_without_an_interval_there_is_a_move_and_no_certainty():
    found = difference(Estimate(3.0), Estimate(4.0, (3.6, 4.5)))
    assert (found.value, found.interval, found.p_value, found.excludes_zero) == (1.0, None, None, False)
    assert judge([found])[0].verdict == Verdict.UNKNOWN


def test_a_value_outside_its_interval_stretches_it():
    found = difference(Estimate(3.0, (3.0, 3.0)), Estimate(4.0, (4.2, 4.5)))
    assert found.interval == pytest.approx((1.0, 1.5))


def test_values_without_any_error_move_for_certain_or_not_at_all():
    still, moved = Estimate(0.1 + 0.2, (0.3, 0.3)), Estimate(0.4, (0.4, 0.4))
    assert difference(Estimate(0.3, (0.3, 0.3)), still).p_value == 1.0
    assert difference(still, moved).p_value == 0.0
    verdicts = [
        move.verdict for move in judge([difference(Estimate(0.3, (0.3, 0.3)), still), difference(still, moved)])
    ]
    assert verdicts == [Verdict.WITHIN, Verdict.LARGER]


@given(estimates(), estimates())
def test_exchanging_the_years_turns_the_move(one: Estimate, other: Estimate):
    there, back = difference(one, other), difference(other, one)
    assert there.value == -back.value
    assert there.interval is not None
    assert back.interval is not None
    assert there.interval == pytest.approx((-back.interval[1], -back.interval[0]))
    assert there.p_value == pytest.approx(back.p_value)


@given(st.lists(st.tuples(estimates(), estimates()), min_size=1, max_size=6), widths, widths)
def test_a_wider_interval_never_makes_a_verdict_stronger(
    pairs: list[tuple[Estimate, Estimate]], more_below: float, more_above: float
):
    """Neither that of the issue itself nor that of any other one compared with it."""
    narrow = judge([difference(*pair) for pair in pairs])
    before, now = pairs[0]
    low, high = now.interval or (0.0, 0.0)
    wider = Estimate(now.value, (low - more_below, high + more_above))
    wide = judge([difference(*pair) for pair in [(before, wider), *pairs[1:]]])
    for one, other in zip(narrow, wide, strict=True):
        assert ORDER.index(other.verdict) <= ORDER.index(one.verdict)


@given(st.lists(st.floats(0, 1), max_size=12))
def test_adjustment_is_that_of_scipy(p_values: list[float]):
    expected = false_discovery_control(p_values) if p_values else []
    assert adjusted_p_values(p_values) == pytest.approx(list(expected))


def test_one_small_move_among_many_still_ones_is_not_called_larger():
    """Its own interval excludes zero, as that of one in ten does by chance."""
    small = difference(Estimate(3.0, (2.8, 3.2)), Estimate(3.3, (3.1, 3.5)))
    still = difference(Estimate(3.0, (2.8, 3.2)), Estimate(3.0, (2.8, 3.2)))
    assert judge([small])[0].verdict == Verdict.LARGER
    assert judge([small, *[still] * 17])[0].verdict == Verdict.ALONE


def test_of_surveys_in_which_nothing_moves_few_report_a_move():
    """18 issues, 600 pairs of surveys: nothing has moved, so a survey with a verdict at all is a false one."""
    random, z = np.random.default_rng(5), norm.ppf(0.95)
    values = random.normal(3, 0.1, (600, 2, 18))
    alone = false = 0
    for before, now in values:
        moves = judge(
            [
                difference(Estimate(b, (b - z * 0.1, b + z * 0.1)), Estimate(n, (n - z * 0.1, n + z * 0.1)))
                for b, n in zip(before, now, strict=True)
            ]
        )
        alone += sum(move.difference.excludes_zero for move in moves)
        false += any(move.verdict == Verdict.LARGER for move in moves)
    assert alone / (600 * 18) == pytest.approx(0.10, abs=0.01)
    assert false / 600 == pytest.approx(0.10, abs=0.035)


def test_the_interval_holds_a_true_move_as_often_as_it_says():
    random, z = np.random.default_rng(6), norm.ppf(0.95)
    held = 0
    for before, now in zip(random.normal(3.0, 0.2, 2000), random.normal(3.5, 0.05, 2000), strict=True):
        found = difference(
            Estimate(before, (before - z * 0.2, before + z * 0.2)), Estimate(now, (now - z * 0.05, now + z * 0.05))
        )
        assert found.interval is not None
        held += found.interval[0] <= 0.5 <= found.interval[1]
    assert held / 2000 == pytest.approx(0.90, abs=0.02)


def test_tiers_by_hand():
    """Before: surely the second of three. Now 60 % first, 30 % second, 10 % third."""
    found = tier_change([0, 1, 0], [0.6, 0.3, 0.1])
    assert (found.higher, found.same, found.lower) == pytest.approx((0.6, 0.3, 0.1))
    found = tier_change([0.5, 0.5], [0.8, 0.2])
    assert (found.higher, found.same, found.lower) == pytest.approx((0.4, 0.5, 0.1))


@given(chances(), chances())
def test_exchanging_the_years_turns_the_tiers(one: list[float], other: list[float]):
    there, back = tier_change(one, other), tier_change(other, one)
    assert (there.higher, there.same, there.lower) == pytest.approx((back.lower, back.same, back.higher))
    assert there.higher + there.same + there.lower == pytest.approx(1.0)


def test_scales_are_shared_linearly():
    found = share_of_scale(Estimate(5.5, (1, 10)), (1, 10))
    assert found.value == pytest.approx(0.5)
    assert found.interval == (0.0, 1.0)
    assert share_of_scale(Estimate(2.0), (1, 5)) == Estimate(0.25)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Estimate(float("nan")), "nan"),
        (lambda: Estimate(3.0, (3.0, float("inf"))), "inf"),
        (lambda: Estimate(3.0, (4.0, 2.0)), "from 4.0 to 2.0"),
        (lambda: difference(Estimate(3.0), Estimate(3.0), 1.0), "1.0"),
        (lambda: adjusted_p_values([0.5, 1.5]), "1.5"),
        (lambda: tier_change([1.0], [0.5, 0.5]), "1 tiers before and 2 now"),
        (lambda: tier_change([0.5, 0.4], [0.5, 0.5]), "0.5, 0.4"),
        (lambda: tier_change([1.5, -0.5], [0.5, 0.5]), "1.5, -0.5"),
        (lambda: share_of_scale(Estimate(3.0), (5, 1)), "from 5 to 1"),
        (lambda: share_of_scale(Estimate(6.0), (1, 5)), "6.0"),
    ],
)
def test_what_does_not_fit_is_named(call, said: str):
    with pytest.raises(ValueError, match=said):
        call()


def test_two_surveys_of_a_public_that_has_not_changed_its_mind_mostly_agree():
    """120 pairs of surveys through the engine, 30 people on each side, each with a mood of their own: a move's interval
    leaves zero out for one issue in ten, and few pairs have a move that is called larger than its uncertainty."""
    random = np.random.default_rng(11)
    means = np.linspace(4.4, 2.2, 12)

    def ratings() -> np.ndarray:
        mood = random.normal(0, 0.6, (30, 1))
        return np.clip(np.rint(random.normal(means, 1.0, (30, 12)) + mood), 1, 5).astype(np.uint8)

    def survey() -> list[Estimate]:
        result = analysed([internal(ratings()), external(ratings())], Counts((5, 7)), draws=300)
        return [Estimate(issue.priority, issue.priority_interval) for issue in result.issues]

    pairs = [judge([difference(*pair) for pair in zip(survey(), survey(), strict=True)]) for _ in range(120)]
    alone = np.mean([move.difference.excludes_zero for moves in pairs for move in moves])
    false = np.mean([any(move.verdict == Verdict.LARGER for move in moves) for moves in pairs])
    assert alone == pytest.approx(0.10, abs=0.03)
    assert false <= 0.17
