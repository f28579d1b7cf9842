"""The matrix as a file: the page's layout, drawn by matplotlib without a single warning."""

import io
import os
import subprocess
import sys
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image
from pypdf import PdfReader

from figures.data import MatrixFigure
from figures.drawing import Writing, font_properties
from figures.fonts import MissingFont
from figures.geometry import Box
from figures.layout import lay_out
from figures.plot import frame_of, make_figure, paint_file
from tests.figures.boxes import distance
from tests.figures.sample_results import CHINESE_NAMES, QIFU, cluster, one_spot, qifu, results_of

FORMATS = ("png", "svg", "pdf")


def layout_of(results):
    return lay_out(MatrixFigure.from_results(results))


def names_drawn(layout):
    """What the names of issues cover in the file, and the font that draws them."""
    figure, families = make_figure(layout)
    lines = {line for mark in layout.marks if mark.label for line in mark.label.lines}
    chart = next(artist for artist in figure.artists if isinstance(artist, Writing))
    return [(word, box) for word, box in chart.extents() if word.text in lines], families


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "results",
    [
        qifu(),
        one_spot(5),
        results_of(QIFU, boundaries=(4.5, 4.1, 3.6, 3.1), tiers=("A", "B", "C", "D", "E")),
        results_of([(code, name, None, y, 0.0, half) for code, name, _, y, _, half in QIFU]),
        cluster(18, 0, CHINESE_NAMES),
        cluster(200, 0),
    ],
)
def test_every_kind_of_figure_is_written(results, format):
    assert paint_file(layout_of(results), format, dpi=60).startswith((b"\x89PNG", b"<?xml", b"%PDF"))


@pytest.mark.parametrize("results", [cluster(30, 0), cluster(30, 2, CHINESE_NAMES), cluster(60, 1), one_spot(18)])
def test_drawn_names_do_not_overlap(results):
    layout = layout_of(results)
    names, _ = names_drawn(layout)
    touching = [(one.text, other.text) for (one, a), (other, b) in combinations(names, 2) if a.overlaps(b)]
    assert touching == []
    for word, box in names:
        assert layout.plot.holds(box), word.text
        assert all(distance(box, (mark.x, mark.y)) > mark.radius for mark in layout.marks), word.text


@pytest.mark.parametrize("results", [cluster(30, 0), cluster(18, 1, CHINESE_NAMES)])
def test_matplotlib_itself_finds_names_no_larger_than_planned(results):
    layout = layout_of(results)
    names, families = names_drawn(layout)
    # Four times as large as drawn, so that hinting does not round the widths.
    canvas = FigureCanvasAgg(Figure(dpi=4 * 72))
    for word, _ in names:
        font = font_properties(tuple(families), False).copy()
        font.set_size(12)
        text = Text(0, 0, word.text, fontproperties=font, parse_math=False)
        text.set_figure(canvas.figure)
        extent = text.get_window_extent(canvas.get_renderer())
        planned = max(mark.label.box.width for mark in layout.marks if mark.label and word.text in mark.label.lines)
        assert extent.width / 4 <= planned + 0.5, word.text
        assert extent.height / 4 <= 18, word.text


def test_page_and_file_draw_the_same_layout():
    layout = layout_of(qifu())
    planned = {mark.label.lines[0]: mark.label.box for mark in layout.marks if len(mark.label.lines) == 1}
    for word, box in names_drawn(layout)[0]:
        if word.text in planned:
            assert planned[word.text].grown(1.5).holds(Box(box.left, box.top, box.right, box.bottom)), word.text


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_layout_gives_the_same_bytes_in_another_process(format):
    code = (
        "import hashlib; from tests.figures.sample_results import qifu;"
        "from figures.data import MatrixFigure; from figures.layout import lay_out;"
        "from figures.plot import paint_file;"
        f"print(hashlib.sha256(paint_file(lay_out(MatrixFigure.from_results(qifu())), {format!r}, 72)).hexdigest())"
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


def test_a_png_has_the_size_of_its_resolution():
    layout = layout_of(qifu())
    small, large = (Image.open(io.BytesIO(paint_file(layout, "png", dpi))) for dpi in (96, 192))
    assert large.size == (2 * small.width, 2 * small.height)
    assert large.info["dpi"] == pytest.approx((192, 192), abs=0.1)
    assert large.info["Software"] == "Salient"


def test_a_pdf_keeps_names_and_facts_as_text():
    text = PdfReader(io.BytesIO(paint_file(layout_of(qifu()), "pdf"))).pages[0].extract_text()
    for said in (
        "18 issues by importance to the company and to stakeholders",
        "QiFu Technology, Materiality assessment 2022",
        "Simulated answers",
        "High, 9 issues",
        "Staff Training and Development",
        "Importance to the company →",
        "Scale 1 to 5; both axes start at 2.25.",
    ):
        assert said in text


def test_real_answers_are_not_called_simulated():
    text = PdfReader(io.BytesIO(paint_file(layout_of(qifu(simulated=0)), "pdf"))).pages[0].extract_text()
    assert "imulated" not in text


def test_chinese_stays_text_in_a_pdf():
    text = PdfReader(io.BytesIO(paint_file(layout_of(cluster(6, 0, CHINESE_NAMES)), "pdf"))).pages[0].extract_text()
    assert "知识产权保护" in text


def test_formulas_in_names_are_letters():
    name = "Scope $x_1^2$ emissions \\frac{1}{2} 100 %"
    text = PdfReader(io.BytesIO(paint_file(layout_of(results_of([("a", name, 3.0, 4.0, 0, 0)])), "pdf"))).pages[0]
    assert name in " ".join(text.extract_text().split())


def test_files_carry_no_date():
    layout = layout_of(qifu())
    assert b"CreationDate" not in paint_file(layout, "pdf")
    assert b"dc:date" not in paint_file(layout, "svg")


def test_names_that_no_font_can_draw_are_refused_with_what_to_install():
    with pytest.raises(MissingFont, match="apt-get install"):
        paint_file(layout_of(results_of([("a", "\U00012000 cuneiform", 3.0, 4.0, 0, 0)])), "png")


@pytest.mark.parametrize(("format", "dpi"), [("gif", 200), ("png", 5000)])
def test_other_formats_and_sizes_are_refused(format, dpi):
    with pytest.raises(ValueError, match="A figure is written"):
        paint_file(layout_of(qifu()), format, dpi)


def test_a_file_says_that_pictures_are_missing_from_it():
    flag = "Flag \U0001f1e8\U0001f1f3 of a country"
    told = "Without pictures (emoji) that no installed font can draw."
    for name, expected in ((flag, True), ("Flag of a country", False)):
        text = PdfReader(io.BytesIO(paint_file(layout_of(results_of([("a", name, 3.0, 4.0, 0, 0)])), "pdf"))).pages[0]
        assert (told in " ".join(text.extract_text().split())) == expected


def test_small_marks_that_cover_each_other_keep_their_colour():
    rows = [
        (f"c{number}", f"Issue {number}", 1.5 + number * 0.006, 1.5 + number * 0.006, 0, 0) for number in range(500)
    ]
    image = Image.open(io.BytesIO(paint_file(layout_of(results_of(rows)), "png", 96)))
    # A line from corner to corner, some pixels wide; with much paper around each mark it would be white.
    dark = sum(count for count, colour in image.convert("L").getcolors() if colour < 160)
    assert dark > 12_500


def test_where_no_issue_has_a_tier_the_legend_says_so():
    results = qifu()
    for one in results["issues"]:
        one["tier"] = None
    names = [key.text.text for key in frame_of(layout_of(results)).keys]
    assert "Without a tier" in names
    assert "High" not in names


def test_an_issue_without_a_tier_looks_like_no_tier_and_is_in_the_legend():
    results = qifu()
    results["issues"][3]["tier"] = None
    layout = layout_of(results)
    [alone] = [mark for mark in layout.marks if mark.point.tier is None]
    assert alone.shape not in {mark.shape for mark in layout.marks if mark is not alone}
    keys = {key.text.text: key.style for key in frame_of(layout).keys}
    assert keys["Without a tier"] == alone.style
    assert list(keys.values()).count(alone.style) == 1
