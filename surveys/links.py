"""From the token in an address to everything that a respondent's page needs, in one query.

The token is the only key here: respondents belong to no organisation, so this is the one read of the app
that is not scoped to one. A *public* link is a group's; a *personal* one is an invitation's, found by its hash.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from surveys.frozen import FrozenQuestionnaire, Sheet, frozen_questionnaire
from surveys.keys import answer_key, token_hash
from surveys.models import Anonymity, Invitation, InvitationState, SurveyLink, takes_answers

# In the order of AnswerLink's fields; the last two find the questionnaire.
_COLUMNS = (
    "group_id",
    "group__name",
    "group__side",
    "survey_id",
    "survey__state",
    "survey__closes_at",
    "survey__minimum_group",
    "survey__title",
    "survey__assessment__slug",
    "survey__assessment__company",
    "survey__assessment__organisation_id",
    "survey__questionnaires__id",
    "survey__questionnaires__frozen_at",
)


@dataclass(frozen=True)
class Invited:
    """Whose personal link it is: the invitation, its bit in the roll, and the language it was written in."""

    invitation_id: int
    number: int
    language: str


@dataclass(frozen=True)
class AnswerLink:
    """A survey as one stakeholder group, or one invited person of it, sees it at this moment."""

    token: str
    group_id: int
    group: str
    side: str
    survey_id: int
    state: str
    closes_at: datetime | None
    minimum_group: int
    title: str
    slug: str
    company: str
    organisation_id: UUID
    questionnaire: FrozenQuestionnaire
    invited: Invited | None = None

    def takes_answers(self, now: datetime) -> bool:
        return takes_answers(self.state, self.closes_at, now)

    @property
    def links_people(self) -> bool:
        """Whether an answer is stored together with whose it is."""
        return self.invited is not None and self.questionnaire.content.anonymity != Anonymity.ANONYMOUS

    @property
    def editable(self) -> bool:
        """Whether an answer that was sent can be changed."""
        return self.links_people and self.questionnaire.content.editable

    def sheet(self, language: str = "") -> Sheet:
        return self.questionnaire.sheet(self.group_id, language)

    def answer_key(self, secret: str) -> UUID:
        """The key of the answer that the form with this secret sends.

        Of a personal link nothing goes into it: whoever has the database and the server's secret could make the
        link's token, and shall still not find its answer.
        """
        return answer_key(token="" if self.invited else self.token, secret=secret)

    def draft_key(self, secret: str) -> UUID:
        """The key of what is not sent yet: by the browser's secret, or by the personal link on any device."""
        return answer_key(token=self.token, secret="draft" if self.invited else secret)


def public_link(token: str) -> AnswerLink | None:
    """The group's link of that token, with its newest questionnaire; None when there is none."""
    links = SurveyLink.objects.filter(token=token, survey__questionnaires__isnull=False)
    row = links.order_by("-survey__questionnaires__version").values_list(*_COLUMNS).first()
    return _link(token, row) if row else None


def personal_link(token: str) -> AnswerLink | None:
    """The personal link of that token; None when there is none or it is revoked."""
    invitations = Invitation.objects.filter(token_hash=token_hash(token), survey__questionnaires__isnull=False)
    usable = invitations.exclude(state=InvitationState.REVOKED).order_by("-survey__questionnaires__version")
    row = usable.values_list("id", "number", "language", *_COLUMNS).first()
    return _link(token, row[3:], Invited(*row[:3])) if row else None


def _link(token: str, row: tuple[Any, ...], invited: Invited | None = None) -> AnswerLink:
    facts: list[Any] = [*row[:-2], frozen_questionnaire(*row[-2:]), invited]
    return AnswerLink(token, *facts)


# What changes of a link, seldom, is what pages say; what is stored under its answers does not.
# A link that was withdrawn works in other processes for so long.
_KEPT = 1024
_SECONDS = 15
_remembered: dict[str, tuple[float, AnswerLink]] = {}


def remembered_link(token: str) -> AnswerLink | None:
    """The public link as this process read it last, without asking the database again.

    For taking answers in, where the statement that stores decides whether the survey is open. A page that is
    shown reads the link afresh.
    """
    now = time.monotonic()
    read_at, known = _remembered.get(token, (0.0, None))
    if known is not None and now - read_at < _SECONDS:
        return known
    known = public_link(token)
    if known is None:
        forget_link(token)
        return None
    if len(_remembered) >= _KEPT:
        _remembered.clear()
    _remembered[token] = now, known
    return known


def forget_link(token: str) -> None:
    """Read it afresh next time: something about it was out of date."""
    _remembered.pop(token, None)


def address_of(token: str) -> str:
    """The full public address, built from the configured one and never from what a visitor's browser claims."""
    return settings.BASE_URL + reverse("respond", kwargs={"token": token})


def personal_address_of(token: str) -> str:
    """The full address of a personal link."""
    return settings.BASE_URL + reverse("respond-personal", kwargs={"token": token})
