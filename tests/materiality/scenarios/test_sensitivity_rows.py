"""The table in the words of the page: every row, tried as a what-if, moves the issues that it says."""

from dataclasses import replace
from fractions import Fraction

import pytest
from django.http import QueryDict

from materiality.presentation import NARROW_SPACE as THIN
from materiality.scenarios import sensitivity_rows
from materiality.scenarios.sensitivity_rows import Row, SensitivityTable, sensitivity_table
from materiality.services import Choice, analyse_now, choice_of
from materiality.whatif.adjustments import Adjustments
from materiality.whatif.recomputing import answered, kept_voices, recompute
from scoping.models import Assessment, Side
from surveys.models import Survey, SurveyLink
from surveys.services import close_survey, open_survey, submit_response
from tests.materiality.scenarios.conftest import weights
from tests.support.factories import AssessmentFactory, IssueFactory, StakeholderGroupFactory, SurveyFactory
from tests.support.people import House


def table_of(assessment: Assessment, adjustments: Adjustments) -> SensitivityTable:
    survey = answered(assessment)
    results = recompute(assessment=assessment, adjustments=adjustments, draws=0, survey=survey)
    return sensitivity_table(assessment=assessment, adjustments=adjustments, results=results, survey=survey)


def tiers(assessment: Assessment, adjustments: Adjustments) -> dict[str, str]:
    results = recompute(assessment=assessment, adjustments=adjustments, draws=0)
    return {issue["code"]: issue["tier"] for issue in results["issues"]}


def check_rows(assessment: Assessment, adjustments: Adjustments, rows: tuple[Row, ...]) -> None:
    now = tiers(assessment, adjustments)
    for row in rows:
        tried = Adjustments.from_query(QueryDict(row.query), choice_of(assessment))
        then = tiers(assessment, tried)
        for move in row.moves:
            assert (now[move.code], then[move.code]) == (move.tier_from, move.tier_to), row


def test_rows_say_from_where_to_where(analysed: Assessment):
    """Issue A is (3 + (5 - 3 t)) / 2 with the share t of managers: 3.25 now, and 3.1 at 0.6."""
    found = table_of(analysed, weights(analysed))
    assert found.headline == (
        "No change of one group’s weight by less than 10 points moves any issue across a boundary."
    )
    row = found.rows[0]
    assert (row.what, row.now, row.then, row.points) == (
        "Managers",
        f"50{THIN}%",
        f"60.1{THIN}%",
        "+10.1",
    )
    move = row.moves[0]
    assert (move.issue, move.tier_from, move.number_from, move.tier_to) == ("Issue A", "High", 1, "Moderate")
    assert found.nearest == (
        f"If Managers weighed 60.1{THIN}% of their axis instead of 50{THIN}%, Issue A would move from High to Moderate."
    )
    check_rows(analysed, weights(analysed), (*found.rows, *found.more_rows))


def test_cut_offs_have_rows_too(analysed: Assessment):
    """A and B are 3.25, C is 2: 0.15 above the upper cut-off, 0.1 below the lower one."""
    found = table_of(analysed, weights(analysed))
    told = [(row.what, row.now, row.then, row.points, row.moves[0].code) for row in found.cut_rows]
    assert told == [
        ("Moderate", "2.1", "2.00", "−0.10", "c"),
        ("High", "3.1", "3.26", "+0.16", "a"),
        ("High", "3.1", "3.26", "+0.16", "b"),
    ]
    check_rows(analysed, weights(analysed), found.cut_rows)


def test_the_table_is_that_of_the_what_if(analysed: Assessment):
    changed = replace(
        weights(analysed, managers=4), left_out_issues=frozenset({"c"}), choice=Choice(rule="natural_breaks")
    )
    with pytest.raises(Exception, match="3 tiers for 2 issues"):
        table_of(analysed, changed)
    changed = replace(weights(analysed, managers=4), left_out_groups=frozenset({"clients"}))
    with pytest.raises(Exception, match="weight"):
        table_of(analysed, changed)
    changed = replace(weights(analysed), left_out_groups=frozenset({"managers"}))
    found = table_of(analysed, changed)
    assert found.rows == ()
    assert found.headline.startswith("No axis has two groups")


def test_of_more_issues_than_can_be_waited_for_it_says_so(analysed: Assessment, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sensitivity_rows, "MOST_ISSUES", 2)
    found = table_of(analysed, weights(analysed))
    assert found.headline == "What would move an issue is worked out for up to 2 issues, and here are 3."
    assert found.rows == found.cut_rows == ()
    assert found.nearest == ""
    monkeypatch.setattr(sensitivity_rows, "MOST_ISSUES", 3)
    assert table_of(analysed, weights(analysed)).rows


def test_a_result_that_no_weight_moves_says_so(analysed: Assessment):
    found = table_of(analysed, replace(weights(analysed), choice=Choice(rule="cut_offs", cuts=("5", "1"))))
    assert found.headline == "No change of one group’s weight moves any issue across a boundary."
    assert found.nearest == ""


def test_groups_that_are_counted_together_move_with_their_weights(house: House):
    """Few partners rated issue B: there they speak as one with clients, by the weights of both."""
    assessment = AssessmentFactory(organisation=house.organisation, slug="few")
    sides = dict.fromkeys(("clients", "partners", "press"), Side.EXTERNAL)
    survey = opened(assessment, {"staff": Side.INTERNAL, **sides}, 5)
    send(survey, "staff", [5, 3, 1], 6)
    send(survey, "clients", [5, 2, 1], 8)
    send(survey, "press", [3, 5, 1], 9)
    send(survey, "partners", [2, 0, 3], 4)
    send(survey, "partners", [2, 5, 3], 3)
    close_survey(survey=survey)
    analyse_now(assessment=assessment)
    adjustments = Adjustments(Choice(rule="cut_offs", cuts=("3.6", "2.2")))
    assert any(voice.is_pool for voice in kept_voices(answered(assessment)))
    found = table_of(assessment, adjustments)
    rows = (*found.rows, *found.more_rows)
    assert {(row.what, move.code) for row in rows for move in row.moves} >= {("Press", "b"), ("Partners", "a")}
    check_rows(assessment, adjustments, rows)


def test_a_group_that_speaks_on_both_axes_has_one_weight(house: House):
    assessment = AssessmentFactory(organisation=house.organisation, slug="both")
    survey = opened(
        assessment, {"staff": Side.INTERNAL, "clients": Side.EXTERNAL, "press": Side.EXTERNAL}, 1, both=True
    )
    for group, ratings in {
        "staff": [5, 3, 1, 5, 2, 1],
        "clients": [3, 4, 2, 1, 5, 2],
        "press": [1, 1, 5, 2, 2, 4],
    }.items():
        send(survey, group, ratings, 2)
    close_survey(survey=survey)
    analyse_now(assessment=assessment)
    adjustments = Adjustments(Choice(rule="quantiles"), weights={"staff": Fraction(2)})
    found = table_of(assessment, adjustments)
    assert {row.what for row in found.rows} == {"Staff", "Clients", "Press"}
    assert {row.now for row in found.rows if row.what == "Staff"} == {f"50{THIN}%"}
    check_rows(assessment, adjustments, (*found.rows, *found.more_rows))


def opened(assessment: Assessment, groups: dict[str, Side], fewest: int, both: bool = False) -> Survey:
    """A survey on issues a, b and c that is open."""
    for position, code in enumerate("abc"):
        IssueFactory(assessment=assessment, code=code, position=position)
    for position, (code, side) in enumerate(groups.items()):
        StakeholderGroupFactory(assessment=assessment, code=code, name=code.title(), side=side, position=position)
    survey = SurveyFactory(assessment=assessment, minimum_group=fewest, both_importances=both)
    open_survey(survey=survey)
    survey.refresh_from_db()
    return survey


def send(survey: Survey, group: str, ratings: list[int], times: int) -> None:
    link = SurveyLink.objects.get(survey=survey, group__code=group)
    for _ in range(times):
        submit_response(link=link, answers=bytes(ratings))
