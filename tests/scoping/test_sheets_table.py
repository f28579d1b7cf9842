"""The issue table shows what is on the sheets, by category, and the pillars below it."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from scoping.models import Assessment, Standing
from scoping.selectors.sheets import NO_CATEGORY, Category, issue_table, pillars_of, sheets_of
from scoping.services import load_case
from scoping.views.sheets import ISSUES_PER_PAGE
from tests.support.factories import AssessmentFactory, IssueFactory, PillarFactory
from tests.support.people import House

PAGE = "/o/example/a/{}/scoping/issue-table/"


@pytest.fixture
def assessment(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="here")


def text_of(client: Client, slug: str = "here", query: str = "") -> str:
    response = client.get(PAGE.format(slug) + query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def parts_of(assessment: Assessment) -> list[Category]:
    table = issue_table(assessment)
    return sheets_of(assessment, table, table.issues)


# --- the table -----------------------------------------------------------------------------------------------------


def test_columns_that_no_sheet_fills_are_left_out(assessment: Assessment) -> None:
    IssueFactory(assessment=assessment, meaning="Rivers run dry.", sdgs=[6])
    IssueFactory(assessment=assessment, owners="Works manager")
    assert issue_table(assessment).headings == ("What it means to us", "SDGs", "Owners")


def test_issues_stand_under_their_category_in_the_order_of_the_list(assessment: Assessment) -> None:
    for position, category in enumerate(["Social", "", "Environmental", "Social"]):
        IssueFactory(assessment=assessment, position=position, category=category)
    parts = [(part.name, part.count, [row.code for row in part.rows]) for part in parts_of(assessment)]
    assert parts == [
        ("Social", 2, ["issue-0", "issue-3"]),
        (NO_CATEGORY, 1, ["issue-1"]),
        ("Environmental", 1, ["issue-2"]),
    ]
    assert issue_table(assessment).categories == 2


def test_only_the_short_list_is_in_the_table(assessment: Assessment) -> None:
    kept = IssueFactory(assessment=assessment)
    IssueFactory(assessment=assessment, standing=Standing.LEFT_OUT, meaning="Left out.")
    IssueFactory(assessment=assessment, standing=Standing.NEXT, meaning="Next time.")
    IssueFactory(assessment=assessment, standing=Standing.MERGED, merged_into=kept, meaning="Merged.")
    table = issue_table(assessment)
    assert (table.issues, table.headings) == ((kept.pk,), ())


def test_a_cell_has_paragraphs_lines_or_goals_by_name(assessment: Assessment) -> None:
    IssueFactory(assessment=assessment, practice="One.\n\nTwo.", chapters="3.1 Water\n3.2 Plant", sdgs=[13, 99])
    practice, chapters, goals = parts_of(assessment)[0].rows[0].cells
    assert practice.paragraphs == ("One.", "Two.")
    assert chapters.lines == ("3.1 Water", "3.2 Plant")
    assert [(goal.number, goal.name) for goal in goals.goals] == [(13, "Climate Action")]


@pytest.mark.parametrize(
    ("case", "headings"),
    [
        ("uxin-2022", ("What it means to us", "Our practice", "Chapters", "Owners")),
        ("atrenew-2021", ("What it means to us", "Improvement measures", "Chapters", "SDGs")),
        ("qifu-2022", ("Chapters",)),
    ],
)
def test_a_case_has_the_columns_of_its_report(house: House, case: str, headings: tuple[str, ...]) -> None:
    assert issue_table(load_case(organisation=house.organisation, case=case)).headings == headings


def test_the_table_of_uxin_can_be_held_beside_its_report(house: House, viewer_client: Client) -> None:
    load_case(organisation=house.organisation, case="uxin-2022")
    page = text_of(viewer_client, "uxin-2022")
    assert "18 issues in 4 categories" in page
    assert "Product Responsibility <small>5 issues</small>" in page
    assert "5 pillars" in page
    assert "2.4 Privacy Protection" in page
    assert "Sources and readings" in page


def test_issues_without_a_published_tier_say_so_where_others_have_one(house: House, viewer_client: Client) -> None:
    load_case(organisation=house.organisation, case="atrenew-2021")
    page = text_of(viewer_client, "atrenew-2021")
    assert page.count("no tier published") == 13
    assert page.count("</svg>High importance</span>") == 7


def test_an_issue_leads_to_its_sheet(assessment: Assessment, viewer_client: Client) -> None:
    IssueFactory(assessment=assessment, name="Water", code="water", meaning="Rivers run dry.")
    assert '<a href="/o/example/a/here/scoping/issues/water/sheet/">Water</a>' in text_of(viewer_client)


# --- what to do next -----------------------------------------------------------------------------------------------


def test_without_issues_the_long_list_is_next(assessment: Assessment, analyst_client: Client) -> None:
    page = text_of(analyst_client)
    assert "No issue is on the short list yet" in page
    assert page.count("btn-primary") == 1
    assert "/o/example/a/here/scoping/long-list/" in page


def test_without_sheets_the_first_one_is_next(assessment: Assessment, analyst_client: Client) -> None:
    IssueFactory(assessment=assessment, code="water", name="Water")
    page = text_of(analyst_client)
    assert "No sheet is written yet" in page
    assert "scoping/issues/water/sheet/edit/" in page
    assert page.count("btn-primary") == 1


def test_the_next_blank_sheet_is_next(assessment: Assessment, analyst_client: Client) -> None:
    IssueFactory(assessment=assessment, meaning="Rivers run dry.")
    IssueFactory(assessment=assessment, code="noise", name="Noise")
    page = text_of(analyst_client)
    assert "1 of 2 have something on their sheet." in page
    assert "Nothing written yet." in page
    assert page.count("btn-primary") == 1


def test_readers_are_asked_to_write_nothing(assessment: Assessment, viewer_client: Client) -> None:
    IssueFactory(assessment=assessment)
    PillarFactory(assessment=assessment)
    page = text_of(viewer_client)
    assert "sheet/edit/" not in page
    assert "scoping/pillars/" not in page


def test_what_users_write_is_shown_as_text(assessment: Assessment, viewer_client: Client) -> None:
    IssueFactory(assessment=assessment, meaning="<script>alert(1)</script>")
    assert "<script>alert" not in text_of(viewer_client)


def test_a_long_list_is_shown_in_pages(assessment: Assessment, viewer_client: Client) -> None:
    for position in range(ISSUES_PER_PAGE + 1):
        IssueFactory(assessment=assessment, position=position, meaning="Yes.")
    assert text_of(viewer_client).count('<tr id="issue-') == ISSUES_PER_PAGE
    last = text_of(viewer_client, query="?page=2")
    assert last.count('<tr id="issue-') == 1
    assert f"{ISSUES_PER_PAGE + 1} issues" in last


# --- pillars -------------------------------------------------------------------------------------------------------


def test_a_pillar_shows_its_topics_and_issues_in_the_order_of_the_list(assessment: Assessment) -> None:
    issues = [IssueFactory(assessment=assessment, position=position) for position in (2, 1)]
    pillar = PillarFactory(assessment=assessment, topics="Water\nAir")
    pillar.issues.set(issues)
    card = pillars_of(assessment)[0]
    assert card.topics == ("Water", "Air")
    assert [issue.code for issue in card.issues] == ["issue-1", "issue-2"]


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_cost_no_queries(
    assessment: Assessment, viewer_client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        issue = IssueFactory(assessment=assessment, meaning="Yes.", sdgs=[1])
        PillarFactory(assessment=assessment).issues.add(issue)
    # session, user, membership, assessment; the list, the sheets; pillars, what they carry, and the names of that
    with django_assert_num_queries(9):
        viewer_client.get(PAGE.format("here"))
