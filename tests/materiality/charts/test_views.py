"""The page of charts, and its files."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from materiality.charts import CHARTS
from materiality.models import CurrentRun, HouseStyle
from scoping.models import Assessment
from tests.support.people import House


def page(assessment: Assessment) -> str:
    return reverse("materiality:charts", kwargs={"organisation": assessment.organisation.slug, "slug": assessment.slug})


def file(assessment: Assessment, chart: str, format: str) -> str:
    place = {"organisation": assessment.organisation.slug, "slug": assessment.slug}
    return reverse("materiality:chart", kwargs=place | {"chart": chart, "format": format})


def test_every_chart_is_there_with_its_text_and_its_files(complete: Assessment, viewer_client: Client):
    response = viewer_client.get(page(complete))
    content = response.content.decode()
    assert response.status_code == 200
    for slug in CHARTS:
        [image] = re.findall(rf'<img class="chart-sheet" src="{file(complete, slug, "svg")}"[^>]+>', content)
        assert re.search(r'width="\d{3,4}" height="\d{3,4}" alt="[^"]{40,}"', image)
        for format in ("png", "svg", "pdf", "csv"):
            assert f'href="{file(complete, slug, format)}' in content
    assert "Not there yet" not in content


def test_the_size_on_the_page_is_that_of_the_picture(complete: Assessment, viewer_client: Client):
    content = viewer_client.get(page(complete)).content.decode()
    for slug in CHARTS:
        width, height = re.search(rf'{slug}\.svg" width="(\d+)" height="(\d+)"', content).groups()
        drawn = viewer_client.get(file(complete, slug, "svg")).content.decode()
        points = re.search(r'<svg [^>]*?width="([\d.]+)pt" height="([\d.]+)pt"', drawn, re.DOTALL) or re.search(
            r'<svg height="(?P<h>[\d.]+)pt"', drawn
        )
        assert float(points.group(1)) / 0.75 == pytest.approx(int(width), abs=1)
        assert float(points.group(2)) / 0.75 == pytest.approx(int(height), abs=1)


def test_an_assessment_without_anything_says_what_to_do(bare: Assessment, viewer_client: Client):
    content = viewer_client.get(page(bare)).content.decode()
    assert "No chart can be drawn yet" in content
    assert "<img" not in content
    for chart in CHARTS.values():
        name, label = chart.page
        where = reverse(name, kwargs={"organisation": bare.organisation.slug, "slug": bare.slug})
        assert f'href="{where}"' in content
        assert str(label) in content


@pytest.mark.parametrize("slug", list(CHARTS))
@pytest.mark.parametrize(
    ("format", "kind", "start"),
    [
        ("png", "image/png", b"\x89PNG"),
        ("svg", "image/svg+xml", b"<?xml"),
        ("pdf", "application/pdf", b"%PDF"),
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf"),
    ],
)
def test_files(slug: str, format: str, kind: str, start: bytes, complete: Assessment, viewer_client: Client):
    response = viewer_client.get(file(complete, slug, format), {"download": ""})
    assert response.status_code == 200
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"] == f'attachment; filename="example-2022-{slug}.{format}"'
    assert response["Cache-Control"].startswith("private")
    assert response.content.startswith(start)


def test_a_picture_that_the_reader_has_is_not_sent_again_until_it_changes(complete: Assessment, viewer_client: Client):
    address = file(complete, "matrix", "svg")
    etag = viewer_client.get(address)["ETag"]
    again = viewer_client.get(address, headers={"if-none-match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    HouseStyle.objects.create(organisation=complete.organisation, tier_colours=["#004488"])
    changed = viewer_client.get(address, headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert b"#004488" in changed.content


def test_a_picture_by_itself_may_do_nothing(complete: Assessment, viewer_client: Client):
    response = viewer_client.get(file(complete, "matrix", "svg"))
    assert response["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert response["Content-Disposition"].startswith("inline")


def test_what_cannot_be_drawn_leads_back_with_the_reason(bare: Assessment, viewer_client: Client):
    for format in ("png", "csv"):
        response = viewer_client.get(file(bare, "matrix", format), follow=True)
        assert response.redirect_chain == [(page(bare), 302)]
        assert "could not be made: There is no result yet" in response.content.decode()


def test_a_missing_font_is_told_on_the_page(complete: Assessment, viewer_client: Client):
    run = CurrentRun.objects.get(assessment=complete).run
    run.results["issues"][0]["name"] = "\U00012000"
    type(run).objects.filter(pk=run.pk).update(results=run.results)
    content = viewer_client.get(page(complete)).content.decode()
    assert "This picture cannot be drawn on this machine." in content
    assert "apt-get install" in content
    assert file(complete, "matrix", "svg") not in content
    assert file(complete, "matrix", "csv") in content
    assert file(complete, "grid", "svg") in content


@pytest.mark.parametrize(("chart", "format"), [("pie", "png"), ("matrix", "gif")])
def test_other_charts_and_formats_are_not_there(chart: str, format: str, complete: Assessment, viewer_client: Client):
    assert viewer_client.get(file(complete, chart, format)).status_code == 404


def test_strangers_find_nothing(complete: Assessment, house: House, outsider_client: Client, client: Client):
    for address in (page(complete), file(complete, "matrix", "png")):
        assert outsider_client.get(address).status_code == 404
        assert client.get(address).status_code == 302


def test_the_results_lead_here(complete: Assessment, viewer_client: Client):
    address = reverse("materiality:results", kwargs={"organisation": complete.organisation.slug, "slug": complete.slug})
    assert f'href="{page(complete)}"' in viewer_client.get(address).content.decode()


def test_names_are_escaped(complete: Assessment, viewer_client: Client):
    run = CurrentRun.objects.get(assessment=complete).run
    run.results["issues"][0]["name"] = "<script>alert('1')</script>"
    type(run).objects.filter(pk=run.pk).update(results=run.results)
    assert "<script>alert" not in viewer_client.get(page(complete)).content.decode()
    assert b"<script" not in viewer_client.get(file(complete, "matrix", "svg")).content
