"""The dashed ring around an issue in another tier than computed: in the page, in the file, in the legend."""

import io
from math import hypot

import numpy as np
import pytest
from PIL import Image

from figures.data import MatrixFigure
from figures.layout import lay_out
from figures.marks import RING, RING_GAP
from figures.plot import frame_of, paint_file
from figures.svg import paint_svg
from figures.wording_zh import words_in
from tests.figures.boxes import collisions
from tests.figures.sample_results import cluster, qifu


def decided(results: dict, *numbers: int) -> dict:
    """`results` with the issues of these numbers lifted or lowered into the last tier."""
    tier = results["tiers"][-1]["name"]
    for number in numbers:
        issue = results["issues"][number]
        issue["decision"] = {"tier": tier, "reason": "R", "on": "2022-01-01", "computed_tier": issue["tier"]}
        issue["tier"] = tier
    return results


def test_whose_tier_was_decided_has_a_ring_and_nobody_else():
    layout = lay_out(MatrixFigure.from_results(decided(qifu(), 0, 4)))
    ringed = [mark for mark in layout.marks if mark.ring]
    assert [mark.point.rank for mark in ringed] == [1, 5]
    drawn = paint_svg(layout)
    assert drawn.count('class="by-ring"') == 2
    for mark in ringed:
        assert f'<circle class="by-ring" cx="{mark.x:.1f}" cy="{mark.y:.1f}" r="14.5"/>' in drawn


def test_a_decision_for_the_computed_tier_has_no_ring():
    last = qifu()["issues"].index(next(issue for issue in qifu()["issues"] if issue["tier"] == "Minor"))
    layout = lay_out(MatrixFigure.from_results(decided(qifu(), last)))
    assert not layout.has_rings
    assert "by-ring" not in paint_svg(layout)
    assert [key.kind for key in frame_of(layout).keys if key.kind == "decided"] == []


@pytest.mark.parametrize("seed", range(3))
def test_rings_keep_free_of_names_and_of_other_marks(seed: int):
    layout = lay_out(MatrixFigure.from_results(decided(cluster(30, seed), 2, 3, 5, 8, 13)))
    assert collisions(layout) == []
    for one in (mark for mark in layout.marks if mark.ring):
        for other in layout.marks:
            assert one is other or hypot(one.x - other.x, one.y - other.y) > one.ring + 0.9 * other.radius


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Another tier than computed, by decision"), ("zh-hans", "经决定归入与计算所得不同的层级")],
)
def test_the_legend_of_a_file_explains_the_ring(language: str, text: str):
    layout = lay_out(MatrixFigure.from_results(decided(qifu(), 0), words_in(language)))
    assert [key.text.text for key in frame_of(layout).keys if key.kind == "decided"] == [text]


def ink_on_ring(results: dict) -> float:
    """Which share of the circle around the first issue's mark is dark in a picture."""
    layout = lay_out(MatrixFigure.from_results(results))
    frame, mark = frame_of(layout), layout.marks[0]
    picture = np.asarray(Image.open(io.BytesIO(paint_file(layout, "png", dpi=192))).convert("L"))
    around, radius = np.linspace(0, 2 * np.pi, 90), mark.radius * RING + RING_GAP
    x = 2 * (frame.left + mark.x + radius * np.cos(around))
    y = 2 * (frame.top + mark.y + radius * np.sin(around))
    return float((picture[y.astype(int), x.astype(int)] < 100).mean())


def test_the_ring_of_a_file_lies_where_the_page_has_it():
    # Dashes of 3.0 with 2.5 between them.
    assert 0.35 < ink_on_ring(decided(qifu(), 0)) < 0.75
    assert ink_on_ring(qifu()) < 0.15
