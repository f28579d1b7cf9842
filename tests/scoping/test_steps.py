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


# Without a survey the list may have been proposed from the beginning: that is one question.
@pytest.mark.parametrize(("with_survey", "queries"), [(True, 0), (False, 1)])
def test_an_assessment_with_its_counts_is_not_counted_again(
    house: House, with_survey: bool, queries: int, django_assert_num_queries
) -> None:
    slug = AssessmentFactory(organisation=house.organisation, issues=1, groups=2, with_survey=with_survey).slug
    assessment = get_counted_assessment(house.organisation, slug)
    with django_assert_num_queries(queries):
        steps(assessment, organisation=house.organisation)


def test_confirmation_and_publication_wait_for_a_result(house: House) -> None:
    assessment = AssessmentFactory(organisation=house.organisation)
    found = steps(assessment, organisation=house.organisation)[3:]
    assert [step.when for step in found] == ["when there is a result", "not public yet"]


def test_every_step_leads_to_its_page(house: House) -> None:
    assessment = AssessmentFactory(organisation=house.organisation)
    pages = [step.url.rstrip("/").rpartition("/")[2] for step in steps(assessment, organisation=house.organisation)]
    assert pages == ["scoping", "survey", "results", "confirmation", "publish"]


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
