"""Answers that are no ratings, second sets of ratings, rows that are nobody's, and scales from 0."""

from typing import Any

import pytest

from surveys.imports.advice import ON_PAGE
from surveys.imports.detection import Detected, detect_contents
from surveys.imports.draft import Draft, draft_of_detected, labels_for, mapping_text
from surveys.imports.plan import plan_import
from surveys.imports.problems import AnswerError
from surveys.imports.source import Table, table_of
from surveys.imports.tools import SURVEYMONKEY
from tests.surveys.imports.files import csv_text, mapping_of

ISSUES = ["Water", "Wages", "Data", "Energy", "Waste"]
ROWS = 12
SIX = [
    "Not important", "Slightly important", "Moderately important", "Important", "Very important", "Extremely important",
]  # fmt: skip


def table(rows: list[list[Any]]) -> Table:
    return table_of("answers.csv", csv_text([[str(cell) for cell in row] for row in rows]).encode())


def grid(question: str, answers: list[list[Any]], issues: list[str] = ISSUES) -> Table:
    """Who the respondent is, and a grid of these answers."""
    header = ["Which group?", *(f"{question} [{issue}]" for issue in issues)]
    return table([header, *(["Staff" if row % 2 else "Client", *cells] for row, cells in enumerate(answers))])


def turned(values: list[Any]) -> list[list[Any]]:
    """A row of five for each respondent, which begins at another value each time."""
    return [[values[(row + 2 * column) % len(values)] for column in range(5)] for row in range(ROWS)]


def said(detected: Detected) -> str:
    return " ".join(detected.notices)


def test_a_scale_from_0_has_a_label_for_every_number() -> None:
    seen = [0, 0, 10, 10, 7, 3, 3]
    text = mapping_text(one := grid("How important?", turned(seen)), draft_of_detected(detect_contents(one)))
    plan = plan_import(grid("How important?", [[8, 9, 10, 0, "8.0"]]), mapping_of(text))
    assert plan.scale == (1, 11)
    assert plan.ratings.tolist() == [[9, 10, 11, 1, 9]]


def test_a_number_without_a_label_is_refused_where_labels_shift_others() -> None:
    one = grid("How important?", turned([1, 2, 3, 4, 5, 5]))
    draft = draft_of_detected(detect_contents(one))
    text = mapping_text(one, Draft(draft.items, 0, labels={"1": 2, "2": 3, "3": 4, "4": 5}))
    with pytest.raises(AnswerError, match='"5" has no label, but the labels shift other numbers'):
        plan_import(one, mapping_of(text))


def test_labels_of_numbers_that_nobody_chose_are_kept_unless_the_others_change() -> None:
    draft = Draft({0: "Water"}, scale=(1, 11), labels={str(number): number + 1 for number in range(11)})
    assert labels_for(draft, {"1": 2, "7": 8}, ["0"]) == {str(number): number + 1 for number in range(1, 11)}
    assert labels_for(draft, {"1": 1, "7": 7}, []) == {}
    assert labels_for(draft, {"1": 5, "3": 3}, []) == {"1": 5, "3": 3}


@pytest.mark.parametrize(
    ("question", "answers", "note"),
    [
        ("Rank by importance", turned(ISSUES), "order of issues"),
        ("Sort by importance", turned([1, 2, 3, 4, 5]), "order of issues"),
        ("Move the slider", turned(list(range(3, 99, 7))), "beyond 10"),
        ("Choose some", [[issue if row % 3 else "" for issue in ISSUES] for row in range(ROWS)], "Choices"),
        ("Which matter?", turned(["Yes", "No", "Yes"]), "Choices"),
    ],
)  # fmt: skip
def test_orders_sliders_and_choices_are_said_to_be_no_ratings(question: str, answers: Any, note: str) -> None:
    detected = detect_contents(grid(question, answers))
    assert not detected.items
    assert not detected.labels
    assert note in said(detected)
    assert "columns B to F" in said(detected)
    assert [one.column.header for one in detected.groups] == ["Which group?"]


@pytest.mark.parametrize("between", [";", ", "])
def test_choices_in_one_cell_are_no_scale(between: str) -> None:
    cells = [between.join(cells[:3]) + between.strip(", ") for cells in turned(ISSUES)]
    detected = detect_contents(table([["Your group", "Which matter most?"], *(["Staff", cell] for cell in cells)]))
    assert not detected.items
    assert "Choices among issues" in said(detected)


def test_a_second_set_of_ratings_is_named() -> None:
    sides = ("to the company", "to stakeholders")
    header = ["Which group?", *(f"How important? [{issue}][{side}]" for side in sides for issue in ISSUES)]
    rows = [["Staff", *cells, *reversed(cells)] for cells in turned([1, 2, 3, 4, 5, 5])]
    detected = detect_contents(table([header, *rows]))
    assert list(detected.items.values()) == ISSUES
    assert '"How important? [to stakeholders]" (columns G to K)' in said(detected)


def test_a_bare_code_beside_a_grid_of_codes_is_no_issue() -> None:
    header = ["id", "submitdate", "lastpage", "startlanguage", "G01Q01", *(f"Q2[SQ00{n}]" for n in range(1, 6))]
    rows = [
        [row, "" if row < 3 else "2024-03-01", 3, "en", f"A{1 + row % 2}", *cells]
        for row, cells in enumerate(turned(["A1", "A2", "A3", "A4", "A5"]))
    ]
    one = table([header, *rows])
    detected = detect_contents(one)
    assert len(detected.items) == 5
    assert detected.groups[0].column.header == "G01Q01"
    plan = plan_import(one, mapping_of(mapping_text(one, draft_of_detected(detected))))
    assert plan.respondents == ROWS
    assert any(notice.startswith("3 of the answers were not finished") for notice in plan.notices)


def test_previews_and_spam_of_qualtrics_are_left_out() -> None:
    states = [
        ("Survey Preview", "True"), ("Spam", "True"), ("IP Address", "False"), ("IP Address", "True"), ("8", "1"),
        ("0", "0"), ("1", "1"),
    ]  # fmt: skip
    header = [
        "StartDate",
        "EndDate",
        "Status",
        "Finished",
        "Progress",
        "Group",
        *(f"How important? - {i}" for i in ISSUES),
    ]
    rows = [["2024-03-01", "2024-03-01", *state, 100, "Staff", 1, 2, 3, 4, 4] for state in states]
    one = table([header, *rows])
    plan = plan_import(one, mapping_of(mapping_text(one, draft_of_detected(detect_contents(one)))))
    assert plan.respondents == 3
    assert [(left.reason, left.first) for left in plan.left_out] == [
        ("a preview, a test or spam by its Status", (2, 3, 6, 8))
    ]
    assert any(notice.startswith("2 of the answers were not finished") for notice in plan.notices)


def test_six_words_of_importance_are_proposed_in_their_order() -> None:
    detected = detect_contents(grid("How important?", turned(SIX)))
    assert detected.scale == (1, 6)
    assert sorted(detected.labels, key=detected.labels.__getitem__) == SIX
    assert "Check it" in said(detected)


def test_underscores_in_headers_of_surveymonkey_are_spaces() -> None:
    about = ["respondent_id", "collector_id", "date_created", "ip_address", "first_name", "custom_1"]
    rows = [[1000 + row, 77, "2024-03-01", "", "", "", "Staff", *cells] for row, cells in enumerate(turned([1, 3, 5]))]
    detected = detect_contents(table([[*about, "Group", *ISSUES], *rows]))
    assert detected.tool == SURVEYMONKEY
    assert set(detected.left_out) == set(range(len(about)))


@pytest.mark.parametrize("own", ["Neighbour", ""])
def test_who_wrote_a_group_of_their_own_is_proposed_as_other(own: str) -> None:
    header = [["Which group?", "", "How important?", *[""] * 4], ["Response", "Other (please specify)", *ISSUES]]
    rows = [
        ["" if row % 3 else "Staff", own if row % 3 else "", *cells]
        for row, cells in enumerate(turned([1, 2, 3, 4, 5]))
    ]
    draft = draft_of_detected(detect_contents(table([*header, *rows])))
    assert draft.group_column == 0
    assert draft.unstated == ("Other" if own else "")


def test_a_page_speaks_of_its_buttons_and_not_of_the_mapping() -> None:
    one = table([["Group", "Water", "Wages"], ["Staff", 1, 2], ["", 3, 4]])
    plan = plan_import(one, mapping_of('[group]\ncolumn = "Group"\n[items]\npattern = "^Wa"\n'), advice=ON_PAGE)
    text = " ".join((*plan.notices, *(left.reason for left in plan.left_out)))
    assert text.count("press Change the columns") == 2
    assert "[group]" not in text
