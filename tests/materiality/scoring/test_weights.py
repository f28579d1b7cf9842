"""Weights by each rule, by hand and by numbers from the literature."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from materiality.scoring.axes import weigh
from materiality.scoring.exact import Number
from materiality.scoring.groups import GroupInput
from materiality.scoring.method import WEIGHTS
from materiality.scoring.spread import part_not_asked
from materiality.scoring.weights import GroupFacts, missing_for, weights_by
from surveys.tally import count
from tests.materiality.scoring.builders import tables

STAFF = GroupFacts("Staff", given="2.5", answered=60, headcount=240, invited=200, suggested="4.5")
CLIENTS = GroupFacts("Clients", given=1, answered=12, headcount=None, invited=48, suggested=3)


@pytest.mark.parametrize(
    ("rule", "weights"),
    [
        ("given", [Fraction(5, 2), 1]),
        ("equal", [1, 1]),
        ("respondents", [60, 12]),
        ("response_rate", [Fraction(1, 4), Fraction(1, 4)]),
        ("power_interest", [Fraction(9, 2), 3]),
    ],
)
def test_each_rule_by_hand(rule: str, weights: list[Fraction]) -> None:
    assert list(weights_by(rule, [STAFF, CLIENTS])) == weights


def test_every_rule_of_the_method_is_known() -> None:
    facts = GroupFacts("Staff", answered=2, headcount=4, suggested=3)
    assert [len(weights_by(rule, [facts])) for rule in WEIGHTS] == [1] * len(WEIGHTS)
    with pytest.raises(ValueError, match="'size' is not a way to weigh groups; there are given, equal"):
        weights_by("size", [facts])


def test_headcounts_give_the_stratified_mean_of_a_textbook() -> None:
    """Acres devoted to farms, by region: S. L. Lohr, Sampling: Design and Analysis, 2nd ed., 2010, chapter 3."""
    strata = {"NE": (220, "97629.81"), "NC": (1054, "300504.16"), "S": (1382, "211315.04"), "W": (422, "662295.51")}
    weights = weights_by("headcount", [GroupFacts(name, answered=1, headcount=n) for name, (n, _) in strata.items()])
    mean = sum(w * Fraction(m) for w, (_, m) in zip(weights, strata.values(), strict=True)) / sum(weights)
    assert float(mean) == pytest.approx(295560.8, abs=0.05)


def test_headcounts_narrow_the_standard_error_of_a_textbook() -> None:
    """300 of 3,078 counties, s = 344,551.9: S. L. Lohr, Sampling: Design and Analysis, 2nd ed., 2010, chapter 2."""
    group = GroupInput("Counties", "company", 1, count(np.full((300, 1), 3, np.uint8), (1, 5)), population=3078)
    error = 344551.9 / math.sqrt(300) * math.sqrt(part_not_asked(group, finite_population=True))
    assert error == pytest.approx(18898.4, abs=0.05)


def test_respondents_give_the_mean_over_all_who_answered() -> None:
    tables_of = {"Staff": [[5], [5], [2]], "Managers": [[1]]}
    tallies = {name: count(np.array(rows, np.uint8), (1, 5)) for name, rows in tables_of.items()}
    facts = [GroupFacts(name, answered=tally.respondents) for name, tally in tallies.items()]
    weights = weights_by("respondents", facts)
    groups = [GroupInput(one.name, "company", w, tallies[one.name]) for one, w in zip(facts, weights, strict=True)]
    assert weigh("company", groups).values == (Fraction(13, 4),)


@given(tables(issues=2, lowest=1), tables(issues=2, lowest=1), st.integers(1, 50))
def test_only_the_proportion_of_weights_counts(first, second, factor: int) -> None:
    def axis(weights: tuple[Number, Number]) -> tuple[Fraction | None, ...]:
        groups = [
            GroupInput(name, "company", weight, count(table, (1, 5)))
            for name, table, weight in zip("ab", (first, second), weights, strict=True)
        ]
        return weigh("company", groups).values

    facts = [GroupFacts("a", answered=len(first), headcount=37), GroupFacts("b", answered=len(second), headcount=101)]
    weights = weights_by("headcount", facts)
    assert axis((weights[0], weights[1])) == axis((weights[0] * factor, weights[1] * factor))


@pytest.mark.parametrize("rule", WEIGHTS)
def test_a_group_that_was_given_no_weight_has_none_and_needs_no_facts(rule: str) -> None:
    facts = [GroupFacts("Staff", given=0, answered=3), GroupFacts("Clients", answered=2, headcount=9, suggested=2)]
    assert weights_by(rule, facts)[0] == 0


@pytest.mark.parametrize("rule", WEIGHTS)
def test_a_group_without_answers_keeps_its_weight_and_needs_no_facts(rule: str) -> None:
    assert weights_by(rule, [GroupFacts("Press", given="1.5")]) == (Fraction(3, 2),)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("headcount", "Enter the headcount of Press, Clients, or choose other weights"),
        ("response_rate", "Enter the headcount of Press, or choose"),
        ("power_interest", "Score the power and the interest of Press, or choose"),
    ],
)
def test_what_is_missing_is_named_with_what_to_do(rule: str, message: str) -> None:
    press = GroupFacts("Press", answered=4)
    with pytest.raises(ValueError, match=message):
        weights_by(rule, [STAFF, press, CLIENTS])
    assert press in missing_for(rule, [STAFF, press])


@pytest.mark.parametrize("rule", ["headcount", "response_rate"])
def test_more_answers_than_people_are_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="13 from the 12 people of Board"):
        weights_by(rule, [GroupFacts("Board", answered=13, headcount=12)])


def test_more_answers_than_invitations_are_refused() -> None:
    with pytest.raises(ValueError, match=r"More people answered than were invited: Press \(5 of 4\)"):
        weights_by("response_rate", [GroupFacts("Press", answered=5, invited=4)])


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        ({"given": -1}, "weight of the group 'Press' is -1, less than 0"),
        ({"given": float("nan")}, "weight of the group 'Press' is nan, not a finite number"),
        ({"headcount": 0}, "headcount of the group 'Press' is 0, not at least 1"),
        ({"headcount": 2.5}, "2.5, not a whole number"),
        ({"invited": -4}, "number of invited people of the group 'Press' is -4"),
        ({"suggested": float("inf")}, "suggested weight of the group 'Press' is inf"),
    ],
)
def test_a_fact_that_cannot_be_is_named(fact: dict[str, Number], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        GroupFacts("Press", **fact)
