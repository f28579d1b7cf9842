"""What is recognised in exports, of each tool, as CSV and XLSX, with numbers and with words in several languages."""

from typing import Any

import pandas as pd
import pytest

from surveys.imports.detection import Detected, detect_contents, speaks_for_company
from surveys.imports.draft import draft_of_detected, mapping_text
from surveys.imports.plan import ImportPlan, plan_import
from surveys.imports.problems import AnswerError
from surveys.imports.source import Table, table_of
from surveys.tally import count
from tests.surveys.imports.exports import (
    CHINESE,
    GERMAN,
    GROUPS,
    ISSUES,
    QUESTION,
    TOOLS,
    WORDS,
    Export,
    answers,
    csv_of,
    file_of,
    google_forms,
    limesurvey,
    microsoft_forms,
    qualtrics,
    surveymonkey,
)
from tests.surveys.imports.files import csv_text, mapping_of

NUMBERED = [f"{step} - {word}" for step, word in enumerate(WORDS, start=1)]
IN_BRACKETS = [f"{word} ({step})" for step, word in enumerate(WORDS, start=1)]
CODES = ["A1", "A2", "A3", "A4", "A5"]
SAVED = [
    ("csv", {}),
    ("csv", {"encoding": "utf-8-sig", "delimiter": ";"}),
    ("csv", {"encoding": "utf-16", "delimiter": "\t"}),
    ("xlsx", {}),
]


def found_in(table: Table) -> tuple[Detected, ImportPlan]:
    """What is recognised, and what the mapping made from it would store."""
    detected = detect_contents(table)
    mapping = mapping_of(mapping_text(table, draft_of_detected(detected)))
    return detected, plan_import(table, mapping)


def table(rows: list[list[Any]]) -> Table:
    return table_of("answers.csv", csv_text([[str(cell) for cell in row] for row in rows]).encode())


def rows_of(plan: ImportPlan) -> list[tuple[str, tuple[int, ...]]]:
    return sorted(
        (plan.groups[group].name, tuple(ratings))
        for group, ratings in zip(plan.group_of, plan.ratings.tolist(), strict=True)
    )


def expected(given: list[Any]) -> list[tuple[str, tuple[int, ...]]]:
    return sorted((one.group, tuple(rating or 0 for rating in one.ratings)) for one in given)


@pytest.mark.parametrize(("kind", "how"), SAVED)
@pytest.mark.parametrize("words", [None, WORDS, NUMBERED], ids=["numbers", "words", "numbered"])
@pytest.mark.parametrize("tool", TOOLS)
def test_each_tool_is_read_alike_however_it_was_saved(tool: str, words: Any, kind: str, how: dict[str, str]) -> None:
    given = answers()
    export = TOOLS[tool](given, words)
    read = table_of(*file_of(export, kind, **how))
    detected, plan = found_in(read)
    assert (detected.tool.name, read.header_rows) == (export.tool, export.header_rows)
    assert tuple(item.name for item in plan.items) == ISSUES
    assert plan.scale == (1, 5)
    assert rows_of(plan) == expected(given)
    assert {group.name for group in plan.groups if group.internal} == {"Employee", "Management"}


@pytest.mark.parametrize("respondents", [4, 12, 60])
@pytest.mark.parametrize("words", [GERMAN, CHINESE, IN_BRACKETS, CODES, WORDS[::-1]])
def test_words_of_several_languages_get_their_step_however_few_answered(words: Any, respondents: int) -> None:
    given = answers(respondents)
    plan = found_in(table(qualtrics(given, words).rows))[1]
    turned = words == WORDS[::-1]
    wanted = [
        (group, tuple(6 - rating if turned and rating else rating for rating in ratings))
        for group, ratings in expected(given)
    ]
    assert (plan.scale, rows_of(plan)) == ((1, 5), sorted(wanted))


@pytest.mark.parametrize("heading", ["full", "both", "code"])
def test_the_headings_of_limesurvey_are_understood(heading: str) -> None:
    given = answers()
    detected, plan = found_in(table(limesurvey(given, CODES, heading=heading).rows))
    names = tuple(item.name for item in plan.items)
    assert names == (ISSUES if heading != "code" else tuple(f"SQ{at:03d}" for at in range(1, 7)))
    assert rows_of(plan) == expected(given)
    assert "answer codes" in detected.notices[0]


def test_group_means_equal_those_of_pandas() -> None:
    given = answers(200)
    raw = csv_of(surveymonkey(given, WORDS))
    plan = found_in(table_of("answers.csv", raw))[1]
    frame = pd.read_csv(pd.io.common.BytesIO(raw), header=None, skiprows=2)
    steps = {word: step for step, word in enumerate(WORDS, start=1)}
    rated = frame[list(range(11, 17))].apply(lambda column: column.map(steps)).set_axis(list(ISSUES), axis="columns")
    means = rated.groupby(frame[9]).mean()
    assert sorted(group.name for group in plan.groups) == sorted(means.index)
    for number, group in enumerate(plan.groups):
        tally = count(plan.ratings[plan.group_of == number], plan.scale)
        assert (tally.sums / tally.counts).tolist() == means.loc[group.name].tolist()


@pytest.mark.parametrize("make", [qualtrics, limesurvey, google_forms, microsoft_forms, surveymonkey])
def test_columns_about_the_respondent_are_neither_issue_nor_group(make: Any) -> None:
    export: Export = make(answers())
    detected, _ = found_in(table(export.rows))
    ours = {one.column.index for one in detected.groups} | set(detected.items)
    assert not ours & set(detected.left_out)
    about = {
        index for index, cell in enumerate(export.rows[export.header_rows])
        if "@" in str(cell) or "192.0.2" in str(cell) or "2026" in str(cell) or str(cell).startswith(("R_0", "47.1"))
    }  # fmt: skip
    assert about <= set(detected.left_out)


def test_addresses_and_moments_are_known_by_what_they_are() -> None:
    rows = [["Contact us?", "Where", "When", "Role", "Rate [Water]", "Rate [Energy]"]]
    rows += [
        [f"a{n}@example.org", f"192.0.2.{n}", 46083.4 + n / 1000, "Staff", n % 5 + 1, 5 - n % 5] for n in range(40)
    ]
    detected, plan = found_in(table(rows))
    assert list(detected.left_out.values()) == ["address", "place or device", "time"]
    assert [group.name for group in plan.groups] == ["Staff"]


def test_a_scale_from_zero_moves_up() -> None:
    rows = [["Role", "Rate [Water]", "Rate [Energy]"], *[["Staff", n % 11, 10 - n % 11] for n in range(44)]]
    plan = found_in(table(rows))[1]
    assert plan.scale == (1, 11)
    assert rows_of(plan) == sorted(("Staff", (n % 11 + 1, 11 - n % 11)) for n in range(44))


def test_an_order_of_preference_is_no_rating() -> None:
    orders = [[1, 2, 3], [2, 3, 1], [3, 1, 2]]
    rows = [["Role", "Order [A]", "Order [B]", "Order [C]", "Rate [Water]", "Rate [Energy]"]]
    rows += [["Staff", *orders[n % 3], n % 5 + 1, n % 5 + 1] for n in range(40)]
    assert list(found_in(table(rows))[0].items.values()) == ["Water", "Energy"]


def test_of_two_grids_of_the_same_items_that_about_importance_counts() -> None:
    header = [f"{asks} [{issue}]" for asks in ("How satisfied are you?", "How important is it?") for issue in ISSUES]
    rows = [["Role", *header], *[["Staff", *((n + at) % 5 + 1 for at in range(12))] for n in range(40)]]
    assert found_in(table(rows))[0].items == dict(zip(range(7, 13), ISSUES, strict=True))


@pytest.mark.parametrize(
    "form", ["{1} of {0}", "{0} - {1}", "{0}: {1}", "{0} [{1}]", "{1}: {0}"], ids=lambda form: form.format("X", "Asked")
)
def test_of_two_questions_in_the_headers_that_about_importance_counts(form: str) -> None:
    header = [form.format(issue, asks) for asks in ("Performance", "Importance") for issue in ISSUES]
    rows = [["Role", *header], *[["Staff", *((n * at + at) % 5 + 1 for at in range(12))] for n in range(40)]]
    assert found_in(table(rows))[0].items == dict(zip(range(7, 13), ISSUES, strict=True))


def test_numbers_may_be_the_codes_of_groups() -> None:
    rows: list[list[Any]] = [["Q1", "Q2_1", "Q2_2", "Q2_3", "Q3"]]
    rows += [[n % 3 + 1, n % 5 + 1, n * 2 % 5 + 1, n // 2 % 5 + 1, 20 + n] for n in range(40)]
    detected, plan = found_in(table(rows))
    assert list(detected.items) == [1, 2, 3]
    assert [group.name for group in plan.groups] == ["1", "2", "3"]


def test_several_grids_of_one_scale_are_all_taken() -> None:
    header = [f"{asks} [{issue}]" for asks, issue in zip(["Environment"] * 3 + ["Society"] * 3, ISSUES, strict=True)]
    rows = [["Role", *header], *[["Staff", *(WORDS[(n + at) % 5] for at in range(6))] for n in range(40)]]
    assert tuple(found_in(table(rows))[0].items.values()) == ISSUES


def test_numbers_that_stand_alone_are_no_part_of_a_grid() -> None:
    rows = [["Role", "Sites in your country", *(f"{QUESTION} [{issue}]" for issue in ISSUES)]]
    rows += [["Staff", n % 4 + 1, *((n + at) % 5 + 1 for at in range(6))] for n in range(40)]
    assert tuple(found_in(table(rows))[0].items.values()) == ISSUES


def test_an_issue_that_nobody_rated_is_one_of_the_grid() -> None:
    rows = [["Role", *(f"{QUESTION} [{issue}]" for issue in ISSUES)]]
    rows += [["Staff", *((n * at + at) % 5 + 1 for at in range(5)), ""] for n in range(40)]
    assert tuple(found_in(table(rows))[0].items.values()) == ISSUES


def test_repeated_headers_are_told_apart_by_their_place() -> None:
    rows = [["Role", "Importance", "Importance"], *[["Staff", n % 5 + 1, 5 - n % 5] for n in range(40)]]
    plan = found_in(table(rows))[1]
    assert [item.name for item in plan.items] == ["Importance (B)", "Importance (C)"]


def test_questions_in_one_header_leave_their_issue() -> None:
    for form in (
        "Please rate the importance of {}.",
        "How important is {} to you?",
        "{}: how important is this to you?",
    ):
        rows = [["Role", *(form.format(issue) for issue in ISSUES)]]
        rows += [["Staff", *((n + at) % 5 + 1 for at in range(6))] for n in range(40)]
        assert tuple(found_in(table(rows))[0].items.values()) == ISSUES, form


def test_chinese_questions_leave_their_issue() -> None:
    issues = ["气候变化", "水资源", "员工健康"]
    rows = [["您的身份是？", *(f"请评价以下议题的重要性：{issue}" for issue in issues)]]
    rows += [["员工" if n % 2 else "客户", *(CHINESE[(n + at) % 5] for at in range(3))] for n in range(40)]
    rows.append(["客户", "不清楚", "重要", "重要"])
    detected, plan = found_in(table(rows))
    assert [item.name for item in plan.items] == issues
    assert [(group.name, group.internal) for group in plan.groups] == [("员工", True), ("客户", False)]
    assert detected.no_answer == ("不清楚",)


@pytest.mark.parametrize(
    "group", ["Employees", "Board of directors", "Mitarbeitende", "Salariés", "员工", "Management"]
)
def test_groups_of_the_company_are_known(group: str) -> None:
    assert speaks_for_company(group)


@pytest.mark.parametrize("group", [*GROUPS[2:], "Former employees", "Asset manager", "Trade union of workers"])
def test_other_groups_are_not_of_the_company(group: str) -> None:
    assert not speaks_for_company(group)


def test_a_group_column_of_addresses_is_refused() -> None:
    read = table([["Mail", "Water"], ["a@example.org", 4]])
    mapping = mapping_of('[group]\ncolumn = "Mail"\n[items]\npattern = "Water"\n')
    with pytest.raises(AnswerError, match=r"row 2, column A .* the address of a person"):
        plan_import(read, mapping)
