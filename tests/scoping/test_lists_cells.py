"""Single cells: what is read, and what is refused with what would be right."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from hypothesis import given
from hypothesis import strategies as st

from scoping.lists.cells import (
    CellError,
    plain_email,
    read_code,
    read_count,
    read_day,
    read_email,
    read_goals,
    read_language,
    read_link,
    read_source_kind,
)
from scoping.models import SourceKind


@pytest.mark.parametrize("text", ["li.wei@example.org", "o'neill@example.org", "info@例子.测试", '"ab"@example.org'])
def test_addresses_are_read(text: str):
    assert read_email(text) == text


@pytest.mark.parametrize(
    "text", ["li.wei", "li@", "@example.org", "li wei@example.org", "a@b", "a..b@example.org", "a@b.org, c@d.org"]
)
def test_what_is_no_address_is_refused(text: str):
    with pytest.raises(CellError, match="is not an e-mail address"):
        read_email(text)


def test_an_address_that_is_too_long_is_refused_with_the_limit():
    with pytest.raises(CellError, match="at most 254 characters"):
        read_email(f"{'a' * 250}@example.org")


@given(st.from_regex(r"[A-Za-z0-9._%+-]{1,12}@[A-Za-z0-9.-]{1,20}", fullmatch=True))
def test_the_quick_test_of_addresses_lets_nothing_through_that_the_slow_one_refuses(text: str):
    if plain_email(text):
        try:
            validate_email(text)
        except ValidationError:
            pytest.fail(f"{text} is refused by Django")


@pytest.mark.parametrize(
    ("text", "code"), [("en", "en"), ("English", "en"), ("中文", "zh-Hans"), ("zh_CN", "zh-Hans"), ("pt-BR", "pt-BR")]
)
def test_languages_are_read_by_code_or_name(text: str, code: str):
    assert read_language(text) == code


def test_what_is_no_language_is_refused():
    with pytest.raises(CellError, match="such as en or zh-Hans"):
        read_language("Klingon!")


@pytest.mark.parametrize(
    "text", ["2026-03-05", "2026/3/5", "2026.03.05", "2026年3月5日", "2026-03-05T00:00:00", "2026-03-05 00:00:00"]
)
def test_days_are_read_with_the_year_first(text: str):
    assert read_day(text) == date(2026, 3, 5)


@pytest.mark.parametrize("text", ["05/03/2026", "March 2026", "2026-02-30", "0026-03-05", "soon", "2026-03-05 17:30"])
def test_what_is_no_day_is_refused(text: str):
    with pytest.raises(CellError, match="such as 2026-03-05"):
        read_day(text)


@pytest.mark.parametrize("text", ["ftp://example.org", "javascript:alert(1)", "example.org", "https://", "https://a b"])
def test_only_web_addresses_are_links(text: str):
    with pytest.raises(CellError, match="not a web address"):
        read_link(text)


@pytest.mark.parametrize(
    ("text", "goals"),
    [
        ("7, 12,13", [7, 12, 13]),
        ("13;7；7", [7, 13]),
        ("SDG 7、SDG13", [7, 13]),
        ("Goal 7: Affordable and Clean Energy", [7]),
        ("Peace, Justice and Strong Institutions, 3", [3, 16]),
        ("industry, innovation AND infrastructure", [9]),
        ("7.0", [7]),
    ],
)
def test_goals_are_read_by_number_or_name(text: str, goals: list[int]):
    assert read_goals(text) == goals


@pytest.mark.parametrize(
    ("text", "hint"), [("18", "numbered 1 to 17"), ("0", "numbered 1 to 17"), ("-3", "not a goal")]
)
def test_a_goal_that_does_not_exist_is_refused(text: str, hint: str):
    with pytest.raises(CellError, match=hint):
        read_goals(text)


def test_a_misspelt_goal_gets_a_suggestion():
    with pytest.raises(CellError, match='Did you mean "Climate Action"'):
        read_goals("Climat Action")


@pytest.mark.parametrize("kind", SourceKind)
def test_a_kind_of_source_is_read_by_its_label(kind: SourceKind):
    assert read_source_kind(str(kind.label).upper()) is kind


def test_an_unknown_kind_of_source_is_refused_with_all_kinds():
    with pytest.raises(CellError, match=r'Did you mean "Media analysis".*Peer benchmarking'):
        read_source_kind("Media analysys")


def test_a_code_is_written_as_in_links():
    assert read_code("E 1.1") == "e-1-1"


def test_a_code_without_letters_is_refused():
    with pytest.raises(CellError, match="letters A to Z"):
        read_code("能源")


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "first", "99999"])
def test_a_rank_is_a_whole_number_from_1(text: str):
    with pytest.raises(CellError, match="whole number from 1"):
        read_count(text)
