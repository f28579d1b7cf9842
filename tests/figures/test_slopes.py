"""The slope chart: nothing collides, every fact has its mark, and both painters draw it."""

import re
import xml.etree.ElementTree as ElementTree
from itertools import combinations

import pytest

from figures.drawing import Writing
from figures.slopes import MOST_NAMES, NARROW, SlopeEnd, SlopeFigure, SlopeLine, lay_out_slopes
from figures.slopes_plot import make_slopes_figure, paint_slopes_file
from figures.slopes_svg import paint_slopes, paint_slopes_page
from tests.figures.sample_slopes import FIGURES, NAMES, end, two_years

EVIL = "<script>alert('1')</script> & \"quoted\" ]]>"
LAYOUTS = [(case, narrow) for case in FIGURES for narrow in (False, True)]


def laid_out(case: str, narrow: bool):
    figure = FIGURES[case]()
    return lay_out_slopes(figure, NARROW, narrow=True) if narrow else lay_out_slopes(figure)


@pytest.mark.parametrize(("case", "narrow"), LAYOUTS)
def test_no_label_meets_another_or_leaves_the_chart(case: str, narrow: bool):
    layout = laid_out(case, narrow)
    boxes = [mark.label.box for mark in (*layout.before, *layout.now) if mark.label]
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]
    for box in boxes:
        assert box.left >= 0
        assert box.right <= layout.width
        assert box.bottom <= layout.height


@pytest.mark.parametrize(("case", "narrow"), LAYOUTS)
def test_lines_run_between_the_columns_from_mark_to_mark(case: str, narrow: bool):
    layout = laid_out(case, narrow)
    for slope in layout.slopes:
        assert layout.before[slope.line.before].x < slope.start[0] < slope.end[0] < layout.now[slope.line.now].x
        assert slope.start[1] == layout.before[slope.line.before].y
        assert slope.end[1] == layout.now[slope.line.now].y
    for mark in (*layout.before, *layout.now):
        if mark.label:
            inside = layout.before[0].x, layout.now[0].x
            assert mark.label.box.right < inside[0] or mark.label.box.left > inside[1]


def test_ranks_stand_from_the_top_down_and_ties_below_each_other():
    figure = SlopeFigure(
        "Tie", ("2021", "2022"), (end(1, "A"), end(1, "B"), end(3, "C")), (end(1, "C"),), (SlopeLine(2, 0, "faint"),)
    )
    heights = [mark.y for mark in lay_out_slopes(figure).before]
    assert heights == sorted(set(heights))


def test_certain_moves_lie_on_top_and_are_bold():
    layout = lay_out_slopes(two_years(NAMES))
    assert [slope.line.kind for slope in layout.slopes][-2:] == ["clear", "clear"]
    assert [mark.label.bold for mark in layout.now if mark.label][:3] == [True, True, False]
    assert layout.kinds == ("clear", "faint", "part")


def test_tiers_are_parted_by_rules_and_told_by_shape():
    layout = lay_out_slopes(two_years(NAMES))
    assert len(layout.rules) == 4
    assert {mark.shape for mark in layout.now} == {"circle", "diamond", "ring"}


def test_new_and_dropped_are_said_in_words():
    layout = lay_out_slopes(two_years(NAMES))
    assert [mark.label.tag for mark in layout.before if mark.label and mark.label.tag] == ["dropped"]
    assert [mark.label.tag for mark in layout.now if mark.label and mark.label.tag] == ["new"]


def test_a_phone_gets_names_of_this_year_only_and_is_told_so():
    layout = lay_out_slopes(two_years(NAMES), NARROW, narrow=True)
    assert all(mark.label is None and mark.number_x for mark in layout.before)
    assert all(mark.label for mark in layout.now)
    assert "Names of 2021 are in the table." in layout.source


@pytest.mark.parametrize("narrow", [False, True])
def test_very_many_issues_are_marks_without_names(narrow: bool):
    layout = laid_out("200", narrow)
    assert len(layout.now) > MOST_NAMES
    assert all(mark.label is None and mark.number_x is None for mark in (*layout.before, *layout.now))
    assert "Names are in the table." in layout.source


def test_what_has_no_rank_is_named_below():
    figure = SlopeFigure("X", ("1", "2"), (end(1, "A"),), (end(1, "A"),), (), left_out=("B", "C", "D", "E", "F"))
    assert "Not drawn for want of a rank: B, C, D, 2 more." in lay_out_slopes(figure).source


@pytest.mark.parametrize("case", list(FIGURES))
def test_markup_is_well_formed_and_obeys_the_policy(case: str):
    drawn = paint_slopes_page(FIGURES[case]())
    ElementTree.fromstring(drawn)
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=", drawn)
    ids = re.findall(r'\sid="([^"]+)"', drawn)
    assert len(ids) == len(set(ids)) == 4


def test_names_are_escaped():
    figure = SlopeFigure(EVIL, (EVIL, "2"), (SlopeEnd(1, EVIL, 0, True, f"#{EVIL}", EVIL),), (end(1, EVIL),), ())
    drawn = paint_slopes_page(figure)
    ElementTree.fromstring(drawn)
    assert "<script" not in drawn


def test_every_issue_of_this_year_and_every_dropped_one_leads_to_its_row():
    drawn = paint_slopes(lay_out_slopes(two_years(NAMES)))
    links = re.findall(r'<a class="pt-a" href="([^"]+)" aria-label="([^"]+)"', drawn)
    assert len(links) == 18 + 1
    assert ("#issue-18", "Response to Extreme Weather: told") in links


@pytest.mark.parametrize("format", ["png", "svg", "pdf"])
@pytest.mark.parametrize("case", list(FIGURES))
def test_every_kind_of_chart_is_written(case: str, format):
    content = paint_slopes_file(lay_out_slopes(FIGURES[case]()), format, dpi=60)
    assert content.startswith((b"\x89PNG", b"<?xml", b"%PDF"))


@pytest.mark.parametrize("case", ["QiFu", "long names", "60"])
def test_drawn_words_cover_each_other_nowhere(case: str):
    layout = lay_out_slopes(FIGURES[case]())
    drawn, _ = make_slopes_figure(layout)
    chart = next(artist for artist in drawn.artists if isinstance(artist, Writing))
    words = chart.extents()
    assert len(words) > 2 * len(layout.now)
    assert [(one.text, other.text) for (one, a), (other, b) in combinations(words, 2) if a.overlaps(b)] == []


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: SlopeFigure("X", ("1", "2"), (), (end(1, "A"),), ()), "ranks of both years"),
        (lambda: SlopeFigure("X", ("1", "2"), (end(1, "A"),), (end(1, "A"),), (SlopeLine(0, 3, "faint"),)), "0 to 3"),
        (lambda: lay_out_slopes(two_years(NAMES), 200), "500 pixels, not 200"),
    ],
)
def test_what_cannot_be_drawn_is_named(make, said: str):
    with pytest.raises(ValueError, match=said):
        make()
