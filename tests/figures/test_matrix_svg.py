"""The matrix on a page: well-formed, escaped, and told to those who hear it."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from figures.data import MatrixFigure
from figures.layout import lay_out
from figures.svg import lay_out_page, paint_page, paint_svg, text_lines
from tests.figures.sample_results import QIFU, cluster, one_spot, qifu, results_of

EVIL = "<script>alert('1')</script> & \"quoted\" ]]> $x_1^2$"


def svg_of(results):
    return paint_svg(lay_out(MatrixFigure.from_results(results)))


@pytest.mark.parametrize(
    "results",
    [
        qifu(),
        cluster(30, 0),
        one_spot(20),
        results_of(QIFU, boundaries=(4.5, 4.1, 3.6, 3.1), tiers=("A", "B", "C", "D", "E")),
        results_of([(code, name, None, y, 0.0, half) for code, name, _, y, _, half in QIFU]),
        results_of([("a", EVIL, 3.0, 4.0, 0.1, 0.1)]),
    ],
)
def test_markup_is_well_formed(results):
    ElementTree.fromstring(svg_of(results))


def test_names_are_escaped():
    drawn = paint_page(lay_out_page(MatrixFigure.from_results(results_of([('a"><x', EVIL, 3.0, 4.0, 0.1, 0.1)]))))
    assert "<script" not in drawn
    assert '"><x' not in drawn
    assert "alert(&#x27;1&#x27;)" in drawn


def test_every_issue_is_a_link_to_its_row():
    links = re.findall(r'<a class="pt-a" href="#([^"]+)"', svg_of(qifu()))
    # What matters most is painted last, on top.
    assert links[-1] == "co"
    assert sorted(links) == sorted(row[0] for row in QIFU)


def test_a_link_says_rank_name_scores_and_tier():
    assert 'aria-label="18. Response to Extreme Weather: company 2.48, stakeholders 2.82, tier Minor"' in svg_of(qifu())


def test_a_shortened_name_is_whole_for_those_who_hear_or_point():
    name = "A name that goes on and on " * 11
    drawn = svg_of(results_of([("a", name, 3.0, 4.0, 0.1, 0.1)]))
    assert drawn.count(name.strip()) == 2


def test_no_style_and_no_script():
    drawn = paint_page(lay_out_page(MatrixFigure.from_results(cluster(30, 1))))
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=", drawn)


def test_page_has_a_wide_and_a_narrow_drawing_with_their_own_ids():
    drawn = paint_page(lay_out_page(MatrixFigure.from_results(qifu())))
    assert 'class="chart matrix matrix-wide"' in drawn
    assert 'class="chart matrix matrix-narrow"' in drawn
    ids = re.findall(r'\sid="([^"]+)"', drawn)
    assert len(ids) == len(set(ids)) == 6


def test_each_tier_has_its_shape():
    drawn = svg_of(results_of(QIFU, boundaries=(4.5, 4.1, 3.6, 3.1), tiers=("A", "B", "C", "D", "E")))
    assert 'class="p-shape f1"' in drawn
    assert 'class="p-shape f2"' in drawn
    for number in (3, 4, 5):
        assert f'class="p-shape p{number}"' in drawn


def test_moved_marks_keep_a_dot_on_their_score():
    layout = lay_out(MatrixFigure.from_results(one_spot(5)))
    drawn = paint_svg(layout)
    assert drawn.count('class="p-dot') == drawn.count('class="tether') == 5
    assert f'cx="{layout.marks[0].score_x:.1f}"' in drawn


@pytest.mark.parametrize(
    "name", ["Responsible procurement and human rights in the supply chain", "数据安全与个人信息保护" * 2]
)
def test_a_name_in_lines_is_copied_and_searched_as_it_was_written(name):
    figure = MatrixFigure.from_results(results_of([("a", name, 3.0, 4.0, 0.1, 0.1)]))
    drawn = ElementTree.fromstring(paint_svg(lay_out(figure, 320, 360)))
    (label,) = [one for one in drawn.iter("text") if "p-label" in one.get("class", "")]
    assert len(list(label)) > 1
    assert "".join(label.itertext()) == name


def test_a_space_between_lines_stands_by_itself():
    # Within a line it would move the letters of one that is centred or ends at its anchor.
    drawn = text_lines(200.0, (30.0, 44.0), ("Data", "Security"), (" ",))
    spans = re.findall(r"<tspan ([^>]*)>([^<]*)</tspan>", drawn)
    assert spans == [('x="200.0" y="30.0"', "Data"), ('x="200.0"', " "), ('x="200.0" y="44.0"', "Security")]


def test_a_mark_moved_aside_on_either_drawing_needs_its_key():
    layouts = lay_out_page(MatrixFigure.from_results(qifu()))
    assert (layouts.wide.has_moved_marks, layouts.narrow.has_moved_marks) == (False, True)
    assert layouts.have_moved_marks
    assert not lay_out_page(MatrixFigure.from_results(results_of([("a", "A", 3.0, 4.0, 0.1, 0.1)]))).have_moved_marks
