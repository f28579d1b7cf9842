"""The register in a real browser: on a phone, where it has no columns, what is asked and answered keeps its label."""

import pytest

from scoping.models import Assessment
from tests.support.browser import DESKTOP, PHONE, NewPage
from tests.support.factories import AssessmentFactory, ConcernFactory
from tests.support.people import House

pytestmark = pytest.mark.browser

LABELS = """[".topic", ".response"].map(part => [...document.querySelectorAll(".register " + part)].map(
    cell => getComputedStyle(cell, "::before").content.replaceAll('"', "")))"""


@pytest.fixture
def assessment(house: House, transactional_db: None) -> Assessment:
    made = AssessmentFactory(organisation=house.organisation, slug="paper-2024", groups=1, issues=2)
    for topic, response in (("Fair pay", ""), ("Noise", "Quiet hours.")):
        ConcernFactory(group=made.groups.get(), topic=topic, response=response)
    return made


def test_topics_and_responses_have_labels_on_a_phone(assessment: Assessment, house: House, new_page: NewPage) -> None:
    page = new_page(house.analyst, PHONE)
    page.goto("/o/example/a/paper-2024/scoping/stakeholders/")
    assert page.evaluate(LABELS) == [["What they ask, and the response", "none"], ["Response: ", "Response: "]]


def test_columns_are_labels_enough_on_a_desk(assessment: Assessment, house: House, new_page: NewPage) -> None:
    page = new_page(house.analyst, DESKTOP)
    page.goto("/o/example/a/paper-2024/scoping/stakeholders/")
    assert page.evaluate(LABELS) == [["none", "none"], ["none", "none"]]
