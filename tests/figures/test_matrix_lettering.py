"""Widths of texts and how they break into lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.lettering import ELLIPSIS, balance, fill, gaps, shorten, text_width

WORDS = st.lists(st.text("abcdefgh-/", min_size=1, max_size=14), min_size=1, max_size=20).map(" ".join)


def test_width_is_that_of_dejavu_sans():
    # M is 1767 of 2048 units wide in that font.
    assert text_width("M", 2048) == 1767
    assert text_width("M", 12, bold=True) > text_width("M", 12)


def test_ideographs_are_as_wide_as_high():
    assert text_width("重要", 12) == 24


@given(WORDS, st.floats(30, 300))
def test_lines_fit_and_lose_nothing(text, width):
    lines = fill(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(line) <= width for line in lines)


def test_words_stay_whole_where_they_fit():
    assert balance("Intellectual Property Protection", 2) == ["Intellectual", "Property Protection"]


def test_a_text_of_two_words_does_not_make_three_lines():
    assert balance("Labour relations", 3) is None


def test_ideographs_break_anywhere_but_before_a_closing_mark():
    lines = fill("数据安全（个人信息），合规", 12 * 6)
    assert "".join(lines) == "数据安全（个人信息），合规"
    assert not any(line.startswith(("）", "，")) for line in lines)


@given(WORDS, st.integers(1, 3))
def test_a_shortened_text_fits_and_says_that_something_is_missing(text, count):
    lines = shorten(text, 80, count)
    assert len(lines) <= count
    assert all(text_width(line) <= 80 for line in lines)
    assert ("".join(lines).replace(" ", "") == text.replace(" ", "")) != lines[-1].endswith(ELLIPSIS)


@pytest.mark.parametrize("text", ["é", "ß", "½"])
def test_letters_with_marks_have_a_width(text):
    assert text_width(text) > 0


def test_a_combining_mark_has_none():
    assert text_width("\u0301") == 0


@pytest.mark.parametrize(
    ("text", "lines", "between"),
    [
        ("Data Security", ["Data", "Security"], [" "]),
        ("Supply-chain due diligence", ["Supply-", "chain due", "diligence"], ["", " "]),
        ("数据安全", ["数据", "安全"], [""]),
        ("Water and waste", ["Water", "and…"], [" "]),
        ("Water", ["Water"], []),
    ],
)
def test_between_lines_stands_what_stands_in_the_text(text, lines, between):
    assert gaps(text, lines) == between


@given(WORDS, st.integers(20, 200))
def test_lines_with_what_stands_between_them_are_the_text(text, width):
    lines = fill(text, width)
    assert "".join(line + gap for line, gap in zip(lines, [*gaps(text, lines), ""], strict=True)) == text
