"""How means vary is neither forgotten by chance nor invented."""

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from materiality.scoring.groups import GroupInput
from materiality.scoring.spread import (
    borrowed_spread,
    correlation_of_means,
    covariance_of_means,
    part_not_asked,
    spread_of_group,
    tells_spread,
)
from surveys.tally import count
from tests.materiality.scoring.builders import SCALE, tables

SKEWED = (0.70, 0.20, 0.05, 0.03, 0.02)


def stream(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def rated(levels: tuple[float, ...], shape: tuple[int, int], seed: int = 1) -> NDArray[np.uint8]:
    return stream(seed).choice(np.arange(1, 6), p=levels, size=shape).astype(np.uint8)


# --- covariance -----------------------------------------------------------------------------------------
def test_covariance_without_missing_answers_is_that_of_numpy() -> None:
    table = stream().integers(1, 6, (50, 4), dtype=np.uint8)
    assert covariance_of_means(count(table, SCALE)) == pytest.approx(np.cov(table.T, bias=True) / 50)


@given(tables(3))
@settings(deadline=None, max_examples=40)
def test_covariance_is_the_sum_over_influences(table: NDArray[np.uint8]) -> None:
    answered = (table > 0).astype(float)
    n = np.maximum(answered.sum(axis=0), 1)
    influence = answered * (table - table.sum(axis=0) / n) / n
    assert covariance_of_means(count(table, SCALE)) == pytest.approx(influence.T @ influence, abs=1e-12)


def test_correlation_is_that_of_numpy_and_nothing_where_nothing_varies() -> None:
    table = stream().integers(1, 6, (30, 3), dtype=np.uint8)
    table[:, 2] = 4
    found = correlation_of_means(count(table, SCALE))
    assert found[:2, :2] == pytest.approx(np.corrcoef(table[:, :2].T))
    assert found[2].tolist() == [0, 0, 1]


# --- what a group tells of its spread -------------------------------------------------------------------
def test_many_respondents_are_believed_to_the_letter() -> None:
    """At 20,000 with issues that differ, nothing is borrowed that anyone could see."""
    table = np.hstack([rated(SKEWED, (20_000, 3)), rated((0.2,) * 5, (20_000, 3))])
    found = spread_of_group(count(table, SCALE))
    assert found.variance == pytest.approx(table.var(axis=0, ddof=1) / 20_000, rel=2e-3)
    assert (found.degrees >= 19_999).all()


def test_without_a_disagreement_some_is_expected_and_the_less_the_more_agree() -> None:
    few, many = (spread_of_group(count(np.full((n, 6), 4, np.uint8), SCALE)).variance for n in (5, 500))
    assert few == pytest.approx(0.06, abs=0.02)
    assert 0 < many[0] < 1e-5


def test_an_issue_without_disagreement_varies_as_the_others_of_its_group() -> None:
    table = rated((0.1, 0.2, 0.4, 0.2, 0.1), (8, 10))
    table[:, 0] = 3
    found = spread_of_group(count(table, SCALE))
    others = table[:, 1:].var(axis=0, ddof=1).mean() / 8
    assert 0.2 * others < found.variance[0] < others
    assert found.degrees[0] > 7


def test_an_unlikely_variance_is_drawn_to_the_others_and_their_order_stays() -> None:
    table = rated((0.1, 0.2, 0.4, 0.2, 0.1), (10, 20), seed=3)
    own = table.var(axis=0, ddof=1) / 10
    found = spread_of_group(count(table, SCALE)).variance
    assert np.ptp(found) < 0.6 * np.ptp(own)
    assert (np.diff(found[np.argsort(own)]) > -1e-12).all()


def test_issues_that_differ_in_spread_keep_their_own() -> None:
    """With 100 respondents it is no accident that half of the issues spread ten times as much."""
    wide, narrow = rated((0.5, 0, 0, 0, 0.5), (100, 10)), rated((0, 0.1, 0.8, 0.1, 0), (100, 10))
    found = spread_of_group(count(np.hstack([wide, narrow]), SCALE)).variance * 100
    assert found[:10] == pytest.approx(4, rel=0.1)
    assert found[10:] == pytest.approx(0.2, abs=0.2)


def test_variances_are_right_on_average() -> None:
    """1,000 groups of eight with skewed ratings: moderating moves no variance up or down but for what is expected."""
    of_mean = [spread_of_group(count(rated(SKEWED, (8, 12), seed), SCALE)).variance.mean() for seed in range(1000)]
    true = np.average((np.arange(1, 6) - 1.47) ** 2, weights=SKEWED) / 8
    assert true * 1.02 < np.mean(of_mean) < true * 1.09


def test_one_rating_has_the_spread_of_the_other_issues() -> None:
    table = rated((0.1, 0.2, 0.4, 0.2, 0.1), (9, 5))
    table[1:, 0] = 0
    found = spread_of_group(count(table, SCALE))
    assert found.known.all()
    assert found.variance[0] == pytest.approx(found.variance[1:].mean() * 9, rel=0.3)
    assert found.degrees[0] == 3


def test_one_respondent_and_nobody_tell_nothing() -> None:
    alone = spread_of_group(count(np.array([[5, 3]], np.uint8), SCALE))
    assert not alone.known.any()
    assert alone.variance.tolist() == [0, 0]
    gap = spread_of_group(count(np.array([[5, 0], [3, 0]], np.uint8), SCALE))
    assert gap.known.tolist() == [True, False]
    assert gap.variance[1] == 0


# --- what one person borrows ----------------------------------------------------------------------------
def test_one_person_has_the_mean_variance_of_one_rating_of_the_others() -> None:
    small, large = count(rated(SKEWED, (4, 3)), SCALE), count(rated((0.2,) * 5, (50, 3)), SCALE)
    found = borrowed_spread(count(np.array([[5, 0, 2]], np.uint8), SCALE), [small, large])
    expected = (spread_of_group(small).variance * 4 + spread_of_group(large).variance * 50) / 2
    assert found.variance == pytest.approx([expected[0], 0, expected[2]])
    assert found.known.tolist() == [True, False, True]
    assert found.degrees.tolist() == [3, np.inf, 3]


def test_what_the_others_did_not_rate_varies_as_what_they_rated() -> None:
    table = rated(SKEWED, (9, 3))
    table[:, 1] = 0
    others = count(table, SCALE)
    found = borrowed_spread(count(np.array([[5, 4, 2]], np.uint8), SCALE), [others])
    assert found.variance[1] == pytest.approx(spread_of_group(others).variance[[0, 2]].mean() * 9)
    assert found.variance[1] == pytest.approx(found.variance[[0, 2]].mean())


def test_without_others_nothing_is_borrowed() -> None:
    found = borrowed_spread(count(np.array([[5, 3]], np.uint8), SCALE), [])
    assert not found.known.any()
    assert not found.variance.any()


def test_two_people_who_rated_different_issues_tell_no_spread() -> None:
    assert not tells_spread(count(np.array([[5, 0], [0, 3]], np.uint8), SCALE))
    assert tells_spread(count(np.array([[5, 0], [4, 3]], np.uint8), SCALE))


# --- finite populations ---------------------------------------------------------------------------------
def group(respondents: int, population: int | None) -> GroupInput:
    return GroupInput("Staff", "company", 1, count(rated(SKEWED, (respondents, 3)), SCALE), population=population)


@pytest.mark.parametrize(("population", "part"), [(None, 1), (10**9, 1), (40, 0.75), (10, 0)])
def test_what_is_left_of_the_variance(population: int | None, part: float) -> None:
    assert part_not_asked(group(10, population), finite_population=True) == pytest.approx(part)
    assert part_not_asked(group(10, population), finite_population=False) == 1


def test_more_respondents_than_people_are_refused() -> None:
    with pytest.raises(ValueError, match="'Staff' has 10 respondents, but a population of 9"):
        part_not_asked(group(10, 9), finite_population=True)
    assert part_not_asked(group(10, 9), finite_population=False) == 1


def test_means_of_samples_vary_as_the_correction_says() -> None:
    """4,000 samples of 30 of 50 people: what varies is 0.4 of what it is in a population without end."""
    people = rated((0.1, 0.2, 0.4, 0.2, 0.1), (50, 8))
    random = stream(2)
    samples = [people[random.permutation(50)[:30]] for _ in range(4000)]
    seen = np.var([table.mean(axis=0) for table in samples], axis=0).mean()
    told = np.mean([spread_of_group(count(table, SCALE)).variance for table in samples[:300]])
    assert told * part_not_asked(group(30, 50), finite_population=True) == pytest.approx(seen, rel=0.06)
