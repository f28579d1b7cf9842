"""Every chart: when it can be drawn, what it says in words, as a table, and as a file."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from figures.fonts import MissingFont
from figures.rates import Asked
from materiality.charts import CHARTS, ChartStyle
from materiality.charts.of_groups import _rate
from materiality.models import CurrentRun, Override
from materiality.review.selectors import decided_results
from scoping.models import Assessment, Issue
from surveys.monitor import GroupWatch
from tables.writing import csv_bytes
from tests.support.factories import AssessmentFactory, StakeholderGroupFactory
from tests.support.people import House

ALL = ("matrix", "tiers", "heat", "slopes", "grid", "rates")


def result(assessment: Assessment) -> dict[str, Any]:
    return decided_results(CurrentRun.objects.get(assessment=assessment).run)


def text_of(content: bytes) -> str:
    return " ".join(PdfReader(io.BytesIO(content)).pages[0].extract_text().split())


def test_the_charts_are_these():
    assert tuple(CHARTS) == ALL
    assert all(chart.slug == slug for slug, chart in CHARTS.items())


@pytest.mark.parametrize("slug", ALL)
def test_a_complete_assessment_has_every_chart(slug: str, complete: Assessment):
    chart, results = CHARTS[slug], result(complete)
    assert chart.unavailable(results, complete) == ""
    for format, start in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
        content = chart.paint(results, complete, format, ChartStyle(dpi=60))
        assert content.startswith(start)
        assert content == chart.paint(results, complete, format, ChartStyle(dpi=60))


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("matrix", "Highest: Issue A with 5.0 for the company and 4.5 for stakeholders"),
        ("tiers", "Highest: Issue A with 4.75; lowest: Issue C with 1.50."),
        ("heat", "Highest: Issue A in Staff with 5.0; lowest: Issue C in Staff with 1.5."),
        ("slopes", "Furthest up: Issue A, from rank 2 to 1; furthest down: Issue C, from rank 1 to 3."),
        ("grid", "Keep satisfied: Staff, Clients."),
        ("rates", "All: 2."),
    ],
)
def test_the_text_tells_the_finding(slug: str, said: str, complete: Assessment):
    assert said in CHARTS[slug].alt_text(result(complete), complete, "en")


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("matrix", "重要性议题矩阵"),
        ("tiers", "条形图：3项议题的优先度"),
        ("heat", "热力表"),
        ("slopes", "斜率图"),
        ("grid", "影响力与关注度"),
        ("rates", "2个利益相关方群体的答卷数"),
    ],
)
def test_chinese_is_spoken_whatever_the_language_of_the_page(slug: str, said: str, complete: Assessment):
    chart, results = CHARTS[slug], result(complete)
    assert said in chart.alt_text(results, complete, "zh-hans")
    english = chart.paint(results, complete, "pdf", ChartStyle())
    chinese = chart.paint(results, complete, "pdf", ChartStyle(language="zh-hans"))
    assert not any("\u4e00" <= char <= "\u9fff" for char in text_of(english))
    assert any("\u4e00" <= char <= "\u9fff" for char in text_of(chinese))


@pytest.mark.parametrize(
    ("slug", "why"),
    [
        ("matrix", "collect answers, then compute"),
        ("tiers", "collect answers, then compute"),
        ("heat", "collect answers, then compute"),
        ("slopes", "No assessment before this one is named: name it"),
        ("grid", "score the groups"),
        ("rates", "open the survey"),
    ],
)
def test_what_is_missing_is_said_with_what_to_do(slug: str, why: str, bare: Assessment):
    chart = CHARTS[slug]
    assert why in chart.unavailable(None, bare)
    for refused in (
        lambda: chart.paint(None, bare, "png", ChartStyle()),
        lambda: chart.alt_text(None, bare, "en"),
        lambda: chart.table(None, bare),
    ):
        with pytest.raises(ValueError, match=why):
            refused()


@pytest.mark.parametrize("slug", ALL)
def test_a_list_without_a_survey_is_a_document_too(slug: str, house: House):
    assessment = AssessmentFactory(organisation=house.organisation, with_survey=False, issues=2)
    document = {"assessment": assessment.slug, "title": "T", "issues": [{"code": "a", "name": "A", "tier": None}]}
    why = CHARTS[slug].unavailable(document, assessment)
    assert why
    assert ("holds no survey" in why) == (slug in ("matrix", "tiers", "heat", "rates"))


def test_a_year_before_without_a_result_is_named(complete: Assessment):
    CurrentRun.objects.filter(assessment=complete.previous).delete()
    assert CHARTS["slopes"].unavailable(None, complete).startswith("2021 has no result yet")


def test_a_decision_is_in_picture_text_and_table(complete: Assessment, house: House):
    tiers = [tier["name"] for tier in result(complete)["tiers"]]
    run = CurrentRun.objects.get(assessment=complete).run
    computed = next(issue["tier"] for issue in run.results["issues"] if issue["code"] == "a")
    other = next(name for name in tiers if name != computed)
    Override.objects.create(
        assessment=complete,
        issue=Issue.objects.get(assessment=complete, code="a"),
        run=run,
        computed_tier=computed,
        tier=other,
        reason="Regulation",
        by=house.owner,
    )
    results = result(complete)
    for slug in ("matrix", "tiers", "heat"):
        table = CHARTS[slug].table(results, complete)
        [row] = [row for row in table.rows if "Issue A" in row]
        assert row[table.header.index("Tier")] == other
        assert row[table.header.index("Computed tier")] == computed
    assert f"computed: {computed}" in text_of(CHARTS["tiers"].paint(results, complete, "pdf", ChartStyle()))
    for slug in ("matrix", "tiers"):
        assert "in another tier than computed, by decision" in CHARTS[slug].alt_text(results, complete, "en")


def test_tables_have_what_the_pictures_show(complete: Assessment):
    results = result(complete)
    tables = {slug: CHARTS[slug].table(results, complete) for slug in ALL}
    for table in tables.values():
        assert all(len(row) == len(table.header) for row in table.rows)
        assert csv_bytes(table).startswith(b"\xef\xbb\xbf")
    assert [row[2] for row in tables["matrix"].rows] == ["Issue A", "Issue B", "Issue C"]
    assert dict(zip(tables["heat"].header, tables["heat"].rows[0], strict=True))["Staff: mean"] == 5.0
    assert tables["grid"].rows[0] == [1, "Staff", "company", 4, 2, "Keep satisfied"]
    assert tables["rates"].rows[0][:4] == ["Staff", "company", 2, None]


def test_means_that_are_not_told_are_not_in_the_table(complete: Assessment):
    results = result(complete)
    for issue in results["issues"]:
        issue["groups"]["Staff"] = {"mean": None, "n": None, "hidden": True}
    table = CHARTS["heat"].table(results, complete)
    assert {row[table.header.index("Staff: mean")] for row in table.rows} == {"not shown"}


def test_fewer_than_k_are_not_told(complete: Assessment):
    survey = complete.survey
    survey.minimum_group = 3
    survey.save()
    chart = CHARTS["rates"]
    assert [row[2] for row in chart.table(None, complete).rows] == ["fewer than 3", "fewer than 3"]
    text = text_of(chart.paint(None, complete, "pdf", ChartStyle()))
    assert "fewer than 3 answers" in text
    assert "2 answers" not in text


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        # answers, simulated, invited, heard, population -> answered, asked, basis, simulated
        ((40, 0, 80, 40, 500), (40, 80, Asked.INVITED, "none")),
        ((40, 0, 80, 30, 500), (40, 500, Asked.PEOPLE, "none")),  # some came by the link of the group
        ((40, 0, 80, 30, None), (40, None, Asked.UNKNOWN, "none")),
        ((40, 40, 0, 0, 500), (40, 500, Asked.PEOPLE, "all")),
        # Simulated ones that stand in, beside people's that wait.
        ((12, 10, 0, 0, 500), (10, 500, Asked.PEOPLE, "all")),
        ((12, 10, 0, 0, None), (10, None, Asked.UNKNOWN, "all")),
        ((3, 0, 0, 0, 500), (None, 500, Asked.PEOPLE, "none")),
        ((0, 0, 0, 0, 500), (0, 500, Asked.PEOPLE, "none")),
        ((3, 0, 80, 3, None), (None, 80, Asked.INVITED, "none")),
        ((0, 0, 80, 0, None), (0, 80, Asked.INVITED, "none")),
    ],
)
@pytest.mark.django_db
def test_of_whom_a_rate_is_told(counts: tuple[Any, ...], told: tuple[Any, ...]):
    answers, simulated, invited, heard, population = counts
    group = StakeholderGroupFactory()
    watch = GroupWatch(group, answers, 0, simulated, invited, heard, None, population, None, 4)
    rate = _rate(watch, 5)
    assert (rate.answered, rate.asked, rate.basis, rate.simulated) == told


def test_a_style_that_cannot_be_is_refused(complete: Assessment):
    chart, results = CHARTS["matrix"], result(complete)
    for style, said in (
        (ChartStyle(width_mm=40), "smallest text"),
        (ChartStyle(colours=("blue",)), "hexadecimal"),
        (ChartStyle(language="fr"), "not 'fr'"),
        (ChartStyle(dpi=5), "36 to 1200"),
    ):
        with pytest.raises(ValueError, match=said):
            chart.paint(results, complete, "png", style)


@pytest.mark.parametrize("slug", ["matrix", "tiers", "heat"])
def test_a_missing_font_is_told_with_what_to_install(slug: str, complete: Assessment):
    results = result(complete)
    results["issues"][0]["name"] = "\U00012000"
    with pytest.raises(MissingFont, match="apt-get install"):
        CHARTS[slug].paint(results, complete, "png", ChartStyle())
