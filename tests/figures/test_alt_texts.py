"""What is said of a figure to whoever does not see it."""

from dataclasses import replace

import pytest

from figures.alt_texts import alt_of_bars, alt_of_grid, alt_of_heat, alt_of_matrix, alt_of_rates, alt_of_slopes
from figures.bars import BarsFigure
from figures.data import MatrixFigure, by_decision
from figures.heat import HeatFigure
from figures.rates import GroupRate
from figures.wording import ENGLISH
from figures.wording_zh import CHINESE
from tests.figures.sample_grids import HOUSE, grid_of
from tests.figures.sample_results import QIFU, qifu, results_of
from tests.figures.sample_rows import RATES, RESULTS, UNRATED, rates_of
from tests.figures.sample_slopes import FIGURES


def test_a_matrix_is_told_with_tiers_and_extremes():
    assert alt_of_matrix(MatrixFigure.from_results(qifu())) == (
        "Matrix of 18 issues by importance to the company and to stakeholders (QiFu Technology, Materiality assessment "
        "2022). High: 9; Moderate: 7; Minor: 2. Highest: Compliance Operation with 4.8 for the company and 4.6 for "
        "stakeholders; lowest: Response to Extreme Weather with 2.5 for the company and 2.8 for stakeholders. Answers "
        "are simulated."
    )


def test_decisions_are_told():
    results = RESULTS["decided"]()
    said = "One issue stands in another tier than computed, by decision."
    assert said in alt_of_matrix(MatrixFigure.from_results(results), by_decision(results, ENGLISH))
    assert said in alt_of_bars(BarsFigure.from_results(results), by_decision(results, ENGLISH))


def test_one_issue_has_no_two_ends():
    told = alt_of_bars(BarsFigure.from_results(RESULTS["one"]()))
    assert "Bar chart of one issue by priority" in told
    assert "Water: 3.75." in told
    assert "ighest" not in told


def test_an_axis_without_answers_is_told():
    results = results_of([(code, name, None, y, 0.0, half) for code, name, _, y, _, half in QIFU])
    told = alt_of_matrix(MatrixFigure.from_results(results))
    assert told.startswith("Chart of 18 issues by importance to stakeholders")
    assert "Product Quality Assurance with 4.7;" in told


def test_a_heat_table_tells_the_means_that_are_told():
    told = alt_of_heat(HeatFigure.from_results(RESULTS["withheld"]()))
    assert "mean ratings of 18 issues by 6 stakeholder groups" in told
    assert "Highest: " in told
    assert "3 issues contested." in told


def test_a_grid_tells_who_is_where():
    figure = grid_of(HOUSE)
    told = alt_of_grid(figure)
    assert told.startswith(f"Grid of {len(figure.points)} stakeholder groups by power and interest")
    for point in figure.points[:2]:
        assert point.name in told


def test_slopes_tell_the_furthest_moves():
    told = alt_of_slopes(FIGURES["QiFu"]())
    assert "Moves larger than their uncertainty: 2 of 16." in told
    assert "Furthest up: Staff Training and Development, from rank 13 to 1" in told
    assert "New: An issue that nobody had on the list; dropped: Response to Extreme Weather." in told


def test_nothing_that_moved_is_not_told_as_a_move():
    assert "Furthest" not in alt_of_slopes(FIGURES["one"]())


def test_rates_tell_no_number_below_k():
    told = alt_of_rates(RATES["asked"]())
    assert "Of those shown, highest: Environmental organisations with 97\N{NARROW NO-BREAK SPACE}% (30 of 31 p" in told
    assert "Too small to show, with fewer than 5 people: 2 stakeholder groups. Answers are" in told
    assert "Shareholders" not in told
    assert told.endswith("Answers are simulated in part or all.")
    assert alt_of_rates(rates_of(UNRATED)).endswith("Answers are simulated in part or all.")


def test_the_lowest_is_that_of_groups_that_are_shown():
    few = [GroupRate("Clients", False, None), GroupRate("Press", False, None)]
    groups = [GroupRate("Staff", True, 30), GroupRate("Employees", True, 12)]
    told = alt_of_rates(rates_of([*groups, *few]))
    assert "Of those shown, highest: Staff with 30; lowest: Employees with 12. Too small to show, with fewer" in told
    assert "Of those shown" not in alt_of_rates(rates_of(groups))
    assert "Too small" not in alt_of_rates(rates_of(groups))
    assert "Too small to show, with fewer than 5 people: one stakeholder group." in alt_of_rates(
        RATES["only too few"]()
    )
    same = [GroupRate("Staff", True, 12), GroupRate("Employees", True, 12), few[0]]
    assert "All that are shown: 12." in alt_of_rates(rates_of(same))


def test_equal_rates_have_no_extremes():
    groups = [replace(UNRATED[0], name=name) for name in ("Staff", "Clients")]
    assert "All: 412." in alt_of_rates(rates_of(groups))


@pytest.mark.parametrize("case", list(RESULTS))
def test_long_names_do_not_hide_the_sentence(case: str):
    results = RESULTS[case]()
    for told in (
        alt_of_bars(BarsFigure.from_results(results)),
        alt_of_heat(HeatFigure.from_results(results)),
        alt_of_matrix(MatrixFigure.from_results(results)),
    ):
        assert 40 < len(told) < 700


def test_chinese_has_no_spaces_between_sentences():
    told = alt_of_bars(BarsFigure.from_results(RESULTS["QiFu"](), CHINESE))
    assert told.startswith("条形图：18项议题的优先度（QiFu Technology, Materiality assessment 2022）。High：9；")
    assert "。 " not in told
