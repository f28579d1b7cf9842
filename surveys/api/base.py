"""What the addresses below a survey share."""

from typing import ClassVar

from django.http import Http404
from rest_framework import serializers

from accounts.tokens import SURVEYS
from scoping.api.base import AssessmentViews
from scoping.models import Assessment, StakeholderGroup
from surveys.models import Survey
from surveys.selectors import survey_of, untouched_survey
from surveys.services import prepare_survey


class SurveyViews(AssessmentViews):
    """Things of the survey of one assessment."""

    writes: ClassVar[str] = SURVEYS

    def survey(self, slug: str) -> Survey:
        """Raises Http404 where there is none yet."""
        found = survey_of(organisation=self.organisation, assessment=self.assessment(slug))
        if found is None:
            raise Http404
        return found

    def survey_to_change(self, slug: str) -> Survey:
        """Made if there is none. Raises Http404 where the assessment holds no survey."""
        assessment = self.assessment(slug)
        if not assessment.with_survey:
            raise Http404
        return prepare_survey(assessment=assessment)

    def survey_to_read(self, slug: str) -> Survey:
        """As `known_survey`."""
        return self.known_survey(self.assessment(slug))

    def known_survey(self, assessment: Assessment) -> Survey:
        """As it would be where nobody has touched it. Raises Http404 where the assessment holds no survey."""
        if not assessment.with_survey:
            raise Http404
        return survey_of(organisation=self.organisation, assessment=assessment) or untouched_survey(assessment)


def group_of(assessment: Assessment, code: str, field: str = "group") -> StakeholderGroup:
    found: StakeholderGroup | None = assessment.groups.filter(code=code).first()
    if found is None:
        raise serializers.ValidationError({field: [f"There is no group with the code {code!r} in this assessment."]})
    return found
