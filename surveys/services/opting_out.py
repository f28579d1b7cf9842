"""A person's word on mails: no more of them from an organisation, or again after all. Found by a personal link.

Whether the person may answer is another matter: the link stays good.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower

from surveys.keys import address_hash, token_hash
from surveys.models import Invitation, InvitationState, OptOut, Survey


@dataclass(frozen=True)
class MailLink:
    """Whose mails a personal link is about, as far as its page says it. A withdrawn link still stops mails."""

    invitation: Invitation
    company: str
    organisation: str
    language: str

    @property
    def opted_out(self) -> bool:
        return self.invitation.state == InvitationState.OPTED_OUT


def mail_link(token: str) -> MailLink | None:
    """The invitation with that link; None when there is none."""
    invitations = Invitation.objects.select_related("survey__assessment__organisation")
    found = invitations.filter(token_hash=token_hash(token)).first()
    if found is None:
        return None
    assessment = found.survey.assessment
    language = found.language or found.survey.source_language
    return MailLink(found, assessment.company, assessment.organisation.name, language)


@transaction.atomic
def opt_out(*, link: MailLink) -> None:
    """No more mails from this organisation to this address, by any of its surveys. Twice is once."""
    organisation = link.invitation.survey.assessment.organisation_id
    hashed = address_hash(organisation, link.invitation.address)
    OptOut.objects.get_or_create(organisation_id=organisation, address_hash=hashed)
    _invitations_of(link).exclude(state=InvitationState.REVOKED).update(state=InvitationState.OPTED_OUT)


@transaction.atomic
def opt_in(*, link: MailLink) -> None:
    """Mails are welcome after all; only the person can say so."""
    organisation = link.invitation.survey.assessment.organisation_id
    OptOut.objects.filter(
        organisation=organisation, address_hash=address_hash(organisation, link.invitation.address)
    ).delete()
    out = _invitations_of(link).filter(state=InvitationState.OPTED_OUT)
    out.filter(mails=0).update(state=InvitationState.READY)
    out.filter(mails__gt=0).update(state=InvitationState.SENT)


def _invitations_of(link: MailLink) -> QuerySet[Invitation]:
    """All invitations of the organisation to this address."""
    surveys = Survey.objects.filter(assessment__organisation=link.invitation.survey.assessment.organisation_id)
    # By the index of addresses in small letters, survey by survey.
    lower = Invitation.objects.annotate(lower=Lower("address"))
    same = lower.filter(lower=link.invitation.address.lower(), survey__in=surveys)
    return Invitation.objects.filter(pk__in=same.values("pk"))
