"""Draws spread as surveys do, are the same on every rerun, and say nothing where nothing is known."""

from collections import Counter
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from materiality.scoring.analysis import GroupInput, Result, analyse
from materiality.scoring.axes import weigh
from materiality.scoring.certainty import BOOTSTRAP_BELOW, covariance_of_means, draw_axis, resample_means
from materiality.scoring.method import Method
from materiality.scoring.tier_rules import Counts, CutOffs, NaturalBreaks, TierRule
from surveys.tally import count
from tests.materiality.scoring.builders import analysed, external, internal, simulated, tables

TABLE = np.array([[5, 3, 0], [4, 2, 1], [5, 0, 2], [2, 1, 5], [3, 3, 0]], np.uint8)


def stream(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def deviations(table: NDArray[np.uint8], draws: int) -> NDArray[np.float64]:
    return np.concatenate([part for _, part in resample_means(table, draws, stream())])


def certain(result: Result) -> list[tuple[Any, ...]]:
    return [
        (issue.tier_probability, issue.rank_interval, *issue.axis_intervals, issue.priority_interval)
        for issue in result.issues
    ]


# --- the spread of means --------------------------------------------------------------------------------
def test_covariance_without_missing_answers_is_that_of_numpy() -> None:
    table = stream().integers(1, 6, (50, 4), dtype=np.uint8)
    expected = np.cov(table.T, bias=True) / 50
    assert covariance_of_means(count(table, (1, 5))) == pytest.approx(expected)


@given(tables(3))
@settings(deadline=None, max_examples=40)
def test_covariance_is_the_sum_over_influences(table: NDArray[np.uint8]) -> None:
    answered = (table > 0).astype(float)
    n = np.maximum(answered.sum(axis=0), 1)
    influence = answered * (table - table.sum(axis=0) / n) / n
    assert covariance_of_means(count(table, (1, 5))) == pytest.approx(influence.T @ influence, abs=1e-12)


def test_resampling_is_exact_on_every_outcome() -> None:
    """Two respondents with two issues have three outcomes, with probabilities 1/4, 1/2, 1/4."""
    found = deviations(np.array([[1, 5], [3, 2]], np.uint8), 4000)
    outcomes = Counter(map(tuple, found.tolist()))
    assert set(outcomes) == {(-1.0, 1.5), (0.0, 0.0), (1.0, -1.5)}
    assert outcomes[0.0, 0.0] / 4000 == pytest.approx(0.5, abs=0.03)


def test_resampled_means_are_those_of_a_plain_loop() -> None:
    """The same outcomes as drawing rows one by one, with answers missing."""
    possible = set()
    for rows in product(range(3), repeat=3):
        drawn = TABLE[list(rows)].astype(float)
        n = (drawn > 0).sum(axis=0)
        own = TABLE[:3].sum(axis=0) / (TABLE[:3] > 0).sum(axis=0)
        possible.add(tuple(np.where(n > 0, drawn.sum(axis=0) / np.maximum(n, 1) - own, 0).round(9)))
    found = {tuple(row) for row in deviations(TABLE[:3], 3000).round(9)}
    assert found == possible


def test_order_of_respondents_does_not_change_a_draw() -> None:
    assert np.array_equal(deviations(TABLE, 50), deviations(TABLE[::-1], 50))


@pytest.mark.parametrize("respondents", [40, 150])
def test_normal_draws_spread_as_resampling_does(respondents: int) -> None:
    one_by_one = simulated(respondents, 6, groups=2, missing=0.1)
    from_tallies = [GroupInput(g.name, g.axis, g.weight, g.tally) for g in one_by_one]
    method = Method(("High", "Low"), Counts((3, 3)), draws=8000)
    issues = np.arange(6)
    exact, normal = (
        draw_axis(weigh("company", groups), groups, issues, method) for groups in (one_by_one, from_tallies)
    )
    assert normal.std(axis=0) / exact.std(axis=0) == pytest.approx(1, abs=0.04)
    assert normal.mean(axis=0) == pytest.approx(exact.mean(axis=0), abs=0.01)
    assert np.corrcoef(normal.T) == pytest.approx(np.corrcoef(exact.T), abs=0.06)


@pytest.mark.parametrize("one_by_one", [True, False])
def test_draws_vary_by_the_unbiased_variance_of_the_mean(one_by_one: bool) -> None:
    table = stream(4).integers(1, 6, (8, 3), dtype=np.uint8)
    groups = [internal(table, one_by_one=one_by_one)]
    method = Method(("High", "Low"), Counts((1, 2)), draws=20_000)
    drawn = draw_axis(weigh("company", groups), groups, np.arange(3), method)
    assert drawn.var(axis=0) == pytest.approx(table.var(axis=0, ddof=1) / 8, rel=0.04)


def test_large_groups_are_drawn_from_their_tally() -> None:
    """From the threshold on the ratings no longer matter, so that results cost the same at any size."""
    groups = simulated(BOOTSTRAP_BELOW, 4, groups=2)
    without = [GroupInput(g.name, g.axis, g.weight, g.tally) for g in groups]
    assert certain(analysed(groups, Counts((2, 2)), draws=100)) == certain(analysed(without, Counts((2, 2)), draws=100))


# --- what is said ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("rule", [Counts((2, 2, 2)), CutOffs((4, 3)), NaturalBreaks()])
@pytest.mark.parametrize("priority", ["mean", "distance", "max", "min"])
def test_probabilities_and_intervals_keep_their_bounds(rule: TierRule, priority: str) -> None:
    method = Method(("High", "Moderate", "Minor"), rule, priority=priority, draws=300)
    for issue in analyse(simulated(12, 6), 6, method).issues:
        assert issue.tier_probability is not None
        assert issue.rank_interval is not None
        assert sum(issue.tier_probability) == pytest.approx(1)
        assert all(0 <= chance <= 1 for chance in issue.tier_probability)
        assert 1 <= issue.rank_interval[0] <= issue.rank_interval[1] <= 6
        for interval in (issue.axis_intervals[0], issue.axis_intervals[1], issue.priority_interval):
            assert interval is not None
            assert 1 <= interval[0] <= interval[1] <= 5


def test_intervals_end_with_the_scale() -> None:
    """At the top of a scale a normal distribution reaches beyond it."""
    nearly_all_five = np.full((300, 2), 5, np.uint8)
    nearly_all_five[0] = 1
    result = analysed([internal(nearly_all_five, one_by_one=False)], draws=500)
    assert result.issues[0].axis_intervals[0] is not None
    assert result.issues[0].axis_intervals[0][1] == 5


def test_clear_gaps_are_certain_and_twins_are_not() -> None:
    table = 1 + stream(2).binomial(4, [0.9, 0.5, 0.5, 0.1], (100, 4)).astype(np.uint8)
    issues = analysed([internal(table)], Counts((2, 2)), draws=1000).issues
    chances = [issue.tier_probability[0] for issue in issues if issue.tier_probability]
    assert chances[0] == 1
    assert chances[3] == 0
    assert chances[1] + chances[2] == pytest.approx(1)
    assert 0.02 < chances[1] < 0.98
    assert [issue.rank_interval for issue in issues] == [(1, 1), (2, 3), (2, 3), (4, 4)]


def test_intervals_narrow_with_respondents_and_widen_with_probability() -> None:
    def width(respondents: int, interval: float) -> float:
        found = analysed(simulated(respondents, 2, groups=2), draws=1000, interval=interval)
        return sum(i.axis_intervals[0][1] - i.axis_intervals[0][0] for i in found.issues if i.axis_intervals[0])

    assert width(20, 0.9) > width(150, 0.9) > 0
    assert width(20, 0.99) > width(20, 0.9) > width(20, 0.5)


def test_intervals_cover_as_often_as_they_say() -> None:
    """Sixty surveys of six groups of eight: enough to see gross errors, too few for the third digit."""
    random = stream(11)
    truth = np.linspace(4.2, 2.2, 12)
    held = []
    for _ in range(60):
        ratings = [(1 + random.binomial(4, (truth - 1) / 4, (8, 12))).astype(np.uint8) for _ in range(6)]
        groups = [(internal if g % 2 else external)(table, 1, f"Group {g}") for g, table in enumerate(ratings)]
        for mean, issue in zip(truth, analysed(groups, Counts((6, 6)), draws=300).issues, strict=True):
            for low, high in filter(None, (issue.axis_intervals[0], issue.axis_intervals[1])):
                held.append(low - 1e-9 <= mean <= high + 1e-9)
    assert len(held) == 60 * 12 * 2
    assert 0.86 < np.mean(held) < 0.92


def test_ties_are_ties_in_draws_too() -> None:
    """Two issues that everybody rates alike share rank and tier whatever the draw; 1/3 must not part them."""
    table = stream(5).integers(1, 6, (31, 1), dtype=np.uint8)
    twins = np.concatenate([table, table, np.full_like(table, 1)], axis=1)
    for one_by_one in (True, False):
        groups = [internal(twins, one_by_one=one_by_one), external(twins[:7], 3, one_by_one=one_by_one)]
        first, second, last = analysed(groups, Counts((1, 2)), draws=200).issues
        assert first.tier_probability == second.tier_probability == (1, 0)
        assert first.rank_interval == second.rank_interval == (1, 1)
        assert last.rank_interval == (3, 3)


def test_without_spread_a_cut_off_is_met_exactly() -> None:
    """Means of 3 and 4 with weights 1 : 2 give 11/3, which no float holds."""
    for one_by_one in (True, False):
        groups = [
            internal([[3, 1]] * 4, one_by_one=one_by_one),
            internal([[4, 1]] * 3, 2, "Board", one_by_one=one_by_one),
        ]
        issue = analysed(groups, CutOffs(("11/3",)), draws=50).issues[0]
        assert issue.tier == 0
        assert issue.tier_probability == (1, 0)
        assert issue.axis_intervals[0] == pytest.approx((11 / 3, 11 / 3))


# --- reruns ---------------------------------------------------------------------------------------------
def test_a_rerun_is_identical_and_another_seed_is_not() -> None:
    groups = [*simulated(30, 5), *simulated(300, 5, groups=1, seed=9)]
    groups[4] = GroupInput("Large", "stakeholders", 1, groups[4].tally)
    rule = Counts((2, 3))
    assert certain(analysed(groups, rule, draws=200)) == certain(analysed(groups, rule, draws=200))
    assert certain(analysed(groups, rule, draws=200)) != certain(analysed(groups, rule, draws=200, seed=43))


def test_order_of_groups_and_respondents_does_not_matter() -> None:
    groups = simulated(20, 5)
    turned = [
        GroupInput(g.name, g.axis, g.weight, g.tally, None if g.ratings is None else g.ratings[::-1])
        for g in reversed(groups)
    ]
    assert certain(analysed(groups, Counts((2, 3)), draws=200)) == certain(analysed(turned, Counts((2, 3)), draws=200))


def test_a_group_more_leaves_the_other_axis_as_it_was() -> None:
    groups = simulated(20, 5)
    more = [*groups, external([[1, 2, 3, 4, 5], [2, 2, 4, 4, 4]])]
    before, after = (analysed(each, Counts((2, 3)), draws=200) for each in (groups, more))
    assert [i.axis_intervals[0] for i in before.issues] == [i.axis_intervals[0] for i in after.issues]
    assert [i.axis_intervals[1] for i in before.issues] != [i.axis_intervals[1] for i in after.issues]


def test_a_slightly_other_weight_gives_slightly_other_draws() -> None:
    tallies = simulated(400, 6, groups=4, one_by_one=False)
    ends = []
    for weight in ("1", "1.001"):
        groups = [GroupInput(g.name, g.axis, weight if g is tallies[0] else 1, g.tally) for g in tallies]
        issues = analysed(groups, Counts((3, 3)), draws=500).issues
        ends.append([end for issue in issues for end in issue.axis_intervals[1] or ()])
    assert ends[0] == pytest.approx(ends[1], abs=2e-3)
    assert ends[0] != ends[1]


# --- where nothing is known -----------------------------------------------------------------------------
def test_no_draws_no_certainty() -> None:
    assert certain(analysed(simulated(20, 2), draws=0)) == [(None,) * 5] * 2


def test_one_respondent_says_nothing_of_certainty() -> None:
    result = analysed([internal([[5, 3]]), external([[4, 2]])], draws=100)
    assert [issue.tier for issue in result.issues] == [0, 1]
    assert certain(result) == [(None,) * 5] * 2


def test_an_axis_with_one_respondent_has_no_interval() -> None:
    issue = analysed([internal([[5, 3]]), external([[4, 2], [5, 2], [2, 3]])], draws=100).issues[0]
    assert issue.axis_intervals[0] is None
    assert issue.axis_intervals[1] is not None
    assert issue.tier_probability is not None


def test_a_missing_axis_has_no_interval() -> None:
    issue = analysed([internal([[5, 3], [4, 4]])], draws=100).issues[0]
    assert issue.axis_intervals[1] is None
    assert issue.axis_intervals[0] == issue.priority_interval


def test_issues_without_rank_do_not_disturb_the_others() -> None:
    with_gap = np.insert(simulated(20, 3, groups=1)[0].ratings, 1, 0, axis=1)
    whole = analysed([internal(np.delete(with_gap, 1, axis=1))], Counts((1, 2)), draws=100)
    gap = analysed([internal(with_gap)], Counts((1, 3)), draws=100)
    assert certain(gap)[1] == (None,) * 5
    assert [certain(gap)[i] for i in (0, 2, 3)] == certain(whole)
