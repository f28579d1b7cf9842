"""What the services of the scope allow, refuse and record."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.services import MEMBERS
from accounts.tokens import TOKENS
from materiality.models import AnalysisRun
from materiality.services import analyse_now
from scoping import services
from scoping.models import Assessment, Issue, Phase, PublishedResult, Side, StakeholderGroup
from scoping.services.groups import MOST_GROUPS
from surveys.models import Response, Survey
from surveys.services import open_survey, submit_response
from surveys.services.rights import SUBJECT as PEOPLE
from tests.support.factories import (
    AssessmentFactory,
    PublishedResultFactory,
    ResponseFactory,
    StakeholderGroupFactory,
    SurveyFactory,
    TierFactory,
)
from tests.support.people import House
from webhooks.services import SUBJECT as WEBHOOKS

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment() -> Assessment:
    return AssessmentFactory(groups=2, issues=3)


@pytest.fixture
def opened(assessment: Assessment) -> Assessment:
    services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    return assessment


def names(rows) -> list[str]:
    return [row.name for row in rows.all()]


# --- assessments ------------------------------------------------------------------------------------------
def test_a_new_assessment_has_a_slug_and_tiers(house: House) -> None:
    made = services.create_assessment(
        organisation=house.organisation, name=" Paper  Mill 2024 ", company="Paper Mill", reporting_period="2024"
    )
    assert (made.name, made.slug, made.phase) == ("Paper Mill 2024", "paper-mill-2024", Phase.SCOPING)
    assert made.tiers.count() == 3


def test_a_slug_that_is_taken_elsewhere_gets_a_number(house: House) -> None:
    AssessmentFactory(organisation=house.elsewhere, slug="paper-mill")
    made = services.create_assessment(
        organisation=house.organisation, name="Paper Mill", company="Paper Mill", reporting_period="2024"
    )
    assert made.slug == "paper-mill-2"


def test_a_name_without_latin_letters_still_gets_a_slug(house: House) -> None:
    made = services.create_assessment(
        organisation=house.organisation, name="奇富科技", company="奇富科技", reporting_period="2022"
    )
    assert (made.name, made.slug) == ("奇富科技", "assessment")


def test_an_assessment_without_a_company_is_refused_at_its_field(house: House) -> None:
    with pytest.raises(ValidationError) as caught:
        services.create_assessment(organisation=house.organisation, name="X", company=" ", reporting_period="2024")
    assert list(caught.value.message_dict) == ["company"]


def test_what_is_done_is_recorded_with_who_did_it(assessment: Assessment, house: House) -> None:
    services.save_group(assessment=assessment, name="Media", side=Side.EXTERNAL, by=house.analyst)
    event = assessment.organisation.events.get()
    assert (event.actor, event.subject, event.summary) == (house.analyst, assessment.slug, "added the group Media")


def create(house: House, name: str, period: str = "2024") -> Assessment:
    return services.create_assessment(
        organisation=house.organisation, name=name, company="Paper Mill", reporting_period=period
    )


def rename(assessment: Assessment, by: User | None = None, **texts: str) -> Assessment:
    present = {field: getattr(assessment, field) for field in ("name", "company", "reporting_period")}
    return services.rename_assessment(assessment=assessment, by=by, **(present | texts))


@pytest.mark.parametrize("name", ["Paper Mill", " paper  MILL "])
def test_a_name_is_given_once_for_a_period(house: House, name: str) -> None:
    create(house, "Paper Mill")
    with pytest.raises(ValidationError) as caught:
        create(house, name)
    assert list(caught.value.message_dict) == ["name"]
    assert house.organisation.assessments.count() == 1


def test_another_period_or_organisation_may_have_the_same_name(house: House) -> None:
    AssessmentFactory(organisation=house.elsewhere, name="Paper Mill", reporting_period="2024")
    create(house, "Paper Mill", "2023")
    assert create(house, "Paper Mill", "2024").name == "Paper Mill"


def test_a_new_name_leaves_the_slug_and_a_line_in_the_audit_trail(assessment: Assessment, house: House) -> None:
    slug = assessment.slug
    rename(assessment, by=house.analyst, name=" Paper  Mill ", company="Mill")
    assessment.refresh_from_db()
    assert (assessment.name, assessment.company, assessment.slug) == ("Paper Mill", "Mill", slug)
    event = assessment.organisation.events.get()
    assert (event.actor, event.subject) == (house.analyst, slug)
    assert "to “Paper Mill”, the company from “Example Ltd.” to “Mill”" in event.summary


def test_a_name_that_is_not_new_leaves_no_line(assessment: Assessment) -> None:
    rename(assessment)
    assert not assessment.organisation.events.exists()


def test_the_case_of_its_own_name_can_change(assessment: Assessment) -> None:
    assert rename(assessment, name=assessment.name.upper()).name == assessment.name.upper()


def test_the_name_and_period_of_another_assessment_are_refused(assessment: Assessment) -> None:
    AssessmentFactory(organisation=assessment.organisation, name="Paper Mill", reporting_period="2024")
    with pytest.raises(ValidationError) as caught:
        rename(assessment, name="paper mill", reporting_period="2024")
    assert list(caught.value.message_dict) == ["name"]


def test_renaming_takes_the_assessment_before_its_organisation(
    assessment: Assessment, django_assert_max_num_queries: Any
) -> None:
    """As carrying forward and peers do: two who took the locks the other way round would wait for each other."""
    with django_assert_max_num_queries(50) as queries:
        services.rename_assessment(assessment=assessment, name="New", company="A", reporting_period="2024")
    read = [query["sql"] for query in queries.captured_queries if query["sql"].startswith("SELECT")]
    assert ['FROM "scoping_assessment"' in sql for sql in read[:2]] == [True, False]


def test_an_assessment_is_renamed_to_something(assessment: Assessment) -> None:
    with pytest.raises(ValidationError) as caught:
        rename(assessment, company=" ")
    assert list(caught.value.message_dict) == ["company"]


@pytest.fixture
def answered(assessment: Assessment) -> Assessment:
    PublishedResultFactory(issue=assessment.issues.first(), tier=TierFactory(assessment=assessment))
    survey = SurveyFactory(assessment=assessment, minimum_group=1)
    open_survey(survey=survey)
    for link in survey.links.all():
        submit_response(link=link, answers=bytes([5, 3, 1]))
    analyse_now(assessment=assessment)
    return assessment


def test_an_answered_and_analysed_assessment_is_removed_with_all_that_is_in_it(answered: Assessment) -> None:
    services.remove_assessment(assessment=answered)
    for model in (Assessment, Issue, StakeholderGroup, PublishedResult, Survey, Response, AnalysisRun):
        assert not model.objects.exists(), model


def test_other_assessments_stay_when_one_is_removed(answered: Assessment, house: House) -> None:
    other = AssessmentFactory(organisation=house.organisation, groups=1, issues=1)
    services.remove_assessment(assessment=other)
    assert Assessment.objects.get() == answered
    assert Response.objects.count() == answered.groups.count() == 2


def test_a_removal_is_recorded_and_its_slug_is_not_given_again(house: House) -> None:
    services.remove_assessment(assessment=create(house, "Paper Mill"), by=house.owner)
    event = house.organisation.events.filter(subject="paper-mill")[0]
    summary = "deleted the assessment Paper Mill for 2024, with all answers and results"
    assert (event.actor, event.summary) == (house.owner, summary)
    assert create(house, "Paper Mill").slug == "paper-mill-2"


def test_the_public_address_of_a_removed_assessment_falls_to_no_other_organisation(house: House) -> None:
    services.remove_assessment(assessment=create(house, "Paper Mill"), by=house.owner)
    theirs = services.create_assessment(
        organisation=house.elsewhere, name="Paper Mill", company="Paper Mill", reporting_period="2024"
    )
    assert theirs.slug == "paper-mill-2"


@pytest.mark.parametrize("subject", [MEMBERS, TOKENS, WEBHOOKS, PEOPLE])
def test_what_else_the_record_is_about_names_no_assessment(house: House, subject: str) -> None:
    assert create(house, subject).slug == f"{subject}-2"


# --- groups -----------------------------------------------------------------------------------------------
def test_a_group_is_added_at_the_end(assessment: Assessment) -> None:
    services.save_group(assessment=assessment, name="Media", side=Side.EXTERNAL, weight=2)
    assert names(assessment.groups) == ["Group 0", "Group 1", "Media"]


@pytest.mark.parametrize("name", ["Group 1", "group 1", " Group\u00a0 1 "])
def test_a_name_that_looks_the_same_is_refused(assessment: Assessment, name: str) -> None:
    with pytest.raises(ValidationError) as caught:
        services.save_group(assessment=assessment, name=name, side=Side.EXTERNAL)
    assert "already a group named" in caught.value.message_dict["name"][0]


def test_a_weight_below_zero_is_refused(assessment: Assessment) -> None:
    with pytest.raises(ValidationError) as caught:
        services.save_group(assessment=assessment, name="Media", side=Side.EXTERNAL, weight=Decimal("-0.5"))
    assert "weight" in caught.value.message_dict


def test_a_side_cannot_lose_its_last_weight(assessment: Assessment) -> None:
    only = assessment.groups.get(side=Side.INTERNAL)
    with pytest.raises(ValidationError) as caught:
        services.save_group(assessment=assessment, group=only, name=only.name, side=only.side, weight=0)
    assert "at least one internal group a weight above 0" in caught.value.message_dict["weight"][0]


def test_a_group_without_weight_may_stand_beside_one_with(assessment: Assessment) -> None:
    saved = services.save_group(assessment=assessment, name="Media", side=Side.EXTERNAL, weight=0)
    assert saved.weight == 0


def test_removing_the_only_weight_of_a_side_is_refused(assessment: Assessment) -> None:
    services.save_group(assessment=assessment, name="Media", side=Side.EXTERNAL, weight=0)
    with pytest.raises(ValidationError, match="at least one external group a weight above 0"):
        services.remove_group(group=assessment.groups.get(name="Group 1"))


def test_there_is_a_most_of_groups(assessment: Assessment) -> None:
    for number in range(2, MOST_GROUPS):
        StakeholderGroupFactory(assessment=assessment, position=number)
    with pytest.raises(ValidationError, match=f"at most {MOST_GROUPS} groups"):
        services.save_group(assessment=assessment, name="One more", side=Side.EXTERNAL)


def test_after_opening_no_group_is_added(opened: Assessment) -> None:
    with pytest.raises(ValidationError, match="frozen when the survey opened"):
        services.save_group(assessment=opened, name="Media", side=Side.EXTERNAL)


@pytest.mark.parametrize("change", [{"name": "Other"}, {"side": Side.EXTERNAL}])
def test_after_opening_name_and_side_of_a_group_stay(opened: Assessment, change: dict[str, str]) -> None:
    group = opened.groups.get(name="Group 0")
    with pytest.raises(ValidationError, match="frozen when the survey opened"):
        services.save_group(assessment=opened, group=group, **{"name": group.name, "side": group.side} | change)


def test_after_opening_the_weight_of_a_group_can_change(opened: Assessment) -> None:
    group = opened.groups.get(name="Group 0")
    services.save_group(assessment=opened, group=group, name=group.name, side=group.side, weight=Decimal("0.25"))
    group.refresh_from_db()
    assert group.weight == Decimal("0.25")


def test_after_opening_no_group_is_removed(opened: Assessment) -> None:
    with pytest.raises(ValidationError, match="frozen when the survey opened"):
        services.remove_group(group=opened.groups.first())
    assert opened.groups.count() == 2


def test_a_group_with_answers_is_not_removed_and_the_message_says_what_to_do(assessment: Assessment) -> None:
    group = assessment.groups.first()
    ResponseFactory(questionnaire__survey__assessment=assessment, group=group)
    with pytest.raises(ValidationError, match="Give it the weight 0"):
        services.remove_group(group=group)
    assert assessment.groups.filter(pk=group.pk).exists()


def test_a_chinese_group_gets_its_number_as_a_code(assessment: Assessment) -> None:
    count = assessment.groups.count()
    assert services.save_group(assessment=assessment, name="员工", side=Side.INTERNAL).code == f"group-{count + 1}"
