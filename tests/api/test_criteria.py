"""Criteria, own marks, topics of standards, peers and notes through the API."""

import pytest

from scoping.models import Criterion, Mark, Mention
from scoping.services.screening import add_criteria
from tests.api.conftest import Api
from tests.support.factories import AssessmentFactory, MarkFactory
from tests.support.people import House

PLACE = "assessments/water/"
SCREENING = f"{PLACE}screening/"


@pytest.fixture
def assessment(house: House):
    found = AssessmentFactory(organisation=house.organisation, slug="water", groups=1, issues=6)
    add_criteria(found)
    return found


def test_criteria_and_rule_are_set_and_one_is_removed(api: Api, assessment):
    first = api.read(f"{SCREENING}criteria/")["criteria"][0]
    wanted = [{"name": "Asked by law", "must_have": True}, {"id": first["id"], "name": "Concern"}]
    set_ = api.put(f"{SCREENING}criteria/", {"rule": "must-have", "threshold": "2.5", "criteria": wanted})
    assert set_.status_code == 200, set_.content
    # Those that are not named stay: they have marks, and are deleted one by one.
    assert [one["name"] for one in set_.json()["criteria"]][:2] == ["Asked by law", "Concern"]
    assert (len(set_.json()["criteria"]), set_.json()["threshold"], set_.json()["rule"]) == (5, "2.5", "must-have")
    last = set_.json()["criteria"][-1]["id"]
    assert api.delete(f"{SCREENING}criteria/{last}/").status_code == 204
    assert Criterion.objects.filter(assessment=assessment).count() == 4
    law = set_.json()["criteria"][0]["id"]
    assert "could not be met" in api.delete(f"{SCREENING}criteria/{law}/").json()["detail"]


@pytest.mark.parametrize("threshold", ["six", "-1", "6,5", "", "1e3", "99"])
def test_a_threshold_that_cannot_be_met_is_pointed_to(api: Api, assessment, threshold: str):
    body = {"rule": "total", "threshold": threshold, "criteria": [{"name": "Law"}]}
    refused = api.put(f"{SCREENING}criteria/", body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "#/threshold")


def test_a_person_gives_marks_and_sees_only_their_own(api: Api, assessment, house: House):
    MarkFactory(issue=assessment.issues.first(), criterion=assessment.criteria.first(), member=house.analyst)
    criterion = assessment.criteria.first().pk
    given = [{"issue": "issue-0", "criterion": criterion, "value": 3, "reason": "Law."}]
    assert api.patch(f"{SCREENING}own-marks/", {"marks": given}).json() == {"changed": 1}
    assert api.read(f"{SCREENING}own-marks/")["results"] == given
    assert Mark.objects.get(member=house.owner).value == 3
    assert api.patch(f"{SCREENING}own-marks/", {"marks": [given[0] | {"value": None, "reason": ""}]}).status_code == 200
    assert api.read(f"{SCREENING}own-marks/")["results"] == []
    assert Mark.objects.filter(member=house.analyst).exists()


def test_marks_are_given_all_or_none(api: Api, assessment):
    criterion = assessment.criteria.first().pk
    given = [{"issue": code, "criterion": criterion, "value": 3} for code in ("issue-0", "none")]
    refused = api.patch(f"{SCREENING}own-marks/", {"marks": given})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "#/marks")
    assert not Mark.objects.exists()


def test_a_service_gives_no_marks(service: Api, assessment):
    body = {"marks": [{"issue": "issue-0", "criterion": assessment.criteria.first().pk, "value": 3}]}
    assert service.patch(f"{SCREENING}own-marks/", body).status_code == 403


def test_every_decision_is_listed(api: Api, assessment):
    assert api.post(SCREENING, {}).status_code == 201
    api.post(f"{SCREENING}undo/", {"version": 1})
    assert api.post(SCREENING, {}).status_code == 201
    found = api.read(f"{SCREENING}decisions/")["results"]
    assert [(one["version"], one["undone_at"] is None) for one in found] == [(2, True), (1, False)]


def test_topics_of_a_standard_are_picked(api: Api, assessment):
    assert "gri" in {one["slug"] for one in api.read(f"{PLACE}libraries/")["libraries"]}
    entries = api.read(f"{PLACE}libraries/gri/")["entries"]
    chosen = next(one for one in entries if one["issue"] is None and one["alike"] is None)["code"]
    picked = api.post(f"{PLACE}libraries/gri/pick/", {"entries": [{"code": chosen}]})
    assert picked.json() == {"added": 1, "mentioned": 0, "known": 0}
    assert Mention.objects.filter(reference=f"gri:{chosen}").exists()
    wrong = api.post(f"{PLACE}libraries/gri/pick/", {"entries": [{"code": "none"}]})
    assert wrong.status_code in (400, 409)
    assert api.get(f"{PLACE}libraries/none/").status_code == 404


def test_a_peer_is_entered_changed_and_removed(api: Api, assessment):
    body = {"company": "Other", "reporting_period": "2025", "issues": [{"name": "Water", "tier": "High", "level": 1}]}
    made = api.post(f"{PLACE}peers/", body)
    assert made.status_code == 201, made.content
    place = f"{PLACE}peers/{made.json()['key']}/"
    assert made.json() == api.read(place)
    assert made.json()["issues"][0]["level"] == 1
    changed = api.put(place, body | {"issues": [{"name": "Waste"}, {"name": "Soil"}]})
    assert [one["name"] for one in changed.json()["issues"]] == ["Waste", "Soil"]
    twice = api.put(place, body | {"issues": [{"name": "Waste"}, {"name": "Waste"}]})
    assert (twice.status_code, twice.json()["errors"][0]["pointer"]) == (400, "#/issues")
    assert api.delete(place).status_code == 204
    assert api.get(place).status_code == 404
    built_in = next(one["key"] for one in api.read(f"{PLACE}peers/")["peers"] if one["built_in"])
    assert api.delete(f"{PLACE}peers/{built_in}/").status_code == 404


def test_notes_are_kept(api: Api, assessment):
    made = api.post(f"{PLACE}notes/", {"stage": "criteria", "text": "A workshop.", "done_on": "March 2026"})
    assert made.status_code == 201, made.content
    place = f"{PLACE}notes/{made.json()['id']}/"
    assert api.patch(place, {"text": "Two workshops."}).json()["done_on"] == "March 2026"
    assert [one["text"] for one in api.read(f"{PLACE}notes/")["results"]] == ["Two workshops."]
    assert api.delete(place).status_code == 204
