"""Ask for a file, have it made, take it away; and the sweep of old ones."""

import hashlib
import json
import logging
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from accounts.models import User
from accounts.services import record
from jobs.models import Status
from jobs.runner import Refusal, RunningJob
from jobs.services import enqueue
from materiality.files import selectors, store
from materiality.files.fitting import check_size
from materiality.files.kind import Kind, Progress
from materiality.files.kinds import kind_named
from materiality.files.options import Options
from materiality.files.snapshot import Snapshot, snapshot_of
from materiality.files.state import now, one_moment
from materiality.models import ExportFile, Proposal
from materiality.tasks import EXPORT
from scoping.models import Assessment

KEPT = timedelta(days=90)
# Answers of people, who may ask for theirs to be erased: the file must not outlive that for long.
ANSWERS_KEPT = timedelta(days=1)
MOST_KEPT = 200  # finished files of one assessment
MOST_OPEN = 30  # files of one assessment that wait or are made
LOST_AFTER = timedelta(days=1)  # what lies in the store and belongs to no row
LOOK_FOR_LOST = 3600.0  # seconds between two looks of one process
READING = gettext_noop("Reading the result")
# Kinds that are made in a template of the organisation, where it has one of that sort.
TEMPLATED = {"chapter": "docx", "deck": "pptx"}
log = logging.getLogger(__name__)
_looked_at = float("-inf")


@transaction.atomic
def request_export(
    *,
    assessment: Assessment,
    kind: str,
    options: Mapping[str, Any] | None = None,
    by: User | None = None,
    is_limited: bool = True,
) -> ExportFile:
    """Ask for a file: its row now, its content when a worker has made it. While one of the same kind with the same
    options waits, that one is returned.

    Parameters
    ----------
    is_limited : whether it is refused where `MOST_OPEN` files are not finished yet. A public report takes its own
        files whatever else waits.

    Raises
    ------
    ValidationError
        By the name of the option that is wrong, or "kind": where there is no such kind, or none can be had now. Of the
        whole where too many files wait.
    """
    wanted = kind_named(kind)
    kept = wanted.checked(options or {})
    if "proposal" in kept and not Proposal.objects.filter(assessment=assessment, pk=kept["proposal"]).exists():
        raise ValidationError({"proposal": _("This assessment has no such proposal.")})
    chosen = Options.of(kept)
    snapshot = snapshot_of(assessment, chosen)
    reason = wanted.unavailable(snapshot)
    if reason:
        raise ValidationError({"kind": reason})
    check_size(wanted, snapshot, chosen, dpi_chosen="dpi" in kept)
    key = f"{EXPORT}:{assessment.pk}:{_fingerprint(wanted, kept)}"
    waiting = ExportFile.objects.filter(job__key=key, job__status=Status.QUEUED).first()
    if waiting:
        return waiting
    if is_limited:
        _refuse_beyond_limit(assessment)
    file = ExportFile(pk=uuid.uuid4(), assessment=assessment, kind=kind, options=kept, requested_by=by)
    job = enqueue(
        kind=EXPORT,
        organisation=assessment.organisation,
        subject=assessment.slug,
        arguments={"file": str(file.pk), "language": translation.get_language() or "en"},
        key=key,
        created_by=by,
    )
    if job.arguments["file"] != str(file.pk):
        return ExportFile.objects.get(pk=job.arguments["file"])  # somebody asked at the same moment
    file.job = job
    file.save(force_insert=True)
    record(
        organisation=assessment.organisation,
        actor=by,
        subject=assessment.slug,
        summary=f"asked for the file {wanted.filename(assessment, chosen)}",
    )
    return file


def _refuse_beyond_limit(assessment: Assessment) -> None:
    # Two who ask at the same moment are counted one after the other.
    Assessment.objects.select_for_update(of=("self",), no_key=True).get(pk=assessment.pk)
    is_open = Q(job__status__in=(Status.QUEUED, Status.RUNNING))
    found = ExportFile.objects.filter(is_open, assessment=assessment, finished_at=None).count()
    if found >= MOST_OPEN:
        raise ValidationError(
            ngettext(
                "%(n)d file of this assessment is not finished yet, and no more can wait. Ask again once it is made.",
                "%(n)d files of this assessment are not finished yet, and no more can wait. Ask again once some of "
                "them are made.",
                found,
            )
            % {"n": found}
        )


def _fingerprint(kind: Kind, options: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps([kind.slug, options], sort_keys=True).encode()).hexdigest()[:40]


def make(run: RunningJob) -> None:
    """Carry out a job: write the file, then say so in its row. Nothing of a file that failed stays. Why it failed is
    said in the language in which it was asked for."""
    with translation.override(run.arguments.get("language", "en")):
        _make(run)


def _make(run: RunningJob) -> None:
    found = ExportFile.objects.select_related("assessment__organisation")
    file = found.filter(pk=run.arguments["file"], finished_at=None).first()
    if file is None:
        return  # taken away while the job waited
    kind, options = kind_named(file.kind), Options.of(file.options)
    filename = kind.filename(file.assessment, options)
    name = f"{file.pk}-{run.job.fence}.{kind.extension_of(options)}"
    told: dict[str, Any] = {}
    try:
        stored = store.keep(name, lambda out: told.update(_write(run, file, kind, options, out)))
    except store.CannotStore as error:
        log.exception("The file %s could not be stored.", filename)
        raise Refusal(error.strerror or str(error), final=False) from error
    finished = 0
    try:
        with run.completing() as result:
            finished = ExportFile.objects.filter(pk=file.pk, finished_at=None).update(
                filename=filename,
                content_type=kind.content_type(options),
                stored_as=stored.name,
                size=stored.size,
                sha256=stored.sha256,
                finished_at=timezone.now(),
            )
            if finished:
                _drop_beyond(file.assessment)
                result.update(told, file=str(file.pk))
    finally:
        if not finished or not run.completed:  # it was taken away, or the job was, while it was written
            store.forget(stored.name)


def _write(run: RunningJob, file: ExportFile, kind: Kind, options: Options, out: BinaryIO) -> dict[str, Any]:
    """Write the content, all of it from one moment of the database; what it is of."""
    run.progress(0, 1, READING)

    def progress(done: int, total: int, step: str) -> None:
        with now():
            run.progress(done, max(total, 1), step)

    with one_moment():
        assessment = Assessment.objects.select_related("organisation", "previous").get(pk=file.assessment_id)
        return write(assessment, kind, options, out, progress)


def write(
    assessment: Assessment, kind: Kind, options: Options, out: BinaryIO, progress: Progress = lambda *_: None
) -> dict[str, Any]:
    """Write a file of `kind` to `out` in the language that `options` say; what has none is in English.

    Returns
    -------
    dict
        Of what it is: the ids of the run and of the proposal; `template` where one of the organisation was used.

    Raises
    ------
    Refusal
        If it cannot be made, in words for people, in the language that is active.
    """
    try:
        with translation.override("en"):
            snapshot = snapshot_of(assessment, options)
        reason = kind.unavailable(snapshot)
        if reason:
            raise Refusal(reason)
        with translation.override("en"):
            kind.write(snapshot, options, out, progress)
    except (ValueError, ValidationError) as error:
        log.warning("%s of %s could not be made: %s", kind.slug, assessment.slug, error)
        words = error.messages if isinstance(error, ValidationError) else [str(error)]
        # Said amid the writing, in its language; in the catalogue, if it is English without names and numbers.
        said = " ".join(_(text) if text else "" for text in words)
        raise Refusal(_("%(file)s: %(words)s") % {"file": _(str(kind.label)), "words": said}) from error
    return _told(snapshot, kind)


def _told(snapshot: Snapshot, kind: Kind) -> dict[str, Any]:
    template = TEMPLATED.get(kind.slug)
    return {
        "run": str(snapshot.run.pk) if snapshot.run else "",
        "proposal": str(snapshot.proposal.pk) if snapshot.proposal else "",
        **({"template": True} if template and getattr(snapshot.look, template) else {}),
    }


def open_export(file: ExportFile) -> BinaryIO:
    """The content of a finished file.

    Raises
    ------
    FileNotFoundError
        If it is not finished, or its time is over.
    """
    if not file.finished_at:
        raise FileNotFoundError(_("This file is not finished."))
    return store.open_stored(file.stored_as)


@transaction.atomic
def delete_export(*, file: ExportFile, by: User) -> None:
    """Take a file away, finished or not; the record keeps that it was there.

    Raises
    ------
    ValidationError
        If a public report offers it.
    """
    # As publishing does, so that no report comes to name it at this moment.
    Assessment.objects.select_for_update(of=("self",), no_key=True).get(pk=file.assessment_id)
    if selectors.is_public(file):
        raise ValidationError(
            _(
                "“%(name)s” is a download of the public report. Withdraw the report, or publish a newer one in its "
                "place; then it can be deleted here."
            )
            % {"name": file.filename or file.kind}
        )
    record(
        organisation=file.assessment.organisation,
        actor=by,
        subject=file.assessment.slug,
        summary=f"deleted the file {file.filename or file.kind}",
    )
    _drop(file)


def _drop(file: ExportFile) -> None:
    """The row first: a row never claims a file that is not there."""
    stored = file.stored_as
    ExportFile.objects.filter(pk=file.pk).delete()
    if stored:
        transaction.on_commit(lambda: store.forget(stored))


def sweep() -> None:
    """Take away files whose time is over, and what killed workers left in the store."""
    moment = timezone.now()
    old = Q(finished_at__lt=moment - KEPT) | Q(finished_at__lt=moment - ANSWERS_KEPT) & selectors.with_answers()
    failed = Q(finished_at=None, job__status=Status.DEAD, job__finished_at__lt=moment - KEPT)
    kept = selectors.published_ids()
    for file in ExportFile.objects.filter(old | failed)[:100]:
        if str(file.pk) not in kept:
            with transaction.atomic():
                _drop(file)
    _forget_lost()


def _drop_beyond(assessment: Assessment) -> None:
    """Of very many files the newest stay."""
    kept = selectors.published_ids()
    for file in ExportFile.objects.filter(assessment=assessment, finished_at__isnull=False)[MOST_KEPT:]:
        if str(file.pk) not in kept:
            _drop(file)


def _forget_lost() -> None:
    global _looked_at
    if time.monotonic() - _looked_at < LOOK_FOR_LOST:
        return
    _looked_at = time.monotonic()
    lost = set(store.names_before(timezone.now() - LOST_AFTER))
    if lost:
        lost -= set(ExportFile.objects.filter(stored_as__in=lost).values_list("stored_as", flat=True))
    for name in lost:
        store.forget(name)
