"""Files that are made to break their reader: refused early, in flat memory."""

import io
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tables.problems import SourceError
from tables.reading import Limits, read_sheet
from tests.tables.workbooks import cells_of, inline, sheet, workbook

HEAD = sheet().removesuffix("</sheetData></worksheet>")


def refusal(raw: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(SourceError) as caught:
        cells_of(raw, limits=limits)
    return str(caught.value)


def streamed(part: str, head: str, block: bytes, times: int, **options: int) -> bytes:
    """A workbook of which one part is the head and then many equal blocks, without being in memory unpacked."""
    file = io.BytesIO(workbook(sheet(inline("Name"), inline("A"))))
    whole = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        with new.open(part, "w", force_zip64=True) as stream:
            stream.write(head.encode())
            for _ in range(times):
                stream.write(block)
    return whole.getvalue()


@contextmanager
def flat(limit: int) -> Iterator[None]:
    """What is done inside takes at most `limit` bytes of memory at a time."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < limit


def test_a_bomb_that_states_its_size_is_refused_at_once() -> None:
    raw = streamed("xl/worksheets/sheet1.xml", HEAD, b" " * 1_000_000, 1_100)
    began = time.perf_counter()
    assert "list.xlsx: unpacks to far more than a list needs (at most 200 MB are read)" in refusal(raw)
    assert time.perf_counter() - began < 1


def test_a_bomb_in_a_part_that_is_not_read_is_refused_as_well() -> None:
    raw = workbook(sheet(inline("Name")), extra={"xl/media/image1.png": bytes(3_000_000)})
    assert "unpacks to far more" in refusal(raw)


def test_a_part_that_is_larger_than_it_states_is_damaged() -> None:
    raw = bytearray(workbook(sheet(*[inline("Name")] * 1_000)))
    entry = raw.rindex(b"PK\x01\x02", 0, raw.rindex(b"xl/worksheets/sheet1.xml"))
    struct.pack_into("<I", raw, entry + 24, 500)
    assert "damaged or incomplete" in refusal(bytes(raw))


def test_the_limit_holds_for_what_really_comes_out() -> None:
    raw = workbook(sheet(*[inline("Name")] * 2_000))
    assert "unpacks to far more" in refusal(raw, Limits(unpacked=50_000))


@pytest.mark.parametrize(
    ("part", "block"),
    [
        ("xl/worksheets/sheet1.xml", b"<c/>"),
        ("xl/worksheets/sheet1.xml", b"<row/>"),
        ("xl/worksheets/sheet1.xml", b"<row><c><v>1</v></c>"),
        ("xl/worksheets/sheet1.xml", b"<a>"),
        ("xl/worksheets/sheet1.xml", b"<!--"),
        ("xl/workbook.xml", b"<sheet/>"),
        ("xl/workbook.xml", b"<workbook x='"),
    ],
)
def test_markup_without_end_stays_flat(part: str, block: bytes) -> None:
    noise = bytes(range(33, 37)) * 3 + b" "  # in comments only
    many = block * (200_000 // len(block)) if block != b"<!--" else block + noise * 15_000
    raw = streamed(part, HEAD if "sheet1" in part else "<workbook>", many, 10)
    with flat(15_000_000):
        refusal(raw, Limits(unpacked=2_100_000))


def test_a_million_rows_are_refused_after_the_rows_that_are_read() -> None:
    row = b'<row><c t="str"><v>name</v></c><c><v>1</v></c></row>'
    head = HEAD + inline("Name", "Number")
    raw = streamed("xl/worksheets/sheet1.xml", head, row * 1_000, 1_000)
    with flat(10_000_000):
        rows = read_sheet("list.xlsx", raw, limits=Limits(rows=500)).rows()
        assert sum(1 for _, record in zip(range(500), rows, strict=False) if record.cells) == 500
        with pytest.raises(SourceError, match=r"list\.xlsx: more than 500 rows"):
            next(rows)


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + sheet(inline("&b;"))
    assert "declares a document type" in refusal(workbook(bomb))


def test_more_parts_than_a_workbook_has_are_refused() -> None:
    assert "more than 2,000 parts" in refusal(workbook(sheet(), extra={f"x/{n}": b"" for n in range(2_001)}))


@pytest.mark.parametrize("cut", [5, 60, 400, -400, -30, -1])
def test_a_file_that_was_cut_off_is_damaged(cut: int) -> None:
    message = refusal(workbook(sheet(inline("Name"), inline("A")))[:cut])
    assert message.startswith("list.xlsx: the workbook is damaged or incomplete (the archive cannot be unpacked).")


def test_a_part_with_a_password_is_said_to_have_one() -> None:
    raw = bytearray(workbook(sheet(inline("Name"))))
    entry = raw.rindex(b"PK\x01\x02")
    raw[entry + 8] |= 1
    assert "is protected with a password" in refusal(bytes(raw))


def test_an_unusual_compression_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "an unusual compression" in refusal(file.getvalue())


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({"mimetype": "x", "content.xml": "<x/>"}, "an OpenDocument file"),
        ({"word/document.xml": "<x/>"}, "a text document"),
        ({"xl/workbook.bin": "x"}, "a binary workbook"),
        ({"Index/Document.iwa": "x"}, "a workbook of Numbers"),
        ({"list.csv": "x"}, "an archive without a workbook"),
        ({}, "an archive without a workbook"),
    ],
)
def test_what_is_no_workbook_is_called_by_its_name(parts: dict[str, str], kind: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    assert f"list.xlsx: this is {kind}" in refusal(file.getvalue())


@pytest.mark.parametrize("encoding", ["none", "Big5", "hex", "x" * 5_000, "latin-1", "rot13", "utf-7"])
def test_encodings_that_no_workbook_has_are_refused(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    assert "neither UTF-8 nor UTF-16" in refusal(workbook(declared + sheet(inline("Name"))))


@pytest.mark.parametrize(
    "declared", ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', '<?xml version="1.0"?>']
)
def test_encodings_that_workbooks_have_are_read(declared: str) -> None:
    plain = sheet(inline("Name"), inline("A"))
    assert cells_of(workbook(declared + plain)) == cells_of(workbook(plain)) != []
