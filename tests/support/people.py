"""The house: one organisation with a member of each role, and a stranger with a house of their own."""

from dataclasses import dataclass

from django.conf import settings
from django.test import Client

from accounts.models import Organisation, Role, User
from tests.support.factories import MembershipFactory, OrganisationFactory, UserFactory


@dataclass(frozen=True)
class House:
    organisation: Organisation
    owner: User
    analyst: User
    approver: User
    viewer: User
    outsider: User
    elsewhere: Organisation  # the outsider's own, where they are the owner


def build_house() -> House:
    organisation = OrganisationFactory(name="Example Ltd.", slug="example")
    elsewhere = OrganisationFactory(name="Elsewhere Inc.", slug="elsewhere")
    members = {role: UserFactory(email=f"{role}@example.org", name=role.label) for role in Role}
    for role, user in members.items():
        MembershipFactory(organisation=organisation, user=user, role=role)
    outsider = UserFactory(email="outsider@example.net", name="Outsider")
    MembershipFactory(organisation=elsewhere, user=outsider, role=Role.OWNER)
    return House(
        organisation=organisation,
        elsewhere=elsewhere,
        outsider=outsider,
        **{role.value: user for role, user in members.items()},
    )


def client_of(user: User) -> Client:
    """A client that is signed in as `user`."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client
