import tomllib
from pathlib import Path

from surveys.imports.source import read_table
from surveys.imports.starter import starter_mapping
from tests.surveys.imports.files import (
    ISSUES,
    WORDS,
    csv_text,
    mapping_of,
    plain_file,
    plan_of,
    two_row_answers,
    two_row_file,
    write,
)


def test_ratings_in_words_are_found_with_their_numbers(tmp_path: Path) -> None:
    path = two_row_file(tmp_path, two_row_answers(60))
    text = starter_mapping(read_table(path))
    told = tomllib.loads(text)
    assert told["ratings"]["labels"] == WORDS
    assert told["ratings"]["no_answer"] == ["Cannot judge (N/A)", ""]
    assert told["ratings"]["scale"] == [1, 4]
    assert told["group"]["column"] == "Gender"


def test_words_of_no_known_scale_are_left_to_fill_in(tmp_path: Path) -> None:
    rows = [["Staff", word, word] for word in ("Super", "Hm", "Meh")]
    path = write(tmp_path, csv_text([["Role", "Rate [Water]", "Rate [Energy]"], *rows]))
    text = starter_mapping(read_table(path))
    assert tomllib.loads(text)["ratings"]["labels"] == {"Super": 0, "Hm": 0, "Meh": 0}
    assert "# Give each text with 0 its number on the scale" in text
    assert plan_of(path, text.replace("= 0", "= 3")).respondents == 3


def test_the_starter_imports_the_file(tmp_path: Path) -> None:
    path = two_row_file(tmp_path, two_row_answers(60))
    plan = plan_of(path, starter_mapping(read_table(path)))
    assert [item.name for item in plan.items] == ISSUES


def test_numbers_need_no_labels(tmp_path: Path) -> None:
    rows = [["Client", str(number % 5 + 1), str(number % 4 + 1)] for number in range(20)] + [["Staff", "1", "2"]]
    path = plain_file(tmp_path, *rows)
    plan = plan_of(path, starter_mapping(read_table(path)))
    assert plan.scale == (1, 5)
    assert [item.name for item in plan.items] == ["Water", "Energy"]
    assert sorted(group.name for group in plan.groups) == ["Client", "Staff"]


def test_a_column_about_people_is_offered_first(tmp_path: Path) -> None:
    rows = [[str(n % 3), ["Staff", "Client"][n % 2], str(n % 5 + 1), str(n % 5 + 1)] for n in range(20)]
    path = write(tmp_path, csv_text([["Wave", "Stakeholder group", "Water", "Energy"], *rows]))
    assert tomllib.loads(starter_mapping(read_table(path)))["group"]["column"] == "Stakeholder group"


def test_a_file_without_ratings_gives_a_mapping_that_lists_its_headers(tmp_path: Path) -> None:
    path = write(tmp_path, csv_text([["Name", 'What do you "think"?'], ["A", "much"]]))
    text = starter_mapping(read_table(path))
    assert '# What do you "think"?' in text
    assert mapping_of(text).group_name == "Respondents"


EXAMPLE = [
    ["Respondent", "Which best describes you?", "Rate the importance of Water.", "Rate the importance of Fair wages."],
    ["1001", "Employee", "Very important", "4 - rather important"],
    ["1002", "Supplier", "3", "Very important"],
    ["1003", "Supplier", "N/A", "Not important"],
    ["1004", "Client", "Very important", ""],
]


def test_a_file_of_a_few_rows_is_enough_to_find_ratings_group_and_scale(tmp_path: Path) -> None:
    told = tomllib.loads(starter_mapping(read_table(write(tmp_path, csv_text(EXAMPLE)))))
    assert told["group"]["column"] == "Which best describes you?"
    assert list(told["items"]["columns"].values()) == ["Water", "Fair wages"]
    assert told["ratings"]["scale"] == [1, 5]
    assert told["ratings"]["no_answer"] == ["N/A", ""]
    assert told["ratings"]["labels"] == {"Very important": 5, "Not important": 1}


def test_numbers_of_a_few_rows_need_not_overlap(tmp_path: Path) -> None:
    rows = [["Year", "Role", "Water", "Energy"], ["2021", "Staff", "1", "3"], ["2022", "Client", "2", "4"]]
    text = starter_mapping(read_table(write(tmp_path, csv_text(rows))))
    told = tomllib.loads(text)
    assert (told["items"]["columns"], told["ratings"]["scale"]) == ({"Water": "Water", "Energy": "Energy"}, [1, 5])


def test_answers_about_a_person_are_no_ratings_however_few_the_rows(tmp_path: Path) -> None:
    rows = [["Role", "Country", "Water"], ["Staff", "China", "5"], ["Client", "Spain", "4"], ["Bank", "Chile", "4"]]
    assert "No set of columns looks like ratings" in starter_mapping(read_table(write(tmp_path, csv_text(rows))))
