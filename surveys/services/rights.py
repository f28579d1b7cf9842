"""A person's rights: what is stored is given out or erased at their request. Logged without address and content."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Organisation, User
from accounts.services import record
from scoping.models import Assessment
from scoping.services.scope import hold, note
from surveys.models import DeliveryState, Draft, Exclusion, Invitation, Response
from surveys.people import as_document, contacts_of_person, draft_key_of, invitations_of, stored_of
from surveys.roll import clear_answered, hold_rolls
from surveys.services.folding import locked_questionnaire, take_off
from surveys.turnout import ARRIVED, keep_place

SUBJECT = "people"
ERASED = "erased what was stored of one person at their request"
GIVEN_OUT = "gave out what was stored of one person at their request"
NOTHING_TO_ERASE = gettext_noop("Nothing is stored under this address that could be erased. Check how it is written.")
BEING_SENT = gettext_noop("A mail to this person is being sent this moment. Try again in a minute.")


Follower = Callable[[Assessment], None]
_followers: list[Follower] = []


def register_follower(follower: Follower) -> None:
    """Have upper floors called for each assessment of which something was erased, when that is committed."""
    if follower not in _followers:
        _followers.append(follower)


@dataclass(frozen=True)
class Erased:
    """How many rows went."""

    contacts: int
    invitations: int
    answers: int


@transaction.atomic
def give_out(*, organisation: Organisation, address: str, by: User) -> dict[str, Any]:
    """Everything that the organisation stores of the person, as a document for them.

    Raises
    ------
    ValidationError
        If nothing is stored under that address.
    """
    stored = stored_of(organisation, address)
    if not stored:
        raise ValidationError(_("Nothing is stored under this address. Check how it is written."))
    record(organisation=organisation, actor=by, subject=SUBJECT, summary=GIVEN_OUT)
    return as_document(stored)


@transaction.atomic
def erase_person(*, organisation: Organisation, address: str, by: User) -> Erased:
    """Delete contacts, invitations with their mails and drafts, and answers that the database connects with them.

    Answers are taken off the counts exactly, with the mark that the person had answered. Results that are shown go on
    without them as surveys/release.py says: where one answer's going would show what it said, later. Kept are the hash
    that says that no mails are wanted, and of an anonymous survey a place without a name among the invited and the bit
    of a number that nobody has any more (see surveys/turnout.py).

    Raises
    ------
    ValidationError
        If nothing is stored under that address, or a mail to the person is being handed over.
    """
    contacts = contacts_of_person(organisation, address)
    invitations = invitations_of(organisation, address)
    of_contacts = contacts.values_list("assessment_id", flat=True)
    of_invitations = invitations.values_list("survey__assessment_id", flat=True)
    touched = _assessments_of({*of_contacts, *of_invitations})
    if not touched:
        raise ValidationError(_(NOTHING_TO_ERASE))
    for assessment in touched:
        hold(assessment)
    hold_rolls(invitations.values_list("survey", "group"))
    held = list(invitations.select_related("survey").select_for_update(of=("self",)).order_by("pk"))
    if any(one.deliveries.filter(state=DeliveryState.SENDING).exists() for one in held):
        raise ValidationError(_(BEING_SENT))
    answers = _erase_answers(held)
    Draft.objects.filter(pk__in=[draft_key_of(one) for one in held]).delete()
    for invitation in held:
        _leave_roll(invitation)
    Invitation.objects.filter(pk__in=[one.pk for one in held]).delete()
    erased = Erased(contacts.count(), len(held), answers)
    contacts.delete()

    def tell() -> None:
        for assessment in touched:
            for follower in _followers:
                follower(assessment)

    transaction.on_commit(tell, robust=True)
    for assessment in touched:
        note(assessment, by, ERASED)
    record(organisation=organisation, actor=by, subject=SUBJECT, summary=ERASED)
    return erased


def _assessments_of(keys: set[UUID]) -> list[Assessment]:
    # In one order, so that two erasures never wait for each other.
    return list(Assessment.objects.filter(pk__in=keys).order_by("pk"))


def _leave_roll(invitation: Invitation) -> None:
    if invitation.survey.links_people:
        number = invitation.number
        clear_answered(survey_id=invitation.survey_id, group_id=invitation.group_id, number=number)
    elif invitation.mails or invitation.deliveries.filter(state__in=ARRIVED).exists():
        # Nobody looks whether this person had answered: the place stays either way.
        keep_place(invitation)


def _erase_answers(invitations: Iterable[Invitation]) -> int:
    """Delete the answers that came by these invitations, with their comments, and take them off the counts."""
    theirs = Response.objects.filter(authorship__invitation__in=list(invitations))
    by_questionnaire: dict[int, list[Any]] = defaultdict(list)
    for questionnaire_id, key in theirs.order_by("questionnaire").values_list("questionnaire", "pk"):
        by_questionnaire[questionnaire_id].append(key)
    erased = 0
    for questionnaire_id, keys in by_questionnaire.items():
        # As a fold does: whether an answer is counted, and the count itself, belong together.
        questionnaire = locked_questionnaire(questionnaire_id)
        responses = list(Response.objects.select_for_update().filter(pk__in=keys))
        take_off(questionnaire, responses)
        left_out = {response.exclusion_id for response in responses if response.exclusion_id is not None}
        Response.objects.filter(pk__in=[response.pk for response in responses]).delete()
        for exclusion in Exclusion.objects.filter(pk__in=left_out):
            exclusion.answers = exclusion.responses.count()
            exclusion.save(update_fields=["answers"])
        erased += len(responses)
    return erased
