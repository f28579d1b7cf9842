"""The power-interest grid on a page: well-formed, escaped, and told to those who hear it."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from figures.grid import lay_out_grid
from figures.grid_svg import paint_grid, paint_grid_page
from tests.figures.sample_grids import GRIDS, HOUSE, grid_of, one_cell

EVIL = "<script>alert('1')</script> & \"quoted\" ]]> $x_1^2$"


@pytest.mark.parametrize("case", ["house", "one", "50 Chinese", "20 in one cell", "50 in one cell"])
def test_markup_is_well_formed(case):
    ElementTree.fromstring(paint_grid_page(lay_out_grid(GRIDS[case]())))


def test_names_are_escaped():
    drawn = paint_grid_page(lay_out_grid(grid_of([(EVIL, True, 3, 3)])))
    assert "<script" not in drawn
    assert "alert(&#x27;1&#x27;)" in drawn


def test_every_group_is_a_link_to_its_page():
    links = re.findall(r'<a class="pt-a" href="([^"]+)"', paint_grid(lay_out_grid(grid_of(HOUSE))))
    assert links == [f"/groups/{number}/" for number in range(1, 9)]


def test_a_link_says_side_scores_and_strategy():
    drawn = paint_grid(lay_out_grid(grid_of(HOUSE)))
    assert 'aria-label="4. Staff, counts as company: power 4, interest 4, Manage closely"' in drawn


def test_company_and_stakeholders_have_their_shapes():
    drawn = paint_grid(lay_out_grid(grid_of(HOUSE)))
    assert drawn.count('<path class="p-shape g-in"') == 2
    assert drawn.count('<circle class="p-shape g-out"') == 6


def test_a_shortened_name_is_whole_for_those_who_hear_or_point():
    name = "Association of everybody " * 4
    drawn = paint_grid(lay_out_grid(grid_of([(name.strip(), True, 3, 3)])))
    assert drawn.count(name.strip()) >= 2


def test_page_has_a_wide_and_a_narrow_drawing_with_their_own_ids():
    drawn = paint_grid_page(lay_out_grid(grid_of(HOUSE)))
    assert "matrix-wide" in drawn
    assert "matrix-narrow" in drawn
    ids = re.findall(r'\sid="([^"]+)"', drawn)
    assert len(ids) == len(set(ids)) == 4


def test_no_style_and_no_script():
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=", paint_grid_page(lay_out_grid(one_cell(20))))
