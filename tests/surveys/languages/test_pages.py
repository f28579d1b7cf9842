"""The pages of languages: what they show, who may change what, and nothing typed is lost."""

import io
import re
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from scoping.models import PendingImport
from surveys.models import Survey, SurveyState, Translation
from tests.support.factories import AssessmentFactory, IssueFactory
from tests.support.people import House
from tests.surveys.languages.conftest import translate

PAGE = "/o/example/a/a1/survey/languages/"
ARABIC = f"{PAGE}of/ar/"


def form_of(html: str) -> dict[str, Any]:
    """What a browser would send of a translation page: its keys, fingerprints and texts."""
    fields: dict[str, Any] = {"key": re.findall(r'name="key" value="([^"]+)"', html)}
    fields |= dict(re.findall(r'name="((?:source|seen)-\d+)" value="([^"]*)"', html))
    for name, text in re.findall(r'<textarea[^>]* name="(text-\d+)"[^>]*>\n(.*?)</textarea>', html, re.DOTALL):
        fields[name] = text
    return fields


def get(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_looking_at_the_languages_of_an_untouched_survey_makes_none(house: House, owner_client: Client):
    AssessmentFactory(organisation=house.organisation, slug="a1", issues=1)
    assert "The survey is in one language" in get(owner_client, PAGE)
    assert not Survey.objects.exists()


def test_a_language_is_added_from_the_list_or_by_its_tag(survey: Survey, owner_client: Client):
    assert owner_client.post(f"{PAGE}add/", {"language": "de"}).url == f"{PAGE}of/de/"
    assert owner_client.post(f"{PAGE}add/", {"tag": "KU-arab"}).url == f"{PAGE}of/ku-Arab/"
    survey.refresh_from_db()
    assert survey.languages == ["zh-Hans", "ar", "de", "ku-Arab"]
    assert "from right to left" in get(owner_client, PAGE)


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "Choose a language, or type its tag"),
        ({"tag": "english"}, "is no language tag"),
        ({"tag": "ar"}, "is a language of this survey already"),
        ({"tag": "de", "language": "fr"}, "not both"),
        ({"language": "klingon"}, "Select a valid choice"),
    ],
)
def test_a_wrong_language_comes_back_with_its_reason(
    survey: Survey, owner_client: Client, sent: dict[str, str], says: str
):
    answer = owner_client.post(f"{PAGE}add/", sent)
    assert answer.status_code == 400
    assert says in answer.content.decode()


def test_the_source_language_can_be_said(survey: Survey, owner_client: Client):
    owner_client.post(f"{PAGE}source/", {"source-language": "fr"})
    survey.refresh_from_db()
    assert survey.source_language == "fr"
    answer = owner_client.post(f"{PAGE}source/", {"source-tag": "ar"})
    assert answer.status_code == 400
    assert "Remove that translation first" in answer.content.decode()


def test_a_language_is_removed_with_what_was_translated(survey: Survey, owner_client: Client):
    translate(survey, "ar", title="ما الأهم؟")
    answer = owner_client.post(f"{ARABIC}remove/", follow=True)
    assert "is removed with 1 translation." in answer.content.decode()
    assert not Translation.objects.exists()
    assert owner_client.get(ARABIC).status_code == 404


def test_both_sides_say_their_language_and_direction(survey: Survey, owner_client: Client):
    html = get(owner_client, ARABIC)
    assert html.count('lang="en" dir="ltr">What matters most?') == 1
    areas = re.findall(r"<textarea[^>]*>", html)
    assert len(areas) == 10
    assert all('lang="ar" dir="rtl"' in area for area in areas)
    assert '<bdi lang="ar" dir="rtl">' in html


def test_translations_are_saved_and_the_next_page_follows(survey: Survey, owner_client: Client):
    fields = form_of(get(owner_client, ARABIC)) | {"text-1": "ما الأهم؟"}
    answer = owner_client.post(ARABIC, fields)
    assert answer.url == PAGE
    assert Translation.objects.get().text == "ما الأهم؟"
    assert "<b>1</b> of 10" in get(owner_client, PAGE)


def test_five_hundred_issues_are_translated_fifty_texts_at_a_time(survey: Survey, owner_client: Client):
    for position in range(3, 500):
        IssueFactory.build(assessment=survey.assessment, position=position, description="About it").save()
    html = get(owner_client, f"{ARABIC}?show=open")
    assert "Page 1 of 21" in html
    fields = form_of(html)
    assert len(fields["key"]) == 50
    assert len(fields) < 200
    fields |= {f"text-{number}": f"نص {number}" for number in range(1, 51)}
    assert owner_client.post(f"{ARABIC}?show=open", fields).url == f"{ARABIC}?show=open&page=1"
    assert Translation.objects.count() == 50
    assert "Page 1 of 20" in get(owner_client, f"{ARABIC}?show=open")


def test_nothing_that_was_typed_is_lost_when_one_text_is_wrong(survey: Survey, owner_client: Client):
    fields = form_of(get(owner_client, ARABIC)) | {"text-1": "س" * 501, "text-2": "عزيزي <b>القارئ</b>"}
    answer = owner_client.post(ARABIC, fields)
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "501 characters" in html
    assert "س" * 501 in html
    assert "عزيزي &lt;b&gt;القارئ&lt;/b&gt;" in html
    assert not Translation.objects.exists()


def test_a_changed_text_shows_what_was_translated(survey: Survey, owner_client: Client):
    translate(survey, "ar", title="ما الأهم؟")
    Survey.objects.update(title="What is most important?")
    html = get(owner_client, f"{ARABIC}?show=open")
    assert "Outdated" in html
    assert re.search(r"<del[^>]*>What matters most\?</del>", html)
    fields = form_of(html) | {"right-1": "on"}
    owner_client.post(f"{ARABIC}?show=open", fields)
    assert Translation.objects.get().source == "What is most important?"


def test_somebody_elses_translation_is_shown_before_it_is_replaced(survey: Survey, owner_client: Client):
    fields = form_of(get(owner_client, ARABIC)) | {"text-1": "لي"}
    translate(survey, "ar", title="لغيري")
    answer = owner_client.post(ARABIC, fields)
    assert "Somebody else has saved “لغيري”" in answer.content.decode()
    again = form_of(answer.content.decode())
    assert again["text-1"] == "لي"
    assert owner_client.post(ARABIC, again).status_code == 302
    assert Translation.objects.get().text == "لي"


def test_readers_see_the_translations_and_cannot_change_them(survey: Survey, viewer_client: Client):
    translate(survey, "ar", title="ما الأهم؟")
    html = get(viewer_client, ARABIC)
    assert "ما الأهم؟" in html
    assert "<textarea" not in html
    assert viewer_client.post(ARABIC, {"key": "title", "text-1": "x"}).status_code == 403


def test_an_open_survey_shows_its_texts_frozen(survey: Survey, owner_client: Client):
    Survey.objects.update(state=SurveyState.OPEN)
    assert "Frozen since the survey opened" in get(owner_client, PAGE)
    assert "<textarea" not in get(owner_client, ARABIC)
    assert owner_client.post(f"{PAGE}add/", {"language": "de"}).status_code == 400
    assert "The texts are frozen" in get(owner_client, f"{PAGE}import/")


def test_a_workbook_goes_out_and_comes_back(survey: Survey, owner_client: Client):
    translate(survey, "ar", title="ما الأهم؟")
    book = openpyxl.load_workbook(io.BytesIO(owner_client.get(f"{PAGE}texts.xlsx").content))
    sheet = book.active
    assert [cell.value for cell in sheet[1]][:4] == ["Key", "Place", "Source (en)", "简体中文 (zh-Hans)"]
    for row in sheet.iter_rows(min_row=2):
        row[3].value = f"=译 {row[0].value}"
        row[3].data_type = "s"
    file = io.BytesIO()
    book.save(file)
    preview = owner_client.post(f"{PAGE}import/", {"file": SimpleUploadedFile("t.xlsx", file.getvalue())}, follow=True)
    html = preview.content.decode()
    assert "What this file would change" in html
    assert "Take over 10 translations" in html
    assert Translation.objects.count() == 1
    pending = PendingImport.objects.get()
    plan = re.search(r'name="plan" value="(\w+)"', html)
    assert plan
    done = owner_client.post(f"{PAGE}imports/{pending.pk}/apply/", {"plan": plan[1]}, follow=True)
    assert "t.xlsx is imported: 10 new, 0 changed." in done.content.decode()
    assert Translation.objects.get(language="zh-Hans", key="title").text == "=译 title"


def test_a_po_file_goes_out(survey: Survey, owner_client: Client):
    answer = owner_client.get(f"{ARABIC}texts.po")
    assert answer["Content-Disposition"] == 'attachment; filename="a1-ar.po"'
    assert 'msgctxt "issue.issue-0.name"' in answer.content.decode()


def test_a_file_with_problems_names_them_and_changes_nothing(survey: Survey, owner_client: Client):
    file = SimpleUploadedFile("t.csv", b"Key,ar\nnowhere,x\ntitle,<script>\n")
    html = owner_client.post(f"{PAGE}import/", {"file": file}, follow=True).content.decode()
    assert "Nothing can be imported yet" in html
    assert "no text with the key “nowhere”" in html
    assert "&lt;script&gt;" in html
    assert "Take over" not in html
    pending = PendingImport.objects.get()
    assert owner_client.post(f"{PAGE}imports/{pending.pk}/apply/", {"plan": ""}).status_code == 409
    assert not Translation.objects.exists()
    owner_client.post(f"{PAGE}imports/{pending.pk}/cancel/")
    assert "dealt with already" in owner_client.get(f"{PAGE}imports/{pending.pk}/", follow=True).content.decode()


def test_a_wrong_file_is_refused_at_once(survey: Survey, owner_client: Client):
    answer = owner_client.post(f"{PAGE}import/", {"file": SimpleUploadedFile("t.po", b"%PDF-1.7")})
    assert answer.status_code == 400
    assert "this is a PDF" in answer.content.decode()
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize("path", [PAGE, ARABIC, f"{PAGE}texts.xlsx"])
def test_the_cost_does_not_grow_with_languages_and_issues(
    survey: Survey, owner_client: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str
):
    Survey.objects.update(languages=["ar"])
    owner_client.get(path)
    with CaptureQueriesContext(connection) as few:
        owner_client.get(path)
    Survey.objects.update(languages=["ar", "zh-Hans", "de"])
    for position in range(3, 9):
        IssueFactory(assessment=survey.assessment, position=position)
    with django_assert_num_queries(len(few)):
        owner_client.get(path)


def test_the_page_says_where_buttons_stay_english(analyst_client: Client, survey: Survey):
    survey.languages = ["zh-Hans", "de"]
    survey.save()
    html = get(analyst_client, PAGE)
    assert html.count("buttons in English") == 1
    assert "In other languages they stay English, here in Deutsch." in html
