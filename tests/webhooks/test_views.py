"""The pages on webhooks: owners alone."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.browser.test_pages import SIZES, Axe, inspect
from tests.support.browser import NewPage
from tests.support.people import House
from webhooks.models import Endpoint, WebhookDelivery
from webhooks.services import MOST_BY_HAND, add_endpoint, send_test

pytestmark = pytest.mark.django_db
LIST = "/o/example/webhooks/"


@pytest.fixture
def endpoint(house: House) -> Endpoint:
    return add_endpoint(organisation=house.organisation, url="https://example.org/in", events=["run.finished"], by=None)


def page_of(endpoint: Endpoint) -> str:
    return f"{LIST}{endpoint.pk}/"


def test_without_any_the_page_says_what_one_is_for(owner_client: Client):
    page = owner_client.get(LIST).content.decode()
    assert "No endpoint yet" in page
    assert "A survey was closed" in page


def test_an_endpoint_is_added_and_its_secret_is_there(owner_client: Client):
    sent = {"url": "https://example.org/in", "events": ["run.finished", "survey.closed"]}
    answer = owner_client.post(LIST, sent, follow=True)
    endpoint = Endpoint.objects.get()
    assert answer.redirect_chain[-1][0] == page_of(endpoint)
    page = answer.content.decode()
    assert endpoint.secret in page
    assert "Nothing was sent yet" in page
    assert endpoint.url in owner_client.get(LIST).content.decode()


def test_a_refusal_says_why_beside_the_field_and_keeps_what_was_typed(owner_client: Client):
    answer = owner_client.post(LIST, {"url": "http://example.org/<script>", "events": ["run.finished"]})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "begins with https://" in page
    assert "http://example.org/&lt;script&gt;" in page
    assert not Endpoint.objects.exists()


def test_it_is_changed_and_switched_off(owner_client: Client, endpoint: Endpoint):
    owner_client.post(page_of(endpoint), {"url": "https://example.org/other", "events": ["survey.closed"]})
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.events, endpoint.is_active) == (
        "https://example.org/other",
        ["survey.closed"],
        False,
    )


def test_a_change_that_is_refused_changes_nothing(owner_client: Client, endpoint: Endpoint):
    answer = owner_client.post(page_of(endpoint), {"url": "ftp://example.org", "events": ["survey.closed"]})
    assert answer.status_code == 400
    endpoint.refresh_from_db()
    assert endpoint.url == "https://example.org/in"


def test_what_was_sent_is_listed_with_what_came_of_it(owner_client: Client, endpoint: Endpoint):
    WebhookDelivery.objects.create(
        endpoint=endpoint, event="run.finished", payload={}, attempts=2, status_code=503, error="It said 503."
    )
    WebhookDelivery.objects.create(
        endpoint=endpoint, event="run.finished", payload={}, attempts=1, error="Connection refused"
    )
    page = owner_client.get(page_of(endpoint)).content.decode()
    assert "The receiver answered with 503. (2 attempts)" in page
    assert "Connection refused (1 attempt)" in page


@pytest.mark.parametrize("what", ["test", "renew", "remove", "nonsense"])
def test_each_act_does_its_own(owner_client: Client, endpoint: Endpoint, what: str):
    answer = owner_client.post(f"{page_of(endpoint)}act/", {what: "1"}, follow=True)
    assert answer.status_code == 200
    assert WebhookDelivery.objects.exists() == (what == "test")
    assert Endpoint.objects.exists() == (what != "remove")
    assert Endpoint.objects.filter(secret=endpoint.secret).exists() == (what in ("test", "nonsense"))


def test_a_message_is_sent_again(owner_client: Client, endpoint: Endpoint):
    delivery = send_test(endpoint=endpoint, by=None)
    answer = owner_client.post(f"{LIST}deliveries/{delivery.pk}/again/", follow=True)
    assert "is sent again" in answer.content.decode()


def test_pressed_too_often_it_says_when_again(owner_client: Client, endpoint: Endpoint):
    for _ in range(MOST_BY_HAND):
        delivery = send_test(endpoint=endpoint, by=None)
    for path, sent in ((f"{page_of(endpoint)}act/", {"test": "1"}), (f"{LIST}deliveries/{delivery.pk}/again/", {})):
        page = owner_client.post(path, sent, follow=True).content.decode()
        assert "You can send the next one in" in page
        assert "is on its way" not in page
        assert "is sent again" not in page
    assert WebhookDelivery.objects.count() == MOST_BY_HAND


def test_while_something_is_sent_the_page_looks_by_itself(owner_client: Client, endpoint: Endpoint):
    delivery = send_test(endpoint=endpoint, by=None)
    page = owner_client.get(page_of(endpoint)).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "Look again" in page  # without JavaScript
    for outcome in ({"error": "The receiver answered with 500."}, {"error": "", "delivered_at": timezone.now()}):
        WebhookDelivery.objects.filter(pk=delivery.pk).update(**outcome)
        page = owner_client.get(page_of(endpoint)).content.decode()
        assert "hx-trigger" not in page
        assert "Look again" not in page


def test_what_is_switched_off_is_not_waited_for(owner_client: Client, endpoint: Endpoint):
    send_test(endpoint=endpoint, by=None)
    Endpoint.objects.update(is_active=False)
    page = owner_client.get(page_of(endpoint)).content.decode()
    assert "hx-trigger" not in page
    assert "not sent: switched off" in page


@pytest.mark.parametrize("role", ["analyst", "approver", "viewer"])
def test_only_owners_see_them(role: str, endpoint: Endpoint, request: pytest.FixtureRequest):
    client: Client = request.getfixturevalue(f"{role}_client")
    for path in (LIST, page_of(endpoint)):
        answer = client.get(path)
        assert answer.status_code == 403
        assert endpoint.secret not in answer.content.decode()


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_the_pages_fit_and_hinder_nobody(
    endpoint: Endpoint, house: House, new_page: NewPage, axe: Axe, size: tuple[int, int]
):
    WebhookDelivery.objects.create(endpoint=endpoint, event="run.finished", payload={}, error="Nobody answered. " * 9)
    page = new_page(house.owner, size, reduced_motion="reduce")
    for path in (LIST, page_of(endpoint)):
        page.goto(path)
        inspect(page, axe, size)
