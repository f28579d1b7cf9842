"""The survey through the API: designed, opened, watched, closed; and nobody's answer told."""

import pytest

from surveys.models import SurveyLink
from surveys.services import submit_response
from tests.api.conftest import Api
from tests.support.factories import AssessmentFactory, TierFactory
from tests.support.people import House

PLACE = "assessments/water/"


@pytest.fixture
def assessment(house: House):
    found = AssessmentFactory(organisation=house.organisation, slug="water", groups=2, issues=3)
    found.groups.filter(code="group-1").update(side="external")
    found.groups.filter(code="group-0").update(side="internal")
    for position, count in enumerate([1, 2]):
        TierFactory(assessment=found, position=position, planned_count=count)
    return found


def test_what_is_missing_is_told_before_opening(api: Api, house: House):
    AssessmentFactory(organisation=house.organisation, slug="empty")
    told = api.read("assessments/empty/survey/")
    assert told["state"] == "draft"
    assert told["missing"]
    refused = api.post("assessments/empty/survey/open/", {})
    assert refused.status_code == 409
    assert told["missing"][0] in refused.json()["detail"]


def test_the_design_is_changed_until_the_survey_opens(api: Api, assessment):
    change = {"title": "What matters?", "steps": 7, "anonymity": "confidential", "minimum_group": 4, "editable": True}
    told = api.patch(f"{PLACE}survey/", change)
    assert told.status_code == 200, told.content
    assert {name: told.json()[name] for name in change} == change
    assert api.patch(f"{PLACE}survey/", {"title": "Other", "minimum_group": 1}).json()["errors"][0]["pointer"] == (
        "#/minimum_group"
    )
    assert api.read(f"{PLACE}survey/")["title"] == "What matters?"
    assert api.post(f"{PLACE}survey/open/", {}).status_code == 200
    assert api.patch(f"{PLACE}survey/", {"title": "Other"}).status_code == 409


def test_from_opening_to_closing(api: Api, assessment):
    assert api.get(f"{PLACE}survey/questionnaire/").status_code == 404
    opened = api.post(f"{PLACE}survey/open/", {"closes_at": "2099-01-01T00:00:00Z"})
    assert opened.status_code == 200, opened.content
    assert (opened.json()["state"], opened.json()["closes_at"]) == ("open", "2099-01-01T00:00:00Z")
    again = api.post(f"{PLACE}survey/open/", {})
    assert (again.status_code, again.json()["detail"]) == (409, "The survey is open already.")
    links = api.read(f"{PLACE}survey/links/")["links"]
    assert [link["group"] for link in links] == ["group-0", "group-1"]
    assert all(link["address"].startswith("http://localhost:8000/") for link in links)
    asked = api.read(f"{PLACE}survey/questionnaire/")
    assert [item["issue"] for item in asked["items"]] == ["issue-0", "issue-1", "issue-2"]
    assert api.put(f"{PLACE}survey/closing/", {"closes_at": None}).json()["closes_at"] is None
    assert api.post(f"{PLACE}survey/close/").json()["state"] == "closed"
    assert api.post(f"{PLACE}survey/reopen/", {}).json()["state"] == "open"


def test_how_many_have_answered_is_told_and_not_what(api: Api, assessment):
    assert api.read(f"{PLACE}survey/progress/") == {"answers": 0, "groups": []}
    api.post(f"{PLACE}survey/open/", {})
    link = SurveyLink.objects.get(group__code="group-0")
    for _ in range(3):
        submit_response(link=link, answers=bytes([5, 4, 2]))
    told = api.read(f"{PLACE}survey/progress/")
    assert told["answers"] == 3
    assert [(group["group"], group["answers"]) for group in told["groups"]] == [("group-0", 3), ("group-1", 0)]
    assert set(told["groups"][0]) == {
        "group", "name", "answers", "simulated", "invited", "invited_who_answered", "target", "population",
    }  # fmt: skip


def test_an_assessment_without_a_survey_has_none(api: Api, house: House):
    AssessmentFactory(organisation=house.organisation, slug="list", with_survey=False)
    assert api.get("assessments/list/survey/").status_code == 404
    assert api.post("assessments/list/survey/open/", {}).status_code == 409
