"""What is stored of a person is found, given out and erased; what is nobody's is not touched."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import AuditEvent
from scoping.models import Contact
from surveys.invited import invitation_of, invitations_by_group, invited_page
from surveys.keys import address_hash, personal_token
from surveys.links import personal_link
from surveys.models import (
    Anonymity,
    Authorship,
    Comment,
    Delivery,
    DeliveryState,
    Draft,
    Exclusion,
    GroupTally,
    Invitation,
    InvitationState,
    Mailing,
    MailingKind,
    MailingState,
    OptOut,
    Response,
    Roll,
)
from surveys.monitor import groups_watched
from surveys.people import draft_key_of, stored_of
from surveys.release import visible
from surveys.services import close_survey, fold_responses, recount_tallies, save_draft
from surveys.services.rights import erase_person, give_out
from surveys.tally import Tally
from tests.support.factories import ContactFactory, ResponseFactory, StakeholderGroupFactory
from tests.surveys.rights.conftest import KIM, LEE, link_of


def mail_to(address: str, state: str = DeliveryState.SENT) -> Delivery:
    invitation = Invitation.objects.get(address=address)
    mailing = Mailing.objects.create(
        survey=invitation.survey, kind=MailingKind.REMINDER, state=MailingState.SENDING, texts={}
    )
    return Delivery.objects.create(mailing=mailing, invitation=invitation, state=state)


def erase(house, address=KIM):
    return erase_person(organisation=house.organisation, address=address, by=house.analyst)


# --- finding ----------------------------------------------------------------------------------------------
def test_a_person_is_found_by_the_address_in_any_letters(house, asked):
    asked()
    mail_to(KIM)
    stored = stored_of(house.organisation, "KIM@example.ORG")
    assert [contact.name for contact in stored.contacts] == ["Kim"]
    assert [(one.answered, len(one.mails)) for one in stored.invitations] == [(True, 1)]
    assert stored.invitations[0].answer


def test_another_organisation_stores_nothing_of_them(house, asked):
    asked()
    assert not stored_of(house.elsewhere, KIM)


def test_reminders_are_shown_only_where_it_is_shown_who_answered(house, asked):
    survey = asked(Anonymity.CONFIDENTIAL)
    mail_to(LEE)
    assert stored_of(house.organisation, LEE).invitations[0].shown_mails == []
    survey.anonymity = Anonymity.IDENTIFIED
    survey.save()
    assert len(stored_of(house.organisation, LEE).invitations[0].shown_mails) == 1


# --- giving out -------------------------------------------------------------------------------------------
def test_the_document_holds_the_answer_where_it_is_connected(house, asked):
    asked()
    save_draft(
        link=link_of(LEE),
        ratings=bytes([2, 255, 255, 255, 255]),
        texts={"comment.overall": "Not yet"},
        key=draft_key_of(Invitation.objects.get(address=LEE)),
    )
    kim = json.loads(json.dumps(give_out(organisation=house.organisation, address=KIM, by=house.analyst)))
    [invitation] = kim["invitations"]
    ratings = [(one["issue"], one["score"]) for one in invitation["answer"]["ratings"]]
    assert ratings == [("Issue 0", 5), ("Issue 1", 5), ("Issue 2", 5), ("Issue 3", 1)]
    assert {one["text"] for one in invitation["answer"]["comments"]} == {"Kim’s own words.", "On water."}
    lee = give_out(organisation=house.organisation, address=LEE, by=house.analyst)["invitations"][0]
    assert (lee["answered"], lee["answer"]) == (False, None)
    assert lee["begun and not sent"]["ratings"] == [{"issue": "Issue 0", "score": 2}]


def test_the_document_of_an_anonymous_survey_holds_no_answer_and_not_whether_there_is_one(house, asked):
    asked(Anonymity.ANONYMOUS)
    [invitation] = give_out(organisation=house.organisation, address=KIM, by=house.analyst)["invitations"]
    assert "answered" not in invitation
    assert "Nothing connects this person with an answer" in invitation["answer"]
    assert "Kim’s own words" not in str(invitation)


def test_nothing_is_given_out_of_somebody_unknown(house):
    with pytest.raises(ValidationError, match="Nothing is stored"):
        give_out(organisation=house.organisation, address="nobody@example.org", by=house.analyst)


# --- erasing ----------------------------------------------------------------------------------------------
def test_everything_of_the_person_goes_and_nothing_of_others(house, asked):
    asked()
    mail_to(KIM)
    ContactFactory(email="kim@example.org")  # of another organisation
    token = link_of(KIM).token
    erased = erase(house, " Kim@example.org ".strip())
    assert (erased.contacts, erased.invitations, erased.answers) == (1, 1, 1)
    assert personal_link(token) is None
    assert (Delivery.objects.count(), Comment.objects.count(), Contact.objects.count()) == (0, 0, 1)
    assert (Invitation.objects.count(), Response.objects.count(), Authorship.objects.count()) == (6, 5, 5)


def test_the_answer_is_taken_off_the_count_exactly(house, asked):
    survey = asked()
    before = Tally.from_bytes(bytes(GroupTally.objects.get().packed))
    erase(house)
    row = GroupTally.objects.get()
    after = Tally.from_bytes(bytes(row.packed))
    assert (before.respondents, after.respondents, row.respondents) == (6, 5, 5)
    assert before.histogram[0, 4] - after.histogram[0, 4] == 1
    assert recount_tallies(survey=survey).corrected == ()


def test_an_answer_that_is_not_counted_yet_goes_without_a_trace_in_the_count(house, asked):
    survey = asked()
    Response.objects.filter(authorship__invitation__address=KIM).update(tallied=False)
    GroupTally.objects.all().delete()
    Response.objects.update(tallied=False)
    erase(house)
    fold_responses(survey=survey)
    assert GroupTally.objects.get().respondents == 5


def test_an_answer_that_was_left_out_of_the_count_is_not_taken_off_twice(house, asked):
    survey = asked()
    exclusion = Exclusion.objects.create(survey=survey, flag="speeder", reason="Too fast", answers=1)
    Response.objects.filter(authorship__invitation__address=KIM).update(exclusion=exclusion)
    before = bytes(GroupTally.objects.get().packed)
    erase(house)
    exclusion.refresh_from_db()
    assert (exclusion.answers, bytes(GroupTally.objects.get().packed)) == (0, before)


def test_a_result_that_was_shown_does_not_move_by_one_answer(house, asked):
    """Who saw the means before would learn Kim's answer from those after."""
    survey = asked(minimum_group=5)
    close_survey(survey=survey)
    shown = visible(GroupTally.objects.get(), ended=True, k=5)
    row = GroupTally.objects.get()
    row.shown = row.next = row.packed
    row.moved = []
    row.save()
    erase(house)
    assert visible(GroupTally.objects.get(), ended=True, k=5) == shown


def test_in_an_anonymous_survey_the_answer_and_the_bit_stay(house, asked):
    asked(Anonymity.ANONYMOUS)
    bits = bytes(Roll.objects.get().answered)
    assert erase(house).answers == 0
    assert (Response.objects.count(), Comment.objects.count()) == (6, 2)
    assert bytes(Roll.objects.get().answered) == bits
    assert not Invitation.objects.filter(address=KIM).exists()


@pytest.mark.parametrize("anonymity", Anonymity.values)
def test_what_was_begun_under_the_personal_link_goes_in_every_survey(house, asked, anonymity):
    asked(anonymity)
    save_draft(link=link_of(LEE), ratings=bytes([2] * 5), key=draft_key_of(Invitation.objects.get(address=LEE)))
    assert Draft.objects.count() == 1
    erase(house, LEE)
    assert not Draft.objects.exists()


def test_that_no_mails_are_wanted_stays(house, asked):
    asked()
    OptOut.objects.create(organisation=house.organisation, address_hash=address_hash(house.organisation.pk, KIM))
    erase(house)
    stored = stored_of(house.organisation, KIM)
    assert stored.opted_out
    assert not stored.erasable


def test_simulated_and_imported_answers_are_nobodys(house, asked):
    survey = asked()
    group = StakeholderGroupFactory(assessment=survey.assessment, position=7)
    ResponseFactory(questionnaire=survey.questionnaires.get(), group=group, ratings=bytes(5), simulated=True)
    erase(house)
    assert Response.objects.filter(simulated=True).count() == 1


def test_nothing_is_erased_while_a_mail_is_handed_over(house, asked):
    asked()
    mail_to(KIM, DeliveryState.SENDING)
    with pytest.raises(ValidationError, match="Try again in a minute"):
        erase(house)
    assert (Response.objects.count(), Contact.objects.count()) == (6, 1)


def test_there_must_be_something_to_erase(house, asked):
    asked()
    with pytest.raises(ValidationError, match="Nothing is stored"):
        erase(house, "nobody@example.org")


def test_the_record_says_that_and_not_what(house, asked):
    asked()
    AuditEvent.objects.all().delete()
    give_out(organisation=house.organisation, address=KIM, by=house.analyst)
    erase(house)
    lines = list(AuditEvent.objects.order_by("pk").values_list("subject", "summary", "actor"))
    given, erased = (
        "gave out what was stored of one person at their request",
        ("erased what was stored of one person at their request"),
    )
    analyst = house.analyst.pk
    assert lines == [("people", given, analyst), ("a1", erased, analyst), ("people", erased, analyst)]
    assert AuditEvent.objects.filter(at__lte=timezone.now()).count() == 3


# --- response rates -----------------------------------------------------------------------------------------
def rates(survey):
    """What both pages say, which is the same."""
    [watched] = [one for one in groups_watched(survey) if one.invited or one.heard]
    [listed] = [one for one in invitations_by_group(survey) if one.invited]
    assert (watched.invited, watched.heard) == (listed.turnout.invited, listed.turnout.answered)
    assert watched.rate == listed.turnout.rate
    return watched.invited, watched.heard


@pytest.mark.parametrize("anonymity", [Anonymity.CONFIDENTIAL, Anonymity.IDENTIFIED])
def test_with_the_answer_its_mark_goes_and_nobody_elses(house, asked, anonymity):
    survey = asked(anonymity)
    assert rates(survey) == (7, 6)
    erase(house, LEE)
    assert rates(survey) == (6, 6)
    erase(house, KIM)
    assert rates(survey) == (5, 5)
    assert len(stored_of(house.organisation, "person0@example.org").invitations) == 1
    assert stored_of(house.organisation, "person0@example.org").invitations[0].answered


@pytest.mark.parametrize("address", [KIM, LEE])
def test_in_an_anonymous_survey_the_rate_does_not_say_whether_the_erased_person_had_answered(house, asked, address):
    survey = asked(Anonymity.ANONYMOUS)
    Invitation.objects.update(state=InvitationState.SENT, mails=1)
    number = Invitation.objects.get(address=address).number
    erase(house, address)
    assert rates(survey) == (7, 6)
    group = survey.assessment.groups.first()
    place = Invitation.objects.get(state=InvitationState.REVOKED)
    assert (place.name, place.language, place.deliveries.count()) == ("", "", 0)
    assert place.number != number
    assert personal_link(personal_token(bytes(place.nonce))) is None
    assert invited_page(survey, group).found == 6
    assert invitation_of(survey, place.pk) is None


@pytest.mark.parametrize("anonymity", Anonymity.values)
def test_withdrawing_those_who_answered_leaves_the_rate_as_it_was(asked, anonymity):
    survey = asked(anonymity)
    Invitation.objects.update(state=InvitationState.SENT, mails=1)
    Invitation.objects.filter(address__startswith="person").update(state=InvitationState.REVOKED)
    assert rates(survey) == (7, 6)


def test_whom_no_mail_reached_is_not_among_the_invited(asked):
    survey = asked(Anonymity.ANONYMOUS)
    mail_to(KIM)
    mail_to(LEE, DeliveryState.BOUNCED)
    Invitation.objects.filter(address__in=[KIM, LEE]).update(state=InvitationState.BOUNCED)
    assert rates(survey) == (6, 6)
