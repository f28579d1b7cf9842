"""A real worker process that sends through a real server, killed in the middle of a mail and replaced."""

import pytest

from surveys.models import DeliveryState, MailingState
from tests.support.processes import wait_for

POOLS = [
    pytest.param(["--pool=solo"], id="solo", marks=pytest.mark.embedded),
    pytest.param(["--pool=prefork", "--concurrency=2"], id="prefork", marks=pytest.mark.production),
]


@pytest.mark.parametrize("pool", POOLS)
def test_a_worker_killed_in_the_middle_of_a_mail_gives_nobody_two(
    start_worker, mail_server, fast, invite, prepare, pool
):
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}"}
    mail_server.slow = 0.2
    first = start_worker(*pool, **mail)
    invite(12)
    mailing = prepare()
    wait_for(lambda: len(mail_server.received) >= 3, "the first mails", 30, first.printed)
    first.kill_all()

    mail_server.slow = 0
    second = start_worker(*pool, **mail)

    def done():
        mailing.refresh_from_db()
        return mailing.state == MailingState.DONE

    wait_for(done, "the second worker to finish", 30, lambda: f"{mailing.state} {mailing.problem}\n{second.printed()}")
    assert set(mail_server.addresses().values()) == {1}
    unsure = mailing.deliveries.filter(state=DeliveryState.UNSURE)
    # The mail that was being handed over, if the worker died between claiming and marking it.
    assert unsure.count() <= 1
    sent = mailing.deliveries.filter(state=DeliveryState.SENT).values_list("invitation__address", flat=True)
    assert set(sent) <= set(mail_server.addresses())
    assert sent.count() + unsure.count() == 12


@pytest.mark.parametrize("pool", POOLS)
def test_two_workers_send_one_mailing_once(start_worker, mail_server, fast, invite, prepare, pool):
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}"}
    workers = [start_worker(*pool, **mail), start_worker(*pool, **mail)]
    invite(40)
    mailing = prepare()

    def done():
        mailing.refresh_from_db()
        return mailing.state == MailingState.DONE

    wait_for(done, "the mails", 30, workers[0].printed)
    assert set(mail_server.addresses().values()) == {1}
    assert len(mail_server.received) == 40
