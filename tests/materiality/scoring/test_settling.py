"""What would settle a tier does, in surveys that are asked again with so many more."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from materiality.scoring.analysis import Result
from materiality.scoring.axes import weigh
from materiality.scoring.draws import repeat
from materiality.scoring.groups import GroupInput, People
from materiality.scoring.settling import SETTLED_FROM, Settling, growth
from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, NaturalBreaks, TierRule
from surveys.tally import Tally
from tests.materiality.scoring.builders import analysed, external, internal, method, simulated

TABLE = np.array([[4, 2], [3, 3], [5, 2], [4, 4], [3, 1], [2, 3], [4, 2], [4, 3], [3, 3], [5, 2]], np.uint8)


def answers(result: Result) -> list[int | str | None]:
    """How many each issue needs; "settled" where none."""
    return [issue.to_settle.answers if issue.to_settle else "settled" for issue in result.issues]


def times(group: GroupInput, so_many: int) -> GroupInput:
    """The group with so many times its respondents, who rate as it does."""
    tally = group.tally
    numbers = (tally.respondents, tally.histogram, tally.joint_counts, tally.joint_sums, tally.joint_products)
    return replace(group, tally=Tally(tally.scale, *(so_many * number for number in numbers)))


# --- that it is right -----------------------------------------------------------------------------------
def test_beside_one_cut_off_the_answer_can_be_had_by_hand() -> None:
    """Settled from where the value lies 1.645 deviations off; so many respondents that t is the normal."""
    table = np.repeat(TABLE, 100, axis=0)
    issue = analysed([internal(table)], CutOffs((3.68,)), draws=20_000).issues[0]
    assert issue.tier == 0
    deviations_off = (table[:, 0].mean() - 3.68) / (table[:, 0].std() / np.sqrt(1000))
    assert issue.tier_probability[0] == pytest.approx(stats.norm.cdf(deviations_off), abs=0.01)
    expected = 1000 * ((stats.norm.ppf(SETTLED_FROM) / deviations_off) ** 2 - 1)
    assert issue.to_settle.answers == pytest.approx(expected, rel=0.25)
    assert issue.to_settle.tier == 1


@pytest.mark.parametrize("rule", [Counts((3, 4, 3)), CutOffs((3.7, 2.9)), NaturalBreaks(), AxisCutOffs((3.6, 2.8))])
def test_a_survey_with_so_many_more_is_settled_and_with_half_of_them_it_is_not(rule: TierRule) -> None:
    base = simulated(12, 10, groups=2, seed=4)
    more = {"tiers": ("High", "Moderate", "Minor"), "draws": 4000}
    result = analysed([times(group, 8) for group in base], rule, **more)
    unsettled = [(i, issue) for i, issue in enumerate(result.issues) if issue.to_settle and issue.to_settle.answers]
    assert unsettled
    for i, issue in unsettled:
        needed = issue.to_settle.answers / (8 * 24)
        groups = ([times(group, round(8 + 8 * part * needed)) for group in base] for part in (0.4, 1, 2.5))
        below, at, above = (analysed(each, rule, **more).issues[i].tier_probability[issue.tier] for each in groups)
        assert below < SETTLED_FROM + 0.005
        assert at == pytest.approx(SETTLED_FROM, abs=0.03)
        assert above > SETTLED_FROM + 0.005


def test_the_surer_a_tier_the_fewer_are_missing() -> None:
    """One issue at growing distance from a cut-off."""
    found = [analysed([internal(TABLE)], CutOffs((cut,)), draws=4000).issues[0] for cut in (3.6, 3.5, 3.4, 3.2, 3)]
    chances = [issue.tier_probability[0] for issue in found]
    missing = [issue.to_settle.answers for issue in found if issue.to_settle]
    assert chances == sorted(chances)
    assert len(missing) >= 3
    assert missing == sorted(missing, reverse=True)


# --- what is said ---------------------------------------------------------------------------------------
def test_who_is_sure_needs_nobody() -> None:
    result = analysed([internal(np.repeat([[5, 1], [4, 2]], 50, axis=0))], CutOffs((3,)), draws=400)
    assert answers(result) == ["settled", "settled"]


def test_on_a_cut_off_no_answers_settle_anything() -> None:
    """Three on average, and a limit of three."""
    result = analysed([internal([[2, 5], [4, 5], [3, 5], [3, 4], [2, 5], [4, 5]])], CutOffs((3,)), draws=400)
    assert result.issues[0].to_settle == Settling(None, 1)


def test_the_other_tier_is_the_likeliest_besides() -> None:
    for issue in analysed(simulated(10, 9, seed=3), Counts((3, 3, 3)), tiers=("A", "B", "C"), draws=1000).issues:
        if issue.to_settle:
            others = [(chance, -tier) for tier, chance in enumerate(issue.tier_probability) if tier != issue.tier]
            assert issue.to_settle.tier == -max(others)[1]


def test_nobody_is_asked_twice() -> None:
    """The same people on both axes count once."""
    tally = internal(np.hstack([TABLE, TABLE])).tally
    both = [
        GroupInput(axis, axis, 1, tally.select(columns), people=People("Staff", tally, columns))
        for axis, columns in (("company", (0, 1)), ("stakeholders", (2, 3)))
    ]
    alone = [internal(TABLE)]
    twice, once = (analysed(groups, CutOffs((3.5,)), draws=4000).issues[0].to_settle for groups in (both, alone))
    assert twice.answers == pytest.approx(once.answers, rel=0.25)


def test_groups_that_do_not_count_are_not_asked() -> None:
    groups = [internal(TABLE), internal(np.repeat(TABLE, 50, axis=0), 0, "Guests")]
    found, alone = (analysed(each, CutOffs((3.5,)), draws=2000).issues[0].to_settle for each in (groups, groups[:1]))
    assert found == alone


def test_a_population_is_an_end() -> None:
    """When all have answered, no answers are left to be had; and where that counts, all have answered is certainty."""
    few, many = replace(internal(TABLE), population=14), replace(internal(TABLE), population=10_000)
    assert analysed([few], CutOffs((3.5,)), draws=2000).issues[0].to_settle.answers is None
    wanted = analysed([many], CutOffs((3.5,)), draws=2000).issues[0].to_settle.answers
    assert wanted > 20
    found = analysed([few], CutOffs((3.5,)), draws=2000, finite_population=True).issues[0].to_settle
    assert 1 <= found.answers <= 4


def test_degrees_of_freedom_end_where_a_population_does() -> None:
    """Of two groups alike, one is all there is: the other alone grows eightfold, by hand of Satterthwaite."""
    first, second = internal(TABLE, 1, "All"), internal(TABLE[::-1], 1, "Part")
    groups = [replace(first, population=10), second]
    asked = method(CutOffs((3.5,)), draws=10)
    surveys = repeat([weigh("company", groups)], groups, range(2), asked)
    narrower, more = growth(surveys, groups, 8, asked)
    assert narrower[0] == pytest.approx(np.sqrt((1 + 1 / 8) / 2))
    assert more == pytest.approx((1 + 1 / 8) ** 2 / (1 + 1 / 8**3) / (2**2 / 2))
    free = [first, second]
    narrower, more = growth(repeat([weigh("company", free)], free, range(2), asked), free, 8, asked)
    assert narrower[0] == pytest.approx(np.sqrt(1 / 8))
    assert more == pytest.approx(8)


def test_who_have_all_answered_do_not_get_surer_of_their_variance() -> None:
    """Without a correction nothing narrows either, so where a tier is not settled nobody is left to settle it."""
    everybody = replace(internal(TABLE[:4]), population=4)
    found = [answers(analysed([everybody], CutOffs((cut,)), draws=2000))[0] for cut in np.linspace(2.6, 3.7, 12)]
    assert set(found) == {"settled", None}


def test_where_nothing_is_known_nothing_is_said() -> None:
    assert answers(analysed([internal([[5, 3]])], draws=100)) == ["settled", "settled"]
    assert answers(analysed(simulated(5, 2), draws=0)) == ["settled", "settled"]


def test_an_issue_without_rank_has_nothing_to_settle() -> None:
    gap = np.insert(TABLE, 1, 0, axis=1)
    result = analysed([internal(gap)], CutOffs((3.6,)), draws=500)
    assert result.issues[1].to_settle is None
    assert result.issues[0].to_settle.answers > 10


def test_a_rerun_says_the_same() -> None:
    groups = [internal(TABLE), external(TABLE[:6])]
    first, second = (answers(analysed(each, Counts((1, 1)), draws=300)) for each in (groups, groups[::-1]))
    assert first == second
