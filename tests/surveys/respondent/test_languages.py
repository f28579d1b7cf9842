"""The form in the survey's languages."""

from datetime import UTC, datetime

import pytest

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
