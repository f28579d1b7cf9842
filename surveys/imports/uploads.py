"""An uploaded file of answers between its upload and the decision about it.

The file itself is kept as scoping keeps uploaded lists: for a day at most, and not an hour after it was imported or
cancelled. What its columns mean is kept beside it, as the text of a MAP.toml.
"""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from scoping.lists.filenames import shortened
from scoping.lists.pending import FOR_NEW, KEPT, undecided
from scoping.models import Assessment, PendingImport
from scoping.services import create_assessment, remove_assessment
from scoping.services.scope import hold
from surveys.imports.advice import ON_PAGE
from surveys.imports.columns import choose_columns
from surveys.imports.detection import Detected, detect_contents
from surveys.imports.draft import Draft, draft_of_detected, draft_of_mapping
from surveys.imports.mapping import ResponseMapping, parse_mapping
from surveys.imports.placement import fitted, newest_questionnaire, scale_of
from surveys.imports.plan import ImportPlan, plan_import
from surveys.imports.problems import ImportProblem
from surveys.imports.services import Imported, import_into
from surveys.imports.source import Table, table_of
from surveys.models import Survey, SurveyState
from surveys.services import close_survey, prepare_survey
from tables.names import tidy
from tables.problems import SourceError
from tables.reading import Limits

# Answers for an assessment that exists, and for one that was made for them.
INTO, NEW = "answers", FOR_NEW
MAPPING = "answers-map"
# What a page reads and shows; the command reads more.
PAGE_LIMITS = Limits(columns=600)
LONGEST_MAPPING = 500_000


@dataclass(frozen=True)
class Upload:
    """A kept file, read anew; `mapping` is None until somebody has said what its columns are."""

    pending: PendingImport
    table: Table
    mapping: ResponseMapping | None

    @property
    def is_new(self) -> bool:
        return self.pending.kind == NEW


@transaction.atomic
def keep_answers(
    *, assessment: Assessment, name: str, raw: bytes, mapping: str | None = None, kind: str = INTO, by: User
) -> PendingImport:
    """
    Keeps a file of answers until somebody decides about it, in place of one that `by` has not decided about.

    Parameters
    ----------
    mapping : the text of a MAP.toml, if there is one.

    Raises
    ------
    ValidationError
        At `file` or `mapping`: it cannot be read.
    """
    name = shortened(tidy(name))
    try:
        table = _read(name, raw, _parsed(mapping))
        # What is wrong with a row is said now, while the file is at hand.
        for _row in table.rows():
            pass
    except SourceError as error:
        raise ValidationError({"file": str(error)}) from error
    if mapping is not None and (parsed := _parsed(mapping)):
        try:
            choose_columns(table, parsed)
        except ImportProblem as error:
            raise ValidationError({"mapping": str(error)}) from error
    own = PendingImport.objects.filter(assessment=assessment, added_by=by, kind__in=(INTO, NEW, MAPPING))
    own.delete()
    kept = PendingImport.objects.create(assessment=assessment, kind=kind, filename=name, content=raw, added_by=by)
    if mapping is not None:
        save_mapping(pending=kept, text=mapping)
    return kept


@transaction.atomic
def begin_from_file(
    *,
    organisation: Organisation,
    name: str,
    company: str,
    reporting_period: str,
    filename: str,
    raw: bytes,
    mapping: str | None = None,
    by: User,
) -> PendingImport:
    """
    An assessment that gets its groups, issues and answers from a file, which is kept until somebody decides about it.

    Raises
    ------
    ValidationError
        By field: as create_assessment and keep_answers.
    """
    assessment = create_assessment(
        organisation=organisation, name=name, company=company, reporting_period=reporting_period,
        origin=f"Imported from {shortened(tidy(filename))}"[:300], by=by,
    )  # fmt: skip
    return keep_answers(assessment=assessment, name=filename, raw=raw, mapping=mapping, kind=NEW, by=by)


def waiting_uploads(assessment: Assessment) -> QuerySet[PendingImport]:
    """The files that nobody has decided about yet, the newest first; without their content."""
    return undecided(assessment).filter(kind__in=(INTO, NEW)).select_related("added_by").defer("content")


def upload_of(assessment: Assessment, upload: UUID) -> PendingImport | None:
    """The file, unless it is gone; without its content."""
    return waiting_uploads(assessment).filter(pk=upload).first()


def opened(pending: PendingImport) -> Upload:
    """The file and its mapping, read. Raises SourceError, ImportProblem."""
    text = _mapping_row(pending).values_list("content", flat=True).first()
    mapping = parse_mapping(bytes(text).decode(), path=Path("MAP.toml")) if text is not None else None
    return Upload(pending, _read(pending.filename, bytes(pending.content), mapping), mapping)


def proposal(upload: Upload) -> tuple[Detected, Draft]:
    """What the file seems to hold, and what is to become of it: as somebody has said, else as it was recognised."""
    detected = detect_contents(upload.table)
    scale = scale_of(upload.pending.assessment)
    if upload.mapping is not None:
        return detected, draft_of_mapping(upload.table, upload.mapping, scale=scale)
    draft = draft_of_detected(detected)
    return detected, draft if upload.is_new else fitted(draft, upload.table, upload.pending.assessment)


@transaction.atomic
def save_mapping(*, pending: PendingImport, text: str) -> None:
    """Keeps what the columns of the file are, in place of what was said before."""
    _mapping_row(pending).delete()
    PendingImport.objects.create(
        assessment=pending.assessment, kind=MAPPING, filename=f"{pending.pk}.toml", content=text.encode(),
        added_by_id=pending.added_by_id,
    )  # fmt: skip


def plan_of_upload(upload: Upload) -> ImportPlan:
    """What would be stored. Raises SourceError, ImportProblem."""
    if upload.mapping is None:
        raise ImportProblem(_("Say first what the columns of the file are."))
    return plan_import(upload.table, upload.mapping, scale=scale_of(upload.pending.assessment), advice=ON_PAGE)


def adds_to_scope(assessment: Assessment) -> bool:
    """Whether issues and groups of a file can still become part of the scope."""
    return newest_questionnaire(assessment) is None


@transaction.atomic
def import_upload(*, pending: PendingImport, by: User) -> Imported:
    """
    Stores the answers of the file as its mapping says, and forgets both.

    Raises
    ------
    PendingImport.DoesNotExist
        Somebody has decided about it already.
    SourceError, ImportProblem
        It does not fit any more.
    """
    assessment = hold(pending.assessment)
    if not PendingImport.objects.filter(pk=pending.pk).exists():
        raise PendingImport.DoesNotExist
    plan = plan_of_upload(opened(pending))
    before = Survey.objects.filter(assessment=assessment).exclude(state=SurveyState.DRAFT).exists()
    imported = import_into(plan=plan, assessment=assessment, add_missing=adds_to_scope(assessment), by=by)
    if pending.kind == NEW and not before:
        close_survey(survey=prepare_survey(assessment=assessment), by=by, occasion="after an import")
    _forget(pending)
    return imported


@transaction.atomic
def cancel_upload(*, pending: PendingImport, by: User | None) -> bool:
    """Forgets the file; an assessment that was made for it and holds nothing goes too: then the answer is True."""
    assessment = pending.assessment
    _forget(pending)
    has_scope = assessment.issues.exists() or assessment.groups.exists()
    if pending.kind != NEW or has_scope or Survey.objects.filter(assessment=assessment).exists():
        return False
    remove_assessment(assessment=assessment, by=by)
    return True


def forget_abandoned() -> None:
    """Cancels what was begun from a file and not decided about within a day, as the page would."""
    abandoned = PendingImport.objects.filter(kind=NEW, added_at__lt=timezone.now() - KEPT)
    for pending in abandoned.select_related("assessment__organisation").defer("content"):
        cancel_upload(pending=pending, by=None)


def _forget(pending: PendingImport) -> None:
    _mapping_row(pending).delete()
    PendingImport.objects.filter(pk=pending.pk).delete()


def _mapping_row(pending: PendingImport) -> QuerySet[PendingImport]:
    return PendingImport.objects.filter(
        assessment_id=pending.assessment_id, kind=MAPPING, filename=f"{pending.pk}.toml"
    )


def _parsed(text: str | None) -> ResponseMapping | None:
    if text is None:
        return None
    try:
        return parse_mapping(text, path=Path("MAP.toml"))
    except ImportProblem as error:
        raise ValidationError({"mapping": str(error)}) from error


def _read(name: str, raw: bytes, mapping: ResponseMapping | None) -> Table:
    told = mapping or ResponseMapping(path=Path("MAP.toml"), text="")
    return table_of(
        name, raw, encoding=told.encoding, delimiter=told.delimiter, header_rows=told.header_rows, limits=PAGE_LIMITS
    )
