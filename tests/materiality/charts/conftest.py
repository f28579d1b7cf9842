"""An assessment of which every chart can be drawn, and one of which none can."""

import pytest

from materiality.services import analyse_now
from scoping.models import Assessment
from tests.materiality.years import link, listed, placed, result_of
from tests.support.factories import AssessmentFactory, ScoreFactory
from tests.support.people import House


@pytest.fixture
def complete(house: House, answered: Assessment) -> Assessment:
    """Answers and a result, groups with scores, a year before."""
    before = AssessmentFactory(organisation=house.organisation, slug="example-2021", reporting_period="2021")
    listed(before, "a", "c")
    link(answered, before, a="a", c="c")
    answered.previous = before
    answered.save()
    for group in answered.groups.all():
        ScoreFactory(group=group, attribute="power", value=4)
        ScoreFactory(group=group, attribute="interest", value=2)
    analyse_now(assessment=answered)
    result_of(before, placed("c", 1, "High", 4.5), placed("a", 2, "Minor", 3.0))
    return answered


@pytest.fixture
def bare(house: House) -> Assessment:
    """Nothing but a name."""
    return AssessmentFactory(organisation=house.organisation, slug="bare")
