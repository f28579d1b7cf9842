"""Reads of files, for an assessment that was found in an organisation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from jobs.models import Status
from materiality.files.kind import Kind
from materiality.files.kinds import KINDS
from materiality.files.options import LANGUAGES, Options
from materiality.models import AnalysisRun, CurrentRun, ExportFile, Proposal, Publication
from scoping.models import Assessment

# Kinds that are about a proposal, also where none was asked for by name.
OF_PROPOSALS = ("meeting-paper", "minutes")


@dataclass(frozen=True)
class FileLine:
    """A file as one line of the page; `kind` is None where a newer version of the product has it no more.

    Parameters
    ----------
    is_of_earlier : whether another result is the current one by now.
    is_public : whether the public report offers it.
    proposal : the number of the proposal that it is of; None where it is of the result as it was when it was made.
    computed_at : when the result that it is of was computed, if that is known.
    """

    file: ExportFile
    kind: Kind | None
    options: Options
    is_of_earlier: bool
    is_public: bool = False
    proposal: int | None = None
    computed_at: datetime | None = None

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
        if self.file.job and self.file.job.result.get("template"):
            chosen.append(_("in the organisation’s template"))
        return chosen

    @property
    def has_failed(self) -> bool:
        """Whether its job was given up; it may be tried again."""
        return has_failed(self.file)

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
    files = [file for file in found if may_edit or not holds_answers(file)]
    told = [_told(file) for file in files]
    times = dict(AnalysisRun.objects.filter(pk__in={run for run, _of in told if run}).values_list("pk", "created_at"))
    numbers = dict(Proposal.objects.filter(pk__in={of for _run, of in told if of}).values_list("pk", "number"))
    public = published_ids(assessment)
    lines = [
        FileLine(
            file,
            KINDS.get(file.kind),
            Options.of(file.options),
            is_of_earlier=run is not None and run != current,
            is_public=_is_offered(file, public),
            proposal=numbers.get(of) if of else None,
            computed_at=times.get(run) if run else None,
        )
        for file, (run, of) in zip(files, told, strict=True)
    ]
    finished = [line for line in lines if line.file.finished_at]
    return finished, [line for line in lines if not line.file.finished_at]


def _told(file: ExportFile) -> tuple[UUID | None, UUID | None]:
    """The run that a file is of, and the proposal: the one whose document was asked for, or the one it is about."""
    result = file.job.result if file.job else {}
    proposal = file.options.get("proposal") or (result.get("proposal") if file.kind in OF_PROPOSALS else None)
    return UUID(result["run"]) if result.get("run") else None, UUID(proposal) if proposal else None


def get_file(assessment: Assessment, file: UUID, *, may_edit: bool) -> ExportFile:
    """Raises ExportFile.DoesNotExist, also where its answers may not be seen."""
    found = ExportFile.objects.select_related("assessment__organisation", "job").get(assessment=assessment, pk=file)
    if holds_answers(found) and not may_edit:
        raise ExportFile.DoesNotExist
    return found


def may_delete(file: ExportFile, *, by: User, may_edit: bool) -> bool:
    """Whether a member may take it away: any file who runs the assessment, and who asked for it what failed."""
    return may_edit or (has_failed(file) and file.requested_by_id == by.pk)


def with_answers() -> Q:
    """Files that hold answers of people."""
    # By the key: its value would be unknown to the database where there is none, and so would be what is excluded.
    return Q(kind__in=[kind.slug for kind in KINDS.values() if kind.editors_only]) | Q(options__has_key="answers")


def holds_answers(file: ExportFile) -> bool:
    """Whether there are answers of people in it."""
    kind = KINDS.get(file.kind)
    return kind is None or kind.editors_only or bool(file.options.get("answers"))


def is_public(file: ExportFile) -> bool:
    """Whether a public report offers it, or will once it is made."""
    return _is_offered(file, published_ids(file.assessment))


def _is_offered(file: ExportFile, public: set[str]) -> bool:
    # What could not be made is offered to nobody.
    return str(file.pk) in public and not has_failed(file)


def has_failed(file: ExportFile) -> bool:
    """Whether it could not be made."""
    return not file.finished_at and file.job is not None and file.job.status == Status.DEAD


def published_ids(assessment: Assessment | None = None) -> set[str]:
    """Ids of the files that public reports offer, of one assessment or of all: they stay as long as the reports do."""
    publications = Publication.objects.filter(withdrawn_at=None)
    if assessment:
        publications = publications.filter(assessment=assessment)
    documents = publications.values_list("document__downloads", flat=True)
    return {text for downloads in documents for one in downloads or () for text in _texts(one)}


def _texts(value: Any) -> list[str]:
    return [text for text in value.values() if isinstance(text, str)] if isinstance(value, dict) else [str(value)]
