"""The screening, scores and weights through the API."""

import pytest

from scoping.models import Assessment, Phase, StakeholderGroup
from scoping.services.screening import NewMark, save_marks
from tests.api.conftest import Api
from tests.support.factories import AssessmentFactory, CriterionFactory
from tests.support.people import House

PLACE = "assessments/water/"
SCREENING = f"{PLACE}screening/"


@pytest.fixture
def assessment(house: House) -> Assessment:
    """The first two issues reach the threshold of 2, the last one does not."""
    found = AssessmentFactory(organisation=house.organisation, slug="water", groups=2, issues=3)
    criterion = CriterionFactory(assessment=found, name="Impact")
    found.short_list_threshold = 2
    found.save()
    marks = [NewMark(issue.pk, criterion.pk, value) for issue, value in zip(found.issues.all(), (3, 2, 0), strict=True)]
    save_marks(assessment=found, marks=marks, by=house.owner)
    return found


def listed(api: Api) -> dict[str, str]:
    return {issue["code"]: issue["standing"] for issue in api.read(f"{PLACE}issues/")["results"]}


def test_criteria_and_marks_are_read(api: Api, assessment: Assessment):
    found = api.read(f"{SCREENING}marks/")
    assert (found["rule"], found["threshold"]) == ("total", "2")
    assert [criterion["name"] for criterion in found["criteria"]] == ["Impact"]
    assert [(one["issue"], one["total"], one["proposed"]) for one in found["issues"]] == [
        ("issue-0", 3.0, True), ("issue-1", 2.0, True), ("issue-2", 0.0, False),
    ]  # fmt: skip
    assert found["issues"][0]["means"] == [{"people": 1, "mean": 3.0, "lowest": 3, "highest": 3}]


def test_the_short_list_is_decided_and_the_decision_undone(api: Api, assessment: Assessment, house: House):
    proposals = {one["issue"]: one["proposed"] for one in api.read(f"{SCREENING}marks/")["issues"]}
    overruled = {"issue": "issue-0", "listed": False, "reason": "It is part of the other."}
    kept = {"issue": "issue-2", "listed": True, "reason": "The law asks for it."}
    made = api.post(SCREENING, {"overrules": [overruled, kept], "note": "2 October", "seen": proposals})
    assert made.status_code == 201, made.content
    assert (made.json()["version"], made.json()["note"], made.json()["applies"]) == (1, "2 October", True)
    assert made.json()["decided_by"] == house.owner.email
    assert made.json() == api.read(SCREENING)
    assert listed(api) == {"issue-0": "left-out", "issue-1": "listed", "issue-2": "listed"}
    assert api.post(f"{SCREENING}undo/", {"version": 2}).status_code == 409
    assert api.post(f"{SCREENING}undo/", {"version": 1}).status_code == 200
    assert set(listed(api).values()) == {"listed"}
    assert api.get(SCREENING).status_code == 404


def test_nothing_is_decided_on_what_has_changed(api: Api, assessment: Assessment):
    seen = {"issue-0": True, "issue-1": True, "issue-2": True}
    refused = api.post(SCREENING, {"seen": seen})
    assert refused.status_code == 409
    assert api.get(SCREENING).status_code == 404


def test_what_is_overruled_needs_a_reason_and_an_issue(api: Api, assessment: Assessment):
    assert api.post(SCREENING, {"overrules": [{"issue": "issue-0", "listed": False}]}).json()["errors"] == [
        {"pointer": "#/overrules/0/reason", "detail": "This field is required."}
    ]
    unknown = api.post(SCREENING, {"overrules": [{"issue": "none", "listed": False, "reason": "x"}]})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (400, "#/overrules")


def test_services_decide_no_short_list(service: Api, assessment: Assessment):
    assert service.post(SCREENING, {}).status_code == 403
    assert service.post(f"{SCREENING}undo/", {"version": 1}).status_code == 403


def test_after_the_survey_opened_a_decision_is_for_the_next_assessment(api: Api, assessment: Assessment):
    assessment.phase = Phase.SURVEY
    assessment.save()
    assert api.post(SCREENING, {}).json()["applies"] is False
    assert set(listed(api).values()) == {"listed"}


# --- scores -----------------------------------------------------------------------------------------------
def scored(power: int, interest: int, group: str = "group-0") -> dict:
    return {
        "scores": [
            {"group": group, "attribute": "power", "value": power, "reason": "They can leave."},
            {"group": group, "attribute": "interest", "value": interest, "reason": "They ask."},
        ]
    }


def test_scores_are_given_and_suggest_weights(api: Api, assessment: Assessment):
    given = api.patch(f"{PLACE}scores/", scored(4, 5))
    assert given.status_code == 200, given.content
    first, second = given.json()["groups"]
    assert (first["stands"], first["suggested_weight"], first["weight"]) == ("manage-closely", 4.5, 1.0)
    assert first["scores"][0] == {"attribute": "power", "value": 4, "reason": "They can leave."}
    assert (first["is_open"], second["suggested_weight"], second["is_open"]) == (True, None, False)
    assert given.json() == api.read(f"{PLACE}scores/")
    gone = api.patch(f"{PLACE}scores/", {"scores": [{"group": "group-0", "attribute": "power", "value": None}]}).json()
    assert gone["groups"][0]["scores"][0]["value"] is None


def test_a_score_without_a_reason_is_refused_at_its_place(api: Api, assessment: Assessment):
    body = scored(4, 5)
    body["scores"][1]["reason"] = " "
    refused = api.patch(f"{PLACE}scores/", body)
    assert (refused.status_code, [one["pointer"] for one in refused.json()["errors"]]) == (400, ["#/scores/1/reason"])
    assert api.read(f"{PLACE}scores/")["groups"][0]["scores"][0]["value"] is None
    assert api.patch(f"{PLACE}scores/", scored(4, 5, group="nobody")).status_code == 409


def test_suggested_weights_are_accepted_or_overruled_with_a_reason(api: Api, assessment: Assessment):
    api.patch(f"{PLACE}scores/", scored(4, 5))
    accepted = api.post(f"{PLACE}groups/group-0/weight/accept/")
    assert (accepted.json()["weight"], accepted.json()["weight_basis"]) == (4.5, "accepted")
    assert api.post(f"{PLACE}groups/group-1/weight/accept/").status_code == 409
    overrule = f"{PLACE}groups/group-0/weight/overrule/"
    assert api.post(overrule, {"weight": 2, "reason": " "}).json()["errors"][0]["pointer"] == "#/reason"
    overruled = api.post(overrule, {"weight": 2, "reason": "Few of them buy from us."}).json()
    assert (overruled["weight"], overruled["weight_basis"]) == (2.0, "overruled")
    api.patch(f"{PLACE}scores/", scored(3, 3, group="group-1"))
    assert api.post(f"{PLACE}scores/accept/").status_code == 200
    weights = {group.code: group.weight for group in StakeholderGroup.objects.filter(assessment=assessment)}
    assert weights == {"group-0": 2, "group-1": 3}
