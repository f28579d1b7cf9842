"""How many people a result needs to be confirmed."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import AuditEvent, Membership, Role
from accounts.services import change_role, choose_people_to_confirm
from tests.support.people import House

MEMBERS = "/o/example/members/"
CHOOSE = f"{MEMBERS}confirming/"


def test_an_owner_chooses_two_and_the_record_tells(house: House, owner_client: Client) -> None:
    page = owner_client.post(CHOOSE, {"people": "2"}, follow=True).content.decode()
    house.organisation.refresh_from_db()
    assert house.organisation.people_to_confirm == 2
    assert "chose that two people confirm a result" in page
    assert re.search(r'<input type="radio" name="people" value="2"[^>]* checked', page)


def test_choosing_the_same_leaves_no_line(house: House) -> None:
    choose_people_to_confirm(organisation=house.organisation, people=1, by=house.owner)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("people", ["0", "3", "many", ""])
def test_other_numbers_are_refused(house: House, owner_client: Client, people: str) -> None:
    assert "Choose one person or two." in owner_client.post(CHOOSE, {"people": people}, follow=True).content.decode()
    house.organisation.refresh_from_db()
    assert house.organisation.people_to_confirm == 1
    with pytest.raises(ValidationError):
        choose_people_to_confirm(organisation=house.organisation, people=3, by=house.owner)


@pytest.mark.parametrize("role", ["analyst", "approver", "viewer"])
def test_only_owners_choose(house: House, role: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(f"{role}_client")
    assert client.post(CHOOSE, {"people": "2"}).status_code == 403
    page = client.get(MEMBERS).content.decode()
    assert CHOOSE not in page
    assert "One approver or owner confirms a result." in page


def test_two_are_wanted_and_only_one_may(house: House, owner_client: Client) -> None:
    choose_people_to_confirm(organisation=house.organisation, people=2, by=house.owner)
    assert "Nothing can be confirmed as it is" not in owner_client.get(MEMBERS).content.decode()
    approver = Membership.objects.get(user=house.approver)
    change_role(membership=approver, role=Role.VIEWER, by=house.owner)
    assert "Nothing can be confirmed as it is" in owner_client.get(MEMBERS).content.decode()
