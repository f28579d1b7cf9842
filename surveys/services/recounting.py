"""Counting every answer afresh, and putting the result in place of the stored tallies.

A small count is done where it is asked for. A large one on PostgreSQL is divided (surveys/services/pieces.py), and
every worker that has time helps. SQLite has one writer at a time: a recount of a million answers holds it for about
a second.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from jobs.models import Job
from jobs.services import enqueue
from scoping.models import StakeholderGroup
from scoping.services.scope import note
from surveys import rows
from surveys.counting import Counter
from surveys.models import GroupTally, Questionnaire, Survey
from surveys.release import settle_at_once, shift
from surveys.rows import GroupKey
from surveys.services import pieces
from surveys.services.folding import Progress, fold_responses, locked_questionnaire, scale_of
from surveys.tally import Tally

RECOUNT = "surveys.recount"
STEP = "Counting every answer afresh"


@dataclass(frozen=True)
class Recount:
    """What counting afresh found. `corrected` names the groups whose stored tally was not equal to it."""

    respondents: int
    corrected: tuple[str, ...]


def request_recount(*, survey: Survey, by: User | None = None) -> Job:
    """Ask the worker to count every answer afresh. While one waits, asking again returns that one."""
    return enqueue(
        kind=RECOUNT,
        organisation=survey.assessment.organisation,
        subject=survey.assessment.slug,
        arguments={"survey": survey.pk},
        key=f"{RECOUNT}:{survey.pk}",
        created_by=by,
    )


def recount_tallies(*, survey: Survey, progress: Progress | None = None) -> Recount:
    """Count every answer from scratch and put the result in place of the stored tallies.

    The lock keeps the set of tallied answers as it is, so however many statements and workers read it, they read
    one state; answers that arrive meanwhile are not marked yet and are folded in afterwards.
    """
    questionnaires = list(survey.questionnaires.all())
    expected = GroupTally.objects.filter(questionnaire__in=questionnaires).aggregate(n=Sum("respondents"))["n"] or 0
    respondents = 0
    corrected: set[str] = set()
    for questionnaire in questionnaires:

        def tell(done: int, before: int = respondents) -> None:
            if progress:
                progress(before + done, max(expected, before + done), STEP)

        # Between the transactions, or from another connection: within one, nobody else would see it move.
        tell(0)
        with transaction.atomic():
            found = _recount(locked_questionnaire(questionnaire.pk), tell)
        respondents += found.respondents
        corrected.update(found.corrected)
    respondents += fold_responses(survey=survey, progress=progress)
    if corrected:
        note(survey.assessment, None, f"a recount corrected the tallies of {', '.join(sorted(corrected))}")
    return Recount(respondents, tuple(sorted(corrected)))


def _recount(questionnaire: Questionnaire, tell: Callable[[int], None]) -> Recount:
    items = questionnaire.items.count()
    stored = {(row.group_id, row.simulated): row for row in questionnaire.tallies.all()}
    expected = sum(row.respondents for row in stored.values())
    if pieces.worth_dividing(expected=expected, items=items):
        totals = pieces.count_in_pieces(questionnaire=questionnaire, items=items, expected=expected, tell=tell)
    else:
        counter = Counter(items, scale_of(questionnaire))
        for packed in rows.tallied(questionnaire_id=questionnaire.pk, items=items, expected=expected):
            counter.add(packed)
        totals = counter.totals()
    corrected = _correct(questionnaire, stored, totals)
    return Recount(sum(tally.respondents for tally in totals.values()), corrected)


def _correct(
    questionnaire: Questionnaire, stored: dict[GroupKey, GroupTally], totals: dict[GroupKey, Tally]
) -> tuple[str, ...]:
    """Put `totals` in place of what differs from them. Returns the names of the groups."""
    corrected = set()
    for key in stored.keys() | totals.keys():
        known, recounted = stored.get(key), totals.get(key)
        if known and recounted and Tally.from_bytes(bytes(known.packed)) == recounted:
            continue
        corrected.add(key[0])
        if recounted:
            row = known or GroupTally(questionnaire=questionnaire, group_id=key[0], simulated=key[1])
            shift(row, recounted, k=questionnaire.survey.minimum_group)
            if known and row.shown is not None:
                # A count that was wrong is nothing to tell a person's answer from by subtraction.
                settle_at_once(row)
            row.save()
        elif known:
            known.delete()
    return tuple(StakeholderGroup.objects.filter(pk__in=corrected).values_list("name", flat=True))
