import logging

import pytest
from django.urls import reverse

from surveys.keys import address_hash, personal_token
from surveys.models import Invitation, InvitationState, OptOut
from surveys.services.inviting import add_invitations
from surveys.services.opting_out import mail_link, opt_out
from tests.support.factories import AssessmentFactory, InvitationFactory, SurveyFactory


@pytest.fixture
def address(invite):
    """Where the first of two invited people stops mails."""
    person = invite(2)[0]
    Invitation.objects.update(state=InvitationState.SENT, mails=1)
    return reverse("opt-out", kwargs={"token": personal_token(bytes(person.nonce))})


def states():
    return list(Invitation.objects.order_by("pk").values_list("state", flat=True))


def test_opening_the_page_changes_nothing(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert "No more mails from Example Ltd.</button>" in response.content.decode()
    assert client.head(address).status_code == 200
    assert states() == ["sent", "sent"]
    assert not OptOut.objects.exists()


def test_its_button_ends_the_mails_of_this_person(client, address, house):
    response = client.post(address)
    assert "You get no more mails" in response.content.decode()
    assert states() == ["opted-out", "sent"]
    only = OptOut.objects.get()
    assert bytes(only.address_hash) == address_hash(house.organisation.pk, "PERSON0@example.org")
    client.post(address)
    assert OptOut.objects.count() == 1


def test_a_mail_programs_own_button_needs_no_page_and_no_cookie(address):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    response = strict.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200
    assert states() == ["opted-out", "sent"]


def test_a_mistake_can_be_taken_back_by_the_person(client, address):
    client.post(address)
    response = client.post(address, {"again": "1"})
    assert "You get mails again" in response.content.decode()
    assert states() == ["sent", "sent"]
    assert not OptOut.objects.exists()


def test_it_holds_for_every_survey_of_the_organisation_and_no_other(client, address, house, survey):
    ours = SurveyFactory(assessment=AssessmentFactory(organisation=house.organisation))
    theirs = SurveyFactory(assessment=AssessmentFactory(organisation=house.elsewhere))
    for other in (ours, theirs):
        InvitationFactory(survey=other, address="Person0@example.org")
    client.post(address)
    assert ours.invitations.get().state == InvitationState.OPTED_OUT
    assert theirs.invitations.get().state == InvitationState.READY
    group = ours.invitations.get().group
    rows = [("person0@example.org", "", "")]
    ours.invitations.all().delete()
    assert add_invitations(survey=ours, group=group, rows=rows).opted_out == 1


def test_a_withdrawn_link_still_stops_mails_and_stays_withdrawn(client, address, house):
    Invitation.objects.update(state=InvitationState.REVOKED)
    assert client.post(address).status_code == 200
    assert OptOut.objects.exists()
    assert states() == ["revoked", "revoked"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_link_has_the_one_page_for_unknown_links(client, survey, method):
    response = getattr(client, method)(reverse("opt-out", kwargs={"token": "x" * 22}))
    assert response.status_code == 404
    assert response.content == client.get(reverse("respond-personal", kwargs={"token": "x" * 22})).content
    assert not OptOut.objects.exists()


def test_the_page_speaks_the_language_of_the_invitation(client, invite):
    person = invite("a@example.org", language="zh-Hans")[0]
    html = client.get(reverse("opt-out", kwargs={"token": personal_token(bytes(person.nonce))})).content.decode()
    assert 'lang="zh-hans"' in html.lower()


def test_nothing_of_it_is_logged(client, address, caplog):
    with caplog.at_level(logging.DEBUG):
        client.get(address)
        client.post(address)
        client.get(address.replace("/out", "x/out"))
    assert "/p/" not in caplog.text


def test_the_service_finds_the_person_by_the_token_alone(invite):
    person = invite(1)[0]
    link = mail_link(personal_token(bytes(person.nonce)))
    assert link.invitation == person
    opt_out(link=link)
    assert mail_link("nothing") is None
