"""The deck: every slide has a title of its own, tables divide, nothing overflows, and a template is respected."""

import datetime
import io
import zipfile
from typing import Any

import pytest
from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from materiality.exports import EXPORTS
from materiality.exports.cleaning import clean
from materiality.exports.deck import deck_pptx
from materiality.models import HouseStyle
from materiality.review.decided import GivenTier, decide
from scoping.models import Assessment, Side
from tests.materiality.chapters import HARD_NAMES, analysed, ranked
from tests.materiality.decks import (
    changed,
    everything,
    grid,
    rows_of,
    said,
    saved,
    slides_of,
    template,
    titled,
    titles,
)
from tests.materiality.documents import CHOICES
from tests.support.factories import (
    AssessmentFactory,
    ChannelFactory,
    ConcernFactory,
    IssueFactory,
    StakeholderGroupFactory,
)
from tests.support.people import House

NAMES = ["Water", "Waste", "Pay", "Safety", "Tax", "Biodiversity"]


@pytest.fixture
def assessment(house: House) -> Assessment:
    assessment = AssessmentFactory(
        organisation=house.organisation, name="Our year", company="Example Ltd.", with_survey=False
    )
    group = StakeholderGroupFactory(assessment=assessment, position=0, name="Staff", side=Side.INTERNAL)
    for position, name in enumerate(NAMES):
        issue = IssueFactory(assessment=assessment, position=position, name=name, category="Social")
        if position == 0:
            issue.meaning, issue.practice, issue.chapters, issue.sdgs = (
                "Nothing grows without it.",
                "Wells",
                "3.1 Water",
                [6],
            )
            issue.save()
            ConcernFactory(group=group, topic="Clean water", response="A new well", issue=issue)
            ConcernFactory(group=group, topic="Fair pay", response="A new scale")
    ChannelFactory(group=group, name="Intranet", frequency="weekly")
    return assessment


def decided(names: list[str], **fields: Any) -> dict[str, Any]:
    rows = ranked(names)
    rows[0] |= {"tier_probability": {"High": 0.62, "Minor": 0.38}, "to_settle": {"answers": 41}}
    given = {rows[-1]["code"]: GivenTier("High", "The regulator asks for it.", datetime.date(2022, 5, 1))}
    return decide(analysed(*rows, **fields), given)


def test_the_slides_in_their_order(assessment: Assessment):
    raw = deck_pptx(decided(NAMES, choices=CHOICES), assessment)
    assert titles(raw) == [
        "Material topics",
        "What matters most",
        "The matrix",
        "Ranking",
        "How sure the places are",
        "What certainty means here",
        "Tiers by decision of the working group",
        "Who was asked",
        "Dialogue with stakeholders",
        "Management of the material topics",
        "The method in short",
        "Notes and limits",
    ]


def test_what_they_say(assessment: Assessment):
    raw = deck_pptx(decided(NAMES), assessment)
    (first,) = titled(raw, "What matters most")
    assert "4 issues are in the highest tier" in said(first) or "Four issues are in the highest tier" in said(first)
    assert "● High  4" in said(first)
    assert "6\tBiodiversity" in said(first)
    assert rows_of(raw, "Ranking")[0][:4] == ["1", "Water", "● High", "3.95"]
    assert rows_of(raw, "Ranking")[5][2] == "● High, by decision (computed: Minor)"
    assert rows_of(raw, "How sure") == [["Water", "High 62 %", "Minor 38 %", "about 41"]]
    assert rows_of(raw, "Tiers by decision") == [["Biodiversity", "Minor", "High", "The regulator asks for it."]]
    assert rows_of(raw, "Who was asked") == [
        ["Staff", "the company", "10", "1", "100 %"],
        ["Clients", "stakeholders", "10", "1", "100 %"],
    ]
    assert rows_of(raw, "Dialogue") == [
        ["Staff", "Clean water\nFair pay", "Intranet (weekly)", "Clean water: A new well\nFair pay: A new scale"]
    ]
    band, water, *others = rows_of(raw, "Management")
    assert band[0] == "Social"
    assert water == ["Water", "Nothing grows without it.", "Wells\nTo Staff: A new well", "3.1 Water", "6"]
    assert others == []  # of the other issues nothing is written
    assert "Of 5 more issues nothing is written yet" in everything(raw)


def test_the_picture_has_its_text_and_the_notes_the_source(assessment: Assessment):
    raw = deck_pptx(decided(NAMES), assessment)
    (slide,) = titled(raw, "The matrix")
    (picture,) = [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert picture._element.nvPicPr.cNvPr.get("descr").startswith("6 issues by importance")
    assert picture.image.dpi == (300, 300)
    for slide in slides_of(raw):
        notes = slide.notes_slide.notes_text_frame.text
        assert "Source: assessment “Our year” of Example Ltd." in notes
        assert "00000000-0000-0000-0000-000000000001" in notes


def test_each_slide_warns_of_simulated_answers(assessment: Assessment):
    for slide in slides_of(deck_pptx(decided(NAMES, simulated=20), assessment)):
        assert "Simulated answers" in said(slide)
    for slide in slides_of(deck_pptx(decided(NAMES, simulated=5), assessment)):
        assert "5 of 20 answers simulated" in said(slide)
    assert "imulated" not in everything(deck_pptx(decided(NAMES), assessment))


def test_titles_are_unique_and_no_place_stays_empty(assessment: Assessment):
    raw = deck_pptx(analysed(*ranked([f"Issue {number}" for number in range(100)])), assessment)
    assert len(set(titles(raw))) == len(titles(raw))
    assert "Ranking (1 of" in "\n".join(titles(raw))
    for slide in slides_of(raw):
        assert all(one.text_frame.text for one in slide.placeholders)


def boxes(raw: bytes) -> list[tuple[str, int, int, int, int]]:
    return [
        (shape.name, shape.left, shape.top, shape.left + shape.width, shape.top + shape.height)
        for slide in slides_of(raw)
        for shape in slide.shapes
    ]


LISTS = {
    "none": [],
    "one": ["One"],
    "hard": list(HARD_NAMES),
    "500": [f"Issue {number}" for number in range(500)],
    "long": [("Long name " * 30)[:290] + f" {number}" for number in range(16)],
}


@pytest.mark.parametrize("names", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("look", [None, template()], ids=["own", "template"])
def test_everything_stays_on_its_slide(house: House, names: list[str], look: bytes | None):
    assessment = AssessmentFactory(
        organisation=house.organisation, name="N" * 200, company="有限公司" * 50, with_survey=False
    )
    group = StakeholderGroupFactory(assessment=assessment, position=0, name="الموظفون")
    for position, name in enumerate(names[:40]):
        IssueFactory(
            assessment=assessment,
            position=position,
            name=clean(name)[:300],
            meaning=clean(name) * 5,
            category=clean(name)[:80],
        )
        ConcernFactory(group=group, topic=clean(name)[:200], response=clean(name) * 4)
    results = (
        analysed(*ranked(names)) if names else analysed() | {"issues": [], "tiers": [{"name": "High", "count": 0}]}
    )
    raw = deck_pptx(results, assessment, template=look)
    presentation = Presentation(io.BytesIO(raw))
    for name, left, top, right, bottom in boxes(raw):
        assert left >= 0, name
        assert top >= 0, name
        assert right <= presentation.slide_width, name
        assert bottom <= presentation.slide_height, name
    shown = [row[1] for row in rows_of(raw, "Ranking")]
    assert shown == [clean(name).strip() for name in names]
    for part in zipfile.ZipFile(io.BytesIO(raw)).namelist():
        if part.endswith(".xml"):
            etree.fromstring(zipfile.ZipFile(io.BytesIO(raw)).read(part))


def test_a_cell_higher_than_a_slide_goes_on_on_the_next(assessment: Assessment):
    issue = assessment.issues.first()
    issue.practice = " ".join(f"word{number}" for number in range(1500))
    issue.save()
    rows = rows_of(deck_pptx(None, assessment), "Management")
    told = [row for row in rows if row[0].startswith("Water")]
    assert len(told) > 1
    assert told[1][0] == "Water …"
    words = " ".join(row[2] for row in told).split()
    assert [word for word in words if word.startswith("word")] == issue.practice.split()
    # The category stands over each piece.
    assert all(grid(slide)[1][0] == "Social" for slide in titled(deck_pptx(None, assessment), "Management"))


def test_right_to_left_names_are_set_as_such(house: House):
    """As paragraphs of their own in tables; behind a rank as one piece, to its last bracket."""
    assessment = AssessmentFactory(organisation=house.organisation, with_survey=False)
    name = "السلامة والصحة المهنية (2022)"
    raw = deck_pptx(analysed(*ranked([name, "Water"])), assessment)
    (cells,) = [
        [cell.text_frame.paragraphs[0]._p.pPr.get("rtl") for cell in (row.cells[1] for row in shape.table.rows)]
        for slide in titled(raw, "Ranking")
        for shape in slide.shapes
        if shape.has_table
    ]
    assert cells == [None, "1", None]
    assert f"1\t{name}\u200f" in said(titled(raw, "What matters most")[0])


def test_without_a_survey_the_list_is_the_result(assessment: Assessment):
    raw = deck_pptx(None, assessment)
    assert titles(raw)[:2] == ["Material topics", "The material topics"]
    assert "The list was not ranked" in everything(raw)
    assessment.issues.all().delete()
    assert "No issue is on the list yet." in everything(deck_pptx(None, assessment))


def test_what_cannot_be_drawn_is_told(assessment: Assessment):
    rows = [row | {"company": None, "stakeholders": None, "rank": None, "tier": None} for row in ranked(NAMES)]
    assert "The matrix could not be drawn." in everything(deck_pptx(analysed(*rows), assessment))


def test_the_same_contents_are_the_same_file(assessment: Assessment):
    results = decided(NAMES, simulated=3)
    assert deck_pptx(results, assessment) == deck_pptx(results, assessment)
    look = template()
    assert deck_pptx(results, assessment, template=look) == deck_pptx(results, assessment, template=look)


def test_it_is_among_the_exports(assessment: Assessment):
    export = EXPORTS["pptx"]
    assert (export.filename, export.label) == ("deck.pptx", "PowerPoint")
    assert titles(export.write(decided(NAMES), assessment))


# --- templates ----------------------------------------------------------------------------------------------------
def test_a_template_gives_its_look_and_not_its_slides(assessment: Assessment):
    raw = deck_pptx(decided(NAMES), assessment, template=template())
    presentation = Presentation(io.BytesIO(raw))
    assert (presentation.slide_width, presentation.slide_height) == (9144000, 6858000)
    assert presentation.slides[3].slide_layout.name == "Our title only"
    assert titles(raw)[0] == "Material topics"
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        whole = b"".join(packed.read(name) for name in packed.namelist())
        assert len([name for name in packed.namelist() if name.startswith("ppt/slides/slide")]) == len(titles(raw))
        assert not [name for name in packed.namelist() if "thumbnail" in name]
    assert b"Secret plan" not in whole


def test_a_template_as_such_will_do(assessment: Assessment):
    potx = changed(template(), b"presentationml.presentation.main+xml", b"presentationml.template.main+xml")
    assert titles(deck_pptx(None, assessment, template=potx))[0] == "Material topics"


def test_sections_of_a_template_go_with_its_slides(assessment: Assessment):
    sections = (
        b'<p:extLst><p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"><p14:sectionLst '
        b'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"><p14:section name="Old" '
        b'id="{11111111-1111-1111-1111-111111111111}"><p14:sldIdLst><p14:sldId id="256"/></p14:sldIdLst></p14:section>'
        b"</p14:sectionLst></p:ext></p:extLst></p:presentation>"
    )
    look = changed(template(), b"</p:presentation>", sections, "ppt/presentation.xml")
    raw = deck_pptx(None, assessment, template=look)
    assert b"sectionLst" not in zipfile.ZipFile(io.BytesIO(raw)).read("ppt/presentation.xml")


def without_titles() -> bytes:
    presentation = Presentation()
    for layout in list(presentation.slide_layouts)[:-5]:
        presentation.slide_layouts.remove(layout)
    for layout in presentation.slide_layouts:
        for one in list(layout.placeholders):
            if one.placeholder_format.type in (1, 3, 5):
                one._element.getparent().remove(one._element)
    return saved(presentation)


@pytest.mark.parametrize(
    ("look", "why"),
    [
        (b"", "cannot be read as a PowerPoint file"),
        (b"PK\x03\x04 nothing", "cannot be read as a PowerPoint file"),
        (template()[:5000], "cannot be read as a PowerPoint file"),
        (changed(template(), b"<p:sldMasterIdLst>", b"<p:broken>", "ppt/presentation.xml"), "cannot be read"),
        (
            changed(template(), b"presentationml.presentation.main+xml", b"presentation.macroEnabled.main+xml"),
            "has macros",
        ),
        (without_titles(), "no layout with a title"),
    ],
    ids=["empty", "no archive", "cut", "broken", "macros", "untitled"],
)
def test_a_template_that_cannot_be_used_is_refused_with_a_reason(assessment: Assessment, look: bytes, why: str):
    with pytest.raises(ValueError, match=why):
        deck_pptx(None, assessment, template=look)


def test_tiers_and_theme_have_the_organisation_s_colours(assessment: Assessment):
    usual = deck_pptx(decided(NAMES), assessment)
    HouseStyle.objects.create(organisation=assessment.organisation, tier_colours=["#003366", "#b30000"])
    own = deck_pptx(decided(NAMES), assessment)
    pictures = []
    for raw, there in ((usual, False), (own, True)):
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        pictures.append([content for name, content in parts.items() if name.endswith(".png")])
        assert (b"003366" in parts["ppt/theme/theme1.xml"]) == there
        assert any(b"003366" in content for name, content in parts.items() if "slides/slide" in name) == there
    assert len(pictures[0]) == len(pictures[1]) == 1
    assert pictures[0] != pictures[1]
