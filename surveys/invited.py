"""Reads for the pages of invitations and mailings, always of one survey that was found in its organisation.

Of an anonymous or confidential survey nothing here says who has answered: numbers only.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from scoping.models import StakeholderGroup
from scoping.selectors.paging import place_of
from surveys.models import (
    Anonymity,
    Delivery,
    DeliveryState,
    Invitation,
    InvitationState,
    Mailing,
    MailingKind,
    Survey,
)
from surveys.roll import answered_bits
from surveys.turnout import Turnout, somebody, turnout_by_group

PER_PAGE = 100
# Deliveries that went wrong, shown at once.
MOST_FAILURES = 200
FAILED = (DeliveryState.REFUSED, DeliveryState.BOUNCED, DeliveryState.UNSURE)


@dataclass(frozen=True)
class GroupInvitations:
    """Numbers of one group. `sent` are those whom a mail has reached as far as is known."""

    group: StakeholderGroup
    contacts: int
    invited: int
    ready: int
    sent: int
    bounced: int
    opted_out: int
    revoked: int
    turnout: Turnout

    @property
    def answered(self) -> int:
        return self.turnout.answered


@dataclass(frozen=True)
class InvitedPerson:
    """A line of the list; `answered` is None where nobody is to know."""

    invitation: Invitation
    answered: bool | None


@dataclass(frozen=True)
class InvitedPage:
    """A hundred people of a group; `found` on all pages, the first of this one is number `first`."""

    rows: list[InvitedPerson]
    found: int
    page: int
    pages: int
    first: int

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def shows_who_answered(survey: Survey) -> bool:
    return survey.anonymity == Anonymity.IDENTIFIED


def invitations_by_group(survey: Survey) -> list[GroupInvitations]:
    """Every group of the assessment in its order; cheap whatever their sizes, since only states are counted."""
    states: Mapping[int, Counter[str]] = {}
    if survey.pk:
        states = {}
        counted = survey.invitations.order_by().values_list("group_id", "state").annotate(number=Count("pk"))
        for group_id, state, number in counted:
            states.setdefault(group_id, Counter())[state] = number
    turnouts = turnout_by_group(survey) if survey.pk else {}
    reachable = Count("contacts", filter=~Q(contacts__email=""))
    groups = survey.assessment.groups.annotate(reachable=reachable).order_by("position", "pk")
    return [
        _of_group(
            group,
            getattr(group, "reachable"),  # noqa: B009
            states.get(group.pk, Counter()),
            turnouts.get(group.pk, Turnout()),
        )
        for group in groups
    ]


def _of_group(group: StakeholderGroup, contacts: int, states: Counter[str], turnout: Turnout) -> GroupInvitations:
    return GroupInvitations(
        group,
        contacts,
        states.total(),
        states[InvitationState.READY],
        states[InvitationState.SENT],
        states[InvitationState.BOUNCED],
        states[InvitationState.OPTED_OUT],
        states[InvitationState.REVOKED],
        turnout,
    )


def invited_page(
    survey: Survey, group: StakeholderGroup, *, words: str = "", state: str = "", page: int = 1
) -> InvitedPage:
    """The invited people of a group by address.

    Parameters
    ----------
    words : only those with these words in name or address.
    state : only those in this state; empty for all.
    page : from 1; one beyond the last is the last.
    """
    people = somebody(survey.invitations.filter(group=group)).order_by("address")
    if words:
        people = people.filter(Q(name__icontains=words) | Q(address__icontains=words))
    if state:
        people = people.filter(state=state)
    found = people.count()
    page, pages, start = place_of(page, found, PER_PAGE)
    bits = answered_bits(survey).get(group.pk) if shows_who_answered(survey) else None
    rows = [
        InvitedPerson(one, bool(bits is not None and bits[one.number]) if shows_who_answered(survey) else None)
        for one in people[start : start + PER_PAGE]
    ]
    return InvitedPage(rows, found, page, pages, start + 1 if rows else 0)


def invitation_of(survey: Survey, pk: int) -> Invitation | None:
    people = somebody(survey.invitations.select_related("group", "survey__assessment"))
    return people.filter(pk=pk).first()


def mailings_of(survey: Survey) -> QuerySet[Mailing]:
    return survey.mailings.select_related("created_by", "approved_by")


def mailing_of(survey: Survey, pk: UUID) -> Mailing | None:
    return mailings_of(survey).select_related("survey__assessment__organisation").filter(pk=pk).first()


@dataclass(frozen=True)
class MailingProgress:
    """What became of the mails of a mailing, by state; and reasons of those that failed, with how many each."""

    numbers: Mapping[str, int]
    reasons: list[tuple[str, int]]
    failed: list[Delivery]

    def _of(self, state: str) -> int:
        return self.numbers.get(state, 0)

    @property
    def waiting(self) -> int:
        return self._of(DeliveryState.QUEUED) + self._of(DeliveryState.SENDING)

    @property
    def refused(self) -> int:
        return self._of(DeliveryState.REFUSED)

    @property
    def bounced(self) -> int:
        return self._of(DeliveryState.BOUNCED)

    @property
    def unsure(self) -> int:
        return self._of(DeliveryState.UNSURE)

    @property
    def skipped(self) -> int:
        return self._of(DeliveryState.SKIPPED)

    @property
    def sent(self) -> int:
        return self._of(DeliveryState.SENT)

    @property
    def failures(self) -> int:
        return self.refused + self.bounced + self.unsure


def mailing_progress(mailing: Mailing) -> MailingProgress:
    """Counts, and whose mails failed. A reminder's are not named unless people are: getting one says that somebody
    had not answered."""
    numbers = dict(mailing.deliveries.order_by().values_list("state").annotate(number=Count("pk")))
    failed = mailing.deliveries.filter(state__in=FAILED)
    reasons = failed.order_by().values_list("error").annotate(number=Count("pk")).order_by("-number", "error")[:20]
    named: list[Delivery] = []
    if mailing.kind == MailingKind.INVITATION or shows_who_answered(mailing.survey):
        rows = failed.select_related("invitation__group").order_by("state", "invitation__address")
        named = list(rows[:MOST_FAILURES])
    return MailingProgress(numbers, list(reasons), named)
