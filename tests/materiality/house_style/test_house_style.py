"""Colours and templates of an organisation: who changes them, what is refused, and what files make of them."""

import io
import zipfile
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from docx.shared import Cm
from pptx import Presentation

from figures.palette import LIGHT
from materiality.exports.chapter import chapter_docx
from materiality.files.options import Options
from materiality.files.snapshot import snapshot_of
from materiality.files.writers import chart_bytes
from materiality.house_style.colours import LEAST_DIFFERENCE, alike, darker, tidy_hex
from materiality.house_style.selectors import look_of
from materiality.house_style.templates import MOST_BYTES
from materiality.models import HouseStyle
from materiality.services import analyse_now
from scoping.models import Assessment
from tests.materiality.chapters import analysed as results_of
from tests.materiality.chapters import ranked
from tests.support.factories import AssessmentFactory

PAGE = "/o/example/house-style/"
OWN = ["#003366", "#b30000", "#006600", "#7a3e9d", "#5c4a00"]


def saved(document) -> bytes:
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def word(text: str = "Old text", *, header: str = "House Ltd.") -> bytes:
    document = Document()
    document.add_paragraph(text)
    document.sections[0].header.paragraphs[0].text = header
    document.sections[0].page_width = Cm(25)
    document.styles["Heading 1"].font.name = "Georgia"
    return saved(document)


def slides() -> bytes:
    return saved(Presentation())


def colours(chosen: list[str]) -> dict[str, str]:
    return {"change": "colours"} | {f"tier_{number}": one for number, one in enumerate(chosen, start=1)}


def upload(client: Client, kind: str, content: bytes, name: str):
    file = SimpleUploadedFile(name, content)
    return client.post(PAGE, {"change": kind, f"{kind}-file": file})


# --- colours ----------------------------------------------------------------------------------------------
def test_owners_choose_colours_and_go_back(house, owner_client: Client):
    assert owner_client.post(PAGE, colours(["003366", "#B30000", *OWN[2:]])).status_code == 302
    assert look_of(house.organisation).colours == tuple(OWN)
    page = owner_client.get(PAGE).content.decode()
    assert 'fill="#003366"' in page
    assert "style=" not in page
    owner_client.post(PAGE, {"change": "reset"})
    assert look_of(house.organisation).colours == ()


@pytest.mark.parametrize("role", ["analyst", "approver", "viewer"])
def test_others_only_look(house, role: str, request: pytest.FixtureRequest):
    client: Client = request.getfixturevalue(f"{role}_client")
    assert client.post(PAGE, colours(OWN)).status_code == 403
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Owners change these" in page.content.decode()
    assert "Save the colours" not in page.content.decode()
    assert not HouseStyle.objects.exists()


@pytest.mark.parametrize(
    ("colour", "message"),
    [
        ("#ffff00", "1.1 to 1"),
        ("red", "six digits"),
        ("", "Enter a colour"),
        ("#12345", "six digits"),
        ("#999999", "2.8 to 1"),
    ],
)
def test_a_colour_that_cannot_be_read_is_refused_at_its_field(house, owner_client: Client, colour: str, message: str):
    response = owner_client.post(PAGE, colours([colour, *OWN[1:]]))
    assert response.status_code == 400
    assert message in str(response.context["colours"]["tier_1"].errors)
    assert not HouseStyle.objects.exists()


def test_colours_that_look_alike_are_warned_of_and_taken(house, owner_client: Client):
    response = owner_client.post(PAGE, colours(["#8a5a00", "#5c7a00", *OWN[2:]]), follow=True)
    assert "look much alike" in response.content.decode()
    assert look_of(house.organisation).colours[0] == "#8a5a00"


def test_colours_that_are_the_same_are_refused_at_the_lower_tiers(house, owner_client: Client):
    response = owner_client.post(PAGE, colours(["#ff00ff", "#ff00ff", "#ff00fe", *OWN[3:]]))
    assert response.status_code == 400
    for field in ("tier_2", "tier_3"):
        assert "cannot be told apart from #ff00ff of tier 1" in str(response.context["colours"][field].errors)
    assert not response.context["colours"]["tier_1"].errors
    assert not HouseStyle.objects.exists()


def test_the_usual_colours_are_unlike_to_everybody():
    assert alike([tier.mark for tier in LIGHT.tiers]) == []
    assert alike(["#336699", "#336699"]) == [(0, 1, "everybody")]
    assert LEAST_DIFFERENCE > 0


def test_the_colour_that_is_proposed_is_dark_enough_and_of_the_hue():
    assert darker("#000000") == "#000000"
    found = darker("#ffcc00")
    assert found != "#ffcc00"
    assert found.endswith("00")


@pytest.mark.parametrize("text", ["#ABCDEF", "abcdef", " #abcdef "])
def test_colours_are_read_as_people_write_them(text: str):
    assert tidy_hex(text) == "#abcdef"
    assert tidy_hex("#abc") == "#aabbcc"


def test_figures_have_the_colours(house, answered: Assessment, owner_client: Client):
    analyse_now(assessment=answered)
    owner_client.post(PAGE, colours(OWN))
    svg = chart_bytes("matrix", snapshot_of(answered), Options(format="svg")).decode()
    assert "#003366" in svg
    assert LIGHT.tiers[0].mark not in svg


# --- templates --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "content", "name"), [("docx", word(), "house.docx"), ("pptx", slides(), "house.pptx")]
)
def test_a_template_is_kept_and_removed(house, owner_client: Client, kind: str, content: bytes, name: str):
    assert upload(owner_client, kind, content, name).status_code == 302
    assert getattr(look_of(house.organisation), kind) == content
    assert name in owner_client.get(PAGE).content.decode()
    owner_client.post(PAGE, {"change": f"remove-{kind}"})
    assert getattr(look_of(house.organisation), kind) is None


def altered(content: bytes, **parts: bytes) -> bytes:
    """The archive with parts put in place of, or added to, its own; dots of names as double underscores."""
    made = io.BytesIO()
    named = {name.replace("__", "."): part for name, part in parts.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in named:
                target.writestr(name, source.read(name))
        for name, part in named.items():
            target.writestr(name, part)
    return made.getvalue()


BAD = {
    "no zip": (b"no zip at all", "house.docx", "no file of Word"),
    "empty": (b"", "house.docx", "is empty"),
    "too large": (b"PK" + bytes(MOST_BYTES), "house.docx", "at most 5 MB"),
    "cut off": (word()[:-200], "house.docx", "damaged"),
    "a bomb": (altered(word(), bomb__xml=bytes(50_000_000)), "house.docx", "unpacks to far more"),
    "a lot of XML by another name": (
        altered(word(), big__XML=f"{Random(1).getrandbits(13_000_000):b}".encode()),
        "house.docx",
        "far more text",
    ),
    "slides": (slides(), "house.docx", "is a file of PowerPoint"),
    "macros by name": (word(), "house.docm", "holds macros"),
    "macros inside": (altered(word(), vbaProject__bin=b"x"), "house.docx", "holds macros"),
    "broken XML": (altered(word(), **{"word/document__xml": b"<w:document"}), "house.docx", "cannot be read"),
    "no section": (altered(word(), **{"word/document__xml": b"<a/>"}), "house.docx", "template cannot be read. Open"),
    "no main part": (altered(b"PK\x05\x06" + bytes(18), a__xml=b"<a/>"), "house.docx", "its main part is missing"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_is_no_template_is_named_and_the_earlier_one_stays(house, owner_client: Client, case: str):
    upload(owner_client, "docx", word(), "earlier.docx")
    content, name, message = BAD[case]
    response = upload(owner_client, "docx", content, name)
    assert response.status_code == 400
    assert message in response.content.decode()
    assert HouseStyle.objects.get().docx_template_name == "earlier.docx"


def test_without_a_file_nothing_changes(house, owner_client: Client):
    assert owner_client.post(PAGE, {"change": "pptx"}).status_code == 400
    assert owner_client.post(PAGE, {"change": "remove-pptx"}).status_code == 302
    assert owner_client.post(PAGE, {"change": "else"}).status_code == 400


def test_another_organisations_style_does_not_exist(house, outsider_client: Client):
    assert outsider_client.get(PAGE).status_code == 404
    assert outsider_client.post(PAGE, colours(OWN)).status_code == 404


# --- the chapter in a template ----------------------------------------------------------------------------
def chapter(template: bytes | None) -> Document:
    assessment = AssessmentFactory(with_survey=False)
    return Document(io.BytesIO(chapter_docx(results_of(*ranked(["Water", "Energy"])), assessment, template)))


def test_the_chapter_takes_page_styles_and_header_from_the_template(db: None):
    document = chapter(word())
    texts = [one.text for one in document.paragraphs]
    assert "Old text" not in texts
    assert "Material topics" in texts
    assert document.sections[0].page_width.cm == pytest.approx(25, abs=0.01)
    assert document.styles["Heading 1"].font.name == "Georgia"
    assert document.sections[0].header.paragraphs[0].text == "House Ltd."
    assert [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert all(one.style.name for one in document.paragraphs)


def test_simulated_answers_are_warned_of_in_the_templates_header(db: None):
    assessment = AssessmentFactory(with_survey=False)
    results = results_of(*ranked(["Water"])) | {"simulated": 4}
    document = Document(io.BytesIO(chapter_docx(results, assessment, word())))
    header = [one.text for one in document.sections[0].header.paragraphs]
    assert header[0] == "House Ltd."
    assert any("imulated" in text for text in header[1:])


def test_lists_of_ranks_count_on_in_a_template(db: None):
    document = chapter(word())
    numbered = [one for one in document.paragraphs if one.text in ("Water", "Energy") and one._p.pPr.numPr is not None]
    assert len(numbered) == 2
    known = {num.numId for num in document.part.numbering_part.element.num_lst}
    assert all(one._p.pPr.numPr.numId.val in known for one in numbered)


def test_the_same_template_gives_the_same_bytes(db: None):
    assessment, results, template = AssessmentFactory(with_survey=False), results_of(*ranked(["Water"])), word()
    assert chapter_docx(results, assessment, template) == chapter_docx(results, assessment, template)


def test_a_template_of_word_itself_and_one_in_another_language_are_taken(db: None):
    german = word()
    with zipfile.ZipFile(io.BytesIO(german)) as file:
        types = file.read("[Content_Types].xml").replace(b"document.main+xml", b"template.main+xml")
        styles = file.read("word/styles.xml").replace(b'"Heading1"', b'"berschrift1"')
    content = altered(german, **{"[Content_Types]__xml": types, "word/styles__xml": styles})
    document = chapter(content)
    heads = [one for one in document.paragraphs if one.style.name == "Heading 1"]
    assert heads
    assert heads[0].style.style_id == "berschrift1"
