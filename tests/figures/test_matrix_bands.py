"""The regions of the tiers: every issue lies in the band of its tier, whatever the rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.bands import reaches
from figures.data import MatrixFigure
from figures.layout import lay_out
from tests.figures.sample_results import JOINS, QIFU, qifu, results_of
from tests.figures.sample_rows import decided


def inside(polygon, x, y):
    """Whether a ray from (x, y) to the right crosses the outline of `polygon` an odd number of times."""
    crossings = 0
    for (x1, y1), (x2, y2) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            crossings += 1
    return crossings % 2 == 1


@pytest.mark.parametrize(
    ("priority", "rule", "boundaries"),
    [
        ("mean", "counts", (4.045, 3.08)),
        ("distance", "cut_offs", (4.1, 3.2)),
        ("max", "cut_offs", (4.5, 3.8)),
        ("min", "cut_offs", (4.1, 3.3)),
        ("mean", "axis_cut_offs", (4.0, 3.3)),
    ],
)
def test_each_mark_lies_in_the_band_of_its_tier(priority, rule, boundaries):
    layout = lay_out(MatrixFigure.from_results(results_of(QIFU, priority=priority, rule=rule, boundaries=boundaries)))
    for mark in layout.marks:
        # Bands lie over each other: the last one painted is what is seen.
        seen = [band.style for band in layout.bands if inside(band.polygon, mark.score_x, mark.score_y)][-1]
        assert seen == mark.point.tier, mark.point.name


@given(st.sampled_from(sorted(JOINS)), st.floats(1, 5), st.floats(1, 5), st.floats(1, 5))
def test_sides_of_a_boundary_are_those_of_priority(priority, x, y, cut):
    assert reaches(priority, cut, x, y) == (JOINS[priority](x, y) >= cut)


def test_the_boundary_of_the_mean_is_a_straight_line_through_equal_sums():
    layout = lay_out(MatrixFigure.from_results(qifu(boundaries=(4.0,), tiers=("High", "Low"))))
    ((start, end),) = layout.lines
    assert start[0] - layout.plot.left == pytest.approx(layout.plot.bottom - end[1])


def test_tiers_that_no_value_parts_have_no_band():
    results = qifu()
    results["boundaries"]["values"] = [None, 3.08]
    layout = lay_out(MatrixFigure.from_results(results))
    assert [band.style for band in layout.bands] == [2, None]
    assert len(layout.lines) == 1


def test_without_boundaries_there_are_no_bands():
    results = qifu()
    results["boundaries"] = None
    layout = lay_out(MatrixFigure.from_results(results))
    assert layout.bands == ()
    assert layout.band_names == ()


def test_an_empty_tier_draws_its_edge_once():
    layout = lay_out(MatrixFigure.from_results(qifu(boundaries=(4.045, 4.045))))
    assert len(layout.lines) == 1


def test_band_names_lie_inside_their_band():
    layout = lay_out(MatrixFigure.from_results(qifu()))
    assert [name.text for name in layout.band_names] == ["High, 9 issues", "Moderate, 7 issues", "Minor, 2 issues"]
    for name in layout.band_names:
        for x, y in name.box.corners():
            assert [band.style for band in layout.bands if inside(band.polygon, x, y)][-1] == name.style


def test_bands_are_not_counted_where_people_moved_an_issue():
    """A band holds the issues that were computed into it, the tier those that were decided."""
    layout = lay_out(MatrixFigure.from_results(decided(qifu())))
    assert [name.text for name in layout.band_names] == ["High", "Moderate", "Minor"]
