"""Where marks and names stand: nothing that says something is covered."""

import pytest

from figures.data import MatrixFigure
from figures.layout import lay_out
from figures.marks import MOST_NAMES
from tests.figures.boxes import collisions, hidden_dots, marks_on_marks
from tests.figures.sample_results import (
    CHINESE_NAMES,
    LONG_NAMES,
    QIFU,
    cluster,
    one_spot,
    qifu,
    results_of,
)

HUGE_NAMES = [f"{name} {'and everything that belongs to it ' * 8}"[:300] for name in LONG_NAMES]
UNBROKEN = ["Nachhaltigkeitsberichterstattungspflichten" * 4, "x" * 300]


def layout_of(results, **options):
    return lay_out(MatrixFigure.from_results(results), **options)


CASES = {
    "qifu": qifu,
    "one issue": lambda: cluster(1, 0),
    "two issues": lambda: cluster(2, 0),
    **{f"18 in a corner, {seed}": lambda seed=seed: cluster(18, seed) for seed in range(4)},
    **{f"30 in a corner, {seed}": lambda seed=seed: cluster(30, seed) for seed in range(4)},
    **{f"60 in a corner, {seed}": lambda seed=seed: cluster(60, seed) for seed in range(2)},
    "30 in a heap": lambda: cluster(30, 9, spread=0.05),
    "30 huge names": lambda: cluster(30, 2, HUGE_NAMES),
    "60 huge names": lambda: cluster(60, 3, HUGE_NAMES),
    "30 Chinese names": lambda: cluster(30, 4, CHINESE_NAMES),
    "18 without a break": lambda: cluster(18, 5, UNBROKEN),
    "18 on one spot": lambda: one_spot(18),
    "60 on one spot": lambda: one_spot(60),
    "18 in the very corner": lambda: one_spot(18, 5.0, 5.0),
    "18 at the lowest": lambda: one_spot(18, 1.0, 1.0),
}


@pytest.mark.parametrize("case", CASES)
def test_no_label_covers_anything(case):
    assert collisions(layout_of(CASES[case]())) == []


@pytest.mark.parametrize("case", [case for case in CASES if "60" not in case and "corner" not in case])
def test_no_mark_covers_another_or_a_score(case):
    layout = layout_of(CASES[case]())
    assert marks_on_marks(layout) == []
    assert hidden_dots(layout) == []


@pytest.mark.parametrize("seed", range(4))
def test_thirty_long_names_all_find_a_place(seed):
    layout = layout_of(cluster(30, seed))
    assert all(mark.label for mark in layout.marks)
    assert sum(mark.label.shortened for mark in layout.marks) <= 10


def test_ordinary_names_stand_beside_their_marks_in_full():
    layout = layout_of(qifu())
    assert not any(mark.moved or mark.label.leader or mark.label.shortened for mark in layout.marks)
    assert [" ".join(mark.label.lines) for mark in layout.marks] == [mark.point.name for mark in layout.marks]


def test_marks_and_labels_stay_inside_the_plot():
    for results in (cluster(30, 1), one_spot(30, 5.0, 1.0)):
        layout = layout_of(results)
        for mark in layout.marks:
            assert layout.plot.left < mark.x < layout.plot.right
            assert layout.plot.top < mark.y < layout.plot.bottom


def test_marks_lie_on_their_scores_unless_they_say_so():
    layout = layout_of(cluster(30, 0))
    assert any(mark.moved for mark in layout.marks)
    for mark in layout.marks:
        assert mark.moved or (mark.x, mark.y) == (mark.score_x, mark.score_y)


def test_a_leader_runs_from_its_mark_to_its_label():
    layout = layout_of(cluster(30, 0))
    led = [mark for mark in layout.marks if mark.label and mark.label.leader]
    assert led
    for mark in led:
        (start_x, start_y), (end_x, end_y) = mark.label.leader
        assert abs(((start_x - mark.x) ** 2 + (start_y - mark.y) ** 2) ** 0.5 - mark.outer_radius) < 1.5
        assert mark.label.box.grown(4).overlaps(mark.label.box.__class__(end_x - 0.1, end_y - 0.1, end_x, end_y))


def test_the_same_figure_is_laid_out_the_same_way():
    assert layout_of(cluster(30, 3)) == layout_of(cluster(30, 3))


def test_issues_on_one_spot_stand_around_it_in_order_of_rank():
    layout = layout_of(one_spot(12))
    assert len({(mark.score_x, mark.score_y) for mark in layout.marks}) == 1
    assert marks_on_marks(layout) == []
    first = layout.marks[0]
    assert first.y < first.score_y
    assert first.x == pytest.approx(first.score_x, abs=1)


def test_scales_of_both_axes_are_equal():
    layout = layout_of(cluster(18, 1))
    low, high = layout.marks[0], layout.marks[-1]
    across = (low.score_x - high.score_x) / (low.point.x - high.point.x)
    up = (high.score_y - low.score_y) / (low.point.y - high.point.y)
    assert across == pytest.approx(up)


def test_source_says_where_axes_start():
    assert layout_of(qifu()).source.startswith("Scale 1 to 5; both axes start at 2.25. ")


def test_source_says_where_axes_end_when_that_is_not_the_end_of_the_scale():
    assert "both axes run from 3.4 to 4.6." in layout_of(one_spot(3)).source


def test_intervals_become_ellipses_of_their_width():
    layout = layout_of(qifu())
    mark = layout.marks[0]
    per_unit = (mark.score_x - layout.marks[-1].score_x) / (4.75 - 2.48)
    assert mark.ellipse.rx == pytest.approx(0.11 * per_unit)


def test_more_issues_than_can_be_named_keep_their_numbers_and_say_so():
    layout = layout_of(cluster(MOST_NAMES + 1, 0))
    assert not any(mark.label for mark in layout.marks)
    assert layout.has_numbers
    assert layout.remark == "Numbers are ranks; the names are in the list."


def test_hundreds_of_issues_are_small_marks():
    layout = layout_of(cluster(500, 0))
    assert not layout.has_numbers
    assert len(layout.marks) == 500


def test_a_name_without_a_place_is_announced():
    layout = layout_of(cluster(60, 0))
    assert any(mark.label is None for mark in layout.marks)
    assert layout.remark == "Where a name does not fit, the number is the rank in the list."


def test_a_narrow_layout_has_numbers_only_and_keeps_its_size():
    layout = layout_of(qifu(), width=342, height=380, names=False)
    assert (layout.width, layout.height) == (342, 380)
    assert not any(mark.label for mark in layout.marks)
    assert marks_on_marks(layout) == []


def test_a_missing_axis_leaves_a_strip_by_rank():
    rows = [(code, name, x, None, half, 0.0) for code, name, x, _, half, _ in QIFU]
    layout = layout_of(results_of(rows, boundaries=(4.4, 3.3)))
    assert layout.kind == "strip"
    assert [mark.score_x for mark in layout.marks] == sorted(mark.score_x for mark in layout.marks)
    assert [mark.score_y for mark in layout.marks] == sorted(mark.score_y for mark in layout.marks)
    assert layout.remark == "Importance to stakeholders: no answers"
    assert len(layout.lines) == 2
    assert collisions(layout) == []


def test_a_strip_whose_tiers_have_no_boundary_is_drawn_without_bands():
    rows = [(code, name, x, None, half, 0.0) for code, name, x, _, half, _ in QIFU]
    layout = layout_of(results_of(rows, boundaries=(None, None)))
    assert (layout.bands, layout.band_names) == ((), ())


def test_a_strip_of_one_issue_is_drawn():
    layout = layout_of(results_of([("a", "Alone", None, 3.0, 0.0, 0.2)]))
    assert layout.y_name == "↑ Importance to stakeholders"
    assert layout.marks[0].label.lines == ("Alone",)


def test_too_little_room_is_refused():
    with pytest.raises(ValueError, match="at least 240 x 240"):
        layout_of(qifu(), width=100)
