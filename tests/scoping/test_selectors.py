"""What is asked about assessments stays inside an organisation, and counts right."""

from decimal import Decimal

import pytest

from scoping import selectors
from scoping.models import Assessment, Side
from tests.support.factories import AssessmentFactory, IssueFactory, StakeholderGroupFactory, TierFactory
from tests.support.people import House

pytestmark = pytest.mark.django_db


def test_assessments_are_those_of_the_organisation(house: House) -> None:
    ours = AssessmentFactory(organisation=house.organisation)
    AssessmentFactory(organisation=house.elsewhere)
    assert list(selectors.assessments_of(house.organisation)) == [ours]


def test_issues_and_groups_are_counted_apart(house: House) -> None:
    AssessmentFactory(organisation=house.organisation, groups=2, issues=3)
    found = selectors.assessments_of(house.organisation).get()
    assert (found.group_count, found.issue_count) == (2, 3)


def test_an_empty_assessment_counts_nothing(house: House) -> None:
    AssessmentFactory(organisation=house.organisation)
    found = selectors.assessments_of(house.organisation).get()
    assert (found.group_count, found.issue_count) == (0, 0)


def test_an_assessment_of_others_does_not_exist(house: House) -> None:
    theirs = AssessmentFactory(organisation=house.elsewhere)
    with pytest.raises(Assessment.DoesNotExist):
        selectors.get_assessment(house.organisation, theirs.slug)


def test_commands_find_an_assessment_by_its_slug_alone() -> None:
    assessment = AssessmentFactory()
    assert selectors.assessment_by_slug(assessment.slug) == assessment
    assert selectors.assessment_by_slug("unknown") is None


def test_shares_are_of_the_weights_on_the_same_side() -> None:
    assessment = AssessmentFactory()
    for position, (side, weight) in enumerate([(Side.INTERNAL, 3), (Side.INTERNAL, 1), (Side.EXTERNAL, "0.2")]):
        StakeholderGroupFactory(assessment=assessment, position=position, side=side, weight=Decimal(weight))
    internal, external = selectors.axes_of(list(assessment.groups.all()))
    assert [row.percent for row in internal.groups] == ["75\u202f%", "25\u202f%"]
    assert [(row.weight, row.percent) for row in external.groups] == [("0.2", "100\u202f%")]


def test_a_third_is_shown_with_one_decimal() -> None:
    assessment = AssessmentFactory()
    for position in range(3):
        StakeholderGroupFactory(assessment=assessment, position=position, side=Side.EXTERNAL)
    _, external = selectors.axes_of(list(assessment.groups.all()))
    assert {row.percent for row in external.groups} == {"33.3\u202f%"}


def test_an_axis_without_groups_is_there_and_empty() -> None:
    assert [(axis.side, axis.groups) for axis in selectors.axes_of([])] == [(Side.INTERNAL, ()), (Side.EXTERNAL, ())]


def ready() -> Assessment:
    assessment = AssessmentFactory(groups=2, issues=3)
    TierFactory(assessment=assessment, planned_count=1, position=0)
    TierFactory(assessment=assessment, planned_count=2, position=1)
    return assessment


def missing(assessment: Assessment) -> list[str]:
    return [item.what for item in selectors.missing_for_survey(assessment)]


def test_nothing_is_missing_from_a_complete_scope() -> None:
    assert missing(ready()) == []


def test_a_new_assessment_misses_both_sides_issues_and_tiers() -> None:
    assert missing(AssessmentFactory()) == [
        "Add an internal stakeholder group",
        "Add an external stakeholder group",
        "List the issues to be rated",
        "Name the tiers",
    ]


def test_a_group_without_weight_does_not_speak_for_its_side() -> None:
    assessment = ready()
    assessment.groups.filter(side=Side.EXTERNAL).update(weight=0)
    assert missing(assessment) == ["Add an external stakeholder group"]


def test_tiers_sized_for_another_list_are_named() -> None:
    assessment = ready()
    IssueFactory(assessment=assessment, position=3)
    (item,) = selectors.missing_for_survey(assessment)
    assert (item.what, item.why) == (
        "Make the tiers fit the list",
        "They are sized for 3 issues, and the list has 4.",
    )
