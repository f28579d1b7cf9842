"""Documents in Chinese: no English of ours stands in them, and office programs show them whole."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from django.apps import apps
from django.db.models import CharField, TextField
from django.utils import translation
from pptx import Presentation
from pypdf import PdfReader

from materiality.files.kinds import KINDS
from materiality.files.options import Options
from materiality.files.services import write
from materiality.services import analyse_now, propose
from scoping.models import Assessment
from scoping.services import load_case
from surveys.services import close_survey, open_survey, prepare_survey, submit_response
from tests.materiality.chapters import opened, parts
from tests.materiality.test_exports_converted import printed
from tests.support.people import House

pytestmark = pytest.mark.django_db
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Two words, as no code, no unit and no name of a standard has them.
ENGLISH = re.compile(r"\b[A-Za-z][a-z]+ [a-z]{2,}\b")
PUBLICATION = re.compile(r"\((19|20)\d\d\),? [A-Z]")
OFFICE = ["chapter", "deck", "tables", "disclosures", "disclosures-word"]


@pytest.fixture
def qifu(house: House) -> Assessment:
    """The QiFu case with a result that is put before the board."""
    found = load_case(organisation=house.organisation, case="qifu-2022")
    survey = prepare_survey(assessment=found)
    open_survey(survey=survey)
    for number, link in enumerate(survey.links.all()):
        for person in range(6):
            submit_response(link=link, answers=bytes(1 + (item * 3 + number + person) % 5 for item in range(18)))
    close_survey(survey=survey)
    analyse_now(assessment=found)
    propose(assessment=found, body="Board", by=house.owner)
    return found


def made(assessment: Assessment, slug: str, language: str = "zh-hans") -> bytes:
    out = io.BytesIO()
    write(assessment, KINDS[slug], Options(language=language), out)
    return out.getvalue()


def said(slug: str, raw: bytes) -> Iterator[str]:
    """Every text of a file that a reader sees or hears."""
    extension = KINDS[slug].extension
    if extension == "xlsx":
        for sheet in openpyxl.load_workbook(io.BytesIO(raw)):
            yield sheet.title
            for row in sheet.iter_rows():
                yield from (line for cell in row if isinstance(cell.value, str) for line in cell.value.splitlines())
        return
    if extension == "pptx":
        slides = Presentation(io.BytesIO(raw)).slides
        roots = [shape._element for slide in slides for shape in slide.shapes]
        yield from (slide.notes_slide.notes_text_frame.text for slide in slides)
        space = DRAWING
    else:
        section = opened(raw).sections[0]
        roots = [opened(raw).element.body, section.header._element, section.footer._element]
        space = WORD
    for root in roots:
        for paragraph in root.iter(f"{space}p"):
            yield "".join(text.text or "" for text in paragraph.iter(f"{space}t"))
        for element in root.iter():
            yield element.get("descr", "")
            yield element.get(f"{WORD}val", "") if element.tag == f"{WORD}tblDescription" else ""


def typed() -> list[str]:
    """Every text that people have typed, the longest first."""
    found: set[str] = set()
    for model in apps.get_models():
        names = [one.name for one in model._meta.concrete_fields if isinstance(one, CharField | TextField)]
        if model._meta.app_label in ("scoping", "accounts") and names and model.__name__ != "AuditEvent":
            found |= {line.strip() for row in model.objects.values_list(*names) for text in row for line in
                      (text or "").splitlines()}  # fmt: skip
    return sorted((text for text in found if len(text) > 1), key=len, reverse=True)


def english(texts: Iterator[str]) -> list[str]:
    """What of them is English and neither typed by people nor a publication."""
    names = [name for text in typed() for name in {text, text.lower(), text.rstrip(".")}]
    left = []
    for text in texts:
        rest = text
        for name in names:
            rest = rest.replace(name, "·")
        if ENGLISH.search(rest) and not PUBLICATION.search(rest):
            left.append(text)
    return left


def test_no_english_of_ours_is_in_a_chinese_document(qifu: Assessment):
    for slug in OFFICE:
        assert english(said(slug, made(qifu, slug))) == [], slug
    assert english(iter(made(qifu, "minutes").decode().splitlines())) == []
    paper = PdfReader(io.BytesIO(made(qifu, "meeting-paper")))
    assert english(" ".join(page.extract_text().split()) for page in paper.pages) == []
    assert paper.trailer["/Root"]["/Lang"] == "zh-CN"
    # The search would find some: in English nearly every sentence is found.
    assert len(english(said("chapter", made(qifu, "chapter", "en")))) > 30


def test_chinese_punctuation_and_dates_are_those_of_chinese(qifu: Assessment):
    texts = [text for slug in OFFICE for text in said(slug, made(qifu, slug))]
    texts += made(qifu, "minutes").decode().splitlines()
    wrong = [text for text in texts if re.search(r"[\u4e00-\u9fff][,;:?]|[\u4e00-\u9fff]\.(?!\d)|。 ", text)]
    assert wrong == []
    assert any(re.search(r"20\d\d年\d{1,2}月\d{1,2}日", text) for text in texts)
    assert not any(re.search(r"(January|March|November|December) 20", text) for text in texts)


def test_the_files_say_their_language_and_name_chinese_fonts(qifu: Assessment):
    chapter = parts(made(qifu, "chapter"))
    assert 'w:eastAsia="Microsoft YaHei"' in chapter["word/styles.xml"]
    assert 'w:eastAsia="zh-CN"' in chapter["word/styles.xml"]
    assert "<w:i/>" not in chapter["word/styles.xml"]
    assert "<dc:language>zh-CN</dc:language>" in chapter["docProps/core.xml"]
    deck = parts(made(qifu, "deck"))
    assert '<a:ea typeface="Microsoft YaHei"/>' in deck["ppt/theme/theme1.xml"]
    assert 'lang="zh-CN"' in deck["ppt/slides/slide2.xml"]
    assert "<dc:language>en-US</dc:language>" in parts(made(qifu, "chapter", "en"))["docProps/core.xml"]


def test_the_exchanges_topics_have_their_own_names(qifu: Assessment):
    book = openpyxl.load_workbook(io.BytesIO(made(qifu, "disclosures")))
    topics = [row[1].value for row in book["SSE-SZSE 21"].iter_rows(min_row=2)]
    assert topics[0] == "应对气候变化"
    assert topics[-1] == "反不正当竞争"
    sources = next(iter(book["GRI 3-1"].iter_rows(min_row=2)))[2].value
    assert sources.count("\n") >= 1  # sections of the statement are found by their titles in Chinese too


def test_the_language_of_what_is_around_does_not_matter(qifu: Assessment):
    with translation.override("zh-hans"):
        assert made(qifu, "minutes", "en") != made(qifu, "minutes")
        assert "Proposed resolution" in made(qifu, "minutes", "en").decode()


@pytest.mark.parametrize("slug", OFFICE)
def test_an_office_program_opens_it(qifu: Assessment, slug: str, tmp_path: Path):
    name = f"file.{KINDS[slug].extension}"
    (tmp_path / name).write_bytes(made(qifu, slug))
    pages = printed(tmp_path, name)
    assert any(re.search("[\u4e00-\u9fff]{4}", page) for page in pages)
    if slug == "deck":
        assert len(pages) == len(Presentation(str(tmp_path / name)).slides)
