import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client

from config import settings as product
from tests.support.factories import PASSWORD, UserFactory
from tests.support.people import House

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"


def test_passwords_are_hashed_with_argon2(settings):
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    assert identify_hasher(make_password("secret")).algorithm == "argon2"


def test_signing_in_by_mail_address_leads_to_the_organisation(house: House, client: Client):
    response = client.post(LOGIN, {"login": "Owner@Example.org", "password": PASSWORD}, follow=True)
    assert response.redirect_chain[-1][0] == "/o/example/"


def test_a_wrong_password_does_not_say_which_half_was_wrong(house: House, client: Client):
    wrong = client.post(LOGIN, {"login": "owner@example.org", "password": "wrong"}).content.decode()
    unknown = client.post(LOGIN, {"login": "nobody@example.org", "password": "wrong"}).content.decode()
    sentence = "not correct"
    assert sentence in wrong
    assert sentence in unknown


def test_after_signing_in_one_lands_where_one_wanted_to_go(house: House, client: Client):
    asked = client.get("/o/example/members/")
    assert asked.url == f"{LOGIN}?next=/o/example/members/"
    response = client.post(asked.url, {"login": "owner@example.org", "password": PASSWORD})
    assert response.url == "/o/example/members/"


def test_nobody_is_sent_to_another_site_after_signing_in(house: House, client: Client):
    response = client.post(f"{LOGIN}?next=https://evil.example/", {"login": "owner@example.org", "password": PASSWORD})
    assert "evil" not in response.url


def test_nobody_signs_up(db: None, client: Client):
    assert "Accounts come from an owner" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert not client.login(email="x@example.org", password=PASSWORD)


def test_signing_out_takes_a_button_and_not_a_link(owner_client: Client):
    owner_client.get("/accounts/logout/")
    assert owner_client.get("/o/example/").status_code == 200
    owner_client.post("/accounts/logout/")
    assert owner_client.get("/o/example/").status_code == 302


def test_a_reset_mail_leads_to_our_own_address_whatever_the_host_header(
    house: House, client: Client, mailoutbox, settings
):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(RESET, {"email": "owner@example.org"}, headers={"host": "evil.example"})
    assert "evil" not in mailoutbox[0].body
    assert "http://localhost:8000/accounts/password/reset/key/" in mailoutbox[0].body


def test_the_reset_page_does_not_say_who_has_an_account(house: House, client: Client):
    known = client.post(RESET, {"email": "owner@example.org"}, follow=True)
    unknown = client.post(RESET, {"email": "nobody@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert known.content == unknown.content


def test_a_used_link_says_what_to_do(db: None, client: Client):
    user = UserFactory()
    page = client.get(f"/accounts/password/reset/key/{user.pk.hex}-spent/", follow=True).content.decode()
    assert "does not work any more" in page


def test_too_many_wrong_passwords_are_slowed_down(house: House, client: Client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/ip"}
    for _ in range(4):
        page = client.post(LOGIN, {"login": "owner@example.org", "password": "wrong"})
    assert "Too many failed" in page.content.decode()


@pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/confirm-email/", "/accounts/password/set/"])
def test_pages_that_are_not_offered_do_not_exist(owner_client: Client, path: str):
    assert owner_client.get(path).status_code == 404


def test_signing_in_adds_no_notice_and_signing_out_says_so(house: House, client: Client):
    page = client.post(LOGIN, {"login": "owner@example.org", "password": PASSWORD}, follow=True).content.decode()
    assert 'class="notice' not in page
    assert "You are signed out." in client.post("/accounts/logout/", follow=True).content.decode()


def test_changing_the_password_takes_the_old_one(owner_client: Client, client: Client, house: House):
    form = {"oldpassword": "wrong", "password1": "another long passphrase", "password2": "another long passphrase"}
    owner_client.post("/accounts/password/change/", form)
    assert not client.login(email="owner@example.org", password="another long passphrase")
    saved = owner_client.post("/accounts/password/change/", form | {"oldpassword": PASSWORD}, follow=True)
    assert "Your password is saved." in saved.content.decode()
    assert client.login(email="owner@example.org", password="another long passphrase")


def test_fields_are_named_and_described_for_those_who_hear_them(db: None, client: Client):
    page = client.post(LOGIN, {"login": "not an address", "password": ""}).content.decode()
    assert "placeholder" not in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_password_error"' in page
    assert "id_password_error" in page.partition("aria-describedby=")[2]
