"""Which fonts draw a text, and what is said when none does."""

import pytest

from figures import fonts
from figures.fonts import DEFAULT, MissingFont, drawable, families_for


def test_latin_needs_no_other_font():
    assert families_for(["Climate & energy", "Überprüfung"]) == [DEFAULT]


def test_chinese_finds_an_installed_font():
    first, *others = families_for(["碳排放"])
    assert first == DEFAULT
    assert others


def test_a_missing_font_is_named_with_its_package(monkeypatch):
    monkeypatch.setattr(fonts, "_family_of", lambda char: DEFAULT if char.isascii() else None)
    with pytest.raises(MissingFont, match=r"碳.*apt-get install fonts-noto-cjk"):
        families_for(["碳 x"])


def test_a_picture_without_a_font_is_left_out_and_a_letter_never(monkeypatch):
    monkeypatch.setattr(fonts, "_family_of", lambda char: DEFAULT if char.isascii() else None)
    assert drawable("Climate 🌍 碳") == "Climate 碳"
