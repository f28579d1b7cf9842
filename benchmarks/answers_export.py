"""A million answers as a CSV file: the time against writing the same rows with the `csv` module, and the memory.

The peer gets the rows of the very file that ours has written, as texts in memory, and only writes them. Ours reads
them from the database, in the order of their keys, and makes the texts. Memory is that of the command, a process of its
own, at its highest.
"""

import csv
import subprocess
import sys
import tempfile
import time
from functools import partial
from itertools import islice
from pathlib import Path

from benchmarks.comparison import Bar, Outcome, count, seconds, take_turns
from benchmarks.crowd import new_survey, settle, store_answers
from benchmarks.room import open_room
from benchmarks.sizes import GROUPS, ITEMS, Size
from surveys.answers_export import MARK, answers_csv, answers_export
from surveys.models import Survey
from surveys.services import close_survey, recount_tallies

LIMIT_MB = 200
_AT_ONCE = 20_000


def run(size: Size, *, database: str) -> list[Outcome]:
    with tempfile.TemporaryDirectory(prefix="salient-bench-") as folder, open_room(database) as room:
        file = Path(folder) / "answers.csv"
        room.call(fill, size.many)
        used = room.call(peak_of_command, room.environment)
        return [
            take_turns(
                name=f"answers-export-{database}",
                ours=partial(room.call, export, file, size.many),
                against="writing the same rows with the csv module",
                reference=partial(room.call, write, file, size.many),
                unit="s",
                bar=Bar("<=", 3),
                # Once around is enough to warm up; each turn takes seconds.
                pairs=max(size.pairs // 2, 2),
            ),
            count(
                name=f"answers-export-memory-{database}",
                ours=used,
                against="the limit",
                reference=LIMIT_MB,
                unit="MB",
                bar=Bar("<", 1),
            ),
        ]


def fill(answers: int, issues: int = ITEMS) -> None:
    """In a room: a closed survey with that many answers."""
    survey = new_survey(groups=GROUPS, issues=issues)
    store_answers(survey, respondents=answers, seed=answers, tallied=True)
    settle()
    recount_tallies(survey=survey)
    close_survey(survey=survey)


def export(file: Path, answers: int) -> float:
    """In a room: the seconds of the whole export."""

    def work() -> None:
        with file.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(answers_csv(answers_export(Survey.objects.get())))

    took = seconds(work)()
    with file.open("rb") as stream:
        lines = sum(1 for _ in stream)
    if lines != answers + 1:
        raise AssertionError(f"The file has {lines:,} lines instead of {answers + 1:,}.")
    return took


def write(file: Path, answers: int) -> float:
    """In a room: the seconds of writing the rows of `file`; that they are read does not count."""
    took, written = 0.0, 0
    with (
        file.open(encoding="utf-8", newline="") as stream,
        tempfile.TemporaryFile("w", encoding="utf-8", newline="") as copy,
    ):
        stream.read(len(MARK))
        rows, writer = csv.reader(stream), csv.writer(copy)
        while piece := list(islice(rows, _AT_ONCE)):
            start = time.perf_counter()
            writer.writerows(piece)
            took += time.perf_counter() - start
            written += len(piece)
    if written != answers + 1:
        raise AssertionError(f"{written:,} rows were written instead of {answers + 1:,}.")
    return took


_COMMAND = """
import os
import django
django.setup()
from django.core.management import call_command
from benchmarks.memory import most_resident
call_command("export_answers", "benchmark", "--output", os.devnull, stderr=open(os.devnull, "w"))
print(most_resident())
"""


def peak_of_command(environment: dict[str, str]) -> float:
    """The most memory, in MB, that the command has resident in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _COMMAND], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return float(done.stdout)
