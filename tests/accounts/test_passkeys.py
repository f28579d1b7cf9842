"""Pages of passkeys without a device: who gets there, what is asked first. The ceremony is tested in a browser
(tests/materiality/confirmation/test_browser.py)."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.test import Client

from accounts.models import AuditEvent, User
from config import settings as product
from tests.support.factories import PASSWORD
from tests.support.people import House, client_of

LIST = "/accounts/passkeys/"
ADD = f"{LIST}add/"
AGAIN = "/accounts/reauthenticate/"
TOO_DEEP = "[" * 100_000


def key_of(user: User, name: str = "Laptop") -> Authenticator:
    """A row as the list shows it; nothing can be signed with it."""
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": {}})


def shows_again(client: Client, page: str) -> None:
    client.post(f"{AGAIN}?next={page}", {"password": PASSWORD})


def test_without_any_the_page_says_what_to_do(viewer_client: Client) -> None:
    page = viewer_client.get(LIST).content.decode()
    assert "You have no passkey yet" in page
    assert ADD in page


def test_a_stranger_is_asked_to_sign_in(db: None, client: Client) -> None:
    for path in (LIST, ADD, f"{LIST}challenge/"):
        assert client.get(path).url.partition("?")[0] == "/accounts/login/"


@pytest.mark.parametrize("path", ["add/", "{pk}/", "{pk}/remove/"])
def test_the_password_is_asked_before_anything_changes(house: House, viewer_client: Client, path: str) -> None:
    path = LIST + path.format(pk=key_of(house.viewer).pk)
    for method in (viewer_client.get, viewer_client.post):
        assert method(path).url.startswith(AGAIN)
    wrong = viewer_client.post(f"{AGAIN}?next={path}", {"password": "wrong"})
    assert "This is not your password." in wrong.content.decode()
    assert viewer_client.get(path).url.startswith(AGAIN)
    assert Authenticator.objects.count() == 1


def test_with_it_one_lands_where_one_wanted_to_go(viewer_client: Client) -> None:
    assert viewer_client.post(f"{AGAIN}?next={ADD}", {"password": PASSWORD}).url == ADD
    page = viewer_client.get(ADD).content.decode()
    assert "data-options=" in page
    assert 'value="Passkey 1"' in page


def test_a_hash_that_could_be_stronger_does_not_end_the_session(house: House, settings) -> None:
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    house.viewer.password = Argon2PasswordHasher().encode(PASSWORD, "short-salt")
    house.viewer.save()
    client = client_of(house.viewer)
    shows_again(client, ADD)
    assert client.get(ADD).status_code == 200


def test_wrong_passwords_are_limited_and_the_page_says_how_long(viewer_client: Client) -> None:
    cache.clear()
    for _ in range(5):
        viewer_client.post(AGAIN, {"password": "wrong"})
    page = viewer_client.post(AGAIN, {"password": PASSWORD}).content.decode()
    assert "Too many wrong passwords. Wait 10 minutes, then try again." in page


def test_ones_own_is_named_and_removed_with_a_line_in_the_record(house: House, viewer_client: Client) -> None:
    key = key_of(house.viewer)
    shows_again(viewer_client, LIST)
    assert viewer_client.post(f"{LIST}{key.pk}/", {"name": " "}).status_code == 400
    viewer_client.post(f"{LIST}{key.pk}/", {"name": "Phone"})
    key.refresh_from_db()
    assert str(key) == "Phone"
    viewer_client.post(f"{LIST}{key.pk}/remove/")
    assert not Authenticator.objects.exists()
    lines = AuditEvent.objects.filter(organisation=house.organisation, actor=house.viewer).order_by("pk")
    assert list(lines.values_list("summary", flat=True)) == ["named a passkey Phone", "removed the passkey Phone"]


def test_somebody_elses_does_not_exist(house: House, viewer_client: Client) -> None:
    key = key_of(house.owner)
    shows_again(viewer_client, LIST)
    for path in (f"{LIST}{key.pk}/", f"{LIST}{key.pk}/remove/"):
        assert viewer_client.get(path).status_code == 404
        assert viewer_client.post(path, {"name": "Mine"}).status_code == 404
    assert "Laptop" not in viewer_client.get(LIST).content.decode()


@pytest.mark.parametrize(
    "credential", ["", "{", "[]", "{}", '"x"', '{"id": "a", "type": "public-key"}', "null", "1", TOO_DEEP]
)
def test_what_is_no_new_passkey_is_refused(viewer_client: Client, credential: str) -> None:
    shows_again(viewer_client, ADD)
    viewer_client.get(ADD)
    assert viewer_client.post(ADD, {"name": "x", "credential": credential}).status_code == 400
    assert not Authenticator.objects.exists()


def test_who_has_none_gets_no_challenge(viewer_client: Client) -> None:
    assert viewer_client.get(f"{LIST}challenge/").status_code == 400


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{",
        "[]",
        "{}",
        '"x"',
        "null",
        "1",
        '{"response": {"userHandle": "AAAA"}}',
        '{"id": 1}',
        '{"rawId": "a", "id": "a", "response": {}}',
        TOO_DEEP,
    ],
)
def test_what_is_no_answer_signs_nobody_in(db: None, client: Client, credential: str) -> None:
    cache.clear()  # tries are counted
    challenge = client.get(f"{LIST}login/", headers={"accept": "application/json"}).json()
    assert challenge["request_options"]["publicKey"]["userVerification"] == "required"
    response = client.post(f"{LIST}login/", {"credential": credential})
    assert response.status_code == 302
    assert client.get("/").url.startswith("/accounts/login/")


def test_a_passkey_is_an_offer_and_the_password_goes_on_signing_in(house: House, client: Client) -> None:
    key_of(house.owner)
    answer = client.post("/accounts/login/", {"login": "owner@example.org", "password": PASSWORD})
    assert answer.url == "/"


@pytest.mark.parametrize("path", ["/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/recovery-codes/"])
def test_other_second_factors_are_not_offered(owner_client: Client, path: str) -> None:
    assert owner_client.get(path).status_code == 404
