"""What could lead from a person to an answer, and does not. The comparison of whole databases is in anonymity/."""

import itertools

import pytest
from django.conf import settings
from django.db import connection

from scoping.models import Assessment
from surveys.answers import Extras
from surveys.keys import answer_key, personal_token
from surveys.links import AnswerLink, personal_link, public_link
from surveys.models import Anonymity, Authorship, Comment, Draft, Invitation, Response, Survey
from surveys.services import open_survey, prepare_survey, save_draft, submit_response
from surveys.services.inviting import add_invitations


def invited(assessment: Assessment, anonymity: str) -> Survey:
    survey = prepare_survey(assessment=assessment)
    survey.anonymity, survey.comment_per_issue = anonymity, True
    survey.save()
    people = [(f"person{number}@example.org", f"Person {number}", "en") for number in range(6)]
    add_invitations(survey=survey, group=assessment.groups.first(), rows=people)
    open_survey(survey=survey)
    return survey


def answer(link: AnswerLink, secret: str) -> None:
    """As the form of that link sends it."""
    extras = Extras(overall=f"Words of {secret[:3]}.")
    submit_response(
        link=link,
        answers=bytes([4] * 5),
        key=link.answer_key(secret),
        draft_key=link.draft_key(secret),
        extras=extras,
    )


def links_of(survey: Survey) -> list[AnswerLink]:
    tokens = [personal_token(bytes(nonce)) for nonce in survey.invitations.values_list("nonce", flat=True)]
    return [link for link in map(personal_link, tokens) if link]


def keys_that_invitations_lead_to(survey: Survey) -> set[str]:
    """Whatever the one function that makes keys gives for what is stored of people, with the server's secret."""
    known = {"", "draft", settings.SECRET_KEY}
    for one in Invitation.objects.filter(survey=survey):
        nonce, hashed = bytes(one.nonce), bytes(one.token_hash)
        known |= {one.address, one.name, str(one.pk), str(one.number), personal_token(nonce)}
        known |= {nonce.hex(), hashed.hex(), personal_token(hashed)}
    known |= set(survey.links.values_list("token", flat=True))
    return {str(answer_key(token=token, secret=secret)) for token, secret in itertools.product(known, known)}


def stored_keys() -> set[str]:
    return {str(key) for model in (Response, Comment, Draft) for key in model.objects.values_list("pk", flat=True)}


def test_no_key_follows_from_what_is_stored_of_people_not_even_with_the_servers_secret(assessment):
    survey = invited(assessment, Anonymity.ANONYMOUS)
    for number, link in enumerate(links_of(survey)):
        save_draft(link=link, ratings=bytes([4] * 5), key=link.draft_key(""))
        answer(link, f"{number}" * 22)
    assert len(stored_keys()) == 12
    assert not stored_keys() & keys_that_invitations_lead_to(survey)


def test_the_same_look_finds_what_is_not_sent_yet(assessment):
    """An unsent draft is found by the personal link, as it must be on another device; it goes with the answer."""
    survey = invited(assessment, Anonymity.ANONYMOUS)
    link = links_of(survey)[0]
    save_draft(link=link, ratings=bytes([4] * 5), key=link.draft_key(""))
    assert len(stored_keys() & keys_that_invitations_lead_to(survey)) == 1
    answer(link, "s" * 22)
    assert not stored_keys() & keys_that_invitations_lead_to(survey)


@pytest.mark.parametrize("anonymity", Anonymity.values)
def test_whose_an_answer_is_is_stored_for_personal_links_where_that_was_told_and_else_never(assessment, anonymity):
    survey = invited(assessment, anonymity)
    for number, link in enumerate(links_of(survey)[:4]):
        answer(link, f"{number}" * 22)
    by_public_link = public_link(survey.links.first().token)
    answer(by_public_link, "p" * 22)
    linked = anonymity != Anonymity.ANONYMOUS
    assert Authorship.objects.count() == 4 * linked
    assert not Authorship.objects.filter(response=by_public_link.answer_key("p" * 22)).exists()
    assert Comment.objects.filter(response__isnull=False).count() == 4 * linked


def times_in(table: str) -> list[str]:
    """The columns of a table that hold a moment."""
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, table)
        kinds = {one.name: connection.introspection.get_field_type(one.type_code, one) for one in columns}
    return [name for name, kind in kinds.items() if kind in ("DateTimeField", "TimeField")]


@pytest.mark.parametrize("model", [Response, Comment, Draft])
def test_answers_comments_and_drafts_know_no_moment(db, model):
    assert times_in(model._meta.db_table) == []


def test_a_moment_would_be_found(db):
    assert "opened_at" in times_in(Survey._meta.db_table)
