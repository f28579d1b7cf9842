"""Every reported change of a tier is one that an analysis with the other weight finds, and none comes before it."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from materiality.scoring.analysis import GroupInput, analyse
from materiality.scoring.method import Method
from materiality.scoring.paths import Lever
from materiality.scoring.sensitivity import TOLERANCE, LeverSensitivity, Sensitivity, sensitivity
from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, NaturalBreaks, Quantiles, TierRule
from surveys.tally import Tally
from tests.materiality.scoring.builders import external, group, internal, method, simulated, tables

THREE = ("High", "Moderate", "Minor")


def tiers(groups: Sequence[GroupInput], chosen: Method) -> tuple[int | None, ...]:
    found = analyse(groups, groups[0].tally.items, chosen)
    return tuple(issue.tier for issue in found.issues)


def with_share(groups: Sequence[GroupInput], name: str, share: Fraction) -> list[GroupInput]:
    """The groups with another weight of one, so that this is its share among those of its axis that answered."""
    axis = next(group.axis for group in groups if group.name == name)
    rest = sum(group.exact_weight for group in groups if group.axis == axis and group.name != name and group.answered)
    weight = rest * share / (1 - share)
    return [replace(group, weight=weight) if group.name == name else group for group in groups]


def lever(found: Sensitivity, name: str) -> LeverSensitivity:
    return next(lever for lever in found.levers if lever.name == name)


def check_changes(groups: Sequence[GroupInput], chosen: Method, found: Sensitivity) -> None:
    """Both sides of every change are as an analysis finds them."""
    now = tiers(groups, chosen)
    for one in found.levers:
        assert tiers(with_share(groups, one.name, one.share), chosen) == now
        for change in one.changes:
            assert abs(change.outside - change.inside) <= TOLERANCE
            assert abs(change.inside - one.share) < abs(change.outside - one.share)
            assert 0 < change.outside < 1
            inside = tiers(with_share(groups, one.name, change.inside), chosen)
            outside = tiers(with_share(groups, one.name, change.outside), chosen)
            assert inside[change.issue] == now[change.issue] == change.tier_from
            assert outside[change.issue] == change.tier_to != change.tier_from


def check_between(groups: Sequence[GroupInput], chosen: Method, found: Sensitivity, at: float) -> None:
    """At this part of the way to the nearest change, or to the end, no issue has moved."""
    now = tiers(groups, chosen)
    for one in found.levers:
        for end, side in ((Fraction(0), -1), (Fraction(1), 1)):
            on_side = [change for change in one.changes if (change.outside - one.share) * side > 0]
            nearest = min((change.inside for change in on_side), key=lambda share: abs(share - one.share), default=end)
            share = one.share + (nearest - one.share) * Fraction(at)
            assert tiers(with_share(groups, one.name, share), chosen) == now, (one.name, float(share))


def test_the_share_at_which_two_issues_change_places_is_found_to_the_last_digit() -> None:
    """Employees say 5 and 3, managers 3 and 4: with the share t of employees 3 + 2t and 4 - t are the same at 1/3.
    There both are in the higher tier; the other issue leaves it above."""
    groups = [internal([[5, 3]], name="Employees"), internal([[3, 4]], name="Managers"), external([[3, 3]])]
    found = sensitivity(groups, 2, method())
    employees = lever(found, "Employees")
    assert employees.share == Fraction(1, 2)
    assert [(one.issue, one.tier_from, one.tier_to) for one in employees.changes] == [(0, 0, 1), (1, 1, 0)]
    for change in employees.changes:
        assert abs(change.outside - Fraction(1, 3)) < 2 * TOLERANCE
    managers = lever(found, "Managers")
    assert all(abs(change.outside - Fraction(2, 3)) < 2 * TOLERANCE for change in managers.changes)
    nearest = found.nearest
    assert nearest is not None
    assert abs(nearest[0].distance(nearest[1]) - Fraction(1, 6)) < 2 * TOLERANCE


def test_what_no_weight_can_change_is_not_reported() -> None:
    groups = [internal([[5, 3]]), internal([[4, 2]], name="Managers"), external([[3, 3]])]
    found = sensitivity(groups, 2, method())
    assert [one.changes for one in found.levers] == [(), ()]
    assert found.nearest is None


def test_a_tie_now_is_broken_by_the_smallest_change() -> None:
    groups = [internal([[5, 3]], name="Employees"), internal([[3, 5]], name="Managers"), external([[3, 3]])]
    found = lever(sensitivity(groups, 2, method()), "Employees")
    assert [change.issue for change in found.changes] in ([0, 1], [1, 0])
    assert all(change.inside == Fraction(1, 2) for change in found.changes)


@pytest.mark.parametrize(
    "others",
    [
        [internal([[3, 4]], weight=0, name="Managers"), external([[3, 3]])],
        [internal([[0, 0]], name="Managers"), external([[3, 3]])],
        [external([[3, 3]])],
    ],
    ids=["without weight", "without answers", "alone"],
)
def test_levers_that_cannot_be_turned_are_left_out(others: list[GroupInput]) -> None:
    assert sensitivity([internal([[5, 3]]), *others], 2, method()).levers == ()


def test_an_issue_is_weighed_over_the_groups_that_rated_it() -> None:
    """Managers did not rate the first issue: it stays 4, whatever they weigh. The second is 5 - 2t."""
    groups = [internal([[4, 5]]), internal([[0, 3]], name="Managers", weight=Fraction(1, 3)), external([[3, 3]])]
    found = lever(sensitivity(groups, 2, method()), "Managers")
    assert found.share == Fraction(1, 4)
    assert {change.issue for change in found.changes} == {0, 1}
    assert all(abs(change.outside - Fraction(1, 2)) < 2 * TOLERANCE for change in found.changes)
    check_changes(groups, method(), sensitivity(groups, 2, method()))


def test_nearly_equal_scores_are_parted_exactly() -> None:
    """Floats see two issues as equal over a stretch of shares; the change is where it is exactly. Of ten million
    Employees one says 4 instead of 3 of the first issue, of as many managers two say 5 instead of 4 of the second."""
    millions = 10**7
    groups = [
        GroupInput("Employees", "company", 1, added_up([[0, millions, 0], [1, millions - 1, 0]])),
        GroupInput("Managers", "company", 1, added_up([[0, millions, 0], [0, millions - 2, 2]])),
        external([[3, 3]]),
    ]
    found = lever(sensitivity(groups, 2, method()), "Employees")
    assert {change.issue for change in found.changes} == {0, 1}
    assert all(abs(change.outside - Fraction(2, 3)) < 2 * TOLERANCE for change in found.changes)


def added_up(three_to_five: list[list[int]]) -> Tally:
    """A tally by how often each issue was rated 3, 4 and 5, by everybody."""
    people, issues = sum(three_to_five[0]), len(three_to_five)
    everybody = np.full((issues, issues), people)
    histogram = np.array([[0, 0, *times] for times in three_to_five])
    return Tally((1, 5), people, histogram, everybody, 4 * everybody, 16 * everybody)


def test_one_lever_can_move_a_group_on_both_axes() -> None:
    def both(name: str, weight: int, company: list[int], stakeholders: list[int]) -> list[GroupInput]:
        return [
            group(f"{name}, c", "company", [company], weight),
            group(f"{name}, s", "stakeholders", [stakeholders], weight),
        ]

    groups = [*both("Staff", 1, [5, 3], [5, 4]), *both("Clients", 1, [2, 4], [3, 4])]
    levers = [Lever("Staff", 1, (0, 1)), Lever("Clients", 1, (2, 3))]
    found = lever(sensitivity(groups, 2, method(), levers), "Staff")
    # 2.5 + 2.5 t and 4 - t / 2: both axes turn.
    assert {change.issue for change in found.changes} == {0, 1}
    assert all(abs(change.outside - Fraction(1, 2)) < 2 * TOLERANCE for change in found.changes)


def test_a_lever_moves_what_its_people_are_counted_in() -> None:
    """Few people of two groups count as one with the weights of both, where they rated the second issue."""
    groups = [
        internal([[5, 0]], name="A", weight=2),
        internal([[3, 0]], name="B", weight=1),
        internal([[0, 5], [0, 3]], name="A and B", weight=3),
        internal([[3, 4]], name="C", weight=3),
        external([[3, 3]]),
    ]
    levers = [Lever("A", 2, (0, 2)), Lever("B", 1, (1, 2)), Lever("C", 3, (3,)), Lever("Clients", 1, (4,))]
    chosen = method(CutOffs((Fraction(7, 2),)))
    found = lever(sensitivity(groups, 2, chosen, levers), "A")
    assert found.share == Fraction(1, 3)
    # The others stand 1 to 3: the first issue is 3 + 2t, the second 4, so 3.5 on both axes is reached at 1/2.
    change = found.changes[0]
    assert (change.issue, change.tier_from, change.tier_to) == (0, 1, 0)
    assert abs(change.outside - Fraction(1, 2)) < 2 * TOLERANCE


@pytest.mark.parametrize(
    ("levers", "message"),
    [
        ([Lever("A", 1, (0,))], "has the weight 1; its levers add up to 0"),
        ([Lever("A", -1, (0,)), Lever("B", 2, (0, 1))], "less than 0"),
        ([Lever("A", 1, (0, 1, 2))], "there are 2 groups"),
    ],
)
def test_levers_that_are_not_the_weights_are_refused(levers: list[Lever], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sensitivity([internal([[5, 3]]), external([[3, 3]])], 2, method(), levers)


def test_levers_that_meet_on_one_axis_alone_are_refused() -> None:
    groups = [internal([[5, 3]]), internal([[4, 3]], name="Managers"), external([[3, 3]])]
    with pytest.raises(ValueError, match="meet on one axis"):
        sensitivity(groups, 2, method(), [Lever("A", 1, (0, 2)), Lever("B", 1, (1,))])


def test_cut_offs_tell_how_far_they_are() -> None:
    """Priorities 4, 3.5 and 2 under cut-offs of 3.75 and 2.5."""
    groups = [internal([[5, 4, 2]]), external([[3, 3, 2]])]
    found = sensitivity(groups, 3, method(CutOffs((3.75, 2.5)), THREE)).cuts
    assert [(one.issue, one.cut, one.by, one.tier_to, one.reaches) for one in found] == [
        (0, 0, 0.25, 1, False),
        (1, 0, -0.25, 0, True),
        (2, 1, -0.5, 1, True),
        (1, 1, 1.0, 2, False),
    ]


def test_a_cut_off_does_not_pass_its_neighbour_or_the_scale() -> None:
    """The second issue stands on the lower cut-off, the first at the top of the scale."""
    groups = [internal([[5, 3, 1]]), external([[5, 3, 1]])]
    found = sensitivity(groups, 3, method(CutOffs((4, 3)), THREE)).cuts
    assert [(one.issue, one.cut) for one in found] == [(1, 1), (2, 1)]


@pytest.mark.parametrize("rule", [CutOffs, AxisCutOffs])
@pytest.mark.parametrize("priority", ["mean", "distance", "max", "min"])
def test_a_cut_off_that_is_moved_so_moves_the_issue(rule: type[CutOffs | AxisCutOffs], priority: str) -> None:
    groups = simulated(40, 6, missing=0.1)
    cuts = (Fraction("3.7"), Fraction("2.9"))
    chosen = method(rule(cuts), THREE, priority=priority)
    now, found = tiers(groups, chosen), sensitivity(groups, 6, chosen).cuts
    assert len(found) >= 6
    for one in found:
        for far, expected in ((Fraction(999, 1000), one.tier_from), (Fraction(1001, 1000), one.tier_to)):
            moved = list(cuts)
            moved[one.cut] += Fraction(one.by) * far
            assert tiers(groups, replace(chosen, rule=rule(tuple(moved))))[one.issue] == expected
        assert one.tier_from == now[one.issue]


def test_without_cut_offs_there_are_none() -> None:
    assert sensitivity(simulated(10, 4), 4, method(Counts((2, 2)))).cuts == ()


def test_without_tiers_there_is_nothing_to_move() -> None:
    """Natural breaks find one score for two tiers."""
    groups = [internal([[3, 3]]), internal([[2, 2]], name="Managers"), external([[3, 3]])]
    assert sensitivity(groups, 2, method(NaturalBreaks())) == Sensitivity((), ())


def test_a_share_at_which_there_are_no_tiers_is_stepped_over() -> None:
    """With the share t of employees the issues are 3 and 1 + 4t. Where they meet, natural breaks make no two tiers."""
    groups = [internal([[3, 5]], weight=3), internal([[3, 1]], name="Managers"), external([[3, 3]])]
    chosen = method(NaturalBreaks())
    found = sensitivity(groups, 2, chosen)
    assert {change.issue for change in lever(found, "Employees").changes} == {0, 1}
    assert all(change.inside > Fraction(1, 2) for change in lever(found, "Employees").changes)
    check_changes(groups, chosen, found)


RULES: list[TierRule] = [
    Counts((3, 5, 4)),
    CutOffs(("3.6", "2.8")),
    AxisCutOffs(("3.6", "2.8")),
    NaturalBreaks(),
    Quantiles(),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
@pytest.mark.parametrize("priority", ["mean", "distance", "max"])
def test_changes_are_true_for_every_rule(rule: TierRule, priority: str) -> None:
    groups = simulated(25, 12, groups=6, missing=0.2, seed=7)
    chosen = method(rule, THREE, priority=priority)
    found = sensitivity(groups, 12, chosen)
    assert any(one.changes for one in found.levers)
    check_changes(groups, chosen, found)
    for at in (0.25, 0.8, 0.999):
        check_between(groups, chosen, found, at)


WEIGHTS = st.integers(1, 9)


@given(
    st.tuples(*[tables(5, lowest=1) for _ in range(5)]),
    st.tuples(*[WEIGHTS for _ in range(5)]),
    st.sampled_from([Counts((2, 3)), CutOffs((3,)), AxisCutOffs((3,)), Quantiles(("2/5", "3/5"))]),
    st.floats(0.001, 0.999),
)
@settings(deadline=None)
def test_nothing_changes_before_the_nearest_change(
    ratings: tuple[np.ndarray, ...], weights: tuple[int, ...], rule: TierRule, at: float
) -> None:
    groups = [
        group(f"Group {g}", "company" if g < 3 else "stakeholders", table, weight)
        for g, (table, weight) in enumerate(zip(ratings, weights, strict=True))
    ]
    chosen = method(rule)
    found = sensitivity(groups, 5, chosen)
    check_changes(groups, chosen, found)
    check_between(groups, chosen, found, at)


@given(st.tuples(*[tables(4) for _ in range(4)]), st.tuples(*[WEIGHTS for _ in range(4)]))
@settings(deadline=None)
def test_changes_are_true_where_answers_are_missing(ratings: tuple[np.ndarray, ...], weights: tuple[int, ...]) -> None:
    groups = [
        group(f"Group {g}", "company" if g < 2 else "stakeholders", table, weight)
        for g, (table, weight) in enumerate(zip(ratings, weights, strict=True))
    ]
    chosen = method(Counts((1, 3)))
    check_changes(groups, chosen, sensitivity(groups, 4, chosen))
