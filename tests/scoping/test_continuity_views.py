"""The pages of the year-on-year part: the table of changes, linking, and the next assessment."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoping.models import Assessment, Predecessor, Standing
from tests.support.factories import AssessmentFactory, ContactFactory, IssueFactory
from tests.support.people import House


def url(name: str, **more: object) -> str:
    return reverse(f"scoping:{name}", kwargs={"organisation": "example", "slug": "now"} | more)


@pytest.fixture
def before(house: House) -> Assessment:
    return AssessmentFactory(
        organisation=house.organisation, slug="before", name="Assessment 2021", reporting_period="2021", issues=3
    )


@pytest.fixture
def now(house: House, before: Assessment) -> Assessment:
    return AssessmentFactory(
        organisation=house.organisation, slug="now", name="Assessment 2022", reporting_period="2022", previous=before,
        issues=3,
    )  # fmt: skip


@pytest.fixture
def alone(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="now", issues=1)


def link(assessment: Assessment, code: str, previous: str) -> None:
    Predecessor.objects.create(
        issue=assessment.issues.get(code=code), previous=assessment.previous.issues.get(code=previous)
    )


def pairs() -> set[tuple[str, str]]:
    return set(Predecessor.objects.values_list("issue__code", "previous__code"))


# --- changes ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["owner", "analyst", "approver", "viewer"])
def test_every_member_reads_the_changes(now: Assessment, role: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(f"{role}_client")
    assert client.get(url("changes")).status_code == 200


def test_the_page_says_what_changed(now: Assessment, viewer_client: Client) -> None:
    link(now, "issue-0", "issue-0")
    link(now, "issue-1", "issue-2")
    page = viewer_client.get(url("changes")).content.decode()
    assert "Of 3 issues 1 is the same, 1 renamed and 1 new; 1 of 2021 is dropped." in page
    assert "Dropped since 2021" in page


def test_readers_see_no_links_to_change_anything(now: Assessment, viewer_client: Client) -> None:
    page = viewer_client.get(url("changes")).content.decode()
    assert url("predecessors") not in page
    assert url("carry-forward") not in page


def test_without_an_assessment_before_the_page_offers_to_name_one(
    alone: Assessment, before: Assessment, analyst_client: Client
) -> None:
    assert url("previous") in analyst_client.get(url("changes")).content.decode()


def test_the_only_assessment_is_told_so(alone: Assessment, analyst_client: Client) -> None:
    page = analyst_client.get(url("changes")).content.decode()
    assert "This is the only assessment of Example Ltd." in page
    assert url("previous") not in page


@pytest.mark.parametrize("page", ["changes", "predecessors"])
def test_pages_take_as_many_queries_for_three_issues_as_for_one(
    now: Assessment, before: Assessment, analyst_client: Client, page: str, django_assert_num_queries
) -> None:
    for assessment in (now, before):
        assessment.issues.exclude(code="issue-0").delete()
    link(now, "issue-0", "issue-0")
    analyst_client.get(url(page))
    with CaptureQueriesContext(connection) as one:
        analyst_client.get(url(page))
    for position in (1, 2):
        for assessment in (now, before):
            IssueFactory(assessment=assessment, position=position)
        link(now, f"issue-{position}", f"issue-{position}")
    with django_assert_num_queries(len(one)):
        analyst_client.get(url(page))


# --- the assessment before --------------------------------------------------------------------------------
def test_naming_the_assessment_before_goes_on_to_the_links(
    alone: Assessment, before: Assessment, analyst_client: Client
) -> None:
    response = analyst_client.post(url("previous"), {"previous": "before"})
    assert response.url == url("predecessors")
    assert Assessment.objects.get(slug="now").previous == before


def test_the_assessment_before_can_be_taken_away(now: Assessment, analyst_client: Client) -> None:
    assert analyst_client.post(url("previous"), {"previous": ""}).url == url("changes")
    assert Assessment.objects.get(slug="now").previous is None


def test_only_assessments_of_the_organisation_are_offered(alone: Assessment, analyst_client: Client) -> None:
    stranger = AssessmentFactory(slug="strange")
    assert stranger.name not in analyst_client.get(url("previous")).content.decode()
    assert analyst_client.post(url("previous"), {"previous": "strange"}).status_code == 400


# --- links ------------------------------------------------------------------------------------------------
def test_without_an_assessment_before_linking_asks_for_it(alone: Assessment, analyst_client: Client) -> None:
    assert analyst_client.get(url("predecessors")).url == url("previous")


def test_suggestions_are_shown_and_not_stored(now: Assessment, analyst_client: Client) -> None:
    page = analyst_client.get(url("predecessors")).content.decode()
    assert "3 fields are suggestions" in page
    assert 'name="before-issue-1" value="Issue 1"' in page
    assert pairs() == set()


def test_saving_stores_what_stands_in_the_fields(now: Assessment, analyst_client: Client) -> None:
    sent = {"before-issue-0": "issue 0", "before-issue-1": ["Issue 1", "issue-2"], "before-issue-2": ""}
    assert analyst_client.post(url("predecessors"), sent).url == url("changes")
    assert pairs() == {("issue-0", "issue-0"), ("issue-1", "issue-1"), ("issue-1", "issue-2")}


def test_a_name_that_was_not_on_the_list_stores_nothing_and_is_marked(now: Assessment, analyst_client: Client) -> None:
    sent = {"before-issue-0": "Issue 0", "before-issue-1": "Isue 1"}
    response = analyst_client.post(url("predecessors"), sent)
    page = response.content.decode()
    assert response.status_code == 400
    assert "“Isue 1” was not on the list. Did you mean" in page
    assert 'value="Isue 1"' in page
    assert pairs() == set()


def test_an_issue_with_several_before_it_has_a_field_for_each(now: Assessment, analyst_client: Client) -> None:
    link(now, "issue-0", "issue-0")
    link(now, "issue-0", "issue-1")
    assert analyst_client.get(url("predecessors")).content.decode().count('name="before-issue-0"') == 2


def test_a_long_list_is_linked_page_by_page(
    now: Assessment, before: Assessment, analyst_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoping.views.continuity.LINKS_PER_PAGE", 2)
    response = analyst_client.post(url("predecessors"), {"before-issue-0": "Issue 0", "before-issue-1": "Issue 1"})
    assert response.url == f"{url('predecessors')}?page=2&suggest=1"
    assert 'name="before-issue-2" value="Issue 2"' in analyst_client.get(response.url).content.decode()
    assert analyst_client.post(response.url, {"before-issue-2": "Issue 2"}).url == url("changes")
    assert len(pairs()) == 3


def test_a_list_of_500_stays_a_light_page(now: Assessment, before: Assessment, analyst_client: Client) -> None:
    for assessment in (now, before):
        rows = [IssueFactory.build(assessment=assessment, position=number) for number in range(3, 500)]
        assessment.issues.bulk_create(rows)
    assert len(analyst_client.get(url("predecessors")).content) < 150_000


def test_one_issue_is_linked_by_boxes(now: Assessment, analyst_client: Client) -> None:
    page = url("predecessors-of", code="issue-0")
    assert analyst_client.post(page, {"before": ["issue-1", "issue-2"]}).url == url("changes")
    assert pairs() == {("issue-0", "issue-1"), ("issue-0", "issue-2")}
    assert analyst_client.get(page).content.decode().count(" checked") == 2


def test_a_merged_issue_has_no_links_of_its_own(now: Assessment, analyst_client: Client) -> None:
    IssueFactory(assessment=now, code="merged", standing=Standing.MERGED, merged_into=now.issues.first())
    assert analyst_client.get(url("predecessors-of", code="merged")).status_code == 404


# --- the next assessment ----------------------------------------------------------------------------------
def test_the_page_says_what_goes_along_and_that_contacts_do_not(
    now: Assessment, before: Assessment, analyst_client: Client
) -> None:
    IssueFactory(assessment=now, position=9, standing=Standing.NEXT)
    page = analyst_client.get(url("carry-forward")).content.decode()
    assert "3 issues of the short list, and 1 that was noted for the next assessment" in page
    assert "Contact people: they gave their addresses for one survey" in page


def test_the_next_assessment_is_made_with_the_form(now: Assessment, analyst_client: Client) -> None:
    ContactFactory(group__assessment=now)
    sent = {"company": "Example Ltd.", "reporting_period": "2023", "name": "", "with_survey": "yes"}
    response = analyst_client.post(url("carry-forward"), sent, follow=True)
    made = Assessment.objects.get(reporting_period="2023")
    assert (made.name, made.previous, made.issues.count(), made.contacts.count()) == ("Example Ltd. 2023", now, 3, 0)
    assert "begins with the scope of “Assessment 2022”" in response.content.decode()


def test_a_name_that_is_taken_is_told_at_its_field(now: Assessment, analyst_client: Client) -> None:
    sent = {"company": now.company, "reporting_period": "2022", "name": "Assessment 2022"}
    response = analyst_client.post(url("carry-forward"), sent)
    assert response.status_code == 400
    assert "already an assessment named" in response.content.decode()
    assert Assessment.objects.filter(organisation=now.organisation).count() == 2


PAGES = ["previous", "predecessors", "carry-forward"]


@pytest.mark.parametrize("role", ["approver", "viewer"])
@pytest.mark.parametrize("page", PAGES)
def test_readers_are_refused(now: Assessment, role: str, page: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(f"{role}_client")
    assert (client.get(url(page)).status_code, client.post(url(page)).status_code) == (403, 403)


@pytest.mark.parametrize("page", ["changes", *PAGES])
def test_strangers_find_nothing(now: Assessment, page: str, outsider_client: Client) -> None:
    assert outsider_client.get(url(page)).status_code == 404
