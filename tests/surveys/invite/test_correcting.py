"""What was mistyped in an invitation is put right, unless an answer may have come by it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import AuditEvent
from surveys.keys import address_hash, personal_token, token_hash
from surveys.links import personal_link
from surveys.models import Anonymity, Delivery, DeliveryState, Invitation, InvitationState, OptOut
from surveys.services import submit_response
from surveys.services.invitations import correct_invitation


def page(person):
    return reverse("surveys:invitation", kwargs={"organisation": "example", "slug": "a1", "invitation": person.pk})


@pytest.fixture
def correct(house):
    def run(person, address="right@example.org", name="", language=""):
        return correct_invitation(invitation=person, address=address, name=name, language=language, by=house.analyst)

    return run


def test_another_address_gets_another_link_and_waits_for_a_mail(invite, correct, prepare):
    person = invite("wrogn@example.org")[0]
    mailing = prepare()
    mailing.deliveries.update(state=DeliveryState.BOUNCED)
    Invitation.objects.update(state=InvitationState.BOUNCED, mails=1)
    old = personal_token(bytes(person.nonce))
    AuditEvent.objects.all().delete()
    correct(person, "Right@Example.ORG", " Li\u202e Wei ", "chinese")
    now = Invitation.objects.get()
    assert (now.address, now.name, now.language) == ("Right@example.org", "Li Wei", "zh-Hans")
    assert (now.state, now.mails, now.number, now.group_id) == ("ready", 0, person.number, person.group_id)
    assert bytes(now.token_hash) == token_hash(personal_token(bytes(now.nonce)))
    assert personal_link(old) is None
    assert prepare().recipients == 1
    lines = list(AuditEvent.objects.order_by("pk").values_list("summary", flat=True))
    assert lines[0] == "corrected the address of an invitation of Group 0"


def test_name_and_language_leave_link_and_state_as_they_are(invite, correct):
    person = invite("li@example.org")[0]
    Invitation.objects.update(state=InvitationState.SENT, mails=1)
    correct(person, "LI@example.org", "Li Wei", "en")
    now = Invitation.objects.get()
    assert (now.address, now.name, now.language, now.state, now.mails) == (
        "LI@example.org", "Li Wei", "en", "sent", 1,
    )  # fmt: skip
    assert bytes(now.nonce) == bytes(person.nonce)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"address": "nonsense"}, "address"),
        ({"address": "other@example.org"}, "is invited to this survey already"),
        ({"address": "away@example.org"}, "wants no mails"),
        ({"language": "klingonish!"}, "is not a language"),
    ],
)
def test_what_cannot_be_used_changes_nothing(invite, correct, house, values, said):
    person, _other = invite("li@example.org", "Other@example.org")
    away = address_hash(house.organisation.pk, "away@example.org")
    OptOut.objects.create(organisation=house.organisation, address_hash=away)
    with pytest.raises(ValidationError, match=said):
        correct(person, **values)
    assert Invitation.objects.get(pk=person.pk).address == "li@example.org"


@pytest.mark.parametrize("anonymity", [Anonymity.ANONYMOUS, Anonymity.CONFIDENTIAL])
@pytest.mark.parametrize("answered", [False, True])
def test_where_nobody_is_shown_who_answered_refusing_does_not_show_it(
    invite, correct, prepare, survey, anonymity, answered
):
    survey.anonymity = anonymity
    survey.save()
    person = invite("li@example.org")[0]
    prepare()
    Delivery.objects.update(state=DeliveryState.SENT)
    if answered:
        submit_response(link=personal_link(personal_token(bytes(person.nonce))), answers=bytes([3] * 5))
    with pytest.raises(ValidationError, match="A mail has reached the present address"):
        correct(person)
    assert correct(person, "li@example.org", "Li").name == "Li"


@pytest.mark.parametrize("state", [InvitationState.OPTED_OUT, InvitationState.REVOKED])
def test_who_wants_no_mails_or_was_withdrawn_is_left_alone(invite, correct, state):
    person = invite("li@example.org")[0]
    Invitation.objects.update(state=state)
    with pytest.raises(ValidationError):
        correct(person, "li@example.org", "Li")


def test_the_page_corrects_and_brings_mistakes_back(analyst_client, viewer_client, invite):
    person = invite("li@example.org")[0]
    wrong = analyst_client.post(page(person), {"address": "li@", "name": "Li", "language": ""})
    assert wrong.status_code == 400
    assert "Nothing was changed." in wrong.content.decode()
    values = {"address": "right@example.org", "name": "Li", "language": ""}
    assert viewer_client.post(page(person), values).status_code == 403
    assert analyst_client.post(page(person), values).status_code == 302
    assert Invitation.objects.get().address == "right@example.org"
