"""Answers as a workbook: cell by cell the rows of the CSV file, and a sheet that says what was asked."""

import csv
import errno
import io
import tempfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from surveys import microdata
from surveys.answers_export import answers_csv, answers_export
from surveys.microdata import DoesNotFit, beyond_xlsx, write_answers_xlsx
from surveys.models import Anonymity, Authorship, ProfileKind
from surveys.services import close_survey, fold_responses, open_survey, prepare_survey
from surveys.services.excluding import exclude
from tables.writing import active
from tests.support.factories import InvitationFactory, IssueFactory, ProfileQuestionFactory, ResponseFactory
from tests.surveys.watch.conftest import STRAIGHT, VARIED

HARD = [
    "名" * 300,
    "سلامة العملاء",
    "🌍 of the \U0001d11e",
    "<script>alert(1)</script>",
    "<r><t>taken for markup</t></r>",
    '=HYPERLINK("http://example.org")',
    "'=1",
    "+1",
    "@SUM(1)",
    "https://example.org",
    "_x0041_ & $x_1^2$",
    " spaces around ",
]


def workbook(survey):
    out = io.BytesIO()
    write_answers_xlsx(answers_export(survey), out)
    return openpyxl.load_workbook(out)


def ended(survey):
    survey.refresh_from_db()
    close_survey(survey=survey)
    survey.refresh_from_db()
    return survey


def both(survey):
    """The rows of the two files, header first, all cells as texts and without the guards of spreadsheets."""
    lines = csv.reader(io.StringIO("".join(answers_csv(answers_export(survey)))[1:], newline=""))
    cells = [[active(cell) for cell in line] for line in lines]
    sheet = workbook(survey)["Answers"]
    assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    rows = sheet.iter_rows(values_only=True)
    return cells, [[as_text(cell) for cell in row] for row in rows]


def as_text(cell):
    """What a spreadsheet shows: openpyxl leaves the format's own escapes in place."""
    return "" if cell is None else active(unescape(str(cell)))


def test_both_files_agree_cell_by_cell(crowd, store, survey, closed):
    store(6, simulated=True)
    store(6, ratings=bytes([0, 5] * 6))
    exclude(survey=survey, flag="straight-liner", reason="Clicked through.")
    cells, found = both(closed())
    assert len(found) == 83
    assert found == cells


@pytest.mark.parametrize("fetched", [1, 7])
def test_the_pieces_in_which_it_is_read_do_not_show(crowd, closed, monkeypatch, fetched):
    survey = closed()
    monkeypatch.setattr("surveys.answers_export._FETCHED_AT_ONCE", fetched)
    cells, found = both(survey)
    assert found == cells


def test_scores_are_numbers_and_missing_ones_are_empty(store, closed):
    store(5, ratings=bytes([0, 5] * 6))
    sheet = workbook(closed())["Answers"]
    assert [cell.value for cell in sheet[2]][3:] == [None, 5] * 6
    assert {cell.data_type for cell in sheet[2] if cell.value is not None} == {"s", "n"}


def test_profile_answers_and_seconds_are_those_of_the_csv_file(assessment):
    survey = prepare_survey(assessment=assessment)
    survey.anonymity = Anonymity.CONFIDENTIAL
    survey.save()
    ProfileQuestionFactory(survey=survey, code="site", text="Which site?", options=["=North", 'So"uth'])
    ProfileQuestionFactory(survey=survey, code="years", kind=ProfileKind.NUMBER, options=[], lowest=0, highest=60)
    open_survey(survey=survey)
    group = assessment.groups.all()[0]
    for profile in [{"site": 1, "years": 3}] * 6 + [{"site": 2, "years": 41}, None]:
        ResponseFactory(
            questionnaire=survey.questionnaires.get(), group=group, profile=profile, ratings=VARIED, seconds=125
        )
    fold_responses(survey=survey)
    survey = ended(survey)
    cells, found = both(survey)
    assert found == cells
    assert sorted(row[-2] for row in found[1:]) == ["", "", *["=North"] * 6]
    assert {row[-3] for row in found[1:]} == {"125"}
    questions = {row[0]: row for row in workbook(survey)["Questions"].iter_rows(values_only=True)}
    assert questions["site"][1] == "Which site?"
    assert questions["site"][5] == '=North; So"uth'


def test_names_stand_there_only_of_who_is_identified(store, survey):
    survey.anonymity = Anonymity.IDENTIFIED
    survey.save()
    for name, answer in zip(("=Eve", "王芳"), store(2), strict=True):
        invitation = InvitationFactory(survey=survey, group=answer.group, name=name)
        Authorship.objects.create(response=answer, invitation=invitation)
    cells, found = both(survey)
    assert found == cells
    assert {row[3] for row in found[1:]} == {"=Eve", "王芳"}


def test_hard_names_come_through(assessment):
    groups = list(assessment.groups.all())
    for group, name in zip(groups, ('=HYPERLINK("http://example.org")', "<r>组</r>", "'=1"), strict=True):
        group.name = name
        group.save()
    for issue, name in zip(assessment.issues.all(), HARD, strict=True):
        issue.name, issue.description = name, name[::-1]
        issue.save()
    survey = prepare_survey(assessment=assessment)
    open_survey(survey=survey)
    for group in groups:
        for _ in range(6):
            ResponseFactory(questionnaire=survey.questionnaires.get(), group=group, ratings=VARIED)
    fold_responses(survey=survey)
    survey = ended(survey)
    cells, found = both(survey)
    assert found == cells
    rows = list(workbook(survey)["Questions"].iter_rows(min_row=5, values_only=True))
    assert [as_text(row[1]) for row in rows] == HARD
    assert [as_text(row[2]) for row in rows] == [name[::-1] for name in HARD]


def test_the_second_sheet_says_what_was_asked_and_on_which_scale(assessment, survey, closed, store):
    store(6)
    book = workbook(closed())
    assert book.sheetnames == ["Answers", "Questions"]
    assert [sheet.freeze_panes for sheet in book] == ["A2", "A2"]
    rows = list(book["Questions"].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == [cell.value for cell in book["Answers"][1]]
    row = next(row for row in rows if row[0] == "issue-3")
    assert (row[1], row[3]) == ("Issue 3", "issue-3")
    assert [step.split(" = ")[0] for step in row[5].split("; ")] == ["1", "2", "3", "4", "5"]


def test_a_file_without_a_row_has_its_columns(closed):
    sheet = workbook(closed())["Answers"]
    assert sheet.max_row == 1
    assert sheet["D1"].value == "issue-0"


def test_names_of_columns_are_unlike(assessment):
    IssueFactory(assessment=assessment, code="group", name="Group", position=50)
    survey = prepare_survey(assessment=assessment)
    open_survey(survey=survey)
    names = [cell.value for cell in workbook(ended(survey))["Answers"][1]]
    assert len(set(names)) == len(names)
    assert "issue.group" in names


def test_more_answers_than_a_sheet_has_rows_are_refused_with_what_to_take(store, closed, monkeypatch):
    store(6)
    export = answers_export(closed())
    monkeypatch.setattr(microdata, "SHEET_ROWS", 7)
    assert beyond_xlsx(export) == ""
    write_answers_xlsx(export, io.BytesIO())
    monkeypatch.setattr(microdata, "SHEET_ROWS", 6)
    with pytest.raises(DoesNotFit, match="6 answers, and a sheet of a workbook holds 5"):
        write_answers_xlsx(export, io.BytesIO())


def test_a_text_that_no_cell_holds_is_refused_not_cut_off(assessment):
    issue = assessment.issues.all()[0]
    issue.description = "Long. " * 6_000
    issue.save()
    survey = prepare_survey(assessment=assessment)
    open_survey(survey=survey)
    with pytest.raises(DoesNotFit, match=r"“Long\. Long.*longer than the 32,767 characters"):
        workbook(ended(survey))


def test_what_the_system_refuses_is_raised_as_the_system_said_it(store, closed):
    class Full(io.BytesIO):
        def write(self, content):
            raise OSError(errno.ENOSPC, "No space left on device")

    store(6)
    with pytest.raises(OSError, match="No space left") as refused:
        write_answers_xlsx(answers_export(closed()), Full())
    assert refused.value.errno == errno.ENOSPC


def test_nothing_is_left_beside_the_file(store, closed, tmp_path: Path, monkeypatch):
    store(6, ratings=STRAIGHT)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    out = io.BytesIO()
    write_answers_xlsx(answers_export(closed()), out)
    assert list(tmp_path.iterdir()) == []


def test_progress_ends_where_the_answers_do(crowd, closed, monkeypatch):
    monkeypatch.setattr("surveys.answers_export._FETCHED_AT_ONCE", 30)
    told = []
    write_answers_xlsx(answers_export(closed()), io.BytesIO(), lambda *step: told.append(step))
    assert told == [(30, 70), (60, 70), (70, 70)]
