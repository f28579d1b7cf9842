"""The slope chart in Chromium, with the fonts that a reader has."""

from itertools import combinations
from pathlib import Path

import pytest
from django.conf import settings

from figures.geometry import Box
from figures.slopes_svg import paint_slopes_page
from tests.figures.sample_slopes import FIGURES

pytestmark = pytest.mark.browser

# Boxes of labels and marks in the drawing's own pixels, of the drawing that is shown.
MEASURE = """() => {
  const shown = [...document.querySelectorAll("svg.slopes")].find(svg => getComputedStyle(svg).display !== "none");
  const box = element => { const b = element.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height]; };
  return {
    width: shown.viewBox.baseVal.width,
    scale: shown.getBoundingClientRect().width / shown.viewBox.baseVal.width,
    labels: [...shown.querySelectorAll(".p-label")].map(box),
    others: [...shown.querySelectorAll(".p-shape, .tick")].map(box),
  };
}"""


@pytest.mark.parametrize("case", ["QiFu", "long names", "Chinese"])
@pytest.mark.parametrize("width", [1440, 390])
def test_names_collide_with_nothing(browser, case: str, width: int):
    styles = "".join(Path(settings.BASE_DIR, "static", name).read_text() for name in ("tokens.css", "app.css"))
    drawn = paint_slopes_page(FIGURES[case]())
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(f"<!doctype html><style>{styles}</style><main class='wrap'><figure>{drawn}</figure></main>")
    found = page.evaluate(MEASURE)
    page.close()
    labels = [Box(*box) for box in found["labels"]]
    assert len(labels) >= 7
    assert not [pair for pair in combinations(labels, 2) if pair[0].grown(-1).overlaps(pair[1].grown(-1))]
    others = [Box(*box).grown(-1) for box in found["others"]]
    assert not [(label, other) for label in labels for other in others if label.overlaps(other)]
    assert all(label.left >= 0 and label.right <= found["width"] for label in labels)
    # Shown as large as drawn: text of 12 pixels has 12 pixels.
    assert 0.98 <= found["scale"] <= 1.02
