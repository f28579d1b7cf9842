"""Personal links: one answer per person, changed where that is allowed, and whose it is only where that is told."""

import pytest

from surveys.answers import Extras
from surveys.keys import personal_token, token_hash
from surveys.links import AnswerLink, personal_link
from surveys.models import (
    Anonymity,
    Authorship,
    Comment,
    GroupTally,
    Invitation,
    InvitationState,
    Response,
    Roll,
    Survey,
)
from surveys.release import visible
from surveys.roll import NoRoom, answered_bits, has_answered
from surveys.services import (
    AlreadyAnswered,
    SurveyClosed,
    change_response,
    close_survey,
    fold_responses,
    open_survey,
    prepare_survey,
    submit_response,
)

FIVE, ONE = bytes([5] * 5), bytes([1] * 5)


def invite(survey: Survey, number: int = 0, group: int = 0) -> Invitation:
    row = survey.assessment.groups.all()[group]
    nonce = bytes([number, group] * 8)
    Roll.objects.get_or_create(survey=survey, group=row, defaults={"answered": bytes(2)})
    return Invitation.objects.create(
        survey=survey,
        group=row,
        address=f"person{number}-{group}@example.org",
        nonce=nonce,
        token_hash=token_hash(personal_token(nonce)),
        number=number,
    )


def link_of(invitation: Invitation) -> AnswerLink:
    found = personal_link(personal_token(invitation.nonce))
    assert found
    return found


@pytest.fixture
def confidential(assessment) -> Survey:
    survey = prepare_survey(assessment=assessment)
    survey.anonymity, survey.editable, survey.minimum_group = Anonymity.CONFIDENTIAL, True, 1
    survey.comment_per_issue = True
    survey.save()
    open_survey(survey=survey)
    survey.refresh_from_db()
    return survey


def test_a_personal_link_is_found_by_the_hash_of_its_token(survey):
    link = link_of(invite(survey, number=3))
    assert (link.invited.number, link.group) == (3, survey.assessment.groups.first().name)


@pytest.mark.parametrize("token", ["", "nothing-there", "a" * 22])
def test_a_guessed_token_finds_nothing(survey, token):
    invite(survey)
    assert personal_link(token) is None


def test_a_withdrawn_invitation_is_not_found(survey):
    invitation = invite(survey)
    Invitation.objects.update(state=InvitationState.REVOKED)
    assert personal_link(personal_token(invitation.nonce)) is None


def test_answering_marks_the_roll_and_nothing_else_of_the_invited(survey):
    invitation = invite(survey, number=9)
    before = Invitation.objects.values().get()
    submit_response(link=link_of(invitation), answers=FIVE)
    assert Invitation.objects.values().get() == before
    assert has_answered(survey_id=survey.pk, group_id=invitation.group_id, number=9)
    assert answered_bits(survey)[invitation.group_id].nonzero()[0].tolist() == [9]
    assert not Authorship.objects.exists()


def test_a_second_answer_of_one_person_is_refused(survey):
    link = link_of(invite(survey))
    submit_response(link=link, answers=FIVE)
    with pytest.raises(AlreadyAnswered):
        submit_response(link=link, answers=ONE)
    assert Response.objects.count() == 1


def test_the_same_answer_sent_twice_is_stored_once(survey):
    link = link_of(invite(survey))
    key = link.answer_key("s" * 22)
    assert submit_response(link=link, answers=FIVE, key=key).created
    assert not submit_response(link=link, answers=FIVE, key=key).created
    assert Response.objects.count() == 1


def test_an_answer_that_comes_too_late_leaves_the_roll_unmarked(survey):
    invitation = invite(survey)
    link = link_of(invitation)
    close_survey(survey=survey)
    with pytest.raises(SurveyClosed):
        submit_response(link=link, answers=FIVE)
    assert not has_answered(survey_id=survey.pk, group_id=invitation.group_id, number=0)


def test_a_number_that_the_roll_has_no_place_for_is_an_error_and_stores_nothing(survey):
    invitation = invite(survey)
    Invitation.objects.update(number=99)
    with pytest.raises(NoRoom):
        submit_response(link=link_of(invitation), answers=FIVE)
    assert not Response.objects.exists()


def test_comments_of_an_anonymous_answer_stand_alone(survey):
    submit_response(link=link_of(invite(survey)), answers=FIVE, extras=Extras(overall="Well done.", missing="Noise"))
    assert sorted(Comment.objects.values_list("kind", "text", "response")) == [
        ("missing", "Noise", None),
        ("overall", "Well done.", None),
    ]


def test_a_confidential_answer_is_stored_with_whose_it_is(confidential):
    invitation = invite(confidential)
    extras = Extras(comments={"issue-1": "Because."}, profile={"age": 2}, seconds=90)
    submit_response(link=link_of(invitation), answers=FIVE, extras=extras)
    response = invitation.authorship.response
    assert (bytes(response.ratings), response.profile, response.seconds) == (FIVE, {"age": 2}, 90)
    assert response.comments.get().item.code == "issue-1"


@pytest.mark.parametrize("counted", [False, True])
def test_a_changed_answer_counts_once_and_as_it_is_now(confidential, counted):
    link = link_of(invite(confidential))
    submit_response(link=link, answers=FIVE, extras=Extras(overall="First thought."))
    if counted:
        fold_responses(survey=confidential)
    change_response(link=link, answers=ONE, extras=Extras(overall="Second thought."))
    fold_responses(survey=confidential)
    tally = visible(GroupTally.objects.get(), ended=False, k=1)
    assert (tally.respondents, tally.sums.tolist()) == (1, [1] * 5)
    assert Comment.objects.get().text == "Second thought."


def test_after_the_end_nothing_is_changed(confidential):
    link = link_of(invite(confidential))
    submit_response(link=link, answers=FIVE)
    close_survey(survey=confidential)
    with pytest.raises(SurveyClosed):
        change_response(link=link, answers=ONE, extras=Extras())
    assert bytes(Response.objects.get().ratings) == FIVE


def test_anonymous_answers_cannot_be_changed(survey):
    link = link_of(invite(survey))
    submit_response(link=link, answers=FIVE)
    with pytest.raises(AlreadyAnswered):
        change_response(link=link, answers=ONE, extras=Extras())
