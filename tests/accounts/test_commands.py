from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, Role


def test_create_organisation_makes_an_owner_and_prints_where_to_choose_a_password(db: None):
    out = StringIO()
    call_command("create_organisation", "Acme", owner="boss@example.org", stdout=out)
    assert Membership.objects.get(user__email="boss@example.org").role == Role.OWNER
    assert "/o/acme/" in out.getvalue()
    assert "http://localhost:8000/accounts/password/reset/key/" in out.getvalue()


def test_create_organisation_takes_a_password_from_standard_input(db: None, monkeypatch, client):
    monkeypatch.setattr("sys.stdin", StringIO("a long enough passphrase\n"))
    call_command("create_organisation", "Acme", owner="boss@example.org", password_stdin=True, stdout=StringIO())
    assert client.login(email="boss@example.org", password="a long enough passphrase")


def test_a_weak_password_is_refused_and_nothing_is_made(db: None, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO("short\n"))
    with pytest.raises(CommandError, match="too short"):
        call_command("create_organisation", "Acme", owner="boss@example.org", password_stdin=True)
    assert not Membership.objects.exists()


def test_an_address_that_is_none_is_named(db: None):
    with pytest.raises(CommandError, match="'boss' is not an e-mail address"):
        call_command("create_organisation", "Acme", owner="boss")
