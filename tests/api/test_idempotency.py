"""What is sent twice with one key is done once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connections
from django.utils import timezone

from api.idempotency import forget_old_replies
from api.models import KeptReply
from scoping.api import assessments
from scoping.models import Assessment
from tests.api.conftest import Api, ApiOf, key_of
from tests.support.people import House, build_house

NEW = {"name": "Water", "company": "Water Ltd.", "reporting_period": "2026"}
KEY = {"Idempotency-Key": "first-import"}


def test_the_same_request_is_done_once_and_answered_the_same(api: Api):
    first, again = (api.post("assessments/", NEW, **KEY) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again["Content-Type"] == first["Content-Type"]
    assert (first.get("Idempotent-Replayed"), again["Idempotent-Replayed"]) == (None, "true")
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "body"), [("assessments/", NEW | {"name": "Other"}), ("assessments/?x=1", NEW), ("members/", NEW)]
)
def test_the_same_key_for_another_request_is_refused(api: Api, path: str, body: dict):
    api.post("assessments/", NEW, **KEY)
    refused = api.post(path, body, **KEY)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:salient:problem:key-reused")


def test_keys_of_different_tokens_do_not_meet(api: Api, house: House, api_of: ApiOf):
    api.post("assessments/", NEW, **KEY)
    other = api_of(house.analyst).post("assessments/", NEW | {"name": "Other"}, **KEY)
    assert other.status_code == 201


def test_an_error_is_not_kept_since_nothing_was_done(api: Api):
    assert api.post("assessments/", {"name": ""}, **KEY).status_code == 400
    assert KeptReply.objects.count() == 0
    assert api.post("assessments/", NEW, **KEY).status_code == 201


def test_without_a_body_too(api: Api):
    first, again = (api.post("assessments/none/runs/", None, **KEY) for _ in range(2))
    assert (first.status_code, again.status_code) == (404, 404)


def test_a_request_under_way_is_not_begun_again(api: Api):
    api.post("assessments/", NEW, **KEY)
    KeptReply.objects.update(status_code=None, body=b"")
    waits = api.post("assessments/", NEW, **KEY)
    assert (waits.status_code, waits.json()["type"]) == (409, "urn:salient:problem:in-progress")


def test_one_whose_process_died_is_taken_over(api: Api, house: House):
    api.post("assessments/", NEW, **KEY)
    Assessment.objects.all().delete()
    KeptReply.objects.update(status_code=None, body=b"", created_at=timezone.now() - timedelta(hours=1))
    assert api.post("assessments/", NEW, **KEY).status_code == 201
    assert Assessment.objects.count() == 1


def test_one_that_was_taken_over_meanwhile_leaves_nothing(api: Api, monkeypatch):
    create = assessments.create_assessment

    def slow(**values):
        KeptReply.objects.update(created_at=timezone.now() + timedelta(minutes=11))  # somebody else has it now
        return create(**values)

    monkeypatch.setattr(assessments, "create_assessment", slow)
    answer = api.post("assessments/", NEW, **KEY)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:salient:problem:in-progress")
    assert Assessment.objects.count() == 0


@pytest.mark.parametrize("key", ["", "a b", "ключ", "x" * 201])
def test_a_key_that_is_none_is_refused(api: Api, key: str):
    answer = api.post("assessments/", NEW, **{"Idempotency-Key": key})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["header"] == "Idempotency-Key"


def test_replies_are_forgotten_after_a_day(api: Api):
    api.post("assessments/", NEW, **KEY)
    KeptReply.objects.update(created_at=timezone.now() - timedelta(hours=25))
    cache.delete("api-replies-swept")
    forget_old_replies()
    assert KeptReply.objects.count() == 0


@pytest.mark.production
def test_two_at_the_same_moment_do_it_once(transactional_db):
    house = build_house()
    key = key_of(house.owner)
    start = threading.Barrier(6)

    def send(_number: int) -> int:
        try:
            start.wait()
            return Api(key).post("assessments/", NEW, **KEY).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        answers = sorted(threads.map(send, range(6)))
    assert set(answers) <= {201, 409}
    assert 201 in answers
    assert Assessment.objects.count() == 1
    assert Api(key).post("assessments/", NEW, **KEY)["Idempotent-Replayed"] == "true"
