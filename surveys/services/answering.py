"""Taking answers in. The web form, the simulator and the importer all come through here.

This is the most used path of the product, so it speaks to the database as little as it can: an answer that
is sent costs one statement that stores it and one look for a waiting job.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys import rows
from surveys.answers import UNANSWERED, Extras, InvalidAnswer, pack
from surveys.links import AnswerLink, personal_link, public_link
from surveys.models import Authorship, Comment, CommentKind, Item, Response, SurveyLink
from surveys.roll import has_answered, mark_answered
from surveys.selectors import was_sent
from surveys.services.folding import locked_questionnaire, request_fold, take_off

NOTHING_BESIDE = Extras()


class SurveyClosed(Exception):
    """The survey takes no answers now: not opened yet, closed, or past its closing date."""


class AlreadyAnswered(Exception):
    """The invited person has answered before, and the answer cannot be changed."""


@dataclass(frozen=True)
class Submission:
    """What became of an answer that was sent. `created` is False when it had been sent before."""

    created: bool
    key: UUID


def submit_response(
    *,
    link: AnswerLink | SurveyLink,
    answers: Mapping[str, int] | bytes,
    key: UUID | None = None,
    draft_key: UUID | None = None,
    extras: Extras = NOTHING_BESIDE,
    simulated: bool = False,
) -> Submission:
    """Store one respondent's answer, once, and see to it that it will be counted.

    Parameters
    ----------
    link : the group's or the person's link. May have been read a while ago: whether the survey is open now, and
        still asks these questions, is decided where the answer is stored.
    answers : score by the item's field, or one byte per item; 0 = no answer or cannot judge.
    key : the answer's primary key. The same key sent again stores nothing.
    draft_key : of the draft that is done with; the answer's own key where none is given.
    extras : comments, profile answers, the time taken.

    Raises
    ------
    InvalidAnswer
        With a message for each item at fault; also when the questionnaire has changed. Nothing is stored.
    SurveyClosed
        If the survey takes no answers. Nothing is stored.
    AlreadyAnswered
        If the invited person has sent another answer before. Nothing is stored.
    """
    asked = _asked(link)
    key = key or uuid4()
    ratings = pack(asked.questionnaire, answers)
    if asked.invited is None and not extras.has_texts:
        created = _insert(asked, key, draft_key, ratings, extras, simulated)
    else:
        created = _insert_with_more(asked, key, draft_key, ratings, extras, simulated)
    if not created:
        _explain(asked, key)
    else:
        _count_soon(asked)
    return Submission(created, key)


def change_response(*, link: AnswerLink, answers: Mapping[str, int] | bytes, extras: Extras) -> Submission:
    """Put another answer in place of the one that the invited person sent before.

    Raises
    ------
    InvalidAnswer, SurveyClosed
        As `submit_response` does; the answer before stays.
    AlreadyAnswered
        If answers of this survey cannot be changed.
    Response.DoesNotExist
        If the person has not answered, or the answer was erased.
    """
    if not link.editable or link.invited is None:
        raise AlreadyAnswered("Answers to this survey cannot be changed once they are sent.")
    ratings = pack(link.questionnaire, answers)
    with transaction.atomic():
        # As a fold does: whether the answer is counted, and the count itself, belong together.
        questionnaire = locked_questionnaire(link.questionnaire.id)
        if not questionnaire.survey.takes_answers(timezone.now()):
            raise SurveyClosed("This survey takes no answers now.")
        response = Response.objects.select_for_update().get(
            authorship__invitation=link.invited.invitation_id, questionnaire=questionnaire
        )
        take_off(questionnaire, [response])
        response.ratings, response.profile = ratings, dict(extras.profile) or None
        response.tallied, response.exclusion = False, None
        response.save(update_fields=["ratings", "profile", "tallied", "exclusion"])
        response.comments.all().delete()
        Comment.objects.bulk_create(_comments(link, extras, response))
    _count_soon(link)
    return Submission(False, response.pk)


def _insert(
    asked: AnswerLink, key: UUID, draft_key: UUID | None, ratings: bytes, extras: Extras, simulated: bool
) -> bool:
    return rows.insert_response(
        key=key,
        draft_key=draft_key or key,
        questionnaire_id=asked.questionnaire.id,
        group_id=asked.group_id,
        ratings=ratings,
        simulated=simulated,
        now=timezone.now(),
        seconds=extras.seconds,
        profile=extras.profile,
    )


class _NotStored(Exception):
    """Takes back what was written before the answer itself was refused."""


def _insert_with_more(
    asked: AnswerLink, key: UUID, draft_key: UUID | None, ratings: bytes, extras: Extras, simulated: bool
) -> bool:
    """Store an answer with the mark in the roll, whose it is, and its comments: all of it or nothing."""
    try:
        with transaction.atomic():
            if asked.invited and not mark_answered(
                survey_id=asked.survey_id, group_id=asked.group_id, number=asked.invited.number
            ):
                if was_sent(key):
                    return False
                raise AlreadyAnswered("This invitation has been answered already.")
            if not _insert(asked, key, draft_key, ratings, extras, simulated):
                raise _NotStored
            if asked.links_people and asked.invited:
                Authorship.objects.create(response_id=key, invitation_id=asked.invited.invitation_id)
            response = Response(pk=key) if asked.links_people else None
            Comment.objects.bulk_create(_comments(asked, extras, response))
    except _NotStored:
        return False
    return True


def _comments(asked: AnswerLink, extras: Extras, response: Response | None) -> Iterator[Comment]:
    """The rows of what was written. Without a response nothing leads from a text to ratings or to a person."""
    texts: list[tuple[CommentKind, Item | None, str]] = [
        (CommentKind.OVERALL, None, extras.overall),
        (CommentKind.MISSING, None, extras.missing),
    ]
    if extras.comments:
        items = Item.objects.filter(questionnaire=asked.questionnaire.id, code__in=extras.comments)
        # With both importances an issue is two items; its comment is the first one's.
        first = {item.code: item for item in sorted(items, key=lambda item: -item.position)}
        texts += [(CommentKind.ISSUE, first[code], text) for code, text in extras.comments.items() if code in first]
    for kind, item, text in texts:
        if text:
            yield Comment(
                questionnaire_id=asked.questionnaire.id,
                group_id=asked.group_id,
                kind=kind,
                item=item,
                text=text,
                response=response,
            )


def _count_soon(asked: AnswerLink) -> None:
    # After the answer is committed, and not before: a job that still waits then will take its answers
    # later than our commit and sees this one. Had we looked before committing, that job could have
    # started and finished in between, and nobody would have come for this answer. A failure here must
    # not turn a stored answer into an error page (robust): the sweeper asks for a fold as well. Django
    # logs the name of what failed, which a partial does not have.
    def ask_for_fold() -> None:
        request_fold(asked.survey_id, asked.organisation_id, asked.slug)

    transaction.on_commit(ask_for_fold, robust=True)


def _explain(asked: AnswerLink, key: UUID) -> None:
    """Why nothing was stored: quietly if the answer is there already, else with the exception that says it."""
    if was_sent(key):
        return
    now = personal_link(asked.token) if asked.invited else public_link(asked.token)
    if now and now.takes_answers(timezone.now()) and now.questionnaire.id != asked.questionnaire.id:
        raise InvalidAnswer(_("The survey has changed since this form was opened. Please check your ratings."))
    raise SurveyClosed("This survey takes no answers now.")


def save_draft(
    *,
    link: AnswerLink | SurveyLink,
    ratings: bytes,
    key: UUID,
    texts: Mapping[str, str] | None = None,
    answer_key: UUID | None = None,
) -> bool:
    """Keep what was done so far, so that its author can come back. It counts nowhere.

    Also after the survey has closed, so that nobody's work is thrown away. Says whether it was kept: not
    once the answer itself has been sent.

    Parameters
    ----------
    ratings : one byte per item; UNANSWERED where nothing was chosen.
    texts : comments and profile answers, by their fields.
    key : of the draft.
    answer_key : of the answer that the same form sends; the draft's own key where none is given.

    Raises
    ------
    ValueError
        If the bytes do not fit the questionnaire.
    """
    asked = _asked(link)
    questionnaire = asked.questionnaire
    if len(ratings) != len(questionnaire.items) or ratings.translate(None, questionnaire.allowed + _UNANSWERED):
        raise ValueError(f"A draft of {asked.title!r} needs {len(questionnaire.items)} ratings on its scale.")
    keep = partial(
        rows.upsert_draft,
        key=key,
        answer_key=answer_key or key,
        questionnaire_id=questionnaire.id,
        group_id=asked.group_id,
        ratings=ratings,
        texts=texts or {},
        today=timezone.now().date(),
    )
    if asked.invited is None:
        return keep()
    with transaction.atomic():
        # A second tab's draft that arrives just after the answer must not stay behind under the personal link.
        answered = has_answered(
            survey_id=asked.survey_id, group_id=asked.group_id, number=asked.invited.number, hold=True
        )
        return not answered and keep()


_UNANSWERED = bytes([UNANSWERED])


def _asked(link: AnswerLink | SurveyLink) -> AnswerLink:
    if isinstance(link, AnswerLink):
        return link
    asked = public_link(link.token)
    if asked is None:
        raise SurveyClosed("This survey has not been opened: it has no questionnaire yet.")
    return asked
