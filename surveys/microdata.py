"""Answers as files for statistics programs, written a piece at a time: CSV, Parquet with typed columns, and XLSX.

All hold the same rows, which are those that surveys/answers_export.py permits, with the same protection. In Parquet a
column says by itself what was asked: its metadata hold the question, and those of the file the survey and its scale.
In XLSX a second sheet says it.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import xlsxwriter
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from xlsxwriter.exceptions import FileCreateError

from surveys.answers_export import AnswersExport, Row, answers_csv, pieces_of, reasons_of, shared_profile
from tables.writing import stored

if TYPE_CHECKING:
    import pyarrow as pa

# So many rows are a group of the file: enough to compress well, few enough to be held in memory.
ROWS_AT_ONCE = 50_000
METADATA = b"salient"
# What a sheet holds, in Excel and in the format: rows, the header among them, and characters of a cell.
SHEET_ROWS, CELL_CHARACTERS = 1_048_576, 32_767
Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """For who does not want to know how far it is."""


def write_answers_csv(export: AnswersExport, out: BinaryIO, progress: Progress = _silent) -> None:
    """The answers as CSV (surveys/answers_export.py says what is in it)."""
    written = -1  # the first line is the header
    for piece in answers_csv(export):
        out.write(piece.encode())
        # A text may hold a line break; it is a bar, no count.
        written += piece.count("\r\n")
        progress(min(written, export.answers), export.answers)


def write_answers_parquet(export: AnswersExport, out: BinaryIO, progress: Progress = _silent) -> None:
    """The answers as Parquet: the rows of the CSV file, in the same order, under the same names.

    `group` and the words of chosen options are texts; `simulated` is true or false; a score is a whole number of eight
    bits, and missing where nothing was rated or the group was not asked; `seconds` and entered numbers are whole too.
    Texts stand as they are: nothing runs them, so they get no guard.

    Raises
    ------
    MisshapenAnswer
        If a stored answer does not fit its questionnaire.
    """
    # It takes a third of a second to import, and web processes never need it.
    import pyarrow.parquet as pq

    schema = _schema(export)
    columns = _Columns(export, schema)
    written = 0
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for rows, packed in pieces_of(export):
            columns.add(rows, packed)
            if columns.rows >= ROWS_AT_ONCE:
                writer.write_batch(columns.taken())
            written += len(rows)
            progress(written, export.answers)
        # Also without a row: a file with the columns alone can be read.
        writer.write_batch(columns.taken())


class DoesNotFit(ValueError):
    """The answers do not fit into a workbook; the text says what to take instead."""


def beyond_xlsx(export: AnswersExport) -> str:
    """Why the answers cannot be had as XLSX, with what to do; empty where they can."""
    return _too_many(export.answers) if export.answers >= SHEET_ROWS else ""


def _too_many(answers: int) -> str:
    return _(
        "There are %(answers)s answers, and a sheet of a workbook holds %(most)s. Take them as CSV or Parquet, which "
        "hold any number."
    ) % {"answers": f"{answers:,}", "most": f"{SHEET_ROWS - 1:,}"}


def write_answers_xlsx(export: AnswersExport, out: BinaryIO, progress: Progress = _silent) -> None:
    """The answers as a workbook: on the first sheet the rows of the CSV file, in the same order; on the second what
    each column is about. Texts are texts by the kind of their cells, so none is run as a formula; scores, seconds and
    entered numbers are numbers. Rows wait in temporary files, and not in memory.

    Raises
    ------
    DoesNotFit
        If there are more answers than a sheet has rows, or a text is longer than a cell.
    MisshapenAnswer
        If a stored answer does not fit its questionnaire.
    """
    if why := beyond_xlsx(export):
        raise DoesNotFit(why)
    with tempfile.TemporaryDirectory(prefix="salient-") as folder:
        # A file of its own: XlsxWriter goes back in what it has written.
        file = Path(folder) / "answers.xlsx"
        options = {"constant_memory": True, "tmpdir": folder, "use_zip64": True}
        try:
            with xlsxwriter.Workbook(str(file), options) as book:
                about = _about(export)
                book.set_properties(
                    {"title": about["title"], "company": about["company"], "comments": "Made with Salient"}
                )
                head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
                answers, questions = book.add_worksheet("Answers"), book.add_worksheet("Questions")
                _write_answers(export, answers, head, progress)
                _write_questions(export, questions, head)
        except FileCreateError as error:
            # What the system said, such as that the disk is full.
            raise error.args[0] from error
        with file.open("rb") as written:
            shutil.copyfileobj(written, out)


def _write_answers(export: AnswersExport, sheet: Any, head: Any, progress: Progress) -> None:
    names = column_names(export)
    for column, name in enumerate(names):
        _put(sheet, 0, column, name, head)
    sheet.set_column(0, 0, 30)
    sheet.freeze_panes(1, 0)
    beside, high = _Beside(export), export.frozen.high
    first = 5 if export.identified else 3
    after = first + len(export.frozen.items)
    line = 0
    for rows, packed in pieces_of(export):
        if line + len(rows) >= SHEET_ROWS:
            raise DoesNotFit(_too_many(line + len(rows)))
        for row, scores in zip(rows, packed.tolist(), strict=True):
            line += 1
            cells = beside.before(row)
            cells[1] = "yes" if cells[1] else ""
            for column, cell in enumerate(cells):
                if cell:
                    _put(sheet, line, column, cell)
            for column, score in enumerate(scores, first):
                if 0 < score <= high:
                    sheet.write_number(line, column, score)
            for column, cell in enumerate(beside.after(row), after):
                if isinstance(cell, str):
                    _put(sheet, line, column, cell)
                elif cell is not None:
                    sheet.write_number(line, column, cell)
        progress(line, export.answers)
    sheet.autofilter(0, 0, max(line, 1), len(names) - 1)


def _write_questions(export: AnswersExport, sheet: Any, head: Any) -> None:
    """A row for each column of the answers; of a score, with the words of the scale."""
    titles = {"Column": 24, "Question": 60, "Description": 60, "Issue": 20, "Dimension": 14, "Values": 60}
    for column, (title, width) in enumerate(titles.items()):
        sheet.set_column(column, column, width)
        _put(sheet, 0, column, title, head)
    for line, one in enumerate(columns_of(export), start=1):
        about = one.about
        texts = [one.name, one.question, about.get("description"), about.get("issue"), about.get("dimension")]
        for column, text in enumerate([*texts, one.values]):
            if text:
                _put(sheet, line, column, text)
    sheet.freeze_panes(1, 0)


def _put(sheet: Any, line: int, column: int, text: str, look: Any = None) -> None:
    """A text as a cell; as it stands, for nothing runs it. XlsxWriter would cut off what is too long."""
    if sheet.write_string(line, column, stored(text), look):
        raise DoesNotFit(
            _(
                "The text “%(start)s…” is longer than the %(most)s characters that a cell of a workbook holds. Take "
                "the answers as CSV or Parquet."
            )
            % {"start": text[:60], "most": f"{CELL_CHARACTERS:,}"}
        )


def column_names(export: AnswersExport) -> list[str]:
    """The names of the CSV file; where two would be alike, that of the issue or question says what it is."""
    profile = len(export.frozen.content.profile)
    header = export.header
    first = header.index("left_out") + 1 + (2 if export.identified else 0)
    names: list[str] = []
    for place, name in enumerate(header):
        if place >= first and name in header[:place]:
            name = f"{'profile' if place >= len(header) - profile else 'issue'}.{name}"
        names.append(name)
    return names


@dataclass(frozen=True)
class Column:
    """One column of the files.

    Parameters
    ----------
    kind : "text", "flag", "score" or "number".
    values : what can stand there, in words.
    about : what else is known of it, by the names under which Parquet has it.
    """

    name: str
    kind: str
    question: str
    values: str = ""
    about: dict[str, str] = field(default_factory=dict)


def columns_of(export: AnswersExport) -> list[Column]:
    """Every column, with what was asked in the language of the questionnaire."""
    content = export.frozen.content
    language = content.languages[0]
    names = iter(column_names(export))
    columns = [
        Column(next(names), "text", "The stakeholder group, or those that results count as one"),
        Column(next(names), "flag", "Whether the answer was simulated", "yes, or empty"),
        Column(next(names), "text", "Why the answer does not count; empty where it does"),
    ]
    if export.identified:
        columns += [Column(next(names), "text", "Who answered"), Column(next(names), "text", "Their address")]
    steps = "; ".join(f"{value} = {text}" if text else value for value, text in _scale(export).items())
    for item in export.frozen.items:
        name = content.text(f"issue.{item.code}.name", language)
        about = {"issue": item.code, "dimension": item.dimension, "scale": f"{content.low} to {content.high}"}
        about["description"] = content.text(f"issue.{item.code}.description", language)
        columns.append(Column(next(names), "score", name, steps, about))
    if export.with_seconds:
        columns.append(Column(next(names), "number", "Seconds from opening the form to sending it"))
    for question in content.profile:
        text = content.text(f"profile.{question.code}.text", language)
        options = range(1, question.options + 1)
        chosen = "; ".join(content.text(f"profile.{question.code}.option.{option}", language) for option in options)
        kind = "text" if question.options else "number"
        columns.append(Column(next(names), kind, text, chosen, {"profile": question.code}))
    return columns


def _scale(export: AnswersExport) -> dict[str, str]:
    """Every score with its word, which may be empty."""
    content = export.frozen.content
    return {
        str(value): content.text(f"step.{value}", content.languages[0])
        for value in range(content.low, content.high + 1)
    }


def _schema(export: AnswersExport) -> "pa.Schema":
    import pyarrow as pa

    types = {"text": pa.string(), "flag": pa.bool_(), "score": pa.uint8(), "number": pa.int64()}
    fields = [
        pa.field(
            column.name,
            types[column.kind],
            metadata={"question": column.question, **{key: text for key, text in column.about.items() if text}},
        )
        for column in columns_of(export)
    ]
    return pa.schema(fields, metadata={METADATA: json.dumps(_about(export), ensure_ascii=False)})


def _about(export: AnswersExport) -> dict[str, Any]:
    """What the file is about; nothing that tells when somebody answered."""
    survey, content = export.survey, export.frozen.content
    language = content.languages[0]
    return {
        "title": content.text("title", language),
        "company": survey.assessment.company,
        "reporting_period": survey.assessment.reporting_period,
        "assessment": survey.assessment.slug,
        "language": language,
        "kind": content.kind,
        "scale": _scale(export),
        "anonymity": survey.anonymity,
        "smallest_group": export.k,
        "groups_under_one_label": [[group.name for group in joined] for joined in export.together],
        "groups_left_out": [group.name for group in export.left_out],
    }


class _Beside:
    """All of a row but its scores."""

    def __init__(self, export: AnswersExport) -> None:
        self.export = export
        self.reasons = reasons_of(export)
        self.profile = shared_profile(export) if export.frozen.content.profile else None

    def before(self, row: Row) -> list[Any]:
        """The cells before the scores: label, whether it is simulated, why it does not count, and who."""
        group_id, simulated, exclusion_id = row[:3]
        cells: list[Any] = [self.export.labels[group_id], bool(simulated), self.reasons.get(exclusion_id)]
        return [*cells, row[4] or "", row[5] or ""] if self.export.identified else cells

    def after(self, row: Row) -> list[Any]:
        """The cells after the scores: seconds and profile answers."""
        cells = [row[6 if self.export.identified else 4]] if self.export.with_seconds else []
        return [*cells, *self.profile.values(row[0], row[-1])] if self.profile else cells


class _Columns:
    """Columns that wait to be written."""

    def __init__(self, export: AnswersExport, schema: "pa.Schema") -> None:
        self.export, self.schema = export, schema
        self.items = len(export.frozen.items)
        self.beside = _Beside(export)
        self.texts: list[list[Any]] = []
        self.ratings: list[NDArray[np.uint8]] = []
        self._empty()

    def _empty(self) -> None:
        self.texts = [[] for _ in range(len(self.schema) - self.items)]
        self.ratings = []
        self.rows = 0

    def add(self, rows: Sequence[Row], packed: NDArray[np.uint8]) -> None:
        """Rows of the database and (rows, items) their ratings."""
        self.rows += len(rows)
        self.ratings.append(packed)
        for row in rows:
            for column, value in zip(self.texts, self.beside.before(row) + self.beside.after(row), strict=True):
                column.append(value)

    def taken(self) -> "pa.RecordBatch":
        """What waited, as a piece of the file."""
        import pyarrow as pa

        packed = np.concatenate(self.ratings) if self.ratings else np.empty((0, self.items), np.uint8)
        first = 5 if self.export.identified else 3
        arrays = [
            pa.array(column, field.type)
            for column, field in zip(self.texts[:first], list(self.schema)[:first], strict=True)
        ]
        missing = (packed == 0) | (packed > self.export.frozen.high)
        arrays += [
            pa.array(np.ascontiguousarray(packed[:, place]), pa.uint8(), mask=np.ascontiguousarray(missing[:, place]))
            for place in range(self.items)
        ]
        rest = list(self.schema)[first + self.items :]
        arrays += [pa.array(column, field.type) for column, field in zip(self.texts[first:], rest, strict=True)]
        self._empty()
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)
