"""Uploaded templates, opened with distrust: what kind of file it is, what it unpacks to, and whether it can be used."""

import io
import logging
import zipfile
import zlib
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from figures.palette import LIGHT
from materiality.exports.chapter.paper import Line, Paper
from materiality.exports.deck.slides import Deck
from materiality.exports.foreign import Refused, refuse_foreign
from tables.archive import Archive
from tables.problems import SourceError

log = logging.getLogger(__name__)

MOST_BYTES = 5 * 2**20
MOST_UNPACKED = 60 * 2**20
# Of XML, which is read into trees many times its size. Pictures are not.
MOST_XML = 12 * 2**20


@dataclass(frozen=True)
class Sort:
    """A sort of template: the program it is for, what its files are called, and what holds its text in them."""

    program: str
    extension: str
    main_part: str


SORTS: dict[str, Sort] = {
    "docx": Sort("Word", ".docx", "word/document.xml"),
    "pptx": Sort("PowerPoint", ".pptx", "ppt/presentation.xml"),
}
MACROS = (".docm", ".dotm", ".pptm", ".potm", ".ppsm")


def check_template(kind: str, content: bytes, name: str) -> None:
    """Whether a file can be the organisation's template of that kind, "docx" or "pptx".

    Raises
    ------
    ValidationError
        With what is wrong with the file, and what to do.
    """
    sort = SORTS[kind]
    _check_name(sort, content, name)
    parts = _parts(sort, content, name)
    if any(part.lower().endswith("vbaproject.bin") for part in parts) or b"macroEnabled" in _part(
        content, "[Content_Types].xml"
    ):
        raise ValidationError(_macros(sort, name))
    if sort.main_part not in parts:
        others = [other.program for other in SORTS.values() if other.main_part in parts]
        what = others[0] if others else ("Excel" if "xl/workbook.xml" in parts else "")
        if what:
            raise ValidationError(
                _("“%(name)s” is a file of %(what)s. Choose one of %(program)s.")
                % {"name": name, "what": what, "program": sort.program}
            )
        raise ValidationError(_damaged(sort, name, _("its main part is missing")))
    _try(kind, sort, content, name)


def _check_name(sort: Sort, content: bytes, name: str) -> None:
    lower = name.lower()
    if not content:
        raise ValidationError(_("“%(name)s” is empty.") % {"name": name})
    if len(content) > MOST_BYTES:
        raise ValidationError(
            # Not how large it is: of such a file only as much is read as may be taken.
            _("“%(name)s” is too large: at most %(most)d MB are taken. Compress its pictures and try again.")
            % {"name": name, "most": MOST_BYTES // 2**20}
        )
    if lower.endswith(MACROS):
        raise ValidationError(_macros(sort, name))


def _parts(sort: Sort, content: bytes, name: str) -> frozenset[str]:
    try:
        archive = Archive(content, name=name, unpacked=MOST_UNPACKED)
    except SourceError as error:
        if not content.startswith(b"PK"):
            raise ValidationError(
                _("“%(name)s” is no file of %(program)s, or one of before 2007. Save it as %(extension)s.")
                % {"name": name, "program": sort.program, "extension": sort.extension}
            ) from error
        raise ValidationError(
            _(
                "“%(name)s” is damaged, protected with a password, or unpacks to far more than a template needs. Save "
                "it without a password as %(extension)s, with fewer pictures, and upload it again."
            )
            % {"name": name, "extension": sort.extension}
        ) from error
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        texts = [part for part in file.infolist() if part.filename.lower().endswith((".xml", ".rels"))]
        if sum(part.file_size for part in texts) > MOST_XML:
            raise ValidationError(
                _("“%(name)s” holds far more text than a template needs. Leave only its layout and upload it again.")
                % {"name": name}
            )
    return frozenset(archive.parts)


def _part(content: bytes, part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        try:
            return file.read(part)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError):
            return b""


def _try(kind: str, sort: Sort, content: bytes, name: str) -> None:
    """Write a small file with it, as its writer will."""
    try:
        refuse_foreign(content)
        if kind == "docx":
            _write_paper(content)
        else:
            _write_deck(content)
    except Refused as error:
        if error.__cause__ is not None:
            log.warning("a template of %s cannot be read", sort.program, exc_info=True)
        raise ValidationError(_("“%(name)s” is not kept. %(why)s") % {"name": name, "why": error}) from error
    # Whatever a broken file makes the libraries stumble over.
    except Exception as error:
        log.warning("a template of %s cannot be used", sort.program, exc_info=True)
        raise ValidationError(_damaged(sort, name, _("a part of it is missing or broken"))) from error


def _write_paper(template: bytes) -> None:
    paper = Paper(
        title="-", company="-", header="-", warning="-", footer="-", page="%(page)s/%(pages)s",
        made_at=timezone.now(), template=template,
    )  # fmt: skip
    paper.heading("-", 1)
    paper.text("-")
    paper.bullets(["-"])
    paper.numbered(1, "-")
    paper.to_bytes()


def _write_deck(template: bytes) -> None:
    deck = Deck(
        template=template, palette=LIGHT, title="-", company="-", badge="-", footer="-", source="-",
        made_at=timezone.now(),
    )  # fmt: skip
    deck.opening("-", ["-"])
    deck.texts("-", [Line("-")])
    deck.to_bytes()


def _damaged(sort: Sort, name: str, what: str) -> str:
    return _(
        "“%(name)s” cannot be read as a file of %(program)s: %(what)s. Open it there, save it anew, upload that."
    ) % {
        "name": name,
        "program": sort.program,
        "what": what[:200],
    }


def _macros(sort: Sort, name: str) -> str:
    return _("“%(name)s” holds macros, which are programs. Save it as %(extension)s, without them.") % {
        "name": name,
        "extension": sort.extension,
    }
