"""Who is told by mail about a proposal, in which language, and what a mail server that is down holds up."""

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import translation

from accounts.models import User
from jobs.models import Job, Status
from jobs.runner import run_job
from materiality.models import Proposal
from materiality.services import propose, reopen, withdraw_proposal
from materiality.services.mailing import PAUSES, TELL
from scoping.models import Assessment
from tests.materiality.confirmation.conftest import Sign
from tests.support.mail_server import MailServer
from tests.support.people import House


def deliver() -> dict[str, str]:
    """Sends what waits; the text of each mail since, by address."""
    mail.outbox = []
    for job in list(Job.objects.filter(kind=TELL, status=Status.QUEUED, run_after=None)):
        run_job(job.pk)
    return {one.to[0].partition("@")[0]: f"{one.subject}\n{one.body}" for one in mail.outbox}


def test_who_may_confirm_is_told_with_a_link_and_without_the_result(result: Assessment, house: House) -> None:
    propose(assessment=result, body="the board", by=house.owner)
    told = deliver()
    assert list(told) == ["approver"]
    text = told["approver"]
    assert "Owner has put the result" in text
    assert "http://localhost:8000/o/example/a/example-2022/confirmation/" in text
    assert not any(issue.name in text for issue in result.issues.all())
    assert mail.outbox[0].extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_mail_is_in_the_language_of_the_page(result: Assessment, house: House, analyst_client: Client) -> None:
    analyst_client.post(
        "/o/example/a/example-2022/confirmation/", {"body": "董事会"}, headers={"accept-language": "zh-hans"}
    )
    assert {job.arguments["language"] for job in Job.objects.filter(kind=TELL)} == {"zh-hans"}
    assert translation.get_language() == "en"


@pytest.fixture
def asked(proposed: Proposal) -> Iterator[Proposal]:
    """Those who may confirm were told."""
    assert sorted(deliver()) == ["approver", "owner"]
    return proposed


def test_the_working_group_is_told_of_a_confirmation(asked: Proposal, house: House, signs: Sign) -> None:
    signs(asked, house.approver)
    told = deliver()
    assert sorted(told) == ["analyst", "owner"]
    assert all(text.startswith("Confirmed: ") for text in told.values())


def test_and_of_a_return_with_the_remark(asked: Proposal, house: House, signs: Sign) -> None:
    signs(asked, house.approver, verdict="return", remark="Ask the suppliers.")
    told = deliver()
    assert sorted(told) == ["analyst", "owner"]
    assert all("The reason: Ask the suppliers." in text for text in told.values())


def test_of_a_void_confirmation_who_signed_it_is_told_too(asked: Proposal, house: House, signs: Sign) -> None:
    signs(asked, house.approver)
    deliver()
    reopen(proposal=asked, by=house.analyst, because="A site was sold.")
    told = deliver()
    assert sorted(told) == ["approver", "owner"]
    assert all("The reason: A site was sold." in text for text in told.values())


def test_what_is_withdrawn_before_a_mail_goes_is_told_as_withdrawn_alone(proposed: Proposal, house: House) -> None:
    withdraw_proposal(proposal=proposed, by=house.analyst)
    told = deliver()
    assert sorted(told) == ["approver", "owner"]
    assert all(re.match("Withdrawn: ", text) for text in told.values())


def test_who_is_no_member_any_more_gets_none(proposed: Proposal, house: House) -> None:
    house.approver.memberships.all().delete()
    User.objects.filter(pk=house.owner.pk).update(is_active=False)
    assert deliver() == {}


def test_what_is_taken_back_with_the_request_is_not_told(result: Assessment, house: House) -> None:
    with transaction.atomic():
        propose(assessment=result, body="the board", by=house.analyst)
        transaction.set_rollback(True)
    assert not Job.objects.filter(kind=TELL).exists()


@pytest.fixture
def server(settings) -> Iterator[MailServer]:
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    server.start()
    yield server
    server.stop()


def test_a_server_that_is_down_holds_up_nothing_and_is_tried_again(
    result: Assessment, house: House, server: MailServer
) -> None:
    server.stop()
    propose(assessment=result, body="the board", by=house.owner)
    job = Job.objects.get(kind=TELL)
    run_job(job.pk)
    job.refresh_from_db()
    assert job.status == Status.DONE
    later = Job.objects.get(kind=TELL, status=Status.QUEUED)
    assert (later.run_after - later.created_at).total_seconds() == pytest.approx(PAUSES[0], abs=5)
    server.start()
    Job.objects.filter(pk=later.pk).update(run_after=None)
    run_job(later.pk)
    assert server.to("approver@example.org")["Subject"] == f"For you to decide: {result.name}"


def test_an_address_that_the_server_refuses_is_not_tried_again(
    result: Assessment, house: House, server: MailServer
) -> None:
    server.refused["approver@example.org"] = "550 5.1.1 no such person"
    propose(assessment=result, body="the board", by=house.owner)
    job = Job.objects.get(kind=TELL)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.is_final) == (Status.DEAD, True)
