import os
from pathlib import Path

import pytest

from surveys.imports import source
from surveys.imports.headers import Column
from surveys.imports.source import read_table, table_of
from tables.problems import SourceError
from tests.surveys.imports.exports import WORDS, Export, answers, file_of, surveymonkey
from tests.surveys.imports.files import (
    ISSUES,
    PLAIN_HEADER,
    QUESTION,
    csv_text,
    plain_file,
    two_row_answers,
    two_row_file,
    write,
)

QUALTRICS = [
    ["StartDate", "IPAddress", "Q1", "Q2_1", "Q2_2"],
    ["Start Date", "IP Address", "Your role", "Please rate - Water", "Please rate - Energy"],
    [f'{{"ImportId":"{code}"}}' for code in ("startDate", "ipAddress", "QID1", "QID2_1", "QID2_2")],
    ["2024-01-01", "192.0.2.1", "Employee", "4", "5"],
]  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_detected(tmp_path: Path, delimiter: str) -> None:
    path = plain_file(tmp_path, ["Employee", "4", "5"], ["Client, large", "3", ""], delimiter=delimiter)
    table = read_table(path)
    assert table.delimiter == delimiter
    assert [row.cells for row in table.rows()] == [["Employee", "4", "5"], ["Client, large", "3", ""]]


def test_commas_in_a_header_do_not_beat_the_semicolon(tmp_path: Path) -> None:
    path = write(tmp_path, "Role;Water, clean, for all;Energy\nEmployee;4;5\nClient;3;2\n")
    assert read_table(path).delimiter == ";"


def test_the_line_that_states_the_delimiter_is_obeyed_and_skipped(tmp_path: Path) -> None:
    path = write(tmp_path, "sep=;\nRole;Water, Energy\nA;1,5\n")
    table = read_table(path)
    assert [column.header for column in table.columns] == ["Role", "Water, Energy"]
    assert [(row.number, row.line) for row in table.rows()] == [(2, 3)]


def test_a_byte_order_mark_is_no_part_of_the_first_header(tmp_path: Path) -> None:
    path = write(tmp_path, '"Role","Water"\n"A","1"\n', encoding="utf-8-sig")
    assert read_table(path).columns[0].header == "Role"
    assert read_table(path, encoding="utf-8").columns[0].header == "Role"


def test_utf16_with_tabs_is_read(tmp_path: Path) -> None:
    table = read_table(plain_file(tmp_path, ["Größe", "1", "2"], encoding="utf-16", delimiter="\t"))
    assert [row.cells for row in table.rows()] == [["Größe", "1", "2"]]


def test_line_breaks_inside_cells_stay_inside(tmp_path: Path) -> None:
    path = write(tmp_path, csv_text([["Role", "Why"], ["A", "one\r\ntwo"], ["B", "x"]], end="\r\n"))
    rows = list(read_table(path).rows())
    assert [row.cells for row in rows] == [["A", "one\r\ntwo"], ["B", "x"]]
    assert str(rows[1]) == "row 3 (line 4 of the file)"


def test_a_file_with_the_line_ends_of_an_old_mac_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, csv_text([["Role", "Énergie"], ["A", "1"], ["B", "2"]], end="\r"), encoding="mac_roman")
    table = read_table(path)
    assert table.columns[1].header == "Énergie"
    assert [row.cells for row in table.rows()] == [["A", "1"], ["B", "2"]]


def test_empty_lines_and_empty_rows_are_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path, "\nRole,Water\n\nA,1\n,\nB,2\n\n")
    assert [(row.number, row.cells) for row in read_table(path).rows()] == [(4, ["A", "1"]), (6, ["B", "2"])]


def test_a_second_header_row_with_items_is_recognised(tmp_path: Path) -> None:
    table = read_table(two_row_file(tmp_path, two_row_answers(5)))
    assert table.header_rows == 2
    assert [column.name for column in table.columns] == ["RespondentID", "Comments", *ISSUES, "Gender", "Age"]
    assert [column.header for column in table.columns[2:6]] == [f"{QUESTION} {issue}" for issue in ISSUES]


def test_items_are_recognised_without_the_word_response(tmp_path: Path) -> None:
    rows = [["Role", "Please rate", ""], ["", "Water", "Energy"], ["A", "4", "5"]]
    assert read_table(write(tmp_path, csv_text(rows))).header_rows == 2


@pytest.mark.parametrize("first", [["A", "4", "5"], ["A", "good", "good"], ["A", "", "good"]])
def test_a_column_without_a_header_does_not_make_answers_a_header(tmp_path: Path, first: list[str]) -> None:
    rows = [["Role", "Water", ""], first, ["B", "4", "5"]]
    assert read_table(write(tmp_path, csv_text(rows))).header_rows == 1


def test_three_header_rows_with_import_ids_are_recognised(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, csv_text(QUALTRICS)))
    assert table.header_rows == 3
    assert table.columns[3].texts == ("Q2_1", "Please rate - Water")
    assert [row.number for row in table.rows()] == [4]


def test_the_mapping_overrules_the_number_of_header_rows(tmp_path: Path) -> None:
    path = write(tmp_path, "Role,Water\nwho,how much\nA,4\n")
    assert read_table(path).header_rows == 1
    assert read_table(path, header_rows=2).columns[1].texts == ("Water", "how much")


def test_a_column_has_the_letters_of_a_spreadsheet() -> None:
    assert Column(26, ("x",)).letters == "AA"


@pytest.mark.parametrize("cells", [["Employee", "4"], ["Employee", "4", "5", "6"]])
def test_a_ragged_row_is_named(tmp_path: Path, cells: list[str]) -> None:
    path = plain_file(tmp_path, ["Client", "1", "2"], cells)
    with pytest.raises(SourceError, match=rf"answers\.csv, row 3: {len(cells)} cells, but the header has 3 columns"):
        list(read_table(path).rows())


def test_delimiters_at_the_end_of_a_row_do_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, "Role,Water\nA,1,\nB,2,,\n")
    assert [row.cells for row in read_table(path).rows()] == [["A", "1"], ["B", "2"]]


def test_a_quotation_mark_that_is_never_closed_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, 'Role,Water\nA,1\n"B,2\nC,3\n')
    with pytest.raises(SourceError, match=r"row 3 \(line 4 of the file\): a quotation mark .* never closed"):
        list(read_table(path).rows())


def test_a_stray_quotation_mark_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, 'Role,Water\n"A"x,1\n')
    with pytest.raises(SourceError, match="row 2: a quotation mark stands inside a quoted cell"):
        list(read_table(path).rows())


def test_an_endless_cell_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "Role,Water\nA," + "x" * 200_000 + "\n")
    with pytest.raises(SourceError, match="row 2: a cell is longer than 131,072 characters"):
        list(read_table(path).rows())


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match=r"answers\.csv: the file is empty"):
        read_table(write(tmp_path, text))


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"PK\x03\x04rest", "the workbook is damaged or incomplete"),
        (b"\xd0\xcf\x11\xe0", r"an old Excel workbook \(XLS\)\. Save it as XLSX or CSV"),
        (b"%PDF-1.7", "this is a PDF, neither a CSV nor an XLSX file"),
        (b" <html><body>", "this is a web page, neither a CSV nor an XLSX file"),
        (b'[{"Role": "A"}]', "this is JSON, neither a CSV nor an XLSX file"),
    ],
)
def test_what_is_no_table_is_called_by_its_name(tmp_path: Path, raw: bytes, told: str) -> None:
    with pytest.raises(SourceError, match=f"answers.csv: .*{told}"):
        read_table(write(tmp_path, raw))


def test_a_workbook_is_read_as_the_same_table(tmp_path: Path) -> None:
    export = surveymonkey(answers(20), WORDS)
    book, text = (table_of(*file_of(export, kind)) for kind in ("xlsx", "csv"))
    assert (book.header_rows, book.columns) == (text.header_rows, text.columns) == (2, text.columns)
    assert [row.cells for row in book.rows()] == [row.cells for row in text.rows()]
    assert book.reading_facts == "Excel workbook, sheet “Answers”, 2 header rows, 18 columns"


def test_a_cell_of_a_workbook_beyond_the_headers_is_named() -> None:
    export = Export("", [["Role", "Water"], ["A", 4], ["B", 5, "stray"]])
    with pytest.raises(SourceError, match=r"answers\.xlsx, row 3: 3 cells, but the header has 2 columns\. Give each"):
        list(table_of(*file_of(export, "xlsx")).rows())


def test_a_title_above_the_table_is_passed_over(tmp_path: Path) -> None:
    rows = [["Survey of 2026", "", ""], ["", "", ""], ["Role", "Water", "Energy"], ["A", "4", "5"]]
    table = read_table(write(tmp_path, csv_text(rows)))
    assert [column.header for column in table.columns] == ["Role", "Water", "Energy"]
    assert [(row.number, row.cells) for row in table.rows()] == [(4, ["A", "4", "5"])]


def test_an_older_qualtrics_export_has_two_header_rows(tmp_path: Path) -> None:
    path = write(tmp_path, csv_text([QUALTRICS[0], QUALTRICS[1], QUALTRICS[3]]))
    table = read_table(path)
    assert (table.header_rows, table.columns[3].texts) == (2, ("Q2_1", "Please rate - Water"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.csv: cannot be read \(No such file"):
        read_table(tmp_path / "nowhere.csv")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_table(tmp_path)


def test_a_file_beyond_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.touch()
    os.truncate(path, source.MAX_BYTES + 1)  # sparse: takes no room
    with pytest.raises(SourceError, match="at most 200 MB"):
        read_table(path)


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_ROWS", 2)
    path = plain_file(tmp_path, *[["A", "1", "2"]] * 3)
    with pytest.raises(SourceError, match="more than 2 rows"):
        list(read_table(path).rows())


def test_too_many_columns_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_COLUMNS", 2)
    with pytest.raises(SourceError, match="3 columns, and at most 2"):
        read_table(plain_file(tmp_path))


def test_rows_can_be_read_twice(tmp_path: Path) -> None:
    table = read_table(plain_file(tmp_path, ["A", "1", "2"]))
    assert list(table.rows()) == list(table.rows()) != []
    assert [column.header for column in table.columns] == PLAIN_HEADER
