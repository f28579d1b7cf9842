"""Announcing events and delivering them, to a real server."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEvent, Organisation
from jobs.models import Job
from jobs.runner import run_job
from materiality.services import analyse_now
from surveys.models import SurveyLink
from surveys.services import close_survey, open_survey, prepare_survey, submit_response
from tests.support.factories import AssessmentFactory, OrganisationFactory, TierFactory
from tests.webhooks.receiver import Receiver, receiving
from webhooks.events import EVENTS, RUN_FINISHED, SURVEY_CLOSED
from webhooks.models import Endpoint, WebhookDelivery
from webhooks.services import (
    BY_HAND_WITHIN,
    MOST_BY_HAND,
    MOST_ENDPOINTS,
    PAUSES,
    add_endpoint,
    announce,
    change_endpoint,
    forget_old,
    remove_endpoint,
    renew_secret,
    send_again,
    send_test,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOKS_MAY_STAY_INSIDE = True
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(slug="example")


@pytest.fixture
def endpoint(receiver: Receiver, organisation: Organisation) -> Endpoint:
    return add_endpoint(organisation=organisation, url=receiver.url, events=list(EVENTS), by=None)


def test_a_message_arrives_with_a_signature_that_its_receiver_can_check(
    endpoint: Endpoint, receiver: Receiver, organisation: Organisation, run_waiting_jobs: Callable[[], int]
) -> None:
    assert announce(organisation=organisation, event=RUN_FINISHED, data={"assessment": "重要性"}) == 1
    run_waiting_jobs()
    [(headers, body)] = receiver.got
    message = json.loads(body)
    assert message["type"] == RUN_FINISHED
    assert (message["organisation"], message["data"]) == ("example", {"assessment": "重要性"})
    key = base64.b64decode(endpoint.secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    delivery = WebhookDelivery.objects.get()
    assert headers["webhook-id"] == str(delivery.pk)
    assert (delivery.attempts, delivery.status_code, delivery.error) == (1, 204, "")
    assert delivery.delivered_at is not None


def test_only_those_are_told_that_want_to_know(
    endpoint: Endpoint, receiver: Receiver, organisation: Organisation
) -> None:
    change_endpoint(endpoint=endpoint, url=receiver.url, events=[RUN_FINISHED], is_active=True, by=None)
    assert announce(organisation=organisation, event=SURVEY_CLOSED, data={}) == 0
    assert announce(organisation=OrganisationFactory(), event=RUN_FINISHED, data={}) == 0
    change_endpoint(endpoint=endpoint, url=receiver.url, events=[RUN_FINISHED], is_active=False, by=None)
    assert announce(organisation=organisation, event=RUN_FINISHED, data={}) == 0


def test_what_is_not_committed_is_not_told(endpoint: Endpoint, organisation: Organisation) -> None:
    with transaction.atomic():
        announce(organisation=organisation, event=RUN_FINISHED, data={})
        transaction.set_rollback(True)
    assert not WebhookDelivery.objects.exists()
    assert not Job.objects.exists()


def test_after_a_failure_it_is_tried_again_later_each_time_and_then_given_up(
    endpoint: Endpoint, receiver: Receiver, organisation: Organisation, run_waiting_jobs: Callable[[], int]
) -> None:
    receiver.answers_with = 503
    announce(organisation=organisation, event=RUN_FINISHED, data={})
    assert run_waiting_jobs() == 1 + len(PAUSES)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    delivery = WebhookDelivery.objects.get()
    assert (delivery.attempts, delivery.status_code) == (1 + len(PAUSES), 503)
    assert "503" in delivery.error
    assert delivery.delivered_at is None


def test_the_next_attempt_waits(endpoint: Endpoint, receiver: Receiver, organisation: Organisation) -> None:
    receiver.answers_with = 500
    announce(organisation=organisation, event=RUN_FINISHED, data={})
    run_job(Job.objects.get().pk)
    waiting = Job.objects.get(status="queued")
    assert waiting.run_after is not None
    assert timedelta(seconds=PAUSES[0] - 5) < waiting.run_after - timezone.now() <= timedelta(seconds=PAUSES[0])


def test_a_redirect_is_a_failure_and_is_not_followed(
    endpoint: Endpoint, receiver: Receiver, organisation: Organisation, run_waiting_jobs: Callable[[], int]
) -> None:
    receiver.answers_with, receiver.headers = 302, {"Location": receiver.url}
    announce(organisation=organisation, event=RUN_FINISHED, data={})
    run_waiting_jobs()
    assert WebhookDelivery.objects.get().status_code == 302
    assert len(receiver.got) == 1 + len(PAUSES)


def test_nothing_reaches_an_address_inside(
    endpoint: Endpoint, receiver: Receiver, organisation: Organisation, run_waiting_jobs: Callable[[], int],
    settings: Any,
) -> None:  # fmt: skip
    settings.WEBHOOKS_MAY_STAY_INSIDE = False
    Endpoint.objects.update(url=receiver.url.replace("http://", "https://"))
    announce(organisation=organisation, event=RUN_FINISHED, data={})
    run_waiting_jobs()
    assert receiver.got == []
    assert "public internet" in WebhookDelivery.objects.get().error


def test_the_same_message_can_be_sent_again(
    endpoint: Endpoint, receiver: Receiver, run_waiting_jobs: Callable[[], int]
) -> None:
    delivery = send_test(endpoint=endpoint, by=None)
    run_waiting_jobs()
    sent = WebhookDelivery.objects.select_related("endpoint__organisation").get()
    assert not sent.is_waiting
    send_again(delivery=sent, by=None)
    assert WebhookDelivery.objects.get().is_waiting
    run_waiting_jobs()
    assert [headers["webhook-id"] for headers, _ in receiver.got] == [str(delivery.pk)] * 2


def test_by_hand_so_many_are_sent_and_no_more_for_a_while(endpoint: Endpoint, organisation: Organisation) -> None:
    for _ in range(MOST_BY_HAND - 1):
        delivery = send_test(endpoint=endpoint, by=None)
    # What happens by itself, and what failed and is tried again, does not count.
    for _ in range(3):
        announce(organisation=organisation, event=RUN_FINISHED, data={})
    send_again(delivery=delivery, by=None)
    for press in (lambda: send_test(endpoint=endpoint, by=None), lambda: send_again(delivery=delivery, by=None)):
        with pytest.raises(ValidationError, match=r"10 messages .* the next one in (10 min|9 min \d+ s)"):
            press()
    assert WebhookDelivery.objects.filter(event="test").count() == MOST_BY_HAND - 1
    other = add_endpoint(organisation=organisation, url="https://example.org/", events=list(EVENTS), by=None)
    assert send_test(endpoint=other, by=None)
    oldest = Job.objects.filter(arguments__by_hand=str(endpoint.pk)).order_by("created_at").first()
    Job.objects.filter(pk=oldest.pk).update(created_at=timezone.now() - BY_HAND_WITHIN + timedelta(seconds=75))
    with pytest.raises(ValidationError, match=r"in 1 min 1\d s"):
        send_test(endpoint=endpoint, by=None)
    Job.objects.filter(pk=oldest.pk).update(created_at=timezone.now() - BY_HAND_WITHIN)
    assert send_test(endpoint=endpoint, by=None)


def test_to_what_is_switched_off_nothing_is_sent_by_hand(endpoint: Endpoint) -> None:
    delivery = send_test(endpoint=endpoint, by=None)
    change_endpoint(endpoint=endpoint, url=endpoint.url, events=list(EVENTS), is_active=False, by=None)
    for press in (lambda: send_test(endpoint=endpoint, by=None), lambda: send_again(delivery=delivery, by=None)):
        with pytest.raises(ValidationError, match="Switch it on first"):
            press()
    assert Job.objects.count() == 1


def test_a_renewed_secret_signs_from_then_on(endpoint: Endpoint) -> None:
    before = endpoint.secret
    assert renew_secret(endpoint=endpoint, by=None).secret != before


def test_nothing_is_sent_to_an_endpoint_that_was_removed(
    endpoint: Endpoint, receiver: Receiver, organisation: Organisation, run_waiting_jobs: Callable[[], int]
) -> None:
    announce(organisation=organisation, event=RUN_FINISHED, data={})
    remove_endpoint(endpoint=endpoint, by=None)
    run_waiting_jobs()
    assert receiver.got == []
    assert not Job.objects.exclude(status="done").exists()


@pytest.mark.parametrize(
    ("url", "events", "says"),
    [
        ("http://example.org/", [RUN_FINISHED], "https"),
        ("nonsense", [RUN_FINISHED], "https"),
        ("https://example.org/", [], "at least one"),
        ("https://example.org/", ["survey.opened"], "no event “survey.opened”"),
    ],
)
def test_what_cannot_be_taken_says_why(organisation: Organisation, url: str, events: list[str], says: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        add_endpoint(organisation=organisation, url=url, events=events, by=None)
    assert says in " ".join(refusal.value.messages)
    assert not Endpoint.objects.exists()


def test_there_is_an_end_to_endpoints(organisation: Organisation) -> None:
    for number in range(MOST_ENDPOINTS):
        add_endpoint(organisation=organisation, url=f"https://example.org/{number}", events=[RUN_FINISHED], by=None)
    with pytest.raises(ValidationError, match="remove one first"):
        add_endpoint(organisation=organisation, url="https://example.org/more", events=[RUN_FINISHED], by=None)


def test_old_messages_are_forgotten(endpoint: Endpoint) -> None:
    new, old = send_test(endpoint=endpoint, by=None), send_test(endpoint=endpoint, by=None)
    WebhookDelivery.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
    forget_old()
    assert [delivery.pk for delivery in WebhookDelivery.objects.all()] == [new.pk]


def test_what_is_done_is_on_record_without_the_secret(endpoint: Endpoint) -> None:
    renew_secret(endpoint=endpoint, by=None)
    told = "\n".join(AuditEvent.objects.values_list("summary", flat=True))
    assert "added the webhook" in told
    assert "renewed the secret" in told
    assert endpoint.secret not in told


def test_closing_and_analysing_are_announced(
    endpoint: Endpoint, receiver: Receiver, organisation: Organisation, run_waiting_jobs: Callable[[], int]
) -> None:
    assessment = AssessmentFactory(organisation=organisation, slug="a-2022", groups=2, issues=3)
    for position, count in enumerate([1, 2]):
        TierFactory(assessment=assessment, position=position, planned_count=count)
    survey = prepare_survey(assessment=assessment)
    open_survey(survey=survey)
    for link in SurveyLink.objects.filter(survey__assessment=assessment):
        for _ in range(6):
            submit_response(link=link, answers=bytes([5, 3, 1]))
    close_survey(survey=survey)
    run = analyse_now(assessment=assessment)
    run_waiting_jobs()
    told = {json.loads(body)["type"]: json.loads(body)["data"] for _, body in receiver.got}
    assert told[SURVEY_CLOSED]["assessment"] == "a-2022"
    assert told[RUN_FINISHED]["run"] == str(run.pk)
    assert told[RUN_FINISHED]["respondents"] == run.respondents == 12
