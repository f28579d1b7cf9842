"""What is stored of one person in an organisation, found by the e-mail address: for requests to see or to erase it.

An answer is found only where the database connects it with an invitation. Simulated and imported answers, and those
given by a group's public link, are nobody's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation
from scoping.models import Assessment, Contact
from surveys.keys import address_hash, answer_key, personal_token
from surveys.models import (
    Anonymity,
    Delivery,
    Draft,
    Invitation,
    MailingKind,
    OptOut,
    Questionnaire,
    Response,
    Survey,
)
from surveys.roll import has_answered

NOT_FOUND = (
    "The survey is anonymous. Nothing connects this person with an answer, so no answer can be found, given out or "
    "erased, by anybody."
)


@dataclass(frozen=True)
class InvitationOf:
    """One invitation of the person, with the mails that went out for it."""

    invitation: Invitation
    mails: list[Delivery]

    @property
    def survey(self) -> Survey:
        return self.invitation.survey

    @property
    def shows_answer(self) -> bool:
        """Whether the working group may see that and what the person answered."""
        return self.survey.anonymity == Anonymity.IDENTIFIED

    @property
    def shown_mails(self) -> list[Delivery]:
        """Without reminders where nobody is to know who has answered: a reminder says that somebody had not."""
        if self.shows_answer:
            return self.mails
        return [mail for mail in self.mails if mail.mailing.kind == MailingKind.INVITATION]

    @cached_property
    def answered(self) -> bool:
        one = self.invitation
        return has_answered(survey_id=one.survey_id, group_id=one.group_id, number=one.number)

    @cached_property
    def answer(self) -> Response | None:
        """The person's answer, where the database knows it."""
        if not self.survey.links_people:
            return None
        answers = Response.objects.filter(authorship__invitation=self.invitation)
        return answers.select_related("questionnaire").first()

    @cached_property
    def judgements(self) -> list[tuple[str, int]]:
        """Each issue that was rated, as it was asked, with the score."""
        if self.answer is None:
            return []
        return _judgements(self.answer.questionnaire, bytes(self.answer.ratings), words=_)

    @cached_property
    def comments(self) -> list[tuple[str, str]]:
        """(what it is on, text) of each comment."""
        return [] if self.answer is None else _comments(self.answer, words=_)


@dataclass(frozen=True)
class StoredOfPerson:
    """Everything that an organisation stores of whoever has this address."""

    organisation: Organisation
    address: str
    contacts: list[Contact]
    invitations: list[InvitationOf]
    opted_out: bool
    member: bool

    def __bool__(self) -> bool:
        return bool(self.contacts or self.invitations or self.opted_out)

    @property
    def erasable(self) -> bool:
        return bool(self.contacts or self.invitations)

    @property
    def has_anonymous(self) -> bool:
        return any(not one.survey.links_people for one in self.invitations)

    @property
    def has_linked(self) -> bool:
        return any(one.survey.links_people for one in self.invitations)


def stored_of(organisation: Organisation, address: str) -> StoredOfPerson:
    """What is stored of the person with that address, in small or capital letters."""
    invitations = invitations_of(organisation, address).select_related("survey__assessment", "group").order_by("pk")
    mails: dict[int, list[Delivery]] = {}
    deliveries = Delivery.objects.filter(invitation__in=invitations).select_related("mailing")
    for mail in deliveries.order_by("mailing__created_at"):
        mails.setdefault(mail.invitation_id, []).append(mail)
    hashed = address_hash(organisation.pk, address)
    return StoredOfPerson(
        organisation,
        address,
        list(contacts_of_person(organisation, address).select_related("assessment", "group").order_by("pk")),
        [InvitationOf(one, mails.get(one.pk, [])) for one in invitations],
        OptOut.objects.filter(organisation=organisation, address_hash=hashed).exists(),
        Membership.objects.filter(organisation=organisation, user__email__iexact=address).exists(),
    )


def invitations_of(organisation: Organisation, address: str) -> QuerySet[Invitation]:
    # Survey by survey: that is how the index of addresses in small letters is kept.
    surveys = Survey.objects.filter(assessment__organisation=organisation)
    same = Invitation.objects.annotate(lower=Lower("address")).filter(lower=address.lower(), survey__in=surveys)
    return Invitation.objects.filter(pk__in=same.values("pk"))


def contacts_of_person(organisation: Organisation, address: str) -> QuerySet[Contact]:
    assessments = Assessment.objects.filter(organisation=organisation)
    same = Contact.objects.annotate(lower=Lower("email")).filter(lower=address.lower(), assessment__in=assessments)
    return Contact.objects.filter(pk__in=same.values("pk"))


def draft_key_of(invitation: Invitation) -> UUID:
    """The key of what the person has begun and not sent under the personal link (AnswerLink.draft_key)."""
    return answer_key(token=personal_token(bytes(invitation.nonce)), secret="draft")  # noqa: S106


def as_document(stored: StoredOfPerson, *, now: datetime | None = None) -> dict[str, Any]:
    """All of it, for the person, as values that JSON can hold."""
    return {
        "organisation": stored.organisation.name,
        "e-mail address": stored.address,
        "made at": (now or timezone.now()).isoformat(timespec="seconds"),
        "wants no mails": stored.opted_out,
        "contacts": [
            {
                "assessment": contact.assessment.name,
                "stakeholder group": contact.group.name,
                "name": contact.name,
                "e-mail address": contact.email,
                "employer": contact.employer,
                "role": contact.role,
                "language": contact.language,
            }
            for contact in stored.contacts
        ],
        "invitations": [_invitation(one) for one in stored.invitations],
    }


def _invitation(one: InvitationOf) -> dict[str, Any]:
    invitation = one.invitation
    document: dict[str, Any] = {
        "survey": one.survey.title,
        "assessment": one.survey.assessment.name,
        "stakeholder group": invitation.group.name,
        "e-mail address": invitation.address,
        "name": invitation.name,
        "language": invitation.language,
        "state": invitation.get_state_display(),
        "mails": [
            {
                "kind": mail.mailing.get_kind_display(),
                "prepared at": mail.mailing.created_at.isoformat(timespec="seconds"),
                "state": mail.get_state_display(),
                "message id": str(mail.pk),
                "error": mail.error,
            }
            for mail in one.mails
        ],
        "anonymity": one.survey.get_anonymity_display(),
    }
    if not one.survey.links_people:
        return document | {"answer": NOT_FOUND}
    return document | {
        "answered": one.answered,
        "answer": _answer(one) if one.answer else None,
        "begun and not sent": _draft(invitation),
    }


def _answer(one: InvitationOf) -> dict[str, Any]:
    assert one.answer is not None
    questionnaire = one.answer.questionnaire
    judgements = _judgements(questionnaire, bytes(one.answer.ratings))
    return {
        "scale": [questionnaire.scale_low, questionnaire.scale_high],
        "ratings": [{"issue": name, "score": score} for name, score in judgements],
        "about the respondent": one.answer.profile or {},
        "seconds taken": one.answer.seconds,
        "comments": [{"on": on, "text": text} for on, text in _comments(one.answer)],
    }


def _draft(invitation: Invitation) -> dict[str, Any] | None:
    draft = Draft.objects.filter(pk=draft_key_of(invitation)).select_related("questionnaire").first()
    if draft is None:
        return None
    ratings = _judgements(draft.questionnaire, bytes(draft.ratings))
    return {
        "saved on": draft.saved_on.isoformat(),
        "ratings": [{"issue": name, "score": score} for name, score in ratings],
        "texts": draft.texts,
    }


# What our own words become on their way: translated for a page, as they are in a document.
Words = Callable[[str], str]


def _judgements(questionnaire: Questionnaire, ratings: bytes, *, words: Words = str) -> list[tuple[str, int]]:
    return list(_rated(questionnaire, ratings, words))


def _comments(answer: Response, *, words: Words = str) -> list[tuple[str, str]]:
    comments = answer.comments.select_related("item").order_by("kind", "item__position")
    return [(one.item.name if one.item else words(one.get_kind_display()), one.text) for one in comments]


def _rated(questionnaire: Questionnaire, ratings: bytes, words: Words) -> Iterator[tuple[str, int]]:
    for item in questionnaire.items.order_by("position"):
        score = ratings[item.position] if item.position < len(ratings) else 0
        if questionnaire.scale_low <= score <= questionnaire.scale_high:
            about = f", {words(item.get_dimension_display()).lower()}" if item.dimension else ""
            yield f"{item.name}{about}", score
