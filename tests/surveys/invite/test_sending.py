"""Mails through a real server, and what happens when it, the connection or the worker fails in the middle."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from jobs.models import Job, Status
from jobs.services import sweep
from surveys.keys import personal_token, token_hash
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
    Survey,
)
from surveys.roll import mark_answered
from surveys.services import sending
from surveys.services.mailing import SEND, cancel_mailing, pause_mailing, resume_mailing, settle_unsure
from surveys.services.opening import close_survey

pytestmark = pytest.mark.usefixtures("fast")


def states(mailing):
    return sorted(mailing.deliveries.values_list("state", flat=True))


def waiting_jobs():
    return Job.objects.filter(kind=SEND, status=Status.QUEUED)


def test_everybody_gets_one_mail_over_one_connection(mail_server, invite, prepare, send):
    invite(12)
    mailing = prepare()
    job = send()
    mailing.refresh_from_db()
    assert (job.status, job.result, mailing.state, mailing.problem) == (
        Status.DONE,
        {"sent": 12},
        MailingState.DONE,
        "",
    )
    assert set(mail_server.addresses().values()) == {1}
    assert len(mail_server.addresses()) == 12
    assert mail_server.connections == 1
    assert set(Invitation.objects.values_list("state", "mails")) == {(InvitationState.SENT, 1)}
    assert SentMails.objects.get().number == 12
    assert mailing.finished_at


def test_each_mail_holds_the_link_of_its_person(mail_server, invite, prepare, send):
    people = invite(3)
    prepare()
    send()
    for person in people:
        token = personal_token(bytes(person.nonce))
        text = mail_server.to(person.address).get_body(("plain",)).get_content()
        assert f"/p/{token}/\r\n" in text
        assert bytes(person.token_hash) == token_hash(token)


def test_a_server_that_goes_down_in_the_middle_costs_nobody_a_mail_and_gives_nobody_two(
    mail_server, invite, prepare, send
):
    invite(10)
    mailing = prepare()
    mail_server.stop_after = 4
    send()
    mailing.refresh_from_db()
    assert states(mailing) == [DeliveryState.QUEUED] * 6 + [DeliveryState.SENT] * 4
    assert mailing.state == MailingState.SENDING
    assert "The mail server does not take mails" in mailing.problem
    assert "6 wait" in mailing.problem
    assert SentMails.objects.get().number == 4
    # It is tried again later, and later still.
    first = waiting_jobs().get().run_after
    send()
    assert waiting_jobs().get().run_after - first > timedelta(seconds=10)

    mail_server.stop()
    mail_server.start()
    send()
    mailing.refresh_from_db()
    assert (mailing.state, mailing.problem) == (MailingState.DONE, "")
    assert set(mail_server.addresses().values()) == {1}
    assert len(mail_server.addresses()) == 10


def test_a_connection_that_breaks_in_a_mail_leaves_it_to_people_to_send_it_again(
    mail_server, invite, prepare, send, house
):
    invite("a@example.org", "lost@example.org", "z@example.org")
    mailing = prepare()
    mail_server.hang_up_in_text = {"lost@example.org"}
    send()
    mailing.refresh_from_db()
    assert states(mailing) == [DeliveryState.SENT, DeliveryState.SENT, DeliveryState.UNSURE]
    assert mailing.state == MailingState.DONE
    assert mailing.deliveries.get(state=DeliveryState.UNSURE).error == (
        "The connection broke while the mail was handed over."
    )
    assert Invitation.objects.get(address="lost@example.org").state == InvitationState.READY
    sweep()
    assert not waiting_jobs().exists()

    mail_server.hang_up_in_text = set()
    assert settle_unsure(mailing=mailing, again=True, by=house.analyst) == 1
    send()
    assert mail_server.addresses()["lost@example.org"] == 1
    assert states(mailing) == [DeliveryState.SENT] * 3


def test_who_may_have_a_mail_is_not_chosen_by_the_next_mailing(mail_server, invite, prepare, send, house):
    invite("lost@example.org", "z@example.org")
    mailing = prepare(groups=[Invitation.objects.first().group])
    mail_server.hang_up_in_text = {"lost@example.org"}
    send()
    invite("new@example.org")
    assert prepare().recipients == 1
    assert settle_unsure(mailing=mailing, again=False, by=house.analyst) == 1
    person = Invitation.objects.get(address="lost@example.org")
    assert (person.state, person.mails) == (InvitationState.SENT, 1)


def test_a_connection_that_was_silent_too_long_is_opened_anew(mail_server, invite, prepare, send, monkeypatch):
    invite(3)
    mailing = prepare()
    sent = sending._sent

    def sent_and_hung_up_on(delivery):
        sent(delivery)
        # The server is another one from now on: the connection that we hold is dead.
        mail_server.stop()
        mail_server.start()

    monkeypatch.setattr(sending, "_sent", sent_and_hung_up_on)
    send()
    assert states(mailing) == [DeliveryState.SENT] * 3
    assert mail_server.connections == 3


def test_an_address_that_the_server_refuses_is_marked_with_its_words(mail_server, invite, prepare, send):
    invite("a@example.org", "gone@example.org")
    mailing = prepare()
    mail_server.refused = {"gone@example.org": "550 5.1.1 <gone@example.org>: no such\tuser"}
    send()
    refused = mailing.deliveries.get(state=DeliveryState.REFUSED)
    assert refused.error == "550 5.1.1 no such user"
    assert Invitation.objects.get(address="gone@example.org").state == InvitationState.BOUNCED
    assert list(mail_server.addresses()) == ["a@example.org"]


def test_a_refusal_for_policy_is_no_fault_of_the_address(mail_server, invite, prepare, send):
    invite("a@example.org")
    mailing = prepare()
    mail_server.refused = {"a@example.org": "554 5.7.1 Relaying denied"}
    send()
    assert states(mailing) == [DeliveryState.REFUSED]
    assert Invitation.objects.get().state == InvitationState.READY


def test_a_mail_that_is_put_off_does_not_hold_up_the_others(mail_server, invite, prepare, send):
    invite("full@example.org", *(f"a{number}@example.org" for number in range(5)))
    mailing = prepare()
    mail_server.refused = {"full@example.org": "452 4.2.2 Mailbox full"}
    send()
    mailing.refresh_from_db()
    assert states(mailing) == [DeliveryState.QUEUED] + [DeliveryState.SENT] * 5
    assert "452 4.2.2 Mailbox full" in mailing.problem
    for _ in range(sending.MOST_DEFERRALS):
        send()
    mailing.refresh_from_db()
    assert mailing.state == MailingState.DONE
    assert mailing.deliveries.get(state=DeliveryState.REFUSED).error == "Put off too often: 452 4.2.2 Mailbox full"
    assert SentMails.objects.get().number == 5


def test_a_refused_sender_stops_everything_until_somebody_resumes(mail_server, invite, prepare, send, house):
    invite(5)
    mailing = prepare()
    mail_server.sender_refused = "553 5.7.1 Sender not allowed"
    send()
    mailing.refresh_from_db()
    assert mailing.state == MailingState.PAUSED
    assert "553 5.7.1 Sender not allowed" in mailing.problem
    assert states(mailing) == [DeliveryState.QUEUED] * 5
    sweep()
    assert not waiting_jobs().exists()
    mail_server.sender_refused = ""
    resume_mailing(mailing=mailing, by=house.analyst)
    send()
    assert set(mail_server.addresses().values()) == {1}


def test_many_refusals_in_a_row_stop_before_every_address_is_burnt(mail_server, invite, prepare, send, monkeypatch):
    monkeypatch.setattr(sending, "MOST_REFUSALS_IN_A_ROW", 3)
    invite(10)
    mailing = prepare()
    mail_server.text_refused = "554 5.6.0 Message looks like spam"
    send()
    mailing.refresh_from_db()
    assert mailing.state == MailingState.PAUSED
    assert "Message looks like spam" in mailing.problem
    assert states(mailing).count(DeliveryState.REFUSED) == 3
    assert set(Invitation.objects.values_list("state", flat=True)) == {InvitationState.READY}


def test_what_was_in_the_hands_of_a_worker_that_is_gone_is_unsure(mail_server, invite, prepare, send):
    invite(4)
    mailing = prepare()
    first = mailing.deliveries.order_by("pk")[0]
    Delivery.objects.filter(pk=first.pk).update(state=DeliveryState.SENDING)
    send()
    assert states(mailing) == [DeliveryState.SENT] * 3 + [DeliveryState.UNSURE]
    assert len(mail_server.received) == 3


def test_two_jobs_for_one_mailing_do_not_both_send(mail_server, invite, prepare, send):
    invite(2)
    mailing = prepare()
    other = waiting_jobs().get()
    Job.objects.create(
        kind=SEND,
        organisation=other.organisation,
        subject=other.subject,
        arguments=other.arguments,
        status=Status.RUNNING,
        lease_until=timezone.now() + timedelta(seconds=60),
    )
    send()
    assert states(mailing) == [DeliveryState.QUEUED] * 2


def test_a_mailing_that_no_job_sends_any_more_is_taken_up_by_the_sweep(mail_server, invite, prepare, send):
    invite(2)
    mailing = prepare()
    waiting_jobs().update(status=Status.DEAD)
    sweep()
    sweep()
    assert waiting_jobs().count() == 1
    send()
    assert states(mailing) == [DeliveryState.SENT] * 2


def test_a_fault_of_our_own_pauses_the_mailing_when_the_job_is_given_up(
    mail_server, invite, prepare, send, monkeypatch
):
    def fail(work, pk):
        raise ZeroDivisionError("a made-up fault")

    monkeypatch.setattr(sending, "_send_one", fail)
    invite(2)
    mailing = prepare()
    for _ in range(3):
        send()
    mailing.refresh_from_db()
    assert mailing.state == MailingState.PAUSED
    assert "ZeroDivisionError: a made-up fault" in mailing.problem


# --- who is passed over ---------------------------------------------------------------------------------------
def test_who_was_withdrawn_or_opted_out_meanwhile_gets_nothing(mail_server, invite, prepare, send):
    people = invite(3)
    mailing = prepare()
    for person, state in zip(people, [InvitationState.REVOKED, InvitationState.OPTED_OUT], strict=False):
        Invitation.objects.filter(pk=person.pk).update(state=state)
    send()
    assert states(mailing) == [DeliveryState.SENT] + [DeliveryState.SKIPPED] * 2
    assert list(mail_server.addresses()) == [people[2].address]


def test_whom_an_invitation_goes_to_says_nothing_of_who_has_answered(mail_server, invite, prepare, send, survey):
    """Else the renewed link of one person would tell it."""
    (person,) = invite(1)
    mark_answered(survey_id=survey.pk, group_id=person.group_id, number=person.number)
    assert prepare().recipients == 1
    send()
    assert list(mail_server.addresses()) == [person.address]


def test_in_an_identified_survey_who_has_answered_meanwhile_gets_nothing(invite, prepare, send, survey):
    Survey.objects.update(anonymity=Anonymity.IDENTIFIED)
    person, _ = invite(2)
    mailing = prepare()
    mark_answered(survey_id=survey.pk, group_id=person.group_id, number=person.number)
    send()
    assert states(mailing) == [DeliveryState.SENT, DeliveryState.SKIPPED]


def test_reminders_go_to_who_has_not_answered_as_often_as_allowed(mail_server, invite, prepare, send, survey, fast):
    fast.reminders = 1
    fast.save()
    people = invite(3)
    prepare()
    send()
    mark_answered(survey_id=survey.pk, group_id=people[0].group_id, number=people[0].number)
    assert prepare(MailingKind.REMINDER).recipients == 2
    send()
    assert mail_server.addresses() == {people[0].address: 1, people[1].address: 2, people[2].address: 2}
    with pytest.raises(Exception, match="There is nobody to remind"):
        prepare(MailingKind.REMINDER)


def test_two_reminders_that_were_prepared_at_once_are_one(mail_server, invite, prepare, send):
    invite(3)
    prepare()
    send()
    prepare(MailingKind.REMINDER)
    with pytest.raises(Exception, match="There is nobody to remind"):
        prepare(MailingKind.REMINDER)


# --- pause, cancel, close, quota --------------------------------------------------------------------------
def test_a_paused_mailing_goes_on_where_it_stopped(mail_server, invite, prepare, send, house, monkeypatch):
    invite(6)
    mailing = prepare()
    sent = sending._sent

    def sent_then_pause(delivery):
        sent(delivery)
        if len(mail_server.received) == 2:
            pause_mailing(mailing=mailing, by=house.analyst)

    monkeypatch.setattr(sending, "_sent", sent_then_pause)
    send()
    assert states(mailing) == [DeliveryState.QUEUED] * 4 + [DeliveryState.SENT] * 2
    sweep()
    assert not waiting_jobs().exists()
    resume_mailing(mailing=mailing, by=house.analyst)
    send()
    assert set(mail_server.addresses().values()) == {1}
    assert len(mail_server.received) == 6


def test_a_cancelled_mailing_frees_those_who_waited(mail_server, invite, prepare, send, house):
    invite(3)
    mailing = prepare()
    cancel_mailing(mailing=mailing, by=house.analyst)
    send()
    assert not mail_server.received
    assert prepare().recipients == 3


def test_a_survey_that_closes_stops_its_mails(mail_server, invite, prepare, send, survey):
    invite(3)
    mailing = prepare()
    close_survey(survey=survey)
    send()
    mailing.refresh_from_db()
    assert mailing.state == MailingState.PAUSED
    assert "The survey is closed" in mailing.problem
    assert not mail_server.received


def test_when_the_days_mails_are_used_up_the_rest_goes_out_on_the_next_day(mail_server, invite, prepare, send, house):
    MailPolicy.objects.update(per_day=4)
    invite(6)
    with time_machine.travel("2026-03-05 10:00:00+00:00"):
        mailing = prepare()
        send()
        mailing.refresh_from_db()
        assert mailing.state == MailingState.PAUSED
        assert "06 March 2026, 00:00 (UTC)" in mailing.problem
        assert f"{waiting_jobs().get().run_after:%Y-%m-%d %H:%M}" == "2026-03-06 00:00"
        assert len(mail_server.received) == 4
    with time_machine.travel("2026-03-06 00:00:06+00:00"):
        send()
    mailing.refresh_from_db()
    assert mailing.state == MailingState.DONE
    assert set(mail_server.addresses().values()) == {1}
    assert dict(SentMails.objects.values_list("day__day", "number")) == {5: 4, 6: 2}


def test_mails_go_out_no_faster_than_the_policy_says(mail_server, invite, prepare, send):
    MailPolicy.objects.update(per_minute=600)
    invite(5)
    prepare()
    start = timezone.now()
    send()
    assert timezone.now() - start >= timedelta(seconds=0.4)
    assert len(mail_server.received) == 5


def test_mails_leave_in_an_order_that_says_nothing_of_the_list(mail_server, invite, prepare, send):
    people = invite(30)
    prepare()
    send()
    order = [str(message["X-RcptTo"]) for message in mail_server.received]
    assert sorted(order) == sorted(person.address for person in people)
    assert order != sorted(order)
    assert order != [person.address for person in people]


def test_a_job_of_a_deleted_mailing_does_nothing(mail_server, invite, prepare, send):
    invite(1)
    Mailing.objects.filter(pk=prepare().pk).delete()
    assert send().status == Status.DONE
    assert not mail_server.received


def test_what_waited_for_the_next_day_goes_on_though_its_job_died(mail_server, invite, prepare, send, house):
    MailPolicy.objects.update(per_day=4)
    invite(6)
    with time_machine.travel("2026-03-05 10:00:00+00:00"):
        mailing = prepare()
        send()
        waiting_jobs().update(status=Status.DEAD)
        sweep()
        assert not waiting_jobs().exists()
    with time_machine.travel("2026-03-06 00:10:00+00:00"):
        sweep()
        sweep()
        assert waiting_jobs().count() == 1
        send()
    mailing.refresh_from_db()
    assert (mailing.state, len(mail_server.received)) == (MailingState.DONE, 6)


def test_who_paused_a_mailing_finds_it_paused_on_the_next_day(mail_server, invite, prepare, send, house):
    invite(2)
    mailing = prepare()
    pause_mailing(mailing=mailing, by=house.analyst)
    waiting_jobs().update(status=Status.DEAD)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        sweep()
    assert not waiting_jobs().exists()
