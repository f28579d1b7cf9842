"""The first page of an assessment: the next steps in the order of the work, and what it says without a survey."""

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Status
from materiality.models import ExportFile
from materiality.overview import MOST_TODOS, Overview, overview_of
from materiality.services import analyse_now
from scoping.models import Assessment, Phase, ProcessStage, ShortListDecision
from surveys.services import close_survey
from tests.materiality.conftest import Answer
from tests.support.factories import (
    AssessmentFactory,
    IssueFactory,
    JobFactory,
    ProcessNoteFactory,
    PublishedResultFactory,
    ScoreFactory,
    TierFactory,
)
from tests.support.people import House


def seen(assessment: Assessment) -> Overview:
    return overview_of(organisation=assessment.organisation, assessment=assessment)


def todos(assessment: Assessment) -> list[str]:
    return [todo.title for todo in seen(assessment).todos]


@pytest.fixture
def scope(house: House) -> Assessment:
    """Ready to be asked: both sides, three issues, a tier, all groups scored."""
    assessment = AssessmentFactory(organisation=house.organisation, slug="scope", groups=2, issues=3)
    TierFactory(assessment=assessment, position=0)
    for group in assessment.groups.all():
        for attribute in ("power", "interest"):
            ScoreFactory(group=group, attribute=attribute)
    return assessment


def decide(assessment: Assessment) -> None:
    entries = [
        {
            "issue": issue.pk,
            "code": issue.code,
            "name": issue.name,
            "proposed": True,
            "listed": True,
            "before": "listed",
        }
        for issue in assessment.issues.all()
    ]
    ShortListDecision.objects.create(assessment=assessment, version=1, rule={}, entries=entries)


def test_a_new_assessment_begins_with_groups_and_issues(house: House) -> None:
    assert todos(AssessmentFactory(organisation=house.organisation)) == [
        "Add an internal stakeholder group",
        "Add an external stakeholder group",
        "List the issues to be rated",
        "Name the tiers",
    ]


def test_each_step_leads_to_its_page(house: House) -> None:
    links = [
        todo.url.rpartition("/a/")[2]
        for todo in seen(AssessmentFactory(slug="new", organisation=house.organisation)).todos
    ]
    assert links == [
        "new/scoping/stakeholders/",
        "new/scoping/stakeholders/",
        reverse("scoping:long-list", kwargs={"organisation": "example", "slug": "new"}).rpartition("/a/")[2],
        "new/scoping/tiers/",
    ]


def test_screening_is_offered_before_the_survey(scope: Assessment) -> None:
    assert todos(scope) == ["Screen the list", "Open the survey"]


def test_once_decided_only_the_survey_is_left(scope: Assessment) -> None:
    decide(scope)
    assert todos(scope) == ["Open the survey"]


def test_issues_that_came_after_the_decision_are_counted(scope: Assessment) -> None:
    decide(scope)
    for position in (7, 8):
        IssueFactory(assessment=scope, position=position)
    (first, *_) = seen(scope).todos
    assert (first.title, first.why) == (
        "Screen the issues that have come since",
        "Two issues have come since the short list was decided.",
    )


def test_a_published_list_is_not_to_be_screened_again(scope: Assessment) -> None:
    PublishedResultFactory(issue=scope.issues.first(), tier=scope.tiers.get())
    assert todos(scope) == ["Open the survey"]


def test_scores_that_are_missing_come_last_and_are_optional(scope: Assessment) -> None:
    decide(scope)
    scope.groups.first().scores.all().delete()
    last = seen(scope).todos[-1]
    assert (last.title, last.why.startswith("Optional")) == ("Score one group", True)


def test_never_more_steps_than_one_can_take_in(house: House) -> None:
    assessment = AssessmentFactory(organisation=house.organisation, groups=1, issues=3)
    assert len(seen(assessment).todos) <= MOST_TODOS


def test_a_result_goes_to_the_board_and_its_method_into_the_report(answered: Assessment) -> None:
    close_survey(survey=answered.survey)
    answered.refresh_from_db()
    analyse_now(assessment=answered)
    assert todos(answered) == ["Take the result to the board", "Put the method into the report"]


def test_a_failure_is_shown_until_a_later_job_made_it_good(answered: Assessment) -> None:
    about = {"organisation": answered.organisation, "subject": answered.slug, "kind": "tests.nothing"}
    failed = JobFactory(**about, status=Status.DEAD)
    JobFactory(**about | {"kind": "tests.other"}, status=Status.DONE)
    assert (seen(answered).jobs, seen(answered).failed) == ([], [failed])
    JobFactory(**about, status=Status.DONE)
    assert seen(answered).failed == []


def test_a_file_that_failed_is_gone_once_it_was_put_away(answered: Assessment, viewer_client: Client) -> None:
    job = JobFactory(
        organisation=answered.organisation, subject=answered.slug, kind="materiality.export", status=Status.DEAD
    )
    file = ExportFile.objects.create(assessment=answered, kind="table", job=job)
    page = reverse("materiality:overview", kwargs={"organisation": "example", "slug": answered.slug})
    told = viewer_client.get(page).content.decode()
    assert "What failed" in told
    assert "Running now" not in told
    file.delete()
    assert "What failed" not in viewer_client.get(page).content.decode()


def test_silent_groups_are_named(assessment: Assessment, answer: Answer) -> None:
    answer("staff", [5, 3, 1])
    assert todos(assessment)[0] == "Hear from Clients"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_for_one_row_as_for_three(
    house: House, count: int, viewer_client: Client, django_assert_num_queries
) -> None:
    assessment = AssessmentFactory(organisation=house.organisation, slug="few", groups=count, issues=count)
    decide(assessment)
    page = reverse("materiality:overview", kwargs={"organisation": "example", "slug": "few"})
    viewer_client.get(page)
    with django_assert_num_queries(23):
        viewer_client.get(page)


# --- without a survey -------------------------------------------------------------------------------------
@pytest.fixture
def listing(house: House) -> Assessment:
    assessment = AssessmentFactory(organisation=house.organisation, slug="list", with_survey=False)
    for position, category in enumerate(["Environment", "Society", "Environment", ""]):
        IssueFactory(assessment=assessment, position=position, category=category)
    return assessment


def test_without_a_survey_the_list_is_the_headline(listing: Assessment) -> None:
    assert "".join(part.text for part in seen(listing).headline) == "Four issues in two categories"


def test_categories_stand_in_the_order_of_the_list(listing: Assessment) -> None:
    listing.issues.filter(code="issue-0").update(meaning="Why it matters.")
    found = [(category.name, category.issues, category.with_meaning) for category in seen(listing).categories]
    assert found == [("Environment", 2, 1), ("Society", 1, 0), ("", 1, 0)]


def test_no_step_of_a_list_is_about_a_survey(listing: Assessment) -> None:
    assert todos(listing) == [
        "Write what the issues mean",
        "Take the list to the board",
        "Put the method into the report",
    ]


@pytest.mark.parametrize("noted", [False, True])
def test_a_finished_list_goes_to_the_board_and_into_the_report(listing: Assessment, noted: bool) -> None:
    """A note that it was agreed on is no confirmation that a public page can stand on."""
    listing.issues.update(meaning="Why it matters.")
    if noted:
        ProcessNoteFactory(assessment=listing, stage=ProcessStage.CONFIRMATION)
    assert todos(listing) == ["Take the list to the board", "Put the method into the report"]
    assert ("A note tells" in seen(listing).todos[0].why) == noted


def test_an_empty_list_begins_with_its_issues(house: House) -> None:
    empty = AssessmentFactory(organisation=house.organisation, with_survey=False)
    assert (todos(empty), seen(empty).headline) == (["List the issues"], [])


def test_the_page_of_a_list_leads_to_the_issue_table(listing: Assessment, viewer_client: Client) -> None:
    page = viewer_client.get(reverse("materiality:overview", kwargs={"organisation": "example", "slug": "list"}))
    words = page.content.decode()
    assert "Without a survey" in words
    assert "Who has answered" not in words
    assert reverse("scoping:issue-table", kwargs={"organisation": "example", "slug": "list"}) in words


@pytest.mark.parametrize(("phase", "shown"), [(Phase.SCOPING, False), (Phase.SURVEY, True)])
def test_carrying_forward_is_offered_once_the_survey_has_opened(
    scope: Assessment, analyst_client: Client, phase: Phase, shown: bool
) -> None:
    Assessment.objects.update(phase=phase)
    text = analyst_client.get(overview_page()).content.decode()
    assert ("carry forward to the next assessment" in text) is shown


def test_carrying_forward_is_offered_where_the_list_is_the_result(scope: Assessment, analyst_client: Client) -> None:
    Assessment.objects.update(with_survey=False)
    assert "carry forward to the next assessment" in analyst_client.get(overview_page()).content.decode()


def overview_page() -> str:
    return reverse("materiality:overview", kwargs={"organisation": "example", "slug": "scope"})
