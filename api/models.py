"""What the API has to remember."""

from typing import ClassVar

from django.db import models


class KeptReply(models.Model):
    """The answer to a write with an idempotency key, so that sending it again does nothing and gets the same."""

    # By name: which token wrote; a room beside this one owns it.
    token = models.ForeignKey("accounts.ApiToken", models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64, help_text="SHA-256 over method, path and body.")
    status_code = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty while it is carried out.")
    body = models.BinaryField(default=b"")
    content_type = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["token", "key"], name="one_reply_per_key")]

    def __str__(self) -> str:
        return self.key
