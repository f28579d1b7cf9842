"""Scenarios and analyses beside each other through the API."""

from uuid import uuid4

import pytest

from materiality.models import Scenario
from materiality.services import analyse_now
from scoping.models import Assessment
from surveys.models import SurveyLink
from surveys.services import open_survey, prepare_survey, submit_response
from tests.api.conftest import Api
from tests.support.factories import AssessmentFactory, TierFactory
from tests.support.people import House

PLACE = "assessments/water/"
SCENARIOS = f"{PLACE}scenarios/"


def answer(assessment: Assessment, ratings: list[int], times: int = 6) -> None:
    for link in SurveyLink.objects.filter(survey__assessment=assessment):
        for _ in range(times):
            submit_response(link=link, answers=bytes(ratings))


@pytest.fixture
def assessment(house: House) -> Assessment:
    """Surveyed, answered and analysed."""
    found = AssessmentFactory(organisation=house.organisation, slug="water", groups=2, issues=3)
    found.groups.filter(code="group-0").update(side="internal")
    found.groups.filter(code="group-1").update(side="external")
    for position, (name, count) in enumerate([("High", 1), ("Low", 2)]):
        TierFactory(assessment=found, name=name, position=position, planned_count=count)
    survey = prepare_survey(assessment=found)
    survey.minimum_group = 1
    survey.save(update_fields=["minimum_group"])
    open_survey(survey=survey)
    answer(found, [5, 3, 1])
    analyse_now(assessment=found)
    return found


def test_a_scenario_is_kept_renamed_and_deleted(api: Api, assessment: Assessment):
    before = api.read(f"{PLACE}result/")
    adjustments = {"choice": {"priority": "max"}, "weights": {"group-0": "3/2"}, "left_out_issues": ["issue-2"]}
    made = api.post(SCENARIOS, {"name": "Without the last", "adjustments": adjustments})
    assert made.status_code == 201, made.content
    kept = made.json()
    assert [issue["code"] for issue in kept["results"]["issues"]] == ["issue-0", "issue-1"]
    assert kept["adjustments"]["weights"] == {"group-0": "1.5"}
    assert kept["adjustments"]["choice"]["priority"] == "max"
    place = f"{SCENARIOS}{kept['id']}/"
    assert api.read(place) == kept
    assert api.patch(place, {"name": "Shorter"}).json()["name"] == "Shorter"
    assert [one["name"] for one in api.read(SCENARIOS)["results"]] == ["Shorter"]
    assert api.delete(place).status_code == 204
    assert not Scenario.objects.exists()
    assert api.read(f"{PLACE}result/") == before


def test_what_is_not_said_of_the_method_is_as_chosen(api: Api, assessment: Assessment):
    api.put(f"{PLACE}method/", {"priority": "max"})
    made = api.post(SCENARIOS, {"name": "Weights", "adjustments": {"weights": {"group-0": "2"}}}).json()
    assert made["adjustments"]["choice"]["priority"] == "max"


@pytest.mark.parametrize(
    ("adjustments", "status", "says"),
    [
        ({"weights": {"nobody": "2"}}, 409, "nobody"),
        ({"weights": {"group-0": "many"}}, 400, "many"),
        ({"weights": {"group-0": 2}}, 400, "#/adjustments/weights/group-0"),
        ({"left_out_issues": ["none"]}, 409, "none"),
        ({"choice": {"rule": "cut_offs", "cuts": ["high"]}}, 400, "#/adjustments/choice/cuts"),
        ({"choice": {"colour": "red"}}, 400, "#/adjustments/choice/colour"),
    ],
)
def test_what_does_not_fit_keeps_nothing(api: Api, assessment: Assessment, adjustments, status: int, says: str):
    refused = api.post(SCENARIOS, {"name": "Wrong", "adjustments": adjustments})
    assert (refused.status_code, says in refused.content.decode()) == (status, True), refused.content
    assert not Scenario.objects.exists()


def test_a_name_is_given_once(api: Api, assessment: Assessment):
    body = {"name": "Equal", "adjustments": {}}
    assert api.post(SCENARIOS, body).status_code == 201
    assert api.post(SCENARIOS, body).status_code == 409


def test_what_moved_from_one_analysis_to_another(api: Api, assessment: Assessment):
    answer(assessment, [1, 3, 5], times=20)
    analyse_now(assessment=assessment)
    now, before = (run["id"] for run in api.read(f"{PLACE}runs/")["results"])
    found = api.read(f"{PLACE}runs/{now}/compared-with/{before}/")
    assert (found["before"]["id"], found["now"]["id"]) == (before, now)
    assert found["changes"][0] == "40 new answers: 52 instead of 12."
    moves = {issue["code"]: issue for issue in found["issues"]}
    assert [issue["code"] for issue in found["issues"]] == ["issue-2", "issue-1", "issue-0"]
    assert (moves["issue-2"]["ranks_gained"], moves["issue-2"]["other_tier"]) == (2, True)
    assert (moves["issue-2"]["before"]["tier"], moves["issue-2"]["now"]["tier"]) == ("Low", "High")
    assert (moves["issue-1"]["ranks_gained"], moves["issue-1"]["decided_tier"]) == (0, "")
    api.post(f"{PLACE}overrides/", {"issue": "issue-1", "tier": "High", "reason": "The law asks for it."})
    decided = api.read(f"{PLACE}runs/{now}/compared-with/{before}/")["issues"]
    assert {issue["code"]: issue["decided_tier"] for issue in decided} == {
        "issue-0": "", "issue-1": "High", "issue-2": "",
    }  # fmt: skip
    assert api.get(f"{PLACE}runs/{now}/compared-with/{uuid4()}/").status_code == 404
