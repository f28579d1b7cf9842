import pytest

from tables.problems import SourceError
from tables.reading import Limits, Sheet, read_sheet
from tests.tables.workbooks import cells_of, inline, sheet, workbook


def refusal(name: str, raw: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(SourceError) as caught:
        list(read_sheet(name, raw, limits=limits).rows())
    return str(caught.value)


def read(text: str, *, encoding: str = "utf-8") -> Sheet:
    return read_sheet("list.csv", text.encode(encoding))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_detected(delimiter: str) -> None:
    found = read(f'Name{delimiter}Group\n"A, B; C"{delimiter}Staff\n')
    assert (found.kind, found.delimiter, found.columns) == ("csv", delimiter, ("Name", "Group"))
    assert [record.cells for record in found.rows()] == [["A, B; C", "Staff"]]


def test_the_line_that_states_the_delimiter_is_obeyed() -> None:
    found = read("sep=;\nName, first;Group\nA;1\n")
    assert found.columns == ("Name, first", "Group")
    assert [str(record) for record in found.rows()] == ["row 2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_the_encoding_is_detected(encoding: str) -> None:
    found = read("Name;Ort\nJosé Müller;Größe, Straße\n", encoding=encoding)
    assert [record.cells for record in found.rows()] == [["José Müller", "Größe, Straße"]]


def test_two_encodings_in_one_file_are_refused_with_the_line() -> None:
    raw = b"Name\n" + "Größe, Straße, Öl, Äpfel, süß, für, über, möglich\n".encode() * 3 + b"M\xfcller\n"
    assert "list.csv, line 5: the file is UTF-8, but the byte 0xfc here is broken" in refusal("list.csv", raw)


def test_line_breaks_inside_cells_become_spaces_and_can_be_had() -> None:
    record = next(read('Name,Meaning\r\n"Ann\r\nLee","One.\r\n\r\n Two. "\r\n').rows())
    assert record.cells == ["Ann Lee", "One. Two."]
    assert record.lines(1) == "One.\n\nTwo."


def test_a_row_is_called_by_its_number_in_a_spreadsheet() -> None:
    rows = list(read('\nName,Note\n\nA,"x\ny"\nB,z\n').rows())
    assert [str(row) for row in rows] == ["row 4", "row 5"]


def test_what_a_short_row_lacks_is_empty() -> None:
    assert cells_of(b"Name,Group,Note\nA,Staff\n", name="list.csv")[1] == ["A", "Staff", ""]


def test_empty_cells_beyond_the_header_do_no_harm() -> None:
    assert cells_of(b"Name,Group,\nA,Staff,,\n", name="list.csv") == [["Name", "Group"], ["A", "Staff"]]


def test_a_cell_beyond_the_header_is_named() -> None:
    message = refusal("list.csv", b"Name,Group\nA,Staff\nB,Staff, board\n")
    assert 'list.csv, row 3: "board" stands in column C, which has no header' in message


def test_a_cell_below_an_empty_header_is_named() -> None:
    assert '"x" stands in column B, which has no header' in refusal("list.csv", b"Name,,Group\nA,x,Staff\n")


def test_two_columns_of_one_name_are_both_named() -> None:
    message = refusal("list.csv", b"Name,Group,NAME \nA,B,C\n")
    assert 'list.csv, row 1: the columns A and C have the same header "NAME"' in message


def test_the_guard_of_an_exported_formula_is_taken_off() -> None:
    assert cells_of(b"Name\n'=1+1\n'tis\n", name="list.csv")[1:] == [["=1+1"], ["'tis"]]


def test_control_and_bidi_characters_are_taken_out() -> None:
    assert cells_of("Na\u200bme\nWa\u202eter\n".encode(), name="list.csv") == [["Name"], ["Water"]]


def test_rows_can_be_read_twice() -> None:
    found = read_sheet("list.xlsx", workbook(sheet(inline("Name"), inline("A"))))
    assert [record.cells for record in found.rows()] == [record.cells for record in found.rows()] == [["A"]]


def test_a_header_alone_is_a_sheet_without_rows() -> None:
    assert cells_of(b"Name,Group\n", name="list.csv") == [["Name", "Group"]]


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
@pytest.mark.parametrize("raw", [b"", b" \r\n \n"])
def test_an_empty_file_is_said_to_be_empty(name: str, raw: bytes) -> None:
    assert refusal(name, raw) == f"{name}: the file is empty."


def test_a_file_of_delimiters_is_empty() -> None:
    assert refusal("list.csv", b";;;\n;;;\n") == "list.csv: the file is empty."


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "a web page"),
        (b"<TABLE><tr>", "a web page"),
        (b'[{"Name": "A"}]', "JSON"),
        (b"<?xml version='1.0'?>", "XML"),
        (b"\x1f\x8b\x08", "compressed"),
    ],
)
@pytest.mark.parametrize("name", ["list.csv", "list.xlsx", "list"])
def test_what_is_no_table_is_called_by_its_name(name: str, raw: bytes, kind: str) -> None:
    assert refusal(name, raw).startswith(f"{name}: this is {kind}, neither a CSV nor an XLSX file.")


def test_an_old_workbook_is_to_be_saved_anew() -> None:
    assert refusal("list.xls", b"\xd0\xcf\x11\xe0" + bytes(600)).endswith("Save it as XLSX or CSV.")


def test_a_workbook_with_a_password_is_said_to_have_one() -> None:
    raw = b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    assert "list.xlsx: is protected with a password" in refusal("list.xlsx", raw)


def test_a_workbook_called_csv_is_refused() -> None:
    assert "though its name ends in .csv" in refusal("list.csv", workbook(sheet(inline("Name"))))


def test_a_text_called_xlsx_is_refused() -> None:
    assert "this is no workbook, though its name ends in .xlsx" in refusal("list.xlsx", b"Name,Group\nA,B\n")


def test_a_file_without_an_ending_is_judged_by_what_it_holds() -> None:
    assert read_sheet("list", b"Name\nA\n").kind == "csv"
    assert read_sheet("list", workbook(sheet(inline("Name")))).kind == "xlsx"


def test_a_file_beyond_the_limit_is_refused_unread_with_both_sizes() -> None:
    assert refusal("list.csv", b"x" * 50_000_000).startswith(
        "list.csv: 50 MB, and at most 20 MB are read at once. Leave out"
    )


@pytest.mark.parametrize(
    ("name", "raw"), [("list.csv", b"Name\nA\nB\nC\n"), ("list.xlsx", workbook(sheet(*map(inline, "NABC"))))]
)
def test_too_many_rows_are_refused(name: str, raw: bytes) -> None:
    assert f"{name}: more than 2 rows" in refusal(name, raw, Limits(rows=2))


def test_as_many_rows_as_the_limit_are_read() -> None:
    assert len(cells_of(b"Name\nA\nB\n", name="list.csv", limits=Limits(rows=2))) == 3


def test_too_many_columns_are_refused() -> None:
    assert "3 columns, and at most 2 are read" in refusal("list.csv", b"A,B,C\n", Limits(columns=2))
    assert "cell C1: stands beyond the 2 columns" in refusal(
        "list.xlsx", workbook(sheet(inline("A", "B", "C"))), Limits(columns=2)
    )


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("list.csv", b"Name,Note\nA," + b"x" * 32_768 + b"\n"),
        ("list.xlsx", workbook(sheet(inline("Name", "Note"), inline("A", "x" * 32_768)))),
    ],
)
def test_an_endless_cell_is_refused(name: str, raw: bytes) -> None:
    message = refusal(name, raw)
    assert "32,767" in message
    assert "row 2, column B" in message or "cell B2" in message


def test_broken_quoting_is_named() -> None:
    assert "row 3: a quotation mark that opens in this row is never closed" in refusal("list.csv", b'N\nA\n"B\n')
    assert "row 2: a quotation mark stands inside a quoted cell" in refusal("list.csv", b'N,G\n"A"x,1\n')
