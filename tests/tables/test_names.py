import pytest

from tables.names import column_letters, key, plain, plain_pattern, tidy, tidy_lines


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u3000", " \n ", "\t"])
def test_every_white_space_is_a_space(space: str) -> None:
    assert plain(f" Please{space}rate ") == "Please rate"


def test_full_width_and_plain_letters_are_equal_for_comparing() -> None:
    assert plain("Ｗａｔｅｒ（５）") == "Water(5)"


def test_a_name_is_kept_as_it_was_written() -> None:
    assert tidy("气候（变化）") == "气候（变化）"


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\x07", "\x1b"])
def test_control_and_bidi_characters_are_taken_out(hidden: str) -> None:
    assert tidy(f"Wa{hidden}ter") == "Water"


def test_joiners_that_spell_a_word_stay() -> None:
    assert tidy("می\u200cخواهم") == "می\u200cخواهم"


def test_a_formula_stays_the_text_that_it_is() -> None:
    assert tidy('=HYPERLINK("http://example.org")') == '=HYPERLINK("http://example.org")'


def test_capitals_do_not_matter_to_a_key() -> None:
    assert key("WATER Use") == key("Water\u00a0use")


def test_a_no_break_space_in_a_pattern_is_a_space() -> None:
    assert plain_pattern("^Please\u00a0rate  it") == "^Please rate it"


def test_lines_are_tidied_each_and_kept() -> None:
    assert tidy_lines("\n One\u200b. \r\n\r\nTwo  and\tmore\n") == "One.\n\nTwo and more"


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_lettered_as_in_a_spreadsheet(index: int, letters: str) -> None:
    assert column_letters(index) == letters
