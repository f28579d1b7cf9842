"""One invitation and what can be done about it: withdraw or renew its link, or take somebody off the list.

The audit trail names groups and numbers, never a person.
"""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from scoping.models import StakeholderGroup
from scoping.wording import noun
from surveys.keys import personal_token, token_hash
from surveys.models import Delivery, DeliveryState, Invitation, InvitationState, Survey
from surveys.models.invitations import new_nonce

BATCH = 2_000
# Whoever has such a delivery may have a mail with the link.
WRITTEN = (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNSURE, DeliveryState.BOUNCED)


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User) -> None:
    """Withdraw a link: it answers like one that never was, and no mail goes out any more. An answer stays."""
    held = hold_invitation(invitation)
    held.state = InvitationState.REVOKED
    held.save(update_fields=["state"])
    _record(held.survey, by, f"withdrew an invitation of {held.group}")


@transaction.atomic
def renew_link(*, invitation: Invitation, by: User) -> Invitation:
    """Another link in place of the present one, which ends at once. The next mailing of invitations sends it.

    Raises
    ------
    ValidationError
        The person wants no mails, or a mail with the old link is on its way.
    """
    held = hold_invitation(invitation)
    if held.state == InvitationState.OPTED_OUT:
        raise ValidationError(_("This person wants no more mails, so that a new link could not be sent."))
    if held.deliveries.filter(state=DeliveryState.SENDING).exists():
        raise ValidationError(_("A mail to this person is being sent this moment. Try again in a minute."))
    held.nonce = new_nonce()
    held.token_hash = token_hash(personal_token(held.nonce))
    held.state = InvitationState.READY
    held.save(update_fields=["nonce", "token_hash", "state"])
    _record(held.survey, by, f"renewed the link of an invitation of {held.group}")
    return held


@transaction.atomic
def remove_invitation(*, invitation: Invitation, by: User) -> None:
    """Take somebody off the list to whom no mail ever went.

    Raises
    ------
    ValidationError
        A mail went out, or is on its way: the link may be used already. Withdraw it instead.
    """
    held = hold_invitation(invitation)
    if held.mails or held.deliveries.filter(state__in=WRITTEN).exists():
        raise ValidationError(_("A mail went to this person already. Withdraw the invitation instead."))
    survey, group = held.survey, held.group
    held.delete()
    _record(survey, by, f"removed an invitation of {group} that was never sent")


def remove_unsent(*, survey: Survey, group: StakeholderGroup, by: User) -> int:
    """Take everybody of a group off the list to whom no mail ever went; how many they were. In batches: whoever is
    written to meanwhile stays."""
    removed = 0
    while True:
        with transaction.atomic():
            batch = list(
                never_written_to(survey, group).select_for_update(of=("self",)).values_list("pk", flat=True)[:BATCH]
            )
            if not batch:
                break
            Invitation.objects.filter(pk__in=batch).delete()
            removed += len(batch)
    if removed:
        who = noun(removed, "invitation")
        _record(survey, by, f"removed {removed:,} {who} of {group} that {noun(removed, 'was', 'were')} never sent")
    return removed


def never_written_to(survey: Survey, group: StakeholderGroup) -> QuerySet[Invitation]:
    written = models.Exists(
        Delivery.objects.filter(invitation=models.OuterRef("pk"), state__in=(*WRITTEN, DeliveryState.QUEUED))
    )
    ready = survey.invitations.filter(group=group, state=InvitationState.READY, mails=0)
    return ready.exclude(written)


def hold_invitation(invitation: Invitation) -> Invitation:
    """The invitation as it is now, kept from changing until the transaction ends."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related(
        "group", "survey__assessment__organisation"
    )
    held = rows.filter(pk=invitation.pk).first()
    if held is None:
        raise ValidationError(_("This invitation was removed meanwhile. Go back to the list."))
    return held


def _record(survey: Survey, by: User | None, summary: str) -> None:
    assessment = survey.assessment
    record(organisation=assessment.organisation, actor=by, subject=assessment.slug, summary=summary)
