import tomllib
from pathlib import Path

from surveys.imports.source import read_table
from surveys.imports.starter import starter_mapping
from tests.surveys.imports.files import (
    ISSUES,
    PLAIN_HEADER,
    csv_text,
    mapping_of,
    plain_file,
    plan_of,
    two_row_answers,
    two_row_file,
    write,
)


def test_ratings_in_words_are_found_and_their_numbers_left_to_fill_in(tmp_path: Path) -> None:
    path = two_row_file(tmp_path, two_row_answers(60))
    text = starter_mapping(read_table(path))
    told = tomllib.loads(text)
    assert set(told["ratings"]["labels"]) == {
        "Very important",
        "Rather important",
        "Rather unimportant",
        "Not important",
    }
    assert told["ratings"]["no_answer"] == ["Cannot judge (N/A)", ""]
    assert told["ratings"]["scale"] == [1, 4]
    assert told["group"]["column"] == "Gender"


def test_filled_in_the_starter_imports_the_file(tmp_path: Path) -> None:
    path = two_row_file(tmp_path, two_row_answers(60))
    plan = plan_of(path, starter_mapping(read_table(path)).replace("= 0", "= 3"))
    assert [item.name for item in plan.items] == ISSUES


def test_numbers_need_no_labels(tmp_path: Path) -> None:
    rows = [["Client", str(number % 5 + 1), str(number % 4 + 1)] for number in range(20)] + [["Staff", "1", "2"]]
    path = plain_file(tmp_path, *rows)
    plan = plan_of(path, starter_mapping(read_table(path)))
    assert plan.scale == (1, 5)
    assert [item.name for item in plan.items] == PLAIN_HEADER[1:]
    assert sorted(group.name for group in plan.groups) == ["Client", "Staff"]


def test_a_column_about_people_is_offered_first(tmp_path: Path) -> None:
    rows = [[str(n % 3), ["Staff", "Client"][n % 2], str(n % 5 + 1), str(n % 5 + 1)] for n in range(20)]
    path = write(tmp_path, csv_text([["Wave", "Stakeholder group", "Water", "Energy"], *rows]))
    assert tomllib.loads(starter_mapping(read_table(path)))["group"]["column"] == "Stakeholder group"


def test_a_file_without_ratings_gives_a_mapping_that_lists_its_headers(tmp_path: Path) -> None:
    path = write(tmp_path, csv_text([["Name", 'What do you "think"?'], ["A", "much"]]))
    text = starter_mapping(read_table(path))
    assert '#   What do you "think"?' in text
    assert mapping_of(text).group_name == "Respondents"
