"""Which fonts draw a text, and what is said when none does."""

import pytest

from figures import fonts
from figures.fonts import DEFAULT, MissingFont, drawable, families_for, loses_pictures


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
    fonts._drawable.cache_clear()
    monkeypatch.setattr(fonts, "_family_of", lambda char: DEFAULT if char.isascii() else None)
    assert drawable("Climate 🌍 碳") == "Climate 碳"
    fonts._drawable.cache_clear()


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Family \U0001f468\u200d\U0001f469\u200d\U0001f467 care", "Family care"),
        ("Flag \U0001f1e8\U0001f1f3 here", "Flag here"),
        ("Well \U0001f44d\U0001f3fd done", "Well done"),
        ("1\ufe0f\u20e3 First", "1 First"),
        ("\u2764\ufe0f", "\u2026"),
        ("\U0001f30d", "\u2026"),
    ],
)
def test_a_picture_of_several_characters_goes_as_a_whole_and_the_digit_of_a_keycap_stays(monkeypatch, text, drawn):
    fonts._drawable.cache_clear()
    monkeypatch.setattr(fonts, "_family_of", lambda char: DEFAULT if char.isascii() else None)
    assert drawable(text) == drawn
    assert loses_pictures(["Water", text])
    fonts._drawable.cache_clear()


def test_a_picture_with_a_font_stays_without_what_chooses_its_look():
    assert drawable("Heart \u2764\ufe0f here") == "Heart \u2764 here"
    assert not loses_pictures(["Heart \u2764\ufe0f here", "碳排放", "Water"])


def test_a_mark_on_a_letter_is_missed_and_not_left_out(monkeypatch):
    fonts._drawable.cache_clear()
    monkeypatch.setattr(fonts, "_family_of", lambda char: None if char == "\u0301" else DEFAULT)
    with pytest.raises(MissingFont):
        families_for([drawable("ka\u0301")])
    fonts._drawable.cache_clear()
