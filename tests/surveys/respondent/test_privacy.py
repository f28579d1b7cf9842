"""What respondents are told of their anonymity has to be true, so each mode says its own."""

import pytest

from tests.surveys.respondent.pages import text_of


def told(client, ask, *, personal, **design):
    asked = ask(**design)
    return text_of(client.get(asked.invite() if personal else asked.page()))


def test_an_anonymous_survey_says_so(client, ask):
    text = told(client, ask, personal=False)
    assert "Anonymous: nothing connects your answers with you." in text
    assert "nothing leads from one to the other" in text
    assert "One cookie lets this browser find it again" in text


def test_an_anonymous_personal_link_says_what_it_stores(client, ask):
    text = told(client, ask, personal=True)
    assert "Your link is personal, your answers are not: nothing connects the two." in text
    assert "kept as one mark without a time" in text
    assert "No cookie is needed" in text
    assert "One cookie" not in text


def test_a_confidential_link_says_that_the_server_keeps_whose_answer_it_is(client, ask):
    text = told(client, ask, personal=True, anonymity="confidential")
    assert "Confidential: Example Ltd. is not shown which answers are yours." in text
    assert "The server keeps which answers came by your link." in text
    assert "Your comments are stored with your answers." in text
    assert "Anonymous" not in text


def test_an_identified_link_says_that_names_stand_beside_answers(client, ask):
    text = told(client, ask, personal=True, anonymity="identified", minimum_group=1)
    assert "Not anonymous: Example Ltd. sees who answered what." in text
    assert "fewer than" not in text
    assert "download them at any time, with your name and address" in text
    assert "can see that they are yours" in text
    assert "without names" not in text


@pytest.mark.parametrize("anonymity", ["confidential", "identified"])
def test_a_public_link_is_anonymous_in_every_mode(client, ask, anonymity):
    text = told(client, ask, personal=False, anonymity=anonymity)
    assert "Anonymous: nothing connects your answers with you." in text
    assert "Not anonymous" not in text


@pytest.mark.parametrize("k", [3, 5, 12])
def test_the_smallest_group_is_named(client, ask, k):
    text = told(client, ask, personal=False, minimum_group=k)
    assert f"In results, groups of fewer than {k} people are counted together with another group, or left out." in text
    assert f"Rows of groups of fewer than {k} people stand under the name of several groups together" in text


@pytest.mark.parametrize("anonymity", ["anonymous", "confidential"])
def test_that_single_answers_can_be_downloaded_without_names_is_said(client, ask, anonymity):
    text = told(client, ask, personal=True, anonymity=anonymity)
    assert "can download the answers one by one, without names." in text
    assert "Once it is closed, the group can download a row for each answer" in text
    assert ("the ratings and the time it took" in text) == (anonymity == "confidential")


def test_whoever_comes_by_the_public_link_of_an_identified_survey_is_told_what_is_downloaded(client, ask):
    text = told(client, ask, personal=False, anonymity="identified")
    assert "can download the answers one by one; those by this link have no name." in text
    assert "Once the survey is closed" not in text


@pytest.mark.parametrize("personal", [False, True])
@pytest.mark.parametrize("anonymity", ["anonymous", "confidential"])
def test_that_comments_are_read_word_by_word_is_said_where_they_are_asked_for(client, ask, anonymity, personal):
    said = "Comments are read word by word: do not write what identifies you."
    assert said in told(client, ask, personal=personal, anonymity=anonymity)


def test_where_nothing_can_be_written_nothing_is_said_of_comments(client, ask):
    text = told(client, ask, personal=False, comment_per_issue=False, comment_overall=False, ask_missing=False)
    assert "word by word" not in text


def test_the_privacy_note_of_the_survey_is_added(client, ask):
    assert "Ask privacy@example.org" in told(client, ask, personal=False, privacy_note="Ask privacy@example.org")


@pytest.mark.parametrize("asks_profile", [False, True])
def test_what_one_says_of_oneself_is_listed_where_it_is_asked(client, ask, asks_profile):
    profile = [{"code": "age", "text": "Age?", "kind": "number"}] if asks_profile else []
    text = told(client, ask, personal=False, profile=profile)
    assert ("what you say about yourself" in text) == asks_profile
    assert ("only if at least 5 people of the group say just the same" in text) == asks_profile
