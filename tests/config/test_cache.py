import pytest
from django.test import Client

from config.cache import ForgivingRedisCache
from tests.support.factories import PASSWORD
from tests.support.people import House

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture
def silent() -> ForgivingRedisCache:
    return ForgivingRedisCache(NOBODY_LISTENS, {"OPTIONS": {"socket_connect_timeout": 1}})


def test_while_redis_is_down_everything_is_a_miss(silent: ForgivingRedisCache):
    silent.set("key", 1)
    assert silent.get("key", "nothing") == "nothing"
    assert silent.get_many(["key"]) == {}
    assert silent.add("lock", True) is True
    assert silent.incr("count", 2) == 2
    assert silent.delete("key") is False


def test_one_can_sign_in_while_redis_is_down(house: House, client: Client, settings):
    settings.CACHES = {"default": {"BACKEND": "config.cache.ForgivingRedisCache", "LOCATION": NOBODY_LISTENS}}
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/ip"}
    wrong = client.post("/accounts/login/", {"login": "owner@example.org", "password": "wrong"})
    assert wrong.status_code == 200
    right = client.post("/accounts/login/", {"login": "owner@example.org", "password": PASSWORD})
    assert right.status_code == 302
