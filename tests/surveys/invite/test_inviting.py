"""Adding people, and what can be done about one of them."""

from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent
from jobs.models import Job, Status
from scoping.models import PendingImport
from surveys.addresses import pasted
from surveys.keys import address_hash, personal_token, token_hash
from surveys.models import DeliveryState, Invitation, InvitationState, OptOut, Roll
from surveys.roll import has_answered, mark_answered
from surveys.services import inviting
from surveys.services.invitations import remove_invitation, remove_unsent, renew_link, revoke_invitation
from surveys.services.inviting import AT_ONCE, Added, add_invitations, add_people, contacts_of, keep_people
from tests.support.factories import ContactFactory, DeliveryFactory, MailingFactory


@pytest.fixture
def group(survey):
    return survey.assessment.groups.first()


def add(survey, group, *addresses):
    return add_invitations(survey=survey, group=group, rows=[(address, "", "") for address in addresses])


def test_each_person_gets_a_link_of_which_only_a_hash_is_stored(survey, group):
    assert add(survey, group, "a@example.org", "b@example.org") == Added(added=2)
    one, other = Invitation.objects.order_by("pk")
    token = personal_token(bytes(one.nonce))
    assert bytes(one.token_hash) == token_hash(token)
    assert len(token) == 22
    assert bytes(one.nonce) != bytes(other.nonce)
    assert one.state == InvitationState.READY


def test_who_is_invited_repeated_or_wants_no_mails_is_counted_and_told(survey, group, house):
    add(survey, group, "known@example.org")
    OptOut.objects.create(
        organisation=house.organisation, address_hash=address_hash(house.organisation.pk, "Out@example.org")
    )
    added = add(survey, group, "KNOWN@example.org", "new@example.org", "New@Example.org", "out@example.org")
    assert added == Added(added=1, known=1, repeated=1, opted_out=1)
    assert str(added) == (
        "1 person is added to the invitations, 1 was invited before, 1 line repeats another one and "
        "1 person wants no mails and was left out"
    )


def test_one_address_is_invited_once_whatever_the_group(survey, group):
    add(survey, group, "a@example.org")
    assert add(survey, survey.assessment.groups.last(), "a@example.org") == Added(known=1)


def test_one_bad_line_and_nobody_is_added(survey, group):
    with pytest.raises(ValidationError) as error:
        add(survey, group, "a@example.org", "nonsense", "b@example.org\nBcc: c@example.org")
    assert [message.partition(":")[0] for message in error.value.messages] == ["Line 2", "Line 3"]
    assert not Invitation.objects.exists()
    assert not Roll.objects.exists()


def test_numbers_are_free_bits_of_the_roll_and_never_given_twice(survey, group, monkeypatch):
    monkeypatch.setattr(inviting, "BATCH", 7)
    add(survey, group, *(f"a{number}@example.org" for number in range(20)))
    first = Invitation.objects.order_by("pk").first()
    assert mark_answered(survey_id=survey.pk, group_id=group.pk, number=first.number)
    remove_unsent(survey=survey, group=group, by=None)
    add(survey, group, *(f"b{number}@example.org" for number in range(20)))
    for one in Invitation.objects.all():
        assert not has_answered(survey_id=survey.pk, group_id=group.pk, number=one.number)
        assert one.number < len(Roll.objects.get().answered) * 8
    assert Roll.objects.get().answered.count(b"\0") == len(Roll.objects.get().answered) - 1


def test_a_number_says_nothing_of_the_place_in_the_list(survey, group):
    add(survey, group, *(f"a{number:03}@example.org" for number in range(200)))
    numbers = list(Invitation.objects.order_by("address").values_list("number", flat=True))
    assert sorted(numbers) == list(range(200))
    assert numbers != sorted(numbers)
    neighbours = sum(abs(one - other) == 1 for one, other in pairwise(numbers))
    assert neighbours < 20


def test_the_audit_trail_names_numbers_and_no_person(survey, group, house):
    add_invitations(survey=survey, group=group, rows=[("secret@example.org", "Li Wei", "")], by=house.analyst)
    line = AuditEvent.objects.latest("pk").summary
    assert line == f"added 1 person to the invitations of {group}"


def test_contacts_of_the_register_are_taken_over(survey, group, house):
    ContactFactory(group=group, name="Li Wei", email="li.wei@example.org", language="zh-Hans")
    ContactFactory(group=group, name="Nobody knows", email="")
    ContactFactory(group=survey.assessment.groups.last())
    assert add_people(survey=survey, group=group, people=contacts_of(group), by=house.analyst) == Added(added=1)
    only = Invitation.objects.get()
    assert (only.address, only.name, only.language) == ("li.wei@example.org", "Li Wei", "zh-Hans")


def test_a_long_list_is_added_in_the_background_and_then_forgotten(survey, group, house, run_waiting_jobs):
    text = "\n".join(f"a{number}@example.org" for number in range(AT_ONCE + 1))
    pending = keep_people(survey=survey, group=group, name=inviting.PASTED_NAME, raw=text.encode(), by=house.analyst)
    job = add_people(survey=survey, group=group, people=pasted(text), by=house.analyst, pending=pending)
    assert isinstance(job, Job)
    assert "example.org" not in str(job.arguments)
    assert not Invitation.objects.exists()
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.status, Invitation.objects.count()) == (Status.DONE, AT_ONCE + 1)
    assert job.result["outcome"] == "2,001 people are added to the invitations"
    assert not PendingImport.objects.exists()


def test_a_job_whose_list_is_gone_says_so(survey, group, house, run_waiting_jobs):
    text = "\n".join(f"a{number}@example.org" for number in range(AT_ONCE + 1))
    pending = keep_people(survey=survey, group=group, name=inviting.PASTED_NAME, raw=text.encode(), by=house.analyst)
    job = add_people(survey=survey, group=group, people=pasted(text), by=house.analyst, pending=pending)
    pending.delete()
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.status, job.error) == (Status.DEAD, "A list is kept for a day, and this one is gone. Add it again.")


# --- one invitation -----------------------------------------------------------------------------------------
@pytest.fixture
def invitation(survey, group):
    add(survey, group, "a@example.org")
    return Invitation.objects.get()


def test_a_withdrawn_invitation_keeps_its_row(invitation, house):
    revoke_invitation(invitation=invitation, by=house.analyst)
    assert Invitation.objects.get().state == InvitationState.REVOKED


def test_a_renewed_link_is_another_one_and_waits_to_be_sent(invitation, house):
    Invitation.objects.update(state=InvitationState.SENT, mails=1)
    renewed = renew_link(invitation=invitation, by=house.analyst)
    assert bytes(renewed.token_hash) != bytes(invitation.token_hash)
    assert bytes(renewed.token_hash) == token_hash(personal_token(bytes(renewed.nonce)))
    assert (renewed.state, renewed.mails, renewed.number) == (InvitationState.READY, 1, invitation.number)


def test_who_wants_no_mails_gets_no_new_link(invitation, house):
    Invitation.objects.update(state=InvitationState.OPTED_OUT)
    with pytest.raises(ValidationError, match="wants no more mails"):
        renew_link(invitation=invitation, by=house.analyst)


def test_somebody_never_written_to_can_be_taken_off_the_list(invitation, house):
    remove_invitation(invitation=invitation, by=house.analyst)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("state", [DeliveryState.SENDING, DeliveryState.UNSURE, DeliveryState.SENT])
def test_nobody_is_taken_off_the_list_who_may_have_a_mail(survey, group, invitation, house, state):
    DeliveryFactory(mailing=MailingFactory(survey=survey), invitation=invitation, state=state)
    with pytest.raises(ValidationError, match="Withdraw the invitation instead"):
        remove_invitation(invitation=invitation, by=house.analyst)
    assert remove_unsent(survey=survey, group=group, by=house.analyst) == 0


def test_no_address_is_added_to_a_survey_whose_addresses_were_deleted(survey, group):
    survey.purged_at = survey.opened_at
    with pytest.raises(ValidationError, match="were deleted"):
        add(survey, group, "a@example.org")
