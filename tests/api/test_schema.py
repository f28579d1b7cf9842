"""The schema says all that the API does: every operation with its words, examples, errors and scope."""

import json
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from jsonschema import Draft202012Validator

from accounts.tokens import SCOPES
from api import pages
from api.problems import KINDS

PARAMETER = re.compile(r"<[a-z]+:([a-z_]+)>")
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """As the command writes it, which fails at any warning."""
    place = tmp_path_factory.mktemp("schema") / "openapi.json"
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", "--file", str(place))
    found: dict[str, Any] = json.loads(place.read_text())
    return found


@pytest.fixture(scope="module")
def operations(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """By method and path."""
    return {
        f"{method} {path}": operation
        for path, item in schema["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def test_it_is_openapi_3_1(schema: dict[str, Any]):
    assert schema["openapi"] == "3.1.0"
    assert schema["components"]["securitySchemes"] == {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "A key from Members, API keys: `Authorization: Bearer slt_…`",
        }
    }


def test_every_address_of_the_api_is_in_it(operations: dict[str, Any]):
    def routes(resolver: URLResolver, before: str = "") -> Any:
        for entry in resolver.url_patterns:
            route = before + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from routes(entry, route)
            elif isinstance(entry, URLPattern) and route.startswith("api/v1/") and route.endswith("/"):
                yield route, getattr(entry.callback, "actions", {})

    wanted = {
        f"{method} /" + PARAMETER.sub(r"{\1}", route)
        for route, actions in routes(get_resolver())
        for method in actions or {}
        if method in METHODS
    }
    assert len(wanted) > 120
    assert set(operations) == wanted


def test_every_operation_says_what_it_does(operations: dict[str, Any]):
    for name, operation in operations.items():
        assert 5 < len(operation["summary"]) < 140, name
        assert not operation["summary"].endswith("."), name
        assert operation["tags"], name
        assert operation["operationId"].count("_") >= 1, name
        ((scope,),) = (one["key"] for one in operation["security"])
        assert scope in SCOPES, name
        assert f"`{scope}`" in operation["description"], name
    assert len({operation["operationId"] for operation in operations.values()}) == len(operations)


def test_every_operation_names_its_errors(operations: dict[str, Any]):
    for name, operation in operations.items():
        errors = {int(code) for code in operation["responses"] if int(code) >= 400}
        assert errors >= {400, 401, 403, 406, 429, 500}, name
        assert ("{" in name) == (404 in errors), name
        assert ("requestBody" in operation) == (415 in errors) == (413 in errors), name
        assert name.startswith("post ") == (422 in errors), name
        assert errors <= {code for code, _title in KINDS.values()}, name


def test_writes_by_post_take_an_idempotency_key(operations: dict[str, Any]):
    for name, operation in operations.items():
        headers = [one["name"] for one in operation.get("parameters", []) if one["in"] == "header"]
        assert headers == (["Idempotency-Key"] if name.startswith("post ") else []), name


def contents(operation: dict[str, Any]) -> Any:
    """(schema, examples) of what goes in and what comes out."""
    bodies = [operation.get("requestBody", {})]
    bodies += [answer for code, answer in operation["responses"].items() if int(code) < 300]
    for body in bodies:
        for media_type, content in body.get("content", {}).items():
            if media_type == "application/json":
                yield content["schema"], content.get("examples", {})


def test_every_body_has_an_example_that_fits(schema: dict[str, Any], operations: dict[str, Any]):
    checked = 0
    for name, operation in operations.items():
        for shape, examples in contents(operation):
            assert examples, f"{name} has a body without an example"
            validator = Draft202012Validator({**shape, "components": schema["components"]})
            for example in examples.values():
                faults = [error.message for error in validator.iter_errors(example["value"])]
                assert not faults, f"{name}: {faults}"
                checked += 1
    assert checked > 140


def test_every_field_that_is_asked_for_refuses_others(schema: dict[str, Any], operations: dict[str, Any]):
    for name, operation in operations.items():
        if "requestBody" in operation:
            place = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            assert schema["components"]["schemas"][place]["additionalProperties"] is False, name


def test_it_is_served_as_json_and_yaml(db, client: Client, schema: dict[str, Any]):
    served = client.get("/api/v1/schema/")
    assert served.status_code == 200
    assert served.json()["paths"].keys() == schema["paths"].keys()
    yaml = client.get("/api/v1/schema/?format=yaml")
    assert yaml.content.startswith(b"openapi: 3.1.0")


@pytest.mark.parametrize("query", ["", "?format=yaml"])
def test_it_is_made_once_and_not_sent_to_who_has_it(db, client: Client, query: str, monkeypatch: pytest.MonkeyPatch):
    first, other = (client.get(f"/api/v1/schema/{one}") for one in (query, "" if query else "?format=yaml"))
    assert first["Cache-Control"] == "public, max-age=300"
    # Whatever could make it is gone: it is there already.
    monkeypatch.setattr(pages, "SchemaGenerator", None)
    assert client.get(f"/api/v1/schema/{query}").content == first.content
    again = client.get(f"/api/v1/schema/{query}", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    older = client.get(f"/api/v1/schema/{query}", headers={"if-none-match": '"of-an-older-version"'})
    assert (older.status_code, older.content) == (200, first.content)
    assert first["ETag"] != other["ETag"]


def test_its_page_leads_back(db, client: Client):
    assert '<a class="link" href="/">Back to Salient</a>' in client.get("/api/v1/docs/").content.decode()


def test_its_page_loads_nothing_from_elsewhere_and_loosens_the_policy_for_its_icons_only(db, client: Client):
    page = client.get("/api/v1/docs/")
    policy = dict(part.strip().split(" ", 1) for part in page["Content-Security-Policy"].split(";") if part.strip())
    usual = dict(
        part.strip().split(" ", 1)
        for part in client.get("/accounts/login/")["Content-Security-Policy"].split(";")
        if part.strip()
    )
    assert policy == usual | {"img-src": "'self' data:"}
    assert not re.search(rb"(src|href)=\"(https?:)?//", page.content)
    assert b"<style" not in page.content
    assert b"style=" not in page.content
