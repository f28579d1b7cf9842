"""100,000 answers as a workbook, against XlsxWriter that writes the very same cells and nothing else.

The peer has the cells of the file that ours has written in memory, knows of each whether it is a text or a number, and
leaves out what is empty; it keeps as little of the workbook in memory as ours does. Ours reads the answers from the
database in the order of their keys, makes the cells, guards texts, and adds the sheet of questions. At most twice as
long. A survey of 20 issues and 8 groups; the columns are group, simulated, left out, and a score for each issue.
"""

import tempfile
from functools import partial
from pathlib import Path

import openpyxl
import xlsxwriter

from benchmarks.answers_export import fill
from benchmarks.comparison import Bar, Outcome, seconds, take_turns
from benchmarks.room import open_room
from benchmarks.sizes import Size
from surveys.answers_export import answers_export
from surveys.microdata import write_answers_xlsx
from surveys.models import Survey

ISSUES = 20
Cell = str | int | None


def run(size: Size) -> list[Outcome]:
    answers = size.many // 10
    with tempfile.TemporaryDirectory(prefix="salient-bench-") as folder, open_room("sqlite") as room:
        ours, bare = Path(folder) / "answers.xlsx", Path(folder) / "bare.xlsx"
        room.call(fill, answers, issues=ISSUES)
        room.call(export, ours)
        room.call(remember, ours, answers)
        return [
            take_turns(
                name="answers-xlsx-100000",
                ours=partial(room.call, export, ours),
                against="XlsxWriter writing the same cells",
                reference=partial(room.call, write, bare),
                unit="s",
                bar=Bar("<=", 2),
                # Once around is enough to warm up; each turn takes many seconds.
                pairs=max(size.pairs // 2, 2),
            )
        ]


_rows: list[list[Cell]]


def remember(file: Path, answers: int) -> None:
    """In a room: the cells of our file, from now on in memory."""
    global _rows
    book = openpyxl.load_workbook(file, read_only=True)
    _rows = [list(row) for row in book["Answers"].iter_rows(values_only=True)]
    book.close()
    if len(_rows) != answers + 1 or len(_rows[0]) != ISSUES + 3:
        raise AssertionError(f"The file has {len(_rows):,} rows of {len(_rows[0])} cells.")


def export(file: Path) -> float:
    """In a room: the seconds of the whole export."""

    def work() -> None:
        with file.open("wb") as out:
            write_answers_xlsx(answers_export(Survey.objects.get()), out)

    return seconds(work)()


def write(file: Path) -> float:
    """In a room: the seconds of writing the remembered cells."""

    def work() -> None:
        with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for line, row in enumerate(_rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(line, column, cell)
                    elif cell is not None:
                        sheet.write_number(line, column, cell)

    return seconds(work)()
