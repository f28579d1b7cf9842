"""Whatever is sent, the answer is a problem that says what is wrong, and nothing has been done."""

import json

import pytest

from scoping.models import Assessment, Contact
from tests.api.conftest import BASE, Api
from tests.support.factories import AssessmentFactory, ContactFactory
from tests.support.people import House

NEW = {"name": "Water", "company": "Water Ltd.", "reporting_period": "2026"}


def problem(answer, status: int, kind: str) -> dict:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    body = answer.json()
    assert (body["type"], body["status"]) == (f"urn:salient:problem:{kind}", status)
    assert body["title"]
    assert body["detail"]
    return body


def raw(api: Api, content: bytes, content_type: str = "application/json", **headers: str):
    place = BASE + "assessments/"
    return api.client.post(place, data=content, content_type=content_type, headers=api.headers | headers)


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"\xff\xfe",
        b'{"name": NaN}',
        b'{"name": "\\ud800", "company": "x", "reporting_period": "x"}',
        b'{"name": "a", "name": "b"}',
        b"[" * 100_000,
        b'{"name": ' + b"9" * 5_000 + b"}",
    ],
)
def test_what_is_no_json_is_refused(api: Api, content: bytes):
    problem(raw(api, content), 400, "unreadable")


@pytest.mark.parametrize("content", [b"[]", b"null", b'"x"', b"3", b""])
def test_what_is_no_object_is_refused(api: Api, content: bytes):
    problem(raw(api, content), 400, "invalid")


def test_another_content_type_is_refused(api: Api):
    problem(raw(api, b"name=Water", "application/x-www-form-urlencoded"), 415, "not-json")
    problem(raw(api, b"{}", "text/plain"), 415, "not-json")


def test_another_answer_than_json_cannot_be_had(api: Api):
    problem(api.get("assessments/", Accept="text/html"), 406, "not-acceptable")


def test_a_query_that_is_too_long_is_refused(api: Api):
    problem(api.get(f"assessments/?search={'a' * 5_000}"), 414, "too-long")
    assert api.get(f"assessments/?search={'a' * 90}").status_code != 414


def test_another_host_is_refused_as_everything_else_is(api: Api, client):
    answer = client.get(BASE + "assessments/", headers={"host": "evil.example"})
    assert "Host" in problem(answer, 400, "unreadable")["detail"]
    assert client.get("/", headers={"host": "evil.example"})["Content-Type"].startswith("text/html")


def test_what_is_too_large_is_refused(api: Api, settings):
    settings.API_LARGEST_BODY = 1_000
    body = problem(raw(api, json.dumps(NEW | {"company": "x" * 1_000}).encode()), 413, "too-large")
    assert "1,000 bytes" in body["detail"]
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 500
    problem(raw(api, b"x" * 600, **{"Idempotency-Key": "k"}), 413, "too-large")


def test_what_does_not_exist_is_not_found(api: Api, client):
    problem(api.get("assessments/none/"), 404, "not-found")
    problem(api.get("nothing/at/all/"), 404, "not-found")
    problem(client.get("/api/"), 404, "not-found")
    problem(client.post("/api/v2/assessments/"), 404, "not-found")
    assert "end with /" in problem(client.get("/api/v1/assessments"), 404, "not-found")["detail"]


def test_another_method_is_refused_with_those_there_are(api: Api):
    answer = api.put("assessments/")
    problem(answer, 405, "no-such-method")
    assert answer["Allow"] == "GET, HEAD, POST"


def test_each_fault_is_named_with_its_place(api: Api):
    wrong = {"name": "x" * 201, "company": 3, "colour": "red", "with_survey": "yes"}
    errors = problem(api.post("assessments/", wrong), 400, "invalid")["errors"]
    # An unknown name is said first, by itself.
    assert errors == [
        {
            "pointer": "#/colour",
            "detail": "There is no such field. Fields: name, company, reporting_period, with_survey.",
        }
    ]
    del wrong["colour"]
    errors = problem(api.post("assessments/", wrong), 400, "invalid")["errors"]
    assert {error["pointer"] for error in errors} == {"#/name", "#/company", "#/reporting_period", "#/with_survey"}
    assert Assessment.objects.count() == 0


def test_a_fault_within_a_list_is_pointed_to(api: Api, house: House):
    AssessmentFactory(organisation=house.organisation, slug="water")
    body = {"issues": [{"name": "Fine"}, {"name": "", "category": 3}]}
    errors = problem(api.post("assessments/water/issues-batch/", body), 400, "invalid")["errors"]
    assert {error["pointer"] for error in errors} == {"#/issues/1/name", "#/issues/1/category"}


def test_what_a_service_refuses_at_a_field_points_there(api: Api):
    assert api.post("assessments/", NEW).status_code == 201
    body = problem(api.post("assessments/", NEW), 400, "invalid")
    assert body["errors"][0]["pointer"] == "#/name"
    assert "Give one of the two another name" in body["detail"]


@pytest.mark.parametrize("text", ["a\x00b", "\x00"])
def test_a_nul_character_is_refused_everywhere(api: Api, text: str):
    problem(api.post("assessments/", NEW | {"name": text}), 400, "invalid")
    problem(api.get(f"record/?subject={text.replace(chr(0), '%00')}"), 400, "invalid")
    problem(api.get("assessments/a%00b/"), 404, "not-found")
    problem(api.get("assessments/?cursor=a%00b"), 400, "invalid")


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=x", "limit=1_0", "limit=", "cursor=x", "cursor=W10", "colour=red"],
)
def test_parameters_that_are_wrong_are_named(api: Api, query: str):
    errors = problem(api.get(f"assessments/?{query}"), 400, "invalid")["errors"]
    assert errors[0]["parameter"] == query.partition("=")[0]


HARD = [
    "议题" * 100, "مياه", "💧" * 50, "<script>alert(1)</script>", '=HYPERLINK("http://x")', "$x_1^2$ \\frac{1}{2}",
    "x" * 300,
]  # fmt: skip


@pytest.mark.parametrize("name", HARD)
def test_hard_names_come_back_as_they_were_sent(api: Api, house: House, name: str):
    AssessmentFactory(organisation=house.organisation, slug="water")
    made = api.post("assessments/water/issues/", {"name": name})
    assert (made.status_code, made.json()["name"]) == (201, name)
    assert api.read(f"assessments/water/issues/{made.json()['code']}/")["name"] == name


def test_what_goes_wrong_here_is_logged_and_told_without_its_inside(api: Api, monkeypatch, caplog):
    def broken(*_args):
        raise RuntimeError("the password is 1234")

    monkeypatch.setattr("scoping.api.assessments.assessments_of", broken)
    answer = api.get("assessments/")
    problem(answer, 500, "server-error")
    assert b"1234" not in answer.content
    assert "the password is 1234" in caplog.text


def test_answers_are_not_kept_by_caches(api: Api):
    assert api.get("assessments/")["Cache-Control"] == api.get("nothing/")["Cache-Control"] == "private, no-store"


def test_what_to_do_is_said(api: Api):
    assert "Content-Type: application/json" in raw(api, b"{}", "text/plain").json()["detail"]
    assert "Accept: application/json" in api.get("assessments/", Accept="text/html").json()["detail"]
    assert api.put("assessments/").json()["detail"] == "It takes GET, HEAD, POST."
    options = api.client.options(BASE + "assessments/", headers=api.headers)
    assert problem(options, 405, "no-such-method")["detail"] == "It takes GET, HEAD, POST."
    assert problem(raw(api, b"[]"), 400, "invalid")["detail"] == "Send a JSON object: {…}."


def test_a_parameter_that_stands_twice_is_refused(api: Api):
    errors = problem(api.get("assessments/?limit=1&limit=2"), 400, "invalid")["errors"]
    assert errors == [{"parameter": "limit", "detail": "Send it once."}]


def test_parameters_and_bodies_where_none_are_taken_are_refused(api: Api, house: House):
    AssessmentFactory(organisation=house.organisation, slug="water", groups=2, issues=2)
    body = problem(api.get("assessments/water/?colour=red"), 400, "invalid")
    assert body["errors"] == [{"parameter": "colour", "detail": "This takes no parameters."}]
    body = problem(api.post("assessments/water/runs/", {"method": "max"}), 400, "invalid")
    assert body["errors"][0]["pointer"] == "#"
    assert api.post("assessments/water/runs/", {}).status_code == 202
    # Nobody who means one contact removes them all.
    ContactFactory.create_batch(2, group=Assessment.objects.get().groups.get(code="group-0"))
    place = "assessments/water/groups/group-0/contacts/"
    for sent in ({"contacts": [1]}, [], "x"):
        refused = problem(api.send("delete", place, sent), 400, "invalid")
        assert refused["errors"] == [{"pointer": "#", "detail": "This takes no body: send none, or {}."}]
    assert Contact.objects.count() == 2


def test_a_choice_that_there_is_not_is_refused_with_those_there_are(api: Api, house: House):
    AssessmentFactory(organisation=house.organisation, slug="water")
    body = problem(api.get("assessments/water/disclosures/?language=zh"), 400, "invalid")
    detail = '"zh" is not a valid choice. There are: en, zh-hans.'
    assert body["errors"] == [{"parameter": "language", "detail": detail}]


@pytest.mark.parametrize(
    ("method", "path", "body", "pointer"),
    [
        ("patch", "screening/own-marks/", {"marks": [{"issue": "issue-0", "criterion": 10**30, "value": 1}]},
         "#/marks/0/criterion"),
        ("post", "survey/languages/", {"language": "no tag!"}, "#/language"),
        ("put", "survey/source-language/", {"language": ""}, "#/language"),
        ("post", "what-if/", {"adjustments": {"weights": {"group-0": "1e999999999"}}}, "#/adjustments/weights"),
        ("post", "imports/", {"kind": "issues", "filename": "a.csv", "content": "é"}, "#/content"),
        ("put", "screening/criteria/", {"rule": "total", "threshold": 6, "criteria": [{"name": "x"}]}, "#/threshold"),
    ],
)  # fmt: skip
def test_faults_of_values_point_to_them(api: Api, house: House, method: str, path: str, body, pointer: str):
    AssessmentFactory(organisation=house.organisation, slug="water", groups=2, issues=2)
    told = problem(api.send(method, f"assessments/water/{path}", body), 400, "invalid")
    assert told["errors"][0]["pointer"] == pointer
