"""The house style through the API: who changes it, what is taken, and what is refused at which place."""

import base64
from random import Random

import pytest

from accounts.models import AuditEvent
from accounts.tokens import SCOPES
from materiality.house_style.selectors import look_of
from materiality.house_style.services import HOUSE_COLOURS
from materiality.house_style.templates import MOST_BYTES
from materiality.models import HouseStyle
from tests.api.conftest import Api, ApiOf
from tests.materiality.house_style.test_broken import BROKEN
from tests.materiality.house_style.test_house_style import OWN, altered, slides, word
from tests.support.people import House

PLACE = "house-style/"


def put(api: Api, kind: str, content: bytes, filename: str = "house.docx"):
    body = {"filename": filename, "content": base64.b64encode(content).decode()}
    return api.put(f"{PLACE}templates/{kind}/", body)


def test_without_any_the_usual_colours_are_told(api: Api, house: House):
    assert api.read(PLACE) == {
        "own_colours": False, "colours": list(HOUSE_COLOURS), "drawn_as": list(HOUSE_COLOURS), "alike": [],
        "templates": [],
    }  # fmt: skip


def test_colours_are_chosen_and_given_back(api: Api, house: House):
    chosen = api.put(f"{PLACE}colours/", {"colours": ["003366", "#B30000", *OWN[2:]]})
    assert chosen.status_code == 200, chosen.content
    assert (chosen.json()["own_colours"], chosen.json()["colours"]) == (True, OWN)
    assert chosen.json() == api.read(PLACE)
    assert look_of(house.organisation).colours == tuple(OWN)
    line = AuditEvent.objects.latest("pk")
    assert (line.actor, line.subject) == (house.owner, "house style")
    assert line.summary.endswith("(API key Test)")
    assert api.delete(f"{PLACE}colours/").status_code == 204
    assert look_of(house.organisation).colours == ()


def test_what_is_drawn_darker_and_what_looks_alike_is_told(api: Api, house: House):
    found = api.put(f"{PLACE}colours/", {"colours": ["#8a5a00", "#5c7a00", "#8f8f00", *OWN[3:]]}).json()
    assert {"tiers": [1, 2], "to": "people who do not see red"} in found["alike"]
    assert found["drawn_as"][0] == "#8a5a00"
    assert found["drawn_as"][2] != "#8f8f00"


@pytest.mark.parametrize(
    ("colours", "pointer", "message"),
    [
        ([OWN[0], "red", *OWN[2:]], "#/colours/1", "six digits"),
        (["#ffff00", *OWN[1:]], "#/colours/0", "1.1 to 1"),
        ([OWN[0], OWN[0], *OWN[2:]], "#/colours/1", "cannot be told apart"),
        ([*OWN[:4], ""], "#/colours/4", "blank"),
        ([*OWN[:4], 5], "#/colours/4", "string"),
        (OWN[:4], "#/colours", "at least 5"),
        ([*OWN, "#000000"], "#/colours", "more than 5"),
    ],
)
def test_a_colour_that_cannot_be_is_refused_at_its_place(api: Api, house: House, colours, pointer: str, message: str):
    refused = api.put(f"{PLACE}colours/", {"colours": colours})
    assert refused.status_code == 400
    (error,) = refused.json()["errors"]
    assert (error["pointer"], message in error["detail"]) == (pointer, True), error
    assert not HouseStyle.objects.exists()


def test_templates_are_put_replaced_and_removed(api: Api, house: House):
    first = word()
    made = put(api, "docx", first)
    assert made.status_code == 200, made.content
    assert made.json()["templates"] == [{"template": "docx", "filename": "house.docx", "size": len(first)}]
    assert look_of(house.organisation).docx == first
    both = put(api, "pptx", slides(), "house.pptx").json()
    assert [one["template"] for one in both["templates"]] == ["docx", "pptx"]
    newer = word("Other")
    assert put(api, "docx", newer, "newer.docx").json()["templates"][0]["filename"] == "newer.docx"
    assert look_of(house.organisation).docx == newer
    assert api.delete(f"{PLACE}templates/docx/").status_code == 204
    assert [one["template"] for one in api.read(PLACE)["templates"]] == ["pptx"]
    assert api.delete(f"{PLACE}templates/docx/").status_code == 404


def test_a_template_may_be_larger_than_other_requests(api: Api, house: House):
    padded = altered(word(), **{"word/media/picture__png": Random(1).randbytes(3_500_000)})
    assert 3_500_000 < len(padded) < MOST_BYTES
    assert put(api, "docx", padded).status_code == 200
    assert look_of(house.organisation).docx == padded
    over = put(api, "docx", b"PK" + bytes(MOST_BYTES))
    assert (over.status_code, "at most 5 MB" in over.json()["detail"]) == (400, True)
    beyond = put(api, "docx", b"PK" + bytes(MOST_BYTES + 200_000))
    assert (beyond.status_code, "7,121,576 bytes" in beyond.json()["detail"]) == (413, True), beyond.json()
    assert api.post("assessments/", {"name": "x" * 2_200_000}).status_code == 413


@pytest.mark.parametrize(
    ("content", "filename", "message"),
    [
        (b"no zip at all", "house.docx", "no file of Word"),
        (b"", "house.docx", "blank"),
        (slides(), "house.docx", "is a file of PowerPoint"),
        (word(), "house.docm", "holds macros"),
        (word()[:-200], "house.docx", "damaged"),
    ],
)
def test_what_is_no_template_is_refused_and_the_earlier_one_stays(api: Api, house: House, content, filename, message):
    put(api, "docx", word(), "earlier.docx")
    refused = put(api, "docx", content, filename)
    assert refused.status_code == 400
    (error,) = refused.json()["errors"]
    assert (error["pointer"], message in error["detail"]) == ("#/content", True), error
    assert HouseStyle.objects.get().docx_template_name == "earlier.docx"


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_template_is_refused_at_its_content(api: Api, house: House, case: str):
    kind, content, message = BROKEN[case]
    refused = put(api, kind, content, f"house.{kind}")
    assert refused.status_code == 400
    (error,) = refused.json()["errors"]
    assert (error["pointer"], message in error["detail"]) == ("#/content", True), error
    assert not HouseStyle.objects.exists()


@pytest.mark.parametrize("name", ["a\r\nX-Evil: 1.docx", "   ", "a\u202excod.docx", "house/"])
def test_what_is_no_name_of_a_file_is_refused_at_its_place(api: Api, house: House, name: str):
    refused = put(api, "docx", word(), name)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "#/filename"), refused.json()
    assert not HouseStyle.objects.exists()


def test_of_a_path_the_last_part_is_told(api: Api, house: House):
    assert put(api, "docx", word(), "../../etc/passwd").json()["templates"][0]["filename"] == "passwd"


@pytest.mark.parametrize("content", ["not Base64!", "QQ", 5, None])
def test_what_is_no_base64_is_refused(api: Api, house: House, content):
    refused = api.put(f"{PLACE}templates/docx/", {"filename": "house.docx", "content": content})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "#/content")
    assert not HouseStyle.objects.exists()


def test_there_are_templates_for_two_programs(api: Api, house: House):
    assert put(api, "xlsx", word()).status_code == 404
    assert api.delete(f"{PLACE}templates/xlsx/").status_code == 404


@pytest.mark.parametrize("role", ["analyst", "approver", "viewer"])
def test_others_only_look(house: House, api_of: ApiOf, role: str):
    other = api_of(getattr(house, role))
    assert other.get(PLACE).status_code == 200
    assert other.put(f"{PLACE}colours/", {"colours": OWN}).status_code == 403
    assert other.delete(f"{PLACE}colours/").status_code == 403
    assert put(other, "docx", word()).status_code == 403
    assert other.delete(f"{PLACE}templates/docx/").status_code == 403
    assert not HouseStyle.objects.exists()


def test_the_scope_of_managing_is_needed_and_a_service_may_have_it(house: House, api_of: ApiOf, service: Api):
    without = api_of(house.owner, *(scope for scope in SCOPES if scope != "manage"))
    assert "manage" in without.put(f"{PLACE}colours/", {"colours": OWN}).json()["detail"]
    assert service.put(f"{PLACE}colours/", {"colours": OWN}).status_code == 200
    assert put(service, "docx", word()).status_code == 200
    assert AuditEvent.objects.latest("pk").actor is None


def test_each_organisation_has_its_own(house: House, api_of: ApiOf, api: Api):
    put(api, "docx", word())
    api.put(f"{PLACE}colours/", {"colours": OWN})
    stranger = api_of(house.outsider)
    assert (stranger.read(PLACE)["own_colours"], stranger.read(PLACE)["templates"]) == (False, [])
    assert stranger.delete(f"{PLACE}templates/docx/").status_code == 404
    stranger.delete(f"{PLACE}colours/")
    assert look_of(house.organisation).colours == tuple(OWN)
    assert look_of(house.organisation).docx is not None
