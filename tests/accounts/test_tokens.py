"""Keys to the API: made and shown once, revoked, and told in the record."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, AuditEvent, Membership, Organisation, User
from accounts.tokens import MOST_TOKENS, READ, SCOPES, SCOPING, access_by, create_token, hash_of
from tests.support.people import House

PAGE = "/o/example/tokens/"
FILLED = {"name": "Dashboard", "kind": "personal", "scopes": ["read"], "days": "30"}


def membership(house: House, user: User) -> Membership:
    return Membership.objects.select_related("organisation", "user").get(organisation=house.organisation, user=user)


def shown_key(content: bytes) -> str:
    (key,) = set(re.findall(r"slt_[A-Za-z0-9]{40}", content.decode()))
    return str(key)


def test_a_key_is_shown_once_and_kept_as_a_hash(house: House, owner_client: Client):
    made = owner_client.post(PAGE, FILLED)
    assert made.status_code == 200
    key = shown_key(made.content)
    token = ApiToken.objects.get()
    assert (token.key_hash, token.start, token.user) == (hash_of(key), key[:12], house.owner)
    assert timedelta(days=29) < token.expires_at - timezone.now() <= timedelta(days=30)
    again = owner_client.get(PAGE).content.decode()
    assert key not in again
    assert key[:12] in again
    assert "no-store" in made["Cache-Control"]


def test_the_record_tells_of_making_and_revoking(house: House, owner_client: Client):
    owner_client.post(PAGE, FILLED)
    token = ApiToken.objects.get()
    owner_client.post(f"{PAGE}{token.pk}/revoke/")
    owner_client.post(f"{PAGE}{token.pk}/revoke/")
    lines = list(AuditEvent.objects.filter(subject="tokens").order_by("pk").values_list("summary", flat=True))
    assert lines == [
        f"made an API key, Dashboard ({token.start}…): read",
        f"revoked the API key Dashboard ({token.start}…)",
    ]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "Name what uses the key"),
        ("name", "\u202e \t", "Name what uses the key"),
        ("scopes", [], "Choose what the key may do"),
        ("scopes", ["everything"], "everything"),
        ("days", "0", "greater than or equal to 1"),
        ("days", "367", "less than or equal to 366"),
        ("days", "soon", "whole number"),
    ],
)
def test_what_is_wrong_comes_back_with_the_page(owner_client: Client, house: House, field: str, value, says: str):
    answer = owner_client.post(PAGE, FILLED | {field: value})
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("role", ["viewer", "approver", "analyst"])
def test_every_member_makes_keys_as_far_as_the_role_goes(house: House, client_of, role: str):
    user = getattr(house, role)
    client = client_of(user)
    assert client.post(PAGE, {"name": "Mine", "scopes": ["read"], "days": "1"}).status_code == 200
    refused = client.post(PAGE, {"name": "Mine", "scopes": ["manage"], "days": "1"})
    assert refused.status_code == 400
    assert client.post(PAGE, FILLED | {"kind": "service"}).status_code == 200  # there is no such field for them
    assert set(ApiToken.objects.values_list("user", flat=True)) == {user.pk}


def test_the_service_asks_for_the_role_too(house: House):
    with pytest.raises(ValidationError, match="Your role does not allow: write:scoping"):
        create_token(membership=membership(house, house.viewer), name="X", scopes=[READ, SCOPING], days=1)
    with pytest.raises(ValidationError, match="Only owners"):
        create_token(membership=membership(house, house.analyst), name="X", scopes=[READ], days=1, service=True)


def test_owners_make_keys_of_services(house: House, owner_client: Client):
    key = shown_key(owner_client.post(PAGE, FILLED | {"kind": "service", "scopes": list(SCOPES)}).content)
    access = access_by(key)
    assert access is not None
    assert (access.person, access.role, access.scopes) == (None, "", frozenset(SCOPES))


def test_there_is_an_end_to_the_number_of_keys(house: House):
    values = {"membership": membership(house, house.viewer), "name": "X", "scopes": [READ], "days": 1}
    for _ in range(MOST_TOKENS):
        create_token(**values)
    with pytest.raises(ValidationError, match="Revoke those that nothing uses"):
        create_token(**values)
    ApiToken.objects.update(expires_at=timezone.now())
    create_token(**values)


def test_owners_see_all_keys_and_others_their_own(house: House, owner_client: Client, viewer_client: Client):
    create_token(membership=membership(house, house.owner), name="The owner's own", scopes=[READ], days=1)
    create_token(membership=membership(house, house.viewer), name="Of the viewer", scopes=[READ], days=1)
    everything = owner_client.get(PAGE).content.decode()
    assert "The owner&#x27;s own" in everything
    assert "Of the viewer" in everything
    own = viewer_client.get(PAGE).content.decode()
    assert "Of the viewer" in own
    assert "slt_" in own
    assert 'scope="row" class="mid">The owner' not in own


def test_who_may_revoke(house: House, owner_client: Client, viewer_client: Client, analyst_client: Client):
    token, key = create_token(membership=membership(house, house.viewer), name="X", scopes=[READ], days=1)
    place = f"{PAGE}{token.pk}/revoke/"
    assert analyst_client.post(place).status_code == 403
    assert access_by(key) is not None
    assert viewer_client.post(place).status_code == 302
    assert access_by(key) is None
    other, _key = create_token(membership=membership(house, house.viewer), name="Y", scopes=[READ], days=1)
    assert owner_client.post(f"{PAGE}{other.pk}/revoke/").status_code == 302
    assert ApiToken.objects.filter(revoked_at=None).count() == 0


def test_a_key_of_another_organisation_is_not_found(house: House, owner_client: Client):
    theirs = Membership.objects.select_related("organisation", "user").get(user=house.outsider)
    token, _key = create_token(membership=theirs, name="Theirs", scopes=[READ], days=1)
    assert owner_client.post(f"{PAGE}{token.pk}/revoke/").status_code == 404
    assert "Theirs" not in owner_client.get(PAGE).content.decode()


def test_the_page_asks_the_database_no_more_with_many_keys(
    house: House, owner_client: Client, django_assert_max_num_queries
):
    for user in (house.owner, house.viewer, house.analyst):
        for number in range(5):
            create_token(membership=membership(house, user), name=f"{number}", scopes=[READ], days=1)
    with django_assert_max_num_queries(8):
        owner_client.get(PAGE)


def test_keys_go_with_their_organisation(house: House):
    create_token(membership=membership(house, house.owner), name="X", scopes=[READ], days=1)
    Organisation.objects.filter(pk=house.organisation.pk).delete()
    assert not ApiToken.objects.exists()
