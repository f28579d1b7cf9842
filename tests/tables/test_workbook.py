import io
from datetime import date, datetime, time

import openpyxl
import pytest

from tables.problems import SourceError
from tables.reading import read_sheet
from tests.tables.workbooks import cells_of, inline, sheet, workbook

STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="[h]:mm"/>'
    '<numFmt numFmtId="166" formatCode="[Red]0.00 &quot;days&quot;"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/>'
    "</cellXfs>"
)


def value(cell: str, **parts: str) -> str:
    """What the second row's only cell is read as."""
    return cells_of(workbook(sheet(inline("Head"), f"<row>{cell}</row>", inline("end")), **parts))[1][0]


def refusal(raw: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        cells_of(raw)
    return str(caught.value)


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("3", "3"),
        ("3.0", "3"),
        ("-2.50", "-2.5"),
        ("0.30000000000000004", "0.3"),
        ("4915112345678", "4915112345678"),
        ("1.5E+16", "15000000000000000"),
        ("1E-05", "1e-05"),
        ("-0", "0"),
    ],
)
def test_numbers_are_their_shortest_text(stored: str, text: str) -> None:
    assert value(f"<c><v>{stored}</v></c>") == text


@pytest.mark.parametrize(
    ("style", "stored", "text"),
    [
        (0, "44621", "44621"),
        (1, "44621", "2022-03-01"),
        (2, "44621", "2022-03-01"),
        (2, "44621.604166666664", "2022-03-01 14:30:00"),
        (2, "0.5", "12:00:00"),
        (2, "1", "1900-01-01"),
        (2, "60.0", "1900-02-28"),
        (2, "-5", "-5"),
        (3, "1.1041666666666667", "26:30:00"),
        (4, "5", "5"),
    ],
)
def test_dates_are_told_from_numbers_by_their_format(style: int, stored: str, text: str) -> None:
    assert value(f'<c s="{style}"><v>{stored}</v></c>', styles=STYLES) == text


def test_a_workbook_may_count_its_days_from_1904() -> None:
    cell = '<c s="1"><v>43159</v></c>'
    assert value(cell, styles=STYLES, properties='<workbookPr date1904="1"/>') == "2022-03-01"


def test_booleans_are_yes_and_no() -> None:
    assert [value(f'<c t="b"><v>{bit}</v></c>') for bit in "10"] == ["yes", "no"]


def test_shared_texts_are_looked_up_with_their_formatting_gone() -> None:
    shared = "<si><t>one</t></si><si><r><t>t</t></r><r><t xml:space='preserve'>w o</t></r><rPh><t>!</t></rPh></si>"
    assert value('<c t="s"><v>1</v></c>', shared=shared) == "tw o"


def test_a_formula_is_its_result() -> None:
    assert value("<c><f>1+1</f><v>2</v></c>") == "2"
    assert value('<c t="str"><f>"a"&amp;"b"</f><v>ab</v></c>') == "ab"


def test_a_formula_without_its_result_is_named() -> None:
    raw = workbook(sheet(inline("Head"), "<row><c/><c><f>1+1</f></c></row>"))
    assert "list.xlsx, cell B2: holds a formula without its result" in refusal(raw)


def test_an_error_is_named_with_its_cell() -> None:
    raw = workbook(sheet(inline("Head"), '<row r="7"><c r="C7" t="e"><v>#N/A</v></c></row>'))
    assert "list.xlsx, cell C7: holds the error #N/A" in refusal(raw)


def test_cells_and_rows_that_are_left_out_are_empty() -> None:
    raw = workbook(
        sheet(
            '<row r="3"><c r="A3" t="b"><v>1</v></c><c r="B3" t="b"><v>0</v></c><c r="C3"><v>1</v></c></row>',
            '<row r="9"><c r="C9"><v>1</v></c></row>',
        )
    )
    assert [(record.number, record.cells) for record in read_sheet("list.xlsx", raw).rows()] == [(9, ["", "", "1"])]


def test_the_size_that_a_sheet_states_is_not_believed() -> None:
    for lie in ("A1", "A1:XFD1048576", "B7:A1", "nonsense"):
        raw = workbook(sheet(inline("A", "B"), inline("1", "2"), before=f'<dimension ref="{lie}"/>'))
        assert cells_of(raw) == [["A", "B"], ["1", "2"]]


def test_a_row_number_beyond_all_sheets_costs_nothing() -> None:
    raw = workbook(sheet(inline("A"), '<row r="999999999"><c t="str"><v>x</v></c></row>'))
    assert [str(record) for record in read_sheet("list.xlsx", raw).rows()] == ["row 999999999"]


def test_prefixed_and_strict_namespaces_are_read() -> None:
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    rows = '<x:row><x:c t="str"><x:v>Name</x:v></x:c></x:row><x:row><x:c><x:v>5</x:v></x:c></x:row>'
    raw = workbook(f'<x:worksheet xmlns:x="{strict}"><x:sheetData>{rows}</x:sheetData></x:worksheet>')
    assert cells_of(raw) == [["Name"], ["5"]]


def test_the_first_visible_sheet_with_cells_is_read_and_named() -> None:
    raw = workbook(
        sheet(inline("Secret")), sheet(), sheet(inline("Name"), inline("A")), sheet(inline("Other")), states=["hidden"]
    )
    found = read_sheet("list.xlsx", raw)
    assert (found.worksheet, found.columns) == ("Sheet3", ("Name",))


def test_a_workbook_without_cells_is_said_to_be_empty() -> None:
    assert refusal(workbook(sheet(), sheet())) == "list.xlsx: no sheet of the workbook holds a cell."


def test_a_workbook_that_hides_its_only_sheet_gets_a_hint() -> None:
    assert "Only hidden sheets" in refusal(workbook(sheet(inline("Name")), states=["veryHidden"]))


def test_a_workbook_of_openpyxl_is_read() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Name", "Since", "At", "Time", "Active", "Share", "Nothing"])
    book.active.append(["A\nB", date(2022, 3, 1), datetime(2022, 3, 1, 14, 30), time(9, 5), True, 0.25, None])
    file = io.BytesIO()
    book.save(file)
    assert cells_of(file.getvalue())[1] == ["A B", "2022-03-01", "2022-03-01 14:30:00", "09:05:00", "yes", "0.25", ""]


def test_characters_that_xml_cannot_hold_are_unescaped() -> None:
    assert value('<c t="inlineStr"><is><t>a_x000A_b_x005F_x0041_</t></is></c>') == "a b_x0041_"


@pytest.mark.parametrize(
    "cell",
    [
        '<c t="s"><v>7</v></c>',
        "<c><v>many</v></c>",
        '<c r="7"><v>1</v></c>',
        '<c r="XFE2"><v>1</v></c>',
        '<c t="q"><v>1</v></c>',
        "<c><v>1</c>",
    ],
)
def test_a_damaged_sheet_is_said_to_be_damaged(cell: str) -> None:
    message = refusal(workbook(sheet(inline("Head"), f"<row>{cell}</row>")))
    assert message.startswith("list.xlsx: the workbook is damaged or incomplete (")
    assert message.endswith("save it as XLSX or CSV again.")
