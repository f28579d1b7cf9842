"""One analysis from beginning to end: by hand, by property, and with every input that is barely one."""

from dataclasses import FrozenInstanceError, replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from materiality.scoring.analysis import GroupInput, analyse
from materiality.scoring.method import Method
from materiality.scoring.results import Note
from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, NaturalBreaks, Quantiles, TierRule
from surveys.tally import Tally, count
from tests.materiality.scoring.builders import (
    analysed,
    external,
    grouped,
    internal,
    kinds,
    simulated,
    simulated_ratings,
    tables,
)

ANY_RULE = st.sampled_from([Counts((1, 1, 1)), CutOffs((4, 3)), AxisCutOffs((4, 3)), NaturalBreaks(), Quantiles()])
ANY_PRIORITY = st.sampled_from(["mean", "distance", "max", "min"])


def test_by_hand() -> None:
    groups = [
        internal([[5, 3, 1], [4, 3, 1]], 3),
        internal([[3, 5, 2]], 1, "Board"),
        external([[4, 4, 3], [5, 3, 3], [3, 2, 0]], Fraction(1, 2)),
    ]
    result = analysed(groups, Counts((1, 1, 1)), tiers=("High", "Moderate", "Minor"))
    first, second, third = result.issues
    assert first.axes[0] == (3 * Fraction(9, 2) + 3) / 4
    assert first.axes[1] == 4
    assert first.priority_key == (Fraction(33, 8) + 4) / 2
    assert first.priority == 4.0625
    assert [issue.rank for issue in result.issues] == [1, 2, 3]
    assert [issue.tier for issue in result.issues] == [0, 1, 2]
    assert second.group_means == (3, 5, 3)
    assert second.spread == 2
    assert second.contested
    assert third.group_answers == (2, 1, 2)
    assert third.answers == 5
    assert result.respondents == 6
    assert [group.share for group in result.groups] == [Fraction(3, 4), Fraction(1, 4), 1]
    assert [group.respondents for group in result.groups] == [2, 1, 3]
    assert result.boundaries.values == ((4.0625 + 3.25) / 2, (3.25 + 2.125) / 2)
    assert result.agreement.groups == 3
    assert result.tier_counts == (1, 1, 1)
    assert result.scale == (1, 5)


def test_order_lists_ties_as_given_and_the_unrated_last() -> None:
    result = analysed([internal([[3, 0, 5, 3, 4]])], Counts((2, 3)))
    assert result.order == (2, 4, 0, 3, 1)
    assert [issue.rank for issue in result.issues] == [3, None, 1, 3, 2]


def test_contested_begins_exactly_at_the_spread() -> None:
    """A spread of 6/5 reaches 1.2, which as a float would be a hair too large."""
    groups = [internal([[5, 5]]), external([[4, 4], [4, 4], [4, 4], [4, 3], [3, 4]])]
    narrow, wide = analysed(groups, contested_spread=1.2).issues
    assert (narrow.spread, narrow.contested) == (Fraction(6, 5), True)
    assert not analysed(groups, contested_spread="1.2000001").issues[0].contested
    assert wide.contested


def test_the_result_cannot_be_changed() -> None:
    result = analysed([internal([[5, 3]])])
    with pytest.raises(FrozenInstanceError):
        result.issues[0].tier = 1


# --- properties -----------------------------------------------------------------------------------------
@given(tables(3, lowest=1), tables(3, lowest=1), st.integers(0, 2), ANY_PRIORITY, ANY_RULE)
@settings(deadline=None, max_examples=60)
def test_higher_ratings_never_lower_a_rank_or_tier(
    staff: NDArray[np.uint8], clients: NDArray[np.uint8], issue: int, priority: str, rule: TierRule
) -> None:
    raised = clients.copy()
    raised[:, issue] = np.minimum(raised[:, issue] + 1, 5)
    method = Method(("High", "Moderate", "Minor"), rule, priority=priority, draws=0)
    before, after = (
        analyse([internal(staff), external(table)], 3, method).issues[issue] for table in (clients, raised)
    )
    assert after.rank <= before.rank
    # Natural breaks move with the numbers: only they may part differently around an issue that rose.
    if not isinstance(rule, NaturalBreaks):
        assert after.tier <= before.tier


@given(tables(3), tables(3), ANY_PRIORITY, ANY_RULE)
@settings(deadline=None, max_examples=60)
def test_ranks_tiers_and_values_keep_their_bounds(
    staff: NDArray[np.uint8], clients: NDArray[np.uint8], priority: str, rule: TierRule
) -> None:
    method = Method(("High", "Moderate", "Minor"), rule, priority=priority, draws=20)
    result = analyse([internal(staff), external(clients)], 3, method)
    for issue in result.issues:
        assert (issue.priority is None) == (issue.rank is None) == (issue.priority_key is None)
        if issue.priority is not None:
            known = [float(value) for value in (issue.axes[0], issue.axes[1]) if value is not None]
            assert min(known) - 1e-12 <= issue.priority <= max(known) + 1e-12
            assert 1 <= issue.rank <= 3
        if issue.priority is None or (isinstance(rule, NaturalBreaks) and "too_few_priorities" in kinds(result)):
            assert issue.tier is None
        else:
            assert issue.tier in range(3)
    better = [(a, b) for a in result.issues for b in result.issues if a.rank and b.rank and a.rank < b.rank]
    if not isinstance(rule, AxisCutOffs):
        assert all((a.tier is None) == (b.tier is None) for a, b in better)
        assert all(a.tier <= b.tier for a, b in better if a.tier is not None)


@given(tables(2), st.fractions(Fraction(1, 100), 100))
@settings(deadline=None, max_examples=30)
def test_weights_scale_away(table: NDArray[np.uint8], factor: Fraction) -> None:
    plain = analysed([internal(table, 2), internal([[3, 4]], 1, "Board"), external([[3, 3], [5, 2]], 5)])
    scaled = analysed([internal(table, 2 * factor), internal([[3, 4]], factor, "Board"), external([[3, 3], [5, 2]])])
    assert plain.issues == scaled.issues


@given(st.permutations(range(4)))
@settings(deadline=None, max_examples=10)
def test_issues_may_come_in_any_order(order: list[int]) -> None:
    tables = simulated_ratings(15, 4)
    moved = [table[:, order] for table in tables]
    plain, other = analysed(grouped(tables), Counts((2, 2))), analysed(grouped(moved), Counts((2, 2)))
    assert other.issues == tuple(plain.issues[i] for i in order)


def test_split_and_merged_tallies_give_the_same_result() -> None:
    tables = simulated_ratings(40, 5)
    groups = grouped(tables)
    halves = [
        replace(group, tally=count(table[:13], (1, 5)) + count(table[13:], (1, 5)))
        for group, table in zip(groups, tables, strict=True)
    ]
    assert analysed(halves, Counts((2, 3)), draws=100) == analysed(groups, Counts((2, 3)), draws=100)


# --- input that is barely one ---------------------------------------------------------------------------
def test_nobody_answered() -> None:
    result = analysed([internal([[0, 0]]), GroupInput("Clients", "stakeholders", 1, Tally.empty(2, (1, 5)))], draws=50)
    assert [(issue.rank, issue.tier, issue.priority) for issue in result.issues] == [(None, None, None)] * 2
    assert result.agreement.kendall_w is None
    assert kinds(result) == [
        "group_without_answers",
        "group_without_answers",
        "axis_without_answers",
        "axis_without_answers",
        "issues_without_answers",
    ]


def test_one_respondent() -> None:
    result = analysed([internal([[5, 3]])], draws=50)
    assert [issue.priority for issue in result.issues] == [5, 3]
    assert kinds(result) == ["group_with_one_respondent", "axis_without_groups"]


def test_one_respondent_beside_others_borrows_their_spread() -> None:
    """Of groups that count on the same axis; those of the other axis and without weight lend nothing."""
    two = [[4, 3], [5, 3]]
    alone, board = internal([[5, 3]]), internal(two, 1, "Board")
    assert kinds(analysed([alone, board, external(two)])) == ["group_with_borrowed_spread"]
    for others in ([external(two)], [internal(two, 0, "Board"), external(two)], [internal([[2, 2]], 1, "Board")]):
        assert "group_with_one_respondent" in kinds(analysed([alone, *others]))
        assert "group_with_borrowed_spread" not in kinds(analysed([alone, *others]))


def test_one_group() -> None:
    result = analysed([external([[5, 3], [4, 3]])], draws=50)
    assert [issue.axes[0] for issue in result.issues] == [None, None]
    assert [issue.priority for issue in result.issues] == [4.5, 3]
    assert result.notes == (Note("axis_without_groups", axis="company"),)


@pytest.mark.parametrize("rule", [Counts((1, 1, 1)), CutOffs((4, 3)), AxisCutOffs((4, 3)), Quantiles()])
def test_all_ratings_equal_share_one_rank_and_tier(rule: TierRule) -> None:
    method = Method(("High", "Moderate", "Minor"), rule, draws=50, finite_population=True)
    everybody = [replace(internal([[4] * 3] * 5), population=5), replace(external([[4] * 3] * 300), population=300)]
    result = analyse(everybody, 3, method)
    assert [(i.rank, i.tier, i.tier_probability, i.rank_interval) for i in result.issues] == [
        (1, 0, (1, 0, 0), (1, 1))
    ] * 3
    assert result.agreement.kendall_w is None
    assert result.notes == ()


def test_all_ratings_equal_have_no_natural_breaks() -> None:
    method = Method(("High", "Moderate", "Minor"), NaturalBreaks(), draws=50)
    result = analyse([internal([[4] * 3] * 5)], 3, method)
    assert [(i.rank, i.tier, i.tier_probability) for i in result.issues] == [(1, None, None)] * 3
    assert Note("too_few_priorities", number=1) in result.notes


def test_an_issue_that_nobody_could_judge() -> None:
    result = analysed([internal([[5, 0, 3], [4, 0, 2]]), external([[4, 0, 2], [4, 0, 1]])], Counts((1, 2)), draws=50)
    assert (result.issues[1].rank, result.issues[1].tier) == (None, None)
    assert [issue.tier for issue in result.issues] == [0, None, 1]
    assert Note("issues_without_answers", issues=(1,)) in result.notes


def test_an_issue_that_one_side_could_not_judge() -> None:
    result = analysed([internal([[5, 0], [4, 0]]), external([[4, 5], [4, 4]])], draws=50)
    assert result.issues[1].axes[1] == Fraction(9, 2)
    assert (result.issues[1].rank, result.issues[1].tier) == (None, None)
    assert Note("issues_without_axis", axis="company", issues=(1,)) in result.notes


def test_what_a_group_left_out_is_noted() -> None:
    result = analysed([internal([[5, 0, 3], [4, 0, 0]]), internal([[3, 3, 3]] * 2, 1, "Board")], Counts((1, 2)))
    assert result.notes == (
        Note("issues_without_answers_in_group", group="Employees", axis="company", issues=(1,)),
        Note("issues_with_one_answer_in_group", group="Employees", axis="company", issues=(2,)),
        Note("axis_without_groups", axis="stakeholders"),
    )


def test_a_group_without_answers_drops_out() -> None:
    groups = [internal([[5, 3], [4, 3]]), external([[4, 2], [3, 3]])]
    silent = GroupInput("Regulators", "stakeholders", 7, Tally.empty(2, (1, 5)))
    result = analysed([*groups, silent], draws=50)
    assert result.issues[0].axes[1] == Fraction(7, 2)
    assert [group.share for group in result.groups] == [1, 1, 0]
    assert Note("group_without_answers", group="Regulators", axis="stakeholders") in result.notes


@pytest.mark.parametrize(
    ("rule", "tiers", "message"),
    [
        (CutOffs((6,)), 2, "cut-off 6 is outside the scale from 1 to 5"),
        (AxisCutOffs((0.9,)), 2, "cut-off 0.9 is outside"),
        (NaturalBreaks(), 4, "4 tiers for 3 issues"),
        (Counts((1, 1, 1, 0)), 4, "4 tiers for 3 issues"),
        (Counts((1, 1)), 2, "1, 1 add up to 2, but there are 3 issues"),
    ],
)
def test_a_method_that_does_not_fit_is_refused(rule: TierRule, tiers: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        analyse([internal([[5, 4, 3]])], 3, Method(tuple("ABCD"[:tiers]), rule))


def test_weights_of_zero_are_refused() -> None:
    with pytest.raises(ValueError, match=r"All weights on the axis 'stakeholders' are 0 \(Clients\)"):
        analysed([internal([[5, 3]]), external([[5, 3]], 0)])


def test_tallies_of_another_number_of_issues_are_refused() -> None:
    with pytest.raises(ValueError, match="has 2 issues, not 3"):
        analyse([internal([[5, 3]])], 3, Method(("High", "Low"), Counts((1, 2))))


@pytest.mark.parametrize("rule", [Quantiles(), NaturalBreaks()])
def test_five_hundred_issues(rule: TierRule) -> None:
    groups = [simulated(30, 500, groups=1)[0], internal(simulated_ratings(210, 500, groups=1)[0])]
    result = analyse(groups, 500, Method(("High", "Moderate", "Minor"), rule, draws=40))
    assert sum(result.tier_counts) == 500
    assert min(result.tier_counts) > 50
