"""The forms of the scope: what they say about numbers that do not fit, and what they choose beforehand."""

import re

import pytest
from django.test import Client

from scoping.models import Assessment
from tests.scoping.test_stakeholders_views import of_paper, said
from tests.support.factories import AssessmentFactory
from tests.support.people import House


@pytest.fixture
def assessment(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="paper-2024", groups=2, issues=2)


def test_a_tier_that_is_too_big_says_what_fits(assessment: Assessment, analyst_client: Client) -> None:
    text = said(analyst_client.post(of_paper("tiers"), {"name_1": "High", "count_1": "10001"}))
    assert "A tier holds at most 10,000 issues." in text


@pytest.mark.parametrize(("side", "other"), [("internal", "external"), ("external", "internal")])
def test_the_group_that_is_missing_is_added_on_its_side(
    assessment: Assessment, analyst_client: Client, side: str, other: str
) -> None:
    assessment.groups.filter(side=side).delete()
    form = of_paper("group-new") + f"?side={side}"
    assert f'href="{form}">Add an {side} group</a>' in said(analyst_client.get(of_paper("scope")))
    text = said(analyst_client.get(form))
    assert re.search(rf'value="{side}"[^>]* checked', text)
    assert not re.search(rf'value="{other}"[^>]* checked', text)
