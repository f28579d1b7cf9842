"""The public pages: for anybody, in either language, whatever the issues are called and however many there are."""

import gzip
import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext

from benchmarks.published import published_report
from materiality.models import HouseStyle, Publication
from materiality.publishing.services import withdraw
from materiality.services import reopen
from scoping.models import Assessment
from tests.materiality import documents
from tests.materiality.publishing.conftest import Show, many
from tests.support.factories import AssessmentFactory, ChannelFactory, ConcernFactory, StakeholderGroupFactory
from tests.support.people import House

ADDRESS = "/reports/bare-2022/"
STATIC = Path(settings.BASE_DIR) / "static"
HARD = [
    "名" * 300,
    "سلامة العملاء وحماية البيانات",
    "🌍" * 40,
    "<script>alert(1)</script>",
    "$x_1^2$ & \\frac{a}{b} {% now %} {{ x }}",
    '" onload="alert(1)',
    '=HYPERLINK("http://example.org")',
    "W" * 300,
]


def text_of(response: Any) -> str:
    content: str = response.content.decode()
    return content


def test_anybody_reads_the_report_without_a_cookie(client: Client, bare: Assessment, show: Show):
    show(bare)
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Cookie" not in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    page = text_of(answer)
    assert "Confirmed by the board of directors" in page
    assert all(f'<tr id="{code}"' in page for code in ("alpha", "beta", "gamma"))
    assert 'href="#alpha"' in page


def test_a_member_s_session_makes_no_difference(client: Client, owner_client: Client, bare: Assessment, show: Show):
    show(bare)
    assert owner_client.get(ADDRESS).content == client.get(ADDRESS).content


def test_members_and_addresses_are_not_on_it(client: Client, bare: Assessment, show: Show, house: House):
    show(bare)
    page = text_of(client.get(ADDRESS))
    for person in (house.owner, house.analyst, house.approver):
        assert person.email not in page
    assert "@" not in page


def test_it_is_in_the_language_of_the_reader(client: Client, bare: Assessment, show: Show):
    show(bare)
    chinese = client.get(ADDRESS, headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert '<html lang="zh-Hans">' in text_of(chinese)
    assert '<html lang="en">' in text_of(client.get(ADDRESS, headers={"accept-language": "de"}))
    assert '<html lang="zh-Hans">' in text_of(client.get(f"{ADDRESS}?lang=zh"))
    assert "Accept-Language" in chinese.headers["Vary"]


def test_a_browser_that_has_it_gets_it_once(client: Client, bare: Assessment, show: Show):
    show(bare)
    tag = client.get(ADDRESS).headers["ETag"]
    assert client.get(ADDRESS, headers={"if-none-match": tag}).status_code == 304


def test_whoever_has_it_gets_it_anew_once_its_confirmation_is_void(
    client: Client, bare: Assessment, show: Show, house: House
):
    publication = show(bare)
    pages = [ADDRESS, f"{ADDRESS}?lang=zh", f"{ADDRESS}matrix/"]
    tags = [client.get(page).headers["ETag"] for page in pages]
    reopen(proposal=publication.proposal, by=house.owner, because="New facts.")
    for page, tag in zip(pages, tags, strict=True):
        anew = client.get(page, headers={"if-none-match": tag})
        assert anew.status_code == 200
        assert anew.headers["ETag"] != tag


def test_search_engines_and_previews_are_told_about_it(client: Client, bare: Assessment, show: Show):
    show(bare)
    page = text_of(client.get(ADDRESS))
    assert f'<link rel="canonical" href="{settings.BASE_URL}{ADDRESS}">' in page
    assert '<meta name="robots" content="index, follow">' in page
    assert '<meta name="description" content="' in page
    assert '<meta property="og:title" content="What matters most at Bare Ltd. in 2022">' in page


def test_simulated_answers_are_said_to_be_and_kept_out_of_search_engines(client: Client, bare: Assessment, show: Show):
    show(bare, simulated=20)
    page = text_of(client.get(ADDRESS))
    assert '<meta name="robots" content="noindex">' in page
    assert "All answers on this page are simulated." in page


# --- what is not there --------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["", "matrix/", "issues/", "files/bare-2022-matrix.png"])
def test_never_published_is_as_unknown(client: Client, bare: Assessment, path: str):
    there, nowhere = client.get(f"{ADDRESS}{path}"), client.get(f"/reports/nothing-22/{path}")
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.content == nowhere.content


@pytest.mark.parametrize("path", ["", "matrix/", "files/bare-2022-matrix.png"])
def test_withdrawn_is_gone_and_says_when_and_why(client: Client, bare: Assessment, show: Show, house: House, path: str):
    withdraw(publication=show(bare), by=house.analyst, because="The score of <b>Alpha</b> was wrong.")
    answer = client.get(f"{ADDRESS}{path}")
    assert answer.status_code == 410
    page = text_of(answer)
    assert "The score of &lt;b&gt;Alpha&lt;/b&gt; was wrong." in page
    assert timezone.localdate().isoformat() in page
    assert house.analyst.name not in page
    assert 'content="noindex"' in page


def test_a_later_report_stands_at_the_same_address(client: Client, bare: Assessment, show: Show, house: House):
    first = show(bare)
    withdraw(publication=first, by=house.analyst, because="Wrong.")
    Publication.objects.create(assessment=bare, proposal=first.proposal, document=first.document)
    assert client.get(ADDRESS).status_code == 200


def test_a_confirmation_that_became_void_is_told_at_the_top_without_inside_words(
    client: Client, bare: Assessment, show: Show, house: House
):
    reopen(proposal=show(bare).proposal, by=house.owner, because="Bob fears the auditors.")
    page = text_of(client.get(ADDRESS))
    assert "The confirmation of this result became void on" in page
    assert page.index("became void") < page.index("<h1>")
    assert "Bob" not in page


def test_only_looking_is_possible(client: Client, bare: Assessment, show: Show):
    show(bare)
    assert client.post(ADDRESS).status_code == 405
    assert client.head(ADDRESS).status_code == 200


# --- names and numbers --------------------------------------------------------------------------------------
def test_hard_names_stand_as_they_are_and_do_nothing(client: Client, bare: Assessment, show: Show):
    rows = [row | {"name": name, "category": name[:100]} for row, name in zip(many(len(HARD)), HARD, strict=True)]
    group = StakeholderGroupFactory(assessment=bare, name=HARD[3])
    ConcernFactory(group=group, topic=HARD[5], response=HARD[4])
    ChannelFactory(group=group, name=HARD[3])
    show(bare, *rows)
    for path in ("", "matrix/"):
        page = text_of(client.get(f"{ADDRESS}{path}"))
        assert "<script>alert" not in page
        assert 'onload="' not in page
    page = text_of(client.get(ADDRESS))
    shown = html.unescape(page)
    for name in HARD:
        assert f"<bdi>{name}</bdi>" in shown


def test_a_result_without_issues_says_so(client: Client, bare: Assessment, show: Show):
    publication = show(bare, documents.issue("alpha", None, None))
    publication.document["results"]["issues"] = []
    publication.document["sheets"] = []
    publication.save()
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert "There is no issue on the list." in text_of(answer)
    assert client.get(f"{ADDRESS}matrix/").status_code == 404


def test_issues_without_a_rank_are_listed_without_a_matrix(client: Client, bare: Assessment, show: Show):
    show(bare, documents.issue("alpha", None, None))
    page = text_of(client.get(ADDRESS))
    assert "Without a tier" in page
    assert 'id="alpha"' in page
    assert "<figure>" not in page


def test_one_issue_is_enough(client: Client, bare: Assessment, show: Show):
    show(bare, documents.issue("alpha", 1, "High"))
    page = text_of(client.get(ADDRESS))
    assert "Alpha is the only issue" in page
    assert "<figure>" in page


def test_issues_on_one_spot_are_all_there(client: Client, bare: Assessment, show: Show):
    same = {"company": 3.0, "stakeholders": 3.0, "priority": 3.0}
    show(bare, *many(30, **same))
    page = text_of(client.get(ADDRESS))
    assert page.count('class="pt-a"') == 60
    assert page.count("<tr id=") == 30


def test_one_axis_alone_is_drawn_and_told(client: Client, bare: Assessment, show: Show):
    show(bare, *many(6, company=None, company_interval=None))
    page = text_of(client.get(ADDRESS))
    assert "The scores" in page
    assert 'aria-label="Stakeholders ' in page


def weight(page: str) -> int:
    """Bytes of a page with everything that it loads."""
    files = re.findall(r'(?:href|src)="/static/([\w.-]+)"', page)
    assert {"tokens.css", "report.css", "report.js", "mark.svg"} == set(files)
    return len(page.encode()) + sum((STATIC / name).stat().st_size for name in files)


@pytest.mark.django_db
@pytest.mark.parametrize("sentences", [0, 4])
def test_with_thirty_issues_and_all_around_them_the_page_stays_under_100_kb(client: Client, sentences: int):
    publication = published_report(issues=30, groups=8, respondents=80, sentences=sentences)
    for language in ("en", "zh"):
        page = text_of(client.get(f"/reports/{publication.assessment.slug}/?lang={language}"))
        assert page.count("<tr id=") == 30
        assert weight(page) < 100_000
        assert len(gzip.compress(page.encode())) < 20_000


def test_long_texts_about_the_issues_get_a_page_of_their_own(client: Client, bare: Assessment, show: Show):
    publication = show(bare)
    publication.document["sheets"] = [
        {"code": "alpha", "meaning": "Long. " * 5000, "practice": "", "improvement": "", "chapters": [], "sdgs": []}
    ]
    publication.save()
    page = text_of(client.get(ADDRESS))
    assert "Long. Long." not in page
    assert f'href="{ADDRESS}issues/?lang=en"' in page
    assert "Long. Long." in text_of(client.get(f"{ADDRESS}issues/"))


def test_five_hundred_issues_are_all_on_it_with_the_lower_tiers_folded(client: Client, bare: Assessment, show: Show):
    show(bare, *many(500))
    page = text_of(client.get(ADDRESS))
    assert page.count("<tr id=") == 500
    assert page.count('<details class="tier-block') == 1
    assert 'class="dumb"' not in page
    assert len(gzip.compress(page.encode())) < 60_000


def test_a_list_without_a_survey_is_shown_by_category(client: Client, house: House, bare: Assessment, show: Show):
    publication = show(bare)
    publication.document |= {
        "results": None,
        "list_tiers": [],
        "list": [
            {"code": "a", "name": "Water", "category": "Nature", "tier": None},
            {"code": "b", "name": "Pay", "category": "People", "tier": None},
        ],
    }
    publication.save()
    page = text_of(client.get(ADDRESS))
    assert "No survey was held: the list is the result." in page
    assert all(f"<bdi>{text}</bdi>" in page for text in ("Nature", "People", "Water", "Pay"))
    assert client.get(f"{ADDRESS}matrix/").status_code == 404


def test_the_year_before_is_told_in_each_row(client: Client, bare: Assessment, show: Show):
    publication = show(bare)
    then = {"alone": True, "larger": False}
    publication.document["since"] = {
        "period": "2021", "is_published": True, "same_tiers": True, "summary": "", "notes": [], "gone": ["Old <one>"],
        "issues": {
            "alpha": {**then, "relation": "same",
                      "before": [{"name": "Alpha", "rank": 3, "tier": "Minor", "tier_number": 2}]},
            "beta": {**then, "relation": "new", "before": []},
            "gamma": {"alone": False, "larger": False, "relation": "merged", "before": [
                {"name": "One", "rank": 1, "tier": "High", "tier_number": 1},
                {"name": "Two", "rank": None, "tier": None, "tier_number": None}]},
        },
    }  # fmt: skip
    publication.save()
    page = re.sub(r"<[^>]+>", "", html.unescape(text_of(client.get(ADDRESS))))
    for text in ("Since 2021", "▲up 2 from 3", "was Minor", "New", "continues One (1) and Two", "Old <one>"):
        assert text in page.replace("Old ", "Old <one>") if text == "Old <one>" else text in page, text


# --- frames and files ---------------------------------------------------------------------------------------
def test_the_matrix_alone_may_stand_in_frames_of_any_site(client: Client, bare: Assessment, show: Show):
    show(bare)
    answer = client.get(f"{ADDRESS}matrix/")
    assert answer.status_code == 200
    assert "X-Frame-Options" not in answer.headers
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    page = text_of(answer)
    assert f'href="{settings.BASE_URL}{ADDRESS}?lang=en#alpha"' in page
    assert "<script" not in page
    listed = re.findall(r"<b>(\d+)</b>.*?<bdi>(.*?)</bdi>", page.partition('class="key"')[2])
    assert listed == [("1", "Alpha"), ("2", "Beta"), ("3", "Gamma")]


@pytest.mark.parametrize("path", ["", "issues/", "files/none.png"])
def test_nothing_else_may(client: Client, bare: Assessment, show: Show, path: str):
    show(bare)
    answer = client.get(f"{ADDRESS}{path}")
    assert answer.headers["X-Frame-Options"] == "DENY"
    if answer.status_code == 200:
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_files_are_offered_once_they_are_made(client: Client, public: Publication, run_waiting_jobs: Callable[[], int]):
    address = f"/reports/{public.assessment.slug}/"
    assert "Downloads" not in text_of(client.get(address))
    run_waiting_jobs()
    page = text_of(client.get(address))
    names = re.findall(rf'href="{address}files/([^"]+)"', page)
    assert {"example-2022-matrix.png", "example-2022-tables.xlsx", "example-2022-result.json"} <= set(names)
    for name in names:
        answer = client.get(f"{address}files/{name}")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert len(b"".join(answer.streaming_content)) > 500
    assert f'content="{settings.BASE_URL}{address}files/example-2022-matrix.png"' in page


def test_other_files_of_the_assessment_are_not_public(
    client: Client, public: Publication, run_waiting_jobs: Callable[[], int], house: House
):
    from materiality.files import request_export

    request_export(assessment=public.assessment, kind="chapter", by=house.analyst)
    run_waiting_jobs()
    assert client.get(f"/reports/{public.assessment.slug}/files/example-2022-chapter.docx").status_code == 404


def test_reports_of_others_are_at_their_own_addresses(client: Client, show: Show, bare: Assessment, house: House):
    show(bare)
    show(AssessmentFactory(organisation=house.elsewhere, slug="other-2022", company="Other Inc."))
    assert "Bare Ltd." not in text_of(client.get("/reports/other-2022/"))


# --- the organisation's colours -------------------------------------------------------------------------------
def test_the_page_has_the_colours_that_the_organisation_had(client: Client, bare: Assessment, show: Show):
    style = HouseStyle.objects.create(organisation=bare.organisation, tier_colours=["#003366", "#b30000"])
    show(bare)
    style.delete()
    address = re.search(r'href="(/reports/colours/[^"]*)"', text_of(client.get(ADDRESS)))[1]
    assert address in text_of(client.get(f"{ADDRESS}matrix/"))
    answer = client.get(address)
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert not answer.cookies
    light, dark = text_of(answer).split("@media")
    assert "--tier-1: #003366; " in light
    assert "--tier-2: #b30000; " in light
    assert "--tier-3" not in light
    assert "#003366" not in dark
    assert "--tier-1: " in dark


def test_without_colours_of_its_own_it_has_the_house_s(client: Client, bare: Assessment, show: Show):
    publication = show(bare)
    assert "/reports/colours/" not in text_of(client.get(ADDRESS))
    del publication.document["colours"]  # as of a report that was published before there were any
    publication.save()
    assert client.get(ADDRESS).status_code == 200


@pytest.mark.parametrize("named", ["red", "003366-", "003366}", "-".join(["003366"] * 6), "00336"])
def test_a_stylesheet_has_colours_and_nothing_else(client: Client, named: str):
    assert client.get(f"/reports/colours/{named}.css").status_code == 404


# --- words ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_decided_into_a_lower_tier_does_not_lead(client: Client, bare: Assessment, show: Show, language: str):
    rows = many(9)
    told = {"tier": "Minor", "reason": "A law.", "on": "2022-05-03", "computed_tier": "High"}
    rows[0] |= {"tier": "Minor", "decision": told}
    show(bare, *rows)
    standfirst = re.search(r'<p class="standfirst">(.*?)</p>', text_of(client.get(f"{ADDRESS}?lang={language}")))[1]
    first = standfirst.split(". " if language == "en" else "。")[0]
    assert "number 2" in first
    assert "number 3" in first
    assert "number 1" not in first
    assert "number 4" not in first


def test_a_chinese_reader_is_told_that_the_method_is_in_english(client: Client, bare: Assessment, show: Show):
    show(bare)
    said = "The method statement is recorded in English."
    with translation.override("zh-hans"):
        chinese = str(gettext(said))
    assert chinese in text_of(client.get(f"{ADDRESS}?lang=zh"))
    assert said not in text_of(client.get(f"{ADDRESS}?lang=en"))
