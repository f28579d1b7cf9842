"""Agreement across groups and within one, held against published numbers and scipy."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare, kendalltau

from materiality.scoring.agreement import Agreement, agreement, agreement_within, rank_correlation, spreads

Row = list[Fraction | None]


# Seconds in which 22 players rounded first base by three methods: M. Hollander and D. A. Wolfe, Nonparametric
# Statistical Methods, Wiley 1973, table 7.1, and the example of R's friedman.test: chi-squared 11.1429, p 0.003805.
# fmt: off
ROUNDING = [
    "5.40 5.50 5.55", "5.85 5.70 5.75", "5.20 5.60 5.50", "5.55 5.50 5.40",
    "5.90 5.85 5.70", "5.45 5.55 5.60", "5.40 5.40 5.35", "5.45 5.50 5.35",
    "5.25 5.15 5.00", "5.85 5.80 5.70", "5.25 5.20 5.10", "5.65 5.55 5.45",
    "5.60 5.35 5.45", "5.05 5.00 4.95", "5.50 5.50 5.40", "5.45 5.55 5.50",
    "5.55 5.55 5.35", "5.45 5.50 5.55", "5.50 5.45 5.25", "5.65 5.60 5.40",
    "5.70 5.65 5.55", "6.30 6.30 6.25",
]
# fmt: on
# Three raters of 20 people's anxiety, the example of kendall() in R's irr and of KendallW() in DescTools, which find,
# corrected for ties, W 0.5396569, chi-squared 30.76, p 0.04288.
ANXIETY = ["33345523522615221243", "36462424332333221334", "21443216111233113322"]
# What three couples look for in a meeting: S. Siegel and N. J. Castellan, Nonparametric Statistics for the Behavioral
# Sciences, 2nd edition, McGraw-Hill 1988. KendallW() in DescTools finds chi-squared 13.778.
MEETING = ["56712438", "17623548", "45132768"]


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


@pytest.mark.parametrize(
    ("table", "chi_squared", "p"),
    [
        ([times.split() for times in ROUNDING], 11.1429, 0.003805),
        (ANXIETY, 30.76, 0.04288),
        (MEETING, 13.778, 0.055),
    ],
    ids=["Hollander and Wolfe", "anxiety", "Siegel and Castellan"],
)
def test_published_examples(table: list[str] | list[list[str]], chi_squared: float, p: float) -> None:
    found = agreement([[Fraction(number) for number in row] for row in table])
    assert found.kendall_w is not None
    statistic = float(found.groups * (found.issues - 1) * found.kendall_w)
    assert statistic == pytest.approx(chi_squared, rel=2e-4)
    assert found.p_value == pytest.approx(p, rel=1e-2)


def test_the_anxiety_example_to_all_published_digits() -> None:
    found = agreement([[Fraction(number) for number in row] for row in ANXIETY])
    assert found.kendall_w is not None
    assert round(float(found.kendall_w), 7) == 0.5396569


def test_agreement_that_is_not_known_has_no_probability() -> None:
    assert agreement(rows([1, 2, 3])).p_value is None


def test_a_voice_on_few_issues_does_not_keep_the_others_from_being_compared() -> None:
    found = agreement(rows([1, 2, 3, 4, None], [2, 3, 4, 5, None], [None, None, None, None, 3]))
    assert found == Agreement(Fraction(1), 2, 4)


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


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=12))
def test_rank_correlation_is_that_of_scipy(pairs: list[tuple[int, int]]) -> None:
    first, second = zip(*pairs, strict=True)
    found = rank_correlation(first, second)
    if len(set(first)) == 1 or len(set(second)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(kendalltau(first, second).statistic, abs=1e-12)


@pytest.mark.parametrize(
    ("counts", "agreed"),
    [
        # Van der Eijk 2001, p. 331, and R's agrmt; then two Dutch parties of the same article (in tenths of a percent).
        ((30, 40, 210, 130, 530, 50, 10), 0.6113333),
        ((24, 28, 32, 62, 135, 304, 416), 0.61),
        ((16, 26, 82, 210, 293, 270, 103), 0.48),
        # A figure in the vignette of agrmt: two people at 1, one at 3 and one at 4.
        ((2, 0, 1, 1), 0.08),
    ],
)
def test_published_agreement_within(counts: tuple[int, ...], agreed: float) -> None:
    decimals = len(str(agreed).partition(".")[2])
    found = agreement_within(counts)
    assert found is not None
    assert round(float(found), decimals) == agreed


@pytest.mark.parametrize(
    ("counts", "agreed"),
    [
        ((0, 7, 0, 0, 0), 1),
        ((3, 3, 3, 3, 3), 0),
        ((4, 0, 0, 0, 4), -1),
        ((1, 1, 1, 1, 1, 1, 0), Fraction(1, 6)),
        ((0, 0, 1, 0, 1, 0, 0), Fraction(7, 15)),
        ((0, 0, 0), None),
        ((4, 4), None),
    ],
)
def test_agreement_within_of_plain_shapes(counts: tuple[int, ...], agreed: Fraction | None) -> None:
    """One rating, all alike, two halves; two layers of van der Eijk's table: 0.167 and 0.467; and what has none."""
    assert agreement_within(counts) == agreed


@given(st.lists(st.integers(0, 9), min_size=3, max_size=7).filter(any))
def test_agreement_within_is_the_same_from_both_ends_and_for_any_number_of_people(counts: list[int]) -> None:
    found = agreement_within(tuple(counts))
    assert found is not None
    assert -1 <= found <= 1
    assert agreement_within(tuple(reversed(counts))) == found
    assert agreement_within(tuple(5 * count for count in counts)) == found
