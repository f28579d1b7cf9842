"""The power-interest grid as a file: the page's layout, drawn by matplotlib without a single warning."""

import os
import subprocess
import sys
from itertools import combinations

import pytest

from figures.drawing import Writing
from figures.grid import lay_out_grid
from figures.grid_plot import make_grid_figure, paint_grid_file
from tests.figures.boxes import distance
from tests.figures.sample_grids import CHINESE_NAMES, GRIDS, HOUSE, grid_of, scattered

FORMATS = ("png", "svg", "pdf")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("case", ["house", "one", "50 Chinese", "50 in one cell"])
def test_every_kind_of_grid_is_written(case, format):
    content = paint_grid_file(lay_out_grid(GRIDS[case]()), format, dpi=60)
    assert content.startswith((b"\x89PNG", b"<?xml", b"%PDF"))


@pytest.mark.parametrize("figure", [grid_of(HOUSE), scattered(30, 2), scattered(30, 4, CHINESE_NAMES)])
def test_drawn_names_cover_nothing(figure):
    layout = lay_out_grid(figure)
    drawn, _ = make_grid_figure(layout)
    lines = {line for mark in layout.marks if mark.label for line in mark.label.lines}
    chart = next(artist for artist in drawn.artists if isinstance(artist, Writing))
    names = [(word, box) for word, box in chart.extents() if word.text in lines]
    assert names
    assert [(one.text, other.text) for (one, a), (other, b) in combinations(names, 2) if a.overlaps(b)] == []
    for word, box in names:
        assert layout.plot.holds(box), word.text
        assert all(distance(box, (mark.x, mark.y)) > mark.radius for mark in layout.marks), word.text


def test_the_same_layout_gives_the_same_bytes_in_another_process():
    code = (
        "import hashlib; from tests.figures.sample_grids import HOUSE, grid_of;"
        "from figures.grid import lay_out_grid; from figures.grid_plot import paint_grid_file;"
        "print(hashlib.sha256(paint_grid_file(lay_out_grid(grid_of(HOUSE)), 'svg')).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


@pytest.mark.parametrize(("format", "dpi", "message"), [("gif", 200, "png, svg or pdf"), ("png", 5000, "36 to 1200")])
def test_another_format_or_resolution_is_refused(format, dpi, message):
    with pytest.raises(ValueError, match=message):
        paint_grid_file(lay_out_grid(grid_of(HOUSE)), format, dpi)
