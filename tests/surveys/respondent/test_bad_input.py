"""What should not come, and comes. Nothing is lost, nothing is half-done, nothing is executed."""

import pytest
from django.test import Client

from surveys.answers import LONGEST_COMMENT
from surveys.models import Comment, Draft, Questionnaire, Response
from surveys.services import close_survey
from tests.surveys.respondent.pages import fields_in, text_of

ALL = {f"issue-{position}": "4" for position in range(5)}
SAID = "comment.overall"


@pytest.fixture
def asked(ask):
    return ask(comment_per_issue=True)


def test_a_comment_of_five_megabytes_comes_back_with_what_fits(client, asked):
    response = client.post(asked.page(), ALL | {SAID: "a" * 5_000_000})
    assert "This text has 5000000 characters; 4000 fit." in text_of(response)
    assert fields_in(response) | ALL == fields_in(response)
    assert fields_in(response)[SAID] == "a" * LONGEST_COMMENT
    assert f'href="#t-{SAID}"' in response.content.decode()
    assert not Response.objects.exists()
    client.post(asked.page(), fields_in(response))
    assert Comment.objects.get().text == "a" * LONGEST_COMMENT


def test_a_comment_of_five_megabytes_on_an_issue_too(client, asked):
    response = client.post(asked.page(), ALL | {"comment.issue.issue-2": "a" * 5_000_000})
    assert len(fields_in(response)["comment.issue.issue-2"]) == LONGEST_COMMENT
    assert fields_in(response) | ALL == fields_in(response)


def encoded(size):
    return {"data": f"{SAID}=" + "a" * size, "content_type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("personal", [False, True])
def test_more_than_ten_megabytes_get_a_page_that_says_what_to_do(client, asked, personal):
    page = asked.invite() if personal else asked.page()
    response = client.post(page, **encoded(11_000_000), headers={"Accept": "text/html"})
    assert response.status_code == 413
    assert "more than 10 megabytes" in text_of(response)
    assert "Nothing of it was stored." in text_of(response)
    assert not Response.objects.exists()
    assert not Draft.objects.exists()


def test_the_script_is_told_in_a_sentence(client, asked):
    saving = asked.page(name="respond-save")
    response = client.post(saving, **encoded(11_000_000), headers={"Accept": "text/plain"})
    assert (response.status_code, response.content.decode()) == (200, "Too long to be saved: please shorten your text")


def test_too_many_fields_get_the_same_page(client, asked):
    fields = {f"field-{number}": "1" for number in range(3_000)}
    assert client.post(asked.page(), ALL | fields, headers={"Accept": "text/html"}).status_code == 413


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("a\x00b\x07c\x1bd", "abcd"),
        ("two\r\nlines", "two\nlines"),
        ("{{ link.token }}{% now 'Y' %}", "{{ link.token }}{% now 'Y' %}"),
        ("</textarea><b>", "</textarea><b>"),
        ("\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "😀"),
    ],
)
def test_texts_are_kept_as_text_without_what_hides_or_reorders(client, asked, written, kept):
    back = client.post(asked.page(), {SAID: written})
    assert "<b>" not in back.content.decode().partition('name="comment.overall"')[2].partition("</textarea>")[0]
    assert fields_in(back)[SAID] == kept
    client.post(asked.page(), ALL | {SAID: written})
    assert Comment.objects.get().text == kept


@pytest.mark.parametrize("value", ["<em>4</em>", "4\x00", "\u0664", "4 ", "-1", "256", "1e0", "4\u202e"])
def test_only_a_step_of_the_scale_is_a_rating(client, asked, value):
    response = client.post(asked.page(), ALL | {"issue-0": value})
    assert "is not on the scale" in text_of(response)
    assert "<em>4</em>" not in response.content.decode()
    assert not Response.objects.exists()


def test_a_text_that_came_several_times_is_read_once(client, asked):
    client.post(asked.page(), ALL | {SAID: ["first", "last"]})
    assert Comment.objects.get().text == "last"


def test_foreign_fields_are_named_and_left_out(client, asked):
    response = client.post(asked.page(), ALL | {"profile.salary": "1", "is_admin": "1"})
    assert "they were left out: profile.salary, is_admin" in text_of(response)
    assert fields_in(response) | ALL == fields_in(response)
    assert "is_admin" not in fields_in(response)


def test_fields_of_the_other_kind_of_comment_are_foreign(client, ask):
    asked = ask(comment_overall=False)
    assert "left out: comment.overall" in text_of(client.post(asked.page(), ALL | {SAID: "x"}))


def test_double_submit_from_two_tabs_is_one_answer(client, asked):
    form = fields_in(client.get(asked.page()))
    assert fields_in(client.get(asked.page()))["form.key"] == form["form.key"]
    for rating in ("4", "1"):
        assert client.post(asked.page(), form | dict.fromkeys(ALL, rating) | {SAID: "Hello"}).status_code == 303
    assert (Response.objects.count(), Comment.objects.count()) == (1, 1)


@pytest.mark.parametrize("personal", [False, True])
def test_a_form_opened_before_the_questions_changed_comes_back(client, asked, personal):
    page = asked.invite() if personal else asked.page()
    form = fields_in(client.get(page))
    older = asked.survey.questionnaires.get()
    newer = Questionnaire.objects.create(
        survey=asked.survey,
        version=2,
        scale_low=1,
        scale_high=5,
        content=older.content | {"items": older.content["items"]},
    )
    response = client.post(page, form | ALL | {SAID: "Hello"})
    assert "The survey has changed since you opened it" in text_of(response)
    assert fields_in(response) | ALL | {SAID: "Hello", "form.version": "2"} == fields_in(response)
    assert not Response.objects.exists()
    assert client.post(page, fields_in(response)).status_code == 303
    assert Response.objects.get().questionnaire == newer


def test_closing_while_somebody_answers_keeps_texts_as_well(client, asked):
    form = fields_in(client.get(asked.page()))
    close_survey(survey=asked.survey)
    assert "They are not lost." in text_of(client.post(asked.page(), form | ALL | {SAID: "Hello"}))
    assert Draft.objects.get().texts == {SAID: "Hello"}


@pytest.mark.parametrize("secret", ["", "x", "A" * 23, "é" * 22, "A" * 21 + "\n"])
def test_a_secret_that_is_none_is_replaced(asked, secret):
    assert Client().post(asked.page(), ALL | {"form.key": secret}).status_code == 303
    assert Response.objects.count() == 1


def test_other_methods_are_refused(client, asked):
    for page in (asked.page(), asked.invite(), asked.kiosk):
        for method in ("put", "delete", "patch", "options"):
            assert getattr(client, method)(page).status_code == 405
