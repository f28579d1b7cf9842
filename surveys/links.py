"""From the token in an address to everything that a respondent's page needs, in one query.

The token is the only key here: respondents belong to no organisation, so this is the one read of the app
that is not scoped to one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from surveys.frozen import FrozenQuestionnaire, frozen_questionnaire
from surveys.models import SurveyLink, takes_answers

# In the order of PublicLink's fields; the last two find the questionnaire.
_COLUMNS = (
    "token",
    "group_id",
    "group__name",
    "group__side",
    "survey_id",
    "survey__state",
    "survey__closes_at",
    "survey__title",
    "survey__introduction",
    "survey__assessment__slug",
    "survey__assessment__company",
    "survey__assessment__organisation_id",
    "survey__questionnaires__id",
    "survey__questionnaires__frozen_at",
)


@dataclass(frozen=True)
class PublicLink:
    """A survey as one stakeholder group sees it at this moment."""

    token: str
    group_id: int
    group: str
    side: str
    survey_id: int
    state: str
    closes_at: datetime | None
    title: str
    introduction: str
    slug: str
    company: str
    organisation_id: UUID
    questionnaire: FrozenQuestionnaire

    def takes_answers(self, now: datetime) -> bool:
        return takes_answers(self.state, self.closes_at, now)


def public_link(token: str) -> PublicLink | None:
    """The link of that token, with its newest questionnaire; None when there is none."""
    links = SurveyLink.objects.filter(token=token, survey__questionnaires__isnull=False)
    newest_first = links.order_by("-survey__questionnaires__version")
    row: tuple[Any, ...] | None = newest_first.values_list(*_COLUMNS).first()
    if row is None:
        return None
    facts: list[Any] = [*row[:-2], frozen_questionnaire(*row[-2:])]
    return PublicLink(*facts)


# What changes of a link, seldom, is what pages say; what is stored under its answers does not.
_KEPT = 1024
_remembered: dict[str, PublicLink] = {}


def remembered_link(token: str) -> PublicLink | None:
    """The link as this process read it last, without asking the database again.

    For taking answers in, where the statement that stores decides whether the survey is open. A page that is
    shown reads the link afresh.
    """
    known = _remembered.get(token)
    if known is None:
        known = public_link(token)
        if known is not None:
            if len(_remembered) >= _KEPT:
                _remembered.clear()
            _remembered[token] = known
    return known


def forget_link(token: str) -> None:
    """Read it afresh next time: something about it was out of date."""
    _remembered.pop(token, None)


def address_of(token: str) -> str:
    """The full public address, built from the configured one and never from what a visitor's browser claims."""
    return settings.BASE_URL + reverse("respond", kwargs={"token": token})
