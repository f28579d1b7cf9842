"""Who is asked by a personal link, who of them has answered, and the mails that went out.

In an anonymous survey nothing here knows which answer is whose. Who has answered is a bit in the roll of the
group, and bits have no order and no time.
"""

import secrets
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_noop

from accounts.models import Organisation, User
from scoping.models import StakeholderGroup
from surveys.models.surveys import Survey


def new_nonce() -> bytes:
    return secrets.token_bytes(16)


class InvitationState(models.TextChoices):
    """What is known of the way to the person. That somebody has answered stands in the roll, not here."""

    READY = "ready", gettext_noop("Not sent yet")
    SENT = "sent", gettext_noop("Sent")
    BOUNCED = "bounced", gettext_noop("Came back")
    OPTED_OUT = "opted-out", gettext_noop("Wants no more mails")
    REVOKED = "revoked", gettext_noop("Withdrawn")


class Invitation(models.Model):
    """One person's personal link. The link's token is made from `nonce` and the server's secret, and only its keyed
    hash is stored: the database alone leads to no link.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="invitations")
    group = models.ForeignKey(StakeholderGroup, models.PROTECT, related_name="invitations")
    address = models.EmailField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=20, blank=True)
    nonce = models.BinaryField(max_length=16, default=new_nonce)
    token_hash = models.BinaryField(max_length=32, unique=True)
    number = models.PositiveIntegerField(
        help_text="Which bit of the group's roll says whether the person has answered."
    )
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.READY)
    mails = models.PositiveSmallIntegerField(default=0, help_text="How many mails went out: invitation and reminders.")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint("survey", Lower("address"), name="invitation_address_once_per_survey"),
            models.UniqueConstraint(fields=["survey", "group", "number"], name="invitation_number_unique"),
            models.CheckConstraint(condition=Q(state__in=InvitationState.values), name="invitation_state_known"),
        ]

    def __str__(self) -> str:
        return self.address


class Roll(models.Model):
    """Which invited people of a group have answered: one bit each, by the invitation's number.

    Bit n is bit n % 8, from the lowest, of byte n // 8, as PostgreSQL's set_bit and get_bit count.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="rolls")
    group = models.ForeignKey(StakeholderGroup, models.PROTECT, related_name="+")
    answered = models.BinaryField(default=bytes)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "group"], name="one_roll_per_group")]

    def __str__(self) -> str:
        return f"roll of {self.group}"


class Authorship(models.Model):
    """Which invitation an answer came by. There is none in an anonymous survey."""

    response = models.OneToOneField("surveys.Response", models.CASCADE, related_name="authorship")
    invitation = models.OneToOneField(Invitation, models.CASCADE, related_name="authorship")

    def __str__(self) -> str:
        return f"authorship of {self.invitation}"


class OptOut(models.Model):
    """An address that wants no mails from an organisation, as a keyed hash: enough to recognise it, no more."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    address_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "address_hash"], name="opt_out_once_per_address")
        ]

    def __str__(self) -> str:
        return f"opt-out at {self.organisation}"


class MailPolicy(models.Model):
    """What an organisation allows its surveys to send."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="mail_policy")
    reminders = models.PositiveSmallIntegerField(default=2, help_text="Reminders to one person, at most.")
    per_minute = models.PositiveIntegerField(default=120)
    per_day = models.PositiveIntegerField(default=20_000)
    approval_above = models.PositiveIntegerField(
        default=500, help_text="A mailing to more people than this needs a second person's approval."
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(per_minute__gte=1, per_day__gte=1), name="mail_policy_allows_some")
        ]

    def __str__(self) -> str:
        return f"mail policy of {self.organisation}"


class MailingKind(models.TextChoices):
    INVITATION = "invitation", gettext_noop("Invitation")
    REMINDER = "reminder", gettext_noop("Reminder to those who have not answered")


class MailingState(models.TextChoices):
    WAITING = "waiting", gettext_noop("Waits for a second person")
    READY = "ready", gettext_noop("Approved, about to be sent")
    SENDING = "sending", gettext_noop("Being sent")
    PAUSED = "paused", gettext_noop("Paused")
    DONE = "done", gettext_noop("Sent")
    CANCELLED = "cancelled", gettext_noop("Cancelled")


class Mailing(models.Model):
    """One batch of mails. Who gets one is decided when it is made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="mailings")
    kind = models.CharField(max_length=12, choices=MailingKind)
    state = models.CharField(max_length=10, choices=MailingState)
    texts = models.JSONField(help_text="By language: {'subject', 'body'}; the survey's source language is there.")
    reply_to = models.EmailField(blank=True)
    recipients = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True, help_text="Why sending stands still, and what to do.")
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    approved_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=MailingKind.values), name="mailing_kind_known"),
            models.CheckConstraint(condition=Q(state__in=MailingState.values), name="mailing_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.created_at:%Y-%m-%d}"


class DeliveryState(models.TextChoices):
    """UNSURE: the connection broke while the mail was handed over. It may have arrived, so it is not sent again
    by itself: nobody gets two."""

    QUEUED = "queued", gettext_noop("Waits")
    SENDING = "sending", gettext_noop("Being handed over")
    SENT = "sent", gettext_noop("Sent")
    REFUSED = "refused", gettext_noop("Refused by the mail server")
    BOUNCED = "bounced", gettext_noop("Came back")
    UNSURE = "unsure", gettext_noop("Unsure whether it arrived")
    SKIPPED = "skipped", gettext_noop("Not sent: answered, withdrawn or opted out meanwhile")


class Delivery(models.Model):
    """One mail of a mailing. Its id is in the mail's Message-ID, by which a bounce is recognised."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="deliveries", db_index=False)
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailing", "invitation"], name="one_mail_per_person_and_mailing"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["mailing", "state"], name="delivery_by_state")]

    def __str__(self) -> str:
        return f"mail to {self.invitation}"


class SentMails(models.Model):
    """How many mails an organisation sent on one day, for its quota."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    day = models.DateField()
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "day"], name="sent_mails_once_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.number} mails on {self.day}"
