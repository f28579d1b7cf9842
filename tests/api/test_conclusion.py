"""The conclusion through the API: method, analysis, result, review, proposal, report, files."""

from collections.abc import Callable

import pytest

from materiality.models import Override, Proposal
from materiality.services import analyse_now, sign
from surveys.models import SurveyLink
from surveys.services import open_survey, prepare_survey, submit_response
from tests.api.conftest import Api, ApiOf
from tests.support.factories import AssessmentFactory, TierFactory
from tests.support.people import House

PLACE = "assessments/water/"


@pytest.fixture
def assessment(house: House):
    """Surveyed, with answers that are not analysed yet."""
    found = AssessmentFactory(organisation=house.organisation, slug="water", groups=2, issues=3)
    found.groups.filter(code="group-0").update(side="internal")
    found.groups.filter(code="group-1").update(side="external")
    for position, (name, count) in enumerate([("High", 1), ("Low", 2)]):
        TierFactory(assessment=found, name=name, position=position, planned_count=count)
    survey = prepare_survey(assessment=found)
    survey.minimum_group = 1
    survey.save(update_fields=["minimum_group"])
    open_survey(survey=survey)
    for link in SurveyLink.objects.filter(survey=survey):
        for _ in range(6):
            submit_response(link=link, answers=bytes([5, 3, 1]))
    return found


def test_an_analysis_is_a_job_and_then_a_result(api: Api, assessment, run_waiting_jobs: Callable[[], int]):
    assert api.get(f"{PLACE}result/").status_code == 404
    asked = api.post(f"{PLACE}runs/")
    assert (asked.status_code, asked.json()["status"], asked.json()["kind"]) == (202, "queued", "materiality.analyse")
    assert api.post(f"{PLACE}runs/").json()["id"] == asked.json()["id"]
    run_waiting_jobs()
    job = api.read(f"jobs/{asked.json()['id']}/")
    assert (job["status"], job["progress"]) == ("done", 1.0)
    assert job["id"] in {one["id"] for one in api.read("jobs/?subject=water&status=done")["results"]}
    result = api.read(f"{PLACE}result/")
    assert [issue["code"] for issue in result["results"]["issues"]] == ["issue-0", "issue-1", "issue-2"]
    assert not result["out_of_date"]
    runs = api.read(f"{PLACE}runs/")["results"]
    assert [run["id"] for run in runs] == [result["run"]["id"]]
    assert api.read(f"{PLACE}runs/{runs[0]['id']}/")["results"] == result["results"]


def test_the_method_is_read_and_chosen(api: Api, assessment):
    usual = api.read(f"{PLACE}method/")
    assert (usual["chosen"], usual["priority"], usual["misfit"]) == (False, "mean", "")
    chosen = api.put(f"{PLACE}method/", {"priority": "max", "rule": "cut_offs", "cuts": ["3.5"]})
    assert chosen.status_code == 200, chosen.content
    assert (chosen.json()["chosen"], chosen.json()["priority"], chosen.json()["cuts"]) == (True, "max", ["3.5"])
    assert chosen.json() == api.read(f"{PLACE}method/")
    wrong = api.put(f"{PLACE}method/", {"rule": "cut_offs", "cuts": ["high"]})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "#/cuts")
    assert (
        api.put(f"{PLACE}method/", {"rule": "cut_offs", "cuts": ["3", "2"]}).json()["errors"][0]["pointer"] == "#/cuts"
    )


def test_a_tier_is_given_and_taken_back(api: Api, assessment, house: House):
    analyse_now(assessment=assessment)
    body = {"issue": "issue-1", "tier": "High", "reason": "The law asks for it."}
    made = api.post(f"{PLACE}overrides/", body)
    assert made.status_code == 201, made.content
    assert (made.json()["computed_tier"], made.json()["by"]) == ("Low", house.owner.email)
    decided = {issue["code"]: issue["tier"] for issue in api.read(f"{PLACE}result/")["results"]["issues"]}
    assert decided == {"issue-0": "High", "issue-1": "High", "issue-2": "Low"}
    assert api.post(f"{PLACE}overrides/", body | {"tier": "Nonsense"}).status_code == 400
    assert api.post(f"{PLACE}overrides/", body | {"issue": "none"}).json()["errors"][0]["pointer"] == "#/issue"
    assert api.delete(f"{PLACE}overrides/{made.json()['id']}/").status_code == 204
    assert api.read(f"{PLACE}overrides/?in_force=true")["results"] == []
    assert len(api.read(f"{PLACE}overrides/")["results"]) == 1
    assert api.delete(f"{PLACE}overrides/{made.json()['id']}/").status_code == 409


def test_services_give_no_tiers(service: Api, assessment):
    analyse_now(assessment=assessment)
    body = {"issue": "issue-1", "tier": "High", "reason": "The law asks for it."}
    assert service.post(f"{PLACE}overrides/", body).status_code == 403
    assert not Override.objects.exists()


def test_open_points_are_left_and_resolved(api: Api, assessment):
    analyse_now(assessment=assessment)
    point = api.post(f"{PLACE}comments/", {"text": "Why?", "issue": "issue-2", "is_open_point": True}).json()
    assert (point["issue"], point["resolved_at"]) == ("issue-2", None)
    done = api.post(f"{PLACE}comments/{point['id']}/resolve/", {"resolution": "Nobody minds."}).json()
    assert done["resolution"] == "Nobody minds."
    assert [one["id"] for one in api.read(f"{PLACE}comments/")["results"]] == [point["id"]]
    assert api.post(f"{PLACE}comments/", {"text": " "}).status_code == 400


def test_a_result_is_proposed_locked_and_withdrawn(api: Api, assessment):
    analyse_now(assessment=assessment)
    made = api.post(f"{PLACE}proposals/", {"body": "Board", "meeting_on": "2099-02-01"})
    assert made.status_code == 201, made.content
    place = f"{PLACE}proposals/{made.json()['id']}/"
    assert made.json() == api.read(place)
    assert (made.json()["number"], made.json()["state"], made.json()["meeting_on"]) == (1, "open", "2099-02-01")
    locked = api.post(f"{PLACE}runs/")
    assert (locked.status_code, "withdraw the proposal" in locked.json()["detail"]) == (409, True)
    assert api.post(f"{place}withdraw/").json()["state"] == "withdrawn"
    assert [one["state"] for one in api.read(f"{PLACE}proposals/")["results"]] == ["withdrawn"]


@pytest.mark.parametrize(
    ("verb", "place", "body"),
    [
        ("put", "tiers/", {"tiers": [{"name": "Vital"}, {"name": "Other"}]}),
        ("patch", "groups/group-0/", {"weight": 3}),
        ("patch", "", {"company": "Sample Ltd."}),
    ],
)
def test_what_changes_under_a_proposal_takes_it_back_and_it_says_why(api: Api, assessment, verb, place, body):
    analyse_now(assessment=assessment)
    proposal = f"{PLACE}proposals/{api.post(f'{PLACE}proposals/', {'body': 'Board'}).json()['id']}/"
    assert api.read(proposal)["state"] == "open"
    changed = getattr(api, verb)(PLACE + place, body)
    assert changed.status_code == 200, changed.content
    assert not changed.cookies
    found = api.read(proposal)
    assert found["state"] == "withdrawn"
    assert "changed since" in found["ended_because"]


def test_nothing_is_confirmed_through_the_api(api: Api, assessment):
    analyse_now(assessment=assessment)
    proposal = api.post(f"{PLACE}proposals/", {"body": "Board"}).json()["id"]
    for verb in ("sign", "confirm"):
        assert api.post(f"{PLACE}proposals/{proposal}/{verb}/", {}).status_code == 404


def test_a_confirmed_result_is_published_and_withdrawn(api: Api, assessment, house: House):
    analyse_now(assessment=assessment)
    proposal = Proposal.objects.get(pk=api.post(f"{PLACE}proposals/", {"body": "Board"}).json()["id"])
    wanted = {"proposal": str(proposal.pk)}
    assert api.post(f"{PLACE}publications/", wanted).status_code == 409
    approver = house.approver.memberships.get()
    sign(proposal=proposal, membership=approver, verdict="confirm", means="password", digest=proposal.digest)
    made = api.post(f"{PLACE}publications/", wanted)
    assert made.status_code == 201, made.content
    assert made.json()["address"] == "http://localhost:8000/reports/water/"
    assert made.json() == api.read(f"{PLACE}publications/")["results"][0]
    gone = api.post(f"{PLACE}publications/{made.json()['id']}/withdraw/", {"because": "A figure is wrong."})
    assert (gone.status_code, gone.json()["withdrawn_because"]) == (200, "A figure is wrong.")


def test_a_file_is_asked_for_made_and_fetched(api: Api, assessment, run_waiting_jobs: Callable[[], int]):
    analyse_now(assessment=assessment)
    asked = api.post(f"{PLACE}files/", {"kind": "ranking"})
    assert asked.status_code == 202, asked.content
    place = f"{PLACE}files/{asked.json()['id']}/"
    assert asked.json()["finished_at"] is None
    assert api.get(f"{place}content/").status_code == 404
    run_waiting_jobs()
    file = api.read(place)
    content = api.get(f"{place}content/")
    assert content.status_code == 200
    assert file["filename"] in content["Content-Disposition"]
    assert len(b"".join(content.streaming_content)) == file["size"]
    assert api.read(f"{PLACE}files/")["results"][0] == file
    unknown = api.post(f"{PLACE}files/", {"kind": "painting"})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (400, "#/kind")


def test_files_with_answers_need_their_scope(house: House, api_of: ApiOf, assessment):
    analyse_now(assessment=assessment)
    without = api_of(house.owner, "read")
    refused = without.post(f"{PLACE}files/", {"kind": "report-pack", "options": {"answers": True}})
    assert (refused.status_code, "answers:read" in refused.json()["detail"]) == (403, True)
    with_them = api_of(house.owner, "read", "answers:read")
    made = with_them.post(f"{PLACE}files/", {"kind": "report-pack", "options": {"answers": True}})
    assert made.status_code == 202, made.content
    assert without.get(f"{PLACE}files/{made.json()['id']}/").status_code == 404
    assert without.read(f"{PLACE}files/")["results"] == []
    assert len(with_them.read(f"{PLACE}files/")["results"]) == 1


def test_members_are_added_changed_and_removed(api: Api, house: House):
    made = api.post("members/", {"email": "new@example.org", "role": "viewer"})
    assert made.status_code == 201, made.content
    place = f"members/{made.json()['id']}/"
    assert api.patch(place, {"role": "analyst"}).json()["role"] == "analyst"
    assert api.post("members/", {"email": "new@example.org", "role": "viewer"}).status_code == 409
    assert api.delete(place).status_code == 204
    emails = [member["email"] for member in api.read("members/")["results"]]
    assert emails == sorted(f"{role}@example.org" for role in ("owner", "analyst", "approver", "viewer"))
    only = api.delete(f"members/{house.owner.memberships.get().pk}/")
    assert (only.status_code, "only owner" in only.json()["detail"]) == (409, True)
