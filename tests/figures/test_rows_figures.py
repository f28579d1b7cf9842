"""Bars of priority and the heat table: what they say, where it stands, and that files draw it."""

import hashlib
import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from itertools import combinations
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from figures.bars import BarsFigure, lay_out_bars
from figures.bars_plot import make_bars_figure, paint_bars_file
from figures.drawing import Writing
from figures.fonts import MissingFont
from figures.heat import HeatFigure, lay_out_heat
from figures.heat_plot import make_heat_figure, paint_heat_file
from figures.palette import palette_with
from figures.rows import TALLEST
from figures.wording_zh import CHINESE
from tests.figures.sample_results import qifu, results_of
from tests.figures.sample_rows import RESULTS, many, with_groups

FORMATS = ("png", "svg", "pdf")
KINDS = {
    "bars": (BarsFigure.from_results, lay_out_bars, make_bars_figure, paint_bars_file),
    "heat": (HeatFigure.from_results, lay_out_heat, make_heat_figure, paint_heat_file),
}
CASES = [(kind, case) for kind in KINDS for case in RESULTS]


def laid_out(kind: str, results: dict[str, Any], words=None) -> Any:
    read, lay_out, *_ = KINDS[kind]
    return lay_out(read(results, words) if words else read(results))


def text_of(kind: str, results: dict[str, Any], words=None) -> str:
    content = KINDS[kind][3](laid_out(kind, results, words), "pdf")
    return PdfReader(io.BytesIO(content)).pages[0].extract_text()


@pytest.mark.parametrize(("kind", "case"), CASES)
def test_no_word_covers_another_or_leaves_the_page(kind: str, case: str):
    layout = laid_out(kind, RESULTS[case]())
    page, _ = KINDS[kind][2](layout)
    frame_words = [artist for artist in page.artists if isinstance(artist, Writing)]
    for artist in frame_words:
        words = artist.extents()
        assert [(one.text, other.text) for (one, a), (other, b) in combinations(words, 2) if a.overlaps(b)] == []
    for word, box in frame_words[0].extents():
        assert box.left >= -1, word.text
        assert box.right <= layout.width + 1, word.text
        assert box.bottom <= layout.height + 1, word.text


@pytest.mark.parametrize("case", list(RESULTS))
def test_bars_begin_at_the_lowest_rating_and_end_at_their_priority(case: str):
    layout = laid_out("bars", RESULTS[case]())
    low, high = layout.figure.scale
    for bar, drawn in zip(layout.figure.bars, layout.bars, strict=False):
        share = (bar.value - low) / (high - low)
        assert drawn.bar.left == layout.plot.left
        assert drawn.bar.right == pytest.approx(layout.plot.left + max(share * layout.plot.width, 1.0))
        assert drawn.bar.top >= drawn.row.top
        assert drawn.bar.bottom <= drawn.row.bottom
    assert layout.ticks[0].text == f"{low:g}"
    assert layout.ticks[-1].text == f"{high:g}"


def test_issues_stand_by_tier_and_rank_under_their_headings():
    layout = laid_out("bars", RESULTS["QiFu"]())
    assert [heading.text for heading in layout.rows.headings] == [
        "High, 9 issues",
        "Moderate, 7 issues",
        "Minor, 2 issues",
    ]
    tops = [(row.top, row.issue.rank) for row in layout.rows.rows]
    assert [rank for _, rank in sorted(tops)] == list(range(1, 19))
    for heading in layout.rows.headings:
        assert all(row.bottom <= heading.top or row.top >= heading.top + 20 for row in layout.rows.rows)


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_tier_given_by_decision_is_where_the_issue_stands_and_the_computed_one_is_told(kind: str):
    layout = laid_out(kind, RESULTS["decided"]())
    [row] = [row for row in layout.rows.rows if row.tag]
    assert (row.issue.name, row.issue.tier, row.tag) == ("Community Public Welfare", 0, "computed: Moderate")
    assert layout.rows.headings[0].text == "High, 10 issues"
    assert "One issue stands in another tier than computed, by decision." in layout.source


def test_an_issue_without_a_computed_tier_says_so():
    results = RESULTS["QiFu"]()
    results["issues"][0]["decision"] = {"tier": "Minor", "reason": "R", "on": "2022-01-01", "computed_tier": None}
    results["issues"][0]["tier"] = "Minor"
    assert [row.tag for row in laid_out("bars", results).rows.rows if row.tag] == ["computed: no tier"]


@pytest.mark.parametrize("kind", list(KINDS))
def test_what_does_not_fit_a_page_is_cut_and_that_is_said(kind: str):
    layout = laid_out(kind, RESULTS["500"]())
    drawn = len(layout.rows.rows)
    assert 30 <= drawn < 70
    assert layout.rows.bottom - layout.rows.top <= TALLEST
    assert f"Drawn are the first {drawn} of 500 issues; all are in the table." in layout.source
    assert layout.rows.headings[0].text == f"High, {drawn} of 126 issues"


def test_a_list_that_fits_is_whole():
    results = with_groups(many(55, ["Water"]))
    assert len(laid_out("bars", results).rows.rows) == 55


@pytest.mark.parametrize("kind", list(KINDS))
def test_issues_without_a_score_are_named(kind: str):
    results = with_groups(results_of([("a", "Water", 4.0, 3.0, 0, 0), ("b", "Air", None, None, 0, 0)]))
    assert "Not drawn for want of a score: Air." in laid_out(kind, results).source


@pytest.mark.parametrize("kind", list(KINDS))
def test_without_a_score_there_is_nothing_to_draw(kind: str):
    with pytest.raises(ValueError, match="collect answers"):
        laid_out(kind, with_groups(results_of([("a", "Water", None, None, 0, 0)])))


def test_cells_tell_means_none_and_hidden_ones_apart():
    layout = laid_out("heat", RESULTS["withheld"]())
    hidden = [box for box in layout.boxes if box.cell.hidden]
    assert len(hidden) == 4
    assert {box.text for box in hidden} == {""}
    assert [box.text for box in layout.boxes if box.cell.mean is None and not box.cell.hidden] == ["–"]
    assert layout.heads[1].answers == "< 5"
    text = text_of("heat", RESULTS["withheld"]())
    assert "not shown, to protect fewer than 5 people" in text
    assert "no answers" in text


@pytest.mark.parametrize("case", list(RESULTS))
def test_cells_do_not_overlap_and_stand_in_the_row_of_their_issue(case: str):
    layout = laid_out("heat", RESULTS[case]())
    columns = len(layout.heads)
    for place, one in enumerate(layout.boxes):
        row = layout.rows.rows[place // columns]
        assert row.top < one.box.top < one.box.bottom < row.bottom
        assert one.box.left > row.box.right
        if place % columns:
            assert layout.boxes[place - 1].box.right < one.box.left
        assert one.text or one.cell.hidden


def test_names_of_groups_lie_if_they_fit_stand_if_they_do_not_and_else_are_numbers():
    lying = laid_out("heat", with_groups(qifu(), ["Staff", "Clients"]))
    standing = laid_out("heat", with_groups(qifu(), [f"Environmental organisations {n}" for n in range(8)]))
    numbered = laid_out("heat", RESULTS["long names"]())
    assert [head.upright for head in lying.heads] == [False, False]
    assert all(head.upright for head in standing.heads)
    assert [head.lines[0].text for head in numbered.heads] == list("12345678")
    assert numbered.key[0].name.startswith("Occupational health")
    assert len(numbered.key) == 8


def test_more_groups_than_fit_are_cut_and_that_is_said():
    layout = laid_out("heat", RESULTS["30 groups"]())
    assert len(layout.heads) == 24
    assert "Drawn are the first 24 of 30 groups; all are in the table." in layout.source


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(("kind", "case"), CASES)
def test_every_kind_is_written(kind: str, case: str, format: Any):
    content = KINDS[kind][3](laid_out(kind, RESULTS[case]()), format, dpi=50)
    assert content.startswith((b"\x89PNG", b"<?xml", b"%PDF"))


@pytest.mark.parametrize("kind", list(KINDS))
def test_an_svg_is_well_formed_and_holds_no_markup_of_names(kind: str):
    drawn = KINDS[kind][3](laid_out(kind, RESULTS["hard names"]()), "svg").decode()
    ElementTree.fromstring(drawn)
    assert not re.search(r"<script|<foreignObject|\son\w+=|href=\"(?!#)", drawn)
    assert "dc:date" not in drawn


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("kind", list(KINDS))
def test_the_same_layout_gives_the_same_bytes_in_another_process(kind: str, format: Any):
    code = (
        "import hashlib; from tests.figures.test_rows_figures import KINDS, RESULTS, laid_out;"
        f"content = KINDS[{kind!r}][3](laid_out({kind!r}, RESULTS['withheld']()), {format!r}, 72);"
        "print(hashlib.sha256(content).hexdigest())"
    )
    there = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "3"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    here = KINDS[kind][3](laid_out(kind, RESULTS["withheld"]()), format, 72)
    assert hashlib.sha256(here).hexdigest() == there


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_pdf_keeps_names_and_numbers_as_text(kind: str):
    text = text_of(kind, RESULTS["QiFu"]())
    for said in ("QiFu Technology, Materiality assessment 2022", "High, 9 issues", "Staff Training and Development"):
        assert said in text
    assert ("4.68" in text) == (kind == "bars")


@pytest.mark.parametrize("kind", list(KINDS))
def test_formulas_and_other_scripts_stay_what_they_are(kind: str):
    text = " ".join(text_of(kind, RESULTS["hard names"]()).split())
    assert "Scope $x_1^2$ emissions \\frac{1}{2} 100 %" in text
    assert "供应链中的人权尽职调查" in text


@pytest.mark.parametrize("kind", list(KINDS))
def test_chinese_words_stand_around_the_names(kind: str):
    text = "".join(text_of(kind, RESULTS["decided"](), CHINESE).split())
    for said in ("18项议题", "计算所得层级：Moderate", "来源：288人，均为模拟答卷。", "模拟答卷"):
        assert said in text
    assert "issues" not in text


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_missing_font_is_told(kind: str):
    results = with_groups(results_of([("a", "\U00012000 cuneiform", 3.0, 4.0, 0, 0)]))
    with pytest.raises(MissingFont, match="apt-get install"):
        KINDS[kind][3](laid_out(kind, results), "png")


def test_tiers_have_the_colours_of_the_organisation():
    layout = laid_out("bars", RESULTS["QiFu"]())
    palette = palette_with(("#004488", "#cc3311"))
    image = Image.open(io.BytesIO(paint_bars_file(layout, "png", 96, palette)))
    colours = {colour for _, colour in image.getcolors(1_000_000)}
    assert {(0, 0x44, 0x88), (0xCC, 0x33, 0x11)} <= colours
