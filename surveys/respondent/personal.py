"""A person's own link: it brings the draft back on any device, and takes one answer.

Opening it changes nothing. While the survey is open, a link that was used looks like one that never was, unless the
answer can be changed; once it is closed, all links that were given out get the same page. Who finds one learns nothing,
not even by the number of questions that the database is asked.
"""

from django.core.signing import Signer
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from surveys import selectors
from surveys.answers import InvalidAnswer
from surveys.keys import new_secret
from surveys.links import AnswerLink, personal_link
from surveys.models import Response
from surveys.questions import Form
from surveys.respondent.clock import stamp
from surveys.respondent.cookies import hand_over_receipt
from surveys.respondent.pages import closed_page, form_page, returned_page, thanks_page, to_thanks, told_to_script
from surveys.respondent.posted import Posted
from surveys.respondent.visits import PERSONAL, UnknownLink, Visit, respondents_page
from surveys.roll import has_answered
from surveys.services import AlreadyAnswered, SurveyClosed, change_response, save_draft, submit_response

SEAL, CHANGED = "sent", "changed"


def _find(request: HttpRequest, token: str) -> AnswerLink | None:
    link = personal_link(token)
    if link is None:
        _used(None)  # what is asked of a link that exists is asked of one that does not
    return link


@respondents_page(PERSONAL, _find, "GET", "HEAD", "POST")
def respond(visit: Visit) -> HttpResponse:
    return _receive(visit) if visit.request.method == "POST" else _open(visit)


@respondents_page(PERSONAL, _find, "POST")
def save(visit: Visit) -> HttpResponse:
    """Keep an unfinished answer under the link; not once an answer has been sent, from whichever device."""
    posted = Posted.of(visit)
    kept = not _used(visit.link) and _keep(visit, posted)
    is_open = visit.link.takes_answers(timezone.now())
    if not visit.wants_page:
        return told_to_script(kept=kept, is_open=is_open)
    if not is_open:
        return closed_page(visit, kept=kept, late=kept)
    if not kept:
        return _overtaken(visit, posted)
    return form_page(visit, Form(visit.link, visit.sheet, posted.secret, posted.reading, saved=True))


@respondents_page(PERSONAL, _find, "GET", "HEAD")
def thanks(visit: Visit) -> HttpResponse:
    """For whoever has just sent an answer, which the seal in the address says."""
    seal = visit.request.GET.get(SEAL, "")
    if not _used(visit.link) or not constant_time_compare(seal, _seal(visit.link)):
        raise UnknownLink
    return thanks_page(visit, changed=CHANGED in visit.request.GET)


def _open(visit: Visit) -> HttpResponse:
    link = visit.link
    is_open, used = link.takes_answers(timezone.now()), _used(link)
    if used and is_open:
        if not link.editable:
            raise UnknownLink
        return _to_change(visit)
    draft = selectors.draft_of(link.draft_key(""), link.questionnaire)
    if not is_open:
        return closed_page(visit, kept=draft is not None and not used)
    opened = stamp() if draft is None else ""
    return form_page(visit, Form(link, visit.sheet, new_secret(), draft, opened=opened))


def _to_change(visit: Visit) -> HttpResponse:
    sent = selectors.sent_answer(visit.link, visit.sheet)
    if sent is None:  # erased, or given to an earlier version of the questions
        raise UnknownLink
    return form_page(visit, Form(visit.link, visit.sheet, new_secret(), sent, changing=True))


def _receive(visit: Visit) -> HttpResponse:
    link, posted = visit.link, Posted.of(visit)
    changing = _used(link)
    if changing and selectors.was_sent(link.answer_key(posted.secret)):
        return _thanked(visit, posted.secret)  # the same form, sent twice
    if changing and not (link.editable and posted.replaces):
        return _overtaken(visit, posted)
    refused = ""
    if posted.ready:
        try:
            return _change(visit, posted) if changing else _send(visit, posted)
        except InvalidAnswer as error:
            refused = error.message
        except SurveyClosed:
            pass  # the page for this follows
        except AlreadyAnswered:
            return _overtaken(visit, posted)
        except Response.DoesNotExist:
            raise UnknownLink from None
    return _not_sent(visit, refused, changing=changing)


def _send(visit: Visit, posted: Posted) -> HttpResponse:
    link = visit.link
    submit_response(
        link=link,
        answers=posted.answer,
        key=link.answer_key(posted.secret),
        draft_key=link.draft_key(posted.secret),
        extras=posted.extras,
    )
    return _thanked(visit, posted.secret)


def _change(visit: Visit, posted: Posted) -> HttpResponse:
    change_response(link=visit.link, answers=posted.answer, extras=posted.extras)
    return to_thanks(visit, **{SEAL: _seal(visit.link), CHANGED: "1"})


def _not_sent(visit: Visit, refused: str, *, changing: bool) -> HttpResponse:
    """Keep what was right as a draft and say why. Of an answer that is being changed, the one before stays instead."""
    link = personal_link(visit.link.token)
    if link is None:
        raise UnknownLink
    visit = visit.at(link)
    posted = Posted.of(visit)
    if not changing and not _keep(visit, posted):
        return _overtaken(visit, posted)
    if not link.takes_answers(timezone.now()):
        return closed_page(visit, kept=not changing, late=True)
    return returned_page(visit, posted, opened=posted.opened, refused=refused, changing=changing)


def _overtaken(visit: Visit, posted: Posted) -> HttpResponse:
    """For a form from before an answer was sent with the link: what it holds takes that one's place only when it is
    sent once more, now knowingly."""
    link = visit.link
    if not link.takes_answers(timezone.now()):
        return closed_page(visit, kept=False, late=link.editable)
    if not link.editable or selectors.sent_answer(link, visit.sheet) is None:
        raise UnknownLink
    return returned_page(visit, posted, changing=True, overtaken=True)


def _keep(visit: Visit, posted: Posted) -> bool:
    link, reading = visit.link, posted.reading
    return save_draft(
        link=link,
        ratings=reading.draft,
        texts=reading.texts,
        key=link.draft_key(posted.secret),
        answer_key=link.answer_key(posted.secret),
    )


def _thanked(visit: Visit, secret: str) -> HttpResponse:
    return hand_over_receipt(visit, to_thanks(visit, **{SEAL: _seal(visit.link)}), secret)


def _used(link: AnswerLink | None) -> bool:
    """Whether the invited person has answered; of no link, no, after the same question."""
    if link is None or link.invited is None:
        return has_answered(survey_id=0, group_id=0, number=0)
    return has_answered(survey_id=link.survey_id, group_id=link.group_id, number=link.invited.number)


def _seal(link: AnswerLink) -> str:
    """Made when an answer is sent. Nobody makes it for a guessed link, and it holds no time."""
    return Signer(salt="surveys.respondent.thanks").signature(link.token)[:22]
