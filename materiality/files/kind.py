"""A kind of file: what it is called, what can be chosen about it, when it can be had, and who writes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_noop

from materiality.files.options import Options, checked
from materiality.files.snapshot import Snapshot
from scoping.models import Assessment

Progress = Callable[[int, int, str], None]
Write = Callable[[Snapshot, Options, BinaryIO, Progress], None]

FIGURES, TABLES, DOCUMENTS = "figures", "tables", "documents"
ANSWERS, EVERYTHING = "answers", "everything"
# The groups in which a page shows the kinds, in this order.
GROUPS: dict[str, str] = {
    FIGURES: gettext_noop("Figures"),
    TABLES: gettext_noop("Tables"),
    DOCUMENTS: gettext_noop("Documents"),
    ANSWERS: gettext_noop("Answers"),
    EVERYTHING: gettext_noop("Everything at once"),
}
OFFICE = "application/vnd.openxmlformats-officedocument"
CONTENT_TYPES: dict[str, str] = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "parquet": "application/vnd.apache.parquet",
    "zip": "application/zip",
    "txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class Kind:
    """One kind of file.

    Parameters
    ----------
    slug : by which it is asked for, and how its file is called after the assessment.
    label : marked by gettext_noop, or lazy; translated when shown.
    about : what it is good for, in a sentence; marked likewise.
    extension : of its file; of a figure the chosen format.
    takes : the names of its options (files/options.py).
    unavailable : why it cannot be had, with what to do; empty where it can.
    write : writes it. ValueError of it is a text for people.
    editors_only : whether only owners and analysts may have it.
    """

    slug: str
    label: str | Promise
    group: str
    about: str
    extension: str
    write: Write = field(repr=False)
    unavailable: Callable[[Snapshot], str] = field(repr=False)
    takes: tuple[str, ...] = ("proposal",)
    editors_only: bool = False

    def checked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The options as they are kept. Raises ValidationError by their names."""
        return checked(given, taken=self.takes)

    def extension_of(self, options: Options) -> str:
        return options.format if "format" in self.takes else self.extension

    def filename(self, assessment: Assessment, options: Options) -> str:
        language = "" if options.language == "en" else f"-{options.language}"
        return f"{assessment.slug}-{self.slug}{language}.{self.extension_of(options)}"

    def content_type(self, options: Options) -> str:
        return CONTENT_TYPES[self.extension_of(options)]

    def may_be_had_by(self, *, may_edit: bool, options: Options) -> bool:
        """Answers of people are for those who run the assessment."""
        return may_edit or not (self.editors_only or options.answers)
