"""The office files as an office program shows them: LibreOffice opens all, and prints them to PDF."""

import shutil
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

from materiality.exports.chapter import chapter_docx
from materiality.exports.deck import deck_pptx
from materiality.exports.workbook import workbook_xlsx
from scoping.models import Side
from tests.materiality.chapters import analysed, ranked
from tests.materiality.decks import slides_of, template
from tests.support.factories import AssessmentFactory, ConcernFactory, IssueFactory, StakeholderGroupFactory
from tests.support.people import House
from tests.support.system_packages import NEEDED, apt_command

FILTERS = {"docx": "writer", "xlsx": "calc", "pptx": "impress"}
OFFICE = [package for package in NEEDED if package.startswith("libreoffice")]


def printed(folder: Path, name: str) -> list[str]:
    """The text of each page of the file, printed by LibreOffice in a profile of its own."""
    program = shutil.which("soffice")
    assert program, f"LibreOffice is not installed. Run: {apt_command(OFFICE)}"
    command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", f"pdf:{FILTERS[name.rpartition('.')[2]]}_pdf_Export"]
    done = subprocess.run(
        [*command, "--outdir", str(folder), str(folder / name)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    target = (folder / name).with_suffix(".pdf")
    assert target.exists(), done.stdout + done.stderr
    return [" ".join(page.extract_text().split()) for page in PdfReader(target).pages]


@pytest.fixture
def results() -> dict:
    names = ["Water", "绿色金融", "Pay & pensions", *(f"Issue number {number}" for number in range(60))]
    return analysed(*ranked(names), simulated=20, notes=["Nobody rated Gamma."])


def test_the_chapter_prints_with_heads_warnings_and_numbers_on_each_page(house: House, results: dict, tmp_path: Path):
    assessment = AssessmentFactory(organisation=house.organisation, name="Our year", with_survey=False)
    group = StakeholderGroupFactory(assessment=assessment, position=0, name="Staff", side=Side.INTERNAL)
    ConcernFactory(group=group, topic="Clean water", response="A new well")
    IssueFactory(assessment=assessment, name="Water", meaning="Without it nothing grows.")
    (tmp_path / "chapter.docx").write_bytes(chapter_docx(results, assessment))
    pages = printed(tmp_path, "chapter.docx")
    assert "All 20 answers behind this chapter are simulated." in pages[0]
    for number, page in enumerate(pages, start=1):
        assert "Simulated answers" in page
        assert f"Page {number} of {len(pages)}" in page
    # The table of 63 issues goes over pages, and its head with it.
    assert sum("Probability of the tier" in page for page in pages) >= 2
    text = " ".join(pages)
    for words in ("2 绿色金融", "Pay & pensions", "Figure 1.", "Table 2.", "A new well", "[to be written]"):
        assert words in text, words


def test_the_workbook_prints_with_the_head_on_each_page(results: dict, tmp_path: Path):
    (tmp_path / "tables.xlsx").write_bytes(workbook_xlsx(results))
    pages = printed(tmp_path, "tables.xlsx")
    assert all("Simulated answers" in page for page in pages)
    ranking = [page for page in pages if "Ranking" in page]  # the name of the sheet is at the foot
    assert len(ranking) >= 2
    assert all("Rank" in page and "Issue" in page for page in ranking)
    text = " ".join(pages)
    for words in ("绿色金融", "Pay & pensions", ">99%", "Nobody rated Gamma.", "Kendall's W"):
        assert words in text, words


def test_the_deck_opens_in_an_office_program(house: House, results: dict, tmp_path: Path):
    assessment = AssessmentFactory(organisation=house.organisation, name="Our year", with_survey=False)
    group = StakeholderGroupFactory(assessment=assessment, position=0, name="الموظفون", side=Side.INTERNAL)
    ConcernFactory(group=group, topic="Clean water", response="A new well 🌱")
    (tmp_path / "deck.pptx").write_bytes(deck_pptx(results, assessment))
    pages = printed(tmp_path, "deck.pptx")
    slides = slides_of((tmp_path / "deck.pptx").read_bytes())
    assert len(pages) == len(slides)
    for page, slide in zip(pages, slides, strict=True):
        assert slide.shapes.title.text_frame.text in page
        assert "Simulated answers" in page
        assert "Made with Salient" in page
    text = " ".join(pages)
    for words in ("绿色金融", "Pay & pensions", ">99 %", "A new well", "Nobody rated Gamma."):
        assert words in text, words


def test_a_deck_on_a_template_opens_too(house: House, results: dict, tmp_path: Path):
    assessment = AssessmentFactory(organisation=house.organisation, name="Our year", with_survey=False)
    (tmp_path / "deck.pptx").write_bytes(deck_pptx(results, assessment, template=template()))
    pages = printed(tmp_path, "deck.pptx")
    assert len(pages) == len(slides_of((tmp_path / "deck.pptx").read_bytes()))
    assert not any("Secret plan" in page or "Click to" in page for page in pages)
