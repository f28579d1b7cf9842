"""Webhooks through the API: endpoints, and what was sent to them. Owners' alone, as their pages are.

The secret that signs messages is told when an endpoint is added and when it is renewed, and not again.
"""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from accounts.tokens import MANAGE
from api.fields import Choice, Input, Output, Text, YesNo
from api.operations import operation
from api.views import ApiViews
from webhooks import services
from webhooks.events import EVENTS
from webhooks.models import Endpoint, WebhookDelivery
from webhooks.selectors import get_delivery, get_endpoint

LONGEST_URL = 500


class EndpointOutput(Output):
    example: ClassVar = {
        "id": "7f0a1c1e-2b64-4f0e-9a35-6d2f0c3b8e11",
        "url": "https://dashboard.example.org/salient",
        "events": ["run.finished", "report.published"],
        "is_active": True,
        "created_at": "2026-11-20T08:15:00Z",
        "created_by": "li@example.org",
    }

    id = serializers.UUIDField(source="pk")
    url = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField(), help_text="What it is told about.")
    is_active = serializers.BooleanField(help_text="Whether anything is sent to it.")
    created_at = serializers.DateTimeField()
    created_by = serializers.EmailField(source="created_by.email", default=None, allow_null=True)


class EndpointSecretOutput(EndpointOutput):
    example: ClassVar = {**EndpointOutput.example, "secret": "whsec_…"}

    secret = serializers.CharField(help_text="Signs what is sent (Standard Webhooks). It is not told again.")


class EndpointInput(Input):
    example: ClassVar = {"url": "https://dashboard.example.org/salient", "events": ["run.finished"]}

    url = Text(max_length=LONGEST_URL, help_text="Of a server of yours, beginning with https://.")
    events = serializers.ListField(child=Choice(list(EVENTS)), min_length=1, max_length=len(EVENTS))


class EndpointChange(EndpointInput):
    example: ClassVar = {"is_active": False}

    url = Text(max_length=LONGEST_URL, required=False)
    events = serializers.ListField(child=Choice(list(EVENTS)), min_length=1, max_length=len(EVENTS), required=False)
    is_active = YesNo(required=False, help_text="false: nothing is sent until it is switched on again.")


class Webhooks(ApiViews):
    tag, noun, writes = "Webhooks", "webhooks", MANAGE
    scopes: ClassVar = {"list": MANAGE, "retrieve": MANAGE}

    @operation(gives=EndpointOutput, order=("created_at", "pk"), reads=True)
    def list(self) -> QuerySet[Endpoint]:
        """List the addresses that are told what happens."""
        return Endpoint.objects.filter(organisation=self.organisation).select_related("created_by")

    @operation(gives=EndpointSecretOutput, takes=EndpointInput, status=201)
    def create(self, body: dict[str, Any]) -> Endpoint:
        """Have an address told what happens.

        The answer holds the secret by which its receiver checks signatures; it is not told again."""
        return services.add_endpoint(organisation=self.organisation, by=self.person, **body)

    @operation(gives=EndpointOutput, reads=True)
    def retrieve(self, endpoint: UUID) -> Endpoint:
        """Read an endpoint."""
        return self._endpoint(endpoint)

    @operation(gives=EndpointOutput, takes=EndpointChange)
    def change(self, endpoint: UUID, body: dict[str, Any]) -> Endpoint:
        """Change an endpoint, or switch it off or on."""
        found = self._endpoint(endpoint)
        kept = {"url": found.url, "events": found.events, "is_active": found.is_active}
        return services.change_endpoint(endpoint=found, by=self.person, **kept | body)

    @operation(status=204)
    def remove(self, endpoint: UUID) -> None:
        """Remove an endpoint, with the list of what was sent to it."""
        services.remove_endpoint(endpoint=self._endpoint(endpoint), by=self.person)

    @operation(gives=EndpointSecretOutput)
    def renew_secret(self, endpoint: UUID) -> Endpoint:
        """Sign with a new secret from now on.

        It is in the answer, and is not told again."""
        return services.renew_secret(endpoint=self._endpoint(endpoint), by=self.person)

    def _endpoint(self, endpoint: UUID) -> Endpoint:
        return get_endpoint(self.organisation, endpoint)


# --- what was sent ----------------------------------------------------------------------------------------
class DeliveryOutput(Output):
    example: ClassVar = {
        "id": "0d4e7c2a-52a1-4b7e-8f0c-9f1d6a3e5b22",
        "event": "run.finished",
        "created_at": "2026-11-20T08:15:00Z",
        "attempts": 1,
        "status_code": 204,
        "delivered_at": "2026-11-20T08:15:01Z",
        "error": "",
        "payload": {
            "type": "run.finished",
            "timestamp": "2026-11-20T08:15:00+00:00",
            "organisation": "example",
            "data": {"assessment": "example-2026"},
        },
    }

    id = serializers.UUIDField(source="pk", help_text="The receiver has it in the header webhook-id.")
    event = serializers.CharField()
    created_at = serializers.DateTimeField()
    attempts = serializers.IntegerField()
    status_code = serializers.IntegerField(allow_null=True, help_text="Of the last answer; null where none came.")
    delivered_at = serializers.DateTimeField(allow_null=True)
    error = serializers.CharField(help_text="Why the last attempt failed; empty else.")
    payload = serializers.DictField()


class Deliveries(ApiViews):
    tag, noun, writes = "Webhooks", "deliveries", MANAGE
    scopes: ClassVar = {"list": MANAGE}

    @operation(gives=DeliveryOutput, order=("-created_at", "pk"), reads=True)
    def list(self, endpoint: UUID) -> QuerySet[WebhookDelivery]:
        """List what was sent to an endpoint in the last month, newest first."""
        return WebhookDelivery.objects.filter(endpoint=get_endpoint(self.organisation, endpoint))

    @operation(gives=DeliveryOutput, status=202)
    def send_test(self, endpoint: UUID) -> WebhookDelivery:
        """Send a test to an endpoint.

        Read the list of what was sent for what came of it. At most ten messages within ten minutes are sent to an
        endpoint on request."""
        return services.send_test(endpoint=get_endpoint(self.organisation, endpoint), by=self.person)

    @operation(gives=DeliveryOutput, status=202)
    def send_again(self, endpoint: UUID, delivery: UUID) -> WebhookDelivery:
        """Send a message once more, with the same id.

        Tests and these count together: at most ten within ten minutes to an endpoint."""
        found = get_delivery(self.organisation, delivery)
        if found.endpoint_id != endpoint:
            raise WebhookDelivery.DoesNotExist
        return services.send_again(delivery=found, by=self.person)


_ENDPOINT = "webhooks/<uuid:endpoint>/"
urlpatterns = [
    path("webhooks/", Webhooks.as_view({"get": "list", "post": "create"})),
    path(_ENDPOINT, Webhooks.as_view({"get": "retrieve", "patch": "change", "delete": "remove"})),
    path(f"{_ENDPOINT}renew-secret/", Webhooks.as_view({"post": "renew_secret"})),
    path(f"{_ENDPOINT}test/", Deliveries.as_view({"post": "send_test"})),
    path(f"{_ENDPOINT}deliveries/", Deliveries.as_view({"get": "list"})),
    path(f"{_ENDPOINT}deliveries/<uuid:delivery>/send/", Deliveries.as_view({"post": "send_again"})),
]
