"""The design of a survey through the API: order, questions on the respondent, and what one group is asked."""

import pytest

from surveys.models import ProfileQuestion
from tests.api.conftest import Api
from tests.support.factories import AssessmentFactory
from tests.support.people import House

SURVEY = "assessments/water/survey/"


@pytest.fixture
def assessment(house: House):
    return AssessmentFactory(organisation=house.organisation, slug="water", groups=2, issues=3)


def test_issues_are_put_in_order_and_back(api: Api, assessment):
    assert api.read(f"{SURVEY}order/") == {"issues": ["issue-0", "issue-1", "issue-2"], "own_order": False}
    moved = api.put(f"{SURVEY}order/", {"issues": ["issue-2"]})
    assert moved.json() == {"issues": ["issue-2", "issue-0", "issue-1"], "own_order": True}
    assert api.put(f"{SURVEY}order/", {"issues": ["none"]}).status_code == 409
    assert not api.put(f"{SURVEY}order/", {"issues": []}).json()["own_order"]


def test_questions_on_the_respondent(api: Api, assessment):
    assert api.read(f"{SURVEY}questions/")["results"] == []
    body = {"text": "How long?", "kind": "choice", "options": ["A year", "Longer"]}
    made = api.post(f"{SURVEY}questions/", body)
    assert made.status_code == 201, made.content
    place = f"{SURVEY}questions/{made.json()['code']}/"
    other = api.post(f"{SURVEY}questions/", {"text": "How many?", "kind": "number", "lowest": 0}).json()["code"]
    assert api.patch(place, {"options": ["A year", "Two", "Longer"]}).json()["text"] == "How long?"
    assert api.patch(place, {"options": ["A year"]}).json()["errors"][0]["pointer"] == "#/options"
    assert api.post(f"{SURVEY}questions/{other}/move/", {"step": -1}).status_code == 204
    assert [one["code"] for one in api.read(f"{SURVEY}questions/")["results"]] == [other, made.json()["code"]]
    assert api.delete(place).status_code == 204
    assert ProfileQuestion.objects.count() == 1
    assert api.delete(place).status_code == 404


def test_what_one_group_is_asked(api: Api, assessment):
    place = f"{SURVEY}groups/group-0/"
    untouched = api.read(place)
    assert (untouched["target"], {one["asked"] for one in untouched["issues"]}) == (None, {True})
    own = [{"issue": "issue-0", "name": "Our water"}, {"issue": "issue-1", "asked": False}]
    changed = api.patch(place, {"target": 20, "issues": own})
    assert changed.status_code == 200, changed.content
    assert changed.json() == api.read(place)
    assert [(one["asked"], one["name"]) for one in changed.json()["issues"]] == [
        (True, "Our water"), (False, ""), (True, ""),
    ]  # fmt: skip
    kept = api.patch(place, {"introduction": "Dear colleagues"}).json()
    assert (kept["target"], kept["issues"][0]["name"]) == (20, "Our water")
    nobody = api.patch(f"{SURVEY}groups/group-1/", {"issues": [{"issue": "issue-1", "asked": False}]})
    assert (nobody.status_code, nobody.json()["errors"][0]["pointer"]) == (400, "#/issues")
    assert api.get(f"{SURVEY}groups/none/").status_code == 404
