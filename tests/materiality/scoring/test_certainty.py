"""What is said of certainty holds as often as it says, is the same on every rerun, and stops where nothing is known."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from materiality.scoring.analysis import GroupInput, Result, analyse
from materiality.scoring.axes import weigh
from materiality.scoring.certainty import Certainty, assess, part_by_chance
from materiality.scoring.draws import repeat, spread_of_axes
from materiality.scoring.groups import People
from materiality.scoring.method import Method
from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, NaturalBreaks, TierRule
from surveys.tally import count
from tests.materiality.scoring.builders import SCALE, analysed, external, internal, simulated

LEVELS = np.arange(1, 6)
# How ratings of an issue may be spread: evenly around the middle, crowded at the top, at the bottom, at both ends.
SPREADS = {
    "symmetrical": (0.05, 0.20, 0.50, 0.20, 0.05),
    "high": (0.02, 0.05, 0.13, 0.30, 0.50),
    "low": (0.70, 0.20, 0.05, 0.03, 0.02),
    "torn": (0.35, 0.10, 0.10, 0.10, 0.35),
}


RATED = np.array([[5, 3, 1], [4, 2, 1], [5, 4, 2], [2, 1, 5], [3, 3, 1], [4, 4, 1]], np.uint8)


def stream(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def certain(result: Result) -> list[tuple[Any, ...]]:
    fields = ("tier_probability", "rank_interval", "priority_interval")
    return [(*(getattr(issue, field) for field in fields), *issue.axis_intervals) for issue in result.issues]


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
    result = analysed([internal(nearly_all_five)], draws=500)
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


def test_an_interval_is_value_and_t_times_deviation() -> None:
    """By hand, with the variances and degrees of freedom of the spread."""
    groups = simulated(9, 4)
    axes = [weigh(name, groups) for name in ("company", "stakeholders")]
    spread = spread_of_axes(axes, groups, np.arange(4))
    result = analysed(groups, Counts((2, 2)), draws=10, interval=0.8)
    for i, issue in enumerate(result.issues):
        for a, axis in enumerate(axes):
            half = stats.t.ppf(0.9, spread.degrees[a, i]) * np.sqrt(spread.variance[a, i])
            centre = float(axis.values[i])
            assert issue.axis_intervals[a] == pytest.approx((max(1, centre - half), min(5, centre + half)), abs=1e-8)
        half = stats.t.ppf(0.9, spread.mean_degrees[i]) * np.sqrt(spread.mean_variance[i])
        ends = (max(1, issue.priority - half), min(5, issue.priority + half))
        assert issue.priority_interval == pytest.approx(ends, abs=1e-8)


@pytest.mark.parametrize("priority", ["distance", "max", "min"])
def test_intervals_of_other_priorities_are_those_of_the_axes_where_these_are_one(priority: str) -> None:
    """Quantiles of draws agree with the formula where both can be had."""
    groups = [internal(RATED)]
    by_formula = analysed(groups, Counts((1, 2)), draws=50).issues
    by_formula_again = analysed(groups, Counts((1, 2)), draws=50, priority=priority).issues
    assert [i.priority_interval for i in by_formula] == [i.priority_interval for i in by_formula_again]


def test_intervals_of_a_priority_by_draws_are_near_those_by_formula_where_axes_lie_far_apart() -> None:
    """With the axes two points apart the higher one is the priority in every draw."""
    high, low = 4 + stream(1).integers(0, 2, (40, 6)), 1 + stream(2).integers(0, 2, (40, 6))
    groups = [internal(high.astype(np.uint8)), external(low.astype(np.uint8))]
    for issue in analysed(groups, Counts((3, 3)), draws=8000, priority="max").issues:
        assert issue.priority_interval == pytest.approx(issue.axis_intervals[0], abs=0.02)


# --- how often it holds ---------------------------------------------------------------------------------
def covered(respondents: int, groups: int, spreads: list[str], surveys: int, missing: float = 0.0) -> dict[str, float]:
    """How often intervals hold the truth, in simulated surveys of as many groups on each axis."""
    random = stream(respondents + groups)
    shapes = np.array([SPREADS[spreads[i % len(spreads)]] for i in range(12)])
    truth = shapes @ LEVELS
    method = Method(("High", "Low"), Counts((6, 6)), draws=20)
    held: dict[str, list[NDArray[np.bool_]]] = {"axis": [], "priority": []}
    limits = shapes.cumsum(axis=1)
    for _ in range(surveys):
        made = []
        for g in range(2 * groups):
            table = 1 + (random.random((respondents, 12, 1)) > limits[:, :4]).sum(axis=2)
            table[random.random(table.shape) < missing] = 0
            axis = "company" if g % 2 else "stakeholders"
            made.append(GroupInput(f"Group {g}", axis, 1, count(table.astype(np.uint8), SCALE)))
        found = certainty_of(made, method)
        for interval in found.axis_intervals:
            held["axis"].append(holds(interval, truth))
        held["priority"].append(holds(found.priority_interval, truth))
    return {kind: float(np.mean(each)) for kind, each in held.items()}


def certainty_of(groups: list[GroupInput], method: Method) -> Certainty:
    axes = [weigh(name, groups) for name in method.axes]
    issues = groups[0].tally.items
    return assess(repeat(axes, groups, range(issues), method), issues, SCALE, method)


def holds(interval: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.bool_]:
    return (interval[:, 0] - 1e-9 <= truth) & (truth <= interval[:, 1] + 1e-9)


@pytest.mark.parametrize(
    ("respondents", "groups", "spreads", "missing"),
    [
        (8, 1, ["symmetrical"], 0.0),
        (8, 1, ["high"], 0.0),
        (10, 1, ["low"], 0.0),
        (8, 3, ["high", "symmetrical"], 0.0),
        (15, 1, ["low", "high"], 0.3),
        (40, 1, ["torn"], 0.0),
    ],
)
def test_intervals_cover_as_often_as_they_say(
    respondents: int, groups: int, spreads: list[str], missing: float
) -> None:
    """250 surveys of twelve issues: 3,000 to 6,000 intervals, which is a percentage point of chance or less.
    `benchmarks/coverage.py` looks closer."""
    found = covered(respondents, groups, spreads, 250, missing)
    assert 0.875 < found["axis"] < 0.925
    assert 0.875 < found["priority"] < 0.93


@pytest.mark.parametrize("kinds", [["symmetrical"], ["high"], ["low"], ["low", "high"]])
def test_intervals_hold_where_half_of_an_axis_is_one_person(kinds: list[str]) -> None:
    """One person at half the weight and 30 others: with nothing for the one, 15 % of these intervals held."""
    random = stream(12)
    limits = np.array([SPREADS[kinds[i % len(kinds)]] for i in range(12)]).cumsum(axis=1)
    truth = np.diff(limits, axis=1, prepend=0) @ LEVELS
    held = []
    for _ in range(150):
        one, many = ((1 + (random.random((n, 12, 1)) > limits[:, :4]).sum(axis=2)).astype(np.uint8) for n in (1, 30))
        groups = [internal(one, 1, "One"), internal(many, 1, "Many")]
        found = certainty_of(groups, Method(("High", "Low"), Counts((6, 6)), draws=20))
        held.append(holds(found.axis_intervals[0], truth))
    assert 0.85 < np.mean(held) < 0.985


@pytest.mark.parametrize("rule", [Counts((4, 8)), CutOffs((3.6,))])
@pytest.mark.parametrize("apart", [0.2, 0.6])
def test_what_is_said_to_be_four_in_five_is(rule: TierRule, apart: float) -> None:
    """Issues whose true values scatter by that much, in 300 surveys of eight people on each axis."""
    random = stream(5)
    method = Method(("High", "Low"), rule, draws=200)
    said, true = [], []
    for _ in range(300):
        truth = np.clip(random.normal(3.4, apart, 12), 1.3, 4.7)
        tables = 1 + random.binomial(4, (truth - 1) / 4, (2, 8, 12)).astype(np.uint8)
        high = truth >= (3.6 if isinstance(rule, CutOffs) else np.sort(truth)[-4])
        said.append(certainty_of([internal(tables[0]), external(tables[1])], method).tier_probability)
        true.append(np.stack([high, ~high], axis=1))
    chances, happened = np.concatenate(said).ravel(), np.concatenate(true).ravel()
    about = (chances > 0.7) & (chances < 0.9)
    assert about.sum() > 400
    assert happened[about].mean() == pytest.approx(chances[about].mean(), abs=0.05)


# --- how far chance parts issues ------------------------------------------------------------------------
def spread_for(truth: NDArray[np.float64], respondents: int = 10, seed: int = 1):
    table = 1 + stream(seed).binomial(4, (truth - 1) / 4, (respondents, len(truth))).astype(np.uint8)
    groups = [internal(table)]
    return spread_of_axes([weigh("company", groups)], groups, np.arange(len(truth)))


def test_issues_that_differ_by_chance_alone_are_told_from_others() -> None:
    assert part_by_chance(spread_for(np.full(20, 3.0))) > 0.6
    assert part_by_chance(spread_for(np.linspace(1.2, 4.8, 20))) < 0.1
    assert part_by_chance(spread_for(np.full(20, 3.0), 5000)) > 0.5
    assert part_by_chance(spread_for(np.linspace(2.8, 3.2, 20), 5000)) < 0.1


def test_the_part_by_chance_is_that_of_efron_and_morris() -> None:
    spread = spread_for(np.linspace(2.2, 3.8, 15))
    chance = np.trace(spread.covariance - spread.covariance.mean(axis=0)) / 14
    assert part_by_chance(spread) == pytest.approx(12 / 14 * chance / spread.centre[0].var(ddof=1))
    assert part_by_chance(spread, 0.5) == pytest.approx(part_by_chance(spread) / 4)


def test_three_issues_are_too_few_to_tell() -> None:
    assert part_by_chance(spread_for(np.full(3, 3.0))) == 0


@pytest.mark.parametrize("rule", [CutOffs((3.2,)), AxisCutOffs((3.2,))])
def test_an_issue_far_from_the_others_is_expected_nearer(rule: TierRule) -> None:
    """Of eight issues around 3.2 with twelve ratings each: as far above a limit as chance leaves them."""
    table = 1 + stream(3).binomial(4, 0.55, (12, 8)).astype(np.uint8)
    table[:, 0] = np.clip(table[:, 0] + 1, 1, 5)
    groups = [internal(table)]
    found = analysed(groups, rule, draws=8000).issues
    spread = spread_of_axes([weigh("company", groups)], groups, np.arange(8))
    covariance, centre, kept = spread.covariance, spread.centre[0], 1 - part_by_chance(spread)
    assert kept < 0.9
    to_mean = np.eye(8) * np.sqrt(kept) + (1 - np.sqrt(kept)) / 8
    deviation = np.sqrt(np.diagonal(to_mean @ covariance @ to_mean))
    value = kept * centre + (1 - kept) * centre.mean()
    expected = stats.t.sf((3.2 - value) / deviation, spread.degrees[0])
    assert [issue.tier_probability[0] for issue in found] == pytest.approx(expected, abs=0.02)


# --- exactly -------------------------------------------------------------------------------------------
def test_ties_are_ties_in_draws_too() -> None:
    """Two issues that everybody rates alike share rank and tier whatever the draw; 1/3 must not part them."""
    table = stream(5).integers(1, 6, (31, 1), dtype=np.uint8)
    twins = np.concatenate([table, table, np.full_like(table, 1)], axis=1)
    groups = [internal(twins), external(twins[:7], 3)]
    first, second, last = analysed(groups, Counts((1, 2)), draws=200).issues
    assert first.tier_probability == second.tier_probability == (1, 0)
    assert first.rank_interval == second.rank_interval == (1, 1)
    assert last.rank_interval == (3, 3)


def test_a_census_is_certain_and_meets_a_cut_off_exactly() -> None:
    """Means of 3 and 4 with weights 1 : 2 give 11/3, which no float holds."""
    groups = [internal([[3, 1]] * 4), internal([[4, 1]] * 3, 2, "Board")]
    everybody = [replace(group, population=group.tally.respondents) for group in groups]
    issue = analysed(everybody, CutOffs(("11/3",)), draws=50, finite_population=True).issues[0]
    assert (issue.tier, issue.tier_probability) == (0, (1, 0))
    assert issue.axis_intervals[0] == pytest.approx((11 / 3, 11 / 3))
    assert issue.to_settle is None
    asked_of_many = analysed(everybody, CutOffs(("11/3",)), draws=500).issues[0]
    assert 0.3 < asked_of_many.tier_probability[0] < 0.7


def test_few_who_agree_are_not_certain_and_many_are() -> None:
    few, many = (analysed([internal([[4, 3]] * n)], CutOffs((3.5,)), draws=2000).issues[0] for n in (3, 30))
    assert 0.7 < few.tier_probability[0] < 0.97
    assert many.tier_probability[0] == 1
    assert few.priority_interval[0] < 3.5 < many.priority_interval[0] < 4


def opposite(respondents: int = 12) -> list[GroupInput]:
    """The same people, who rate four issues for stakeholders in the opposite way; in the fifth nothing goes together,
    but it spreads as much on either axis."""
    random = stream(13)
    company = random.integers(1, 6, (respondents, 5), dtype=np.uint8)
    tally = count(np.hstack([company, 6 - company[:, :4], random.permutation(company[:, 4:])]), SCALE)
    places = {"company": tuple(range(5)), "stakeholders": tuple(range(5, 10))}
    return [
        GroupInput(axis, axis, 1, tally.select(columns), people=People("Staff", tally, columns))
        for axis, columns in places.items()
    ]


def test_opposite_ratings_leave_a_priority_that_is_certain_and_spoil_no_other() -> None:
    issues = analysed(opposite(), CutOffs((2.9,)), draws=300).issues
    for issue in issues[:4]:
        assert issue.priority_interval == (3, 3)
    assert issues[4].priority_interval[0] < issues[4].priority < issues[4].priority_interval[1]
    for issue in issues:
        assert sum(issue.tier_probability) == pytest.approx(1)
        assert issue.tier_probability[issue.tier] > 0.4


def test_what_is_not_finite_is_refused() -> None:
    groups = simulated(9, 4)
    method = Method(("High", "Low"), Counts((2, 2)), draws=20)
    surveys = repeat([weigh(name, groups) for name in method.axes], groups, range(4), method)
    deviations = surveys.deviations.copy()
    deviations[0, 3, 1] = np.nan
    with pytest.raises(ValueError, match="not a finite number"):
        assess(replace(surveys, deviations=deviations), 4, SCALE, method)


# --- reruns ---------------------------------------------------------------------------------------------
def test_a_rerun_is_identical_and_another_seed_is_not() -> None:
    groups = [*simulated(8, 12), replace(simulated(300, 12, groups=1, seed=9)[0], name="Large")]
    rule = Counts((6, 6))
    assert certain(analysed(groups, rule, draws=200)) == certain(analysed(groups, rule, draws=200))
    assert certain(analysed(groups, rule, draws=200)) != certain(analysed(groups, rule, draws=200, seed=43))


def test_order_of_groups_does_not_matter() -> None:
    groups = simulated(20, 5)
    assert certain(analysed(groups, Counts((2, 3)), draws=200)) == certain(
        analysed(groups[::-1], Counts((2, 3)), draws=200)
    )


def test_a_group_more_leaves_the_other_axis_as_it_was() -> None:
    groups = simulated(20, 5)
    more = [*groups, external([[1, 2, 3, 4, 5], [2, 2, 4, 4, 4]])]
    before, after = (analysed(each, Counts((2, 3)), draws=200) for each in (groups, more))
    assert [i.axis_intervals[0] for i in before.issues] == [i.axis_intervals[0] for i in after.issues]
    assert [i.axis_intervals[1] for i in before.issues] != [i.axis_intervals[1] for i in after.issues]


def test_a_slightly_other_weight_gives_slightly_other_draws() -> None:
    tallies = simulated(400, 6, groups=4)
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
    with_gap = np.insert(stream().integers(1, 6, (20, 3), dtype=np.uint8), 1, 0, axis=1)
    whole = analysed([internal(np.delete(with_gap, 1, axis=1))], Counts((1, 2)), draws=100)
    gap = analysed([internal(with_gap)], Counts((1, 3)), draws=100)
    assert certain(gap)[1] == (None,) * 5
    assert [certain(gap)[i] for i in (0, 2, 3)] == certain(whole)
