import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tables.names import key, tidy
from tables.writing import Cell, Table, active, csv_bytes, inert, xlsx_bytes
from tests.tables.workbooks import cells_of

# Whatever people write, with a liking for what spreadsheets trip over.
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.text(st.sampled_from("=+-@＝＋－＠'\t\r\n;,|\"_x041 é气A\u00a0"), max_size=12),
    st.sampled_from(
        ["=1+1", "'=1+1", "''@x", "sep=;", "a;b;c", "_x0041_", "_x005F_", "<r>x & y</r>", "#N/A", "1e5", "{}"]
    ),
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    header = draw(st.lists(texts.filter(tidy), min_size=1, max_size=4, unique_by=lambda text: key(active(text))))
    rows = draw(st.lists(st.lists(texts, min_size=len(header), max_size=len(header)), max_size=5))
    # The mark that tells the file's kind must not come from its first cell.
    return Table("List", ["Name", *header], [[f"n{number}", *row] for number, row in enumerate(rows)])


def unique(table: Table) -> bool:
    return len({key(title) for title in table.header}) == len(table.header)


@given(tables().filter(unique))
def test_what_is_written_is_read_back(table: Table) -> None:
    expected = [[tidy(str(cell)) for cell in row] for row in [table.header, *table.rows]]
    assert cells_of(csv_bytes(table), name="list.csv") == expected
    assert cells_of(xlsx_bytes([table], title="Lists")) == expected


@given(texts)
def test_the_guard_comes_off_as_it_went_on(text: str) -> None:
    assert active(str(inert(text))) == text


@given(texts)
def test_no_guarded_text_begins_like_a_formula(text: str) -> None:
    assert not str(inert(text)).startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"))


@pytest.mark.parametrize("cell", [-1, -2.5, None, "n/a", "O'Neill", "'tis"])
def test_numbers_and_plain_texts_need_no_guard(cell: Cell) -> None:
    assert inert(cell) == cell


def test_a_formula_in_a_csv_is_a_text() -> None:
    raw = csv_bytes(Table("List", ["=A1", "Number"], [['=HYPERLINK("http://x")', -1.5]]))
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows == [["'=A1", "Number"], ['\'=HYPERLINK("http://x")', "-1.5"]]


def test_a_formula_in_a_workbook_is_a_text_and_a_number_a_number() -> None:
    raw = xlsx_bytes([Table("List", ["Text", "Number"], [["=1+1", -1.5], ["http://x", 3]])], title="Lists")
    sheet = openpyxl.load_workbook(io.BytesIO(raw))["List"]
    assert [(cell.data_type, cell.value) for cell in (sheet["A2"], sheet["B2"], sheet["A3"], sheet["B3"])] == [
        ("s", "=1+1"), ("n", -1.5), ("s", "http://x"), ("n", 3),
    ]  # fmt: skip


def test_markup_in_a_text_is_not_taken_for_that_of_the_workbook() -> None:
    raw = xlsx_bytes([Table("List", ["Text"], [["<r></sst></r>"]])], title="Lists")
    assert openpyxl.load_workbook(io.BytesIO(raw))["List"]["A2"].value == "<r></sst></r>"


def test_shares_are_shown_as_per_cent() -> None:
    raw = xlsx_bytes([Table("List", ["Share", "Mean"], [[0.5, 0.5]], shares=frozenset({"Share"}))], title="Lists")
    sheet = openpyxl.load_workbook(io.BytesIO(raw))["List"]
    assert [sheet["A2"].number_format, sheet["B2"].number_format] == ["0 %", "0.00"]


@pytest.mark.parametrize(("columns", "pages"), [(3, 1), (4, 2)])
def test_a_sheet_is_ready_to_be_printed(columns: int, pages: int) -> None:
    head = [f"Column {number}" for number in range(columns)]
    raw = xlsx_bytes([Table("List", head, [["A sentence. " * 20] * columns])], title="Lists")
    sheet = openpyxl.load_workbook(io.BytesIO(raw))["List"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    # As many pages below each other as there are rows for.
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (pages, 0)
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$A")
    assert sheet["A2"].alignment.wrap_text


def test_every_table_has_a_sheet() -> None:
    raw = xlsx_bytes([Table("One", ["A"], []), Table("Two", ["B"], [])], title="Lists")
    assert openpyxl.load_workbook(io.BytesIO(raw)).sheetnames == ["One", "Two"]
