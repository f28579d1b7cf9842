"""Where groups stand on a power-interest grid: in the cell of their scores, where nothing covers anything."""

from dataclasses import replace

import pytest

from figures.grid import NARROW, lay_out_grid
from tests.figures.sample_grids import CHINESE_NAMES, GRIDS, HOUSE, faults_of, grid_of, one_cell, scattered


def narrow(figure):
    return lay_out_grid(figure, NARROW, names=False)


@pytest.mark.parametrize("case", GRIDS)
def test_nothing_covers_anything(case):
    assert faults_of(lay_out_grid(GRIDS[case]())) == []


@pytest.mark.parametrize("case", GRIDS)
def test_nothing_covers_anything_on_a_phone(case):
    layout = narrow(GRIDS[case]())
    assert faults_of(layout) == []
    assert not any(mark.label for mark in layout.marks)


@pytest.mark.parametrize("case", ["house", "50", "50 in one cell", "50 in the lowest cell"])
@pytest.mark.parametrize("lay_out", [lay_out_grid, narrow])
def test_no_mark_leaves_the_cell_of_its_scores(case, lay_out):
    layout = lay_out(GRIDS[case]())
    for mark in layout.marks:
        column, row = (
            tick.pixel for tick in (layout.x_ticks[mark.point.interest - 1], layout.y_ticks[mark.point.power - 1])
        )
        width = (layout.x_ticks[1].pixel - layout.x_ticks[0].pixel) / 2
        height = (layout.y_ticks[0].pixel - layout.y_ticks[1].pixel) / 2
        assert abs(mark.x - column) + mark.radius <= width
        assert abs(mark.y - row) + mark.radius <= height


@pytest.mark.parametrize(("power", "interest"), [(3, 3), (3, 5), (5, 3)])
def test_a_score_on_the_line_is_high(power, interest):
    layout = lay_out_grid(grid_of([("On the line", True, power, interest)]))
    mark = layout.marks[0]
    assert layout.focus.left < mark.x < layout.focus.right
    assert layout.focus.top < mark.y < layout.focus.bottom


@pytest.mark.parametrize(
    ("power", "interest", "strategy"),
    [(3, 3, "Manage closely"), (5, 2, "Keep satisfied"), (2, 3, "Keep informed"), (2, 2, "Monitor")],
)
def test_each_part_is_named_after_its_strategy(power, interest, strategy):
    layout = lay_out_grid(grid_of([("Group", True, power, interest)]))
    name = next(name for name in layout.names if name.text == strategy)
    vertical, horizontal = layout.cuts
    mark = layout.marks[0]
    assert (mark.x > vertical[0][0]) == (name.x > vertical[0][0])
    assert (mark.y > horizontal[0][1]) == (name.baseline > horizontal[0][1])
    assert layout.figure.strategy_of(mark.point) == strategy


def test_power_grows_upwards_and_interest_to_the_right():
    low, high = lay_out_grid(grid_of([("Low", True, 1, 2), ("High", True, 5, 4)])).marks
    assert high.y < low.y
    assert high.x > low.x


def test_ordinary_names_stand_in_full_beside_plain_marks():
    layout = lay_out_grid(grid_of(HOUSE))
    assert not layout.has_numbers
    assert [" ".join(mark.label.lines) for mark in layout.marks] == [row[0] for row in HOUSE]
    assert not any(mark.label.leader for mark in layout.marks)


def test_names_stay_on_their_side_of_the_lines():
    layout = lay_out_grid(grid_of(HOUSE))
    cut = layout.cuts[0][0][0]
    assert not [mark for mark in layout.marks if mark.label.box.left < cut < mark.label.box.right]


def test_where_names_do_not_fit_numbers_stand_and_that_is_said():
    layout = lay_out_grid(one_cell(20))
    assert any(mark.label is None for mark in layout.marks)
    assert layout.has_numbers
    assert layout.remark == "Where a name does not fit, its number in the list stands."


def test_fifty_chinese_names_all_find_a_place():
    layout = lay_out_grid(scattered(50, 4, CHINESE_NAMES))
    assert all(mark.label for mark in layout.marks)


def test_a_phone_gets_numbers():
    layout = narrow(grid_of(HOUSE))
    assert layout.has_numbers
    assert layout.remark == "Numbers are those in the list."
    assert min(mark.radius for mark in layout.marks) >= 9


def test_marks_too_many_for_numbers_refer_to_the_list():
    layout = narrow(one_cell(50))
    assert not layout.has_numbers
    assert layout.remark == "Names and scores are in the list."


def test_that_groups_share_scores_is_said():
    assert "Groups with the same scores stand side by side." in lay_out_grid(one_cell(2)).source
    assert "side by side" not in lay_out_grid(grid_of(HOUSE)).source


def test_the_source_says_where_the_line_lies_and_who_is_missing():
    figure = grid_of(HOUSE, source="After somebody.", left_out=("A", "B", "C", "D"))
    assert lay_out_grid(figure).source == (
        "Scores from 1 to 5; from 3 on, a score counts as high. "
        "Not drawn, since a score is missing: A, B, C, 1 more. After somebody."
    )


def test_the_same_figure_is_laid_out_the_same_way():
    assert lay_out_grid(scattered(30, 8)) == lay_out_grid(scattered(30, 8))


def test_the_title_counts_the_groups():
    assert grid_of(HOUSE).title == "8 stakeholder groups by power and interest"
    assert grid_of(HOUSE[:1]).title == "One stakeholder group by power and interest"


def test_a_grid_without_groups_is_refused():
    with pytest.raises(ValueError, match="No group has both scores"):
        grid_of([])


@pytest.mark.parametrize(("power", "interest"), [(0, 3), (3, 6)])
def test_a_score_beyond_the_scale_is_refused(power, interest):
    with pytest.raises(ValueError, match="not 1 to 5"):
        grid_of([("Group", True, power, interest)])


@pytest.mark.parametrize("line", [1, 6])
def test_a_line_beyond_the_scale_is_refused(line):
    with pytest.raises(ValueError, match="line must lie between"):
        replace(grid_of(HOUSE), high=line)


def test_too_little_room_is_refused():
    with pytest.raises(ValueError, match="at least 240 x 240"):
        lay_out_grid(grid_of(HOUSE), (200.0, 400.0))
