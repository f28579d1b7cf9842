"""An assessment without a survey: pages explain it, commands refuse clearly, and until one opens the choice is free."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.selectors import events_of
from jobs.models import Job
from scoping.models import Assessment, Phase
from scoping.selectors import missing_for_survey
from scoping.services import create_assessment, rename_assessment
from surveys.models import Survey
from surveys.services import open_survey, prepare_survey
from tests.support.factories import AssessmentFactory, SurveyFactory
from tests.support.people import House


@pytest.fixture
def listing(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="list", with_survey=False, groups=2, issues=3)


def url(name: str) -> str:
    return reverse(name, kwargs={"organisation": "example", "slug": "list"})


@pytest.mark.parametrize("page", ["materiality:results", "surveys:survey"])
@pytest.mark.parametrize("role", ["analyst", "viewer"])
def test_pages_lead_to_the_issue_table(
    listing: Assessment, page: str, role: str, request: pytest.FixtureRequest
) -> None:
    response = request.getfixturevalue(f"{role}_client").get(url(page))
    assert response.status_code == 200
    assert url("scoping:issue-table") in response.content.decode()


def test_nothing_is_missing_for_a_survey_that_is_not_held(house: House) -> None:
    assert missing_for_survey(AssessmentFactory(organisation=house.organisation, with_survey=False)) == []


def test_its_survey_cannot_be_opened(listing: Assessment, analyst_client: Client) -> None:
    response = analyst_client.post(url("surveys:open"), {"title": "What matters?", "introduction": ""})
    assert response.status_code == 400
    assert not Survey.objects.exists()


def test_no_service_opens_one(listing: Assessment) -> None:
    with pytest.raises(ValidationError, match="holds no survey"):
        prepare_survey(assessment=listing)
    with pytest.raises(ValidationError, match="holds no survey"):
        open_survey(survey=SurveyFactory(assessment=listing))


def test_asking_for_a_result_is_refused_with_a_message(listing: Assessment, analyst_client: Client) -> None:
    response = analyst_client.post(url("materiality:analyse"), follow=True)
    assert "This assessment holds no survey, so there is nothing to analyse" in response.content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "command",
    [["analyse", "list"], ["simulate", "list"], ["export", "list", "--format", "csv", "--output", "/nowhere/list.csv"]],
    ids=lambda command: command[0],
)
def test_commands_say_why_there_is_nothing(listing: Assessment, command: list[str]) -> None:
    with pytest.raises(CommandError, match="list: This assessment holds no survey"):
        call_command(*command, stdout=StringIO())


# --- the choice -------------------------------------------------------------------------------------------
def test_a_new_assessment_has_a_survey_unless_one_says_no(house: House, analyst_client: Client) -> None:
    page = reverse("scoping:create", kwargs={"organisation": "example"})
    for period, answer in (("2022", "yes"), ("2023", "no"), ("2024", "")):
        sent = {"company": "Example Ltd.", "reporting_period": period, "name": "", "with_survey": answer}
        analyst_client.post(page, sent)
    found = Assessment.objects.order_by("reporting_period").values_list("with_survey", flat=True)
    assert list(found) == [True, False, True]


def test_the_form_asks_and_yes_is_chosen(house: House, analyst_client: Client) -> None:
    page = analyst_client.get(reverse("scoping:create", kwargs={"organisation": "example"})).content.decode()
    assert "Will stakeholders be surveyed?" in page
    assert page.count('value="yes" id="id_with_survey_0" checked') == 1


def edited(client: Client, **more: str) -> int:
    sent = {"company": "Example Ltd.", "reporting_period": "2022", "name": "The list"} | more
    return client.post(url("scoping:edit"), sent).status_code


def test_the_choice_can_be_changed_and_leaves_a_line(house: House, listing: Assessment, analyst_client: Client) -> None:
    assert edited(analyst_client, with_survey="yes") == 302
    listing.refresh_from_db()
    assert listing.with_survey is True
    assert "stakeholders will be surveyed" in {event.summary for event in events_of(house.organisation, "list", 5)}


def test_without_an_answer_the_choice_stays(listing: Assessment, analyst_client: Client) -> None:
    edited(analyst_client)
    listing.refresh_from_db()
    assert (listing.with_survey, listing.name) == (False, "The list")


def test_once_a_survey_has_opened_the_form_does_not_ask(listing: Assessment, analyst_client: Client) -> None:
    Assessment.objects.update(with_survey=True, phase=Phase.SURVEY)
    assert "Will stakeholders be surveyed?" not in analyst_client.get(url("scoping:edit")).content.decode()
    edited(analyst_client, with_survey="no")
    listing.refresh_from_db()
    assert listing.with_survey is True


def test_the_service_refuses_it_too_and_changes_nothing(house: House) -> None:
    assessment = AssessmentFactory(organisation=house.organisation, phase=Phase.RESULTS)
    with pytest.raises(ValidationError, match="The survey has been opened"):
        rename_assessment(
            assessment=assessment, name="Other", company="Other", reporting_period="2030", with_survey=False
        )
    assessment.refresh_from_db()
    assert (assessment.with_survey, assessment.company) == (True, "Example Ltd.")


def test_a_service_makes_one_with_a_survey_by_default(house: House) -> None:
    made = create_assessment(organisation=house.organisation, name="A", company="A", reporting_period="2022")
    assert made.with_survey is True
