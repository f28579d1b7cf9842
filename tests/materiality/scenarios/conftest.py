"""An assessment with a result, whose staff and managers disagree, and scenarios of it."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from materiality.models import Scenario
from materiality.scenarios.services import keep_scenario
from materiality.services import Choice, analyse_now, choose_method
from materiality.whatif.adjustments import Adjustments
from scoping.models import Assessment, Side
from surveys.models import SurveyLink
from surveys.services import open_survey, prepare_survey, submit_response
from tests.support.factories import AssessmentFactory, IssueFactory, StakeholderGroupFactory
from tests.support.people import House

Keep = Callable[..., Scenario]
# Staff: a 5, b 3, c 1; managers: a 2, b 4, c 1; clients: all 3.
RATINGS = {"staff": [5, 3, 1], "managers": [2, 4, 1], "clients": [3, 3, 3]}


@pytest.fixture
def analysed(house: House) -> Assessment:
    """Two internal groups of equal weight. With cut-offs of 3.1 and 2.1 issues a and b are high, c is minor."""
    assessment = AssessmentFactory(organisation=house.organisation, slug="example-2022")
    for position, code in enumerate("abc"):
        IssueFactory(assessment=assessment, code=code, name=f"Issue {code.upper()}", position=position)
    for position, (code, side) in enumerate(
        [("staff", Side.INTERNAL), ("managers", Side.INTERNAL), ("clients", Side.EXTERNAL)]
    ):
        StakeholderGroupFactory(
            assessment=assessment, code=code, name=code.capitalize(), side=side, position=position, weight=1
        )
    survey = prepare_survey(assessment=assessment)
    survey.minimum_group = 1
    survey.save()
    open_survey(survey=survey)
    assessment.refresh_from_db()
    answer_all(assessment)
    choose_method(assessment=assessment, choice=Choice(rule="cut_offs", cuts=("3.1", "2.1")))
    analyse_now(assessment=assessment)
    return assessment


def answer_all(assessment: Assessment) -> None:
    """One person of each group rates."""
    for code, ratings in RATINGS.items():
        link = SurveyLink.objects.get(survey__assessment=assessment, group__code=code)
        submit_response(link=link, answers=dict(zip("abc", ratings, strict=True)))


def weights(assessment: Assessment, **by_code: int | Fraction) -> Adjustments:
    """Other weights under the method of the assessment."""
    choice = Choice(rule="cut_offs", cuts=("3.1", "2.1"))
    return Adjustments(choice, {code: Fraction(weight) for code, weight in by_code.items()})


@pytest.fixture
def keep(analysed: Assessment, house: House) -> Keep:
    """keep("Name", staff=3): a scenario with other weights."""

    def make(name: str, **by_code: int | Fraction) -> Scenario:
        return keep_scenario(assessment=analysed, name=name, adjustments=weights(analysed, **by_code), by=house.analyst)

    return make
