"""Who wants to be told what happens, and what was sent to them."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext

from webhooks.events import EVENTS


class Endpoint(models.Model):
    """An address of the organisation's own that is told about events."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # By name: this room does not import accounts.
    organisation = models.ForeignKey("accounts.Organisation", models.CASCADE, related_name="webhook_endpoints")
    url = models.CharField(max_length=500)
    events = models.JSONField(default=list, help_text="Names of events (webhooks/events.py).")
    secret = models.CharField(max_length=80, help_text="Signs what is sent.")
    is_active = models.BooleanField(default=True)
    created_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.url

    @property
    def labels(self) -> list[str]:
        """What it wants to know, in words."""
        return [gettext(EVENTS.get(event, event)) for event in self.events]


class WebhookDelivery(models.Model):
    """One message to one endpoint, and what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=60)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint}"

    @property
    def is_waiting(self) -> bool:
        """Whether nothing has come of it yet; one that failed may be tried again later."""
        return self.delivered_at is None and not self.error
