"""Contacts, continuity, pillars, the content index and peers through the API."""

import pytest

from accounts.models import AuditEvent
from scoping.models import Assessment, Contact, Phase
from tests.api.conftest import Api, ApiOf
from tests.support.factories import AssessmentFactory, ContactFactory, IssueFactory, PeerFactory
from tests.support.people import House

PLACE = "assessments/water/"
CONTACTS = f"{PLACE}contacts/"
LI = {"group": "group-0", "name": "Li Na", "email": "li.na@example.com"}


@pytest.fixture
def assessment(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="water", groups=2, issues=3)


def test_contacts_are_added_found_moved_and_removed(api: Api, assessment: Assessment):
    made = api.post(CONTACTS, LI | {"language": "zh-hans"})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["group"], told["email"], told["language"]) == ("group-0", "li.na@example.com", "zh-Hans")
    place = f"{CONTACTS}{told['id']}/"
    assert api.read(place) == told
    moved = api.patch(place, {"group": "group-1", "role": "Purchasing"}).json()
    assert moved == told | {"group": "group-1", "role": "Purchasing"}
    assert api.read(f"{CONTACTS}?group=group-0")["results"] == []
    assert api.read(f"{CONTACTS}?search=LI.NA")["results"] == [moved]
    assert api.delete(place).status_code == 204
    assert not Contact.objects.exists()


def test_what_is_wrong_with_a_contact_is_said_at_its_field(api: Api, assessment: Assessment):
    api.post(CONTACTS, LI)
    for wrong, field in (
        (LI | {"group": "nobody"}, "group"),
        (LI, "email"),
        (LI | {"email": "li na"}, "email"),
        ({"group": "group-0"}, "name"),
        (LI | {"email": "x@example.com", "language": "klingon!"}, "language"),
    ):
        answer = api.post(CONTACTS, wrong)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, f"#/{field}"), answer.content
    assert Contact.objects.count() == 1


def test_who_only_reads_sees_no_contact(api: Api, api_of: ApiOf, house: House, assessment: Assessment):
    place = f"{CONTACTS}{api.post(CONTACTS, LI).json()['id']}/"
    for reader in (api_of(house.viewer), api_of(house.approver), api_of(house.owner, "read", "manage")):
        for path in (CONTACTS, place):
            assert reader.get(path).status_code == 403
        assert "Li Na" not in reader.get("record/").content.decode()
    assert api_of(house.analyst).read(place)["name"] == "Li Na"
    assert not AuditEvent.objects.filter(summary__contains="Li Na").exists()


def of_group(code: str) -> str:
    return f"{PLACE}groups/{code}/contacts/"


def test_all_contacts_of_a_group_are_removed_at_once(api: Api, assessment: Assessment, house: House):
    one, other = assessment.groups.order_by("code")
    ContactFactory.create_batch(3, group=one)
    kept = ContactFactory(group=other)
    elsewhere = ContactFactory(
        group__assessment=AssessmentFactory(organisation=house.organisation), group__code=one.code
    )
    Assessment.objects.update(phase=Phase.SURVEY)  # contacts never freeze
    answer = api.delete(of_group(one.code))
    assert (answer.status_code, answer.json()) == (200, {"removed": 3})
    assert set(Contact.objects.values_list("pk", flat=True)) == {kept.pk, elsewhere.pk}
    assert [group["code"] for group in api.read(f"{PLACE}groups/")["results"]] == [one.code, other.code]
    lines = AuditEvent.objects.filter(subject="water", summary__contains="contacts")
    assert [(line.actor, line.summary) for line in lines] == [
        (house.owner, f"removed 3 contacts of {one}, all that it had (API key Test)")
    ]
    again = api.delete(of_group(one.code))
    assert (again.status_code, again.json()) == (200, {"removed": 0})
    assert lines.count() == 1


def test_contacts_stay_where_a_key_may_not_remove_them(
    api: Api, service: Api, api_of: ApiOf, house: House, assessment: Assessment
):
    ContactFactory.create_batch(2, group=assessment.groups.get(code="group-0"))
    for key in (api_of(house.viewer), api_of(house.approver), api_of(house.owner, "read", "write:surveys", "manage")):
        assert key.delete(of_group("group-0")).status_code == 403
    assert api.delete(of_group("nobody")).status_code == 404
    assert api.delete(f"{of_group('group-0')}?search=Li").json()["errors"][0]["parameter"] == "search"
    assert api.get(of_group("group-0")).status_code == 405
    assert Contact.objects.count() == 2
    assert service.delete(of_group("group-0")).json() == {"removed": 2}


# --- one assessment after another -------------------------------------------------------------------------
def test_the_next_assessment_begins_with_the_scope(api: Api, assessment: Assessment):
    api.post(CONTACTS, LI)
    made = api.post(f"{PLACE}next/", {"name": "Next", "company": "Water Ltd.", "reporting_period": "2027"})
    assert made.status_code == 201, made.content
    assert (made.json()["previous"], made.json()["issue_count"], made.json()["group_count"]) == ("water", 3, 2)
    after = f"assessments/{made.json()['slug']}/"
    assert api.read(f"{after}predecessors/") == {
        "previous": "water",
        "links": [{"issue": f"issue-{n}", "continues": [f"issue-{n}"]} for n in range(3)],
    }
    assert [one["relation"] for one in api.read(f"{after}changes/")["issues"]] == ["same"] * 3
    assert api.read(f"{after}contacts/")["results"] == []


def test_issues_are_linked_with_those_before(api: Api, assessment: Assessment, house: House):
    before = AssessmentFactory(organisation=house.organisation, slug="before")
    for code in ("use", "noise"):
        IssueFactory(assessment=before, code=code, name=code.title())
    links = {"links": [{"issue": "issue-0", "continues": ["use"]}]}
    assert api.read(f"{PLACE}changes/")["previous"] is None
    assert api.patch(f"{PLACE}predecessors/", links).status_code == 409
    assert api.put(f"{PLACE}previous/", {"previous": "before"}).json()["previous"] == "before"
    linked = api.patch(f"{PLACE}predecessors/", links).json()
    assert linked == api.read(f"{PLACE}predecessors/")
    assert linked["links"][0] == links["links"][0]
    found = api.read(f"{PLACE}changes/")
    assert [one["relation"] for one in found["issues"]] == ["renamed", "new", "new"]
    assert found["issues"][0]["continues"] == [{"code": "use", "name": "Use"}]
    assert found["dropped"] == [{"code": "noise", "name": "Noise", "note": ""}]
    unknown = api.patch(f"{PLACE}predecessors/", {"links": [{"issue": "none", "continues": []}]})
    assert (unknown.status_code, "none" in unknown.json()["detail"]) == (409, True)
    assert api.put(f"{PLACE}previous/", {"previous": None}).json()["previous"] is None


def test_no_assessment_continues_another_organisations(api: Api, assessment: Assessment, house: House):
    AssessmentFactory(organisation=house.elsewhere, slug="theirs")
    refused = api.put(f"{PLACE}previous/", {"previous": "theirs"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "#/previous")
    itself = api.put(f"{PLACE}previous/", {"previous": "water"})
    assert (itself.status_code, itself.json()["errors"][0]["pointer"]) == (400, "#/previous")


# --- beside the result ------------------------------------------------------------------------------------
def test_pillars(api: Api, assessment: Assessment):
    place = f"{PLACE}pillars/"
    made = api.post(place, {"name": "Water", "topics": "Use\nReuse", "issues": ["issue-1"]})
    assert made.status_code == 201, made.content
    one = f"{place}{made.json()['id']}/"
    assert api.patch(one, {"topics": "Use"}).json() == made.json() | {"topics": "Use"}
    assert api.patch(one, {"issues": []}).json()["issues"] == []
    unknown = api.patch(one, {"issues": ["none"]})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (400, "#/issues")
    assert [pillar["name"] for pillar in api.read(place)["results"]] == ["Water"]
    assert api.delete(one).status_code == 204


def test_the_content_index(api: Api, assessment: Assessment):
    place = f"{PLACE}index/"
    started = api.post(f"{place}start/", {"framework": "hkex"})
    assert started.status_code == 201, started.content
    rows = api.read(f"{place}?framework=hkex")["results"]
    assert len(rows) == started.json()["added"] > 10
    assert api.post(f"{place}start/", {"framework": "hkex"}).status_code == 409
    one = f"{place}{rows[0]['id']}/"
    filled = api.patch(one, {"location": "Chapter 3", "issue": "issue-0"}).json()
    assert filled == rows[0] | {"location": "Chapter 3", "issue": "issue-0"}
    assert api.patch(one, {"issue": None}).json()["issue"] is None
    assert api.post(place, {"framework": "hkex", "code": rows[0]["code"]}).json()["errors"][0]["pointer"] == "#/code"
    added = api.post(place, {"framework": "gri", "code": "X-1", "title": "Our own"})
    assert (added.status_code, added.json()["title"]) == (201, "Our own")
    assert api.delete(f"{place}{added.json()['id']}/").status_code == 204
    assert api.read(f"{place}?framework=gri")["results"] == []


def test_peers_are_those_of_the_organisation_and_the_built_in_ones(api: Api, assessment: Assessment, house: House):
    entered = PeerFactory(organisation=house.organisation, company="Rival", issues=2)
    theirs = PeerFactory(organisation=house.elsewhere, issues=1)
    found = {peer["key"]: peer for peer in api.read(f"{PLACE}peers/")["peers"]}
    assert {key for key, peer in found.items() if not peer["built_in"]} == {str(entered.pk)}
    assert found[str(entered.pk)]["issue_count"] == 2
    detail = api.read(f"{PLACE}peers/{entered.pk}/")
    assert [issue["rank"] for issue in detail["issues"]] == [1, 2]
    built_in = api.read(f"{PLACE}peers/uxin-2022/")
    assert len(built_in["issues"]) == built_in["issue_count"] > 10
    assert api.get(f"{PLACE}peers/{theirs.pk}/").status_code == 404
