"""Reads of webhooks, always of one organisation."""

import uuid

from accounts.models import Organisation
from webhooks.models import Endpoint, WebhookDelivery

SHOWN = 50


def endpoints_of(organisation: Organisation) -> list[Endpoint]:
    return list(Endpoint.objects.filter(organisation=organisation))


def get_endpoint(organisation: Organisation, endpoint: uuid.UUID) -> Endpoint:
    """Raises Endpoint.DoesNotExist, also for one of another organisation."""
    return Endpoint.objects.select_related("organisation").get(pk=endpoint, organisation=organisation)


def deliveries_of(endpoint: Endpoint) -> list[WebhookDelivery]:
    """The newest messages, newest first."""
    return list(WebhookDelivery.objects.filter(endpoint=endpoint)[:SHOWN])


def get_delivery(organisation: Organisation, delivery: uuid.UUID) -> WebhookDelivery:
    """Raises WebhookDelivery.DoesNotExist, also for one of another organisation."""
    rows = WebhookDelivery.objects.select_related("endpoint__organisation")
    return rows.get(pk=delivery, endpoint__organisation=organisation)
