from django.db import models


class Answer(models.Model):
    """Everything that one respondent sent."""

    content = models.JSONField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bare"

    def __str__(self) -> str:
        return f"answer {self.pk}"
