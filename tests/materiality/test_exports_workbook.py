"""The tables as an Excel workbook, read back by openpyxl."""

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import time_machine
from django.conf import settings
from openpyxl.worksheet.worksheet import Worksheet

from figures.palette import LIGHT
from materiality.exports.workbook import HEAT, workbook_xlsx
from materiality.presentation import heat_step
from tests.materiality.chapters import HARD_NAMES, analysed, ranked
from tests.materiality.documents import CHOICES, issue, results


def book(document: dict) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook_xlsx(document)))


def head(sheet: Worksheet) -> list[str]:
    return [cell.value for cell in sheet[1]]


def column(sheet: Worksheet, name: str) -> list:
    return [row[head(sheet).index(name)] for row in sheet.iter_rows(min_row=2, values_only=True)]


def cell(sheet: Worksheet, name: str, row: int = 2):
    return sheet.cell(row, head(sheet).index(name) + 1)


def told(sheet: Worksheet) -> dict:
    return dict(sheet.iter_rows(min_row=2, values_only=True))


# --- what it holds ----------------------------------------------------------------------------------------
def test_there_is_a_sheet_for_each_table():
    assert book(results()).sheetnames == ["Ranking", "Groups", "Tiers", "Stakeholders", "Method", "Notes"]


def test_the_ranking_has_every_figure_of_the_page():
    sheet = book(results())["Ranking"]
    assert column(sheet, "Rank") == [1, 2, 3]
    assert column(sheet, "Issue") == ["Alpha", "Beta", "Gamma"]
    assert column(sheet, "Tier") == ["High", "High", "Minor"]
    assert column(sheet, "Rank, 90 % from") == column(sheet, "Rank, 90 % to") == [1, 2, 3]
    assert column(sheet, "To the company, 90 % from") == [3.5, 2.5, 1.5]
    assert column(sheet, "To stakeholders, 90 % to") == [3.75, 2.75, 1.75]
    assert column(sheet, "Probability of its tier") == [1, 1, 1]


@pytest.mark.parametrize(
    ("name", "look"),
    [
        ("Rank", "#,##0"),
        ("Priority", "0.00"),
        ("To the company", "0.00"),
        ("Answers", "#,##0"),
        ("Probability of its tier", '[>0.99]">99%";[<0.01]"<1%";0%'),
    ],
)
def test_numbers_are_numbers_in_their_format(name, look):
    found = cell(book(results())["Ranking"], name)
    assert (found.data_type, found.number_format) == ("n", look)


def test_every_digit_is_kept():
    third = 1 / 3
    assert cell(book(results(issue("alpha", 1, "High", priority=third)))["Ranking"], "Priority").value == third


def test_groups_have_means_then_the_number_of_ratings():
    sheet = book(results())["Groups"]
    assert head(sheet) == ["Rank", "Issue", "Tier", "Staff", "Clients", "Staff: answers", "Clients: answers"]
    assert [value.value for value in sheet[2]] == [1, "Alpha", "High", 4, 3.5, 10, 10]


def test_a_small_group_is_marked_and_not_told():
    hidden = {"Staff": {"mean": None, "n": None, "hidden": True}, "Clients": {"mean": 3.5, "n": 10}}
    opened = book(results(issue("alpha", 1, "High", groups=hidden)))
    assert [value.value for value in opened["Groups"][2]][3:] == ["not shown", 3.5, "not shown", 10]
    assert any("could be worked out" in note for note in column(opened["Notes"], "Note"))


def test_tiers_count_what_is_settled_and_contested():
    rows = [issue("a", 1, "High", 0.96), issue("b", 2, "High", 0.7, contested=True), issue("c", 3, "Minor")]
    sheet = book(results(*rows))["Tiers"]
    assert [value.value for value in sheet[2]] == ["High", 2, 3.75, 2.75, 2.25, 1, 1]
    assert [value.value for value in sheet[3]] == ["Minor", 1, 1.75, 1.75, None, 1, 0]


def test_published_columns_appear_only_where_something_was_published():
    published = book(results(issue("a", 1, "High", published={"tier": "High", "rank": 4}), issue("b", 2, "Minor")))
    assert column(published["Ranking"], "Published rank") == [4, None]
    assert column(published["Tiers"], "Published in it") == [1, 0]
    assert "Published rank" not in head(book(results())["Ranking"])


def test_an_issue_nobody_rated_has_empty_cells_and_not_zeros():
    sheet = book(results(issue("alpha", 1, "High"), issue("beta", None, None)))["Ranking"]
    for name in ("Rank", "Tier", "Priority", "To the company", "Probability of its tier", "Rank, 90 % from"):
        assert column(sheet, name)[1] is None, name


def test_method_and_notes_say_where_the_numbers_come_from():
    opened = book(analysed(notes=["Nobody rated Gamma."]))
    method = told(opened["Method"])
    assert (method["Seed"], method["Answers"], method["Contested from a spread of"]) == (42, 20, 1.2)
    assert method["Computed"].year == 2022
    assert column(opened["Notes"], "Note")[0] == "Nobody rated Gamma."


@pytest.mark.parametrize(("p", "told_as"), [(2e-17, "< 0.001"), (0.0, "< 0.001"), (0.0132, 0.0132), (None, None)])
def test_a_very_small_p_is_told_by_its_limit(p: float | None, told_as: float | str | None):
    found = results()
    found["agreement"] = {**found["agreement"], "p": p}
    assert told(book(found)["Method"])["Agreement of groups, p"] == told_as


def test_every_choice_of_the_method_is_a_row_with_formula_and_reference():
    found = book(results(choices=CHOICES))
    assert found.sheetnames[-3:] == ["Method", "Choices", "Notes"]
    sheet = found["Choices"]
    assert head(sheet) == ["Choice", "Here", "What it means", "Formula", "Reference"]
    assert column(sheet, "Choice") == ["Priority of an issue", "How issues get their tier"]
    assert column(sheet, "Here") == ["Mean of both axes", "Fixed counts: 2 / 1"]
    assert column(sheet, "Formula") == ["p = (x + y) / 2", None]
    assert column(sheet, "Reference") == ["Hwang and Yoon (1981)", "This product’s rule"]


def test_simulated_answers_are_told_on_every_sheet_that_travels():
    opened = book(results(simulated=20))
    assert column(opened["Ranking"], "Simulated answers in this result") == [20] * 3
    assert told(opened["Method"])["of these simulated"] == 20
    assert column(opened["Notes"], "Note")[0].startswith("20 of 20 answers are simulated")
    assert {sheet.oddHeader.right.text for sheet in opened} == {"&BSimulated answers"}
    assert {sheet.oddHeader.right.text for sheet in book(results())} == {None}


# --- how it looks -----------------------------------------------------------------------------------------
def test_rows_are_as_high_as_their_longest_text():
    sheet = book(results(choices=CHOICES, notes=["Short.", "Long " * 40, "长" * 60]))["Notes"]
    heights = {row[1].value[:4]: sheet.row_dimensions[row[1].row].height for row in sheet.iter_rows(min_row=2)}
    assert heights["Shor"] is None
    assert heights["Long"] == heights["长长长长"] == 2 * 13.5


def test_heads_stay_are_filtered_and_repeat_on_paper():
    for sheet in book(results()):
        assert sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
        assert all(sheet.column_dimensions[letter].width > 5 for letter in "AB")


def test_scores_are_coloured_as_on_the_page():
    """The formulas of the rules are worked out by hand here: the first that holds gives the colour."""
    sheet = book(results(scale=[1, 5]))["Ranking"]
    (rules,) = [one.rules for one in sheet.conditional_formatting if "F2" in str(one.sqref)]
    for mean in (1.0, 2.2, 2.31, 3.0, 3.5, 4.0, 4.69, 4.71, 5.0):
        first = next(rule for rule in rules if holds(rule.formula[0], mean))
        assert first.dxf.fill.bgColor.rgb[2:].lower() == HEAT[heat_step(mean, (1, 5))].lstrip("#"), mean
    assert all(rule.stopIfTrue for rule in rules)


def holds(formula: str, value: float) -> bool:
    limit = re.search(r">=([\d.]+)", formula)
    return limit is None or value >= float(limit[1])


def test_texts_and_empty_cells_have_no_colour():
    sheet = book(results())["Groups"]
    formulas = [rule.formula[0] for one in sheet.conditional_formatting for rule in one.rules]
    assert formulas
    assert all("ISNUMBER(" in formula for formula in formulas)


def test_the_colours_are_those_of_the_pages():
    sheet = (settings.BASE_DIR / "static" / "app.css").read_text()
    light = sheet.split("prefers-color-scheme: dark")[0]
    assert re.findall(r"--h\d: (#[0-9a-f]{6})", light) == list(HEAT)
    assert cell(book(results())["Ranking"], "Tier").font.color.rgb[2:].lower() == LIGHT.tiers[0].mark.lstrip("#")


# --- names of every kind ----------------------------------------------------------------------------------
def test_no_text_is_a_formula():
    names = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "<r>=1</r>", "\t=1"]
    rows = ranked(names)
    for row in rows:
        row["category"] = row["name"]
    document = results(*rows, title="=1+1", notes=["=1+1"])
    raw = workbook_xlsx(document)
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        sheets = [packed.read(name) for name in packed.namelist() if "worksheets/" in name]
    assert not any(b"<f>" in sheet for sheet in sheets)
    found = openpyxl.load_workbook(io.BytesIO(raw))
    assert {cell.data_type for sheet in found for row in sheet for cell in row if isinstance(cell.value, str)} == {"s"}
    assert column(found["Ranking"], "Issue")[:6] == names[:6]


def test_hard_names_come_through():
    document = analysed(*ranked(HARD_NAMES), title="& " * 150, company_name="有限公司", simulated=3)
    opened = book(document)
    names = column(opened["Ranking"], "Issue")
    assert names[:6] == list(HARD_NAMES[:6])
    assert names[6] == "Bell, half and turned"
    assert opened.properties.title.startswith("& & ")
    assert all(len(sheet.oddHeader.left.text) <= 255 for sheet in opened)


@pytest.mark.parametrize("count", [1, 500])
def test_one_issue_and_five_hundred(count):
    sheet = book(analysed(*ranked([f"Issue {number}" for number in range(count)])))["Ranking"]
    assert sheet.max_row == count + 1


def test_without_issues_there_are_heads():
    opened = book(results() | {"issues": []})
    assert [sheet.max_row for sheet in opened][:2] == [1, 1]


def test_a_text_too_long_for_a_cell_is_cut_and_not_lost():
    notes = column(book(results(notes=["x" * 40_000]))["Notes"], "Note")
    assert len(notes[0]) == 32_767


def test_the_same_result_gives_the_same_bytes(tmp_path: Path):
    document = analysed()
    with time_machine.travel("2026-01-01 10:00"):
        first = workbook_xlsx(document)
    with time_machine.travel("2026-03-01 11:00:07"):
        assert workbook_xlsx(document) == first
