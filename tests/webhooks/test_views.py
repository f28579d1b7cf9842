"""The pages on webhooks: owners alone."""

import pytest
from django.test import Client

from tests.browser.test_pages import SIZES, Axe, inspect
from tests.support.browser import NewPage
from tests.support.people import House
from webhooks.models import Endpoint, WebhookDelivery
from webhooks.services import add_endpoint, send_test

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
        endpoint=endpoint, event="run.finished", payload={}, attempts=2, status_code=503, error="The receiver said no."
    )
    page = owner_client.get(page_of(endpoint)).content.decode()
    assert "The receiver said no." in page
    assert "(2 attempts)" in page


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
