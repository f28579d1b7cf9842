"""How many of the invited have answered, group by group: the one number that every page shows.

Whoever has answered counts among the invited whatever becomes of the invitation afterwards, so no rate is above 100 %.
Of an anonymous survey no rate says of one person whether they had answered: withdrawing or erasing somebody who may
have done so moves neither number.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from scoping.models import StakeholderGroup
from surveys.keys import personal_token, token_hash
from surveys.models import Delivery, DeliveryState, GroupDesign, Invitation, InvitationState, Survey
from surveys.models.invitations import new_nonce
from surveys.roll import answered_bits

# As far as is known, such a mail is with the person.
ARRIVED = (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNSURE)
# The address of a place that is nobody's; no mail can go to this domain (RFC 2606).
NOBODY = "@nobody.invalid"
# Numbers of such places begin here, far beyond the bits of any roll: nothing leads from a place to a bit.
_FIRST_NUMBER, _NUMBERS = 1 << 30, 1 << 30


@dataclass(frozen=True)
class Turnout:
    """`answered` people of the `invited` ones who can have been reached."""

    invited: int = 0
    answered: int = 0

    @property
    def rate(self) -> float | None:
        """Share of the invited who have answered, in per cent, 0 to 100; None where nobody is invited."""
        return min(100 * self.answered / self.invited, 100.0) if self.invited else None


def people_in(group: StakeholderGroup, design: GroupDesign | None) -> int | None:
    """How many people `group` has for its survey: the number entered there, which may be a part of the group, or else
    the headcount of the register. None where nobody knows."""
    return (design.population if design else None) or group.headcount


def people_by_group(survey: Survey, groups: Iterable[StakeholderGroup]) -> dict[int, int | None]:
    """`people_in` each of the groups, by their keys."""
    designs = {design.group_id: design for design in survey.designs.all()}
    return {group.pk: people_in(group, designs.get(group.pk)) for group in groups}


def turnout_by_group(survey: Survey) -> dict[int, Turnout]:
    """By the group's key, for groups with invitations or a roll.

    Not invited are addresses that no mail has reached, and links that were withdrawn before a mail went out.
    """
    arrived = Exists(Delivery.objects.filter(invitation=OuterRef("pk"), state__in=ARRIVED))
    people = Invitation.objects.filter(survey=survey).exclude(Q(state=InvitationState.REVOKED, mails=0) & ~arrived)
    reached = people.exclude(Q(state=InvitationState.BOUNCED) & ~arrived)
    invited = dict(reached.order_by().values_list("group_id").annotate(number=Count("pk")))
    answered = {group_id: int(bits.sum()) for group_id, bits in answered_bits(survey).items()}
    return {key: Turnout(invited.get(key, 0), answered.get(key, 0)) for key in invited.keys() | answered.keys()}


def somebody(invitations: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Without the places that are nobody's any more."""
    return invitations.exclude(address__endswith=NOBODY)


def keep_place(invitation: Invitation) -> None:
    """Leave a place among the invited instead of somebody who is erased from an anonymous survey, and may have
    answered: without name, address, working link and number of their own."""
    nonce = new_nonce()
    Invitation.objects.create(
        survey_id=invitation.survey_id,
        group_id=invitation.group_id,
        address=f"{uuid4()}{NOBODY}",
        nonce=nonce,
        token_hash=token_hash(personal_token(nonce)),
        number=_FIRST_NUMBER + secrets.randbelow(_NUMBERS - 1),
        state=InvitationState.REVOKED,
        mails=1,
    )
