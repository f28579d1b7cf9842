"""Counting: new answers are folded into the tallies exactly once, and those that go are taken off.

Every verb here and a recount lock the questionnaire's row first, so they follow one another. Respondents do
not wait for it on PostgreSQL, where storing an answer needs only that the row exists. SQLite has one writer at a
time.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Organisation
from jobs.models import Job, Status
from jobs.services import enqueue
from surveys import rows
from surveys.counting import count_packed
from surveys.models import GroupTally, Questionnaire, Response, Survey
from surveys.release import settle, shift
from surveys.rows import GroupKey, Packed
from surveys.tally import Tally

FOLD = "surveys.fold"
# Answers come in bursts; the first one waits this long, so that those after it are counted by the same job.
FOLD_DELAY_SECONDS = 2
# Large enough that the tallies' read and write do not weigh, small enough for progress to move.
BATCH = 20_000
# Where hardly anybody rates an item, so many times k of the last answers are looked at for k ratings of it.
LONGEST_TAIL = 50
REST_AFTER_FAILURE = timedelta(minutes=10)

Progress = Callable[[int, int, str], None]


def request_fold(survey_id: int, organisation_id: UUID, slug: str) -> None:
    """See to it that a job will count what is committed by now."""
    key = f"{FOLD}:{survey_id}"
    # The usual case, one cheap look: of a hundred answers in a burst ninety-nine find the job waiting.
    if Job.objects.filter(key=key, status=Status.QUEUED).exists():
        return
    enqueue(
        kind=FOLD,
        organisation=Organisation(pk=organisation_id),
        subject=slug,
        arguments={"survey": survey_id},
        key=key,
        delay_seconds=FOLD_DELAY_SECONDS,
    )


def request_folds_of_untallied() -> None:
    """For every survey with answers that nobody has counted: see to it that a job will.

    A fold that failed for good is not asked for again at once: it would fail as before, and its row with the
    error and the retry button would be lost among copies.
    """
    behind = Questionnaire.objects.filter(Exists(Response.objects.filter(questionnaire=OuterRef("pk"), tallied=False)))
    assessment = "survey__assessment__"
    recently = timezone.now() - REST_AFTER_FAILURE
    for survey_id, organisation_id, slug in behind.values_list(
        "survey_id", f"{assessment}organisation_id", f"{assessment}slug"
    ).distinct():
        failed = Job.objects.filter(kind=FOLD, subject=slug, status=Status.DEAD, finished_at__gt=recently)
        if not failed.exists():
            request_fold(survey_id, organisation_id, slug)


def fold_responses(*, survey: Survey, progress: Progress | None = None) -> int:
    """Add every answer that is not tallied yet to its group's tally. Returns how many were added.

    Each batch marks its answers and writes the tallies in one transaction: whatever stops it, an answer is
    either marked and counted or neither.
    """
    folded = 0
    for questionnaire in survey.questionnaires.all():
        batch, total = BATCH, 0
        # A batch that is not full was the last: whoever answers after it finds this job running, not
        # waiting, and asks for the next one.
        while batch == BATCH:
            batch = _fold_batch(questionnaire)
            folded += batch
            if progress and batch:
                if batch == BATCH and folded >= total:
                    total = folded + sum(rows.count_untallied(questionnaire.pk).values())
                progress(folded, max(total, folded), "Counting new answers")
    return folded


def settle_tallies(questionnaire: Questionnaire) -> None:
    """Once a survey takes no answers and all are counted: note that the whole count is shown from now on.

    Within a transaction that has the questionnaire's row.
    """
    for row in questionnaire.tallies.all():
        if any(row.moved) or row.shown != row.packed:
            settle(row, k=questionnaire.survey.minimum_group)
            row.save(update_fields=["shown", "next", "moved"])


def locked_questionnaire(questionnaire_id: int) -> Questionnaire:
    """The questionnaire, with its tallies to oneself until the transaction ends."""
    # no_key: storing an answer refers to this row, and must not wait for us.
    of_questionnaire = Questionnaire.objects.select_for_update(no_key=True, of=("self",))
    return of_questionnaire.select_related("survey").get(pk=questionnaire_id)


def take_off(questionnaire: Questionnaire, responses: Iterable[Response]) -> None:
    """Take answers off the tallies: those that are counted. For answers that change, go, or are left out.

    Parameters
    ----------
    questionnaire : from `locked_questionnaire`, in the same transaction that changes the answers.
    """
    packed: dict[GroupKey, list[bytes]] = {}
    for response in responses:
        if response.tallied and response.exclusion_id is None:
            packed.setdefault((response.group_id, response.simulated), []).append(bytes(response.ratings))
    subtract(questionnaire, {key: b"".join(parts) for key, parts in packed.items()})


def subtract(questionnaire: Questionnaire, packed: Packed) -> None:
    """Take packed ratings off the tallies that they are counted in. As in `take_off`."""
    gone = count_packed(packed, questionnaire.items.count(), scale_of(questionnaire))
    stored = {(row.group_id, row.simulated): row for row in questionnaire.tallies.all()}
    for key, tally in gone.items():
        row = stored[key]
        left = Tally.from_bytes(bytes(row.packed)) - tally
        shift(row, left, k=questionnaire.survey.minimum_group, removed=tally)
        row.save()


@transaction.atomic
def _fold_batch(questionnaire: Questionnaire) -> int:
    questionnaire = locked_questionnaire(questionnaire.pk)
    k = questionnaire.survey.minimum_group
    items = questionnaire.items.count()
    packed = rows.take_untallied(questionnaire_id=questionnaire.pk, items=items, limit=BATCH)
    stored = {(row.group_id, row.simulated): row for row in questionnaire.tallies.all()}
    counted = 0
    for key, ratings in packed.items():
        row = stored.get(key) or GroupTally(questionnaire=questionnaire, group_id=key[0], simulated=key[1])
        total = Tally.from_bytes(bytes(row.packed)) if row.pk else Tally.empty(items, scale_of(questionnaire))
        # Of many answers at once most can be shown soon: the last ones are taken over apart (surveys/release.py).
        cut = (len(ratings) // items - _tail(ratings, items, k)) * items
        for part in (ratings[:cut], ratings[cut:]):
            if part:
                tally = count_packed({key: part}, items, scale_of(questionnaire))[key]
                total += tally
                counted += tally.respondents
                shift(row, total, k=k)
        row.save()
    return counted


def _tail(ratings: bytes, items: int, k: int) -> int:
    """How many of the last answers hold k ratings of every item that is rated at all; all answers where none do."""
    table = np.frombuffer(ratings, np.uint8).reshape(-1, items)
    rated = table[::-1][: LONGEST_TAIL * k] != 0
    enough = (np.cumsum(rated, axis=0) >= k)[:, table.any(axis=0)].all(axis=1)
    return int(enough.argmax()) + 1 if enough.any() else len(table)


def scale_of(questionnaire: Questionnaire) -> tuple[int, int]:
    """Lowest and highest score that an answer to it can hold."""
    return questionnaire.scale_low, questionnaire.scale_high
