"""Near-duplicates through the API: pointed out with why, kept apart, and pointed out again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from scoping.api import duplicates
from scoping.models import Assessment, Issue
from scoping.services.merging import keep_apart
from tests.api.conftest import Api, ApiOf
from tests.scoping.near_duplicates import open_the_survey, scope_with_near_duplicates
from tests.support.factories import AssessmentFactory, IssueFactory, MentionFactory
from tests.support.people import House

PLACE = "assessments/paper-2024/"
NEAR, APART = f"{PLACE}near-duplicates/", f"{PLACE}kept-apart/"


@pytest.fixture
def assessment(house: House) -> Assessment:
    """Of four issues, staff training, employee training and talent development are alike: three pairs."""
    return scope_with_near_duplicates(house)


@pytest.fixture
def issues(assessment: Assessment) -> list[Issue]:
    return list(assessment.issues.order_by("position"))


def pairs(api: Api) -> set[tuple[str, str]]:
    return {(pair["one"]["code"], pair["other"]["code"]) for pair in api.read(NEAR)["pairs"]}


def keep(api: Api, issue: Issue, other: str):
    return api.post(f"{PLACE}issues/{issue.code}/keep-apart/", {"other": other})


def point_out(api: Api, issue: Issue, other: str):
    return api.post(f"{PLACE}issues/{issue.code}/point-out-again/", {"other": other})


def test_pairs_are_told_with_what_one_needs_to_decide(api: Api, assessment: Assessment, issues: list[Issue]):
    staff, employee, finance, talent = issues
    MentionFactory.create_batch(2, issue=employee)
    Issue.objects.filter(pk=employee.pk).update(category="Social", standing="left-out")
    found = api.read(NEAR)
    assert found["found"] == len(found["pairs"]) == 3
    assert pairs(api) == {(staff.code, employee.code), (staff.code, talent.code), (employee.code, talent.code)}
    first = next(pair for pair in found["pairs"] if pair["other"]["code"] == employee.code)
    assert first["one"] == {
        "code": staff.code,
        "name": "Staff training",
        "category": staff.category,
        "standing": "listed",
        "mentions": 0,
        "obstacle": "it would leave the list",
    }
    assert first["other"] == {
        "code": employee.code,
        "name": "Employee Training and Growth",
        "category": "Social",
        "standing": "left-out",
        "mentions": 2,
        "obstacle": "",
    }
    assert 0.72 <= first["alike"] <= 1
    assert first["why"] in ("means the same here", "much the same words or meaning")
    assert {pair["cluster"] for pair in found["pairs"]} == {0}
    assert finance.code not in str(found)


def test_names_that_are_quite_other_are_no_pairs(api: Api, house: House):
    made = AssessmentFactory(organisation=house.organisation, slug="paper-2024")
    for name in ("Green finance", "Noise"):
        IssueFactory(assessment=made, name=name)
    assert api.read(NEAR) == {"found": 0, "pairs": []}
    assert api.read(APART) == {"results": [], "next": None}


def test_a_pair_is_kept_apart_and_pointed_out_again(api: Api, issues: list[Issue], house: House):
    staff, employee, _finance, talent = issues
    before = pairs(api)
    kept = keep(api, employee, staff.code)
    assert (kept.status_code, kept.json()) == (200, {"code": employee.code, "apart": [staff.code]})
    assert pairs(api) == before - {(staff.code, employee.code)}
    named = [{"code": one.code, "name": one.name} for one in (staff, employee)]
    assert api.read(APART)["results"] == [{"one": named[0], "other": named[1]}]
    line = AuditEvent.objects.latest("pk")
    said = "said that Employee Training and Growth and Staff training are different issues (API key Test)"
    assert (line.actor, line.summary) == (house.owner, said)
    keep(api, talent, employee.code)
    back = point_out(api, staff, employee.code)  # whichever of the two it is said of
    assert (back.status_code, back.json()) == (200, {"code": staff.code, "apart": []})
    assert pairs(api) == before - {(employee.code, talent.code)}
    assert [one["other"]["code"] for one in api.read(APART)["results"]] == [talent.code]
    assert AuditEvent.objects.latest("pk").summary.startswith("took back that Staff training and Employee")


def test_what_is_said_twice_is_on_record_once(api: Api, issues: list[Issue]):
    for _ in range(2):
        assert keep(api, issues[0], issues[1].code).json()["apart"] == [issues[1].code]
    assert AuditEvent.objects.filter(summary__contains="are different issues").count() == 1
    for _ in range(2):
        assert point_out(api, issues[0], issues[1].code).json()["apart"] == []
    assert AuditEvent.objects.filter(summary__contains="took back").count() == 1


def test_merged_issues_are_not_told_of(api: Api, issues: list[Issue]):
    staff, employee, _finance, talent = issues
    keep(api, staff, talent.code)
    merged = api.post(f"{PLACE}issues/{talent.code}/merge/", {"into": employee.code})
    assert merged.status_code == 200, merged.content
    assert pairs(api) == {(staff.code, employee.code)}
    assert api.read(APART)["results"] == []
    holder = api.read(NEAR)["pairs"][0]["other"]
    assert (holder["code"], holder["obstacle"]) == (employee.code, "others are merged into it")


def test_what_is_one_by_now_is_not_kept_apart(api: Api, issues: list[Issue]):
    staff, employee, _finance, talent = issues
    assert api.post(f"{PLACE}issues/{talent.code}/merge/", {"into": employee.code}).status_code == 200
    for one, other in ((talent, employee), (employee, talent), (staff, talent)):
        refused = keep(api, one, other.code)
        assert (refused.status_code, "Undo that merge first." in refused.json()["detail"]) == (409, True)
    assert not Issue.distinct_from.through.objects.exists()


def test_issues_are_kept_apart_also_while_people_are_asked(api: Api, assessment: Assessment, issues: list[Issue]):
    open_the_survey(assessment)
    assert {pair["one"]["obstacle"] for pair in api.read(NEAR)["pairs"]} == {"the survey asks about it"}
    assert keep(api, issues[0], issues[1].code).status_code == 200
    assert len(pairs(api)) == 2


def test_what_is_no_other_issue_is_refused_with_its_place(api: Api, house: House, issues: list[Issue]):
    IssueFactory(assessment=AssessmentFactory(organisation=house.organisation), code="elsewhere")
    place = f"{PLACE}issues/{issues[0].code}/"
    for verb in ("keep-apart", "point-out-again"):
        for other in ("none", "elsewhere", "", "\0", "x" * 61, 3, None, [issues[1].code]):
            answer = api.post(f"{place}{verb}/", {"other": other})
            assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "#/other"), (verb, other)
        assert api.post(f"{place}{verb}/", {}).json()["errors"][0]["pointer"] == "#/other"
        more = api.post(f"{place}{verb}/", {"other": issues[1].code, "into": issues[1].code})
        assert (more.status_code, more.json()["errors"][0]["pointer"]) == (400, "#/into")
        itself = api.post(f"{place}{verb}/", {"other": issues[0].code})
        assert (itself.status_code, "one and the same" in itself.json()["detail"]) == (409, True)
        assert api.post(f"{PLACE}issues/none/{verb}/", {"other": issues[1].code}).status_code == 404
    assert not Issue.distinct_from.through.objects.exists()


def test_who_may_say_so(api_of: ApiOf, service: Api, house: House, issues: list[Issue]):
    keep(service, issues[0], issues[3].code)
    assert AuditEvent.objects.latest("pk").actor is None
    for reader in (api_of(house.viewer), api_of(house.approver), api_of(house.analyst, "read", "write:surveys")):
        assert len(pairs(reader)) == 2
        assert len(reader.read(APART)["results"]) == 1
        assert keep(reader, issues[0], issues[1].code).status_code == 403
        assert point_out(reader, issues[0], issues[3].code).status_code == 403
    assert len(pairs(service)) == 2
    assert keep(api_of(house.analyst, "write:scoping"), issues[0], issues[1].code).status_code == 200


def test_of_very_many_pairs_the_first_are_told(api: Api, issues: list[Issue], monkeypatch: pytest.MonkeyPatch):
    everything = api.read(NEAR)
    monkeypatch.setattr(duplicates, "MOST_PAIRS", 2)
    assert api.read(NEAR) == {"found": 3, "pairs": everything["pairs"][:2]}


def test_what_is_kept_apart_comes_in_pages(api: Api, issues: list[Issue]):
    with CaptureQueriesContext(connection) as few:
        api.read(APART)
    for one, other in ((3, 2), (0, 1), (1, 3)):
        keep(api, issues[one], issues[other].code)
    with CaptureQueriesContext(connection) as many:
        rows = api.read(APART)["results"]
    assert len(many) == len(few)
    wanted = [(issues[one].code, issues[other].code) for one, other in ((0, 1), (1, 3), (2, 3))]
    assert [(row["one"]["code"], row["other"]["code"]) for row in rows] == wanted
    first = api.read(f"{APART}?limit=2")
    assert first["results"] == rows[:2]
    following = api.read(first["next"].partition("/api/v1/")[2])
    assert following == {"results": rows[2:], "next": None}


def test_what_others_keep_apart_is_not_told(api: Api, house: House, issues: list[Issue]):
    for organisation in (house.organisation, house.elsewhere):
        other = AssessmentFactory(organisation=organisation, issues=2)
        one, another = other.issues.all()
        keep_apart(issue=one, other=another)
    assert api.read(APART)["results"] == []
    keep(api, issues[0], issues[1].code)
    assert [row["one"]["code"] for row in api.read(APART)["results"]] == [issues[0].code]
