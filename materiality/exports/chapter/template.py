"""An organisation's own Word file as the ground of the chapter: its styles, page, header and footer, without its text.

A style of ours gives way to one of the same name; built-in styles have English names in every language of Word, while
their ids differ. What the template lacks is added to it.
"""

import io
import zipfile
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.parts.numbering import NumberingPart
from docx.shared import Cm, Emu

from materiality.exports.chapter.styles import FIRST_NUMBER_LIST, NUMBERING, NUMBERS, STYLES
from materiality.exports.foreign import Refused, is_own_template, refuse_foreign

TYPES = "[Content_Types].xml"
DOTX, DOCX = b"wordprocessingml.template.main+xml", b"wordprocessingml.document.main+xml"
VALUE = qn("w:val")
STYLE_ID, STYLE_TYPE = qn("w:styleId"), qn("w:type")
ABSTRACT_ID, NUMBER_ID = qn("w:abstractNumId"), qn("w:numId")
REFERENCES = tuple(map(qn, ("w:basedOn", "w:next", "w:link")))
USES = tuple(map(qn, ("w:pStyle", "w:rStyle", "w:tblStyle")))
# Without numbering of its own, such a style of the template would show no bullets.
BULLETED = "list bullet"
# What a document without text is made of; pictures, comments and data belong to its text. Headers and footers stay
# where its last section names them.
FRAME = ("styles", "stylesWithEffects", "numbering", "settings", "webSettings", "fontTable", "theme", "footnotes",
         "endnotes")  # fmt: skip
NARROWEST = Cm(9)  # of a page's text: tables of eight columns need it


@dataclass
class Dress:
    """What our marks are called in a document: ids of styles where they differ, and where our lists begin."""

    styles: dict[str, str] = field(default_factory=dict)
    numbers: int = NUMBERS
    first_list: int = FIRST_NUMBER_LIST

    def put_on(self, element: Any) -> None:
        """Have an element name the styles as the document does."""
        for use in element.iter(*USES):
            use.set(VALUE, self.styles.get(use.get(VALUE), use.get(VALUE)))


def open_template(content: bytes) -> Any:
    """The document in `content`, emptied.

    Raises
    ------
    Refused
        If it cannot be used; the text says why.
    """
    try:
        refuse_foreign(content)
    except Refused as error:
        raise Refused(_("The Word template cannot be used. %(why)s") % {"why": error}) from error
    try:
        document = Document(io.BytesIO(_as_document(content)))
        body = document.element.body
        end = body.get_or_add_sectPr()
        for child in [child for child in body if child is not end]:
            body.remove(child)
        for columns in end.findall(qn("w:cols")):
            end.remove(columns)
        _leave_behind(document, end)
        width = text_width(document)
    # Whatever a broken file makes the library stumble over.
    except Exception as error:
        raise Refused(
            _("The Word template cannot be read. Open it in Word, save it anew and upload it again.")
        ) from error
    if width < NARROWEST:
        raise Refused(
            _("The pages of the Word template leave %(width).1f cm for text; the tables need %(least).0f cm.")
            % {"width": width.cm, "least": NARROWEST.cm}
        )
    return document


def _leave_behind(document: Any, end: Any) -> None:
    """Without the parts that belonged to the text, and without the name of the file that the template was made from."""
    named = {one.get(qn("r:id")) for one in end.iter(qn("w:headerReference"), qn("w:footerReference"))}
    relations = document.part.rels
    for key in [key for key, one in relations.items() if one.reltype.rpartition("/")[2] not in FRAME]:
        if key not in named:
            del relations[key]
    for settings in [one.target_part for one in relations.values() if one.reltype == RELATIONSHIP_TYPE.SETTINGS]:
        for key in [key for key, one in settings.rels.items() if is_own_template(one.reltype, one.target_ref)]:
            del settings.rels[key]
        for one in settings.element.findall(qn("w:attachedTemplate")):
            settings.element.remove(one)


def _as_document(content: bytes) -> bytes:
    """A template of Word itself (.dotx) says so in one place, and is a document but for that."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        types = source.read(TYPES)
        if DOTX not in types:
            return content
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
            for part in source.namelist():
                target.writestr(part, types.replace(DOTX, DOCX) if part == TYPES else source.read(part))
    return made.getvalue()


def text_width(document: Any) -> Emu:
    """The width of the text on a page."""
    section = document.sections[-1]
    margins = (section.left_margin or 0) + (section.right_margin or 0) + (section.gutter or 0)
    return Emu((section.page_width or Cm(21.0)) - margins)


def text_height(document: Any) -> Emu:
    section = document.sections[-1]
    return Emu((section.page_height or Cm(29.7)) - abs(section.top_margin or 0) - abs(section.bottom_margin or 0))


def type_size(document: Any) -> float:
    """The size of plain text in points; what Word takes where nothing says so."""
    styles = document.part.styles.element
    look = "w:rPr/w:sz/@w:val"
    found = styles.xpath(f"w:style[@w:type='paragraph'][@w:default='1']/{look}")
    found += styles.xpath(f"w:docDefaults/w:rPrDefault/{look}")
    return float(found[0]) / 2 if found else 10.0


def dress(document: Any) -> Dress:
    """Add to the document what it lacks of our styles and lists.

    Raises
    ------
    Refused
        If a style that would be used has no id: nothing in the text could name it.
    """
    first_abstract, first_number = _add_lists(document)
    styles = document.part.styles.element
    there = {(style.get(STYLE_TYPE), _name(style)): style for style in styles.findall(qn("w:style"))}
    taken = {style.get(STYLE_ID) for style in there.values()}
    found: dict[str, str] = {}
    missing = []
    for style in parse_xml(STYLES).findall(qn("w:style")):
        key, name = style.get(STYLE_ID), _name(style)
        same = there.get((style.get(STYLE_TYPE), name))
        if same is not None and not (name == BULLETED and same.find(f".//{qn('w:numPr')}") is None):
            found[key] = same.get(STYLE_ID)
            if not found[key]:
                raise Refused(
                    _(
                        "The style “%(style)s” of the Word template has no id, so no text can have it. Open the "
                        "template in Word, save it anew and upload it again."
                    )
                    % {"style": same.find(qn("w:name")).get(VALUE)}
                )
            continue
        if same is not None:
            style.find(qn("w:name")).set(VALUE, f"Salient {style.find(qn('w:name')).get(VALUE)}")
        found[key] = f"Salient{key}" if key in taken else key
        missing.append(style)
    for style in missing:
        style.set(STYLE_ID, found[style.get(STYLE_ID)])
        style.attrib.pop(qn("w:default"), None)
        for reference in style.iter(*REFERENCES):
            reference.set(VALUE, found.get(reference.get(VALUE), reference.get(VALUE)))
        for number in style.iter(NUMBER_ID):
            number.set(VALUE, str(int(number.get(VALUE)) + first_number))
        styles.append(style)
    return Dress(found, first_abstract + NUMBERS, first_number + FIRST_NUMBER_LIST)


def _name(style: Any) -> str:
    """As Word compares names: small letters; of several names, the first."""
    name = style.find(qn("w:name"))
    return "" if name is None else name.get(VALUE).lower().partition(",")[0]


def _add_lists(document: Any) -> tuple[int, int]:
    """Our lists behind those of the document; what was added to the numbers of their kinds, and to their own."""
    lists = _lists_of(document)
    abstracts = [int(one.get(ABSTRACT_ID)) for one in lists.findall(qn("w:abstractNum"))]
    numbers = [int(one.get(NUMBER_ID)) for one in lists.findall(qn("w:num"))]
    first_abstract, first_number = max(abstracts, default=0), max(numbers, default=0)
    place = len(abstracts) + len(lists.findall(qn("w:numPicBullet")))
    for one in parse_xml(NUMBERING):
        if one.tag == qn("w:abstractNum"):
            one.set(ABSTRACT_ID, str(int(one.get(ABSTRACT_ID)) + first_abstract))
            lists.insert(place, one)  # kinds of lists stand before lists
            place += 1
        elif one.tag == qn("w:num"):
            one.set(NUMBER_ID, str(int(one.get(NUMBER_ID)) + first_number))
            of = one.find(ABSTRACT_ID)
            of.set(VALUE, str(int(of.get(VALUE)) + first_abstract))
            lists.append(one)
    return first_abstract, first_number


def _lists_of(document: Any) -> Any:
    part = document.part
    try:
        return part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element
    except KeyError:
        empty = parse_xml(NUMBERING)
        empty[:] = []
        made = NumberingPart(PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING, empty, part.package)
        part.relate_to(made, RELATIONSHIP_TYPE.NUMBERING)
        return empty
