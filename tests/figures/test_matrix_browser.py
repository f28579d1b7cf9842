"""The matrix in Chromium, with the fonts that a reader has: what the layout planned holds there too."""

from itertools import combinations
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from figures.data import MatrixFigure
from figures.geometry import Box
from figures.svg import lay_out_page, paint_page
from tests.figures.sample_results import CHINESE_NAMES, cluster, one_spot, qifu

pytestmark = pytest.mark.browser

# Boxes of labels and marks in the drawing's own pixels, of the drawing that is shown.
MEASURE = """() => {
  const shown = [...document.querySelectorAll("svg.matrix")].find(svg => getComputedStyle(svg).display !== "none");
  const box = element => { const b = element.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height]; };
  return {
    kind: [...shown.classList].find(name => /^matrix-/.test(name)),
    labels: [...shown.querySelectorAll(".p-label")].map(box),
    marks: [...shown.querySelectorAll(".p-shape")].map(box),
    bands: [...shown.querySelectorAll(".band-name")].map(box),
    strategies: [...shown.querySelectorAll(".q-name")].map(box),
  };
}"""


def measured(browser: Browser, results, width: int):
    return measure_page(browser, paint_page(lay_out_page(MatrixFigure.from_results(results))), width)


def measure_page(browser: Browser, drawn: str, width: int):
    """What stands where in the shown one of both drawings, on a page `width` pixels wide."""
    styles = "".join(Path(settings.BASE_DIR, "static", name).read_text() for name in ("app.css", "tokens.css"))
    page = browser.new_page(viewport={"width": width, "height": 900})
    try:
        page.set_content(f"<!doctype html><style>{styles}</style><main class='wrap'><figure>{drawn}</figure></main>")
        return page.evaluate(MEASURE)
    finally:
        page.close()


@pytest.mark.parametrize("results", [qifu(), cluster(30, 0), cluster(30, 1, CHINESE_NAMES), one_spot(18)])
def test_names_collide_with_nothing(browser, results):
    found = measured(browser, results, 1440)
    labels = [Box(*box) for box in found["labels"]]
    assert labels
    assert not [pair for pair in combinations(labels, 2) if pair[0].grown(-1).overlaps(pair[1].grown(-1))]
    marks = [Box(*box).grown(-2.5) for box in found["marks"]]
    assert not [(label, mark) for label in labels for mark in marks if label.overlaps(mark)]
    bands = [Box(*box) for box in found["bands"]]
    assert not [(label, band) for label in labels for band in bands if label.overlaps(band)]


def test_a_phone_gets_the_drawing_with_numbers_at_their_size(browser):
    found = measured(browser, qifu(), 390)
    assert found["kind"] == "matrix-narrow"
    assert found["labels"] == []
    assert len(found["marks"]) == 18
    # Shown as large as drawn: 342 pixels wide on a screen of 390.
    assert min(right - left for left, _, right, _ in found["marks"]) >= 19
