"""An assessment with three groups, five issues and a tier, whose survey nobody has touched."""

import pytest

from scoping.models import Assessment, StakeholderGroup
from surveys.models import Survey
from surveys.services import prepare_survey
from tests.support import people
from tests.support.factories import AssessmentFactory, TierFactory


@pytest.fixture
def assessment(house: people.House) -> Assessment:
    assessment = AssessmentFactory(organisation=house.organisation, slug="a1", groups=3, issues=5)
    TierFactory(assessment=assessment)
    return assessment


@pytest.fixture
def draft(assessment: Assessment) -> Survey:
    """Its survey, stored and not opened."""
    return prepare_survey(assessment=assessment)


@pytest.fixture
def group(assessment: Assessment) -> StakeholderGroup:
    return assessment.groups.get(code="group-0")
