"""Files into lists and out of them, through the API: looked at first, taken over as they were looked at."""

import base64

import pytest

from scoping.models import Contact, PendingImport
from surveys.models import SurveyState, Translation
from surveys.services import prepare_survey
from tests.api.conftest import Api, ApiOf
from tests.support.factories import AssessmentFactory
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
