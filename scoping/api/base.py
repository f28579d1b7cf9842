"""What the addresses below an assessment share."""

from typing import ClassVar

from rest_framework import serializers

from accounts.tokens import SCOPING
from api.fields import Output
from api.views import ApiViews
from scoping.models import Assessment, Issue, StakeholderGroup
from scoping.selectors import get_assessment


class AssessmentViews(ApiViews):
    """Things of one assessment, which is found in the key's organisation or not at all."""

    writes: ClassVar[str] = SCOPING

    def assessment(self, slug: str) -> Assessment:
        """Raises Assessment.DoesNotExist, also for another organisation's."""
        return get_assessment(self.organisation, slug)

    def group(self, slug: str, code: str) -> StakeholderGroup:
        found: StakeholderGroup = self.assessment(slug).groups.get(code=code)
        return found

    def issue(self, slug: str, code: str) -> Issue:
        found: Issue = self.assessment(slug).issues.select_related("merged_into").get(code=code)
        return found


class RemovedOutput(Output):
    example: ClassVar = {"removed": 600}

    removed = serializers.IntegerField(help_text="How many they were.")
