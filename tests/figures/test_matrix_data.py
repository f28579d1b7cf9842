"""What a figure reads from the results of a run."""

import pytest

from figures.data import MatrixFigure, clean
from tests.figures.sample_results import QIFU, one_spot, qifu, results_of


def test_points_stand_by_rank():
    figure = MatrixFigure.from_results(qifu())
    assert [point.rank for point in figure.points] == list(range(1, 19))
    assert figure.points[0].name == "Compliance Operation"


def test_scores_intervals_and_tiers_are_the_results_own():
    point = MatrixFigure.from_results(qifu()).points[-1]
    assert (point.x, point.y, point.tier) == (2.48, 2.82, 2)
    assert point.x_interval == pytest.approx((2.29, 2.67))


def test_source_states_rule_intervals_and_respondents():
    source = MatrixFigure.from_results(qifu(simulated=0)).source
    assert source == (
        "Bands: fixed counts 9 / 7 / 2 on priority, the mean of both axes. "
        "Intervals: from how answers vary within the groups. Source: survey of 288 people."
    )


def test_sizes_that_ties_have_changed_are_told_beside_the_planned_ones():
    results = qifu()
    results["method"]["rule"] = {"kind": "counts", "counts": [8, 8, 2]}
    assert "fixed counts 8 / 8 / 2 (with ties 9 / 7 / 2) on priority" in MatrixFigure.from_results(results).source


@pytest.mark.parametrize(("simulated", "said"), [(288, "288 people, all simulated"), (88, "88 of them simulated")])
def test_source_says_what_is_simulated(simulated, said):
    assert said in MatrixFigure.from_results(qifu(simulated=simulated)).source


def test_axis_cut_offs_hold_for_both_axes():
    figure = MatrixFigure.from_results(qifu(boundaries=(4.0, 3.0), rule="axis_cut_offs"))
    assert figure.boundaries == ((4.0, 4.0), (3.0, 3.0))
    assert "cut-offs 4 / 3 on both axes" in figure.source


def test_an_issue_without_a_score_is_named_as_left_out():
    figure = MatrixFigure.from_results(results_of([*QIFU, ("xx", "Nobody rated this", None, None, 0, 0)]))
    assert figure.left_out == ("Nobody rated this",)
    assert len(figure.points) == 18


def test_an_issue_that_misses_one_axis_alone_is_left_out():
    figure = MatrixFigure.from_results(results_of([*QIFU, ("xx", "Half rated", 4.0, None, 0, 0)]))
    assert figure.left_out == ("Half rated",)
    assert figure.missing_axis is None


def test_an_axis_without_answers_is_missing():
    rows = [(code, name, x, None, half, 0.0) for code, name, x, _, half, _ in QIFU]
    figure = MatrixFigure.from_results(results_of(rows))
    assert figure.missing_axis == "stakeholders"
    assert figure.title == "18 issues by importance to the company"


def test_no_score_at_all_says_what_to_do():
    with pytest.raises(ValueError, match="collect answers and analyse"):
        MatrixFigure.from_results(results_of([("a", "A", None, None, 0, 0)]))


def test_issues_without_tiers_are_drawn():
    results = one_spot(3)
    for issue in results["issues"]:
        issue["tier"] = None
    assert [point.tier for point in MatrixFigure.from_results(results).points] == [None] * 3


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("  two\n lines\t ", "two lines"),
        ("bell\x07 and \ud800 half", "bell and half"),
        ("turned \u202eback", "turned back"),
        ("e\u0301cole", "école"),
    ],
)
def test_names_become_one_line_that_can_be_drawn(name, drawn):
    assert clean(name) == drawn
