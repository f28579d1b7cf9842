"""Response rates: bars of those asked, numbers where nothing is known of them, and nothing to measure below k."""

import io
import xml.etree.ElementTree as ElementTree
from itertools import combinations
from typing import Any

import pytest
from pypdf import PdfReader

from figures.drawing import Writing
from figures.rates import MOST_GROUPS, Asked, GroupRate, RatesFigure, lay_out_rates
from figures.rates_plot import make_rates_figure, paint_rates_file
from figures.wording_zh import CHINESE
from tests.figures.sample_rows import RATES, rates_of


def row_of(layout: Any, name: str) -> Any:
    return next(row for row in layout.rows if row.group.name.startswith(name))


def text_of(figure: RatesFigure) -> str:
    return PdfReader(io.BytesIO(paint_rates_file(lay_out_rates(figure), "pdf"))).pages[0].extract_text()


@pytest.mark.parametrize("case", list(RATES))
def test_no_word_covers_another_a_bar_or_the_edge(case: str):
    layout = lay_out_rates(RATES[case]())
    page, _ = make_rates_figure(layout)
    words = next(artist for artist in page.artists if isinstance(artist, Writing)).extents()
    assert [(one.text, other.text) for (one, a), (other, b) in combinations(words, 2) if a.overlaps(b)] == []
    bars = [bar for row in layout.rows for bar in (row.bar, row.track, row.hidden) if bar]
    for word, box in words:
        assert not any(box.overlaps(bar) for bar in bars), word.text
        assert box.left >= -1, word.text
        assert box.right <= layout.width + 1, word.text


def test_a_bar_is_the_share_of_those_asked():
    layout = lay_out_rates(RATES["asked"]())
    staff = row_of(layout, "Staff")
    assert staff.bar.width / staff.track.width == pytest.approx(412 / 520)
    assert (staff.share, staff.texts) == ("79\N{NARROW NO-BREAK SPACE}%", ("412 of 520 invited",))
    assert row_of(layout, "Clients").texts == ("1,204 of 4,200 people",)


def test_what_is_fewer_than_k_has_no_length_and_no_number():
    layout = lay_out_rates(RATES["asked"]())
    few, fewer = row_of(layout, "Shareholders"), row_of(layout, "Suppliers")
    assert few.hidden.width == fewer.hidden.width == layout.plot.width
    assert (few.bar, few.track, few.share) == (None, None, "")
    assert few.texts == ("fewer than 5 of 40 invited",)
    assert fewer.texts == ("fewer than 5 answers", "number asked not known")


def test_a_number_below_k_is_refused():
    with pytest.raises(ValueError, match="Fewer than 5 people of 'Staff'"):
        rates_of([GroupRate("Staff", True, 4)])


def test_where_nobody_knows_how_many_were_asked_bars_are_answers():
    layout = lay_out_rates(RATES["not asked"]())
    assert layout.figure.title == "Answers of 7 stakeholder groups"
    assert layout.ticks[-1].text == "1,400"
    staff, clients = row_of(layout, "Staff"), row_of(layout, "Clients")
    assert staff.bar.width / clients.bar.width == pytest.approx(412 / 1204)
    assert staff.track is None
    assert row_of(layout, "Government").texts == ("no answers",)


def test_a_group_of_which_it_is_not_known_has_no_bar_among_rates():
    community = row_of(lay_out_rates(RATES["asked"]()), "Community")
    assert (community.bar, community.track, community.hidden) == (None, None, None)


@pytest.mark.parametrize(
    ("answered", "share"), [(0, "0"), (1, "under 1"), (999, "99"), (1000, "100"), (1200, "100"), (415, "42")]
)
def test_nearly_all_is_not_all_and_hardly_any_not_none(answered: int, share: str):
    figure = RatesFigure("X", (GroupRate("Staff", True, answered, 1000, Asked.INVITED),), 1)
    [row] = lay_out_rates(figure).rows
    assert row.share == f"{share}\N{NARROW NO-BREAK SPACE}%"


def test_simulated_answers_are_called_so():
    assert "Simulated answers" in text_of(RATES["asked"]())
    assert "simulated" in text_of(RATES["asked"]())
    assert "imulated" not in text_of(RATES["one"]())


def test_more_groups_than_fit_are_cut_and_that_is_said():
    layout = lay_out_rates(RATES["200 groups"]())
    assert len(layout.rows) == MOST_GROUPS
    assert f"Drawn are the first {MOST_GROUPS} of 200 groups" in layout.source


@pytest.mark.parametrize("format", ["png", "svg", "pdf"])
@pytest.mark.parametrize("case", list(RATES))
def test_every_kind_is_written_and_always_the_same(case: str, format: Any):
    content = paint_rates_file(lay_out_rates(RATES[case]()), format, dpi=50)
    assert content.startswith((b"\x89PNG", b"<?xml", b"%PDF"))
    assert content == paint_rates_file(lay_out_rates(RATES[case]()), format, dpi=50)
    if format == "svg":
        ElementTree.fromstring(content.decode())
        assert b"<script" not in content


def test_chinese():
    figure = rates_of(words=CHINESE)
    text = text_of(figure)
    for said in ("7个利益相关方群体的回复率", "受邀520人，已回答412人", "受邀40人，已回答不足5人", "受访人数未知"):
        assert said in text


def test_without_groups_there_is_nothing_to_draw():
    with pytest.raises(ValueError, match="enter the groups"):
        rates_of([])
