"""A survey that is not open yet, to be translated to Chinese and Arabic."""

import pytest

from scoping.models import Assessment
from surveys.models import Survey, Translation
from surveys.texts import source_texts
from tests.support import people
from tests.support.factories import AssessmentFactory, SurveyFactory, TierFactory


@pytest.fixture
def assessment(house: people.House) -> Assessment:
    assessment = AssessmentFactory(organisation=house.organisation, slug="a1", groups=2, issues=3)
    assessment.issues.update(description="What the issue is about.\nAnd a second line.")
    TierFactory(assessment=assessment)
    return assessment


@pytest.fixture
def survey(assessment: Assessment) -> Survey:
    return SurveyFactory(
        assessment=assessment,
        title="What matters most?",
        introduction="Dear reader,\nplease answer.",
        languages=["zh-Hans", "ar"],
    )


def translate(survey: Survey, language: str, **texts: str) -> None:
    """Stores translations of the present texts; keys with two underscores for dots."""
    sources = {text.key: text.text for text in source_texts(survey)}
    for name, text in texts.items():
        key = name.replace("__", ".").replace("_0", "-0").replace("_1", "-1")
        Translation.objects.create(survey=survey, language=language, key=key, text=text, source=sources[key])
