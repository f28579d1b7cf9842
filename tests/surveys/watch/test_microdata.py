"""Answers as Parquet: cell by cell the rows of the CSV file, with columns that say what was asked."""

import io
import json

import pandas
import pyarrow.parquet as pq
import pytest

from surveys import microdata
from surveys.answers_export import NotYet, answers_csv, answers_export
from surveys.microdata import write_answers_csv, write_answers_parquet
from surveys.models import Anonymity, ProfileKind
from surveys.services import close_survey, fold_responses, open_survey, prepare_survey
from surveys.services.excluding import exclude
from tables.writing import active
from tests.support.factories import IssueFactory, ProfileQuestionFactory, ResponseFactory
from tests.surveys.watch.conftest import STRAIGHT, VARIED


def parquet(survey):
    out = io.BytesIO()
    write_answers_parquet(answers_export(survey), out)
    return out.getvalue()


def ended(survey):
    survey.refresh_from_db()
    close_survey(survey=survey)
    survey.refresh_from_db()
    return survey


def both(survey):
    """The two files as pandas reads them, all cells as texts; of the CSV file without the guards of spreadsheets."""
    text = "".join(answers_csv(answers_export(survey)))[1:]
    csv = pandas.read_csv(io.StringIO(text), dtype=str, keep_default_na=False).map(active)
    table = pq.read_table(io.BytesIO(parquet(survey))).to_pandas(integer_object_nulls=True)
    table["simulated"] = table["simulated"].map({True: "yes", False: ""})
    columns = [column.map(lambda cell: "" if pandas.isna(cell) else str(cell)) for _, column in table.items()]
    return csv, pandas.concat(columns, axis=1)


def test_both_files_agree_cell_by_cell(crowd, store, survey, closed):
    store(6, simulated=True)
    store(6, ratings=bytes([0, 5] * 6))
    exclude(survey=survey, flag="straight-liner", reason="Clicked through.")
    csv, table = both(closed())
    assert len(csv) == 82
    pandas.testing.assert_frame_equal(csv, table, check_dtype=False)


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_the_pieces_in_which_it_is_written_do_not_show(crowd, closed, monkeypatch, rows):
    survey = closed()
    monkeypatch.setattr("surveys.answers_export._FETCHED_AT_ONCE", 5)
    monkeypatch.setattr(microdata, "ROWS_AT_ONCE", rows)
    csv, table = both(survey)
    pandas.testing.assert_frame_equal(csv, table, check_dtype=False)


def test_rare_profile_answers_and_small_groups_are_in_neither(assessment):
    survey = prepare_survey(assessment=assessment)
    ProfileQuestionFactory(survey=survey, code="site", text="Which site?", options=["=North", 'So"uth'])
    ProfileQuestionFactory(survey=survey, code="years", kind=ProfileKind.NUMBER, options=[], lowest=0, highest=60)
    open_survey(survey=survey)
    large, small = assessment.groups.all()[:2]
    usual, rare = {"site": 1, "years": 3}, {"site": 2, "years": 41}
    for group, profile in [(large, usual)] * 6 + [(large, rare)] + [(small, usual)] * 2:
        ResponseFactory(questionnaire=survey.questionnaires.get(), group=group, profile=profile, ratings=VARIED)
    fold_responses(survey=survey)
    csv, table = both(ended(survey))
    pandas.testing.assert_frame_equal(csv, table, check_dtype=False)
    assert sorted(table["site"]) == ["", *["=North"] * 6]
    assert sorted(table["years"]) == ["", *["3"] * 6]


def test_names_and_seconds_only_where_the_survey_tells_them(store, survey, closed):
    store(6, seconds=125)
    survey.anonymity = Anonymity.CONFIDENTIAL
    survey.save()
    csv, table = both(closed())
    assert set(table["seconds"]) == {"125"}
    assert "name" not in table.columns
    pandas.testing.assert_frame_equal(csv, table, check_dtype=False)


def test_columns_are_typed_and_say_what_was_asked(crowd, closed):
    schema = pq.read_schema(io.BytesIO(parquet(closed())))
    column = schema.field("issue-3")
    assert (str(column.type), column.nullable) == ("uint8", True)
    told = {key.decode(): text.decode() for key, text in column.metadata.items()}
    assert (told["question"], told["issue"], told["scale"]) == ("Issue 3", "issue-3", "1 to 5")
    about = json.loads(schema.metadata[microdata.METADATA])
    assert (about["anonymity"], about["smallest_group"], about["assessment"]) == ("anonymous", 5, "a1")


def test_a_file_without_a_row_has_its_columns(closed):
    table = pq.read_table(io.BytesIO(parquet(closed())))
    assert table.num_rows == 0
    assert "issue-0" in table.column_names


def test_names_of_columns_are_unlike(assessment):
    IssueFactory(assessment=assessment, code="group", name="Group", position=50)
    survey = prepare_survey(assessment=assessment)
    open_survey(survey=survey)
    names = pq.read_schema(io.BytesIO(parquet(ended(survey)))).names
    assert len(set(names)) == len(names)
    assert "issue.group" in names


def test_there_is_none_while_the_survey_takes_answers(crowd, survey):
    with pytest.raises(NotYet):
        parquet(survey)


def test_progress_ends_where_the_answers_do(crowd, closed, monkeypatch):
    monkeypatch.setattr("surveys.answers_export._FETCHED_AT_ONCE", 30)
    survey, told = closed(), []
    write_answers_parquet(answers_export(survey), io.BytesIO(), lambda *step: told.append(step))
    assert told == [(30, 70), (60, 70), (70, 70)]
    out, told = io.BytesIO(), []
    write_answers_csv(answers_export(survey), out, lambda *step: told.append(step))
    assert told == [(0, 70), (30, 70), (60, 70), (70, 70)]
    assert out.getvalue().decode() == "".join(answers_csv(answers_export(survey)))


def test_ratings_that_are_all_alike_are_told_once_each(store, closed):
    store(5, ratings=STRAIGHT)
    table = pq.read_table(io.BytesIO(parquet(closed())))
    assert table.column("issue-0").to_pylist() == [3] * 5
