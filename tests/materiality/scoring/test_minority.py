"""Views that averages hide: which are found, and which are left to chance."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from materiality.scoring.groups import GroupInput
from materiality.scoring.minority import Dissent, Division, dissents, division, fewest_within
from materiality.scoring.tier_rules import Counts, CutOffs
from tests.materiality.scoring.builders import analysed, external, internal

SCALE = (1, 5)
TWO_OF_FOUR = Counts((2, 2))


def people(*means: int, number: int = 12) -> list[list[int]]:
    """Ratings around the means: a third of the people one lower, a third one higher, within the scale."""
    return [[min(max(mean + person % 3 - 1, 1), 5) for mean in means] for person in range(number)]


def with_small_group(*means: int, number: int = 12) -> list[GroupInput]:
    """Employees and clients who agree on the order a, b, c, d, and neighbours who rate as is said."""
    return [
        internal(people(5, 4, 3, 2)),
        external(people(5, 4, 3, 2), weight=9),
        external(people(*means, number=number), weight=1, name="Neighbours"),
    ]


def found(groups: list[GroupInput]) -> list[Dissent]:
    return dissents(groups, analysed(groups, TWO_OF_FOUR))


def test_a_small_group_that_would_lift_an_issue_is_found_and_so_is_what_it_would_lower() -> None:
    assert found(with_small_group(5, 1, 2, 4)) == [
        Dissent(group=2, issue=1, higher=False, rank=4, rated=4),
        Dissent(group=2, issue=3, higher=True, rank=2, rated=4),
    ]


def test_groups_that_agree_hide_nothing() -> None:
    assert found(with_small_group(5, 4, 3, 2)) == []


def test_a_group_that_rates_everything_higher_says_nothing_by_that() -> None:
    assert found([internal(people(4, 3, 2, 2)), external(people(5, 5, 4, 4))]) == []


def test_a_group_without_weight_has_a_view() -> None:
    silent = with_small_group(5, 1, 2, 4)
    silent[2] = external(people(5, 1, 2, 4), weight=0, name="Neighbours")
    assert [one.group for one in found(silent)] == [2, 2]


@pytest.mark.parametrize(("number", "views"), [(3, 0), (30, 2)])
def test_few_people_may_differ_by_chance(number: int, views: int) -> None:
    assert len(found(with_small_group(5, 3, 3, 4, number=number))) == views


def test_people_who_happen_to_agree_on_one_issue_prove_no_more_than_they_vary_on_the_others() -> None:
    """All of four give d a 4; on the other issues they are as far apart as can be."""
    erratic = external([[5, 1, 1, 4], [1, 5, 5, 4], [5, 1, 5, 4], [1, 5, 1, 4]], weight=1, name="Neighbours")
    assert found([*with_small_group(5, 4, 3, 2)[:2], erratic]) == []


def test_one_person_is_no_view() -> None:
    assert found(with_small_group(5, 1, 2, 4, number=1)) == []


def test_issues_that_a_group_did_not_rate_count_against_it() -> None:
    """Of a, c and d the neighbours would put d second. With b before it, it would be third."""
    groups = with_small_group(5, 1, 2, 4)
    table = np.array(people(5, 1, 2, 4), np.uint8)
    table[:, 1] = 0
    groups[2] = external(table, weight=1, name="Neighbours")
    assert found(groups) == []


def test_a_group_that_rated_nothing_is_passed_over() -> None:
    groups = with_small_group(5, 1, 2, 4)
    groups[2] = external(np.zeros((5, 4), np.uint8), weight=1, name="Neighbours")
    assert found(groups) == []


def test_a_tie_of_the_group_does_not_lift_an_issue() -> None:
    """Three issues share the neighbours' first place, and two places are in the highest tier."""
    assert all(not one.higher for one in found(with_small_group(4, 4, 1, 4)))


@pytest.mark.parametrize("cut", [1, 5.0])
def test_without_two_tiers_that_hold_issues_there_is_nothing_to_hide(cut: float) -> None:
    groups = with_small_group(5, 1, 2, 4)
    assert dissents(groups, analysed(groups, CutOffs((cut,)))) == []


def test_few_views_are_found_where_groups_differ_by_chance_alone() -> None:
    """Forty surveys of four groups of 30 people with one opinion: hardly a view among 3,200 means."""
    views = 0
    for seed in range(40):
        means = np.random.default_rng(seed).permutation(np.linspace(4.4, 2.4, 20))
        stream = np.random.default_rng(1000 + seed)
        tables = [(1 + stream.binomial(4, (means - 1) / 4, (30, 20))).astype(np.uint8) for _ in range(4)]
        groups = [
            (internal if number % 2 else external)(table, name=f"Group {number}") for number, table in enumerate(tables)
        ]
        views += len(dissents(groups, analysed(groups, Counts((7, 6, 7)), tiers=("High", "Middle", "Low"))))
    assert views <= 8


def test_the_order_of_groups_changes_nothing_but_their_numbers() -> None:
    groups = with_small_group(5, 1, 2, 4)
    assert [(2 - one.group, one.issue, one.rank) for one in found(groups[::-1])] == [(2, 1, 4), (2, 3, 2)]


@pytest.mark.parametrize(
    ("counts", "camps"),
    [
        ((10, 3, 2, 4, 9), Division(Fraction(1, 2), Fraction(1, 2))),
        ((30, 30, 0, 0, 28), Division(Fraction(1, 3), Fraction(2, 3))),
        ((6, 6, 6, 6, 6), None),
        ((1, 4, 9, 12, 8), None),
        ((20, 0, 0, 0, 0), None),
    ],
    ids=["two camps", "a third", "all equally frequent", "one peak", "one mind"],
)
def test_division_within_a_group(counts: tuple[int, ...], camps: Division | None) -> None:
    assert division(counts, SCALE, 5) == camps


@pytest.mark.parametrize("counts", [(4, 0, 0, 0, 30), (30, 0, 0, 0, 4), (4, 0, 0, 0, 5), (2, 2, 1, 0, 5)])
def test_camps_of_too_few_people_are_not_told(counts: tuple[int, ...]) -> None:
    assert division(counts, SCALE, 5) is None


@given(st.lists(st.integers(0, 12), min_size=3, max_size=7), st.integers(1, 8))
def test_a_division_has_two_camps_of_enough_people(counts: list[int], k: int) -> None:
    found = division(counts, (1, len(counts)), k)
    half = len(counts) // 2
    if found is not None:
        assert sum(counts) >= fewest_within(k) >= 2 * k
        assert min(sum(counts[:half]), sum(counts[-half:])) >= k
