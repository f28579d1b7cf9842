"""The page that compares years: what it shows, what it says where there is nothing to compare, and its files."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from scoping.models import Assessment
from tests.materiality.years import link, listed, placed, result_of
from tests.support.factories import AssessmentFactory, PublishedResultFactory, TierFactory
from tests.support.people import House


@pytest.fixture
def before(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, reporting_period="2021", slug="example-2021")


@pytest.fixture
def now(house: House, before: Assessment) -> Assessment:
    return AssessmentFactory(
        organisation=house.organisation, reporting_period="2022", slug="example-2022", previous=before
    )


@pytest.fixture
def years(now: Assessment, before: Assessment) -> Assessment:
    listed(before, "water", "air")
    listed(now, "water", "air", "data")
    link(now, before, water="water", air="air")
    result_of(before, placed("air", 1, "High", 4.5), placed("water", 2, "Minor", 3.0))
    result_of(now, placed("water", 1, "High", 4.6), placed("air", 2, "Minor", 4.4), placed("data", 3, "Minor", 2.0))
    return now


def url(assessment: Assessment, format: str = "") -> str:
    place = {"organisation": assessment.organisation.slug, "slug": assessment.slug}
    if format:
        return reverse("materiality:changes-export", kwargs=place | {"format": format})
    return reverse("materiality:changes", kwargs=place)


def page_of(client: Client, assessment: Assessment) -> str:
    response = client.get(url(assessment))
    assert response.status_code == 200
    return response.content.decode()


def test_a_reader_sees_headline_chart_table_and_text(years: Assessment, viewer_client: Client):
    page = page_of(viewer_client, years)
    assert "2022 compared with 2021" in page
    assert "New in the highest tier, High: <em>Water</em>; no longer: <em>Air</em>." in page
    assert 'class="chart slopes matrix-wide"' in page
    assert page.index('<tr id="issue-water" class="moved">') < page.index('<tr id="issue-air">')
    assert "Larger than its uncertainty" in page
    assert "Changes to the list of material topics in 2022" in page


def test_the_direction_of_a_rank_is_said_in_words(years: Assessment, viewer_client: Client):
    page = page_of(viewer_client, years)
    assert '<span class="sr">up</span> 1' in page
    assert '<span class="sr">down</span> 1' in page


def test_every_link_of_the_chart_leads_to_a_row(years: Assessment, viewer_client: Client):
    """Also where an issue that was dropped has the code of one that is new."""
    years.issues.get(code="air").predecessors.all().delete()
    page = page_of(viewer_client, years)
    assert {"#issue-air", "#was-air"} <= set(re.findall(r'<a class="pt-a" href="([^"]+)"', page))
    for link_to in re.findall(r'<a class="pt-a" href="#([^"]+)"', page):
        assert page.count(f'id="{link_to}"') == 1, link_to


def test_names_are_escaped(years: Assessment, viewer_client: Client):
    years.issues.filter(code="water").update(name="<script>alert(1)</script>")
    page = page_of(viewer_client, years)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_stranger_finds_nothing(years: Assessment, outsider_client: Client):
    assert outsider_client.get(url(years)).status_code == 404
    assert outsider_client.get(url(years, "csv")).status_code == 404


def test_without_an_assessment_before_the_page_says_how_to_name_one(
    now: Assessment, before: Assessment, analyst_client: Client, viewer_client: Client
):
    naming = reverse("scoping:previous", kwargs={"organisation": "example", "slug": before.slug})
    page = page_of(analyst_client, before)
    assert "No assessment before this one" in page
    assert naming in page
    assert naming not in page_of(viewer_client, before)


def test_the_only_assessment_is_to_be_carried_forward(before: Assessment, analyst_client: Client):
    page = page_of(analyst_client, before)
    assert "This is the only assessment" in page
    assert reverse("scoping:changes", kwargs={"organisation": "example", "slug": before.slug}) in page


def test_while_the_year_before_has_no_result_the_page_leads_there(
    now: Assessment, before: Assessment, analyst_client: Client
):
    page = page_of(analyst_client, now)
    assert f"“{before.name}” has no result" in page
    assert reverse("materiality:results", kwargs={"organisation": "example", "slug": before.slug}) in page


def test_while_this_survey_is_not_analysed_the_page_leads_to_the_results(
    now: Assessment, before: Assessment, analyst_client: Client
):
    listed(before, "water")
    result_of(before, placed("water", 1, "High", 4.0))
    page = page_of(analyst_client, now)
    assert "This assessment has no result yet" in page
    assert "Once the answers of this survey are analysed" in page


def test_without_links_the_page_asks_for_them(
    now: Assessment, before: Assessment, analyst_client: Client, viewer_client: Client
):
    for assessment in (before, now):
        listed(assessment, "water")
        result_of(assessment, placed("water", 1, "High", 4.0))
    linking = reverse("scoping:predecessors", kwargs={"organisation": "example", "slug": now.slug})
    assert "No issue is linked with one of 2021," in page_of(analyst_client, now)
    assert linking in page_of(analyst_client, now)
    assert linking not in page_of(viewer_client, now)


def test_a_list_published_by_tiers_alone_has_a_table_and_no_chart(
    now: Assessment, before: Assessment, viewer_client: Client
):
    (issue,) = listed(before, "water")
    PublishedResultFactory(issue=issue, tier=TierFactory(assessment=before, name="High", position=0), rank=None)
    listed(now, "water")
    link(now, before, water="water")
    result_of(now, placed("water", 1, "High", 4.0))
    page = page_of(viewer_client, now)
    assert "No chart" in page
    assert "2021: as published" in page
    assert '<tr id="issue-water">' in page
    response = viewer_client.get(url(now, "png"), follow=True)
    assert "There is no chart to export" in response.content.decode()


@pytest.mark.parametrize(
    ("format", "kind"),
    [("csv", "text/csv; charset=utf-8"), ("png", "image/png"), ("svg", "image/svg+xml"), ("pdf", "application/pdf")],
)
def test_table_and_chart_are_files(years: Assessment, viewer_client: Client, format: str, kind: str):
    response = viewer_client.get(url(years, format))
    assert (response.status_code, response["Content-Type"]) == (200, kind)
    assert response["Content-Disposition"] == f'attachment; filename="example-2022-changes.{format}"'
    assert response["Cache-Control"] == "private, no-store"


def test_what_cannot_be_exported_says_so(now: Assessment, viewer_client: Client):
    assert viewer_client.get(url(now, "gif")).status_code == 404
    response = viewer_client.get(url(now, "csv"), follow=True)
    assert "There is nothing to export yet" in response.content.decode()


@pytest.mark.parametrize("issues", [1, 10])
def test_ten_issues_take_as_many_queries_as_one(
    now: Assessment, before: Assessment, issues: int, viewer_client: Client, django_assert_max_num_queries
):
    codes = [f"issue-{number}" for number in range(issues)]
    for assessment in (before, now):
        listed(assessment, *codes)
        result_of(assessment, *(placed(code, place + 1, "High", 4.0 - place / 10) for place, code in enumerate(codes)))
    link(now, before, **{code: code for code in codes})
    with django_assert_max_num_queries(17):
        viewer_client.get(url(now))
