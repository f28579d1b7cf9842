from pathlib import Path

import pytest

from surveys.imports.columns import choose_columns
from surveys.imports.problems import MappingError
from surveys.imports.source import read_table
from tests.surveys.imports.files import (
    ISSUES,
    PLAIN_MAPPING,
    QUESTION,
    TWO_ROWS_MAPPING,
    csv_text,
    mapping_of,
    plain_file,
    two_row_answers,
    two_row_file,
    write,
)

QUALTRICS = csv_text(
    [
        ["ResponseId", "Q1", "Q2_1", "Q2_2"],
        ["Response ID", "Your role", "Please rate - Water", "Please rate - Energy"],
        ['{"ImportId":"_recordId"}', '{"ImportId":"QID1"}', '{"ImportId":"QID2_1"}', '{"ImportId":"QID2_2"}'],
        ["R_1", "Employee", "4", "5"],
    ]
)


def chosen(path: Path, mapping: str) -> tuple[str, list[str]]:
    """The letters of the group's column and the names of the issues."""
    columns = choose_columns(read_table(path), mapping_of(mapping))
    assert columns.group is not None
    return columns.group.letters, [item.name for item in columns.items]


def mapping(group: str, pattern: str, name: str | None = None) -> str:
    lines = ["[group]", f"column = '{group}'", "[items]", f"pattern = '{pattern}'"]
    return "\n".join([*lines, f"name = '{name}'"] if name else lines)


def test_the_name_is_the_first_group_of_the_pattern(tmp_path: Path) -> None:
    assert chosen(plain_file(tmp_path), PLAIN_MAPPING) == ("A", ["Water", "Energy"])


def test_without_a_name_pattern_the_whole_header_is_the_name(tmp_path: Path) -> None:
    names = chosen(plain_file(tmp_path), mapping("Role", "^Please rate"))[1]
    assert names == ["Please rate the importance of Water.", "Please rate the importance of Energy."]


def test_under_two_header_rows_the_item_is_the_name(tmp_path: Path) -> None:
    path = two_row_file(tmp_path, two_row_answers(3))
    assert chosen(path, TWO_ROWS_MAPPING) == ("G", ISSUES)


@pytest.mark.parametrize("pattern", [r"honestly\. Wasser$", "^Wasser$", "^(Wasser|Luft)$"])
def test_a_pattern_is_tried_on_the_joined_header_and_on_the_item_alone(tmp_path: Path, pattern: str) -> None:
    path = two_row_file(tmp_path, two_row_answers(3))
    assert chosen(path, mapping("Gender", pattern))[1] == ["Wasser"]


def test_a_pattern_is_tried_on_the_question_alone(tmp_path: Path) -> None:
    path = two_row_file(tmp_path, two_row_answers(3))
    assert chosen(path, mapping("Gender", r"honestly\.$"))[1] == ISSUES


def test_a_name_pattern_sees_the_joined_header_first(tmp_path: Path) -> None:
    path = two_row_file(tmp_path, two_row_answers(3))
    names = chosen(path, mapping("Gender", "Wasser", r"honestly\. (.*)$"))[1]
    assert names == ["Wasser"]


@pytest.mark.parametrize("group", ["Gender", "Gender Response", "Gender\u00a0Response"])
def test_the_group_may_be_called_by_its_question_or_the_joined_header(tmp_path: Path, group: str) -> None:
    assert chosen(two_row_file(tmp_path, two_row_answers(3)), mapping(group, "Wasser"))[0] == "G"


@pytest.mark.parametrize("group", ["Q1", "Your role", "Q1 Your role"])
def test_of_three_header_rows_code_and_wording_both_name_a_column(tmp_path: Path, group: str) -> None:
    path = write(tmp_path, QUALTRICS)
    assert chosen(path, mapping(group, "^Q2_", "rate - (.*)")) == ("B", ["Water", "Energy"])


def test_a_no_break_space_in_the_header_equals_a_space_in_the_mapping(tmp_path: Path) -> None:
    path = write(tmp_path, csv_text([["Your\u00a0role", "Please\u00a0rate Water"], ["A", "1"]]))
    assert chosen(path, mapping("Your role", "^Please rate (?=Water)"))[0] == "A"


def test_a_full_width_header_is_found_by_plain_and_by_full_width_letters(tmp_path: Path) -> None:
    path = write(tmp_path, csv_text([["身份", "重要性（气候）"], ["员工", "5"]]))
    assert chosen(path, mapping("身份", "^重要性", "（(.*)）"))[1] == ["气候"]
    assert chosen(path, mapping("身份", r"^重要性\(", r"\((.*)\)"))[1] == ["气候"]


def test_an_unknown_group_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r'line 3, \[group\] column: .* no column "Rolle"\. Did you mean "Role"'):
        chosen(plain_file(tmp_path), PLAIN_MAPPING.replace('"Role"', '"Rolle"'))


def test_a_group_column_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "Role,Role,Water\nA,B,1\n")
    with pytest.raises(MappingError, match=r'is the header of 2 columns: column A \("Role"\), column B'):
        chosen(path, mapping("Role", "Water"))


def test_a_pattern_that_matches_nothing_shows_the_headers(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r'matches no header of answers\.csv\. Headers are "Role", "Please rate'):
        chosen(plain_file(tmp_path), mapping("Role", "^Please judge"))


def test_two_columns_of_one_issue_are_both_named(tmp_path: Path) -> None:
    path = write(tmp_path, "Role,Rate Water,Rate  water now\nA,1,2\n")
    with pytest.raises(MappingError, match=r'column B \("Rate Water"\) and column C .* both give the issue "water"'):
        chosen(path, mapping("Role", "^Rate", r"Rate (\w+)"))


def test_a_pattern_may_not_take_the_group(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r'matches column A \("Role"\), which is also the group'):
        chosen(plain_file(tmp_path), mapping("Role", "."))


def test_a_name_pattern_that_finds_nothing_names_the_column(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"name: finds no name in the header of column B"):
        chosen(plain_file(tmp_path), mapping("Role", "^Please", "issue (.*)"))


def test_a_name_too_long_for_an_issue_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path, csv_text([["Role", "Rate " + "x" * 300], ["A", "1"]]))
    with pytest.raises(MappingError, match=r"column B .* 305 characters; at most 300 fit\. Say with \[items\] name"):
        chosen(path, mapping("Role", "^Rate"))


def test_hidden_characters_do_not_reach_a_name(tmp_path: Path) -> None:
    path = write(tmp_path, csv_text([["Role", "Rate \u202eretaW\x07"], ["A", "1"]]))
    assert chosen(path, mapping("Role", "^Rate", "Rate (.*)"))[1] == ["retaW"]


def test_a_formula_in_a_header_is_a_name_like_any_other(tmp_path: Path) -> None:
    formula = '=HYPERLINK("http://example.org","Water")'
    path = write(tmp_path, csv_text([["Role", formula], ["A", "1"]]))
    assert chosen(path, mapping("Role", "^=HYPER"))[1] == [formula]


def test_the_question_stands_in_every_column_that_it_spans(tmp_path: Path) -> None:
    table = read_table(two_row_file(tmp_path, two_row_answers(3)))
    assert {column.texts[0] for column in table.columns[2:6]} == {QUESTION}
