"""Webhooks through the API: the owners' alone, and the secret told twice at most."""

import pytest

from accounts.models import AuditEvent
from accounts.tokens import SCOPES
from jobs.models import Job
from tests.api.conftest import Api, ApiOf
from tests.support.people import House
from webhooks.models import Endpoint
from webhooks.services import MOST_BY_HAND, MOST_ENDPOINTS

NEW = {"url": "https://dashboard.example.org/salient", "events": ["run.finished"]}


@pytest.fixture
def place(api: Api) -> str:
    return f"webhooks/{api.post('webhooks/', NEW).json()['id']}/"


def test_an_endpoint_is_added_changed_and_removed(api: Api, house: House):
    made = api.post("webhooks/", NEW)
    assert made.status_code == 201, made.content
    told = {name: value for name, value in made.json().items() if name != "secret"}
    assert (told["url"], told["events"], told["is_active"]) == (NEW["url"], NEW["events"], True)
    assert told["created_by"] == house.owner.email
    place = f"webhooks/{told['id']}/"
    assert api.read(place) == told == api.read("webhooks/")["results"][0]
    assert api.patch(place, {"is_active": False}).json() == told | {"is_active": False}
    assert api.patch(place, {"events": ["survey.closed"]}).json()["is_active"] is False
    assert api.delete(place).status_code == 204
    assert not Endpoint.objects.exists()


def test_the_secret_is_told_when_it_is_made_and_not_again(api: Api):
    made = api.post("webhooks/", NEW).json()
    place = f"webhooks/{made['id']}/"
    stored = Endpoint.objects.get()
    assert made["secret"] == stored.secret
    renewed = api.post(f"{place}renew-secret/").json()["secret"]
    assert renewed != made["secret"]
    assert renewed == Endpoint.objects.get().secret
    read = [api.get(path).content.decode() for path in ("webhooks/", place, f"{place}deliveries/", "record/")]
    read.append(api.patch(place, {"is_active": True}).content.decode())
    assert not any(secret in text for secret in (made["secret"], renewed) for text in read)


def test_what_cannot_be_an_endpoint_is_said_at_its_field(api: Api):
    for wrong, field in (({"url": "http://x.org"}, "url"), ({"events": []}, "events"), ({"events": ["x"]}, "events/0")):
        answer = api.post("webhooks/", NEW | wrong)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, f"#/{field}")
    for _ in range(MOST_ENDPOINTS):
        assert api.post("webhooks/", NEW).status_code == 201
    assert api.post("webhooks/", NEW).status_code == 409


def test_a_test_is_sent_listed_and_sent_again(api: Api, place: str):
    sent = api.post(f"{place}test/")
    assert (sent.status_code, sent.json()["event"], sent.json()["attempts"]) == (202, "test", 0)
    assert api.read(f"{place}deliveries/")["results"] == [sent.json()]
    again = api.post(f"{place}deliveries/{sent.json()['id']}/send/")
    assert (again.status_code, again.json()["id"]) == (202, sent.json()["id"])
    jobs = [job.arguments["delivery"] for job in Job.objects.filter(kind="webhooks.deliver")]
    assert jobs == [sent.json()["id"]] * 2
    other = f"webhooks/{api.post('webhooks/', NEW).json()['id']}/"
    assert api.post(f"{other}deliveries/{sent.json()['id']}/send/").status_code == 404


def test_too_many_tests_are_refused_with_when_again(api: Api, place: str):
    for _ in range(MOST_BY_HAND):
        assert api.post(f"{place}test/").status_code == 202
    refused = api.post(f"{place}test/")
    assert refused.status_code == 409
    assert "You can send the next one in" in refused.json()["detail"]


def test_only_keys_that_manage_see_them(api_of: ApiOf, house: House, place: str):
    scopes = sorted(set(SCOPES) - {"manage"})
    for user in (house.owner, house.analyst):
        without = api_of(user, *scopes)
        for path in ("webhooks/", place, f"{place}deliveries/"):
            assert without.get(path).status_code == 403
        assert without.post("webhooks/", NEW).status_code == 403
        assert without.post(f"{place}renew-secret/").status_code == 403


def test_what_is_done_is_on_record(api: Api, place: str):
    api.post(f"{place}renew-secret/")
    lines = AuditEvent.objects.filter(subject="webhooks").order_by("pk").values_list("summary", flat=True)
    assert list(lines) == [
        f"added the webhook {NEW['url']} (API key Test)",
        f"renewed the secret of the webhook {NEW['url']} (API key Test)",
    ]
