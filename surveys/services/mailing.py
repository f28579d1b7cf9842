"""Mailings: decide who gets a mail, have a second person agree where they are many, start, pause, resume, cancel.

How mails leave the house is in surveys/services/sending.py.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Membership, Organisation, Role, User
from accounts.services import record
from jobs.models import Job, Status
from jobs.services import enqueue
from scoping.models import StakeholderGroup
from scoping.services.scope import note
from scoping.wording import noun
from surveys.mail_texts import Texts, read_reply_to, read_texts
from surveys.models import (
    Anonymity,
    Delivery,
    DeliveryState,
    Invitation,
    InvitationState,
    Mailing,
    MailingKind,
    MailingState,
    MailPolicy,
    Survey,
)
from surveys.roll import answered_bits

SEND = "surveys.send"
BATCH = 2_000
UNFINISHED = (MailingState.WAITING, MailingState.READY, MailingState.SENDING, MailingState.PAUSED)
# Whoever has such a delivery gets a mail already, or may have got one that nobody is sure about.
UNDER_WAY = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNSURE)
MAY_APPROVE = (Role.OWNER, Role.ANALYST, Role.APPROVER)
SURVEY_NOT_OPEN = gettext_noop(
    "Mails are sent while the survey is open, since their links lead to it. Open the survey first."
)


def policy_of(organisation: Organisation) -> MailPolicy:
    """What the organisation allows; unsaved, with the usual numbers, while nobody has changed them."""
    return MailPolicy.objects.filter(organisation=organisation).first() or MailPolicy(organisation=organisation)


@transaction.atomic
def set_policy(
    *, organisation: Organisation, reminders: int, per_minute: int, per_day: int, approval_above: int, by: User
) -> MailPolicy:
    """Change what the organisation's surveys may send. It counts from the next mail on."""
    policy, _created = MailPolicy.objects.update_or_create(
        organisation=organisation,
        defaults={
            "reminders": reminders,
            "per_minute": per_minute,
            "per_day": per_day,
            "approval_above": approval_above,
        },
    )
    summary = (
        f"set the mail policy: {reminders} {noun(reminders, 'reminder')} to a person, {per_minute:,} mails a minute, "
        f"{per_day:,} a day, approval above {approval_above:,}"
    )
    record(organisation=organisation, actor=by, subject="mail policy", summary=summary)
    return policy


def check_mailing(
    *, survey: Survey, kind: str, groups: Iterable[StakeholderGroup], texts: Texts, reply_to: str = ""
) -> Mapping[int, int]:
    """How many people of each group `prepare_mailing` would write to, by the group's key. Changes nothing.

    Raises
    ------
    ValidationError
        As `prepare_mailing` would.
    """
    chosen = _read_mailing(survey, groups, texts, reply_to)[0]
    policy = policy_of(survey.assessment.organisation)
    numbers = Counter(group_id for _, group_id in recipients_of(survey, kind, chosen, policy))
    if not numbers:
        raise ValidationError(_nobody(kind, policy))
    return numbers


@transaction.atomic
def prepare_mailing(
    *,
    survey: Survey,
    kind: str,
    groups: Iterable[StakeholderGroup],
    texts: Texts,
    by: User,
    reply_to: str = "",
) -> Mailing:
    """Decide who gets a mail, and have it sent, or wait for a second person's approval where they are many.

    An invitation goes to whoever was not written to yet, a reminder to whoever was and has not answered, at most as
    often as the organisation allows. Nobody is chosen who has a mail under way.

    Parameters
    ----------
    texts : by language {"subject", "body"}; the survey's source language must be there.

    Raises
    ------
    ValidationError
        The survey is not open, a text cannot be used (by field), or there is nobody to write to.
    """
    survey = _held(survey)
    chosen, kept, replies = _read_mailing(survey, groups, texts, reply_to)
    policy = policy_of(survey.assessment.organisation)
    mailing = Mailing.objects.create(
        survey=survey,
        kind=MailingKind(kind),
        state=MailingState.WAITING,
        texts=kept,
        reply_to=replies,
        created_by=by,
    )
    recipients = recipients_of(survey, kind, chosen, policy)
    while batch := list(islice(recipients, BATCH)):
        Delivery.objects.bulk_create(Delivery(mailing=mailing, invitation_id=pk) for pk, _ in batch)
        mailing.recipients += len(batch)
    if not mailing.recipients:
        raise ValidationError(_nobody(kind, policy))
    needs_approval = mailing.recipients > policy.approval_above
    mailing.state = MailingState.WAITING if needs_approval else MailingState.READY
    mailing.save(update_fields=["state", "recipients"])
    people = f"{mailing.recipients:,} {noun(mailing.recipients, 'person', 'people')}"
    note(
        mailing.survey.assessment,
        by,
        f"prepared {_called(kind)} to {people}" + (", to be approved" if needs_approval else ""),
    )
    if not needs_approval:
        start_sending(mailing, by)
    return mailing


def _read_mailing(
    survey: Survey, groups: Iterable[StakeholderGroup], texts: Texts, reply_to: str
) -> tuple[list[StakeholderGroup], dict[str, dict[str, str]], str]:
    """Groups, texts and the address for replies, as they can be used."""
    if not survey.takes_answers(timezone.now()):
        raise ValidationError(_(SURVEY_NOT_OPEN))
    kept = read_texts(texts, source=survey.source_language, closes=survey.closes_at is not None)
    chosen = list(groups)
    if not chosen:
        raise ValidationError({"groups": _("Choose at least one group.")})
    return chosen, kept, read_reply_to(reply_to)


def recipients_of(
    survey: Survey, kind: str, groups: Iterable[StakeholderGroup], policy: MailPolicy
) -> Iterator[tuple[int, int]]:
    """Whom a mailing of this kind would go to, as the keys of invitation and group, in no order that means anything."""
    under_way = Delivery.objects.filter(invitation=models.OuterRef("pk"), state__in=UNDER_WAY)
    invitations = survey.invitations.filter(group__in=list(groups)).exclude(models.Exists(under_way)).order_by("pk")
    if kind == MailingKind.REMINDER:
        # The first mail is the invitation.
        invitations = invitations.filter(state=InvitationState.SENT, mails__lte=policy.reminders)
    else:
        invitations = invitations.filter(state=InvitationState.READY)
    # Whom an invitation goes to must not say who has answered: somebody whose link was renewed could be told by it.
    asks_roll = kind == MailingKind.REMINDER or survey.anonymity == Anonymity.IDENTIFIED
    bits = answered_bits(survey) if asks_roll else {}
    for pk, group_id, number in invitations.values_list("pk", "group_id", "number").iterator(chunk_size=BATCH):
        answered = bits.get(group_id)
        if answered is None or number >= len(answered) or not answered[number]:
            yield pk, group_id


def numbers_of_recipients(survey: Survey, kind: str) -> Mapping[int, int]:
    """How many people of each group a mailing of this kind would go to, by the group's key."""
    policy = policy_of(survey.assessment.organisation)
    return Counter(group_id for _, group_id in recipients_of(survey, kind, survey.assessment.groups.all(), policy))


@transaction.atomic
def approve_mailing(*, mailing: Mailing, by: User) -> Mailing:
    """A second person agrees; the mails go out.

    Raises
    ------
    ValidationError
        `by` made the mailing, or may not approve; it does not wait for approval any more; the survey is not open.
    """
    held = hold_mailing(mailing)
    _must_be(held, MailingState.WAITING)
    organisation = held.survey.assessment.organisation
    if held.created_by_id == by.pk:
        raise ValidationError(_("You prepared this mailing yourself: somebody else has to approve it."))
    if not Membership.objects.filter(organisation=organisation, user=by, role__in=MAY_APPROVE).exists():
        raise ValidationError(_("Owners, analysts and approvers can approve a mailing."))
    if not held.survey.takes_answers(timezone.now()):
        raise ValidationError(_(SURVEY_NOT_OPEN))
    held.state, held.approved_by = MailingState.READY, by
    held.save(update_fields=["state", "approved_by"])
    note(held.survey.assessment, by, f"approved {_called(held.kind)} to {held.recipients:,} people")
    start_sending(held, by)
    return held


@transaction.atomic
def pause_mailing(*, mailing: Mailing, by: User) -> Mailing:
    """Send no more for now; the mail that is being handed over is the last one."""
    held = hold_mailing(mailing)
    _must_be(held, MailingState.READY, MailingState.SENDING)
    _to_state(held, MailingState.PAUSED)
    note(held.survey.assessment, by, f"paused {_called(held.kind)}")
    return held


@transaction.atomic
def resume_mailing(*, mailing: Mailing, by: User) -> Mailing:
    """Go on with those who wait still.

    Raises
    ------
    ValidationError
        It is not paused, or the survey is not open.
    """
    held = hold_mailing(mailing)
    _must_be(held, MailingState.PAUSED)
    if not held.survey.takes_answers(timezone.now()):
        raise ValidationError(_(SURVEY_NOT_OPEN))
    _to_state(held, MailingState.READY)
    note(held.survey.assessment, by, f"resumed {_called(held.kind)}")
    start_sending(held, by)
    return held


@transaction.atomic
def cancel_mailing(*, mailing: Mailing, by: User) -> Mailing:
    """Send no more of it, for good. Those who wait still can be chosen by another mailing."""
    held = hold_mailing(mailing)
    _must_be(held, *UNFINISHED)
    spared, _by_model = held.deliveries.filter(state=DeliveryState.QUEUED).delete()
    held.finished_at = timezone.now()
    _to_state(held, MailingState.CANCELLED)
    note(
        held.survey.assessment,
        by,
        f"cancelled {_called(held.kind)} before {spared:,} {noun(spared, 'mail was', 'mails were')} sent",
    )
    return held


@transaction.atomic
def settle_unsure(*, mailing: Mailing, again: bool, by: User) -> int:
    """Decide about mails of which nobody knows whether they arrived: send them once more, or take them as sent.

    Returns how many they were.

    Raises
    ------
    ValidationError
        They shall be sent again, but the mailing is cancelled or the survey is not open.
    """
    held = hold_mailing(mailing)
    unsure = held.deliveries.filter(state=DeliveryState.UNSURE)
    if not again:
        # The mails before the people, as a worker takes them that comes back and knows better.
        chosen = dict(unsure.select_for_update().values_list("pk", "invitation_id"))
        settled = Delivery.objects.filter(pk__in=list(chosen)).update(state=DeliveryState.SENT, error="")
        people = Invitation.objects.filter(pk__in=list(chosen.values()))
        people.update(mails=F("mails") + 1)
        people.filter(state=InvitationState.READY).update(state=InvitationState.SENT)
        note(held.survey.assessment, by, f"took {settled:,} unsure {noun(settled, 'mail')} as sent")
        return settled
    if held.state == MailingState.CANCELLED:
        raise ValidationError(_("This mailing is cancelled. Take the mails as sent, or prepare another mailing."))
    if not held.survey.takes_answers(timezone.now()):
        raise ValidationError(_(SURVEY_NOT_OPEN))
    settled = unsure.update(state=DeliveryState.QUEUED, error="")
    if settled:
        note(held.survey.assessment, by, f"had {settled:,} unsure {noun(settled, 'mail')} sent again")
        if held.state == MailingState.DONE:
            held.finished_at = None
            _to_state(held, MailingState.READY)
            start_sending(held, by)
    return settled


def start_sending(mailing: Mailing, by: User | None = None, *, delay_seconds: float = 0, **more: Any) -> None:
    """Have a worker send what waits, unless one is about to. Within the transaction that decided it."""
    now = timezone.now()
    if not delay_seconds and open_jobs(mailing.pk).exclude(run_after__gt=now).filter(status=Status.QUEUED).exists():
        return
    assessment = mailing.survey.assessment
    enqueue(
        kind=SEND,
        organisation=assessment.organisation,
        subject=assessment.slug,
        arguments={"mailing": str(mailing.pk), **more},
        created_by=by,
        delay_seconds=delay_seconds,
    )


def open_jobs(mailing: uuid.UUID) -> models.QuerySet[Job]:
    """Those that send this mailing, or wait to do so."""
    return Job.objects.filter(kind=SEND, status__in=[Status.QUEUED, Status.RUNNING], arguments__mailing=str(mailing))


def hold_mailing(mailing: Mailing) -> Mailing:
    """The mailing as it is now, kept from changing until the transaction ends."""
    rows = Mailing.objects.select_for_update(of=("self",)).select_related("survey__assessment__organisation")
    return rows.get(pk=mailing.pk)


def _held(survey: Survey) -> Survey:
    """Two mailings never choose the same people: one after the other. Answers come in meanwhile."""
    rows = Survey.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("assessment__organisation").get(pk=survey.pk)


def _must_be(mailing: Mailing, *states: MailingState) -> None:
    if mailing.state not in states:
        other = _("This mailing is in another state meanwhile: %(state)s. Look at it again.")
        raise ValidationError(other % {"state": _(mailing.get_state_display()).lower()})


def _to_state(mailing: Mailing, state: MailingState, problem: str = "") -> None:
    mailing.state, mailing.problem = state, problem
    mailing.save(update_fields=["state", "problem", "finished_at"])


def _nobody(kind: str, policy: MailPolicy) -> str:
    if kind == MailingKind.REMINDER:
        nobody = _(
            "There is nobody to remind: everybody who was written to has answered, or was reminded as often as the "
            "mail policy allows (%(most)d)."
        )
        return nobody % {"most": policy.reminders}
    return _(
        "There is nobody to invite: everybody in these groups was written to. Add people to the invitations first."
    )


def _called(kind: str) -> str:
    return "a mailing of reminders" if kind == MailingKind.REMINDER else "a mailing of invitations"
