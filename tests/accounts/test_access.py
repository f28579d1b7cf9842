"""Who gets in: addresses under an organisation, home, errors."""

import re

import pytest
from django.template.loader import get_template
from django.test import Client

from tests.support.factories import MembershipFactory
from tests.support.people import House


def without_token(page: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page)


def test_without_signing_in_one_is_asked_to(house: House, client: Client):
    assert client.get("/o/example/").url == "/accounts/login/?next=/o/example/"


def test_a_stranger_sees_the_same_as_where_nothing_is(outsider_client: Client):
    existing, missing = outsider_client.get("/o/example/"), outsider_client.get("/o/nowhere/")
    assert (existing.status_code, missing.status_code) == (404, 404)
    assert without_token(existing.content) == without_token(missing.content)


def test_an_organisation_named_in_the_form_is_not_believed(outsider_client: Client, house: House):
    response = outsider_client.post("/o/example/members/", {"email": "x@example.org", "organisation": "elsewhere"})
    assert response.status_code == 404


def test_home_leads_to_the_only_organisation(viewer_client: Client):
    assert viewer_client.get("/").url == "/o/example/"


def test_home_offers_the_choice_between_several(house: House, viewer_client: Client):
    MembershipFactory(organisation=house.elsewhere, user=house.viewer)
    page = viewer_client.get("/").content.decode()
    assert "Example Ltd." in page
    assert "Elsewhere Inc." in page


def test_home_without_any_organisation_says_what_to_do(house: House, viewer_client: Client):
    house.viewer.memberships.all().delete()
    assert "Ask an owner to add viewer@example.org" in viewer_client.get("/").content.decode()


def test_the_health_check_asks_the_database(db: None, client: Client, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert client.get("/healthz").content == b"ok"


def test_a_form_without_its_token_says_what_happened(house: House):
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.post("/o/example/members/", {"email": "x@example.org"})
    assert response.status_code == 403
    assert "Nothing was changed" in response.content.decode()


@pytest.mark.parametrize("directive", ["script-src 'self'", "default-src 'none'", "frame-ancestors 'none'"])
def test_pages_carry_a_strict_content_policy(owner_client: Client, directive: str):
    policy = owner_client.get("/o/example/members/")["Content-Security-Policy"]
    assert directive in policy
    assert "unsafe" not in policy


def test_a_host_that_is_not_ours_gets_a_page_and_no_answer(db: None, client: Client):
    response = client.get("/accounts/login/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "This request could not be read" in response.content.decode()


def test_the_page_for_our_own_faults_needs_no_database():
    # Without the fixture `db` any query fails this test.
    assert "Something went wrong here" in get_template("500.html").render()
