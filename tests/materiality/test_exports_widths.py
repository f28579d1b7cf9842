"""Columns of a table in Word: as planned, but no narrower than their longest word."""

import pytest

from figures.lettering import text_width
from materiality.exports.chapter.widths import MOST, column_widths

SIZES = (8.5, 8.0, 7.5, 7.0)


def widths(*columns: str, shares: tuple[float, ...] = (5, 95), whole: float = 400.0) -> tuple[list[float], float]:
    return column_widths(shares, [[(text, True)] for text in columns], whole, sizes=SIZES, padding=8.5)


def test_what_is_wide_enough_stays_as_planned():
    assert widths("No", "a b c", shares=(20, 80)) == ([80.0, 320.0], 8.5)


def test_a_narrow_column_takes_what_its_longest_word_needs():
    (rank, rest), size = widths("Rank", "a b c")
    assert rank >= text_width("Rank", 8.5, bold=True) + 8.5 > 20.0
    assert (rank + rest, size) == (pytest.approx(400.0), 8.5)


def test_type_becomes_smaller_before_a_word_breaks():
    names = ("Probability", "stakeholders", "Moderately", "Development", "important", "contested")
    found, size = widths(*names, shares=(1,) * 6, whole=360.0)
    assert size < 8.5
    assert all(width >= text_width(name, size, bold=True) + 8.5 for name, width in zip(names, found, strict=True))
    assert sum(found) == pytest.approx(360.0)


def test_one_endless_word_does_not_take_the_whole_table():
    (first, second), _ = widths("x" * 500, "a b c")
    assert first == pytest.approx(400.0 * MOST)
    assert second == pytest.approx(400.0 * (1 - MOST))


def test_ideographs_break_anywhere():
    assert widths("利益相关方群体利益相关方群体", "a b c")[0] == [20.0, 380.0]
