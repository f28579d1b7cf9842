"""Headers of lists: found by many names, in any order; what is missing is said with what was found."""

import pytest

from scoping.lists.columns import place
from scoping.lists.contact_plan import COLUMNS as CONTACTS
from scoping.lists.issue_columns import COLUMNS as ISSUES
from scoping.lists.peer_plan import COLUMNS as PEERS
from scoping.lists.sources import read_list
from tables.problems import SourceError


@pytest.mark.parametrize("columns", [CONTACTS, ISSUES, PEERS])
def test_the_titles_of_a_list_are_its_headers(columns):
    placed = place("list.csv", [column.title for column in columns], columns)
    assert placed.positions == {column.field: at for at, column in enumerate(columns)}
    assert placed.unknown == ()


@pytest.mark.parametrize(
    "header", ["E-Mail", "email", " E MAIL ", "E_mail", "Ｅ－ｍａｉｌ", "E\u00a0mail", "e-mail *", "电子邮箱", "邮箱"]
)
def test_case_space_width_and_punctuation_of_a_header_do_not_matter(header: str):
    assert place("list.csv", ["Group", header], CONTACTS).positions["email"] == 1


def test_chinese_headers_of_a_long_list_are_understood():
    headers = ["议题编号", "议题名称", "类别", "议题描述", "对应章节", "来源类型", "来源", "日期", "引文", "链接"]
    found = place("list.csv", headers, ISSUES).positions
    assert list(found) == [
        "code", "name", "category", "description", "chapters", "kind", "source", "found_on", "quotation", "link",
    ]  # fmt: skip


def test_columns_may_stand_in_any_order_and_unknown_ones_are_named():
    placed = place("list.csv", ["Shoe size", "姓名", "Group", "Remarks"], CONTACTS)
    assert placed.positions == {"name": 1, "group": 2}
    assert placed.unknown == ("Shoe size", "Remarks")


def test_a_missing_column_is_refused_with_what_was_found_and_what_is_expected():
    with pytest.raises(SourceError) as refused:
        place("people.csv", ["Grup", "Name"], CONTACTS)
    text = str(refused.value)
    for part in ("people.csv", "no column Group", "“Grup”, “Name”", "Group (required), Name, E-mail", "Did you mean"):
        assert part in text


def test_two_columns_for_one_field_are_refused_with_their_places():
    with pytest.raises(SourceError, match=r"columns 2 \(“Mail”\) and 3 \(“邮箱”\) are both read as E-mail"):
        place("people.csv", ["Group", "Mail", "邮箱"], CONTACTS)


def test_cells_come_in_the_order_of_the_list_whatever_the_order_of_the_file():
    file = read_list("people.csv", b"Language,Group\nen,Staff\n", CONTACTS)
    assert file.rows == [(2, ("Staff", "", "", "", "", "en"))]


def test_texts_with_lines_keep_them_and_names_lose_them():
    raw = b'"Name","Practice"\r\n"Water\r\nuse","One.\r\nTwo."\r\n'
    file = read_list("issues.csv", raw, ISSUES)
    assert file.rows[0][1][0] == "Water use"
    assert "One.\nTwo." in file.rows[0][1]


@pytest.mark.parametrize(
    ("raw", "reading"),
    [
        ("Group;Name\nKunden;Jörg\n".encode("cp1252"), "cells parted by semicolons"),
        ("Group,Name\nKunden,Jörg\n".encode("utf-8-sig"), "CSV in UTF-8"),
        ("Group\tName\n客户\t张伟\n".encode("utf-16"), "cells parted by tabs"),
    ],
)
def test_how_the_file_was_read_is_said(raw: bytes, reading: str):
    assert reading in read_list("people.csv", raw, CONTACTS).reading.replace("-SIG", "")
