"""A matrix held against an earlier one: where issues stood is drawn, and named are those that are asked for."""

from copy import deepcopy

import pytest

from figures.data import MatrixFigure
from figures.layout import lay_out
from figures.svg import paint_svg
from tests.figures.sample_results import qifu


@pytest.fixture
def now() -> dict:
    return qifu()


def moved(results: dict, code: str, by: float) -> dict:
    earlier = deepcopy(results)
    issue = next(issue for issue in earlier["issues"] if issue["code"] == code)
    issue["company"] -= by
    return earlier


def test_an_issue_that_moved_has_a_ring_where_it_stood(now):
    figure = MatrixFigure.from_results(now, before=moved(now, "ew", 0.3))
    layout = lay_out(figure)
    marks = {mark.point.code: mark for mark in layout.marks}
    was = marks["ew"].was
    assert was is not None
    assert was[0] < marks["ew"].score_x
    assert was[1] == pytest.approx(marks["ew"].score_y)
    assert [mark.point.code for mark in layout.marks if mark.was] == ["ew"]
    svg = paint_svg(layout)
    assert svg.count('class="ghost"') == svg.count('class="trail"') == 1


def test_the_axes_reach_to_where_issues_stood(now):
    figure = MatrixFigure.from_results(now, before=moved(now, "ew", 1.4))
    layout = lay_out(figure)
    was = next(mark.was for mark in layout.marks if mark.was)
    assert layout.plot.left <= was[0] <= layout.plot.right
    assert layout.plot.top <= was[1] <= layout.plot.bottom


def test_the_same_before_and_now_is_the_plain_figure(now):
    assert paint_svg(lay_out(MatrixFigure.from_results(now, before=now))) == paint_svg(
        lay_out(MatrixFigure.from_results(now))
    )


def test_an_issue_that_is_new_or_had_no_score_has_no_ring(now):
    earlier = deepcopy(now)
    earlier["issues"][0]["company"] = None
    del earlier["issues"][1]
    figure = MatrixFigure.from_results(now, before=earlier)
    assert sum(point.was is None for point in figure.points) == 2
    assert 'class="ghost"' not in paint_svg(lay_out(figure))


def test_only_those_asked_for_are_named(now):
    layout = lay_out(MatrixFigure.from_results(now), named={"co", "ew"})
    assert {mark.point.code for mark in layout.marks if mark.label} == {"co", "ew"}
    names = {mark.point.code: " ".join(mark.label.lines) for mark in layout.marks if mark.label}
    assert names["ew"] == "Response to Extreme Weather"
    for box in (mark.label.box for mark in layout.marks if mark.label):
        assert not any(box.left < mark.x < box.right and box.top < mark.y < box.bottom for mark in layout.marks)


def test_all_are_named_where_nobody_asks_for_some(now):
    assert all(mark.label for mark in lay_out(MatrixFigure.from_results(now)).marks)
