"""What the services of the scope allow, refuse and record."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from materiality.models import AnalysisRun
from materiality.services import analyse_now
from scoping import services
from scoping.models import Assessment, Issue, Phase, PublishedResult, Side, StakeholderGroup, Standing
from scoping.services import NewIssue, TierPlan
from scoping.services.groups import MOST_GROUPS
from scoping.services.issues import MOST_ISSUES
from surveys.models import Response, Survey
from surveys.services import open_survey, prepare_survey, submit_response
from tests.support.factories import (
    AssessmentFactory,
    ConcernFactory,
    ItemFactory,
    PublishedResultFactory,
    QuestionnaireFactory,
    ResponseFactory,
    StakeholderGroupFactory,
    TierFactory,
)
from tests.support.people import House

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
    survey = prepare_survey(assessment=assessment)
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


# --- issues -----------------------------------------------------------------------------------------------
def test_an_issue_is_added_at_the_end_with_a_code(assessment: Assessment) -> None:
    saved = services.save_issue(assessment=assessment, name="Water & waste")
    assert names(assessment.issues)[-1] == "Water & waste"
    assert saved.code == "water-waste"


def test_codes_of_names_alike_differ(assessment: Assessment) -> None:
    services.save_issue(assessment=assessment, name="Water")
    assert services.save_issue(assessment=assessment, name="Water?").code == "water-2"


def test_a_chinese_name_gets_a_code_that_fits_an_address(assessment: Assessment) -> None:
    assert services.save_issue(assessment=assessment, name="数据治理").code == "issue"


def test_changing_a_name_keeps_the_code(assessment: Assessment) -> None:
    issue = assessment.issues.get(code="issue-1")
    assert services.save_issue(assessment=assessment, issue=issue, name="Noise").code == "issue-1"


def test_a_code_that_is_taken_is_refused_at_its_field(assessment: Assessment) -> None:
    with pytest.raises(ValidationError) as caught:
        services.save_issue(assessment=assessment, name="Noise", code="issue-1")
    assert list(caught.value.message_dict) == ["code"]


def test_an_issue_in_the_list_is_refused_at_its_field(assessment: Assessment) -> None:
    with pytest.raises(ValidationError) as caught:
        services.save_issue(assessment=assessment, name="issue 1")
    assert "already in the list" in caught.value.message_dict["name"][0]


@pytest.mark.parametrize(("place", "order"), [(1, "2 0 1"), (2, "0 2 1"), (3, "0 1 2"), (99, "0 1 2")])
def test_an_issue_goes_to_its_place(assessment: Assessment, place: int, order: str) -> None:
    issue = assessment.issues.get(code="issue-2")
    services.save_issue(assessment=assessment, issue=issue, name=issue.name, place=place)
    assert names(assessment.issues) == [f"Issue {number}" for number in order.split()]


def test_the_order_is_set_by_the_codes(assessment: Assessment) -> None:
    services.reorder_issues(assessment=assessment, codes=["issue-2", "issue-0", "issue-1"])
    assert names(assessment.issues) == ["Issue 2", "Issue 0", "Issue 1"]


@pytest.mark.parametrize("codes", [["issue-0"], ["issue-0", "issue-0", "issue-1"], ["issue-0", "issue-1", "other"]])
def test_an_order_that_is_not_of_this_list_is_refused(assessment: Assessment, codes: list[str]) -> None:
    with pytest.raises(ValidationError, match="The list has changed"):
        services.reorder_issues(assessment=assessment, codes=codes)


def test_many_issues_are_added_at_once(assessment: Assessment) -> None:
    services.add_issues(assessment=assessment, issues=[NewIssue("Noise", "Environment"), NewIssue("Dust")])
    assert names(assessment.issues)[-2:] == ["Noise", "Dust"]


def test_of_many_issues_all_are_added_or_none(assessment: Assessment) -> None:
    with pytest.raises(ValidationError) as caught:
        services.add_issues(assessment=assessment, issues=[NewIssue("Noise"), NewIssue("Issue 1"), NewIssue("noise")])
    assert [message.split(":")[0] for message in caught.value.messages] == ["Line 2", "Line 3"]
    assert assessment.issues.count() == 3


def test_there_is_a_most_of_issues(assessment: Assessment) -> None:
    many = [NewIssue(f"More {number}") for number in range(MOST_ISSUES - 2)]
    with pytest.raises(ValidationError, match=f"at most {MOST_ISSUES}"):
        services.add_issues(assessment=assessment, issues=many)


def test_a_change_of_name_leaves_what_was_decided_since_the_issue_was_read(assessment: Assessment) -> None:
    read = assessment.issues.first()
    assessment.issues.filter(pk=read.pk).update(standing=Standing.LEFT_OUT)
    assert services.save_issue(assessment=assessment, issue=read, name="Noise").standing == Standing.LEFT_OUT


def test_an_issue_that_was_removed_meanwhile_does_not_come_back(assessment: Assessment) -> None:
    read = assessment.issues.first()
    assessment.issues.filter(pk=read.pk).delete()
    with pytest.raises(ValidationError, match="removed meanwhile"):
        services.save_issue(assessment=assessment, issue=read, name="Noise")


def test_a_description_that_no_form_and_no_cell_could_hold_names_its_line(assessment: Assessment) -> None:
    with pytest.raises(
        ValidationError, match=r"Line 2: A description has at most 2,000 characters; this one has 2,001"
    ):
        services.add_issues(assessment=assessment, issues=[NewIssue("Noise"), NewIssue("Dust", "", "x" * 2001)])


def test_after_opening_no_issue_that_is_asked_about_is_changed_moved_or_removed(opened: Assessment) -> None:
    issue = opened.issues.first()
    for change in (
        lambda: services.save_issue(assessment=opened, issue=issue, name="Noise"),
        lambda: services.reorder_issues(assessment=opened, codes=["issue-2", "issue-1", "issue-0"]),
        lambda: services.remove_issue(issue=issue),
    ):
        with pytest.raises(ValidationError, match="carry this assessment forward"):
            change()
    assert names(opened.issues) == ["Issue 0", "Issue 1", "Issue 2"]


def test_after_opening_new_issues_wait_for_the_next_list(opened: Assessment) -> None:
    services.save_issue(assessment=opened, name="Noise")
    services.add_issues(assessment=opened, issues=[NewIssue("Dust")])
    assert [issue.name for issue in opened.issues.filter(standing=Standing.NEXT)] == ["Noise", "Dust"]
    assert [issue.name for issue in opened.issues.asked()] == ["Issue 0", "Issue 1", "Issue 2"]


def test_an_issue_that_a_questionnaire_asks_about_is_not_removed(assessment: Assessment) -> None:
    issue = assessment.issues.first()
    ItemFactory(questionnaire=QuestionnaireFactory(survey__assessment=assessment), issue=issue)
    with pytest.raises(ValidationError, match="A questionnaire asks about “Issue 0”"):
        services.remove_issue(issue=issue)
    assert assessment.issues.count() == 3


def test_a_concern_outlives_the_issue_it_names(assessment: Assessment) -> None:
    issue = assessment.issues.first()
    concern = ConcernFactory(group=assessment.groups.first(), issue=issue)
    services.remove_issue(issue=issue)
    concern.refresh_from_db()
    assert concern.issue is None


# --- tiers ------------------------------------------------------------------------------------------------
def test_tiers_trade_names_and_places(assessment: Assessment) -> None:
    high = TierFactory(assessment=assessment, name="High", position=0)
    low = TierFactory(assessment=assessment, name="Low", position=1)
    services.save_tiers(assessment=assessment, tiers=[TierPlan("Low", None, high.pk), TierPlan("High", None, low.pk)])
    assert list(assessment.tiers.values_list("pk", "name")) == [(high.pk, "Low"), (low.pk, "High")]


def test_tiers_that_are_not_named_any_more_go(assessment: Assessment) -> None:
    TierFactory.create_batch(2, assessment=assessment)
    services.save_tiers(assessment=assessment, tiers=[TierPlan("All")])
    assert names(assessment.tiers) == ["All"]


def test_a_tier_with_a_published_result_stays(assessment: Assessment) -> None:
    published = PublishedResultFactory(issue=assessment.issues.first())
    with pytest.raises(ValidationError, match="Published results stand in a tier"):
        services.save_tiers(assessment=assessment, tiers=[TierPlan("All")])
    assert names(assessment.tiers) == [published.tier.name]


def test_a_tier_of_another_assessment_cannot_be_taken(assessment: Assessment) -> None:
    foreign = TierFactory(name="Foreign")
    with pytest.raises(ValidationError, match="no longer exist"):
        services.save_tiers(assessment=assessment, tiers=[TierPlan("Mine", None, foreign.pk)])


@pytest.mark.parametrize(
    ("tiers", "said"),
    [
        ([], "1 to 5 tiers"),
        ([TierPlan(str(number)) for number in range(6)], "1 to 5 tiers"),
        ([TierPlan("High"), TierPlan(" ")], "Tier 2 needs a name"),
        ([TierPlan("High"), TierPlan("high")], "Two tiers are named “high”"),
        ([TierPlan("High", 1), TierPlan("Low")], "every tier a number of issues, or none"),
        ([TierPlan("High", 0), TierPlan("Low", 3)], "at least one issue"),
    ],
)
def test_tiers_that_make_no_sense_are_refused(assessment: Assessment, tiers: list[TierPlan], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        services.save_tiers(assessment=assessment, tiers=tiers)


def test_numbers_may_run_ahead_of_a_list_that_still_grows(assessment: Assessment) -> None:
    services.save_tiers(assessment=assessment, tiers=[TierPlan("High", 9), TierPlan("Low", 9)])
    assert list(assessment.tiers.values_list("planned_count", flat=True)) == [9, 9]


def test_numbers_must_fit_a_list_that_is_frozen(opened: Assessment) -> None:
    with pytest.raises(ValidationError, match="hold 18 issues, but the list has 3"):
        services.save_tiers(assessment=opened, tiers=[TierPlan("High", 9), TierPlan("Low", 9)])


# --- concerns ---------------------------------------------------------------------------------------------
def test_a_group_names_a_topic_once(assessment: Assessment) -> None:
    group = assessment.groups.first()
    services.save_concern(assessment=assessment, group=group, topic="Noise")
    with pytest.raises(ValidationError) as caught:
        services.save_concern(assessment=assessment, group=group, topic="noise")
    assert list(caught.value.message_dict) == ["topic"]


def test_two_groups_may_ask_about_the_same(assessment: Assessment) -> None:
    for group in assessment.groups.all():
        services.save_concern(assessment=assessment, group=group, topic="Noise")
    assert {group.concerns.get().topic for group in assessment.groups.all()} == {"Noise"}


def test_a_concern_moved_by_its_reader_is_no_reading_any_more(assessment: Assessment) -> None:
    first, second = assessment.groups.all()
    concern = ConcernFactory(group=first, reading="The label is lost.")
    services.save_concern(assessment=assessment, concern=concern, group=second, topic=concern.topic)
    concern.refresh_from_db()
    assert (concern.group, concern.reading) == (second, "")


def test_groups_and_issues_of_others_cannot_be_named(assessment: Assessment) -> None:
    foreign = AssessmentFactory(groups=1, issues=1)
    with pytest.raises(ValidationError, match="another assessment"):
        services.save_concern(assessment=assessment, group=foreign.groups.first(), topic="Noise")
    with pytest.raises(ValidationError, match="another assessment"):
        services.save_concern(
            assessment=assessment, group=assessment.groups.first(), topic="Noise", issue=foreign.issues.first()
        )


def test_concerns_can_change_after_opening(opened: Assessment) -> None:
    concern = services.save_concern(assessment=opened, group=opened.groups.first(), topic="Noise")
    services.remove_concern(concern=concern)
    assert not opened.groups.first().concerns.exists()
