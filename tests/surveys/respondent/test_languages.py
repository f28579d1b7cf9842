"""The form in the survey's languages."""

from datetime import UTC, datetime

import pytest

from surveys.services import close_survey
from tests.surveys.respondent.pages import fields_in, text_of

ALL = {f"issue-{position}": "4" for position in range(5)}
WORDS = {
    "zh-Hans": {"title": "什么最重要？", "issue.issue-0.name": "能源", "group.group-0.name": "员工"},
    "ar": {"title": "ما هو الأهم؟", "issue.issue-0.name": "طاقة", "group.group-0.name": "موظفون"},
}


@pytest.fixture
def asked(ask):
    return ask(words=WORDS)


def html_tag(response):
    return response.content.decode().partition("<html")[2].partition(">")[0].strip()


@pytest.mark.parametrize(
    ("asks", "tag"),
    [
        ({}, 'lang="en"'),
        ({"Accept-Language": "zh-CN,zh;q=0.9"}, 'lang="zh-Hans"'),
        ({"Accept-Language": "ar-EG, en;q=0.5"}, 'lang="ar" dir="rtl"'),
        ({"Accept-Language": "pl"}, 'lang="en"'),
    ],
)
def test_the_page_speaks_as_the_browser_asks(client, asked, asks, tag):
    assert html_tag(client.get(asked.page(), headers=asks)) == tag


def test_the_choice_on_the_page_comes_before_what_the_browser_asks(client, asked):
    response = client.get(asked.page() + "?lang=ar", headers={"Accept-Language": "zh-CN"})
    assert html_tag(response) == 'lang="ar" dir="rtl"'
    assert "ما هو الأهم؟" in text_of(response)
    assert "1. طاقة" in text_of(response)


@pytest.mark.parametrize("lang", ["xx", "<script>", "zh", ""])
def test_a_language_that_the_survey_does_not_have_is_not_chosen(client, asked, lang):
    assert html_tag(client.get(asked.page(), {"lang": lang})) == 'lang="en"'


def test_a_personal_link_speaks_the_language_of_its_invitation(client, asked):
    page = asked.invite(language="ar")
    assert html_tag(client.get(page, headers={"Accept-Language": "zh-CN"})) == 'lang="ar" dir="rtl"'
    assert html_tag(client.get(page + "?lang=en")) == 'lang="en"'


def test_what_is_not_translated_is_in_the_source_language(client, asked):
    assert "2. Issue 1" in text_of(client.get(asked.page() + "?lang=ar"))


def test_what_is_not_translated_is_marked_with_its_language_and_direction(client, asked):
    marks = ' lang="en" dir="ltr"'
    html = client.get(asked.page() + "?lang=ar").content.decode()
    assert f"<legend{marks}><b>2.</b> Issue 1</legend>" in html
    assert "<legend><b>1.</b> طاقة</legend>" in html
    assert f"<dd{marks}>not important</dd>" in html
    assert f"<i{marks}>1 not important</i>" in html
    assert f'<label{marks}><input type="radio"' in html
    back = client.post(asked.page() + "?lang=ar", {"form.language": "ar"}).content.decode()
    assert f'<a href="#q-issue-1"{marks}>2. Issue 1</a>' in back
    assert '<a href="#q-issue-0" lang="ar" dir="rtl">1. طاقة</a>' in back


def test_untranslated_texts_of_the_whole_are_marked_as_well(client, ask):
    marks = ' lang="en" dir="ltr"'
    profile = [{"code": "years", "text": "How long?", "kind": "choice", "options": ["under one", "more"]}]
    texts = {"introduction": "Dear all.", "privacy_note": "Ask us.", "closing": "Bye."}
    asked = ask(words={"ar": {"issue.issue-0.name": "طاقة"}}, profile=profile, **texts)
    html = client.get(asked.page() + "?lang=ar").content.decode()
    for part in (
        f"<h1{marks}>",
        f"<div{marks}><p>Dear all.</p></div>",
        f"<p{marks}>Ask us.</p>",
        f"<legend{marks}>How long?</legend>",
        f"<b{marks}>more</b>",
        f"<strong{marks}>{asked.group.name}</strong>",
    ):
        assert part in html
    thanks = client.get(asked.page(name="respond-thanks") + "?lang=ar").content.decode()
    assert f"<div{marks}><p>Bye.</p></div>" in thanks
    close_survey(survey=asked.survey)
    assert f"<bdi{marks}>{asked.survey.title}</bdi>" in client.get(asked.page() + "?lang=ar").content.decode()


def test_our_own_words_are_marked_where_they_are_in_another_language(client, asked):
    html = client.get(asked.page() + "?lang=ar").content.decode()
    assert '<div class="finish" id="finish" lang="en" dir="ltr">' in html
    assert '<strong lang="ar" dir="rtl">موظفون</strong>' in html
    assert ' lang="en" dir="ltr"' not in client.get(asked.page() + "?lang=en").content.decode()


def test_the_other_languages_are_links_and_named_in_their_own_words(client, asked):
    html = client.get(asked.page() + "?lang=ar").content.decode()
    assert f'<a href="{asked.page()}?lang=zh-Hans" hreflang="zh-Hans" lang="zh-Hans">简体中文</a>' in html
    assert '<span lang="ar" aria-current="true">' in html


def test_a_survey_in_one_language_offers_no_choice(client, ask):
    html = client.get(ask().page()).content.decode()
    assert 'class="langs' not in html
    assert "form.language" not in html


def test_the_language_goes_along_with_what_comes_back_what_is_saved_and_the_thanks(client, asked):
    page = asked.page()
    form = fields_in(client.get(page + "?lang=ar"))
    assert form["form.language"] == "ar"
    back = client.post(page, {key: form[key] for key in form} | {"issue-0": "1"})
    assert html_tag(back) == 'lang="ar" dir="rtl"'
    saved = client.post(asked.page(name="respond-save"), form, headers={"Accept": "text/html"})
    assert html_tag(saved) == 'lang="ar" dir="rtl"'
    assert f'href="{page}?lang=en"' in saved.content.decode()
    thanks = client.post(page, form | ALL, follow=True)
    assert html_tag(thanks) == 'lang="ar" dir="rtl"'


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_dates_are_written_as_the_language_does(client, ask, language):
    asked = ask(words=WORDS)
    asked.survey.closes_at = datetime(2999, 3, 10, 18, 30, tzinfo=UTC)
    asked.survey.save()
    text = text_of(client.get(asked.page(), {"lang": language.replace("hans", "Hans")}))
    assert ("2999年3月10日 18:30" if language == "zh-hans" else "10 March 2999, 18:30 UTC") in text


def test_a_link_that_opens_nothing_says_so_in_the_language_of_the_browser(client, db):
    assert html_tag(client.get("/p/x/", headers={"Accept-Language": "zh-CN"})) == 'lang="zh-Hans"'
    assert html_tag(client.get("/p/x/", headers={"Accept-Language": "fr"})) == 'lang="en"'
