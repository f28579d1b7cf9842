"""What the services of issues, tiers and topics of concern allow and refuse."""

import pytest
from django.core.exceptions import ValidationError

from scoping import services
from scoping.models import Assessment, Phase, Predecessor, Standing
from scoping.services import NewIssue, TierPlan
from scoping.services.issues import MOST_ISSUES
from tests.support.factories import (
    AssessmentFactory,
    ConcernFactory,
    ItemFactory,
    PublishedResultFactory,
    QuestionnaireFactory,
    TierFactory,
)

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


# --- issues -----------------------------------------------------------------------------------------------
def test_an_issue_is_added_at_the_end_with_a_code(assessment: Assessment) -> None:
    saved = services.save_issue(assessment=assessment, name="Water & waste")
    assert names(assessment.issues)[-1] == "Water & waste"
    assert saved.code == "water-waste"


def test_codes_of_names_alike_differ(assessment: Assessment) -> None:
    services.save_issue(assessment=assessment, name="Water")
    assert services.save_issue(assessment=assessment, name="Water?").code == "water-2"


def test_a_chinese_name_gets_its_number_as_a_code(assessment: Assessment) -> None:
    assert services.save_issue(assessment=assessment, name="数据治理").code == "issue-4"
    added = services.add_issues(assessment=assessment, issues=[NewIssue("隐私保护"), NewIssue("员工培训")])
    assert [issue.code for issue in added] == ["issue-5", "issue-6"]


def test_the_number_of_a_chinese_name_passes_those_that_are_taken(assessment: Assessment) -> None:
    services.save_issue(assessment=assessment, name="Noise", code="issue-5")
    assert services.save_issue(assessment=assessment, name="数据治理").code == "issue-6"


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


def test_an_issue_that_a_following_assessment_continues_is_not_removed(assessment: Assessment) -> None:
    issue = assessment.issues.get(code="issue-0")
    later = AssessmentFactory(organisation=assessment.organisation, name="Next", reporting_period="2026", issues=1)
    link = Predecessor.objects.create(issue=later.issues.get(), previous=issue)
    with pytest.raises(ValidationError, match=r"“Issue 0” is continued by “Issue 0” in “Next” \(2026\).* page Changes"):
        services.remove_issue(issue=issue)
    assert Predecessor.objects.filter(pk=link.pk).exists()
    # What it continues itself is no reason to keep it.
    services.remove_issue(issue=later.issues.get())
    services.remove_issue(issue=issue)
    assert assessment.issues.count() == 2


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
