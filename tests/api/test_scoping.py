"""The scope through the API: each verb does what the page's does, and refuses what it refuses."""

import pytest

from accounts.models import AuditEvent
from scoping.models import Phase
from scoping.services.screening import decide_short_list
from tests.api.conftest import Api
from tests.support.factories import AssessmentFactory, IssueFactory, MentionFactory, TierFactory
from tests.support.people import House

PLACE = "assessments/water-2026/"


@pytest.fixture
def assessment(house: House):
    return AssessmentFactory(organisation=house.organisation, slug="water-2026", groups=2, issues=3)


def test_an_assessment_is_created_read_renamed_and_deleted(api: Api):
    made = api.post("assessments/", {"name": "Water 2026", "company": "Water Ltd.", "reporting_period": "2026"})
    assert (made.status_code, made.json()["slug"], made.json()["phase"]) == (201, "water-2026", "scoping")
    assert made.json() == api.read(PLACE)
    changed = api.patch(PLACE, {"name": "Water, 2026"})
    assert changed.status_code == 200
    assert (changed.json()["name"], changed.json()["company"]) == ("Water, 2026", "Water Ltd.")
    assert [one["slug"] for one in api.read("assessments/")["results"]] == ["water-2026"]
    assert api.read("assessments/?phase=results")["results"] == []
    assert api.delete(PLACE).status_code == 204
    assert api.get(PLACE).status_code == 404


def test_the_record_names_who_acted_through_which_key(api: Api, house: House):
    api.post("assessments/", {"name": "Water", "company": "Water Ltd.", "reporting_period": "2026"})
    line = AuditEvent.objects.get(subject="water")
    assert (line.actor, line.summary) == (house.owner, "created the assessment Water (API key Test)")


def test_a_service_acts_in_nobodys_name(service: Api):
    service.post("assessments/", {"name": "Water", "company": "Water Ltd.", "reporting_period": "2026"})
    assert AuditEvent.objects.get(subject="water").actor is None


def test_tiers_are_read_and_replaced(api: Api, assessment):
    first = TierFactory(assessment=assessment, position=0, name="High")
    wanted = [{"id": first.pk, "name": "Top", "planned_count": 1}, {"name": "Rest", "planned_count": 2}]
    answer = api.put(f"{PLACE}tiers/", {"tiers": wanted})
    assert [(tier["name"], tier["planned_count"]) for tier in answer.json()["tiers"]] == [("Top", 1), ("Rest", 2)]
    assert answer.json() == api.read(f"{PLACE}tiers/")
    assert answer.json()["tiers"][0]["id"] == first.pk


def test_groups_are_added_changed_and_removed(api: Api, assessment):
    made = api.post(f"{PLACE}groups/", {"name": "Customers", "side": "external", "headcount": 4200, "weight": 2.5})
    assert (made.status_code, made.json()["code"], made.json()["weight"]) == (201, "customers", 2.5)
    changed = api.patch(f"{PLACE}groups/customers/", {"headcount": None})
    assert (changed.json()["headcount"], changed.json()["weight"]) == (None, 2.5)
    assert api.delete(f"{PLACE}groups/customers/").status_code == 204
    assert [group["code"] for group in api.read(f"{PLACE}groups/")["results"]] == ["group-0", "group-1"]


def test_concerns_and_channels(api: Api, assessment):
    made = api.post(f"{PLACE}concerns/", {"group": "group-0", "topic": "Clean water?", "issue": "issue-1"}).json()
    assert (made["group"], made["issue"], made["response"]) == ("group-0", "issue-1", "")
    place = f"{PLACE}concerns/{made['id']}/"
    assert api.patch(place, {"response": "Yes.", "issue": None}).json() == made | {"response": "Yes.", "issue": None}
    assert api.read(f"{PLACE}concerns/?group=group-1")["results"] == []
    assert api.delete(place).status_code == 204
    channels = f"{PLACE}groups/group-0/channels/"
    channel = api.post(channels, {"name": "Hotline"}).json()
    assert api.patch(f"{channels}{channel['id']}/", {"frequency": "daily"}).json() == channel | {"frequency": "daily"}
    assert api.delete(f"{channels}{channel['id']}/").status_code == 204


def test_an_unknown_group_is_named_with_its_place(api: Api, assessment):
    answer = api.post(f"{PLACE}concerns/", {"group": "nobody", "topic": "Clean water?"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "#/group"


def test_issues_are_added_changed_and_removed(api: Api, assessment):
    made = api.post(f"{PLACE}issues/", {"name": "Water", "category": "Environment"})
    assert (made.status_code, made.json()["code"], made.json()["standing"]) == (201, "water", "listed")
    change = {"description": "How much.", "sdgs": [14, 6], "meaning": "It is scarce."}
    changed = api.patch(f"{PLACE}issues/water/", change).json()
    assert changed == made.json() | change | {"sdgs": [6, 14]}
    assert changed == api.read(f"{PLACE}issues/water/")
    assert api.delete(f"{PLACE}issues/water/").status_code == 204


def test_a_change_that_is_refused_in_part_changes_nothing(api: Api, assessment):
    IssueFactory(assessment=assessment, code="water", name="Water")
    # The name is fine, and the sheet names a chapter list that is too long for the service.
    answer = api.patch(f"{PLACE}issues/water/", {"name": "Water use", "sdgs": [6], "owners": "x" * 301})
    assert answer.status_code == 400
    assert api.read(f"{PLACE}issues/water/")["name"] == "Water"


def test_the_list_of_issues_is_filtered(api: Api, assessment):
    IssueFactory(assessment=assessment, code="water", name="Water use", category="Resources", standing="left-out")

    def codes(query: str) -> list[str]:
        return [issue["code"] for issue in api.read(f"{PLACE}issues/?{query}")["results"]]

    assert set(codes("")) == {"issue-0", "issue-1", "issue-2", "water"}
    assert codes("standing=left-out") == codes("category=Resources") == codes("search=USE%20resour") == ["water"]
    assert codes("search=nothing") == []
    assert api.get(f"{PLACE}issues/?standing=gone").json()["errors"][0]["parameter"] == "standing"


def test_many_issues_are_added_at_once_or_not_at_all(api: Api, assessment):
    place = f"{PLACE}issues-batch/"
    refused = api.post(place, {"issues": [{"name": "Water"}, {"name": "Issue 0"}, {"name": "water"}]})
    assert refused.status_code == 409
    assert "Line 3" in refused.json()["detail"]
    assert api.read(f"{PLACE}issues/?search=water")["results"] == []
    added = api.post(place, {"issues": [{"name": "Water"}, {"name": "Waste"}, {"name": "Water"}], "only_new": True})
    assert added.status_code == 201, added.content
    assert [issue["code"] for issue in added.json()["added"]] == ["water", "waste"]


def test_an_issue_is_merged_and_the_merge_undone(api: Api, assessment):
    survivor = api.post(f"{PLACE}issues/issue-0/merge/", {"into": "issue-1"})
    assert (survivor.status_code, survivor.json()["code"]) == (200, "issue-1")
    merged = api.read(f"{PLACE}issues/issue-0/")
    assert (merged["standing"], merged["merged_into"]) == ("merged", "issue-1")
    again = api.post(f"{PLACE}issues/issue-0/merge/", {"into": "issue-2"})
    assert (again.status_code, again.json()["type"]) == (409, "urn:salient:problem:refused")
    assert api.post(f"{PLACE}issues/issue-0/unmerge/").json()["standing"] == "listed"


def test_mentions(api: Api, assessment):
    MentionFactory(issue=assessment.issues.get(code="issue-1"))
    place = f"{PLACE}issues/issue-0/mentions/"
    made = api.post(place, {"kind": "interview", "source": "The mayor", "found_on": "2026-03-01"}).json()
    assert api.patch(f"{place}{made['id']}/", {"quotation": "Dry."}).json() == made | {"quotation": "Dry."}
    assert [one["id"] for one in api.read(place)["results"]] == [made["id"]]
    assert api.delete(f"{place}{made['id']}/").status_code == 204
    assert api.post(place, {"kind": "interview", "source": "X", "link": "ftp://x"}).json()["errors"] == [
        {
            "pointer": "#/link",
            "detail": "Enter a web address that begins with https:// or http://, or leave it empty.",
        }
    ]


def test_what_is_frozen_is_refused_with_what_to_do(api: Api, assessment):
    assessment.phase = Phase.SURVEY
    assessment.save()
    for answer in (
        api.patch(f"{PLACE}issues/issue-0/", {"name": "Other"}),
        api.patch(f"{PLACE}groups/group-0/", {"name": "Other"}),
        api.delete(f"{PLACE}groups/group-0/"),
    ):
        assert answer.status_code == 409
        assert "frozen" in answer.json()["detail"]
    assert api.patch(f"{PLACE}groups/group-0/", {"weight": 2}).status_code == 200


def test_the_screening_is_nothing_before_a_decision(api: Api, assessment):
    assert api.get(f"{PLACE}screening/").status_code == 404
    decide_short_list(assessment=assessment)
    found = api.read(f"{PLACE}screening/")
    assert (found["version"], {entry["code"] for entry in found["entries"]}) == (1, {"issue-0", "issue-1", "issue-2"})
