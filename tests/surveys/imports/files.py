"""Files of the shapes that survey tools write, made by the tests themselves."""

import csv
import io
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from surveys.imports.mapping import ResponseMapping, parse_mapping
from surveys.imports.plan import ImportPlan, plan_import
from surveys.imports.source import read_table

PLAIN_MAPPING = """
[group]
column = "Role"
internal = ["Employee"]
[items]
pattern = "^Please rate"
name = "of (.*?)[.:]?$"
[ratings]
scale = [1, 5]
no_answer = ["N/A"]
"""
PLAIN_HEADER = ["Role", "Please rate the importance of Water.", "Please rate the importance of Energy."]

WORDS = {"Very important": 4, "Rather important": 3, "Rather unimportant": 2, "Not important": 1}
QUESTION = "Please rate how important the following are to you, honestly."
ISSUES = ["Énergie", "Wasser", "Abfälle", "Löhne"]
TWO_ROWS_MAPPING = """
[group]
column = "Gender"
internal = ["Männlich"]
[items]
pattern = "^Please rate how important"
[ratings]
scale = [1, 4]
no_answer = ["Cannot judge (N/A)", ""]
[ratings.labels]
"Very important" = 4
"Rather important" = 3
"Rather unimportant" = 2
"Not important" = 1
"""


def csv_text(rows: Iterable[Sequence[str]], *, delimiter: str = ",", end: str = "\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def write(folder: Path, text: str | bytes, *, encoding: str = "utf-8", name: str = "answers.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def plain_file(folder: Path, *rows: Sequence[str], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """One header row: the role of the respondent and two ratings."""
    return write(folder, csv_text([PLAIN_HEADER, *rows], delimiter=delimiter), encoding=encoding)


def two_row_answers(respondents: int, seed: int = 1) -> list[list[str]]:
    """Rows with an id, a comment, four ratings in words, gender and age; some hold little or nothing."""
    draw = random.Random(seed)
    rows = []
    for number in range(respondents):
        answered = draw.random()
        ratings = [draw.choice([*WORDS, "Cannot judge (N/A)", ""]) if answered > 0.2 else "" for _ in ISSUES]
        gender = draw.choice(["Männlich", "Weiblich", "Divers", ""])
        rows.append(
            [str(3292879998 - number), "line one\nline two", *ratings, gender, draw.choice(["18-29", "> 60", ""])]
        )
    return rows


def two_row_file(folder: Path, rows: Sequence[Sequence[str]], *, encoding: str = "mac_roman") -> Path:
    """As SurveyMonkey exports: a question over four columns, its items below; a no-break space where one likes."""
    head = [
        ["RespondentID", "Comments", QUESTION.replace(" how", "\u00a0how"), "", "", "", "Gender", "Age"],
        ["", "Open-Ended Response", *ISSUES, "Response", "Response"],
    ]
    return write(folder, csv_text([*head, *rows]), encoding=encoding)


def mapping_of(text: str) -> ResponseMapping:
    return parse_mapping(text, path=Path("MAP.toml"))


def plan_of(path: Path, text: str = PLAIN_MAPPING) -> ImportPlan:
    mapping = mapping_of(text)
    table = read_table(path, encoding=mapping.encoding, delimiter=mapping.delimiter, header_rows=mapping.header_rows)
    return plan_import(table, mapping)
