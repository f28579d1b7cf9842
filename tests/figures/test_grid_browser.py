"""The power-interest grid in Chromium, with the fonts that a reader has."""

from itertools import combinations

import pytest

from figures.geometry import Box
from figures.grid import lay_out_grid
from figures.grid_svg import paint_grid_page
from tests.figures.sample_grids import CHINESE_NAMES, HOUSE, grid_of, one_cell, scattered
from tests.figures.test_matrix_browser import measure_page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("figure", [grid_of(HOUSE), scattered(30, 2), scattered(50, 4, CHINESE_NAMES), one_cell(20)])
def test_names_collide_with_nothing(browser, figure):
    found = measure_page(browser, paint_grid_page(lay_out_grid(figure)), 1440)
    labels = [Box(*box) for box in found["labels"]]
    assert labels
    assert not [pair for pair in combinations(labels, 2) if pair[0].grown(-1).overlaps(pair[1].grown(-1))]
    marks = [Box(*box).grown(-2.5) for box in found["marks"]]
    assert not [(label, mark) for label in labels for mark in marks if label.overlaps(mark)]
    strategies = [Box(*box) for box in found["strategies"]]
    assert len(strategies) == 4
    assert not [label for label in labels if any(label.overlaps(box) for box in strategies)]


def test_a_phone_gets_the_drawing_with_numbers_at_their_size(browser):
    found = measure_page(browser, paint_grid_page(lay_out_grid(grid_of(HOUSE))), 390)
    assert "matrix-narrow" in found["kind"]
    assert found["labels"] == []
    # Shown as large as drawn: 342 pixels wide on a screen of 390.
    assert min(right - left for left, _, right, _ in found["marks"]) >= 17
