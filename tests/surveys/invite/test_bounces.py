"""Reports of mail servers, as they look."""

import io
import sys
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from django.core.management import call_command

from surveys.bounces import read_report, record_report
from surveys.models import DeliveryState, InvitationState
from tests.support.factories import DeliveryFactory, MailingFactory


@pytest.fixture
def delivery(survey):
    return DeliveryFactory(
        mailing=MailingFactory(survey=survey), state=DeliveryState.SENT, invitation__state=InvitationState.SENT
    )


def report(message_id, *, status="5.1.1", action="failed", words="smtp; 550 5.1.1 <a@example.org>: User unknown"):
    """A report as postfix sends it."""
    bounced = MIMEMultipart("report", **{"report-type": "delivery-status"})
    bounced["Subject"] = "Undelivered Mail Returned to Sender"
    bounced.attach(MIMEText("I'm sorry to have to inform you that your message could not be delivered."))
    fields = Message()
    fields.set_type("message/delivery-status")
    server, person = Message(), Message()
    server["Reporting-MTA"] = "dns; mail.example.org"
    person["Final-Recipient"] = "rfc822; a@example.org"
    person["Action"], person["Status"], person["Diagnostic-Code"] = action, status, words
    fields.set_payload([server, person])
    bounced.attach(fields)
    original = Message()
    original["Message-ID"] = message_id
    original["Subject"] = "Your view"
    headers = Message()
    headers.set_type("message/rfc822")
    headers.set_payload([original])
    bounced.attach(headers)
    return bounced.as_bytes()


def states(delivery):
    delivery.refresh_from_db()
    delivery.invitation.refresh_from_db()
    return delivery.state, delivery.invitation.state


def test_an_address_that_does_not_work_is_marked(delivery):
    found = read_report(report(f"<{delivery.pk}@localhost>"))
    assert (found.delivery, found.status, found.hard) == (delivery.pk, "5.1.1", True)
    assert "came back (5.1.1)" in record_report(found)
    assert states(delivery) == (DeliveryState.BOUNCED, InvitationState.BOUNCED)
    assert delivery.error == "5.1.1 550 5.1.1 User unknown"


@pytest.mark.parametrize(("status", "action"), [("4.2.2", "failed"), ("4.4.1", "delayed"), ("5.0.0", "delayed")])
def test_one_that_does_not_work_for_now_is_told_and_nothing_changes(delivery, status, action):
    found = read_report(report(f"<{delivery.pk}@localhost>", status=status, action=action))
    assert "for now" in record_report(found)
    assert states(delivery) == (DeliveryState.SENT, InvitationState.SENT)


def test_who_opted_out_or_was_withdrawn_stays_so(delivery):
    delivery.invitation.state = InvitationState.OPTED_OUT
    delivery.invitation.save()
    record_report(read_report(report(f"<{delivery.pk}@localhost>")))
    assert states(delivery) == (DeliveryState.BOUNCED, InvitationState.OPTED_OUT)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "no report"),
        (b"\xff\xfe\x00", "no report"),
        (b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\nrubbish", ""),
        (report("<1234@elsewhere.example>"), "no mail that was sent from here"),
        (report("<00000000-0000-4000-8000-000000000000@localhost>"), "not known here any more"),
        (report("<00000000-0000-4000-8000-000000000000@elsewhere.example>"), "no mail that was sent from here"),
    ],
)
def test_whatever_else_arrives_changes_nothing(delivery, raw, said):
    assert said in record_report(read_report(raw))
    assert states(delivery) == (DeliveryState.SENT, InvitationState.SENT)


def test_a_persons_reply_is_no_report_though_it_quotes_the_mail(delivery):
    reply = EmailMessage()
    reply["In-Reply-To"] = f"<{delivery.pk}@localhost>"
    reply.set_content("Thank you, I will answer 5.1.1 questions.")
    assert "no report" in record_report(read_report(reply.as_bytes()))
    assert states(delivery) == (DeliveryState.SENT, InvitationState.SENT)


def test_the_mail_server_hands_a_report_to_the_command(delivery, monkeypatch, capsys):
    raw = report(f"<{delivery.pk}@localhost>")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    call_command("record_bounce")
    assert "The invitation is marked." in capsys.readouterr().out
    assert states(delivery) == (DeliveryState.BOUNCED, InvitationState.BOUNCED)
