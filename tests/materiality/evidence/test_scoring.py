"""The program in the bundle finds what the engine found: two computations that share no arithmetic."""

import ast
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from materiality.evidence import verifier
from materiality.scoring.analysis import GroupInput, analyse
from materiality.scoring.exact import exact, plain
from materiality.scoring.handling import filled, value_of_missing
from materiality.scoring.method import WEIGHTS, Method
from materiality.scoring.natural_breaks import break_classes
from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, NaturalBreaks, Quantiles, TierRule
from materiality.scoring.weights import GroupFacts, weights_by
from surveys.tally import count
from tests.materiality.scoring.builders import SCALE, grouped, simulated_ratings, tables

SOURCE = Path(verifier.__file__).read_text()
AXES = ("company", "stakeholders")
NUMBERS = st.sampled_from([1, 2, "1/3", 0.1, "2.5", 0])
CUTS = st.sampled_from([Fraction(number, 4) for number in range(4, 21)])


def tallies_of(groups: Sequence[GroupInput]) -> dict[str, Any]:
    voices = [
        {
            "name": group.name,
            "groups": [group.name],
            "axis": group.axis,
            "question": group.question,
            "weight": str(group.exact_weight),
            "respondents": group.tally.respondents,
            "ratings": group.tally.counts.tolist(),
            "sums": group.tally.sums.tolist(),
        }
        for group in groups
    ]
    codes = [str(number) for number in range(groups[0].tally.items)]
    return {"format": 1, "scale": list(groups[0].tally.scale), "issues": codes, "voices": voices}


def facts_of(groups: Sequence[GroupInput]) -> list[dict[str, Any]]:
    return [
        {"code": group.name, "given": str(group.exact_weight), "answered": group.tally.respondents} for group in groups
    ]


def agree(groups: Sequence[GroupInput], method: Method) -> None:
    """Both find the same of these tallies, to the last digit."""
    value = value_of_missing(method.cannot_judge, SCALE)
    given_to_engine = groups if value is None else [filled(group, value) for group in groups]
    result = analyse(given_to_engine, groups[0].tally.items, method)
    chosen, report, tallies = method.to_dict(), verifier.Report(), tallies_of(groups)
    found = verifier.compute(chosen, facts_of(groups), tallies, report)
    assert report.broken == []
    assert tuple(zip(*found["axes"].values(), strict=True)) == tuple(issue.axes for issue in result.issues)
    assert found["keys"] == [issue.priority_key for issue in result.issues]
    assert found["priority"] == [issue.priority for issue in result.issues]
    assert found["ranks"] == [issue.rank for issue in result.issues]
    assert list(zip(*found["means"], strict=True)) == [issue.group_means for issue in result.issues]
    tiers = [issue.tier for issue in result.issues]
    if isinstance(method.rule, NaturalBreaks):
        assert verifier.breaks_fault(found["priority"], tiers, len(method.tiers)) == ""
    else:
        assert verifier.tiers_of(chosen, found) == tiers
    spreads = verifier.spreads_of(chosen, tallies["voices"], found["means"])
    assert spreads == [issue.spread for issue in result.issues]


@st.composite
def rules(draw: st.DrawFn, issues: int, tiers: int) -> TierRule:
    kind = draw(st.sampled_from(["counts", "cut_offs", "axis_cut_offs", "natural_breaks", "quantiles", "shares"]))
    if kind == "counts":
        ends = sorted(draw(st.lists(st.integers(0, issues), min_size=tiers - 1, max_size=tiers - 1)))
        return Counts(tuple(b - a for a, b in zip([0, *ends], [*ends, issues], strict=True)))
    if kind in ("cut_offs", "axis_cut_offs"):
        cuts = sorted(draw(st.sets(CUTS, min_size=tiers - 1, max_size=tiers - 1)), reverse=True)
        return (CutOffs if kind == "cut_offs" else AxisCutOffs)(tuple(cuts))
    if kind == "shares":
        parts = draw(st.lists(st.integers(0, 5), min_size=tiers, max_size=tiers))
        assume(sum(parts))
        return Quantiles(tuple(Fraction(part, sum(parts)) for part in parts))
    return NaturalBreaks() if kind == "natural_breaks" else Quantiles()


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[GroupInput], Method]:
    issues = draw(st.integers(1, 6))
    groups = []
    for number in range(draw(st.integers(1, 5))):
        # Few different ratings, so that means meet.
        table = draw(tables(issues, least=0 if number else 1, most=4))
        axis, question = draw(st.sampled_from(AXES)), draw(st.sampled_from(["", "", "company"]))
        groups.append(GroupInput(f"G{number}", axis, draw(NUMBERS), count(table, SCALE), question))
    for axis in AXES:
        speaking = [group for group in groups if group.axis == axis]
        assume(not speaking or any(group.exact_weight for group in speaking))
    tiers = draw(st.integers(1, min(issues, 4)))
    method = Method(
        tiers=tuple(f"Tier {number}" for number in range(tiers)),
        rule=draw(rules(issues, tiers)),
        priority=draw(st.sampled_from(["mean", "distance", "max", "min"])),
        cannot_judge=draw(st.sampled_from(["left_out", "lowest", "middle"])),
        leniency=draw(st.sampled_from(["as_rated", "centred"])),
        draws=0,
    )
    return groups, method


@given(cases())
@settings(deadline=None, max_examples=400)
def test_the_program_agrees_with_the_engine_whatever_is_chosen(case: tuple[list[GroupInput], Method]):
    agree(*case)


@pytest.mark.parametrize("priority", ["mean", "distance", "max", "min"])
@pytest.mark.parametrize(
    "rule",
    [Counts((9, 20, 11)), CutOffs((4, 3)), AxisCutOffs(("3.6", 3)), NaturalBreaks(), Quantiles()],
    ids=lambda rule: rule.kind,
)
def test_it_agrees_on_a_survey_of_forty_issues(priority: str, rule: TierRule):
    groups = grouped(simulated_ratings(120, 40, groups=8, missing=0.1))
    agree(groups, Method(("High", "Moderate", "Minor"), rule, priority=priority, draws=0))


@given(st.data())
@settings(deadline=None)
def test_weights_are_those_of_the_engine(data: st.DataObject):
    rule = data.draw(st.sampled_from(WEIGHTS))
    headcounts = st.integers(9, 99)
    facts = [
        GroupFacts(
            name=f"G{number}",
            given=data.draw(NUMBERS),
            answered=data.draw(st.integers(0, 9)),
            headcount=data.draw(st.none() | headcounts if rule == "response_rate" else headcounts),
            invited=data.draw(st.integers(9, 30)),
            suggested=data.draw(st.sampled_from([1, "2.5", 5])),
        )
        for number in range(data.draw(st.integers(1, 4)))
    ]
    told = [
        {
            "code": one.name,
            "given": str(one.exact_given),
            "answered": one.answered,
            "headcount": one.headcount,
            "invited": one.invited,
            "suggested": str(exact(one.suggested or 0, "")),
        }
        for one in facts
    ]
    found = verifier.weights_of({"weights": rule}, told)
    assert tuple(found.values()) == weights_by(rule, facts)


priorities = st.lists(st.integers(4, 20).map(lambda number: number / 4), min_size=2, max_size=9)


@given(priorities, st.integers(2, 4), st.data())
@settings(deadline=None)
def test_natural_breaks_with_an_issue_in_another_tier_are_none(values: list[float], count: int, data: st.DataObject):
    """Unless the other partition is as good: then its sum of squares is the same."""
    classes = break_classes(values, count)
    assume(classes is not None)
    assert classes
    moved = list(classes)
    at = data.draw(st.integers(0, len(values) - 1))
    moved[at] = data.draw(st.sampled_from([tier for tier in range(count) if tier != classes[at]]))

    def squares(tiers: Sequence[int]) -> Fraction:
        parts = [[Fraction(v) for v, t in zip(values, tiers, strict=True) if t == tier] for tier in set(tiers)]
        return sum((sum((v - sum(part) / len(part)) ** 2 for v in part) for part in parts), Fraction())

    fault = verifier.breaks_fault(list(values), list(moved), count)
    assert verifier.breaks_fault(list(values), list(classes), count) == ""
    assert fault or squares(moved) == squares(classes)


def test_a_number_is_read_as_it_is_written():
    assert [verifier.exact(one) for one in ("1/3", 0.1, 2, "2.50", "1e-3")] == [
        Fraction(1, 3), Fraction(1, 10), 2, Fraction(5, 2), Fraction(1, 1000)
    ]  # fmt: skip
    for value in (True, "1e99999", "9" * 2000, "nan", None, "1/0x"):
        with pytest.raises(ValueError, match="is not a number"):
            verifier.exact(value)
    assert verifier.exact(plain(Fraction(10, 3))) == Fraction(10, 3)


def test_the_program_needs_nothing_but_python():
    tree = ast.parse(SOURCE, feature_version=(3, 8))
    named = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert named <= set(sys.stdlib_module_names) | {"__future__"}
    assert {"materiality", "numpy", "django"}.isdisjoint(named)
    # Newer than Python 3.8.
    for name in ("removeprefix", "removesuffix", "math.lcm", "strict=", "is_relative_to", "match "):
        assert name not in SOURCE
