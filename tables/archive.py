"""The parts of an XLSX file, opened with distrust: sizes and ratios are limited before and while unpacking, and XML
is read as a stream, so that memory stays flat whatever the file claims. Knows nothing of sheets.

The usual readers build a tree first and let one look at it afterwards; a few kilobytes can become a tree of gigabytes.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from xml.parsers import expat

from tables.problems import SourceError

MAX_PARTS = 2_000
# Sheets of equal rows reach about 50 in Excel; deflate itself ends at 1,032.
MAX_RATIO = 200
# Below this size a ratio says nothing.
SMALL = 1_000_000
# The longest single tag, comment or instruction.
MAX_MARKUP = 1_000_000
CHUNK = 65_536
# That a part of a workbook may have (ECMA-376, part 2, 6.2.2), and what is within them.
ENCODINGS = {"utf-8", "utf-16", "us-ascii"}

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Archive:
    """The parts in `raw`. Raises SourceError for what is no sound ZIP file or unpacks to more than `unpacked` bytes."""

    def __init__(self, raw: bytes, *, name: str, unpacked: int) -> None:
        self.name = name
        self.unpacked = unpacked
        # Opening the archive takes memory for every part, so they are counted before.
        if raw.count(b"PK\x01\x02") > MAX_PARTS:
            raise SourceError(f"{name}: holds more than {MAX_PARTS:,} parts, as no workbook does. {SAVE_AGAIN}")
        with self.soundness():
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        parts = self._zip.infolist()
        self.parts = {part.filename for part in parts}
        for part in parts:
            if part.flag_bits & 1:
                raise SourceError(f"{name}: is protected with a password. Save it without one and upload it again.")
            if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise self.damaged("an unusual compression")
            if part.file_size > max(SMALL, MAX_RATIO * part.compress_size):
                raise self._too_large()
        if sum(part.file_size for part in parts) > unpacked:
            raise self._too_large()

    @contextmanager
    def soundness(self) -> Iterator[None]:
        """What goes wrong inside is said to be the file's damage."""
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError) as error:
            raise self.damaged("the archive cannot be unpacked") from error
        except expat.ExpatError as error:
            raise self.damaged("its XML is broken") from error

    def damaged(self, reason: str) -> SourceError:
        return SourceError(f"{self.name}: the workbook is damaged or incomplete ({reason}). {SAVE_AGAIN}")

    def _too_large(self) -> SourceError:
        return SourceError(
            f"{self.name}: unpacks to far more than a list needs (at most {self.unpacked / 1e6:,.0f} MB are read). "
            "Copy the list alone into a new workbook and save that, or save it as CSV."
        )

    def read(self, part: str, *, start: Start, end: End | None = None, text: Text | None = None) -> Iterator[None]:
        """Read the XML of a part, calling back with local names; pauses now and then, so that one may stop early."""
        local: dict[str, str] = {}

        def name_of(tag: str) -> str:
            found = local.get(tag)
            if found is None:
                found = tag.rpartition(" ")[2]
                if len(local) < MAX_PARTS:
                    local[tag] = found
            return found

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.XmlDeclHandler = self._refuse_encoding
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = lambda tag, attributes: start(name_of(tag), attributes)
        if end is not None:
            parser.EndElementHandler = lambda tag: end(name_of(tag))
        if text is not None:
            parser.CharacterDataHandler = text
        with self.soundness():
            fed = 0
            for chunk in self._chunks(part):
                parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > MAX_MARKUP:
                    raise self.damaged("a tag that does not end")
                yield
            parser.Parse(b"", True)
            yield

    def _chunks(self, part: str) -> Iterator[bytes]:
        """The bytes of a part. The limits are held once more, on what really comes out."""
        with self._zip.open(part) as stream:
            packed = max(SMALL, MAX_RATIO * self._zip.getinfo(part).compress_size)
            size = 0
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > min(packed, self.unpacked):
                    raise self._too_large()
                yield chunk

    def _refuse_encoding(self, _version: str, encoding: str | None, _standalone: int) -> None:
        # Others would be looked for among Python's own, with errors of all kinds.
        if encoding and encoding.lower() not in ENCODINGS:
            raise self.damaged("its XML is neither UTF-8 nor UTF-16")

    def _refuse_doctype(self, *_declaration: object) -> None:
        # No workbook has one; with it go all entities, and thus the ways in which XML grows while it is read.
        raise self.damaged("its XML declares a document type")


SAVE_AGAIN = "Open it in a spreadsheet program and save it as XLSX or CSV again."
