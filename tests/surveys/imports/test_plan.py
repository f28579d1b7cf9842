from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from surveys.imports.plan import ImportPlan, plan_import
from surveys.imports.problems import AnswerError, ImportProblem, MappingError
from surveys.imports.source import read_table
from surveys.tally import count
from tests.surveys.imports.files import (
    ISSUES,
    PLAIN_MAPPING,
    TWO_ROWS_MAPPING,
    WORDS,
    csv_text,
    mapping_of,
    plain_file,
    plan_of,
    two_row_answers,
    two_row_file,
    write,
)


def ratings_of(plan: ImportPlan) -> list[list[int]]:
    return plan.ratings.tolist()


def group_names(plan: ImportPlan) -> list[str]:
    return [plan.groups[number].name for number in plan.group_of]


@pytest.mark.parametrize(("column", "internal", "index"), [("Gender", "Männlich", 6), ("Age", "18-29", 7)])
def test_group_means_equal_those_of_pandas(tmp_path: Path, column: str, internal: str, index: int) -> None:
    path = two_row_file(tmp_path, two_row_answers(200), encoding="mac_roman")
    plan = plan_of(path, TWO_ROWS_MAPPING.replace('"Gender"', f'"{column}"').replace("Männlich", internal))

    frame = pd.read_csv(path, encoding="mac_roman", header=None, skiprows=2)
    rated = frame[[2, 3, 4, 5]].apply(lambda answers: answers.map(WORDS)).set_axis(ISSUES, axis="columns")
    by_group = rated.groupby(frame[index])
    means, counts = by_group.mean(), by_group.count()

    assert sorted(group.name for group in plan.groups) == sorted(means.index)
    for number, group in enumerate(plan.groups):
        tally = count(plan.ratings[plan.group_of == number], plan.scale)
        assert tally.counts.tolist() == counts.loc[group.name, ISSUES].tolist()
        assert (tally.sums / tally.counts).tolist() == means.loc[group.name, ISSUES].tolist()


def test_labels_numbers_and_no_answers_are_read(tmp_path: Path) -> None:
    texts = ["4", " 4 ", "4.0", "４", "4 - important", "4 – wichtig", "4: gut", "4 (gut)", "4分"]
    path = plain_file(tmp_path, *[["Client", text, "n/a"] for text in texts])
    assert ratings_of(plan_of(path)) == [[4, 0]] * len(texts)


def test_a_label_goes_before_the_number_it_begins_with(tmp_path: Path) -> None:
    path = plain_file(tmp_path, ["Client", "1 (top)", "5 (last)"])
    plan = plan_of(path, PLAIN_MAPPING + 'labels = { "1 (top)" = 5, "5 (last)" = 1 }\n')
    assert ratings_of(plan) == [[5, 1]]


def test_an_empty_cell_is_no_answer_whatever_the_mapping_says(tmp_path: Path) -> None:
    assert ratings_of(plan_of(plain_file(tmp_path, ["Client", "", "3"]))) == [[0, 3]]


@pytest.mark.parametrize("text", ["18-29", "2 or 3", "4.5", "4,5", "5/5", "-4", "four", "6", "0", "100"])
def test_what_is_no_rating_stops_the_import(tmp_path: Path, text: str) -> None:
    path = plain_file(tmp_path, ["Client", "1", "2"], ["Client", "3", text])
    with pytest.raises(AnswerError, match="nothing was imported") as caught:
        plan_of(path)
    message = str(caught.value)
    assert f'"{text}"' in message
    assert "once, in row 3, column C" in message


def test_every_unread_text_is_listed_with_its_count_and_first_places(tmp_path: Path) -> None:
    path = plain_file(tmp_path, *[["Client", "good", "7"]] * 4, ["Client", "bad", "1"])
    with pytest.raises(AnswerError) as caught:
        plan_of(path, PLAIN_MAPPING + 'labels = { "Very good" = 5 }\n')
    message = str(caught.value)
    assert '"good" is not a rating: 4 times, in row 2, column B' in message
    assert "row 4, column B" in message
    assert "row 5, column B" not in message
    assert '"7" is outside the scale 1 to 5: 4 times' in message
    assert '"bad" is not a rating: once, in row 6' in message
    assert '"very good" = 5' in message


def test_a_column_of_free_text_ends_the_reading_early(tmp_path: Path) -> None:
    path = plain_file(tmp_path, *[["Client", f"thought {number}", "1"] for number in range(600)])
    with pytest.raises(AnswerError, match="and 481 other texts"):
        plan_of(path)


def test_rows_without_a_rating_are_left_out_and_counted(tmp_path: Path) -> None:
    plan = plan_of(plain_file(tmp_path, ["Client", "", "N/A"], ["Client", "2", ""], ["Employee", "", ""]))
    assert plan.respondents == 1
    assert [(left.rows, left.first) for left in plan.left_out] == [(2, (2, 4))]
    assert [group.name for group in plan.groups] == ["Client"]


def test_respondents_who_did_not_say_their_group_are_left_out(tmp_path: Path) -> None:
    plan = plan_of(plain_file(tmp_path, ["Client", "1", "2"], ["", "3", "3"], ["n/a", "3", "3"]))
    assert plan.respondents == 1
    assert [(left.rows, left.first) for left in plan.left_out] == [(2, (3, 4))]
    assert "unstated" in plan.left_out[0].reason


def test_respondents_who_did_not_say_can_be_a_group_and_come_last(tmp_path: Path) -> None:
    path = plain_file(tmp_path, ["", "3", "3"], ["Client", "1", "2"], ["Zoo", "1", "2"])
    plan = plan_of(path, PLAIN_MAPPING.replace("[items]", 'unstated = "Not said"\n[items]'))
    assert [group.name for group in plan.groups] == ["Client", "Zoo", "Not said"]
    assert plan.left_out == ()


def test_internal_groups_come_first_in_the_mappings_order_and_the_others_by_name(tmp_path: Path) -> None:
    roles = ["Zoo", "Staff", "Client", "Board"]
    path = plain_file(tmp_path, *[[role, "1", "2"] for role in roles])
    plan = plan_of(path, PLAIN_MAPPING.replace('["Employee"]', '["Staff", "Board"]'))
    assert [(group.name, group.internal) for group in plan.groups] == [
        ("Staff", True), ("Board", True), ("Client", False), ("Zoo", False),
    ]  # fmt: skip
    assert group_names(plan) == roles


def test_spellings_that_look_the_same_are_one_group_and_it_is_said(tmp_path: Path) -> None:
    path = plain_file(tmp_path, ["Client", "1", "2"], ["client\u00a0", "3", "4"])
    plan = plan_of(path)
    assert [(group.name, group.respondents) for group in plan.groups] == [("Client", 2)]
    assert 'Counted together as "Client": Client, client.' in plan.notices


def test_a_misspelt_internal_group_is_refused(tmp_path: Path) -> None:
    path = plain_file(tmp_path, ["Employees", "1", "2"])
    with pytest.raises(MappingError, match=r'no respondent is of the group "Employee"\. Did you mean "Employees"'):
        plan_of(path)


def test_an_internal_group_that_nobody_is_of_is_a_notice(tmp_path: Path) -> None:
    plan = plan_of(plain_file(tmp_path, ["Client", "1", "2"]))
    assert 'No respondent is of the internal group "Employee".' in plan.notices
    assert any("importance to the company stays empty" in notice for notice in plan.notices)


def test_one_group_for_all(tmp_path: Path) -> None:
    plan = plan_of(plain_file(tmp_path, ["A", "1", "2"], ["", "3", "4"]), PLAIN_MAPPING.replace(
        'column = "Role"\ninternal = ["Employee"]', 'name = "Everybody"'))  # fmt: skip
    assert [(group.name, group.respondents) for group in plan.groups] == [("Everybody", 2)]


def test_a_group_column_of_free_text_is_refused(tmp_path: Path) -> None:
    path = plain_file(tmp_path, *[[f"Person {number}", "1", "2"] for number in range(51)])
    with pytest.raises(MappingError, match=r'column A \("Role"\) holds more than 50 different texts \("Person 0"'):
        plan_of(path)


def test_a_group_name_too_long_is_refused_with_its_place(tmp_path: Path) -> None:
    path = plain_file(tmp_path, ["Client", "1", "2"], ["x" * 121, "1", "2"])
    with pytest.raises(AnswerError, match=r'row 3, column A \("Role"\): .* 121 characters'):
        plan_of(path)


def test_a_group_is_kept_as_text_without_what_hides_or_reorders(tmp_path: Path) -> None:
    formula = '=HYPERLINK("http://example.org")'
    plan = plan_of(plain_file(tmp_path, [formula, "1", "2"], ["\u202eClient\x07", "3", "4"]))
    assert [group.name for group in plan.groups] == [formula, "Client"]


def test_a_header_without_answers_is_said(tmp_path: Path) -> None:
    with pytest.raises(AnswerError, match=r"answers\.csv: there is a header, but no row of answers below it"):
        plan_of(plain_file(tmp_path))


def test_a_file_of_which_nothing_remains_says_why(tmp_path: Path) -> None:
    with pytest.raises(AnswerError, match=r"no row can be imported .*2 rows: not one issue rated"):
        plan_of(plain_file(tmp_path, ["Client", "", ""], ["Client", "N/A", ""]))


def test_an_issue_that_nobody_rated_is_a_notice(tmp_path: Path) -> None:
    assert 'Nobody rated "Energy".' in plan_of(plain_file(tmp_path, ["Client", "1", ""])).notices


def test_a_single_rated_column_is_enough(tmp_path: Path) -> None:
    path = write(tmp_path, csv_text([["Role", "Please rate the importance of Water"], ["A", "3"]]))
    assert ratings_of(plan_of(path)) == [[3]]


def test_labels_are_held_against_the_scale_of_the_survey(
    tmp_path: Path,
) -> None:
    path = plain_file(tmp_path, ["Client", "1", "2"])
    mapping = mapping_of(PLAIN_MAPPING.replace("scale = [1, 5]\n", "") + 'labels = { "Top" = 7 }\n')
    with pytest.raises(MappingError, match='"top" = 7 is outside the scale 1 to 5'):
        plan_import(read_table(path), mapping)
    assert plan_import(read_table(path), mapping, scale=(1, 7)).scale == (1, 7)


def test_another_scale_than_the_surveys_is_refused(tmp_path: Path) -> None:
    path = plain_file(tmp_path, ["Client", "1", "2"])
    with pytest.raises(MappingError, match=r"scale: says 1 to 5, but the survey was opened with 1 to 7"):
        plan_import(read_table(path), mapping_of(PLAIN_MAPPING), scale=(1, 7))


def test_equal_rows_have_fingerprints_of_their_own(tmp_path: Path) -> None:
    plan = plan_of(plain_file(tmp_path, *[["Client", "1", "2"]] * 3))
    assert len(set(plan.fingerprints)) == 3


def test_a_fingerprint_does_not_depend_on_how_the_file_was_saved(tmp_path: Path) -> None:
    rows = [["Größe", "1", "2"], ["Client, large", "3", ""]]
    one = plan_of(plain_file(tmp_path, *rows))
    other = plan_of(plain_file(tmp_path, *reversed(rows), encoding="utf-16", delimiter=";"))
    assert sorted(one.fingerprints) == sorted(other.fingerprints)


def test_what_is_printed_of_the_file_tells_encoding_and_delimiter(tmp_path: Path) -> None:
    plan = plan_of(two_row_file(tmp_path, two_row_answers(30)), TWO_ROWS_MAPPING)
    assert plan.reading_facts.startswith("encoding mac_roman (by the letters in its words), delimiter ,, 2 header rows")


def test_readings_count_every_text_once(tmp_path: Path) -> None:
    plan = plan_of(plain_file(tmp_path, ["Client", "4", "N/A"], ["Client", "4 ", ""]))
    assert [(reading.text, reading.rating, reading.times) for reading in plan.readings] == [
        ("4", 4, 2), ("N/A", 0, 1), ("", 0, 1),
    ]  # fmt: skip


def test_every_problem_is_an_import_problem() -> None:
    assert issubclass(AnswerError, ImportProblem)
    assert issubclass(MappingError, ImportProblem)


def test_ratings_are_bytes(tmp_path: Path) -> None:
    plan = plan_of(plain_file(tmp_path, ["Client", "4", "5"]))
    assert (plan.ratings.dtype, plan.ratings.shape) == (np.uint8, (1, 2))
