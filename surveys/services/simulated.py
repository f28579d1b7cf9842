"""Simulated answers in great numbers: stored together, and deleted together, in batches of one transaction each."""

import numpy as np
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from accounts.models import User
from scoping.services.scope import note
from surveys import bulk_rows
from surveys.answers import InvalidAnswer, pack
from surveys.links import AnswerLink
from surveys.models import GroupTally, Questionnaire, Response, Survey
from surveys.services.answering import SurveyClosed
from surveys.services.folding import locked_questionnaire, request_fold, subtract

Ratings = NDArray[np.uint8]


def store_together(*, link: AnswerLink, ratings: Ratings, before: int, of: int) -> None:
    """Store simulated answers of one group, all or none, and see to it that they will be counted.

    They are rows as `submit_response` leaves them. They lie in the order of their keys, and the keys rise from one
    call to the next: nobody has sent these answers, so there is no order of arrival that keys must hide.

    Parameters
    ----------
    ratings : (answers, items) one byte per item; 0 = no answer or cannot judge.
    before, of : how many answers of the same run were stored before, and how many it has.

    Raises
    ------
    InvalidAnswer
        If one of them cannot be counted, or the questionnaire has changed.
    SurveyClosed
        If the survey takes no answers.
    """
    _check(link, ratings)
    with transaction.atomic():
        # Whoever closes the survey, or has it asked anew, waits for us, and we for them.
        survey = Survey.objects.select_for_update(no_key=True).get(pk=link.survey_id)
        if not survey.takes_answers(timezone.now()):
            raise SurveyClosed("This survey takes no answers now.")
        if survey.questionnaires.order_by("-version").values_list("pk", flat=True).first() != link.questionnaire.id:
            raise InvalidAnswer("The survey has changed since these answers were drawn. Simulate again.")
        bulk_rows.insert_simulated(
            questionnaire_id=link.questionnaire.id,
            group_id=link.group_id,
            keys=bulk_rows.random_keys(len(ratings), before=before, of=of),
            ratings=ratings,
        )

        # After the commit, as with answers from the web: a job that starts earlier would not see these.
        def ask_for_fold() -> None:
            request_fold(link.survey_id, link.organisation_id, link.slug)

        transaction.on_commit(ask_for_fold, robust=True)


def _check(link: AnswerLink, ratings: Ratings) -> None:
    """As `pack` checks one answer."""
    allowed = np.zeros(256, bool)
    allowed[list(link.questionnaire.allowed)] = True
    fits = ratings.shape[1] == len(link.questionnaire.items)
    wrong = ~allowed[ratings].all(axis=1) | ~ratings.any(axis=1) if fits else np.ones(len(ratings), bool)
    if wrong.any():
        pack(link.questionnaire, ratings[wrong.argmax()].tobytes())


def remove_simulated(*, survey: Survey, by: User | None = None) -> int:
    """Delete every simulated answer and what it added to the tallies. Returns how many answers went.

    In batches: whatever stops it, an answer is either stored and counted or neither. Nobody's answers have neither
    comments nor an author.
    """
    removed = 0
    for questionnaire in survey.questionnaires.order_by("pk"):
        # A fold beside us writes rows anew, behind us perhaps: then we go through the table again.
        while Response.objects.filter(questionnaire=questionnaire, simulated=True).exists():
            removed += sum(_remove(questionnaire, part) for part in bulk_rows.parts_of_table())
        GroupTally.objects.filter(questionnaire=questionnaire, simulated=True, respondents=0).delete()
    if removed:
        note(survey.assessment, by, f"removed {removed} simulated answers")
    return removed


@transaction.atomic
def _remove(questionnaire: Questionnaire, part: tuple[int, int]) -> int:
    held = locked_questionnaire(questionnaire.pk)
    removed, counted = bulk_rows.delete_simulated(questionnaire_id=held.pk, part=part, items=held.items.count())
    if counted:
        subtract(held, counted)
    return removed
