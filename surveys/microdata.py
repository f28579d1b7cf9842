"""Answers as files for statistics programs, written a piece at a time: CSV, and Parquet with typed columns.

Both hold the same rows, which are those that surveys/answers_export.py permits, with the same protection. In Parquet a
column says by itself what was asked: its metadata hold the question, and those of the file the survey and its scale.
"""

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from surveys.answers_export import AnswersExport, Row, answers_csv, pieces_of, reasons_of, shared_profile

if TYPE_CHECKING:
    import pyarrow as pa

# So many rows are a group of the file: enough to compress well, few enough to be held in memory.
ROWS_AT_ONCE = 50_000
METADATA = b"salient"
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


def _schema(export: AnswersExport) -> "pa.Schema":
    import pyarrow as pa

    content = export.frozen.content
    language = content.languages[0]
    names = iter(column_names(export))
    fields = [
        _field(next(names), pa.string(), "The stakeholder group, or those that results count as one"),
        _field(next(names), pa.bool_(), "Whether the answer was simulated"),
        _field(next(names), pa.string(), "Why the answer does not count; empty where it does"),
    ]
    if export.identified:
        fields += [_field(next(names), pa.string(), "Who answered"), _field(next(names), pa.string(), "Their address")]
    for item in export.frozen.items:
        name = content.text(f"issue.{item.code}.name", language)
        about = {"issue": item.code, "dimension": item.dimension, "scale": f"{content.low} to {content.high}"}
        about["description"] = content.text(f"issue.{item.code}.description", language)
        fields.append(_field(next(names), pa.uint8(), name, **about))
    if export.with_seconds:
        fields.append(_field(next(names), pa.int64(), "Seconds from opening the form to sending it"))
    for question in content.profile:
        kind = pa.string() if question.options else pa.int64()
        text = content.text(f"profile.{question.code}.text", language)
        fields.append(_field(next(names), kind, text, profile=question.code))
    return pa.schema(fields, metadata={METADATA: json.dumps(_about(export), ensure_ascii=False)})


def _field(name: str, kind: Any, question: str, **about: str) -> "pa.Field":
    import pyarrow as pa

    return pa.field(name, kind, metadata={"question": question, **{key: text for key, text in about.items() if text}})


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
        "scale": {
            str(value): content.text(f"step.{value}", language) for value in range(content.low, content.high + 1)
        },
        "anonymity": survey.anonymity,
        "smallest_group": export.k,
        "groups_under_one_label": [[group.name for group in joined] for joined in export.together],
        "groups_left_out": [group.name for group in export.left_out],
    }


class _Columns:
    """Columns that wait to be written."""

    def __init__(self, export: AnswersExport, schema: "pa.Schema") -> None:
        self.export, self.schema = export, schema
        self.items = len(export.frozen.items)
        self.reasons = reasons_of(export)
        self.profile = shared_profile(export) if export.frozen.content.profile else None
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
            for column, value in zip(self.texts, self._beside(row), strict=True):
                column.append(value)

    def _beside(self, row: Row) -> list[Any]:
        """All of a row but its scores."""
        group_id, simulated, exclusion_id = row[:3]
        cells: list[Any] = [self.export.labels[group_id], bool(simulated), self.reasons.get(exclusion_id)]
        place = 4
        if self.export.identified:
            cells += [row[4] or "", row[5] or ""]
            place = 6
        if self.export.with_seconds:
            cells.append(row[place])
        if self.profile:
            cells += self.profile.values(group_id, row[-1])
        return cells

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
