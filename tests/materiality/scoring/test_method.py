"""A method is complete, consistent, and survives being stored."""

import json
from fractions import Fraction
from typing import Any

import pytest

from materiality.scoring.method import Method
from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, NaturalBreaks, Quantiles, TierRule

TIERS = ("High", "Moderate", "Minor")
RULES = [
    Counts((9, 7, 2)),
    CutOffs((4, 3.5)),
    CutOffs((Fraction(10, 3), "3.3")),
    AxisCutOffs(("4.2", "3.1")),
    NaturalBreaks(),
    Quantiles(),
    Quantiles((0.2, 0.3, 0.5)),
]


@pytest.mark.parametrize("rule", RULES)
def test_a_method_survives_json(rule: TierRule) -> None:
    method = Method(TIERS, rule, priority="max", draws=500, seed=7, interval=0.95, contested_spread=1.5)
    assert Method.from_dict(json.loads(json.dumps(method.to_dict()))) == method


def test_what_has_a_default_may_be_left_out() -> None:
    given = {"tiers": list(TIERS), "rule": {"kind": "counts", "counts": [9, 7, 2]}}
    assert Method.from_dict(given) == Method(TIERS, Counts((9, 7, 2)))
    assert Method.from_dict({**given, "rule": {"kind": "quantiles"}}).rule == Quantiles()


def test_the_stored_form_is_the_documented_one() -> None:
    assert Method(TIERS, CutOffs(("3.5", 3))).to_dict() == {
        "priority": "mean",
        "tiers": ["High", "Moderate", "Minor"],
        "rule": {"kind": "cut_offs", "cuts": [3.5, 3]},
        "draws": 2000,
        "seed": 42,
        "interval": 0.9,
        "contested_spread": 1.2,
        "axes": ["company", "stakeholders"],
        "weights": "given",
        "cannot_judge": "left_out",
        "leniency": "as_rated",
        "finite_population": False,
    }


def test_equal_methods_are_equal_however_they_were_written() -> None:
    assert CutOffs((3.5, 2.5)) == CutOffs(("3.5", Fraction(5, 2)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tiers": ()}, "at least one tier"),
        ({"tiers": ("High", "Low", "High")}, "Two tiers have the name 'High'"),
        ({"tiers": ("High", " ", "Low")}, "name ' '"),
        ({"tiers": ("High", "Low", 3)}, "name 3"),
        ({"tiers": ("High", "Low")}, "9, 7, 2 are 3 counts for 2 tiers"),
        ({"tiers": [str(tier) for tier in range(101)], "rule": NaturalBreaks()}, "101 tiers, more than 100"),
        ({"rule": "counts"}, "'counts' is not a tier rule"),
        ({"priority": "median"}, "'median' is not a priority rule; there are mean, distance, max, min"),
        ({"draws": -1}, "number of draws is -1"),
        ({"draws": 1_000_000}, "1000000, not from 0 to 20000"),
        ({"draws": 2.5}, "2.5, not a whole number"),
        ({"draws": True}, "True, not a whole number"),
        ({"seed": -3}, "seed is -3"),
        ({"seed": 2**63}, "seed is 9223372036854775808"),
        ({"interval": 0}, "0, not between 0 and 1"),
        ({"interval": 1.0}, "1.0, not between 0 and 1"),
        ({"interval": float("nan")}, "nan, not a finite number"),
        ({"contested_spread": 0}, "0, not above 0"),
        ({"contested_spread": float("inf")}, "inf, not a finite number"),
    ],
)
def test_a_value_that_does_not_fit_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Method(**{"tiers": TIERS, "rule": Counts((9, 7, 2)), **change})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Counts((9, -1, 2)), "tier count is -1"),
        (lambda: Counts((9, 7.0, 2)), "7.0, not a whole number"),
        (lambda: CutOffs((3, 3)), "3 is followed by 3"),
        (lambda: CutOffs((2.5, 3.5)), "2.5 is followed by 3.5"),
        (lambda: CutOffs((float("nan"),)), "nan, not a finite number"),
        (lambda: Method(TIERS, CutOffs((3,))), "3 tiers need 2 cut-offs between them, not 1"),
        (lambda: Method(TIERS, AxisCutOffs((4, 3, 2))), "3 tiers need 2 cut-offs between them, not 3"),
        (lambda: Quantiles((0.5, 0.6)), r"0.5, 0.6 add up to 1.1"),
        (lambda: Quantiles((1.5, -0.5)), "-0.5, less than 0"),
        (lambda: Method(TIERS, Quantiles((0.5, 0.5))), "2 shares of the issues for 3 tiers"),
    ],
)
def test_a_rule_that_does_not_fit_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ([], r"\[\] instead of names with values"),
        ({"rule": {"kind": "natural_breaks"}}, "needs 'tiers'"),
        ({"tiers": ["A"]}, "needs 'rule'"),
        ({"tiers": "ABC", "rule": {"kind": "natural_breaks"}}, "'ABC' is not a list"),
        ({"tiers": ["A"], "rule": "counts"}, "'counts' instead of names"),
        ({"tiers": ["A"], "rule": {"counts": [1]}}, "None is not a kind of tier rule; there are counts, cut_offs"),
        ({"tiers": ["A"], "rule": {"kind": "counts"}}, "needs 'counts'"),
        ({"tiers": ["A"], "rule": {"kind": "counts", "counts": 3}}, "3 is not a list"),
        ({"tiers": ["A"], "rule": {"kind": "natural_breaks", "cuts": [3]}}, "has no 'cuts'"),
        ({"tiers": ["A"], "rule": {"kind": "natural_breaks"}, "weighting": 1}, "A method has no 'weighting'"),
        ({"tiers": ["A"], "rule": {"kind": "natural_breaks"}, "weights": "old"}, "'old' is not a way to weigh groups"),
        ({"tiers": ["A"], "rule": {"kind": "natural_breaks"}, "axes": []}, "The axes are none: give at least one"),
        ({"tiers": ["A"], "rule": {"kind": "natural_breaks"}, "axes": ["x", "x"]}, "The axes are x, x: "),
        ({"tiers": ["A"], "rule": {"kind": "natural_breaks"}, "finite_population": 1}, "1, neither true nor false"),
    ],
)
def test_parameters_that_are_no_method_are_refused(parameters: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Method.from_dict(parameters)


def test_what_does_not_fit_the_survey_is_refused() -> None:
    with pytest.raises(ValueError, match="3 tiers for 2 issues"):
        Method(TIERS, NaturalBreaks()).check_input(2, (1, 5))
    with pytest.raises(ValueError, match="3 tiers for 1 issue:"):
        Method(TIERS, NaturalBreaks()).check_input(1, (1, 5))
    with pytest.raises(ValueError, match="9, 7, 2 add up to 18, but there are 20 issues"):
        Method(TIERS, Counts((9, 7, 2))).check_input(20, (1, 5))
    with pytest.raises(ValueError, match=r"cut-off 5.5 is outside the scale from 1 to 5"):
        Method(TIERS, CutOffs((5.5, 3))).check_input(18, (1, 5))
    with pytest.raises(ValueError, match=r"cut-off 0.5 is outside the scale from 1 to 5"):
        Method(TIERS, AxisCutOffs((4, 0.5))).check_input(18, (1, 5))


@pytest.mark.parametrize("rule", RULES)
def test_what_fits_the_survey_passes(rule: TierRule) -> None:
    assert Method(TIERS, rule).check_input(18, (1, 5)) is None
