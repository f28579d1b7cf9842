"""Deleting personal data when its time is over: a survey's addresses, comments and drafts so many days after it was
closed, and drafts that nobody comes back for. Ratings and counts stay."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from accounts.models import Organisation
from accounts.services import record
from jobs.models import Job, Status
from jobs.services import enqueue
from scoping.models import Assessment, Contact
from scoping.services.scope import hold
from scoping.wording import listed, noun
from surveys.models import Comment, Draft, Invitation, Survey

PURGE = "surveys.purge"
BATCH = 1_000
# As long as the cookie lives that brings a respondent back to a draft (surveys/respondent/cookies.py).
DRAFT_DAYS = 60
LOOK_AT_DRAFTS_SECONDS = 3_600
REST_AFTER_FAILURE = timedelta(hours=6)

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Purged:
    """How many rows went."""

    invitations: int = 0
    comments: int = 0
    contacts: int = 0
    drafts: int = 0

    def __str__(self) -> str:
        numbers = [
            (self.invitations, "invitation"),
            (self.comments, "comment"),
            (self.contacts, "contact"),
            (self.drafts, "draft"),
        ]
        return listed([f"{number:,} {noun(number, name)}" for number, name in numbers])


def purge_due_at(survey: Survey) -> datetime | None:
    """When the survey's personal data is deleted; None while it is not closed or keeps its data without an end."""
    if survey.retention_days is None or survey.closed_at is None:
        return None
    return survey.closed_at + timedelta(days=survey.retention_days)


def is_due(survey: Survey, now: datetime) -> bool:
    due = purge_due_at(survey)
    return survey.purged_at is None and due is not None and due <= now


def refuse_purged(survey: Survey) -> None:
    """Raises ValidationError where personal data was deleted, or is about to be: nobody could be asked again."""
    if survey.purged_at or is_due(survey, timezone.now()):
        raise ValidationError(
            "The addresses and comments of this survey were deleted when their time was over, so it cannot be opened "
            "again. Carry the assessment forward to ask anew."
        )


def request_purges_due() -> None:
    """For every survey whose time is over: see to it that a job deletes its personal data."""
    now = timezone.now()
    closed = Survey.objects.filter(retention_days__isnull=False, closed_at__isnull=False, purged_at=None)
    for survey in closed.select_related("assessment__organisation"):
        if is_due(survey, now) and not _resting(survey, now):
            request_purge(survey)


def request_purge(survey: Survey) -> Job:
    return enqueue(
        kind=PURGE,
        organisation=survey.assessment.organisation,
        subject=survey.assessment.slug,
        arguments={"survey": survey.pk},
        key=f"{PURGE}:{survey.pk}",
    )


def _resting(survey: Survey, now: datetime) -> bool:
    """Whether a job works on it, or failed for good a moment ago: asked for at once it would fail again."""
    jobs = Job.objects.filter(
        kind=PURGE, organisation=survey.assessment.organisation_id, subject=survey.assessment.slug
    )
    failed = models.Q(status=Status.DEAD, finished_at__gt=now - REST_AFTER_FAILURE)
    return jobs.filter(models.Q(status__in=[Status.QUEUED, Status.RUNNING]) | failed).exists()


def purge(*, survey: Survey, progress: Progress | None = None) -> Purged:
    """Delete a survey's invitations with mails and authorships, its comments and drafts, and the assessment's contacts.

    In batches, a transaction each. Whoever begins again goes on with what is left; a survey that was purged, or whose
    time is not over, is left alone.
    """
    done = Purged()
    while _another_batch(survey):
        parts = _parts(survey)
        for name, rows in parts.items():
            total = rows.count()
            gone = 0
            while deleted := _delete_batch(survey, rows):
                gone += deleted
                done = replace(done, **{name: getattr(done, name) + deleted})
                if progress:
                    progress(gone, max(total, gone), f"Deleting {name}")
        if _finish(survey, done):
            break
    return done


def _parts(survey: Survey) -> dict[str, models.QuerySet[Any]]:
    return {
        "invitations": Invitation.objects.filter(survey=survey),
        "comments": Comment.objects.filter(questionnaire__survey=survey),
        "contacts": Contact.objects.filter(assessment=survey.assessment_id),
        "drafts": Draft.objects.filter(questionnaire__survey=survey),
    }


def _another_batch(survey: Survey) -> bool:
    """Whether it is still due: nobody has reopened it, and no other worker has finished it."""
    return is_due(Survey.objects.get(pk=survey.pk), timezone.now())


@transaction.atomic
def _delete_batch(survey: Survey, rows: models.QuerySet[Any]) -> int:
    # Reopening waits for this batch, and is refused then.
    held = Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey.pk)
    if not is_due(held, timezone.now()):
        return 0
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    rows.model._default_manager.filter(pk__in=keys).delete()
    return len(keys)


@transaction.atomic
def _finish(survey: Survey, done: Purged) -> bool:
    """Say so, unless something came in between."""
    held_assessment: Assessment = hold(survey.assessment)
    held = Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey.pk)
    if not is_due(held, timezone.now()) or any(rows.exists() for rows in _parts(survey).values()):
        return False
    held.purged_at = timezone.now()
    held.save(update_fields=["purged_at"])
    days = held.retention_days or 0
    record(
        organisation=survey.assessment.organisation,
        subject=held_assessment.slug,
        summary=f"personal data was deleted {days:,} {noun(days, 'day')} after the survey closed: {done}",
    )
    return True


def sweep_old_drafts() -> None:
    """`purge_old_drafts` once an hour, whichever worker it is: it looks at every draft."""
    if cache.add("surveys.purging.drafts", "swept", LOOK_AT_DRAFTS_SECONDS):
        purge_old_drafts()


def purge_old_drafts() -> int:
    """Delete drafts, of any survey, that no browser can lead back to any more. Returns how many they were."""
    oldest = timezone.now().date() - timedelta(days=DRAFT_DAYS)
    gone = 0
    while keys := list(Draft.objects.filter(saved_on__lt=oldest).values_list("pk", flat=True)[:BATCH]):
        Draft.objects.filter(pk__in=keys, saved_on__lt=oldest).delete()
        gone += len(keys)
    return gone


@dataclass(frozen=True)
class End:
    """When a survey's personal data goes, or went."""

    survey: Survey
    due_at: datetime | None

    @property
    def purged_at(self) -> datetime | None:
        return self.survey.purged_at


def surveys_with_an_end(organisation: Organisation) -> list[End]:
    """Surveys whose personal data has an end, those first whose end comes first; not closed ones have no day yet."""
    surveys = Survey.objects.filter(assessment__organisation=organisation, retention_days__isnull=False)
    ends = [End(survey, purge_due_at(survey)) for survey in surveys.select_related("assessment").order_by("pk")]
    return sorted(ends, key=lambda end: (end.due_at is None, end.due_at or timezone.now()))
