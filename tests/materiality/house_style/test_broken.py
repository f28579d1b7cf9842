"""Templates that are broken somewhere inside, or whose names are no names: each is refused with what to do next."""

import io
import re
import zipfile
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import AuditEvent
from materiality.exports.chapter import chapter_docx
from materiality.exports.deck import deck_pptx
from materiality.house_style.services import keep_template
from materiality.house_style.templates import MOST_BYTES
from materiality.models import HouseStyle
from scoping.lists.filenames import NameRefused, file_name
from scoping.models import Assessment
from tests.materiality.house_style.test_house_style import altered, slides, upload, word

LAYOUT = "ppt/slideLayouts/slideLayout{}.xml"
MASTER = "ppt/slideMasters/slideMaster1.xml"
PRESENTATION = "ppt/presentation.xml"
EMPTY_LAYOUT = b'<p:sldLayout xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"/>'
# What Python and its libraries say of broken files.
PYTHON = re.compile(r"NoneType|object has no|invalid literal|could not convert|rId\d|KeyError|Error\b|Traceback")


def without(content: bytes, *parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
    return made.getvalue()


def put_in(content: bytes, part: str, new: bytes) -> bytes:
    return altered(content, **{part.replace(".", "__"): new})


def changed(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        found = file.read(part)
    assert old in found, (part, old)
    return put_in(content, part, found.replace(old, new))


def sized(width: object, height: object) -> bytes:
    size = f'cx="{width}" cy="{height}"'.encode()
    return changed(slides(), PRESENTATION, b'cx="9144000" cy="6858000"', size)


STYLES = "word/styles.xml"
ENCODED = b'<?xml version="1.0" encoding="%s"?><a/>'
READ = "cannot be read as a PowerPoint file. Open it in PowerPoint"
SIZE = "PowerPoint takes 2.54 to 142.24 cm a side. Set their size"
BROKEN = {
    "no master": ("pptx", without(slides(), MASTER), READ),
    "a layout less": ("pptx", without(slides(), LAYOUT.format(3)), READ),
    "no layouts": ("pptx", without(slides(), *(LAYOUT.format(number) for number in range(1, 12))), READ),
    "no relations of the master": ("pptx", without(slides(), "ppt/slideMasters/_rels/slideMaster1.xml.rels"), READ),
    "no relations": ("pptx", without(slides(), "ppt/_rels/presentation.xml.rels"), READ),
    "another root": ("pptx", put_in(slides(), MASTER, b"<a/>"), READ),
    "an empty layout": ("pptx", put_in(slides(), LAYOUT.format(1), EMPTY_LAYOUT), READ),
    "a size of text": ("pptx", sized("abc", 6858000), READ),
    "no size": ("pptx", sized(0, 0), f"0.00 by 0.00 cm; {SIZE}"),
    "no size at all": (
        "pptx",
        changed(slides(), PRESENTATION, b'<p:sldSz cx="9144000" cy="6858000" type="screen4x3"/>', b""),
        SIZE,
    ),
    "too long": ("pptx", sized(99999999999, 1), f"277777.78 by 0.00 cm; {SIZE}"),
    "a little too low": ("pptx", sized(9144000, 914399), SIZE),
    "a little too wide": ("pptx", sized(51206401, 6858000), SIZE),
    "a style without id": (
        "docx",
        changed(word(), STYLES, b' w:styleId="Heading1"', b""),
        "The style “heading 1” of the Word template has no id",
    ),
    "a size of type": (
        "docx",
        changed(word(), STYLES, b'<w:sz w:val="22"/>', b'<w:sz w:val="large"/>'),
        "a part of it is missing or broken. Open it there, save it anew",
    ),
    "an encoding that is none": (
        "docx", put_in(word(), "word/extra.xml", ENCODED % b"none"), "part word/extra.xml is damaged. Open it"
    ),
    "an encoding of many bytes": (
        "pptx", put_in(slides(), "ppt/extra.xml", ENCODED % b"Big5"), "part ppt/extra.xml is damaged. Open it"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_template_is_refused_in_plain_words_and_the_earlier_one_stays(house, owner_client: Client, case: str):
    kind, content, message = BROKEN[case]
    upload(owner_client, kind, word() if kind == "docx" else slides(), f"earlier.{kind}")
    response = upload(owner_client, kind, content, f"house.{kind}")
    assert response.status_code == 400
    (form,) = [form for one, _, _, form in response.context["templates"] if one == kind]
    told = unescape(str(form.errors["file"]))
    assert message in told
    assert not PYTHON.search(told), told
    assert getattr(HouseStyle.objects.get(), f"{kind}_template_name") == f"earlier.{kind}"


@pytest.mark.parametrize("size", [(914_400, 914_400), (51_206_400, 914_400), (51_206_400, 51_206_400)])
def test_slides_of_any_size_that_powerpoint_takes_are_taken(house, size: tuple[int, int]):
    keep_template(organisation=house.organisation, kind="pptx", content=sized(*size), name="a.pptx", by=house.owner)
    assert HouseStyle.objects.get().pptx_template_name == "a.pptx"


def test_a_style_without_id_that_nothing_uses_is_no_harm(house):
    content = changed(word(), STYLES, b' w:styleId="MacroText"', b"")
    keep_template(organisation=house.organisation, kind="docx", content=content, name="a.docx", by=house.owner)
    assert HouseStyle.objects.get().docx_template_name == "a.docx"


@pytest.mark.parametrize("case", ["no master", "no relations", "another root", "no size", "a style without id"])
def test_broken_templates_of_before_are_named_where_a_file_is_made(assessment: Assessment, case: str):
    kind, content, message = BROKEN[case]
    with pytest.raises(ValueError, match=re.escape(message)):
        chapter_docx(None, assessment, content) if kind == "docx" else deck_pptx(None, assessment, template=content)


# --- names ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\house.docx", "house.docx"),
        ("a/..\\house.docx", "house.docx"),
        (" Our  house.docx ", "Our house.docx"),
        ("重要性（模板）.docx", "重要性（模板）.docx"),
        ("می\u200cخواهم.docx", "می\u200cخواهم.docx"),
        ("x" * 300 + ".docx", "x" * 195 + ".docx"),
    ],
)
def test_a_template_is_called_by_the_last_part_of_its_path(house, name: str, kept: str):
    keep_template(organisation=house.organisation, kind="docx", content=word(), name=name, by=house.owner)
    assert HouseStyle.objects.get().docx_template_name == kept
    assert AuditEvent.objects.latest("pk").summary == f"uploaded the template {kept} for Word"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a\r\nX-Evil: 1.docx", "turn its direction (U+000A, U+000D). Rename the file"),
        ("a\u202excod.exe", "(U+202E)"),
        ("a\x00.docx", "(U+0000)"),
        ("\ufeffa.docx", "(U+FEFF)"),
        ("   ", "has no name. Give it one"),
        ("", "has no name"),
        ("house.docx/", "has no name"),
        ("a/..", "has no name"),
        ("\u200d", "has no name"),
    ],
)
def test_what_is_no_name_is_refused_and_nothing_is_kept(house, name: str, message: str):
    with pytest.raises(NameRefused) as refusal:
        keep_template(organisation=house.organisation, kind="docx", content=word(), name=name, by=house.owner)
    assert message in refusal.value.message_dict["file"][0]
    assert not HouseStyle.objects.exists()
    assert not AuditEvent.objects.filter(subject="house style").exists()


def test_a_name_with_a_long_ending_is_cut_all_the_same():
    assert len(file_name("a." + "b" * 300)) == 200


def test_of_a_file_that_is_a_little_too_large_no_size_is_told_that_would_be_taken(house):
    with pytest.raises(ValidationError) as refusal:
        keep_template(
            organisation=house.organisation, kind="docx", content=bytes(MOST_BYTES + 1), name="a.docx", by=house.owner
        )
    assert refusal.value.messages == [
        "“a.docx” is too large: at most 5 MB are taken. Compress its pictures and try again."
    ]
