"""The pages of invitations and mailings."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jobs.models import Job
from scoping.models import PendingImport
from surveys.mail_texts import default_texts
from surveys.models import (
    Anonymity,
    DeliveryState,
    Invitation,
    InvitationState,
    Mailing,
    MailingState,
    MailPolicy,
    Survey,
)
from surveys.roll import mark_answered
from surveys.services.inviting import AT_ONCE
from tests.support.factories import ContactFactory


def address(name, **more):
    return reverse(f"surveys:{name}", kwargs={"organisation": "example", "slug": "a1", **more})


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def said(response):
    return " ".join(str(message) for message in response.context["messages"])


GROUP = {"group": "group-0"}


# --- who sees what ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["owner", "analyst", "approver", "viewer"])
def test_every_member_sees_the_numbers(house, invite, client_of, role):
    invite(3)
    response = client_of(getattr(house, role)).get(address("invitations"))
    assert response.status_code == 200
    assert "person0@example.org" not in response.content.decode()


@pytest.mark.parametrize("role", ["approver", "viewer"])
@pytest.mark.parametrize("name", ["invited", "invite-upload"])
def test_lists_of_people_are_for_those_who_edit(house, survey, client_of, role, name):
    assert client_of(getattr(house, role)).get(address(name, **GROUP)).status_code == 403


def test_opening_the_pages_of_an_untouched_survey_writes_nothing(analyst_client, assessment):
    assert analyst_client.get(address("invitations")).status_code == 200
    assert "Nobody yet" in text_of(analyst_client.get(address("invited", **GROUP)))
    assert not Survey.objects.exists()


def test_the_draft_page_says_what_to_do_next(analyst_client, assessment):
    text = text_of(analyst_client.get(address("invitations")))
    assert "Open a group below to paste addresses" in text
    assert "mails go out once the survey is open" in text


@pytest.mark.parametrize("anonymity", [Anonymity.ANONYMOUS, Anonymity.CONFIDENTIAL])
def test_nobody_is_shown_who_answered_unless_people_are_identified(analyst_client, invite, survey, anonymity):
    people = invite(2)
    survey.anonymity = anonymity
    survey.save()
    before = analyst_client.get(address("invited", **GROUP)).content.decode()
    one = analyst_client.get(address("invitation", invitation=people[0].pk)).content
    mark_answered(survey_id=survey.pk, group_id=people[0].group_id, number=people[0].number)
    after = analyst_client.get(address("invited", **GROUP)).content.decode()
    assert _same(before, after)
    assert _same(one.decode(), analyst_client.get(address("invitation", invitation=people[0].pk)).content.decode())
    survey.anonymity = Anonymity.IDENTIFIED
    survey.save()
    assert "<td>yes</td>" in analyst_client.get(address("invited", **GROUP)).content.decode()


def _same(one, other):
    def without(html):
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html).replace("1 answered", "0 answered")

    return without(one) == without(other)


# --- adding -------------------------------------------------------------------------------------------------
def test_a_pasted_list_is_added_and_told(analyst_client, survey):
    lines = "a@example.org\nLi Wei <b@example.org>\nA@example.org"
    response = analyst_client.post(address("invited", **GROUP), {"lines": lines}, follow=True)
    assert "2 people are added to the invitations and 1 line repeats another one." in said(response)
    assert "b@example.org" in response.content.decode()


def test_a_pasted_list_with_a_bad_line_comes_back_whole(analyst_client, survey):
    response = analyst_client.post(address("invited", **GROUP), {"lines": "a@example.org\nnonsense"})
    assert response.status_code == 400
    assert "Line 2: “nonsense” holds no e-mail address." in text_of(response)
    assert "a@example.org\nnonsense</textarea>" in response.content.decode()
    assert not Invitation.objects.exists()


def test_a_long_pasted_list_is_added_in_the_background(analyst_client, survey, run_waiting_jobs):
    lines = "\n".join(f"a{number}@example.org" for number in range(AT_ONCE + 1))
    response = analyst_client.post(address("invited", **GROUP), {"lines": lines}, follow=True)
    assert "added in the background" in said(response)
    assert "Adding people to the invitations" in text_of(response)
    run_waiting_jobs()
    assert Invitation.objects.count() == AT_ONCE + 1
    page = text_of(analyst_client.get(address("invited", **GROUP)))
    assert "2,001 people are added to the invitations" in page
    assert "1 to 100 of 2,001" in page


def test_a_file_is_previewed_and_then_added(analyst_client, survey):
    upload = SimpleUploadedFile("list.csv", b"Name;E-mail\nLi;li@example.org\nXu;xu@example.org\n")
    response = analyst_client.post(address("invite-upload", **GROUP), {"file": upload}, follow=True)
    assert "Who this file would add" in text_of(response)
    assert not Invitation.objects.exists()
    here = response.request["PATH_INFO"]
    response = analyst_client.post(here, follow=True)
    assert "2 people are added" in said(response)
    assert not PendingImport.objects.exists()
    assert "was dealt with already" in said(analyst_client.get(here, follow=True))


def test_a_file_with_a_bad_row_adds_nobody(analyst_client, survey):
    upload = SimpleUploadedFile("list.csv", b"email\nli@example.org\nnonsense\n")
    response = analyst_client.post(address("invite-upload", **GROUP), {"file": upload}, follow=True)
    assert "1 row cannot be used" in text_of(response)
    response = analyst_client.post(response.request["PATH_INFO"])
    assert response.status_code == 400
    assert not Invitation.objects.exists()
    response = analyst_client.post(response.request["PATH_INFO"], {"forget": "1"}, follow=True)
    assert "Nobody was added" in said(response)
    assert not PendingImport.objects.exists()


def test_a_file_without_addresses_is_refused_at_once(analyst_client, survey):
    upload = SimpleUploadedFile("list.csv", b"name\nLi\n")
    response = analyst_client.post(address("invite-upload", **GROUP), {"file": upload})
    assert response.status_code == 400
    assert "there is no column E-mail" in text_of(response)


def test_contacts_are_added_in_one_click(analyst_client, survey):
    ContactFactory(group=survey.assessment.groups.first(), email="li@example.org")
    assert "Add 1 contact" in text_of(analyst_client.get(address("invited", **GROUP)))
    assert "1 person is added" in said(analyst_client.post(address("invite-contacts", **GROUP), follow=True))


def test_people_are_found_by_words_and_state(analyst_client, invite):
    invite(3)
    Invitation.objects.filter(address="person1@example.org").update(state=InvitationState.BOUNCED)
    html = analyst_client.get(address("invited", **GROUP), {"q": "son2"}).content.decode()
    assert "person2@example.org" in html
    assert "person1@example.org" not in html
    html = analyst_client.get(address("invited", **GROUP), {"state": "bounced"}).content.decode()
    assert "person1@example.org" in html
    assert "person2@example.org" not in html
    assert "Nobody found" in text_of(analyst_client.get(address("invited", **GROUP), {"q": "nowhere"}))


def test_one_person_can_be_renewed_withdrawn_and_removed(analyst_client, invite):
    person = invite(2)[0]
    place = {"invitation": person.pk}
    assert analyst_client.get(address("invitation", **place)).status_code == 200
    analyst_client.post(address("invitation-renew", **place))
    assert bytes(Invitation.objects.get(pk=person.pk).token_hash) != bytes(person.token_hash)
    analyst_client.post(address("invitation-revoke", **place))
    assert Invitation.objects.get(pk=person.pk).state == InvitationState.REVOKED
    analyst_client.post(address("invitation-renew", **place))
    analyst_client.post(address("invitation-remove", **place))
    assert not Invitation.objects.filter(pk=person.pk).exists()
    assert analyst_client.get(address("invitation", **place)).status_code == 404
    assert "1 of Group 0" in said(analyst_client.post(address("invite-remove-unsent", **GROUP), follow=True))


# --- writing and following a mailing --------------------------------------------------------------------------
def written(**more):
    texts = default_texts("invitation", ["en"], closes=False, anonymity="anonymous")["en"]
    return {
        "kind": "invitation",
        "groups": ["group-0"],
        "subject.en": texts["subject"],
        "body.en": texts["body"],
        "reply_to": "",
        "prepare": "1",
        **more,
    }


def test_the_page_suggests_a_mail_and_shows_it_as_it_will_arrive(analyst_client, invite):
    invite(3)
    response = analyst_client.get(address("mailing-new"))
    text = text_of(response)
    assert "3 people" in text
    assert "Dear Li Wei," in text
    assert "No more mails" in text
    assert not Mailing.objects.exists()


def test_a_mailing_is_sent_from_the_page(analyst_client, invite):
    invite(3)
    response = analyst_client.post(address("mailing-new"), written(), follow=True)
    assert "Invitation to 3 people" in text_of(response)
    assert Mailing.objects.get().state == MailingState.READY
    assert Job.objects.filter(kind="surveys.send").exists()


def to_confirm(**more):
    data = written(send="1", **more)
    del data["prepare"]
    return data


def test_before_anything_is_sent_the_page_says_to_how_many(analyst_client, survey, invite, settings):
    settings.DEFAULT_FROM_EMAIL = "Salient <surveys@example.com>"
    invite(3)
    invite("b@example.org", group=1)
    second = survey.assessment.groups.all()[1]
    response = analyst_client.post(address("mailing-new"), to_confirm(groups=["group-0", second.code]))
    text = text_of(response)
    assert response.status_code == 200
    assert "4 people Group 0 (3), Group 1 (1)" in text
    assert "In 1 language English" in text
    assert "Send to 4 people" in text
    assert "surveys@example.com" in text
    assert not Mailing.objects.exists()
    posted = response.context["posted"]
    again = {name: [value for other, value in posted if other == name] for name, _ in posted}
    back = analyst_client.post(address("mailing-new"), {**again, "preview": "1"})
    assert back.status_code == 200
    assert not Mailing.objects.exists()
    analyst_client.post(address("mailing-new"), {**again, "prepare": "1"})
    assert Mailing.objects.get().recipients == 4


def test_nobody_to_write_to_is_told_before_the_question(analyst_client, survey, invite):
    invite(1)
    second = survey.assessment.groups.all()[1]
    response = analyst_client.post(address("mailing-new"), to_confirm(groups=[second.code]))
    assert response.status_code == 400
    assert "There is nobody to invite" in text_of(response)


def test_the_preview_names_the_group_that_is_ticked_and_the_sender(analyst_client, survey, invite, settings):
    settings.DEFAULT_FROM_EMAIL = "Salient <surveys@example.com>"
    second = survey.assessment.groups.all()[1]
    body = {"body.en": "To {group}\n\n{link}", "groups": [second.code]}
    text = text_of(analyst_client.post(address("mailing-preview"), written(**body)))
    assert f"To {second.name}" in text
    assert "From Example Ltd. &lt;surveys@example.com&gt;" in text


@pytest.mark.parametrize(
    ("more", "said_there"),
    [
        ({"subject.en": "S\r\nBcc: all@example.org"}, "It must be one line of text."),
        ({"body.en": "no link"}, "The text lacks {link}"),
        ({"groups": []}, "Choose at least one group."),
        ({"groups": ["elsewhere"]}, "Choose among the groups of the list."),
        ({"reply_to": "a@example.org\nX: y"}, "The address holds a line break."),
    ],
)
def test_what_cannot_be_sent_comes_back_with_the_reason_at_its_place(analyst_client, invite, more, said_there):
    invite(1)
    response = analyst_client.post(address("mailing-new"), written(**more))
    assert response.status_code == 400
    assert said_there in text_of(response)
    assert not Mailing.objects.exists()


def test_the_preview_follows_what_is_typed(analyst_client, invite):
    response = analyst_client.post(address("mailing-preview"), written(**{"body.en": "Hello <b>{name}</b>\n\n{link}"}))
    assert "Hello &lt;b&gt;Li Wei&lt;/b&gt;" in response.content.decode()
    response = analyst_client.post(address("mailing-preview"), written(**{"body.en": "Hello"}))
    assert "The text lacks {link}" in text_of(response)
    assert not Mailing.objects.exists()


def test_a_test_goes_to_oneself_and_to_nobody_else(analyst_client, invite, mail_server, house):
    invite(3)
    data = written(test="1")
    del data["prepare"]
    response = analyst_client.post(address("mailing-new"), data)
    assert response.status_code == 200
    assert "A test is sent to analyst@example.org" in said(response)
    assert list(mail_server.addresses()) == ["analyst@example.org"]
    message = mail_server.received[0]
    assert message["List-Unsubscribe"] is None
    assert not Mailing.objects.exists()
    mail_server.stop()
    response = analyst_client.post(address("mailing-new"), data)
    assert response.status_code == 400
    assert "The test could not be sent" in text_of(response)


def test_an_approver_approves_what_somebody_else_made(analyst_client, approver_client, invite, house):
    MailPolicy.objects.create(organisation=house.organisation, approval_above=1)
    invite(2)
    analyst_client.post(address("mailing-new"), written())
    place = {"mailing": Mailing.objects.get().pk}
    assert "Somebody else who is an owner" in text_of(analyst_client.get(address("mailing", **place)))
    assert "prepared this mailing yourself" in said(
        analyst_client.post(address("mailing-approve", **place), follow=True)
    )
    assert "Approve and send to 2 people" in text_of(approver_client.get(address("mailing", **place)))
    assert "is approved" in said(approver_client.post(address("mailing-approve", **place), follow=True))
    assert Mailing.objects.get().approved_by == house.approver


def test_a_viewer_approves_nothing(viewer_client, invite, prepare, house):
    MailPolicy.objects.create(organisation=house.organisation, approval_above=0)
    invite(1)
    mailing = prepare()
    assert viewer_client.post(address("mailing-approve", mailing=mailing.pk)).status_code == 403


def test_buttons_pause_resume_and_cancel(analyst_client, invite, prepare):
    invite(1)
    place = {"mailing": prepare().pk}
    for name, state in [("pause", "paused"), ("resume", "ready"), ("cancel", "cancelled")]:
        analyst_client.post(address(f"mailing-{name}", **place))
        assert Mailing.objects.get().state == state
    assert "another state meanwhile" in said(analyst_client.post(address("mailing-resume", **place), follow=True))


def test_failures_are_listed_with_reasons_and_unsure_ones_can_be_settled(
    analyst_client, viewer_client, invite, prepare
):
    people = invite(3)
    mailing = prepare()
    rows = {row.invitation_id: row for row in mailing.deliveries.all()}
    for person, state in zip(people, [DeliveryState.REFUSED, DeliveryState.UNSURE, DeliveryState.SENT], strict=True):
        rows[person.pk].state, rows[person.pk].error = state, "550 no such user" if state == "refused" else "broke"
        rows[person.pk].save()
    page = analyst_client.get(address("mailing", mailing=mailing.pk)).content.decode()
    assert "person0@example.org" in page
    assert "550 no such user" in page
    assert "Yes, send 1 again" in page
    assert "person0@example.org" not in viewer_client.get(address("mailing", mailing=mailing.pk)).content.decode()
    analyst_client.post(address("mailing-settle", mailing=mailing.pk), {"taken": "1"})
    assert Invitation.objects.get(pk=people[1].pk).state == InvitationState.SENT


def test_whom_a_reminder_did_not_reach_is_not_shown(analyst_client, invite, prepare):
    people = invite(1)
    mailing = prepare()
    Mailing.objects.update(kind="reminder")
    mailing.deliveries.update(state=DeliveryState.REFUSED, error="550 no such user")
    page = analyst_client.get(address("mailing", mailing=mailing.pk)).content.decode()
    assert people[0].address not in page
    assert "would say who had not answered" in page


# --- policy ---------------------------------------------------------------------------------------------------
POLICY = "/o/example/mail-policy/"
NUMBERS = {"reminders": "1", "per_minute": "60", "per_day": "1000", "approval_above": "50"}


def test_owners_set_what_may_be_sent_and_the_others_read_it(owner_client, analyst_client):
    assert owner_client.post(POLICY, NUMBERS).status_code == 302
    assert MailPolicy.objects.get().per_day == 1000
    assert analyst_client.post(POLICY, NUMBERS).status_code == 403
    assert "1,000" in text_of(analyst_client.get(POLICY))


@pytest.mark.parametrize("wrong", [{"per_minute": "0"}, {"per_day": ""}, {"reminders": "-1"}, {"per_day": "1.5"}])
def test_numbers_that_make_no_sense_come_back(owner_client, wrong):
    assert owner_client.post(POLICY, NUMBERS | wrong).status_code == 400
    assert not MailPolicy.objects.exists()


def test_another_organisations_invitations_and_mailings_do_not_exist(outsider_client, house, invite, prepare):
    person = invite(1)[0]
    mailing = prepare()
    for name, place in [
        ("invitations", {}),
        ("invited", GROUP),
        ("invitation", {"invitation": person.pk}),
        ("mailing-new", {}),
        ("mailing", {"mailing": mailing.pk}),
    ]:
        assert outsider_client.get(address(name, **place)).status_code == 404
