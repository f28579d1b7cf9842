"""Who is chosen, who has to agree."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent
from jobs.models import Job
from surveys.models import Invitation, InvitationState, Mailing, MailingKind, MailingState, MailPolicy
from surveys.services.mailing import (
    SEND,
    approve_mailing,
    cancel_mailing,
    numbers_of_recipients,
    pause_mailing,
    policy_of,
    resume_mailing,
    set_policy,
)
from surveys.services.opening import close_survey

pytestmark = pytest.mark.usefixtures("survey")


def jobs():
    return Job.objects.filter(kind=SEND).count()


def test_an_invitation_goes_to_who_was_not_written_to(invite, prepare, survey):
    people = invite(6)
    states = InvitationState.values
    for person, state in zip(people, states, strict=False):
        Invitation.objects.filter(pk=person.pk).update(state=state)
    mailing = prepare()
    chosen = set(mailing.deliveries.values_list("invitation_id", flat=True))
    ready = Invitation.objects.filter(state=InvitationState.READY)
    assert chosen == set(ready.values_list("pk", flat=True))
    assert mailing.recipients == len(chosen)


def test_only_the_chosen_groups_are_written_to(invite, prepare, survey):
    invite("a@example.org")
    invite("b@example.org", group=1)
    assert sorted(numbers_of_recipients(survey, MailingKind.INVITATION).values()) == [1, 1]
    assert prepare(groups=[survey.assessment.groups.last(), survey.assessment.groups.first()]).recipients == 1
    second = survey.assessment.groups.all()[1]
    assert numbers_of_recipients(survey, MailingKind.INVITATION) == {second.pk: 1}


def test_a_small_mailing_is_sent_at_once(invite, prepare, house):
    invite(3)
    assert (prepare().state, jobs()) == (MailingState.READY, 1)


def test_a_large_one_waits_for_somebody_else(invite, prepare, house):
    MailPolicy.objects.create(organisation=house.organisation, approval_above=2)
    invite(3)
    mailing = prepare()
    assert (mailing.state, jobs()) == (MailingState.WAITING, 0)
    with pytest.raises(ValidationError, match="somebody else"):
        approve_mailing(mailing=mailing, by=house.analyst)
    for other in (house.viewer, house.outsider):
        with pytest.raises(ValidationError, match="can approve"):
            approve_mailing(mailing=mailing, by=other)
    approved = approve_mailing(mailing=mailing, by=house.approver)
    assert (approved.state, approved.approved_by, jobs()) == (MailingState.READY, house.approver, 1)
    with pytest.raises(ValidationError, match="another state meanwhile"):
        approve_mailing(mailing=mailing, by=house.owner)
    assert AuditEvent.objects.filter(summary="approved a mailing of invitations to 3 people").exists()


def test_a_survey_that_is_not_open_sends_nothing(invite, prepare, survey):
    invite(1)
    close_survey(survey=survey)
    with pytest.raises(ValidationError, match="Open the survey first"):
        prepare()


def test_nothing_is_left_of_a_mailing_to_nobody(prepare):
    with pytest.raises(ValidationError, match="Add people to the invitations first"):
        prepare()
    assert not Mailing.objects.exists()


@pytest.mark.parametrize("reply_to", ["a@example.org\nBcc: b@example.org", "a@example.org\r\n", "nonsense"])
def test_the_address_for_replies_is_one_address(invite, prepare, reply_to):
    invite(1)
    with pytest.raises(ValidationError) as error:
        prepare(reply_to=reply_to)
    assert list(error.value.message_dict) == ["reply_to"]
    assert not Mailing.objects.exists()


def test_steps_that_do_not_fit_the_state_are_refused(invite, prepare, house):
    invite(1)
    mailing = prepare()
    with pytest.raises(ValidationError, match="another state meanwhile"):
        resume_mailing(mailing=mailing, by=house.analyst)
    cancel_mailing(mailing=mailing, by=house.analyst)
    for step in (pause_mailing, resume_mailing, cancel_mailing):
        with pytest.raises(ValidationError, match="another state meanwhile: cancelled"):
            step(mailing=mailing, by=house.analyst)


def test_the_policy_has_usual_numbers_until_somebody_sets_others(house):
    assert policy_of(house.organisation).reminders == 2
    assert not MailPolicy.objects.exists()
    set_policy(
        organisation=house.organisation, reminders=0, per_minute=10, per_day=100, approval_above=5, by=house.owner
    )
    assert policy_of(house.organisation).per_day == 100
    assert AuditEvent.objects.latest("pk").summary == (
        "set the mail policy: 0 reminders to a person, 10 mails a minute, 100 a day, approval above 5"
    )


def test_without_reminders_nobody_is_reminded(invite, prepare, house):
    MailPolicy.objects.create(organisation=house.organisation, reminders=0)
    invite(2)
    Invitation.objects.update(state=InvitationState.SENT, mails=1)
    with pytest.raises(ValidationError, match="nobody to remind"):
        prepare(MailingKind.REMINDER)


def test_a_subject_keeps_nothing_that_hides_or_reorders(invite, prepare):
    invite(1)
    texts = {"en": {"subject": " Your\u202e view\u2066\u200b, please ", "body": "Hello\u202e\n\n{link}"}}
    assert prepare(texts=texts).texts["en"] == {"subject": "Your view, please", "body": "Hello\n\n{link}"}
    with pytest.raises(ValidationError, match="one line of text"):
        prepare(texts={"en": {"subject": "Your\nview", "body": "{link}"}})
