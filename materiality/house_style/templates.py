"""Uploaded templates, opened with distrust: what kind of file it is, what it unpacks to, and whether it can be used."""

import io
import zipfile
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from materiality.exports.chapter.template import dress, open_template
from materiality.exports.deck.template import open_look
from materiality.exports.foreign import refuse_foreign
from tables.archive import Archive
from tables.problems import SourceError

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
    try:
        refuse_foreign(content)
    except ValueError as error:
        raise ValidationError(_("“%(name)s” is not kept. %(why)s") % {"name": name, "why": error}) from error
    _try(kind, sort, content, name)


def _check_name(sort: Sort, content: bytes, name: str) -> None:
    lower = name.lower()
    if not content:
        raise ValidationError(_("“%(name)s” is empty.") % {"name": name})
    if len(content) > MOST_BYTES:
        raise ValidationError(
            _("“%(name)s” has %(found).1f MB; at most %(most)d MB are taken. Compress its pictures and try again.")
            % {"name": name, "found": len(content) / 2**20, "most": MOST_BYTES // 2**20}
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
        except (KeyError, zipfile.BadZipFile):
            return b""


def _try(kind: str, sort: Sort, content: bytes, name: str) -> None:
    """Open it as its writer will."""
    try:
        if kind == "docx":
            dress(open_template(content))
        else:
            open_look(content)
    except ValueError as error:
        raise ValidationError(_("“%(name)s” is not kept. %(why)s") % {"name": name, "why": error}) from error


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
