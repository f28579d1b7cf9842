"""Whatever a file is made of: where a tier was given by decision, it has the computed one beside it.

Of a figure, PNG, SVG and PDF are painted from the same words, most of them as outlines; so the words are read before
they are painted, and the text layer of the PDF too.
"""

import csv
import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from docx import Document
from pypdf import PdfReader

from figures.drawing import Writing
from materiality.charts import CHARTS, ChartStyle
from materiality.files import KINDS
from materiality.files.options import Options
from materiality.files.services import write
from materiality.review.selectors import decided_results
from materiality.services import analyse_now, override_tier, propose
from scoping.models import Assessment
from tests.materiality.decks import grid, slides_of
from tests.materiality.files.conftest import closed
from tests.materiality.review.conftest import current
from tests.materiality.years import link, listed, placed, result_of
from tests.support.factories import AssessmentFactory, TierFactory
from tests.support.people import House

pytestmark = pytest.mark.django_db

# What has no tier in it: who has power, who answered, what people answered.
WITHOUT_TIERS = {"grid", "rates", "answers", "answers-xlsx", "answers-parquet"}
FIGURES = sorted(slug for slug in CHARTS if slug not in WITHOUT_TIERS)
# The pack is made of all the others.
OTHERS = sorted(slug for slug in KINDS if slug not in WITHOUT_TIERS and slug not in CHARTS and slug != "report-pack")


@pytest.fixture
def decided(answered: Assessment, house: House) -> Assessment:
    """Issue C is Minor as computed, and High by decision; a year before and a proposal are there too."""
    before = AssessmentFactory(organisation=house.organisation, slug="example-2021", reporting_period="2021")
    listed(before, "a", "c")
    link(answered, before, a="a", c="c")
    answered.previous = before
    answered.save()
    result_of(before, placed("c", 1, "High", 4.5), placed("a", 2, "Minor", 3.0))
    for position, (name, count) in enumerate((("High", 2), ("Minor", 1))):
        TierFactory(assessment=answered, name=name, position=position, planned_count=count)
    analyse_now(assessment=answered)
    issue = answered.issues.get(code="c")
    override_tier(assessment=answered, issue=issue, tier="High", reason="Clients ask for it.", by=house.analyst)
    propose(assessment=answered, body="the board", by=house.analyst)
    return closed(answered)


def made(assessment: Assessment, slug: str, **options: Any) -> bytes:
    out = io.BytesIO()
    write(assessment, KINDS[slug], Options(**options), out)
    return out.getvalue()


def tells(lines: list[str]) -> bool:
    """Whether a row of a table has the issue with both tiers, or a text says that Minor was computed."""
    rows = [line for line in lines if " | " in line]
    if any("Issue C" in row and "High" in row and "Minor" in row for row in rows):
        return True
    return any(re.search(r"computed(?: tier)?\W{1,5}Minor", line, re.IGNORECASE) for line in lines)


def lines_of(raw: bytes, extension: str) -> list[str]:
    """The texts of a file: a line for each paragraph and for each row of a table."""
    if extension == "pdf":
        return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(raw)).pages]
    if extension == "csv":
        return [" | ".join(row) for row in csv.reader(io.StringIO(raw.decode("utf-8-sig")))]
    if extension == "docx":
        document = Document(io.BytesIO(raw))
        rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
        return [*(one.text for one in document.paragraphs), *(" | ".join(row) for row in rows)]
    if extension == "pptx":
        return [line for slide in slides_of(raw) for line in slide_lines(slide)]
    if extension == "xlsx":
        return [line for sheet in openpyxl.load_workbook(io.BytesIO(raw)) for line in sheet_lines(sheet)]
    return [" ".join(raw.decode().split())]


def slide_lines(slide: Any) -> list[str]:
    boxes = [shape.text_frame.paragraphs for shape in slide.shapes if shape.has_text_frame]
    return [one.text for paragraphs in boxes for one in paragraphs] + [" | ".join(row) for row in grid(slide)]


def sheet_lines(sheet: Any) -> list[str]:
    return [" | ".join(str(cell) for cell in row if cell is not None) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("slug", OTHERS)
def test_every_file_has_both_tiers(decided: Assessment, slug: str):
    raw, extension = made(decided, slug), KINDS[slug].extension
    if extension == "json":
        assert re.search(rb'"computed_tier": ?"Minor"', raw)
    elif extension == "zip":
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = [name for name in archive.namelist() if name.endswith((".json", ".csv", ".txt"))]
            assert any(re.search(rb"computed.{0,200}Minor", archive.read(name), re.DOTALL) for name in names)
    else:
        assert tells(lines_of(raw, extension))


@pytest.mark.parametrize("slug", FIGURES)
def test_every_figure_has_both_tiers(decided: Assessment, slug: str):
    chart, results = CHARTS[slug], decided_results(current(decided))
    tools = chart.tools()
    figure, _ = tools.make(tools.lay_out(chart.figure(results, decided, "en")))
    written = " ".join(word.text for one in figure.artists if isinstance(one, Writing) for word in one.words)
    assert tells([written])
    assert tells(lines_of(chart.paint(results, decided, "pdf", ChartStyle()), "pdf"))
    assert tells(lines_of(made(decided, slug, format="csv"), "csv"))
    assert tells([chart.alt_text(results, decided, "en")])


def test_each_sheet_and_slide_that_has_tiers_has_both(decided: Assessment):
    book = openpyxl.load_workbook(io.BytesIO(made(decided, "tables")))
    for name in ("Ranking", "Groups"):
        assert tells(sheet_lines(book[name])), name
    slides = slides_of(made(decided, "deck"))
    for start in ("What matters most", "The matrix", "Ranking", "Tiers by decision"):
        found = [slide for slide in slides if slide.shapes.title.text_frame.text.startswith(start)]
        assert found, start
        assert tells([line for slide in found for line in slide_lines(slide)]), start
