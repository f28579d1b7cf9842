"""How many people answered in a group of fewer than k is in no file that is meant for the report."""

import io
import re
from collections.abc import Callable

import docx
import openpyxl
import pytest
import time_machine
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from materiality.disclosure.frameworks import disclosures_of
from materiality.exports.chapter.material import material_of
from materiality.exports.workbook import workbook_xlsx
from materiality.files.kinds import kind_named
from materiality.files.options import Options
from materiality.files.snapshot import snapshot_of
from materiality.models import AnalysisRun
from materiality.services import analyse_now, propose
from scoping.models import Assessment, Side
from surveys.models import SurveyLink
from surveys.services import close_survey, open_survey, prepare_survey, submit_response
from tests.materiality import documents
from tests.materiality.chapters import analysed
from tests.materiality.chapters import everything as all_of_chapter
from tests.materiality.decks import everything as all_of_deck
from tests.support.factories import AssessmentFactory, IssueFactory, StakeholderGroupFactory
from tests.support.people import House

# Of the last two the numbers stand nowhere else: neither in the day nor in a score, a rank or a code of a framework.
PEOPLE = {"staff": 61, "clients": 59, "crew": 37, "press": 43}
SIDES = {"staff": Side.INTERNAL, "crew": Side.INTERNAL, "clients": Side.EXTERNAL, "press": Side.EXTERNAL}
FEW = re.compile(r"(?<![\w.,-])(?:37|43)(?![\w%-]|[.,]\d)")
DAY = "2022-05-03T10:00:00+00:00"


def surveyed(house: House, people: dict[str, int], k: int) -> Assessment:
    """A closed survey with so many answers of each group and a result; what fewer than `k` people said is not shown."""
    assessment = AssessmentFactory(organisation=house.organisation, slug="few-2022")
    for position, code in enumerate("abc"):
        IssueFactory(assessment=assessment, code=code, name=f"Issue {code.upper()}", position=position)
    for position, code in enumerate(people):
        StakeholderGroupFactory(
            assessment=assessment, code=code, name=code.title(), side=SIDES[code], position=position
        )
    survey = prepare_survey(assessment=assessment)
    survey.minimum_group = k
    survey.save()
    open_survey(survey=survey)
    for code, number in people.items():
        link = SurveyLink.objects.get(survey=survey, group__code=code)
        for _ in range(number):
            submit_response(link=link, answers=bytes([4, 2, 1]))
    survey.refresh_from_db()
    close_survey(survey=survey)
    assessment.refresh_from_db()
    analyse_now(assessment=assessment)
    return assessment


@pytest.fixture
def of_few(house: House) -> Callable[[int], Assessment]:
    def make(k: int) -> Assessment:
        with time_machine.travel(DAY, tick=False):
            assessment = surveyed(house, PEOPLE, k)
            propose(assessment=assessment, body="the board", by=house.analyst)
        return assessment

    return make


def words(extension: str, raw: bytes) -> str:
    """What the file says; cells one after the other."""
    if extension == "docx":
        return all_of_chapter(docx.Document(io.BytesIO(raw)))
    if extension == "pptx":
        return all_of_deck(raw)
    if extension == "xlsx":
        cells = [cell.value for sheet in openpyxl.load_workbook(io.BytesIO(raw)) for row in sheet for cell in row]
        return "\n".join(str(cell) for cell in cells if cell is not None)
    if extension == "pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages)
    return raw.decode()


def said(assessment: Assessment, slug: str, language: str = "en") -> str:
    kind, out = kind_named(slug), io.BytesIO()
    with time_machine.travel(DAY, tick=False):
        kind.write(snapshot_of(assessment), Options(language=language), out, lambda *_: None)
    return words(kind.extension, out.getvalue())


# Of the numbers of groups the last two tell no more than their sum.
KINDS = ("chapter", "deck", "tables", "disclosures", "disclosures-word", "meeting-paper", "ranking", "minutes")


@pytest.mark.parametrize("slug", KINDS)
def test_no_file_says_how_many_answered_in_a_small_group(of_few: Callable[[int], Assessment], slug: str):
    assessment = of_few(50)
    for language in ("en", "zh-hans"):
        text = said(assessment, slug, language)
        found = FEW.search(text)
        assert found is None, text[max(found.start() - 80, 0) : found.end() + 20]


def test_without_the_rule_they_would(of_few: Callable[[int], Assessment]):
    assessment = of_few(1)
    assert {slug for slug in KINDS if FEW.search(said(assessment, slug))} == {*KINDS[:-2]}


def test_a_workbook_of_an_old_result_that_has_the_numbers_keeps_them_back():
    """Older results tell of small groups how many they are."""
    groups = documents.results()["stakeholder_groups"]
    groups[1] |= {"n": 3, "simulated": 2}
    raw = workbook_xlsx(analysed(stakeholder_groups=groups, minimum_group=5))
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(raw))["Stakeholders"]]
    assert next(row[4:6] for row in rows if row[0] == "Clients") == ["fewer than 5", None]


def test_a_chapter_and_tables_say_that_they_were_few(house: House):
    assessment = surveyed(house, {"staff": 17, "clients": 9, "crew": 1, "press": 3}, 5)
    told = "Staff 17, Clients 9, Crew fewer than 5 and Press fewer than 5"
    for slug in ("chapter", "disclosures", "disclosures-word"):
        assert told in said(assessment, slug), slug


def test_nor_before_there_is_a_result(house: House):
    assessment = surveyed(house, {"staff": 17, "clients": 9, "press": 3}, 5)
    told = [
        line
        for framework in disclosures_of(assessment, material_of(assessment, None))
        for table in framework.tables
        for row in table.rows
        for cell in row.cells
        for line in cell.lines
        if "Press" in line and "answers came in" in line
    ]
    assert told
    assert all("Press fewer than 5" in line and "Press 3" not in line for line in told)


def test_members_read_on_their_own_page_what_the_page_of_the_survey_tells(house: House, viewer_client: Client):
    surveyed(house, {"staff": 17, "clients": 9, "press": 3}, 5)
    page = viewer_client.get("/o/example/a/few-2022/statement/").content.decode()
    assert "Staff 17, Clients 9 and Press 3" in page


# --- who was engaged (ESRS 2, 45 a ii) -----------------------------------------------------------------------
def engaged(assessment: Assessment, groups: list[dict] | None = None, language: str = "en") -> str:
    results = AnalysisRun.objects.get(assessment=assessment).results
    if groups is not None:
        results["stakeholder_groups"] = groups
    with translation.override(language):
        frameworks = disclosures_of(assessment, material_of(assessment, results))
    tables = next(one.tables for one in frameworks if one.slug == "esrs")
    return next(row.cells[0].lines[0] for row in tables[0].rows if row.code == "45 a ii")


def voice(code: str, n: int | None, *together: str, side: str = "external", on: str = "") -> dict:
    name = f"{code}{on}"
    return {"code": code, "name": name, "side": side, "n": n, "together": list(together), "share": 0.5, "weight": 1.0}


@pytest.fixture
def small(house: House) -> Assessment:
    return surveyed(house, {"staff": 17, "clients": 9, "press": 3}, 5)


def test_groups_that_are_counted_as_one_are_named_once_with_their_sum(small: Assessment):
    assert engaged(small) == "A survey was answered by Staff (17) and Clients and Press together (12)."
    assert "fewer than" not in engaged(small)


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        ([voice("A", 9), voice("B", None)], "A (9) and B (fewer than 5)"),
        (
            [voice("A", 9), voice("B", None), voice("C", 7), voice("A+B", 12, "A", "B")],
            "A and B together (12) and C (7)",
        ),
        # Counted with A on one issue and with C on another: neither sum is that of all three.
        (
            [voice("A", 9), voice("B", None), voice("C", 7), voice("A+B", 12, "A", "B"), voice("B+C", 10, "B", "C")],
            "A, B and C together",
        ),
        (
            [voice("A", 9), voice("B", None), voice("C", 7), voice("B+C", 10, "B", "C"),
             voice("A+B+C", 19, "A", "B", "C")],
            "A, B and C together (19)",
        ),
        # Asked for both importances, a group is heard on both axes and is the same people.
        (
            [
                voice("A", 9, side="internal", on=", on the company"),
                voice("B", 6, side="internal", on=", on the company"),
                voice("A", 9, on=", on stakeholders"),
                voice("B", 6, on=", on stakeholders"),
            ],
            "A (9) and B (6)",
        ),
    ],
)  # fmt: skip
def test_nobody_is_counted_twice(small: Assessment, groups: list[dict], told: str):
    assert engaged(small, groups) == f"A survey was answered by {told}."


def test_of_groups_counted_as_one_it_is_told_in_chinese(small: Assessment):
    assert "together" not in engaged(small, language="zh-hans")
    assert "12" in engaged(small, language="zh-hans")
