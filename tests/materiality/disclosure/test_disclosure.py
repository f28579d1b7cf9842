"""Disclosure tables: filled from what is recorded, marked where it is not."""

import io
import re
from datetime import date

import docx
import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from materiality.disclosure import names
from materiality.disclosure.cells import DisclosureTable, Framework
from materiality.disclosure.files import disclosures_docx, disclosures_xlsx
from materiality.disclosure.frameworks import disclosures_of
from materiality.exports.chapter.material import material_of
from materiality.models import Proposal, ProposalState
from materiality.review.decided import GivenTier, decide, digest_of
from materiality.services import analyse_now
from scoping.libraries.catalogue import find_library
from scoping.models import Assessment
from surveys.models import SurveyLink
from surveys.services import open_survey, prepare_survey, submit_response
from tests.browser.test_pages import SIZES, Axe, inspect
from tests.support.browser import NewPage
from tests.support.factories import (
    AssessmentFactory,
    ChannelFactory,
    ConcernFactory,
    IndexEntryFactory,
    MentionFactory,
    TierFactory,
)
from tests.support.people import House

pytestmark = pytest.mark.django_db
TO_WRITE = "To be written: "
HARD = "=HYPERLINK(1) <script>alert(1)</script> $x_1^2$ 重要性 مهم 😀 " + "long " * 40


@pytest.fixture
def assessment(house: House) -> Assessment:
    found = AssessmentFactory(organisation=house.organisation, slug="a-2022", groups=2, issues=3)
    for position, count in enumerate([1, 2]):
        TierFactory(assessment=found, position=position, name=("High", "Low")[position], planned_count=count)
    return found


def answered(assessment: Assessment) -> dict:
    survey = prepare_survey(assessment=assessment)
    open_survey(survey=survey)
    for link in SurveyLink.objects.filter(survey__assessment=assessment):
        for _ in range(12):
            submit_response(link=link, answers=bytes([5, 3, 1]))
    return analyse_now(assessment=assessment).results


def framework(assessment: Assessment, slug: str, results: dict | None = None) -> Framework:
    return next(one for one in disclosures_of(assessment, material_of(assessment, results)) if one.slug == slug)


def table(assessment: Assessment, slug: str, code: str, results: dict | None = None) -> DisclosureTable:
    return next(one for one in framework(assessment, slug, results).tables if one.code == code)


def cell(found: DisclosureTable, row: str, column: int = 0) -> tuple[str, str]:
    line = next(one for one in found.rows if row in (one.code, one.asks))
    return " ".join(line.cells[column].lines), line.cells[column].missing


def test_an_empty_assessment_fills_nothing_and_says_what_to_do(house: House):
    empty = AssessmentFactory(organisation=house.organisation, slug="empty")
    frameworks = disclosures_of(empty, material_of(empty, None))
    assert [one.slug for one in frameworks] == ["gri", "hkex", "esrs", "sse-szse"]
    assert cell(table(empty, "gri", "3-1"), "3-1 b") == ("", "Register the stakeholder groups.")
    assert table(empty, "gri", "3-2 a").rows == ()
    assert len(table(empty, "sse-szse", "21").rows) == 21
    assert all(one.missing for one in frameworks)


def test_what_no_issue_is_linked_with_is_marked_in_each_cell(house: House):
    empty = AssessmentFactory(organisation=house.organisation, slug="empty")
    for row in table(empty, "hkex", "C").rows:
        assert row.cells[0].missing.startswith("No issue is linked: link one from the library, or explain")
    for row in table(empty, "sse-szse", "21").rows:
        assert all(cell.lines or cell.missing for cell in row.cells)
        assert [cell.missing for cell in row.cells[2:4]] == ["Not linked.", "Not linked."]


def test_the_list_stands_by_rank_with_tiers(assessment: Assessment):
    found = table(assessment, "gri", "3-2 a", answered(assessment))
    assert [(row.code, row.asks, *row.cells[1].lines) for row in found.rows] == [
        ("1", "Issue 0", "High"), ("2", "Issue 1", "Low"), ("3", "Issue 2", "Low"),
    ]  # fmt: skip
    assert found.missing == 0


def test_a_tier_by_decision_stands_with_the_computed_one_and_its_reason(assessment: Assessment):
    results = decide(answered(assessment), {"issue-2": GivenTier("High", "Law asks for it.", date(2022, 5, 3))})
    told, missing = cell(table(assessment, "gri", "3-2 a", results), "Issue 2", 1)
    assert told == "High (computed: Low; Law asks for it.)"
    assert missing == ""


def test_sheets_and_responses_fill_the_management_of_topics(assessment: Assessment):
    issue, group = assessment.issues.get(code="issue-0"), assessment.groups.first()
    assessment.issues.filter(pk=issue.pk).update(meaning="It costs us.", practice="We repair.", chapters="2.1 Repair")
    ConcernFactory(group=group, issue=issue, topic="Repair", response="Shops in each town")
    found = table(assessment, "gri", "3-3")
    assert cell(found, "Issue 0", 0) == ("It costs us.", "")
    assert cell(found, "Issue 0", 1)[1].startswith("Say whether")
    assert cell(found, "Issue 0", 3) == ("We repair.", "")
    assert cell(found, "Issue 0", 5) == (f"To {group.name}: Shops in each town", "")
    assert cell(found, "Issue 0", 6) == ("2.1 Repair", "")
    assert cell(found, "Issue 1", 3)[1].startswith("Write what is done")


def test_channels_and_relevance_fill_what_esrs_asks_about_engagement(assessment: Assessment):
    group = assessment.groups.first()
    assessment.groups.filter(pk=group.pk).update(relevance="They buy from us.")
    ChannelFactory(group=group, name="Hotline", frequency="daily")
    found = table(assessment, "esrs", "SBM-2")
    assert cell(found, "45 a iii") == (f"{group.name}: Hotline (daily)", "")
    assert cell(found, "45 a iv") == (f"{group.name}: They buy from us.", "")
    assert cell(found, "45 c")[1]


def test_links_to_libraries_put_issues_beside_the_exchanges_topics(assessment: Assessment):
    issue = assessment.issues.get(code="issue-0")
    MentionFactory(issue=issue, reference="sse-szse:6")
    IndexEntryFactory(assessment=assessment, framework="sse-szse", code="7", location="p. 12", issue=None)
    found = table(assessment, "sse-szse", "21", answered(assessment))
    assert cell(found, "6", 1) == ("Issue 0: High", "")
    assert cell(found, "6", 2) == ("5.00", "")
    assert cell(found, "7", 1)[1].startswith("No issue is linked")
    assert cell(found, "7", 4) == ("p. 12", "")


def test_the_content_index_fills_the_table_of_hkex(assessment: Assessment):
    IndexEntryFactory(
        assessment=assessment,
        framework="hkex",
        code="A1.3",
        location="5.2",
        issue=assessment.issues.get(code="issue-1"),
    )
    found = table(assessment, "hkex", "C", answered(assessment))
    assert cell(found, "A1.3", 0) == ("Issue 1 (Low)", "")
    assert cell(found, "A1.3", 1) == ("5.2", "")
    assert cell(found, "A1.4", 1)[1].startswith("Enter the place")


def test_who_confirmed_is_told_only_when_somebody_has(assessment: Assessment):
    results = answered(assessment)
    proposal = Proposal.objects.create(
        assessment=assessment, number=1, document=results, digest=digest_of(results), body="the board"
    )
    assert cell(table(assessment, "esrs", "SBM-2", results), "45 d")[0] == ""
    proposal.state, proposal.confirmed_at = ProposalState.CONFIRMED, timezone.now()
    proposal.save()
    assert "Confirmed by the board on " in cell(table(assessment, "esrs", "SBM-2", results), "45 d")[0]


def test_the_workbook_holds_every_cell_and_no_formula(assessment: Assessment):
    assessment.issues.filter(code="issue-0").update(name=HARD[:300], meaning=HARD)
    material = material_of(assessment, None)
    frameworks = disclosures_of(assessment, material)
    book = openpyxl.load_workbook(io.BytesIO(disclosures_xlsx(frameworks, material)))
    assert book.sheetnames[:3] == ["Overview", "GRI 3-1", "GRI 3-2 a"]
    cells = [one for sheet in book for row in sheet.iter_rows() for one in row if one.value is not None]
    assert any(str(one.value).startswith("=HYPERLINK(1)") for one in cells)
    assert {one.data_type for one in cells} <= {"s", "n", "inlineStr"}
    marked = sum(str(one.value).count(TO_WRITE) for one in cells)
    assert marked == sum(
        bool(each.missing) for one in frameworks for found in one.tables for row in found.rows for each in row.cells
    )


def test_the_word_file_has_every_table(assessment: Assessment):
    assessment.issues.filter(code="issue-0").update(name=HARD[:300])
    material = material_of(assessment, None)
    frameworks = disclosures_of(assessment, material)
    content = disclosures_docx(frameworks, material)
    assert content == disclosures_docx(frameworks, material_of(assessment, None)) or not material.results
    found = docx.Document(io.BytesIO(content))
    headings = [
        one.text for one in found.paragraphs if one.style.name == "heading 2" or one.style.style_id == "Heading2"
    ]
    assert headings == [f"{one.code} {one.title}" for each in frameworks for one in each.tables]


def test_every_name_that_is_shown_is_marked_for_translation():
    hkex = {one.name for one in find_library("hkex").entries if one.kind == "disclosure"}
    esrs = {one.name for one in find_library("esrs").entries}
    assert hkex | esrs <= {*names.HKEX, *names.ESRS}
    exchanges = {one.group for one in find_library("sse-szse").entries}
    frames = {text for slug in ("hkex", "sse-szse") for text in (find_library(slug).name, find_library(slug).edition)}
    assert exchanges | frames <= {*names.FRAMES}


def test_a_citation_is_that_of_the_library():
    assert all(names.esrs_citation(one) == one.citation for one in find_library("esrs").entries)


def test_the_page_has_each_framework_and_leads_to_the_files(assessment: Assessment, viewer_client: Client):
    address = "/o/example/a/a-2022/disclosures"
    for slug in ("gri", "hkex", "esrs", "sse-szse", "nonsense"):
        page = viewer_client.get(f"{address}/", {"framework": slug})
        assert page.status_code == 200
        assert "There is no result yet" in page.content.decode()
    whole = viewer_client.get(f"{address}.xlsx")
    one = viewer_client.get(f"{address}.xlsx", {"framework": "hkex"})
    assert len(openpyxl.load_workbook(io.BytesIO(whole.content)).sheetnames) == 11
    assert openpyxl.load_workbook(io.BytesIO(one.content)).sheetnames == ["Overview", "HKEX B", "HKEX C"]
    assert viewer_client.get(f"{address}.docx").content[:2] == b"PK"
    assert viewer_client.get(f"{address}.pdf").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits_and_hinders_nobody(
    assessment: Assessment, house: House, new_page: NewPage, axe: Axe, size: tuple[int, int]
):
    answered(assessment)
    page = new_page(house.viewer, size, reduced_motion="reduce")
    for slug in ("gri", "esrs", "sse-szse"):
        page.goto(f"/o/example/a/a-2022/disclosures/?framework={slug}")
        inspect(page, axe, size)


@pytest.mark.parametrize("role", ["analyst", "viewer"])
@pytest.mark.parametrize("slug", ["gri", "esrs", "hkex", "sse-szse"])
def test_links_lead_to_where_a_cell_is_written(
    assessment: Assessment, slug: str, role: str, request: pytest.FixtureRequest
):
    client: Client = request.getfixturevalue(f"{role}_client")
    page = client.get(f"/o/example/a/a-2022/disclosures/?framework={slug}").content.decode()
    links = {link.split("#")[0] for link in re.findall(r'class="to-write">.*?<a href="([^"]+)"', page)}
    assert links
    for link in links:
        assert client.get(link).status_code == 200, link
