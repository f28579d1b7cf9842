"""Files that somebody has uploaded and not yet decided about."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from scoping.models.assessments import Assessment
from scoping.models.peers import Peer


class PendingImport(models.Model):
    """An uploaded list between its preview and the decision to take it over. It goes with that decision, or unasked
    after a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="pending_imports")
    kind = models.CharField(max_length=20, help_text="What the rows are: issues, contacts or a peer's issues.")
    peer = models.ForeignKey(Peer, models.CASCADE, null=True, blank=True, related_name="+")
    filename = models.CharField(max_length=200)
    content = models.BinaryField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-added_at"]

    def __str__(self) -> str:
        return self.filename
