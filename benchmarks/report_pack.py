"""The whole report pack of an assessment of 30 issues and 6 groups, with its answers, as a worker makes it.

Whoever asks for it waits for it, so it is there within 10 s: every figure as PNG of 300 dots per inch, SVG, PDF and
numbers, the tables, the Word chapter, the slides, the meeting paper, the evidence bundle, and the answers. Measured is
from the database to the ZIP file on the disk, in a process that has made nothing before; the line is the median of
such processes. A pack from which anything is missing fails the benchmark. The bar is a limit, not a peer.
"""

import statistics
import tempfile
import time
import zipfile
from functools import partial
from pathlib import Path

from benchmarks.comparison import Bar, Outcome, count
from benchmarks.progress import show
from benchmarks.published import published_report
from benchmarks.room import open_room
from benchmarks.sizes import Size
from materiality.files.kinds import KINDS, PACK
from materiality.files.options import Options
from materiality.files.services import write
from materiality.files.state import one_moment
from materiality.files.store import write_whole
from scoping.models import Assessment

ISSUES, GROUPS, SECONDS = 30, 6, 10


def run(size: Size) -> list[Outcome]:
    taken = []
    for turn in range(max(size.pairs // 2, 1)):
        show(f"report-pack: making an assessment of {ISSUES} issues and {GROUPS} groups")
        with open_room("sqlite") as room:
            room.call(prepare, min(size.few, 600))
            taken.append(room.call(make))
        show(f"report-pack: {taken[-1]:.1f} s in process {turn + 1}")
    return [
        count(
            name="report-pack",
            ours=statistics.median(taken),
            against="the limit",
            reference=SECONDS,
            unit="s",
            bar=Bar("<=", 1),
        )
    ]


def prepare(respondents: int) -> None:
    """In a room: the assessment, confirmed and published."""
    published_report(issues=ISSUES, groups=GROUPS, respondents=respondents, sentences=4)


def make() -> float:
    """In a room: the seconds of the pack."""
    assessment = Assessment.objects.select_related("organisation", "previous").get(previous__isnull=False)
    options = Options.of(PACK.checked({"answers": True}))
    with tempfile.TemporaryDirectory(prefix="salient-bench-") as folder:
        path = Path(folder) / "pack.zip"
        start = time.perf_counter()
        with one_moment():
            write_whole(path, partial(write, assessment, PACK, options))
        took = time.perf_counter() - start
        with zipfile.ZipFile(path) as file:
            names = " ".join(file.namelist())
    missing = [slug for slug in KINDS if slug != PACK.slug and f"{slug}." not in names]
    if missing:
        raise AssertionError(f"The pack is without {', '.join(missing)}.")
    return took
