"""Verbs of webhooks: add and change endpoints, announce events, deliver them."""

import http.client
import json
import socket
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Organisation, User
from accounts.services import record
from jobs.runner import RunningJob
from jobs.selectors import duration, jobs_of
from jobs.services import enqueue
from webhooks import signing
from webhooks.addresses import parts_of, post
from webhooks.events import EVENTS, TEST
from webhooks.models import Endpoint, WebhookDelivery

DELIVER = "webhooks.deliver"
SUBJECT = "webhooks"
MOST_ENDPOINTS = 20
# Between attempts, in seconds: a hiccup, a restart, an outage, a day. Then it is given up.
PAUSES = (30, 300, 3_600, 6 * 3_600, 24 * 3_600)
KEPT_FOR = timedelta(days=30)
# By hand, tests and repeated messages together, to one endpoint: its receiver may be somebody else's server.
MOST_BY_HAND, BY_HAND_WITHIN = 10, timedelta(minutes=10)


@transaction.atomic
def add_endpoint(*, organisation: Organisation, url: str, events: Sequence[str], by: User | None) -> Endpoint:
    """
    Raises
    ------
    ValidationError
        If the address or an event cannot be taken, or there are too many endpoints.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if Endpoint.objects.filter(organisation=organisation).count() >= MOST_ENDPOINTS:
        raise ValidationError(_("There are %(most)d endpoints already: remove one first.") % {"most": MOST_ENDPOINTS})
    endpoint = Endpoint(
        organisation=organisation, url=url.strip(), events=_known(events), secret=signing.new_secret(), created_by=by
    )
    _keep(endpoint)
    record(organisation=organisation, actor=by, subject=SUBJECT, summary=f"added the webhook {endpoint.url}")
    return endpoint


@transaction.atomic
def change_endpoint(
    *, endpoint: Endpoint, url: str, events: Sequence[str], is_active: bool, by: User | None
) -> Endpoint:
    """Raises ValidationError like add_endpoint."""
    endpoint.url, endpoint.events, endpoint.is_active = url.strip(), _known(events), is_active
    _keep(endpoint)
    summary = f"changed the webhook {endpoint.url}"
    record(organisation=endpoint.organisation, actor=by, subject=SUBJECT, summary=summary)
    return endpoint


@transaction.atomic
def remove_endpoint(*, endpoint: Endpoint, by: User | None) -> None:
    """With everything that was sent to it."""
    summary = f"removed the webhook {endpoint.url}"
    record(organisation=endpoint.organisation, actor=by, subject=SUBJECT, summary=summary)
    endpoint.delete()


@transaction.atomic
def renew_secret(*, endpoint: Endpoint, by: User | None) -> Endpoint:
    """From now on messages are signed by a new secret."""
    endpoint.secret = signing.new_secret()
    endpoint.save(update_fields=["secret"])
    summary = f"renewed the secret of the webhook {endpoint.url}"
    record(organisation=endpoint.organisation, actor=by, subject=SUBJECT, summary=summary)
    return endpoint


@transaction.atomic
def announce(*, organisation: models.Model, event: str, data: Mapping[str, Any]) -> int:
    """Have every active endpoint told that wants to know of `event`; to how many it goes. In the caller's transaction:
    what is not committed is not told."""
    endpoints = Endpoint.objects.filter(organisation=organisation.pk, is_active=True)
    wanted = [endpoint for endpoint in endpoints.select_related("organisation") if event in endpoint.events]
    for endpoint in wanted:
        _send(endpoint, event, data)
    return len(wanted)


@transaction.atomic
def send_test(*, endpoint: Endpoint, by: User | None) -> WebhookDelivery:
    """A message by which a receiver can be tried out.

    Raises
    ------
    ValidationError
        If the endpoint is switched off, or too much was sent to it by hand just now.
    """
    _check_by_hand(endpoint)
    summary = f"sent a test to the webhook {endpoint.url}"
    record(organisation=endpoint.organisation, actor=by, subject=SUBJECT, summary=summary)
    return _send(endpoint, TEST, {}, by_hand=True)


@transaction.atomic
def send_again(*, delivery: WebhookDelivery, by: User | None) -> WebhookDelivery:
    """The same message once more, with the same id, so that who got it before can tell. What came of it before is
    forgotten.

    Raises
    ------
    ValidationError
        As send_test.
    """
    _check_by_hand(delivery.endpoint)
    organisation = delivery.endpoint.organisation
    summary = f"sent a message to the webhook {delivery.endpoint.url} again"
    record(organisation=organisation, actor=by, subject=SUBJECT, summary=summary)
    delivery.status_code, delivery.delivered_at, delivery.error = None, None, ""
    delivery.save(update_fields=["status_code", "delivered_at", "error"])
    _enqueue(delivery, by_hand=True)
    return delivery


def _check_by_hand(endpoint: Endpoint) -> None:
    # Two who press at the same moment are counted one after the other.
    if not Endpoint.objects.select_for_update(of=("self",)).get(pk=endpoint.pk).is_active:
        raise ValidationError(_("Nothing is sent while the webhook is switched off. Switch it on first."))
    since = timezone.now() - BY_HAND_WITHIN
    sent = jobs_of(endpoint.organisation).filter(
        subject=SUBJECT, kind=DELIVER, created_at__gt=since, arguments__by_hand=str(endpoint.pk)
    )
    times = sent.order_by("-created_at").values_list("created_at", flat=True)[:MOST_BY_HAND]
    if len(times) == MOST_BY_HAND:
        told = {"most": MOST_BY_HAND, "wait": duration(times[MOST_BY_HAND - 1] - since)}
        raise ValidationError(
            _("%(most)d messages were sent here by hand within ten minutes. You can send the next one in %(wait)s.")
            % told
        )


def deliver(run: RunningJob) -> None:
    """Send one message; after a failure another attempt follows, later each time, until all are used up."""
    rows = WebhookDelivery.objects.select_related("endpoint__organisation")
    delivery = rows.filter(pk=run.arguments["delivery"], endpoint__organisation=run.organisation_id).first()
    if delivery is None or not delivery.endpoint.is_active:
        return  # removed or switched off while the job waited
    status, error = _attempt(delivery)
    with run.completing() as result:
        WebhookDelivery.objects.filter(pk=delivery.pk).update(
            attempts=F("attempts") + 1,
            status_code=status,
            error=error[:300],
            delivered_at=None if error else timezone.now(),
        )
        tried = run.arguments.get("tried", 0)
        if error and tried < len(PAUSES):
            _enqueue(delivery, delay=PAUSES[tried], tried=tried + 1)
        result["status"] = status


def forget_old() -> None:
    """A sweep: messages are kept for a month."""
    WebhookDelivery.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()


def _attempt(delivery: WebhookDelivery) -> tuple[int | None, str]:
    """The status of the answer, and what went wrong; empty if nothing did."""
    body = json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = signing.headers(
        secret=delivery.endpoint.secret, message=str(delivery.pk), seconds=int(time.time()), body=body
    )
    try:
        status = post(
            delivery.endpoint.url, body, headers | {"content-type": "application/json", "user-agent": "Salient"}
        )
    except ValidationError as error:
        return None, " ".join(error.messages)
    except (socket.gaierror, UnicodeError):
        return None, gettext_noop("Nobody knows the host of this address: look whether it is spelled right.")
    except (OSError, http.client.HTTPException) as error:
        return None, str(error) or type(error).__name__
    if 200 <= status < 300:
        return status, ""
    return status, f"The receiver answered with {status}."


def _send(endpoint: Endpoint, event: str, data: Mapping[str, Any], *, by_hand: bool = False) -> WebhookDelivery:
    delivery = WebhookDelivery(endpoint=endpoint, event=event)
    delivery.payload = {
        "type": event,
        "timestamp": timezone.now().isoformat(timespec="seconds"),
        "organisation": endpoint.organisation.slug,
        "data": dict(data),
    }
    delivery.save()
    _enqueue(delivery, by_hand=by_hand)
    return delivery


def _enqueue(delivery: WebhookDelivery, *, delay: float = 0, tried: int = 0, by_hand: bool = False) -> None:
    marks = {"by_hand": str(delivery.endpoint_id)} if by_hand else {}
    enqueue(
        kind=DELIVER,
        organisation=delivery.endpoint.organisation,
        subject=SUBJECT,
        arguments={"delivery": str(delivery.pk), "tried": tried, **marks},
        delay_seconds=delay,
    )


def _known(events: Sequence[str]) -> list[str]:
    if unknown := sorted(set(events) - set(EVENTS)):
        raise ValidationError(
            {"events": _("There is no event “%(event)s”; there are %(events)s.") % {
                "event": unknown[0], "events": ", ".join(EVENTS)
            }}
        )  # fmt: skip
    if not events:
        raise ValidationError({"events": _("Choose at least one event.")})
    return [event for event in EVENTS if event in events]


def _keep(endpoint: Endpoint) -> None:
    try:
        parts_of(endpoint.url)
    except ValidationError as error:
        raise ValidationError({"url": error.messages}) from error
    endpoint.full_clean()
    endpoint.save()
