"""Sends a mailing, mail by mail, each exactly once, whatever happens to servers and workers meanwhile.

A mail is claimed in a transaction of its own (SENDING), handed over, and marked in another one. What is claimed and
not marked when a worker dies may have been sent: it becomes UNSURE and is not sent again by itself. Deliveries are
taken in the order of their keys, which are random: the order of arrival says nothing of the order of a list.
"""

import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import Organisation
from jobs.models import Job, Status
from jobs.runner import LeaseLost, RunningJob
from surveys.mail import Letterhead, recipient_of
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
    SentMails,
)
from surveys.post_office import Deferred, Down, Misconfigured, PostOffice, Refused, Unsure
from surveys.roll import has_answered
from surveys.services.mailing import SEND, UNDER_WAY, open_jobs, policy_of, start_sending

# Pauses before the mail server is tried again: from a hiccup to an outage of hours.
BACK_OFF_SECONDS = (15, 30, 60, 120, 300, 600, 900)
# A server that does not take a mail for so long will not take it.
MOST_DEFERRALS = len(BACK_OFF_SECONDS)
# So many refusals one after the other are not about addresses.
MOST_REFUSALS_IN_A_ROW = 20
# And so many that are put off mean that the server takes nothing now.
MOST_DEFERRED_IN_A_ROW = 10
# How long a pause may last without a look at whether somebody has pressed a button.
LOOK_SECONDS = 0.5
# Kept as they stand here, and translated where they are shown.
SURVEY_CLOSED = gettext_noop("The survey is closed. Open it again and resume, or cancel what has not been sent.")
# By these words a mailing that goes on by itself is told from one that somebody has to resume.
DAY_USED_UP = "mails that the organisation allows itself in a day are sent"
_USED_UP = Q(state=MailingState.PAUSED, problem__contains=DAY_USED_UP)
WORKER_STOPPED = gettext_noop("The worker stopped while the mail was handed over.")


@dataclass
class Round:
    """One job's work on a mailing."""

    run: RunningJob
    mailing: Mailing
    policy: MailPolicy
    letterhead: Letterhead
    office: PostOffice
    total: int = 0
    done: int = 0
    sent: int = 0
    refused_in_a_row: int = 0
    deferred_in_a_row: int = 0
    deferred: dict[uuid.UUID, str] = field(default_factory=dict)
    next_at: float = 0.0
    shares: int = 1

    @property
    def organisation_id(self) -> uuid.UUID:
        return self.run.organisation_id

    @property
    def failures(self) -> int:
        """How often in a row the work was put off before this job."""
        return int(self.run.arguments.get("failures", 0))

    def step(self) -> str:
        return f"Sending mails, {self.sent:,} sent"


def send(run: RunningJob) -> None:
    """The job: send what waits of a mailing."""
    mailing = _mailing(run)
    if mailing is None or _somebody_else_sends(run, mailing):
        return
    if not _begin(run, mailing):
        return
    with PostOffice() as office:
        work = Round(run, mailing, policy_of(mailing.survey.assessment.organisation), Letterhead.of(mailing), office)
        work.total = mailing.deliveries.count()
        work.done = work.total - mailing.deliveries.filter(state=DeliveryState.QUEUED).count()
        try:
            _send_all(work)
        except Down as error:
            failures = 0 if work.sent else work.failures
            _try_later(work, f"The mail server does not take mails: {error}.", failures)
        except Misconfigured as error:
            _stop(mailing, f"{error}. Have the mail settings looked at, then resume.")
        except LeaseLost:
            raise
        except Exception as error:
            if run.job.attempts >= run.job.max_attempts:
                _stop(mailing, f"Sending failed ({type(error).__name__}: {error}). Nothing is lost: resume to go on.")
            raise


def resume_lost() -> None:
    """For the sweep: mailings that should be sent and that no job sends, since their worker died too often."""
    shall_go_on = Q(state__in=[MailingState.READY, MailingState.SENDING]) | _USED_UP
    for mailing in Mailing.objects.filter(shall_go_on).select_related("survey__assessment__organisation"):
        with transaction.atomic():
            unheld = Mailing.objects.select_for_update(skip_locked=True, of=("self",))
            held = unheld.filter(shall_go_on, pk=mailing.pk).first()
            if held is None or open_jobs(held.pk).exists():
                continue
            if held.state != MailingState.PAUSED:
                start_sending(held)
            elif _mails_left(mailing.survey.assessment.organisation):
                start_sending(held, next_day=True)


def _mails_left(organisation: Organisation) -> bool:
    """Whether the organisation may send more mails today."""
    today = SentMails.objects.filter(organisation=organisation, day=timezone.localdate())
    return not today.filter(number__gte=policy_of(organisation).per_day).exists()


# --- beginning and ending -----------------------------------------------------------------------------------
def _mailing(run: RunningJob) -> Mailing | None:
    """The job's mailing, within the job's organisation; None when it was deleted since."""
    mailings = Mailing.objects.filter(survey__assessment__organisation=run.organisation_id)
    return mailings.select_related("survey__assessment__organisation").filter(pk=run.arguments["mailing"]).first()


def _somebody_else_sends(run: RunningJob, mailing: Mailing) -> bool:
    others = open_jobs(mailing.pk).filter(status=Status.RUNNING, lease_until__gt=timezone.now())
    return others.exclude(pk=run.job.pk).exists()


@transaction.atomic
def _begin(run: RunningJob, mailing: Mailing) -> bool:
    """Take the mailing over; False when there is nothing to send now."""
    held = Mailing.objects.select_for_update(of=("self",)).get(pk=mailing.pk)
    # Paused with a problem: by ourselves until the next day, which has come if this job was put off until then.
    next_day = held.state == MailingState.PAUSED and held.problem and run.arguments.get("next_day")
    if not (held.state in (MailingState.READY, MailingState.SENDING) or next_day):
        return False
    held.state, held.problem = MailingState.SENDING, held.problem if run.arguments.get("failures") else ""
    held.save(update_fields=["state", "problem"])
    mailing.state, mailing.problem = held.state, held.problem
    # Nobody else sends: what is being handed over was in the hands of a worker that is gone.
    held.deliveries.filter(state=DeliveryState.SENDING).update(state=DeliveryState.UNSURE, error=WORKER_STOPPED)
    return True


@transaction.atomic
def _stop(mailing: Mailing, problem: str) -> None:
    """No more until somebody resumes."""
    sending = Mailing.objects.filter(pk=mailing.pk, state=MailingState.SENDING)
    sending.update(state=MailingState.PAUSED, problem=problem[:500])


def _try_later(work: Round, problem: str, failures: int) -> None:
    """End this job and have another one go on after a pause that grows with the failures before."""
    pause = BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)]
    waiting = work.mailing.deliveries.filter(state=DeliveryState.QUEUED).count()
    at = timezone.localtime(timezone.now() + timedelta(seconds=pause))
    text = f"{problem} {waiting:,} wait. The next attempt is at {at:%H:%M:%S}; nothing is lost."
    with work.run.completing() as result:
        Mailing.objects.filter(pk=work.mailing.pk, state=MailingState.SENDING).update(problem=text[:500])
        start_sending(work.mailing, delay_seconds=pause, failures=failures + 1)
        result["sent"] = work.sent


def _until_tomorrow(work: Round) -> None:
    """The day's mails are used up."""
    now = timezone.localtime()
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    text = (
        f"The {work.policy.per_day:,} {DAY_USED_UP}. The rest goes on "
        f"by itself on {midnight:%d %B %Y}, 00:00 ({midnight.tzname()}), or when an owner raises the number and "
        "somebody resumes."
    )
    with work.run.completing() as result:
        held = Mailing.objects.filter(pk=work.mailing.pk, state=MailingState.SENDING)
        if held.update(state=MailingState.PAUSED, problem=text):
            # A few seconds into the day, so that no clock can be of another opinion.
            delay = (midnight - now).total_seconds() + 5
            start_sending(work.mailing, delay_seconds=delay, next_day=True)
        result["sent"] = work.sent


def _finish(work: Round) -> None:
    with work.run.completing() as result:
        held = Mailing.objects.select_for_update(of=("self",)).get(pk=work.mailing.pk)
        # Somebody may have had unsure ones sent again this moment: then the next job does it.
        if held.state == MailingState.SENDING and held.deliveries.filter(state=DeliveryState.QUEUED).exists():
            start_sending(held)
        elif held.state == MailingState.SENDING:
            held.state, held.problem, held.finished_at = MailingState.DONE, "", timezone.now()
            held.save(update_fields=["state", "problem", "finished_at"])
        result["sent"] = work.sent


# --- mail by mail -------------------------------------------------------------------------------------------
def _send_all(work: Round) -> None:
    after = uuid.UUID(int=0)
    while True:
        queued = work.mailing.deliveries.filter(state=DeliveryState.QUEUED, pk__gt=after).order_by("pk")
        ids = list(queued.values_list("pk", flat=True)[:200])
        if not ids:
            break
        work.shares = _jobs_at_work(work)
        for pk in ids:
            if not _pause(work) or not _send_one(work, pk):
                return
            after = pk
    if work.deferred:
        _give_up_or_put_off(work)
    else:
        _finish(work)


def _send_one(work: Round, pk: uuid.UUID) -> bool:
    """Send one delivery, if it is still to be sent. False: the round is over, and whoever ended it has said why."""
    claim = _claim(work, pk)
    if claim == _STOPPED:
        return False
    if claim == _NO_QUOTA:
        _until_tomorrow(work)
        return False
    work.done += 1
    if claim is None:
        return True
    delivery = claim
    assert isinstance(delivery, Delivery)
    try:
        message = work.letterhead.message(recipient_of(delivery.invitation), message_id=str(delivery.pk))
        work.office.hand_over(message)
    except (Down, Misconfigured):
        _give_back(work, delivery)
        raise
    except Deferred as error:
        work.deferred[pk] = str(error)
        work.deferred_in_a_row += 1
        _give_back(work, delivery)
        if work.deferred_in_a_row >= MOST_DEFERRED_IN_A_ROW:
            raise Down(str(error)) from error
    except Refused as error:
        _refused(delivery, str(error), address=error.address)
        work.refused_in_a_row += 1
        if work.refused_in_a_row >= MOST_REFUSALS_IN_A_ROW:
            _stop(
                work.mailing,
                f"The mail server refused {MOST_REFUSALS_IN_A_ROW} mails one after the other, the last with: {error}. "
                "Look at the addresses and the mail settings, then resume.",
            )
            return False
    except Unsure as error:
        Delivery.objects.filter(pk=pk, state=DeliveryState.SENDING).update(state=DeliveryState.UNSURE, error=str(error))
    except ValueError as error:
        # Composed wrongly: nothing left the house, and another attempt would end the same way.
        _refused(delivery, f"The mail could not be written: {error}", address=False)
    else:
        _sent(delivery)
        work.sent += 1
        work.refused_in_a_row = work.deferred_in_a_row = 0
        if work.mailing.problem:
            Mailing.objects.filter(pk=work.mailing.pk, state=MailingState.SENDING).update(problem="")
            work.mailing.problem = ""
    return True


_STOPPED, _NO_QUOTA = "stopped", "no quota"


@transaction.atomic
def _claim(work: Round, pk: uuid.UUID) -> Delivery | str | None:
    """Make the delivery ours and count it for the day. None when it is not to be sent: gone, or skipped for good."""
    now = timezone.now()
    # Held for these few statements, so that nobody pauses or cancels between looking and claiming.
    mailing = Mailing.objects.select_for_update(of=("self",)).select_related("survey").get(pk=work.mailing.pk)
    if mailing.state != MailingState.SENDING:
        return _STOPPED
    if not mailing.survey.takes_answers(now):
        mailing.state = MailingState.PAUSED
        mailing.problem = SURVEY_CLOSED
        mailing.save(update_fields=["state", "problem"])
        return _STOPPED
    key = Delivery.objects.filter(pk=pk).values_list("invitation_id", flat=True).first()
    # The person before the mail: whoever withdraws or removes an invitation takes the same order.
    people = Invitation.objects.select_for_update(of=("self",))
    invitation = people.filter(pk=key).first() if key else None
    delivery = Delivery.objects.filter(pk=pk, state=DeliveryState.QUEUED).first()
    if invitation is None or delivery is None:
        return None
    if not _still_wanted(mailing, invitation, delivery, work.policy):
        Delivery.objects.filter(pk=pk).update(state=DeliveryState.SKIPPED)
        return None
    if not _take_from_quota(work.organisation_id, work.policy.per_day, now):
        return _NO_QUOTA
    Delivery.objects.filter(pk=pk).update(state=DeliveryState.SENDING, error="")
    delivery.invitation = invitation
    return delivery


def _still_wanted(mailing: Mailing, invitation: Invitation, delivery: Delivery, policy: MailPolicy) -> bool:
    """Whether the person shall have this mail now, as they should when the mailing was made."""
    reminder = mailing.kind == MailingKind.REMINDER
    wanted = InvitationState.SENT if reminder else InvitationState.READY
    if invitation.state != wanted or (reminder and invitation.mails > policy.reminders):
        return False
    others = invitation.deliveries.exclude(pk=delivery.pk).filter(state__in=UNDER_WAY)
    if others.exclude(state=DeliveryState.QUEUED).exists():
        return False
    if not reminder and mailing.survey.anonymity != Anonymity.IDENTIFIED:
        return True  # as in recipients_of
    return not has_answered(survey_id=mailing.survey_id, group_id=invitation.group_id, number=invitation.number)


def _take_from_quota(organisation_id: uuid.UUID, per_day: int, now: datetime) -> bool:
    today = timezone.localdate(now)
    SentMails.objects.get_or_create(organisation_id=organisation_id, day=today)
    used = SentMails.objects.filter(organisation=organisation_id, day=today, number__lt=per_day)
    return used.update(number=F("number") + 1) == 1


@transaction.atomic
def _give_back(work: Round, delivery: Delivery) -> None:
    """It was not sent: it waits again, and does not count for the day."""
    if Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING).update(state=DeliveryState.QUEUED):
        today = SentMails.objects.filter(organisation=work.organisation_id, day=timezone.localdate(), number__gt=0)
        today.update(number=F("number") - 1)
    work.done -= 1


@transaction.atomic
def _sent(delivery: Delivery) -> None:
    # Unsure: another worker took us for dead, and we know better.
    handed_over = [DeliveryState.SENDING, DeliveryState.UNSURE]
    if Delivery.objects.filter(pk=delivery.pk, state__in=handed_over).update(state=DeliveryState.SENT, error=""):
        person = Invitation.objects.filter(pk=delivery.invitation_id)
        person.update(mails=F("mails") + 1)
        person.filter(state=InvitationState.READY).update(state=InvitationState.SENT)


@transaction.atomic
def _refused(delivery: Delivery, words: str, *, address: bool) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.REFUSED, error=words[:300])
    if address:
        reached = [InvitationState.READY, InvitationState.SENT]
        Invitation.objects.filter(pk=delivery.invitation_id, state__in=reached).update(state=InvitationState.BOUNCED)


def _give_up_or_put_off(work: Round) -> None:
    """The server takes mails, but some not now, as with mailboxes that are full."""
    words = next(iter(work.deferred.values()))
    if work.failures + 1 < MOST_DEFERRALS:
        _try_later(work, f"The mail server puts some mails off: {words}.", work.failures)
        return
    for pk, said in work.deferred.items():
        queued = Delivery.objects.filter(pk=pk, state=DeliveryState.QUEUED)
        queued.update(state=DeliveryState.REFUSED, error=f"Put off too often: {said}"[:300])
    _finish(work)


# --- how fast -----------------------------------------------------------------------------------------------
def _jobs_at_work(work: Round) -> int:
    """How many jobs send mails for this organisation now; they share its rate."""
    live = Job.objects.filter(kind=SEND, organisation=work.organisation_id, status=Status.RUNNING)
    return max(1, live.filter(lease_until__gt=timezone.now()).count())


def _pause(work: Round) -> bool:
    """Wait until the next mail may go, reporting meanwhile. False when somebody has stopped the mailing."""
    work.run.progress(work.done, work.total, work.step())
    now = time.monotonic()
    while now < work.next_at:
        time.sleep(min(LOOK_SECONDS, work.next_at - now))
        work.run.progress(work.done, work.total, work.step())
        if work.next_at - now > LOOK_SECONDS:
            state = Mailing.objects.filter(pk=work.mailing.pk).values_list("state", flat=True).first()
            if state != MailingState.SENDING:
                return False
        now = time.monotonic()
    work.next_at = max(work.next_at, now) + 60.0 / work.policy.per_minute * work.shares
    return True
