"""The stepper follows the phase of the assessment."""

import pytest

from scoping.models import Phase, Standing
from scoping.selectors import get_counted_assessment
from scoping.steps import Step, steps
from tests.support.factories import AssessmentFactory
from tests.support.people import House


@pytest.mark.parametrize(
    ("phase", "states"),
    [
        (Phase.SCOPING, ["now", "todo", "todo", "todo", "todo"]),
        (Phase.SURVEY, ["done", "now", "todo", "todo", "todo"]),
        (Phase.RESULTS, ["done", "done", "now", "todo", "todo"]),
    ],
)
def test_each_phase_has_its_place(house: House, phase: Phase, states: list[str]) -> None:
    assessment = AssessmentFactory(organisation=house.organisation, phase=phase)
    assert [step.state for step in steps(assessment, organisation=house.organisation)] == states


@pytest.mark.parametrize(
    ("phase", "when"),
    [
        (Phase.SCOPING, "when the survey has answers"),
        (Phase.SURVEY, "as answers come in"),
        (Phase.RESULTS, "not computed yet"),
    ],
)
def test_without_a_result_the_step_says_what_it_waits_for(house: House, phase: Phase, when: str) -> None:
    assessment = AssessmentFactory(organisation=house.organisation, phase=phase)
    assert steps(assessment, organisation=house.organisation)[2].when == when


def test_the_first_step_counts_issues_and_groups(house: House) -> None:
    assessment = AssessmentFactory(organisation=house.organisation, issues=1, groups=2)
    assert steps(assessment, organisation=house.organisation)[0].when == "1 issue, 2 groups"


@pytest.mark.parametrize("with_survey", [True, False])
def test_an_assessment_with_its_counts_is_not_counted_again(
    house: House, with_survey: bool, django_assert_num_queries
) -> None:
    slug = AssessmentFactory(organisation=house.organisation, issues=1, groups=2, with_survey=with_survey).slug
    assessment = get_counted_assessment(house.organisation, slug)
    with django_assert_num_queries(0):
        steps(assessment, organisation=house.organisation)


def test_steps_that_this_version_lacks_say_so(house: House) -> None:
    assessment = AssessmentFactory(organisation=house.organisation)
    assert {step.when for step in steps(assessment, organisation=house.organisation)[3:]} == {"not in this version yet"}


def test_steps_that_are_still_to_be_built_lead_nowhere(house: House) -> None:
    assessment = AssessmentFactory(organisation=house.organisation)
    urls = [step.url for step in steps(assessment, organisation=house.organisation)]
    assert [bool(url) for url in urls] == [True, True, True, False, False]


def without_survey(house: House, **fields: object) -> list[Step]:
    assessment = AssessmentFactory(organisation=house.organisation, with_survey=False, **fields)
    return steps(assessment, organisation=house.organisation)


def test_without_a_survey_the_list_is_the_result(house: House) -> None:
    found = without_survey(house, issues=2)
    assert [step.state for step in found] == ["done", "skipped", "now", "todo", "todo"]
    assert [step.when for step in found[1:3]] == ["none is held", "the list is the result"]
    assert found[2].url.endswith("/scoping/issue-table/")


def test_without_a_survey_an_empty_list_is_no_result(house: House) -> None:
    found = without_survey(house, issues=1, issues__standing=Standing.LEFT_OUT)
    assert [step.state for step in found[:3]] == ["now", "skipped", "todo"]
