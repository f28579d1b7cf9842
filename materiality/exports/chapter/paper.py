"""A Word file that is written from top to bottom: headings, paragraphs, lists, tables, pictures. Knows no contents."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from docx import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Emu, Pt

from figures.lettering import fill
from materiality.exports.chapter.styles import (
    FONT_TABLE,
    NUMBERING,
    STYLES,
    TABLE_STYLE,
    language,
    spoken,
)
from materiality.exports.chapter.template import Dress, dress, open_template, text_height, text_width, type_size
from materiality.exports.chapter.widths import Told, column_widths
from materiality.exports.chapter.writing import field, joint, paragraph, runs
from materiality.exports.cleaning import clean
from materiality.exports.packing import repacked

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = Cm(21.0), Cm(29.7), Cm(2.2)
# A picture leaves room on its page for its caption and source.
BESIDE_PICTURE = Cm(4.8)
LEAST_PICTURE = 0.4  # of the height of the text on a page
NOT_KNOWN = "–"
# A row of a table that fills more than this share of a page may break: kept whole, it would leave its heading alone on
# a page, and what does not fit a page would be lost.
WHOLE = 0.5
POINT = 12_700  # EMU
TYPE, TABLE_TYPE, TABLE_LINE, CELL_PADDING = 10.0, 8.5, 10.5, 8.5  # in points, as the styles have them
SMALLER_TYPES = (8.0, 7.5, 7.0)  # where words would break in narrow columns
# What python-docx's own template brings and a chapter has no use for.
UNUSED = ("thumbnail", "customXml", "stylesWithEffects", "webSettings", "fontTable")
# The rules of layout are those of Word 2013 and later: it opens the file without its compatibility mode.
WORD = "http://schemas.microsoft.com/office/word"
SETTINGS = {
    "w:compat": f'><w:compatSetting w:name="compatibilityMode" w:uri="{WORD}" w:val="15"/>',
    "w:themeFontLang": 'w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA">',
}
UNUSED_SETTINGS = ("w:rsids", "w:savePreviewPicture")
APPLICATION = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">
<Application>Salient</Application>%s</Properties>"""


@dataclass(frozen=True)
class Line:
    """A paragraph in a cell. `lead` stands before it, strong; `is_open` marks what somebody still has to write."""

    text: str
    lead: str = ""
    is_bullet: bool = False
    is_open: bool = False


@dataclass(frozen=True)
class Band:
    """A row that is one cell: the name of what the rows below it have in common."""

    text: str


Cell = str | Sequence[Line]
Row = Sequence[Cell] | Band


@dataclass(frozen=True)
class Column:
    """`share` of the width of the table, relative to the other columns."""

    head: str
    share: float
    is_number: bool = False


class Paper:
    """
    The file while it is written.

    Parameters
    ----------
    title, company : for the properties of the file.
    header : what stands at the top of each page; `warning` to its right, where there is something to warn of.
    footer : what stands at the bottom of each page, beside its number. `page` is the template of that, with
        %(page)s and %(pages)s.
    made_at : for the properties; the same contents with the same time are the same file.
    template : a Word file whose styles, page, header and footer are used instead of ours.

    Raises
    ------
    ValueError
        If the template cannot be used; the text says why.
    """

    def __init__(
        self,
        *,
        title: str,
        company: str,
        header: str,
        warning: str,
        footer: str,
        page: str,
        made_at: datetime,
        template: bytes | None = None,
    ) -> None:
        self.document = Document() if template is None else open_template(template)
        self._end = self.document.element.body.sectPr
        self._captions = {"Figure": 0, "Table": 0}
        self._last_rank: int | None = None
        if template is None:
            self._dressed = Dress()
            self._dress()
            self._lay_out()
        else:
            self._dressed = dress(self.document)
        self._numbers = self._dressed.first_list - 1
        self._width = text_width(self.document)
        # Larger type takes more lines, and higher ones.
        larger = max(type_size(self.document) / TYPE, 1.0) ** 2
        height = text_height(self.document)
        self._highest_picture = max(height - BESIDE_PICTURE * larger, height * LEAST_PICTURE)
        self._describe(clean(title), clean(company), made_at)
        self._frame(header, warning, footer, page)

    # --- what is written ----------------------------------------------------------------------------------
    def text(self, text: str, style: str = "Normal", **options: str) -> None:
        """A paragraph; of several lines, one for each."""
        for line in clean(text).split("\n"):
            self._add(paragraph(line, style, **options))

    def heading(self, text: str, level: int) -> None:
        self._last_rank = None
        self._add(paragraph(clean(text).replace("\n", " "), f"Heading{level}"))

    def bullets(self, texts: Sequence[str]) -> None:
        for text in texts:
            self._add(paragraph(text, "ListBullet"))

    def numbered(self, number: int, text: str) -> None:
        """An entry of a numbered list. The list goes on where `number` follows on the one before, else it starts
        there: ties share a number."""
        if self._last_rank is None or number != self._last_rank + 1:
            self._start_list(number)
        self._last_rank = number
        properties = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{self._numbers}"/></w:numPr>'
        self._add(paragraph(text, "ListNumber", properties=properties))

    def caption(self, kind: str, label: str, text: str, *, above: bool) -> None:
        """`kind` is the sequence, Figure or Table; `label` its name in the language of the document."""
        self._captions[kind] += 1
        numbered = field(f"SEQ {kind} \\* ARABIC", str(self._captions[kind]))
        template = pgettext("caption", "%(label)s %(number)s. %(text)s")
        before, after = (template % {"label": label, "number": "\0", "text": text}).split("\0")
        keep = "<w:keepNext/>" if above or kind == "Figure" else ""
        self._add(f'<w:p><w:pPr><w:pStyle w:val="Caption"/>{keep}</w:pPr>{joint(before)}{numbered}{joint(after)}</w:p>')

    def picture(self, png: bytes, *, pixels: tuple[float, float], description: str) -> None:
        """A picture as wide as the text, or as high as fits; `pixels` are its sides, `description` is for those who
        do not see it."""
        width, height = pixels
        shown = min(self._width, self._highest_picture * width / height)
        placed = self.document.add_paragraph()
        placed.paragraph_format.keep_with_next = True
        picture = placed.add_run().add_picture(io.BytesIO(png), width=Emu(round(shown)))
        drawing = picture._inline.docPr
        drawing.set("descr", clean(description))
        drawing.set("name", f"{_('Figure')} {self._captions['Figure'] + 1}")

    def table(self, columns: Sequence[Column], rows: Sequence[Row], *, description: str) -> None:
        """A table whose head repeats on each page and whose rows stay whole, as long as they are not very high."""
        shares, whole = [column.share for column in columns], self._width / POINT
        fitting, size = column_widths(
            shares, _texts(columns, rows), whole, sizes=(TABLE_TYPE, *SMALLER_TYPES), padding=CELL_PADDING
        )
        widths = [round(width * 20) for width in fitting]
        head = "".join(
            _cell(width, paragraph(column.head, "TableHeadNumber" if column.is_number else "TableHead"))
            for column, width in zip(columns, widths, strict=True)
        )
        highest = text_height(self.document) * WHOLE / POINT
        body = "".join(_row(row, columns, widths, highest) for row in rows)
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        summary = plain(description)
        self._add(
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{TABLE_STYLE}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
            f'w:lastColumn="0" w:noHBand="0" w:noVBand="1"/><w:tblDescription w:val="{summary}"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>"
            f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{body}</w:tbl>",
            size=0.0 if size == TABLE_TYPE else size,
        )

    def to_bytes(self) -> bytes:
        """The file; without the time of writing, so that the same contents give the same bytes."""
        written = io.BytesIO()
        self.document.save(written)
        return repacked(written.getvalue())

    # --- how the file is made -----------------------------------------------------------------------------
    def _add(self, xml: str, *, size: float = 0.0) -> None:
        """`size` of the type in points, where that is not the one of the styles."""
        for element in list(parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>")):
            for run in element.iter(qn("w:r")) if size else ():
                run.get_or_add_rPr().sz_val = Pt(size)
            self._dressed.put_on(element)
            self._end.addprevious(element)

    def _start_list(self, number: int) -> None:
        self._numbers += 1
        self.document.part.numbering_part.element.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{self._numbers}"><w:abstractNumId w:val="{self._dressed.numbers}"/>'
                f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{number}"/></w:lvlOverride></w:num>'
            )
        )

    def _dress(self) -> None:
        """Our styles, lists and fonts in place of the template's."""
        part = self.document.part
        for element, xml in ((part.styles.element, STYLES), (part.numbering_part.element, NUMBERING)):
            element[:] = parse_xml(spoken(xml))[:]
        for relations in (part.rels, part.package.rels):
            for key in [key for key, one in relations.items() if one.reltype.rpartition("/")[2] in UNUSED]:
                del relations[key]
        fonts = Part(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, FONT_TABLE.encode(), part.package)
        part.relate_to(fonts, RELATIONSHIP_TYPE.FONT_TABLE)
        settings = part.settings.element
        for name, xml in SETTINGS.items():
            old = settings.find(qn(name))
            settings.replace(old, parse_xml(f"<{name} {nsdecls('w')} {xml}</{name}>"))
        for name in UNUSED_SETTINGS:
            settings.remove(settings.find(qn(name)))

    def _describe(self, title: str, company: str, made_at: datetime) -> None:
        properties = self.document.core_properties
        properties.title, properties.author, properties.last_modified_by = title[:255], company[:255], "Salient"
        properties.comments, properties.language = _("Made with Salient"), language()
        properties.created = properties.modified = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        properties.revision = 1
        package = self.document.part.package
        for key in [key for key, one in package.rels.items() if one.reltype == RELATIONSHIP_TYPE.EXTENDED_PROPERTIES]:
            del package.rels[key]
        firm = f"<Company>{plain(company)}</Company>"
        about = Part(
            PackURI("/docProps/app.xml"),
            CONTENT_TYPE.OFC_EXTENDED_PROPERTIES,
            (APPLICATION % firm).encode(),
            package,
        )
        package.relate_to(about, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)

    def _lay_out(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
        section.header_distance = section.footer_distance = Cm(1.1)

    def _frame(self, header: str, warning: str, footer: str, page: str) -> None:
        """What stands on each page. A template's own header and footer stay; what is warned of joins them."""
        section = self.document.sections[-1]
        numbers = "".join(
            field(part, "1") if part in ("PAGE", "NUMPAGES") else f'<w:r><w:t xml:space="preserve">{part}</w:t></w:r>'
            for part in (page % {"page": "\0PAGE\0", "pages": "\0NUMPAGES\0"}).split("\0")
            if part
        )
        for place, style, left, right in (
            (section.header, "Header", header, runs(warning, style="Warning") if warning else ""),
            (section.footer, "Footer", footer, numbers),
        ):
            is_own = _says_something(place)
            if is_own and (style == "Footer" or not warning):
                continue
            tab = "<w:r><w:tab/></w:r>" if right and not is_own else ""
            words = right if is_own else f"{runs(left)}{tab}{right}"
            line = parse_xml(f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{words}</w:p>')
            self._dressed.put_on(line)
            if is_own:
                place._element.append(line)
                continue
            # The first call makes the part; its empty paragraph gives way.
            empty = (place.paragraphs or [place.add_paragraph()])[0]._p
            empty.addprevious(line)
            empty.getparent().remove(empty)


def _says_something(place: Any) -> bool:
    """Whether a header or footer is a template's own: it has a text, a field or a picture."""
    if place.is_linked_to_previous:
        return False
    shown = (qn(name) for name in ("w:t", "w:fldChar", "w:fldSimple", "w:drawing", "w:pict"))
    return any(True for _ in place._element.iter(*shown))


def plain(text: str) -> str:
    """`text` for an attribute or an element that holds nothing but text."""
    return escape(clean(text).replace("\n", " "))


def _texts(columns: Sequence[Column], rows: Sequence[Row]) -> list[list[Told]]:
    """What stands in each column, its head first."""
    found: list[list[Told]] = [[(column.head, True)] for column in columns]
    for row in (row for row in rows if not isinstance(row, Band)):
        for texts, content in zip(found, row, strict=True):
            lines = [Line(content)] if isinstance(content, str) else content
            texts += [told for line in lines for told in ((line.lead, True), (line.text, False))]
    return found


def _row(row: Row, columns: Sequence[Column], widths: Sequence[int], highest: float) -> str:
    """A row; one that is about to be higher than `highest` points may break over pages."""
    if isinstance(row, Band):
        cell = _cell(sum(widths), paragraph(row.text, "TableBand"), span=len(widths))
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>"
    cells = "".join(
        _cell(width, _filling(content, is_number=column.is_number))
        for content, column, width in zip(row, columns, widths, strict=True)
    )
    stays = max(_height(cell, width) for cell, width in zip(row, widths, strict=True)) <= highest
    return f"<w:tr>{'<w:trPr><w:cantSplit/></w:trPr>' if stays else ''}{cells}</w:tr>"


def _height(content: Cell, width: int) -> float:
    """About how high a cell of `width` twentieths of a point becomes, in points."""
    texts = [content] if isinstance(content, str) else [f"{line.lead} {line.text}" for line in content]
    room = width / 20 - CELL_PADDING
    return sum(len(fill(clean(text), room, TABLE_TYPE)) for text in texts) * TABLE_LINE


def _filling(content: Cell, *, is_number: bool) -> str:
    """No cell is empty: what is not known has a mark."""
    if isinstance(content, str):
        return paragraph(content or NOT_KNOWN, "TableNumber" if is_number else "TableText")
    if not content:
        return paragraph(NOT_KNOWN, "TableText")
    return "".join(
        paragraph(
            line.text,
            "TableBullet" if line.is_bullet else "TableText",
            lead=line.lead,
            look="Placeholder" if line.is_open else "",
        )
        for line in content
    )


def _cell(width: int, filling: str, *, span: int = 1) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}</w:tcPr>{filling}</w:tc>'
