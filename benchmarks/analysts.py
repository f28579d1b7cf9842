"""What an analyst does today, export the answers and take group means in pandas, against our whole result.

The file is that of the export of answers, on the disk and in the machine's cache; that somebody first has to export
it does not count. The reference reads it and takes the mean rating of each issue in each group. Ours starts from the
tallies in the database, as every result does, and gives the same means, and besides them axes, ranks and tiers, and
with 2,000 draws how sure each is. The bar is a twentieth.
"""

import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.answers_export import fill
from benchmarks.comparison import Bar, Outcome, seconds, take_turns
from benchmarks.fold import results_in_place
from benchmarks.room import open_room
from benchmarks.sizes import Size
from surveys.answers_export import answers_csv, answers_export
from surveys.models import Survey
from surveys.selectors import tallies_of


def run(size: Size) -> list[Outcome]:
    with tempfile.TemporaryDirectory(prefix="salient-bench-") as folder, open_room("postgresql") as room:
        file = Path(folder) / "answers.csv"
        room.call(fill, size.many)
        room.call(write, file)
        room.call(check, file)
        return [
            take_turns(
                name="means-against-pandas",
                ours=partial(room.call, results_in_place),
                against="pandas: reading the exported CSV, means by group",
                reference=partial(room.call, timed_means, file),
                unit="ms",
                bar=Bar("<=", 1 / 20),
                pairs=size.pairs,
            )
        ]


def write(file: Path) -> None:
    """In a room: the export of answers."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(answers_csv(answers_export(Survey.objects.get())))


def group_means(file: Path) -> pd.DataFrame:
    """(groups, issues) Mean ratings, groups and issues in the order of the file."""
    answers = pd.read_csv(file)
    issues = answers.columns[answers.columns.str.contains("issue-")]
    return answers.groupby("group", sort=False)[list(issues)].mean()


def timed_means(file: Path) -> float:
    """In a room: the milliseconds of what an analyst does."""
    return 1000 * seconds(partial(group_means, file))()


def check(file: Path) -> None:
    """In a room: both find the same means."""
    survey = Survey.objects.get()
    theirs = group_means(file)
    for answers in tallies_of(survey.assessment).groups:
        ours = answers.tally.sums / answers.tally.counts
        if not np.allclose(ours, theirs.loc[answers.group.name], rtol=1e-12):
            raise AssertionError(f"The means of {answers.group.name} differ.")
