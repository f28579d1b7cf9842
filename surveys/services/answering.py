"""Taking answers in. The web form, the simulator and the importer all come through here.

This is the most used path of the product, so it speaks to the database as little as it can: an answer that
is sent costs one statement that stores it and one look for a waiting job.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from surveys import rows
from surveys.answers import UNANSWERED, InvalidAnswer, pack
from surveys.links import PublicLink, public_link
from surveys.models import SurveyLink
from surveys.selectors import was_sent
from surveys.services.folding import request_fold


class SurveyClosed(Exception):
    """The survey takes no answers now: not opened yet, closed, or past its closing date."""


@dataclass(frozen=True)
class Submission:
    """What became of an answer that was sent. `created` is False when it had been sent before."""

    created: bool
    key: UUID


def submit_response(
    *,
    link: PublicLink | SurveyLink,
    answers: Mapping[str, int] | bytes,
    key: UUID | None = None,
    simulated: bool = False,
) -> Submission:
    """Store one respondent's answer, once, and see to it that it will be counted.

    Parameters
    ----------
    link : the group's link. May have been read a while ago: whether the survey is open now, and still asks
        these questions, is decided where the answer is stored.
    answers : rating by item code, or one byte per item; 0 = no answer or cannot judge.
    key : the answer's primary key. The same key sent again stores nothing.

    Raises
    ------
    InvalidAnswer
        With a message for each item at fault; also when the questionnaire has changed. Nothing is stored.
    SurveyClosed
        If the survey takes no answers. Nothing is stored.
    """
    asked = _asked(link)
    key = key or uuid4()
    created = rows.insert_response(
        key=key,
        questionnaire_id=asked.questionnaire.id,
        group_id=asked.group_id,
        ratings=pack(asked.questionnaire, answers),
        simulated=simulated,
        now=timezone.now(),
    )
    if not created:
        _explain(asked, key)
    if created:
        # After the answer is committed, and not before: a job that still waits then will take its answers
        # later than our commit and sees this one. Had we looked before committing, that job could have
        # started and finished in between, and nobody would have come for this answer. A failure here must
        # not turn a stored answer into an error page (robust): the sweeper asks for a fold as well. Django
        # logs the name of what failed, which a partial does not have.
        def ask_for_fold() -> None:
            request_fold(asked.survey_id, asked.organisation_id, asked.slug)

        transaction.on_commit(ask_for_fold, robust=True)
    return Submission(created, key)


def _explain(asked: PublicLink, key: UUID) -> None:
    """Why nothing was stored: quietly if the answer is there already, else with the exception that says it."""
    if was_sent(key):
        return
    now = public_link(asked.token)
    if now and now.takes_answers(timezone.now()) and now.questionnaire.id != asked.questionnaire.id:
        raise InvalidAnswer("The survey has changed since this form was opened. Please check your ratings.")
    raise SurveyClosed("This survey takes no answers now.")


def save_draft(*, link: PublicLink | SurveyLink, ratings: bytes, key: UUID) -> bool:
    """Keep what was rated so far, so that its author can come back. It counts nowhere.

    Also after the survey has closed, so that nobody's work is thrown away. Says whether it was kept: not
    once the answer itself has been sent.

    Parameters
    ----------
    ratings : one byte per item; UNANSWERED where nothing was chosen.

    Raises
    ------
    ValueError
        If the bytes do not fit the questionnaire.
    """
    asked = _asked(link)
    questionnaire = asked.questionnaire
    if len(ratings) != len(questionnaire.items) or ratings.translate(None, questionnaire.allowed + _UNANSWERED):
        raise ValueError(f"A draft of {asked.title!r} needs {len(questionnaire.items)} ratings on its scale.")
    return rows.upsert_draft(
        key=key,
        questionnaire_id=questionnaire.id,
        group_id=asked.group_id,
        ratings=ratings,
        today=timezone.now().date(),
    )


_UNANSWERED = bytes([UNANSWERED])


def _asked(link: PublicLink | SurveyLink) -> PublicLink:
    if isinstance(link, PublicLink):
        return link
    asked = public_link(link.token)
    if asked is None:
        raise SurveyClosed("This survey has not been opened: it has no questionnaire yet.")
    return asked
