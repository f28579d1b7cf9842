"""Reads of files, for an assessment that was found in an organisation."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from materiality.files.kind import Kind
from materiality.files.kinds import KINDS
from materiality.files.options import LANGUAGES, Options
from materiality.models import CurrentRun, ExportFile, Publication
from scoping.models import Assessment


@dataclass(frozen=True)
class FileLine:
    """A file as one line of the page; `kind` is None where a newer version of the product has it no more.

    `is_of_earlier`: whether another result is the current one by now.
    """

    file: ExportFile
    kind: Kind | None
    options: Options
    is_of_earlier: bool

    @property
    def choices(self) -> list[str]:
        """What was chosen, but for the format, which the name tells."""
        chosen = []
        if self.options.width_mm:
            chosen.append(f"{self.options.width_mm:g} mm")
        if self.options.format == "png" and "dpi" in self.file.options:
            chosen.append(f"{self.options.dpi} dpi")
        if "language" in self.file.options and self.options.language != "en":
            chosen.append(LANGUAGES[self.options.language])
        return chosen

    @property
    def digest(self) -> str:
        return self.file.sha256[:12]


def files_of(assessment: Assessment, *, may_edit: bool) -> tuple[list[FileLine], list[FileLine]]:
    """Those that are finished, and those that are being made or have failed; the newest first. Answers of people only
    where they may be seen."""
    found = ExportFile.objects.filter(assessment=assessment).select_related(
        "job__organisation", "job__created_by", "requested_by"
    )
    current = CurrentRun.objects.filter(assessment=assessment).values_list("run_id", flat=True).first()
    lines = [_line(file, current) for file in found if may_edit or not holds_answers(file)]
    finished = [line for line in lines if line.file.finished_at]
    return finished, [line for line in lines if not line.file.finished_at]


def _line(file: ExportFile, current: UUID | None) -> FileLine:
    of = file.job.result.get("run", "") if file.job else ""
    return FileLine(file, KINDS.get(file.kind), Options.of(file.options), bool(of) and of != str(current))


def get_file(assessment: Assessment, file: UUID, *, may_edit: bool) -> ExportFile:
    """Raises ExportFile.DoesNotExist, also where its answers may not be seen."""
    found = ExportFile.objects.select_related("assessment__organisation", "job").get(assessment=assessment, pk=file)
    if holds_answers(found) and not may_edit:
        raise ExportFile.DoesNotExist
    return found


def with_answers() -> Q:
    """Files that hold answers of people."""
    # By the key: its value would be unknown to the database where there is none, and so would be what is excluded.
    return Q(kind__in=[kind.slug for kind in KINDS.values() if kind.editors_only]) | Q(options__has_key="answers")


def holds_answers(file: ExportFile) -> bool:
    """Whether there are answers of people in it."""
    kind = KINDS.get(file.kind)
    return kind is None or kind.editors_only or bool(file.options.get("answers"))


def published_ids() -> set[str]:
    """Ids of the files that public reports offer: they stay as long as the reports do."""
    documents = Publication.objects.filter(withdrawn_at=None).values_list("document__downloads", flat=True)
    return {text for downloads in documents for one in downloads or () for text in _texts(one)}


def _texts(value: Any) -> list[str]:
    return [text for text in value.values() if isinstance(text, str)] if isinstance(value, dict) else [str(value)]
