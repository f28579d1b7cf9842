import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from surveys.throttle import client_network, seconds_to_wait

GUESS = "/p/AAAAAAAAAAAAAAAAAAAAAA/"


@pytest.fixture(autouse=True)
def three_guesses(settings):
    cache.clear()
    settings.GUESSES_ALLOWED = 3
    yield
    cache.clear()


def test_after_a_few_guesses_the_same_page_asks_to_wait(client, db):
    pages = [client.get(GUESS) for _ in range(5)]
    assert [page.status_code for page in pages] == [404, 404, 404, 429, 429]
    assert len({page.content for page in pages}) == 1
    assert pages[-1]["Retry-After"] == "600"


def test_every_kind_of_link_and_request_counts(client, db):
    tries = [client.get("/s/x/"), client.post("/p/x/"), client.get("/s/x/kiosk/"), client.get("/p/x/thanks")]
    assert [page.status_code for page in tries] == [404, 404, 404, 429]


def test_links_that_open_a_survey_go_on_working(client, link):
    for _ in range(5):
        client.get(GUESS)
    assert client.get(f"/s/{link.token}/").status_code == 200


def test_another_address_has_its_own_count(db):
    for _ in range(5):
        Client(REMOTE_ADDR="192.0.2.1").get(GUESS)
    assert Client(REMOTE_ADDR="192.0.2.2").get(GUESS).status_code == 404


def test_the_cache_holds_no_address(client, db, monkeypatch):
    keys = []
    add = cache.add
    monkeypatch.setattr(cache, "add", lambda key, *rest: keys.append(key) or add(key, *rest))
    Client(REMOTE_ADDR="192.0.2.1").get(GUESS)
    assert len(keys) == 1
    assert "192.0.2.1" not in keys[0]


def test_a_count_that_ran_out_starts_again(monkeypatch):
    monkeypatch.setattr(cache, "add", lambda key, *rest: None)
    assert seconds_to_wait(RequestFactory().get(GUESS)) == 0


# --- whose address ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("proxies", "forwarded", "network"),
    [
        (0, "", "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1"),  # anybody can write that header
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (2, "1.2.3.4, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (1, "", "192.0.2.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "nonsense", "nonsense"),
    ],
)
def test_the_address_is_the_one_that_the_last_proxy_saw(settings, proxies, forwarded, network):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_network(RequestFactory(REMOTE_ADDR="192.0.2.1").get("/", headers=headers)) == network
