import logging
import re
from datetime import timedelta
from html import escape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys.answers import UNANSWERED
from surveys.models import Draft, Item, Response, Survey
from surveys.respondent.cookies import ANSWER as COOKIE
from surveys.respondent.cookies import SENT
from surveys.services import close_survey
from tests.support.factories import IssueFactory

FIVE_WORDS = ["not important", "slightly important", "important", "very important", "extremely important"]
ALL = {f"issue-{position}": "4" for position in range(5)}


@pytest.fixture
def page(link):
    return reverse("respond", kwargs={"token": link.token})


@pytest.fixture
def thanks(link):
    return reverse("respond-thanks", kwargs={"token": link.token})


@pytest.fixture
def saving(link):
    return reverse("respond-save", kwargs={"token": link.token})


def secret_in(response):
    return re.search(r'name="form\.key" value="([^"]+)"', response.content.decode())[1]


def checked_in(response):
    """The ratings that the page shows as chosen, by item."""
    found = re.findall(r'name="(issue-\d)" value="(\d)"[^>]*? checked', response.content.decode())
    return dict(found)


# --- opening ----------------------------------------------------------------------------------------------
def test_the_form_asks_every_issue_with_the_whole_scale(client, page):
    html = client.get(page).content.decode()
    for position in range(5):
        for value in range(6):
            assert html.count(f'name="issue-{position}" value="{value}"') == 1
    assert 'aria-label="2, slightly important"' in html


def test_every_step_of_the_scale_is_explained_once_before_the_questions(client, page):
    scale = client.get(page).content.decode().partition('<dl class="scale">')[2].partition("</dl>")[0]
    told = re.findall(r"<dt>(\d)</dt><dd>([^<]+)</dd>", scale)
    assert told == [(str(value), word) for value, word in enumerate(FIVE_WORDS, start=1)]


def test_a_scale_without_words_explains_its_ends(client, ask):
    scale = client.get(ask(steps=7).page()).content.decode().partition('<dl class="scale">')[2].partition("</dl>")[0]
    assert re.findall(r"<dt>(\d)</dt>", scale) == ["1", "7"]


def test_the_form_says_who_is_asked_how_long_it_takes_and_what_happens_with_answers(client, page):
    html = client.get(page).content.decode()
    for part in ("What should Example Ltd.", "<strong>Group 0</strong>", "5 issues", "About 2 minutes.", "No name"):
        assert part in html


def test_company_groups_rate_for_the_company_and_others_for_themselves(client, survey):
    internal, external = (link.token for link in survey.links.all()[:2])
    assert "<em>for Example Ltd.</em>" in client.get(reverse("respond", kwargs={"token": internal})).content.decode()
    assert "<em>to you</em>" in client.get(reverse("respond", kwargs={"token": external})).content.decode()


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_a_link_writes_nothing_and_costs_one_query(client, page, method, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        assert getattr(client, method)(page).status_code == 200
    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)


def test_the_form_of_many_issues_costs_as_many_queries_as_that_of_five(
    client, ask, assessment, django_assert_num_queries
):
    for position in range(5, 45):
        IssueFactory(assessment=assessment, position=position)
    page = ask(comment_per_issue=True).page()
    client.get(page)
    with django_assert_num_queries(3):  # the link, whether it was sent, its draft
        client.get(page)


def test_respondents_pages_are_kept_out_of_caches_search_engines_and_referrers(client, page, thanks):
    for address in (page, thanks, "/s/unknown/"):
        response = client.get(address)
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]


def test_the_only_cookie_is_the_links_own(client, page):
    response = client.get(page)
    assert list(response.cookies) == [COOKIE]
    cookie = response.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (page, True, "Lax")


def test_the_cookie_is_for_https_only_where_the_site_is(client, page, settings):
    settings.SESSION_COOKIE_SECURE = True
    assert client.get(page).cookies[COOKIE]["secure"]


@pytest.mark.parametrize("token", ["x", "a" * 22, "NNMaW4e0M0o-LqrAP3H0Ag", "%3Cscript%3E", "' OR 1=1 --", "é"])
def test_an_unknown_link_gets_the_same_page_whatever_it_looks_like(client, db, token):
    response = client.get(f"/s/{token}/")
    assert response.status_code == 404
    assert response.content == client.get("/s/another/").content
    assert "This link opens no survey" in response.content.decode()


def test_an_unknown_link_takes_nothing(client, db):
    for address in ("/s/x/", "/s/x/save"):
        assert client.post(address, ALL).status_code == 404


def test_what_the_working_group_wrote_is_shown_as_text(client, ask, assessment):
    attack = "<script>alert(1)</script>"
    for issue in assessment.issues.all():
        issue.name, issue.description = f"{attack} {issue.position}", attack
        issue.save()
    assessment.groups.filter(position=0).update(name=attack)
    profile = [
        {"code": "a", "text": attack, "kind": "choice", "options": [attack]},
        {"code": "b", "text": attack, "kind": "number"},
    ]
    design = {"introduction": f"Line one\n\n{attack}", "privacy_note": attack, "step_labels": [attack] * 5}
    html = client.get(ask(title=attack, profile=profile, comment_per_issue=True, **design).page()).content.decode()
    assert attack not in html
    assert html.count(escape(attack)) > 2 + 2 + 2 * 5 + 5  # title twice, two texts, issues, steps


# --- sending ----------------------------------------------------------------------------------------------
def test_a_complete_answer_is_stored_and_thanked_for(client, page, thanks, link):
    response = client.post(page, ALL)
    assert (response.status_code, response["Location"]) == (303, thanks)
    assert bytes(Response.objects.get().ratings) == bytes([4] * 5)
    assert Response.objects.get().group_id == link.group_id


def test_cannot_judge_is_an_answer(client, page):
    client.post(page, ALL | {"issue-1": "0"})
    assert bytes(Response.objects.get().ratings) == bytes([4, 0, 4, 4, 4])


def test_no_login_no_cookie_and_no_csrf_token_are_needed(page):
    bare = Client(enforce_csrf_checks=True)
    assert bare.post(page, ALL).status_code == 303
    assert Response.objects.count() == 1


def test_sending_twice_is_one_answer_and_the_same_thank_you(client, page, thanks):
    secret = secret_in(client.get(page))
    for ratings in (ALL, ALL | {"issue-0": "1"}):
        response = Client().post(page, ratings | {"form.key": secret})
        assert (response.status_code, response["Location"]) == (303, thanks)
    assert bytes(Response.objects.get().ratings) == bytes([4] * 5)


def test_two_forms_are_two_answers(page):
    for _ in range(2):
        other = Client()
        other.post(page, ALL | {"form.key": secret_in(other.get(page))})
    assert Response.objects.count() == 2


def test_sending_costs_at_most_five_queries(client, page, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        client.post(page, ALL)


def test_after_sending_the_device_holds_nothing_that_leads_to_the_answer(client, page):
    client.get(page)
    client.post(page, ALL | {"form.key": secret_in(client.get(page))})
    assert client.cookies[COOKIE].value == SENT
    html = client.get(page).content.decode()
    assert "Thank you" in html
    assert "form.key" not in html


def test_the_thank_you_page_says_nothing_about_the_answer(client, page, thanks):
    client.post(page, ALL)
    client.get(thanks)  # with the receipt, this once
    assert client.get(thanks).content == Client().get(thanks).content


def test_someone_else_on_the_same_device_starts_afresh(client, page):
    first = secret_in(client.get(page))
    client.post(page, ALL | {"form.key": first})
    response = client.post(page, {"form.action": "again"})
    assert (response.status_code, response["Location"]) == (303, page)
    second = client.get(page)
    assert secret_in(second) != first
    assert checked_in(second) == {}
    client.post(page, ALL | {"form.key": secret_in(second)})
    assert Response.objects.count() == 2


def test_an_answer_whose_thank_you_got_lost_is_not_asked_for_again(client, page, thanks):
    secret = secret_in(client.get(page))
    Client().post(page, ALL | {"form.key": secret})  # our client never sees the reply
    response = client.get(page)
    assert (response.status_code, response["Location"]) == (303, thanks)


def test_nothing_is_logged_when_an_answer_is_sent_or_comes_back(client, page, saving, caplog):
    with caplog.at_level(logging.DEBUG, logger="django.request"):
        client.post(page, {"issue-0": "9"})
        client.post(saving, {"issue-0": "1"})
        client.post(page, ALL)
    assert caplog.records == []


# --- what comes back --------------------------------------------------------------------------------------
def test_missing_ratings_bring_the_form_back_with_links_to_them(client, page):
    response = client.post(page, {"issue-0": "5", "issue-3": "0"})
    html = response.content.decode()
    assert not Response.objects.exists()
    assert "3 issues have no rating yet" in html
    for position in (1, 2, 4):
        assert f'<a href="#q-issue-{position}">' in html
        assert f'id="q-issue-{position}" aria-describedby="e-issue-{position}"' in html
    assert checked_in(response) == {"issue-0": "5", "issue-3": "0"}


def test_an_incomplete_answer_can_be_sent_on_purpose(client, page, thanks):
    html = client.post(page, {"issue-0": "5"}).content.decode()
    assert "Send without these" in html
    response = client.post(page, {"issue-0": "5", "form.action": "anyway"})
    assert response["Location"] == thanks
    assert bytes(Response.objects.get().ratings) == bytes([5, 0, 0, 0, 0])


def test_an_answer_that_rates_nothing_cannot_be_sent(client, page):
    html = client.post(page, {"issue-0": "0", "form.action": "anyway"}).content.decode()
    assert "rate at least one" in html
    assert "Send without these" not in html
    assert not Response.objects.exists()


def test_a_rating_off_the_scale_is_explained_at_its_issue_and_the_others_stay(client, page):
    response = client.post(page, ALL | {"issue-2": "7"})
    html = response.content.decode()
    assert "“7” is not on the scale. Please choose 1 to 5" in html
    assert checked_in(response) == {code: "4" for code in ALL if code != "issue-2"}
    assert not Response.objects.exists()


def test_a_rating_that_came_twice_is_explained(client, page):
    assert "several ratings" in client.post(page, ALL | {"issue-2": ["1", "2"]}).content.decode()


def test_an_unknown_issue_is_named_as_text_and_the_ratings_stay(client, page):
    response = client.post(page, ALL | {"<b>bold</b>": "3"})
    html = response.content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert "<b>bold" not in html
    assert checked_in(response) == ALL


def test_a_form_of_another_version_comes_back_to_be_checked(client, page):
    response = client.post(page, ALL | {"form.version": "7"})
    assert "has changed since you opened it" in response.content.decode()
    assert checked_in(response) == ALL
    assert not Response.objects.exists()


def test_what_comes_back_is_kept_even_if_the_page_is_closed_now(client, page):
    client.get(page)
    client.post(page, {"issue-0": "5", "form.key": secret_in(client.get(page))})
    assert checked_in(client.get(page)) == {"issue-0": "5"}


def test_once_it_is_complete_it_can_be_sent(client, page):
    back = client.post(page, {"issue-0": "5"})
    client.post(page, ALL | {"form.key": secret_in(back), "form.version": "1"})
    assert Response.objects.count() == 1
    assert not Draft.objects.exists()


# --- drafts -----------------------------------------------------------------------------------------------
def test_the_script_saves_without_a_page(client, page, saving, django_assert_max_num_queries):
    secret = secret_in(client.get(page))
    with django_assert_max_num_queries(2):
        response = client.post(saving, {"issue-1": "2", "form.key": secret}, headers={"Accept": "text/plain"})
    assert (response.status_code, response.content) == (204, b"")
    assert bytes(Draft.objects.get().ratings) == bytes([UNANSWERED, 2, *[UNANSWERED] * 3])


def test_a_draft_is_there_when_its_browser_comes_back(client, page, saving):
    secret = secret_in(client.get(page))
    client.post(saving, {"issue-1": "2", "issue-2": "0", "form.key": secret})
    assert checked_in(client.get(page)) == {"issue-1": "2", "issue-2": "0"}
    assert '<b><span id="answered">2</span> of 5</b>' in client.get(page).content.decode()


def test_another_browser_does_not_see_it(client, page, saving):
    client.post(saving, {"issue-1": "2", "form.key": secret_in(client.get(page))})
    assert checked_in(Client().get(page)) == {}


def test_the_button_saves_with_a_page_that_says_so(client, page, saving):
    secret = secret_in(client.get(page))
    response = client.post(saving, {"issue-1": "2", "form.key": secret}, headers={"Accept": "text/html"})
    assert "Saved for later" in response.content.decode()
    assert checked_in(response) == {"issue-1": "2"}


def test_a_browser_without_cookies_is_told_that_it_will_not_find_its_answers_again(page, saving):
    secret = secret_in(Client().get(page))
    response = Client().post(saving, {"issue-1": "2", "form.key": secret}, headers={"Accept": "text/html"})
    assert "keeps no cookies" in response.content.decode()
    assert checked_in(response) == {"issue-1": "2"}
    assert secret_in(response) == secret


def test_saving_drops_what_cannot_be_read_and_keeps_the_rest(client, saving):
    client.post(saving, {"issue-1": "2", "issue-2": "99", "other": "1"})
    assert bytes(Draft.objects.get().ratings) == bytes([UNANSWERED, 2, *[UNANSWERED] * 3])


def test_saving_what_was_sent_says_so_and_keeps_nothing(client, page, saving):
    secret = secret_in(client.get(page))
    client.post(page, ALL | {"form.key": secret})
    response = client.post(saving, {"issue-1": "2", "form.key": secret}, headers={"Accept": "text/plain"})
    assert response.content.decode() == "This answer has been sent already"
    assert not Draft.objects.exists()


def test_saving_is_not_for_opening(client, saving):
    assert client.get(saving).status_code == 405


# --- closing ----------------------------------------------------------------------------------------------
def test_a_closed_survey_says_so(client, page, survey):
    close_survey(survey=survey)
    response = client.get(page)
    assert "This survey is closed" in response.content.decode()
    assert "form.key" not in response.content.decode()


def test_a_survey_past_its_closing_date_is_closed(client, page):
    Survey.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    assert "This survey is closed" in client.get(page).content.decode()


def test_an_answer_after_closing_is_kept_as_a_draft_and_told_so(client, page, survey):
    secret = secret_in(client.get(page))
    close_survey(survey=survey)
    html = client.post(page, ALL | {"form.key": secret}).content.decode()
    assert "They are not lost" in html
    assert not Response.objects.exists()
    assert bytes(Draft.objects.get().ratings) == bytes([4] * 5)


def test_when_the_survey_reopens_the_late_answer_is_there_to_be_sent(client, page, survey):
    secret = secret_in(client.get(page))
    close_survey(survey=survey)
    client.post(page, ALL | {"form.key": secret})
    assert "Your unsent answers are kept" in client.get(page).content.decode()
    Survey.objects.update(state="open")
    assert checked_in(client.get(page)) == ALL


def test_the_script_is_told_that_a_late_draft_does_not_count(client, page, saving, survey):
    close_survey(survey=survey)
    response = client.post(saving, ALL, headers={"Accept": "text/plain"})
    assert "closed" in response.content.decode()


def test_sending_again_after_closing_is_thanked_for(client, page, thanks, survey):
    secret = secret_in(client.get(page))
    client.post(page, ALL | {"form.key": secret})
    close_survey(survey=survey)
    assert Client().post(page, ALL | {"form.key": secret})["Location"] == thanks


def test_a_survey_that_was_deleted_is_unknown(client, page, survey):
    client.post(page, ALL)  # this process remembers the link now
    Response.objects.all().delete()
    survey.links.all().delete()
    Item.objects.all().delete()
    survey.delete()
    assert client.post(page, ALL).status_code == 404
    assert client.get(page).status_code == 404
