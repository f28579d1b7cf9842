"""What respondents are told of their anonymity has to be true, so each mode says its own."""

import pytest

from tests.surveys.respondent.pages import text_of


def told(client, ask, *, personal, **design):
    asked = ask(**design)
    return text_of(client.get(asked.invite() if personal else asked.page()))


def test_an_anonymous_survey_says_so(client, ask):
    text = told(client, ask, personal=False)
    assert "Anonymous: your answers are counted, not read." in text
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
    assert "Confidential: Example Ltd. is shown what groups answered" in text
    assert "The server keeps which answers came by your link." in text
    assert "Your comments are stored with your answers." in text
    assert "Anonymous" not in text


def test_an_identified_link_says_that_names_stand_beside_answers(client, ask):
    text = told(client, ask, personal=True, anonymity="identified", minimum_group=1)
    assert "Not anonymous: Example Ltd. sees who answered what." in text
    assert "fewer than" not in text


@pytest.mark.parametrize("anonymity", ["confidential", "identified"])
def test_a_public_link_is_anonymous_in_every_mode(client, ask, anonymity):
    text = told(client, ask, personal=False, anonymity=anonymity)
    assert "Anonymous: your answers are counted, not read." in text
    assert "Not anonymous" not in text


@pytest.mark.parametrize("k", [3, 5, 12])
def test_the_smallest_group_is_named(client, ask, k):
    assert f"Results of fewer than {k} people are never shown." in told(client, ask, personal=False, minimum_group=k)


def test_the_privacy_note_of_the_survey_is_added(client, ask):
    assert "Ask privacy@example.org" in told(client, ask, personal=False, privacy_note="Ask privacy@example.org")


@pytest.mark.parametrize("asks_profile", [False, True])
def test_what_one_says_of_oneself_is_listed_where_it_is_asked(client, ask, asks_profile):
    profile = [{"code": "age", "text": "Age?", "kind": "number"}] if asks_profile else []
    assert ("what you say about yourself" in told(client, ask, personal=False, profile=profile)) == asks_profile
