"""Files into lists and out of them, through the API: looked at first, taken over as they were looked at."""

import base64

import pytest

from accounts.models import AuditEvent
from scoping.models import Contact, Peer, PendingImport
from surveys.models import SurveyState, Translation
from surveys.services import prepare_survey
from tests.api.conftest import Api, ApiOf
from tests.support.factories import AssessmentFactory, PeerFactory
from tests.support.people import House

PLACE = "assessments/water/"


@pytest.fixture
def assessment(house: House):
    return AssessmentFactory(organisation=house.organisation, slug="water", groups=1, issues=2)


def sent(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def upload(api: Api, text: str, kind: str = "issues"):
    return api.post(f"{PLACE}imports/", {"kind": kind, "filename": "list.csv", "content": sent(text)})


def test_issues_are_looked_at_and_then_taken_over(api: Api, assessment):
    made = upload(api, "Name,Category\nSoil,Environment\n")
    assert made.status_code == 201, made.content
    preview = made.json()
    assert (preview["rows"]["new"], preview["lines"][0]["name"]) == (1, "Soil")
    assert assessment.issues.count() == 2
    place = f"{PLACE}imports/{preview['id']}/"
    assert api.read(place)["plan"] == preview["plan"]
    done = api.post(f"{place}apply/", {"plan": preview["plan"]})
    assert (done.status_code, done.json()["added"]) == (200, 1)
    assert assessment.issues.filter(name="Soil", category="Environment").exists()
    assert api.post(f"{place}apply/", {"plan": preview["plan"]}).status_code == 404


def test_a_list_that_has_changed_meanwhile_is_not_written_over(api: Api, assessment):
    preview = upload(api, "Name\nSoil\n").json()
    api.post(f"{PLACE}issues/", {"name": "Soil"})
    place = f"{PLACE}imports/{preview['id']}/"
    refused = api.post(f"{place}apply/", {"plan": preview["plan"]})
    assert (refused.status_code, "would do now" in refused.json()["detail"]) == (409, False)
    assert api.post(f"{place}apply/", {"plan": api.read(place)["plan"]}).json()["unchanged"] == 1


def test_a_file_with_problems_changes_nothing(api: Api, assessment):
    preview = upload(api, "Name,Group,Email\nLi Na,No such group,li@example.com\n", "contacts").json()
    assert preview["rows"]["problem"] == 1
    assert preview["lines"][0]["note"]
    assert api.post(f"{PLACE}imports/{preview['id']}/apply/", {"plan": preview["plan"]}).status_code == 409
    assert not Contact.objects.exists()
    assert api.delete(f"{PLACE}imports/{preview['id']}/").status_code == 204
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize("content", ["not Base64!", "QQ", "", sent("Colour\nred\n"), sent("\x00")])
def test_what_is_no_such_file_is_refused_with_its_place(api: Api, assessment, content: str):
    refused = api.post(f"{PLACE}imports/", {"kind": "issues", "filename": "x.csv", "content": content})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "#/content"


def test_a_list_is_called_by_the_last_part_of_its_path(api: Api, assessment):
    body = {"kind": "issues", "filename": "../lists\\our list.csv", "content": sent("Name\nSoil\n")}
    assert api.post(f"{PLACE}imports/", body).status_code == 201
    assert PendingImport.objects.get().filename == "our list.csv"


@pytest.mark.parametrize("name", ["a\r\nX-Evil: 1.csv", "\u202evsc.exe", "  ", "lists/"])
def test_what_is_no_name_of_a_list_is_refused_at_its_place(api: Api, assessment, name: str):
    refused = api.post(f"{PLACE}imports/", {"kind": "issues", "filename": name, "content": sent("Name\nSoil\n")})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "#/filename"), refused.json()
    assert not PendingImport.objects.exists()


def test_contacts_are_not_for_keys_that_read(house: House, api_of: ApiOf, assessment):
    reader = api_of(house.owner, "read")
    assert reader.get(f"{PLACE}lists/contacts/").status_code == 403
    assert reader.get(f"{PLACE}lists/issues/").status_code == 200
    preview = upload(api_of(house.owner, "read", "write:scoping"), "Name\nSoil\n").json()
    assert reader.get(f"{PLACE}imports/{preview['id']}/").status_code == 403


def test_a_list_comes_as_a_file_that_changes_nothing(api: Api, assessment):
    file = api.get(f"{PLACE}lists/issues/?format=csv")
    assert file["Content-Disposition"] == 'attachment; filename="water-issues.csv"'
    preview = upload(api, file.content.decode("utf-8-sig")).json()
    assert preview["rows"] == {"problem": 0, "changed": 0, "new": 0, "repeated": 0, "unchanged": 2}
    assert api.get(f"{PLACE}lists/issues/?format=xlsx").content.startswith(b"PK")
    assert api.get(f"{PLACE}lists/issues/?format=pdf").json()["errors"][0]["parameter"] == "format"


# --- what a company published -----------------------------------------------------------------------------
@pytest.fixture
def rival(house: House, assessment) -> Peer:
    """It has one issue: Issue of a peer, rank 1, in the tier High."""
    return PeerFactory(organisation=house.organisation, company="Rival", issues=1, issues__name="Water")


def upload_of(api: Api, peer: Peer, text: str, place: str = PLACE):
    return api.post(f"{place}peers/{peer.pk}/imports/", {"filename": "peer.csv", "content": sent(text)})


def published(peer: Peer) -> list[tuple[str, str, int | None, int | None]]:
    return list(peer.issues.values_list("name", "tier", "level", "rank"))


WATER = ("Water", "High", 1, 1)
PEER_FILE = "Name,Tier,Level,Rank\nWater,High,1,2\nWaste,Low,2,\n"


def test_a_companys_issues_are_looked_at_and_then_taken_over(api: Api, rival: Peer, house: House):
    made = upload_of(api, rival, PEER_FILE)
    assert made.status_code == 201, made.content
    preview = made.json()
    assert (preview["kind"], preview["peer"]) == ("peer", str(rival.pk))
    assert preview["rows"] == {"problem": 0, "changed": 1, "new": 1, "repeated": 0, "unchanged": 0}
    lines = {line["name"]: (line["row"], line["action"], line["changes"]) for line in preview["lines"]}
    assert lines["Water"] == (2, "changed", [{"title": "Rank", "old": "1", "new": "2"}])
    assert lines["Waste"][:2] == (3, "new")
    assert published(rival) == [WATER]
    place = f"{PLACE}imports/{preview['id']}/"
    assert api.read(place) == preview
    done = api.post(f"{place}apply/", {"plan": preview["plan"]})
    assert (done.status_code, done.json()) == (200, {"added": 1, "changed": 1, "unchanged": 0, "repeated": 0})
    assert published(rival) == [("Water", "High", 1, 2), ("Waste", "Low", 2, None)]
    line = AuditEvent.objects.latest("pk")
    assert (line.actor, line.subject) == (house.owner, "water")
    assert line.summary == f"imported issues of {rival}: 1 added and 1 changed (API key Test)"
    assert api.post(f"{place}apply/", {"plan": preview["plan"]}).status_code == 404


def test_a_companys_issues_come_as_a_file_that_changes_nothing(api: Api, rival: Peer):
    file = api.get(f"{PLACE}lists/peers/{rival.pk}/")
    assert file["Content-Disposition"] == 'attachment; filename="water-peer-issues.csv"'
    preview = upload_of(api, rival, file.content.decode("utf-8-sig")).json()
    assert preview["rows"] == {"problem": 0, "changed": 0, "new": 0, "repeated": 0, "unchanged": 1}
    assert api.get(f"{PLACE}lists/peers/{rival.pk}/?format=xlsx").content.startswith(b"PK")
    assert api.get(f"{PLACE}lists/peers/uxin-2022/").status_code == 404


def test_a_companys_list_that_has_changed_meanwhile_is_not_written_over(api: Api, rival: Peer):
    preview = upload_of(api, rival, PEER_FILE).json()
    place = f"{PLACE}imports/{preview['id']}/"
    rival.issues.update(rank=7)
    assert api.post(f"{place}apply/", {"plan": preview["plan"]}).status_code == 409
    assert published(rival) == [("Water", "High", 1, 7)]
    assert api.delete(place).status_code == 204
    assert api.get(place).status_code == 404
    assert published(rival) == [("Water", "High", 1, 7)]


def test_a_companys_file_with_problems_changes_nothing(api: Api, rival: Peer):
    preview = upload_of(api, rival, f"{PEER_FILE}Soil,High,first,\n").json()
    problem = preview["lines"][0]
    assert (preview["rows"]["problem"], problem["row"], problem["column"]) == (1, 4, "Level")
    refused = api.post(f"{PLACE}imports/{preview['id']}/apply/", {"plan": preview["plan"]})
    assert (refused.status_code, "Row 4, Level" in refused.json()["detail"]) == (409, True)
    assert published(rival) == [WATER]
    for content in ("not Base64!", "", sent("Colour\nred\n"), sent("\x00")):
        wrong = api.post(f"{PLACE}peers/{rival.pk}/imports/", {"filename": "x.csv", "content": content})
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "#/content")
    # Of which company they are says the address.
    loose = upload(api, PEER_FILE, "peer")
    assert (loose.status_code, loose.json()["errors"][0]["pointer"]) == (400, "#/kind")


def test_only_companies_that_the_organisation_entered_change(api: Api, house: House, assessment):
    theirs = PeerFactory(organisation=house.elsewhere, issues=1)
    body = {"filename": "peer.csv", "content": sent(PEER_FILE)}
    for key in (str(theirs.pk), "uxin-2022", "nobody"):
        assert api.post(f"{PLACE}peers/{key}/imports/", body).status_code == 404
        assert api.get(f"{PLACE}lists/peers/{key}/").status_code == 404
    assert not PendingImport.objects.exists()
    assert theirs.issues.count() == 1


def test_files_of_several_companies_wait_beside_each_other(api: Api, house: House, rival: Peer):
    other = PeerFactory(organisation=house.organisation, company="Other")
    first = upload_of(api, rival, PEER_FILE).json()
    second = upload_of(api, other, PEER_FILE).json()
    third = upload_of(api, rival, "Name\nSoil\n").json()
    issues = upload(api, "Name\nSoil\n").json()
    assert issues["peer"] is None
    waiting = {str(pending) for pending in PendingImport.objects.values_list("pk", flat=True)}
    assert waiting == {second["id"], third["id"], issues["id"]}
    assert api.get(f"{PLACE}imports/{first['id']}/").status_code == 404
    api.post(f"{PLACE}imports/{second['id']}/apply/", {"plan": second["plan"]})
    assert (published(rival), len(published(other))) == ([WATER], 2)
    AssessmentFactory(organisation=house.organisation, slug="air")
    assert api.get(f"assessments/air/imports/{third['id']}/").status_code == 404
    assert api.delete(f"{PLACE}peers/{rival.pk}/").status_code == 204
    assert api.get(f"{PLACE}imports/{third['id']}/").status_code == 404


def test_who_may_take_a_companys_file_over(api: Api, service: Api, api_of: ApiOf, house: House, rival: Peer):
    preview = upload_of(api_of(house.analyst), rival, PEER_FILE).json()
    place = f"{PLACE}imports/{preview['id']}/"
    for key in (service, api_of(house.viewer), api_of(house.owner, "read", "write:surveys")):
        assert upload_of(key, rival, PEER_FILE).status_code == 403
        assert key.post(f"{place}apply/", {"plan": preview["plan"]}).status_code == 403
    assert api_of(house.viewer).get(place).status_code == 403
    assert api_of(house.viewer).get(f"{PLACE}lists/peers/{rival.pk}/").status_code == 200
    assert published(rival) == [WATER]
    assert PendingImport.objects.count() == 1


# --- translations -----------------------------------------------------------------------------------------
SURVEY = f"{PLACE}survey/"


def test_a_survey_is_translated_text_by_text(api: Api, assessment):
    added = api.post(f"{SURVEY}languages/", {"language": "fr"})
    assert added.status_code == 201, added.content
    left = added.json()["languages"][0]
    assert (left["name"], "title" in left["missing"]) == ("français", True)
    said = [{"key": "title", "translation": "Quoi ?"}]
    saved = api.patch(f"{SURVEY}languages/fr/", {"texts": said})
    assert saved.status_code == 200, saved.content
    texts = {text["key"]: text for text in api.read(f"{SURVEY}languages/fr/")["texts"]}
    assert (texts["title"]["translation"], texts["title"]["outdated"]) == ("Quoi ?", False)
    api.patch(SURVEY, {"title": "Another question?"})
    assert api.read(f"{SURVEY}languages/")["languages"][0]["outdated"] == ["title"]
    stale = api.patch(f"{SURVEY}languages/fr/", {"texts": [said[0] | {"source": texts["title"]["source"]}]})
    assert stale.json()["errors"][0]["pointer"] == "#/texts/0/translation"
    unknown = api.patch(f"{SURVEY}languages/fr/", {"texts": [*said, {"key": "none", "translation": "x"}]})
    assert unknown.json()["errors"][0]["pointer"] == "#/texts/1/key"
    assert api.delete(f"{SURVEY}languages/fr/").status_code == 204
    assert not Translation.objects.exists()
    assert api.get(f"{SURVEY}languages/fr/").status_code == 404
    assert api.put(f"{SURVEY}source-language/", {"language": "de"}).json()["source_language"] == "de"


def test_translations_go_out_and_come_back_as_po(api: Api, assessment):
    api.post(f"{SURVEY}languages/", {"language": "fr"})
    api.patch(f"{SURVEY}languages/fr/", {"texts": [{"key": "title", "translation": "Quoi ?"}]})
    po = api.get(f"{SURVEY}languages/fr/po/").content.decode()
    assert 'msgstr "Quoi ?"' in po
    assert api.get(f"{SURVEY}translations/xlsx/").content.startswith(b"PK")
    body = {"filename": "fr.po", "content": sent(po.replace("Quoi ?", "Qu’est-ce qui compte ?"))}
    made = api.post(f"{SURVEY}translations/", body)
    assert made.status_code == 201, made.content
    assert made.json()["rows"]["changed"] == 1
    place = f"{SURVEY}translations/{made.json()['id']}/"
    assert api.read(place)["plan"] == made.json()["plan"]
    assert api.post(f"{place}apply/", {"plan": made.json()["plan"]}).json()["changed"] == 1
    assert Translation.objects.get(key="title").text == "Qu’est-ce qui compte ?"


def test_translations_freeze_with_the_survey(api: Api, assessment):
    survey = prepare_survey(assessment=assessment)
    survey.state = SurveyState.OPEN
    survey.save()
    body = {"filename": "fr.po", "content": sent('msgid ""\nmsgstr ""\n')}
    assert api.post(f"{SURVEY}translations/", body).status_code == 409
    assert api.post(f"{SURVEY}languages/", {"language": "fr"}).status_code == 409
