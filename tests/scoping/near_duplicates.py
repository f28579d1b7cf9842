"""What the tests of near-duplicates share: issues of which two are alike, and what is asked of them."""

from django.urls import reverse

from scoping import services
from scoping.models import Assessment, Phase
from scoping.selectors.issues import duplicates_of
from tests.support.factories import AssessmentFactory, IssueFactory
from tests.support.people import House

NAMES = ("Staff training", "Employee Training and Growth", "Green Finance", "Talent development")


def scope_with_near_duplicates(house: House) -> Assessment:
    made = AssessmentFactory(organisation=house.organisation, slug="paper-2024", groups=1)
    for position, name in enumerate(NAMES):
        IssueFactory(assessment=made, position=position, name=name)
    return made


def page(name: str, **kwargs: object) -> str:
    return reverse(f"scoping:{name}", kwargs={"organisation": "example", "slug": "paper-2024", **kwargs})


def pairs(assessment: Assessment) -> list[tuple[str, str]]:
    return [(pair.one.name, pair.other.name) for pair in duplicates_of(assessment).pairs]


def open_the_survey(assessment: Assessment) -> None:
    services.set_phase(assessment=assessment, phase=Phase.SURVEY)
