"""A survey in which answers are connected with people, two of whom have answered, and one who has not."""

from collections.abc import Callable

import pytest

from scoping.models import Assessment
from surveys.answers import Extras
from surveys.keys import personal_token
from surveys.links import AnswerLink, personal_link
from surveys.models import Anonymity, Invitation, Survey
from surveys.services import fold_responses, open_survey, prepare_survey, submit_response
from surveys.services.inviting import add_invitations
from tests.support.factories import ContactFactory

KIM, LEE = "kim@example.org", "lee@example.org"


def link_of(address: str) -> AnswerLink:
    nonce = Invitation.objects.get(address=address).nonce
    found = personal_link(personal_token(bytes(nonce)))
    assert found
    return found


@pytest.fixture
def asked(assessment: Assessment) -> Callable[..., Survey]:
    """asked("confidential"): Kim, who is a contact too, and five others of the first group have answered and are
    counted; Lee has not."""

    def build(anonymity: str = Anonymity.CONFIDENTIAL, **design: object) -> Survey:
        survey = prepare_survey(assessment=assessment)
        for name, value in {"anonymity": anonymity, "minimum_group": 1, "comment_per_issue": True, **design}.items():
            setattr(survey, name, value)
        survey.save()
        group = assessment.groups.first()
        ContactFactory(group=group, name="Kim", email="Kim@Example.org")
        people = [KIM, LEE, *(f"person{number}@example.org" for number in range(5))]
        add_invitations(survey=survey, group=group, rows=[(address, "", "") for address in people])
        open_survey(survey=survey)
        for number, address in enumerate(people):
            if address == KIM:
                extras = Extras(overall="Kim’s own words.", comments={"issue-0": "On water."})
                submit_response(link=link_of(address), answers=bytes([5, 5, 5, 1, 0]), extras=extras)
            elif address != LEE:
                submit_response(link=link_of(address), answers=bytes([number % 5 + 1] * 5))
        fold_responses(survey=survey)
        survey.refresh_from_db()
        return survey

    return build
