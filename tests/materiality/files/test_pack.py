"""The report pack is written part by part: counted, digested, and never held as a whole."""

import hashlib
import io
import re
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from figures import fonts
from jobs.models import Status
from materiality.files import pack
from materiality.files.kind import ANSWERS, Kind
from materiality.files.options import Options
from materiality.files.snapshot import snapshot_of
from materiality.models import AnalysisRun, ExportFile
from materiality.services import propose
from scoping.models import Assessment
from tests.materiality.files.conftest import closed, content, made
from tests.materiality.files.test_services import FullDisk
from tests.support.people import House

MEGABYTE = 2**20


class Nowhere(io.RawIOBase):
    """Takes everything and keeps nothing, as a store does: it cannot go back."""

    def writable(self) -> bool:
        return True

    def write(self, piece) -> int:
        return len(piece)


def only(monkeypatch: pytest.MonkeyPatch, write) -> None:
    """The pack has one part, which `write` writes."""
    kind = Kind("rows", "Rows", ANSWERS, "", "csv", write, lambda snapshot: "")
    parts = [pack.Part(kind, Options(), "answers/rows.csv")]
    monkeypatch.setattr(pack, "parts_of", lambda snapshot, options: (parts, []))


def test_the_list_tells_size_and_digest_of_each_part_as_it_lies_there(analysed: Assessment):
    file = made(closed(analysed), "report-pack", answers=True, dpi=36)
    with zipfile.ZipFile(io.BytesIO(content(file))) as archive:
        assert archive.testzip() is None
        top = "example-2022-report-pack/"
        held = {name.removeprefix(top): archive.read(name) for name in archive.namelist()}
    listed = re.findall(r"^  ([0-9a-f]{64})  (\S+)  \(([\d,]+) bytes\)\r$", held.pop("README.txt").decode(), re.M)
    assert {name: (digest, int(size.replace(",", ""))) for digest, name, size in listed} == {
        name: (hashlib.sha256(piece).hexdigest(), len(piece)) for name, piece in held.items()
    }


def test_a_long_part_is_not_held_in_memory(analysed: Assessment, monkeypatch: pytest.MonkeyPatch):
    piece = b"4,3,5,1\r\n" * (MEGABYTE // 9)

    def write(snapshot, options, out, progress):
        for done in range(64):
            out.write(piece)
            progress(done, 64, "Rows")

    only(monkeypatch, write)
    told = []
    tracemalloc.start()
    try:
        pack.write_pack(snapshot_of(analysed), Options(), Nowhere(), lambda *step: told.append(step))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 8 * MEGABYTE
    # A worker that is long at one part says that it lives.
    assert len(told) == 1 + 64
    assert set(told) == {(0, 1, pack.PACKING)}


def test_what_no_font_can_draw_is_named_and_the_rest_is_there(
    analysed: Assessment, house: House, monkeypatch: pytest.MonkeyPatch
):
    """As if no installed font had Thai letters."""
    real = fonts._family_of.__wrapped__
    monkeypatch.setattr(fonts, "_family_of", lambda char: None if "\u0e00" <= char <= "\u0e7f" else real(char))
    run = AnalysisRun.objects.get(assessment=analysed)
    run.results["issues"][0]["name"] = "น้ำ"
    AnalysisRun.objects.filter(pk=run.pk).update(results=run.results)  # runs are immutable to the product
    propose(assessment=analysed, body="the board", by=house.analyst)
    file = made(analysed, "report-pack", dpi=36)
    with zipfile.ZipFile(io.BytesIO(content(file))) as archive:
        assert archive.testzip() is None
        names = {name.partition("/")[2] for name in archive.namelist()}
        told = archive.read("example-2022-report-pack/README.txt").decode()
    assert not any(name.startswith("figures/matrix.") for name in names)
    assert "documents/meeting-paper.pdf" not in names
    assert {"tables/tables.xlsx", "tables/behind-matrix.csv", "documents/chapter.docx"} <= names
    left = told.partition("NOT IN THIS PACK")[2].partition("SHA-256 OF EACH FILE")[0]
    assert left.count("apt-get install fonts-noto-core") == 1
    for name in ("figures/matrix.png", "figures/matrix.svg", "figures/matrix.pdf", "documents/meeting-paper.pdf"):
        assert f"    {name}\r\n" in left


def test_a_disk_that_is_full_amid_a_part_leaves_nothing(
    analysed: Assessment, monkeypatch: pytest.MonkeyPatch, exports: Path
):
    def write(snapshot, options, out, progress):
        for turn in range(200):
            out.write(hashlib.sha256(bytes([turn])).digest())  # nothing that can be squeezed

    only(monkeypatch, write)
    opened = Path.open
    monkeypatch.setattr(
        Path, "open", lambda path, mode="r", *rest, **more:
        FullDisk(opened(path, mode, *rest, **more)) if mode == "xb" else opened(path, mode, *rest, **more),
    )  # fmt: skip
    file = made(analysed, "report-pack", dpi=36)
    monkeypatch.undo()
    assert (file.job.status, file.job.attempts) == (Status.DEAD, 1)
    assert file.job.error.startswith(f"The disk with {exports} is full")
    assert not ExportFile.objects.filter(finished_at__isnull=False).exists()
    assert not list(exports.glob("*"))


def test_a_part_that_cannot_be_written_is_said_and_nothing_is_left(
    analysed: Assessment, monkeypatch: pytest.MonkeyPatch, exports: Path
):
    def write(snapshot, options, out, progress):
        out.write(b"half")
        raise ValueError("A font is missing.")

    only(monkeypatch, write)
    file = made(analysed, "report-pack", dpi=36)
    assert file.job.error == "Report pack (ZIP): A font is missing."
    assert not list(exports.glob("*"))
