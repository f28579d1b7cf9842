"""A result that can be proposed, and the people who propose and confirm it."""

from collections.abc import Callable

import pytest

from accounts.models import Membership, Role, User
from materiality.models import Proposal
from materiality.services import analyse_now, propose, sign
from scoping.models import Assessment
from surveys.services import close_survey
from tests.support.factories import MembershipFactory, UserFactory
from tests.support.people import House

Sign = Callable[..., Proposal]


@pytest.fixture
def result(answered: Assessment) -> Assessment:
    """Closed and analysed: a, b and c in High, Moderate and Minor."""
    close_survey(survey=answered.survey)
    analyse_now(assessment=answered)
    answered.refresh_from_db()
    return answered


@pytest.fixture
def proposed(result: Assessment, house: House) -> Proposal:
    return propose(assessment=result, body="the board", by=house.analyst)


def member(house: House, user: User) -> Membership:
    return Membership.objects.get(organisation=house.organisation, user=user)


@pytest.fixture
def signs(house: House) -> Sign:
    """signs(proposal, user): confirms it, or does what the keywords say."""

    def sign_it(proposal: Proposal, user: User, **more: str) -> Proposal:
        given = {"verdict": "confirm", "means": "password", "digest": proposal.digest, **more}
        return sign(proposal=proposal, membership=member(house, user), **given)

    return sign_it


@pytest.fixture
def second(house: House) -> User:
    """Another approver."""
    user = UserFactory(email="second@example.org", name="Second Approver")
    MembershipFactory(organisation=house.organisation, user=user, role=Role.APPROVER)
    return user
