"""A person's own link."""

import logging

import pytest
from django.test import Client

from surveys.answers import UNANSWERED
from surveys.models import Authorship, Comment, Draft, Invitation, InvitationState, Response, Roll
from surveys.services import close_survey
from tests.surveys.respondent.pages import fields_in, receipt_in, text_of

ALL = {f"issue-{position}": "4" for position in range(5)}
NOTHING = "This link opens no survey"


@pytest.fixture
def asked(ask):
    return ask()


@pytest.fixture
def editable(ask):
    return ask(anonymity="confidential", editable=True)


def sent(client, page, **fields):
    """Opens the form, sends it, and follows to the page after it."""
    form = fields_in(client.get(page)) | ALL | fields
    return client.post(page, form, follow=True)


# --- opening ----------------------------------------------------------------------------------------------
def test_opening_writes_nothing_and_sets_no_cookie(client, asked, django_assert_num_queries):
    page = asked.invite()
    Client().get(page)  # this process remembers the questionnaire now
    with django_assert_num_queries(3) as found:  # the link, the roll, the draft
        response = client.get(page)
    assert all(query["sql"].startswith("SELECT") for query in found.captured_queries)
    assert (response.status_code, dict(response.cookies)) == (200, {})


def test_the_answer_is_stored_thanked_for_and_marked_in_the_roll(client, asked):
    response = sent(client, asked.invite(number=3))
    assert "Thank you" in text_of(response)
    assert bytes(Response.objects.get().ratings) == bytes([4] * 5)
    assert bytes(Roll.objects.get().answered)[0] == 1 << 3
    assert Response.objects.get().group == asked.group


def test_a_browser_without_cookies_is_thanked_as_well(asked):
    page = asked.invite()
    response = Client().post(page, ALL)
    assert "Thank you" in text_of(Client().get(response["Location"]))


# --- drafts -----------------------------------------------------------------------------------------------
def test_a_draft_comes_back_on_another_device(client, asked):
    page = asked.invite()
    client.post(f"{page}save", fields_in(client.get(page)) | {"issue-1": "2"}, headers={"Accept": "text/plain"})
    other = Client().get(page)
    assert fields_in(other)["issue-1"] == "2"
    assert "go on with the same link, on any device" in text_of(other)


def test_two_people_do_not_see_each_others_drafts(client, asked):
    client.post(f"{asked.invite(number=0)}save", {"issue-1": "2"})
    assert "issue-1" not in fields_in(client.get(asked.invite(number=1)))


def test_sending_leaves_no_draft(client, asked):
    page = asked.invite()
    client.post(f"{page}save", {"issue-1": "2"})
    sent(client, page)
    assert not Draft.objects.exists()


def test_a_tab_left_open_saves_nothing_once_an_answer_was_sent(client, asked):
    page = asked.invite()
    left_open = fields_in(client.get(page))
    sent(Client(), page)
    response = client.post(f"{page}save", left_open | ALL, headers={"Accept": "text/plain"})
    assert response.content.decode() == "This answer has been sent already"
    assert not Draft.objects.exists()


def test_an_incomplete_answer_comes_back_and_is_kept(client, asked):
    page = asked.invite()
    response = client.post(page, {"issue-0": "5"})
    assert "4 issues have no rating yet" in text_of(response)
    assert bytes(Draft.objects.get().ratings) == bytes([5, *[UNANSWERED] * 4])


# --- one answer per person --------------------------------------------------------------------------------
def test_two_tabs_of_one_person_are_one_answer(client, asked):
    page = asked.invite()
    tabs = [fields_in(client.get(page)) for _ in range(2)]
    assert client.post(page, tabs[0] | ALL, follow=True).status_code == 200
    response = client.post(page, tabs[1] | ALL | {"issue-0": "1"}, follow=True)
    assert (response.status_code, NOTHING in text_of(response)) == (404, True)
    assert bytes(Response.objects.get().ratings) == bytes([4] * 5)


def test_the_same_form_sent_twice_is_thanked_twice(client, asked):
    page = asked.invite()
    form = fields_in(client.get(page)) | ALL
    for _ in range(2):
        assert "Thank you" in text_of(Client().post(page, form, follow=True))
    assert Response.objects.count() == 1


def test_people_answer_independently(client, asked):
    for number in range(3):
        sent(Client(), asked.invite(number=number))
    assert Response.objects.count() == 3
    assert bytes(Roll.objects.get().answered)[0] == 0b111


# --- links that open nothing ------------------------------------------------------------------------------
def closed_doors(asked):
    """A guessed link, one that was withdrawn, and one that was used, in an anonymous survey."""
    revoked, used = asked.invite(number=0), asked.invite(number=1)
    Invitation.objects.filter(number=0).update(state=InvitationState.REVOKED)
    Client().post(used, ALL)
    return "/p/AAAAAAAAAAAAAAAAAAAAAA/", revoked, used


def test_guessed_withdrawn_and_used_links_get_the_same_page(client, asked):
    pages = [client.get(page) for page in closed_doors(asked)]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert NOTHING in text_of(pages[0])
    assert "your answer has arrived" in text_of(pages[0])


@pytest.mark.parametrize("what", ["", "thanks"])
def test_and_cost_as_many_queries(client, asked, what, django_assert_num_queries):
    for page in closed_doors(asked):
        with django_assert_num_queries(2):
            assert client.get(page + what).status_code == 404


def test_they_take_nothing(client, asked):
    for page in closed_doors(asked):
        assert client.post(page, ALL | {"issue-0": "1"}).status_code == 404
        assert client.post(f"{page}save", ALL).status_code in (200, 404)
    assert Response.objects.count() == 1
    assert not Draft.objects.exists()


def test_a_public_token_is_no_personal_one_and_the_other_way_round(client, asked):
    public = asked.page().split("/")[2]
    personal = asked.invite().split("/")[2]
    assert client.get(f"/p/{public}/").status_code == 404
    assert client.get(f"/s/{personal}/").status_code == 404


def test_a_withdrawn_public_link_is_unknown(client, asked):
    page = asked.page()
    asked.survey.links.filter(group=asked.group).update(token="another")
    assert client.get(page).status_code == 404


# --- changing an answer -----------------------------------------------------------------------------------
def test_the_link_brings_the_sent_answer_back_to_be_changed(client, editable):
    page = editable.invite()
    sent(client, page, **{"comment.overall": "First thoughts"})
    form = client.get(page)
    assert "These are the answers that you sent." in text_of(form)
    assert fields_in(form) | ALL | {"comment.overall": "First thoughts"} == fields_in(form)
    assert "data-save=" not in form.content.decode()
    response = client.post(page, fields_in(form) | {"issue-0": "1", "comment.overall": "Second"}, follow=True)
    assert "Your answers have been changed" in text_of(response)
    assert bytes(Response.objects.get().ratings) == bytes([1, 4, 4, 4, 4])
    assert [comment.text for comment in Comment.objects.all()] == ["Second"]


MEANWHILE = "An answer was sent with this link meanwhile."


def test_a_form_from_before_asks_first_and_takes_the_answers_place_when_sent_again(client, editable):
    page = editable.invite()
    tabs = [fields_in(client.get(page)) for _ in range(2)]
    client.post(page, tabs[0] | ALL)
    mine = ALL | {"issue-0": "1", "comment.overall": "From here"}
    asks = client.post(page, tabs[1] | mine)
    assert MEANWHILE in text_of(asks)
    assert "Nothing has been changed yet." in text_of(asks)
    assert fields_in(asks) | mine == fields_in(asks)
    assert bytes(Response.objects.get().ratings) == bytes([4] * 5)
    assert "have been changed" in text_of(client.post(page, fields_in(asks), follow=True))
    assert bytes(Response.objects.get().ratings)[0] == 1
    assert [comment.text for comment in Comment.objects.all()] == ["From here"]
    assert Authorship.objects.count() == 1


def test_a_form_from_before_that_is_not_complete_asks_first_as_well(client, editable):
    page = editable.invite()
    early = fields_in(client.get(page))
    sent(Client(), page)
    asks = client.post(page, early | {"issue-0": "1"})
    assert (MEANWHILE in text_of(asks), "4 issues have no rating yet" in text_of(asks)) == (True, True)
    client.post(page, fields_in(asks) | {"form.action": "anyway"})
    assert bytes(Response.objects.get().ratings) == bytes([1, 0, 0, 0, 0])


def test_saving_a_form_from_before_shows_what_it_holds_and_keeps_no_draft(client, editable):
    page = editable.invite()
    early = fields_in(client.get(page))
    sent(Client(), page)
    asks = client.post(f"{page}save", early | {"issue-0": "1"}, headers={"Accept": "text/html"})
    assert MEANWHILE in text_of(asks)
    assert fields_in(asks)["issue-0"] == "1"
    assert not Draft.objects.exists()


def test_a_form_that_was_opened_to_change_the_answer_does_not_ask(client, editable):
    page = editable.invite()
    assert "form.replaces" not in fields_in(client.get(page))
    sent(client, page)
    forms = [fields_in(client.get(page)) for _ in range(2)]
    for form, score in zip(forms, "12", strict=True):
        assert "have been changed" in text_of(client.post(page, form | {"issue-0": score}, follow=True))
    assert bytes(Response.objects.get().ratings)[0] == 2


def test_a_change_with_faults_comes_back_and_leaves_the_answer_and_no_draft(client, editable):
    page = editable.invite()
    sent(client, page)
    response = client.post(page, fields_in(client.get(page)) | {"issue-0": "9"})
    assert "Nothing has been changed yet." in text_of(response)
    assert MEANWHILE not in text_of(response)
    assert bytes(Response.objects.get().ratings) == bytes([4] * 5)
    assert not Draft.objects.exists()


def test_after_closing_an_answer_cannot_be_changed_and_counts(client, editable):
    page = editable.invite()
    sent(client, page)
    form = fields_in(client.get(page))
    close_survey(survey=editable.survey)
    assert "What you sent before stays as it was" in text_of(client.post(page, form | {"issue-0": "1"}))
    assert "This survey is closed" in text_of(client.get(page))
    assert bytes(Response.objects.get().ratings) == bytes([4] * 5)


def test_where_answers_cannot_be_changed_the_link_is_used_up(client, ask):
    page = ask(anonymity="identified").invite()
    sent(client, page)
    assert client.get(page).status_code == 404


def test_an_answer_that_was_erased_does_not_come_back(client, editable):
    page = editable.invite()
    sent(client, page)
    Response.objects.all().delete()
    assert client.get(page).status_code == 404


# --- closing ----------------------------------------------------------------------------------------------
def test_a_closed_survey_says_so_and_keeps_the_draft(client, asked):
    page = asked.invite()
    form = fields_in(client.get(page))
    close_survey(survey=asked.survey)
    late = text_of(client.post(page, form | ALL))
    assert "They are not lost." in late
    assert "your link brings them back" in late
    assert "Your unsent answers are kept" in text_of(Client().get(page))
    assert not Response.objects.exists()


@pytest.mark.parametrize("design", [{}, {"anonymity": "confidential", "editable": True}, {"anonymity": "identified"}])
def test_once_closed_a_used_link_gets_the_page_that_an_unused_one_gets(client, ask, design, django_assert_num_queries):
    asked = ask(**design)
    unused, used = asked.invite(number=0), asked.invite(number=1)
    sent(Client(), used)
    close_survey(survey=asked.survey)
    pages = []
    for page in (unused, used):
        with django_assert_num_queries(3):
            pages.append(client.get(page))
    assert {page.status_code for page in pages} == {200}
    assert pages[0].content.replace(unused.encode(), used.encode()) == pages[1].content
    assert "This survey is closed" in text_of(pages[1])
    assert "Answers that were sent before have arrived." in text_of(pages[1])
    assert "Thank you" not in text_of(pages[1]).replace("Thank you for wanting to be heard", "")


def test_once_closed_guessed_and_withdrawn_links_stay_unknown(client, asked, django_assert_num_queries):
    guessed, revoked, used = closed_doors(asked)
    close_survey(survey=asked.survey)
    for page in (guessed, revoked):
        with django_assert_num_queries(2):
            assert client.get(page).status_code == 404
    assert "This survey is closed" in text_of(client.post(used, ALL | {"issue-0": "1"}))
    assert "This survey is closed" in text_of(client.post(f"{used}save", ALL, headers={"Accept": "text/html"}))
    assert bytes(Response.objects.get().ratings) == bytes([4] * 5)
    assert not Draft.objects.exists()


# --- what is left behind ----------------------------------------------------------------------------------
def test_nothing_of_a_personal_link_is_logged(client, asked, caplog):
    with caplog.at_level(logging.DEBUG, logger="django"):
        for page in closed_doors(asked):
            client.get(page)
            client.post(page, ALL)
            client.put(page)
            client.get(f"{page}save")
        sent(client, asked.invite(number=2))
    # What the test's own client logs of a session is not a line about a page.
    assert [record for record in caplog.records if record.name != "django.db.backends"] == []


def test_the_key_of_an_anonymous_answer_does_not_hold_the_link(client, asked):
    """The receipt alone leads to the answer: with the link or without it makes no difference."""
    page = asked.invite()
    receipt = receipt_in(sent(client, page))
    response = Client().post("/p/receipt", {"receipt": receipt})
    assert "Stored, and about to be counted" in text_of(response)
    assert not Authorship.objects.exists()
