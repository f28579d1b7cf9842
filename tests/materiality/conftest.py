"""A survey with answers, through the services that the pages use."""

from collections.abc import Callable

import pytest

from materiality.whatif import page, recomputing
from scoping.models import Assessment, Side
from surveys.models import SurveyLink
from surveys.services import open_survey, prepare_survey, submit_response
from tests.support.factories import AssessmentFactory, IssueFactory, StakeholderGroupFactory
from tests.support.people import House

Answer = Callable[[str, list[int]], None]


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Keys come again in the next test: what a process keeps between two requests is not about the same survey then."""
    recomputing.forget()
    page.results_of.cache_clear()


@pytest.fixture
def assessment(house: House) -> Assessment:
    """Three issues (a, b, c), Staff inside, Clients outside; the survey is open."""
    assessment = AssessmentFactory(organisation=house.organisation, slug="example-2022")
    for position, code in enumerate("abc"):
        IssueFactory(assessment=assessment, code=code, name=f"Issue {code.upper()}", position=position)
    StakeholderGroupFactory(assessment=assessment, code="staff", name="Staff", side=Side.INTERNAL, position=0)
    StakeholderGroupFactory(assessment=assessment, code="clients", name="Clients", side=Side.EXTERNAL, position=1)
    survey = prepare_survey(assessment=assessment)
    survey.minimum_group = 1  # what is held back from small groups has tests of its own
    survey.save()
    open_survey(survey=survey)
    assessment.refresh_from_db()
    return assessment


@pytest.fixture
def answer(assessment: Assessment) -> Answer:
    """answer("staff", [5, 4, 0]): one person of the group rates a, b and c."""

    def send(group: str, ratings: list[int], *, simulated: bool = False) -> None:
        link = SurveyLink.objects.get(survey__assessment=assessment, group__code=group)
        submit_response(link=link, answers=dict(zip("abc", ratings, strict=True)), simulated=simulated)

    return send


@pytest.fixture
def answered(assessment: Assessment, answer: Answer) -> Assessment:
    """Four answers: a before b before c on both sides."""
    answer("staff", [5, 3, 1])
    answer("staff", [5, 4, 2])
    answer("clients", [4, 3, 1])
    answer("clients", [5, 3, 2])
    return assessment
