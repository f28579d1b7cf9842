import pytest

from tables.delimited import detect_delimiter, foreign, place, stated_delimiter


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Name;Water, clean, for all\nA;1\n", ";"),
        ('"Name","a;b;c"\n"A","d;e;f"\n', ","),
        ('Name;"x"y\nA;1\n', ";"),
        ("Name\nA\n", ","),
    ],
)
def test_the_delimiter_is_the_one_that_makes_a_table(text: str, delimiter: str) -> None:
    assert detect_delimiter(text.encode(), "utf-8") == delimiter


def test_a_stated_delimiter_stands_alone_in_the_first_line() -> None:
    assert stated_delimiter(b"SEP=;\r\nName;Group\r\n", "utf-8") == ";"
    assert stated_delimiter(b"sep=;Name\n", "utf-8") is None


def test_a_text_is_not_foreign() -> None:
    assert foreign(b"Name,Group\n") is None


def test_a_place_names_the_line_where_it_differs_from_the_row() -> None:
    assert [place(3, 3), place(3, 5)] == ["row 3", "row 3 (line 5 of the file)"]
