"""Numbers, lists and days in sentences."""

from datetime import date

import pytest
from django.utils import translation

from scoping.wording import capital, counted, dated, enumerated, isolated, listed, on_day, sentence, spelled


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "no issues"),
        (1, "one issue"),
        (2, "two issues"),
        (12, "twelve issues"),
        (13, "13 issues"),
        (1200, "1,200 issues"),
    ],
)
def test_small_numbers_are_words_and_nouns_follow_them(number: int, words: str) -> None:
    assert counted(number, "issue") == words


def test_a_plural_that_is_not_regular_is_given() -> None:
    assert counted(2, "category", "categories") == "two categories"


@pytest.mark.parametrize(
    ("names", "words"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_names_are_joined_as_in_a_sentence(names: list[str], words: str) -> None:
    assert listed(names) == words


def test_beyond_the_most_the_rest_is_a_number() -> None:
    assert listed(["a", "b", "c", "d"], most=2) == "a, b and 2 more"


def test_a_capital_leaves_the_other_letters_alone() -> None:
    assert capital("users of ATRenew") == "Users of ATRenew"


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("we met", "We met."),
        ("We met.", "We met."),
        ("we met (in May)", "We met (in May)."),
        ("我们开会。", "我们开会。"),
    ],
)
def test_a_sentence_ends_once(text: str, ended: str) -> None:
    assert sentence(text) == ended


def test_a_day_has_no_leading_zero() -> None:
    assert on_day(date(2026, 5, 3)) == "3 May 2026"


@pytest.mark.parametrize(("language", "text"), [("en", "three"), ("zh-hans", "3")])
def test_numbers_are_words_on_english_pages_only(language: str, text: str) -> None:
    with translation.override(language):
        assert spelled(3) == text


def test_names_and_days_read_the_same_on_an_english_page() -> None:
    names = ["a", "b", "c", "d"]
    assert enumerated(names) == listed(names)
    assert enumerated(names, most=2) == listed(names, most=2)
    assert (enumerated([]), enumerated(["a"])) == ("", "a")
    assert dated(date(2026, 5, 3)) == on_day(date(2026, 5, 3))


ARABIC, HEBREW = "سلامة العملاء", "בטיחות"


@pytest.mark.parametrize("name", ["Water", "废水管理", "Wasser & Luft (2)", ""])
def test_a_name_from_left_to_right_stands_as_it_is(name: str) -> None:
    assert isolated(name) == name


@pytest.mark.parametrize("name", [ARABIC, HEBREW, f"Safety ({HEBREW})"])
def test_a_name_from_right_to_left_is_isolated_once(name: str) -> None:
    assert isolated(name) == f"\u2068{name}\u2069"
    assert isolated(isolated(name)) == isolated(name)
    assert isolated(f"{isolated(name)}, +0.3") == f"{isolated(name)}, +0.3"


@pytest.mark.parametrize("sly", ["\u202eWater", "Wa\u2069ter", "\u2066Water", "Water\u2068"])
def test_a_name_turns_nothing_around_it(sly: str) -> None:
    assert isolated(sly) == "Water"
    assert isolated(sly + ARABIC) == f"\u2068Water{ARABIC}\u2069"


def test_names_in_a_list_do_not_change_places() -> None:
    assert enumerated([ARABIC, "Water", HEBREW]) == f"\u2068{ARABIC}\u2069, Water and \u2068{HEBREW}\u2069"
    assert enumerated([isolated(ARABIC), "Water"]) == f"\u2068{ARABIC}\u2069 and Water"
