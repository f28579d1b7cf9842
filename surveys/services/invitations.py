"""One invitation and what can be done about it: correct it, withdraw or renew its link, or take somebody off the list.

The audit trail names groups and numbers, never a person.
"""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from scoping.lists.cells import CellError, read_language
from scoping.models import StakeholderGroup
from scoping.services.scope import note
from scoping.wording import noun
from surveys.addresses import Person, Problem, read_person
from surveys.keys import address_hash, personal_token, token_hash
from surveys.models import Anonymity, Authorship, Delivery, DeliveryState, Invitation, InvitationState, OptOut, Survey
from surveys.models.invitations import new_nonce
from surveys.turnout import ARRIVED

BATCH = 2_000
# Whoever has such a delivery may have a mail with the link.
WRITTEN = (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNSURE, DeliveryState.BOUNCED)

INVITED_ALREADY = gettext_noop("Somebody with this address is invited to this survey already.")


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User) -> None:
    """Withdraw a link: it answers like one that never was, and no mail goes out any more. An answer stays."""
    held = hold_invitation(invitation)
    held.state = InvitationState.REVOKED
    held.save(update_fields=["state"])
    note(held.survey.assessment, by, f"withdrew an invitation of {held.group}")


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
    note(held.survey.assessment, by, f"renewed the link of an invitation of {held.group}")
    return held


@transaction.atomic
def correct_invitation(*, invitation: Invitation, address: str, name: str, language: str, by: User) -> Invitation:
    """Put right what was mistyped. With another address the link is another one too, the old one ends at once, and the
    next mailing of invitations goes there; capitals alone are no other address.

    Raises
    ------
    ValidationError
        At the field that cannot be used; or the person has answered where it is shown who has, wants no mails, was
        withdrawn, or has a mail on its way; or the address is another one, and an answer may have come by the link.
    """
    held = hold_invitation(invitation)
    refuse_correction(held)
    person = _read(address, name, language)
    elsewhere = person.address.lower() != held.address.lower()
    if elsewhere:
        _refuse_address(held, person.address)
    held.address, held.name, held.language = person.address, person.name, person.language
    fields = ["address", "name", "language"]
    if elsewhere:
        held.nonce = new_nonce()
        held.token_hash = token_hash(personal_token(held.nonce))
        held.state, held.mails = InvitationState.READY, 0
        fields += ["nonce", "token_hash", "state", "mails"]
    try:
        with transaction.atomic():
            held.save(update_fields=fields)
    except IntegrityError as error:
        raise ValidationError({"address": _(INVITED_ALREADY)}) from error
    what = "the address" if elsewhere else "the name or language"
    note(held.survey.assessment, by, f"corrected {what} of an invitation of {held.group}")
    return held


def refuse_correction(invitation: Invitation) -> None:
    """Raises ValidationError where an invitation cannot be corrected any more."""
    if invitation.state == InvitationState.OPTED_OUT:
        raise ValidationError(_("This person wants no more mails. Nothing can be corrected."))
    if invitation.state == InvitationState.REVOKED:
        raise ValidationError(_("This invitation is withdrawn. Renew its link first, then correct it."))
    if invitation.survey.anonymity == Anonymity.IDENTIFIED and _has_answer(invitation):
        raise ValidationError(_("An answer was sent by this link already. It stays with the person who was invited."))


def _has_answer(invitation: Invitation) -> bool:
    return Authorship.objects.filter(invitation=invitation).exists()


def _read(address: str, name: str, language: str) -> Person:
    try:
        tag = read_language(language.strip()) if language.strip() else ""
    except CellError as error:
        raise ValidationError({"language": str(error)}) from error
    person = read_person(1, address, name, tag)
    if isinstance(person, Problem):
        raise ValidationError({"address": person.reason})
    return person


def _refuse_address(held: Invitation, address: str) -> None:
    survey = held.survey
    if held.deliveries.filter(state=DeliveryState.SENDING).exists():
        raise ValidationError(_("A mail to this person is being sent this moment. Try again in a minute."))
    # Where it is not shown who has answered, refusing those alone who have would show it.
    arrived = held.deliveries.filter(state__in=ARRIVED).exists()
    if _has_answer(held) or (survey.anonymity != Anonymity.IDENTIFIED and arrived):
        reached = _(
            "A mail has reached the present address, so that an answer may have come by its link. Withdraw this "
            "invitation, and add the right address to the group."
        )
        raise ValidationError({"address": reached})
    if survey.invitations.exclude(pk=held.pk).filter(address__iexact=address).exists():
        raise ValidationError({"address": _(INVITED_ALREADY)})
    hashed = address_hash(survey.assessment.organisation_id, address)
    if OptOut.objects.filter(organisation=survey.assessment.organisation_id, address_hash=hashed).exists():
        raise ValidationError({"address": _("Whoever has this address wants no mails.")})


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
    note(survey.assessment, by, f"removed an invitation of {group} that was never sent")


def remove_unsent(*, survey: Survey, group: StakeholderGroup, by: User) -> int:
    """Take everybody of a group off the list to whom no mail ever went; how many they were. In batches, each on record:
    whoever is written to meanwhile stays."""
    removed = 0
    while batch := _remove_some(survey, group, by):
        removed += batch
    return removed


@transaction.atomic
def _remove_some(survey: Survey, group: StakeholderGroup, by: User) -> int:
    batch = list(never_written_to(survey, group).select_for_update(of=("self",)).values_list("pk", flat=True)[:BATCH])
    if batch:
        Invitation.objects.filter(pk__in=batch).delete()
        who = noun(len(batch), "invitation")
        were = noun(len(batch), "was", "were")
        note(survey.assessment, by, f"removed {len(batch):,} {who} of {group} that {were} never sent")
    return len(batch)


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
