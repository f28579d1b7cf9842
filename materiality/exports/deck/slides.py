"""A deck that is written slide by slide: titles, texts, tables, a picture. Knows no contents."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu

from figures.lettering import text_width
from figures.palette import Palette
from materiality.exports.chapter.paper import Band, Column, Line, Row
from materiality.exports.chapter.styles import language
from materiality.exports.cleaning import clean
from materiality.exports.deck import drawing, fitting, house
from materiality.exports.deck.drawing import INK, SOFT, emu, line_xml, paragraph, run, table, text_box
from materiality.exports.deck.fitting import Type, fitted
from materiality.exports.deck.lists import GAP, Part, columns_of, paragraphs_of
from materiality.exports.deck.template import TITLES, Look, Room, describe, open_look, size_of
from materiality.exports.packing import repacked

STRIP = 24.0  # above the contents: what they are of, and whether answers are simulated
TABLE_SIZE, TEXT_SIZE, BADGE_SIZE = 12.0, 16.0, 11.0
STRIP_SIZES = (12.0, 11.0, 10.0, 9.0)
LEDE_SIZES, LEDE_SHARE = (18.0, 16.0, 14.0, 13.0, 12.0), 0.34  # of the finding, and of the height that it may take
SMALLEST_TITLE, SMALLEST_TABLE = 15.0, 9.0
FOOT_SIZE, SMALLEST_FOOT, FOOT_PADDING = 12.0, 7.0, 15.0  # of a footer: where none is said, the smallest, inside it
Box = tuple[float, float, float, float]  # left, top, width, height
SUBTITLE = PP_PLACEHOLDER.SUBTITLE


class Deck:
    """
    The deck while it is written.

    Parameters
    ----------
    template : the organisation's; None for the house's own look, with the colours of `palette` as its theme.
    title, company : for the properties of the file.
    badge : what stands on each slide where there is something to warn of.
    footer : what stands at the foot of each slide, where the look has one.
    source : where the facts come from, for the notes of each slide.
    made_at : for the properties; the same contents with the same time are the same file.

    Raises
    ------
    ValueError
        If the template cannot be used.
    """

    def __init__(
        self, *, template: bytes | None, palette: Palette, title: str, company: str, badge: str, footer: str,
        source: str, made_at: datetime,
    ) -> None:  # fmt: skip
        self.look: Look = open_look(template, palette)
        self.badge, self.footer, self.source = badge, footer, source
        self._titles: set[str] = set()
        properties = self.look.presentation.core_properties
        properties.title, properties.author, properties.last_modified_by = (
            clean(title)[:255],
            clean(company)[:255],
            "Salient",
        )
        properties.comments, properties.revision, properties.keywords = _("Made with Salient"), 1, ""
        properties.language = language()
        describe(self.look.presentation.part.package, clean(company))
        properties.created = properties.modified = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)

    @property
    def room(self) -> Room:
        """For contents, below the strip."""
        room = self.look.room
        return Room(room.left, room.top + STRIP, room.width, room.height - STRIP)

    def to_bytes(self) -> bytes:
        written = io.BytesIO()
        self.look.presentation.save(written)
        return repacked(written.getvalue())

    # --- slides -----------------------------------------------------------------------------------------------
    def opening(self, title: str, lines: Sequence[str]) -> None:
        """The first slide."""
        slide = self._slide(self.look.first, title, "")
        place = next((one for one in slide.placeholders if one.placeholder_format.type == SUBTITLE), None)
        paragraphs = []
        room = self.room
        width = room.width if place is None or place.width is None else place.width / drawing.EMU - FOOT_PADDING
        height = 90.0 if place is None or place.height is None else place.height / drawing.EMU - 8.0
        sizes: tuple[float, ...] = (20.0, 18.0, 16.0, 14.0)
        ink = INK
        for line in lines:
            most = height * 0.45 if ink == INK else height * 0.55 / max(len(lines) - 1, 1)
            told, size = fitted(clean(line), width, most - 6.0, sizes, is_own=self.look.is_own)
            paragraphs.append(paragraph(run(told, size, ink=ink), size, text=told, after=6.0))
            sizes, ink = (14.0, 13.0, 12.0, 11.0, 10.0), SOFT
        if place is None:
            self._write(slide, _("Subtitle"), (room.left, room.top, room.width, 90.0), paragraphs)
        else:
            body = place.text_frame._txBody
            for old in body.findall(qn("a:p")):
                body.remove(old)
            body.extend(list(parse_xml(f"<p:txBody {nsdecls('a', 'p')}>{''.join(paragraphs)}</p:txBody>")))
        self._clear(slide)

    def texts(self, title: str, lines: Sequence[Line], *, size: float = TEXT_SIZE) -> None:
        """Paragraphs, over as many slides as they need."""
        room, gap = self.room, size * 0.6
        kind = Type(size, self.look.is_own)
        rows = [fitting.Row(((line,),), kind.height_of([line], room.width) + gap) for line in lines]
        pages = fitting.paginate(rows, [room.width + 2 * fitting.PAD_X], kind, room.height)
        for number, page in enumerate(pages, start=1):
            slide = self._slide(self.look.other, _numbered(title, number, len(pages)), "")
            paragraphs = [line_xml(line, size, after=gap) for one in page for line in one.cells[0]]
            box = (room.left, room.top, room.width, room.height)
            self._write(slide, _("Text"), box, paragraphs)

    def table(
        self, title: str, columns: Sequence[Column], rows: Sequence[Row], *, about: str, strip: str = "",
        size: float = TABLE_SIZE, inks: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        """A native table, over as many slides as it needs, its head on each. `inks` colours cells of these texts."""
        room = self.room
        columns, rows = _told(columns, rows)
        whole = sum(column.share for column in columns)
        widths = [room.width * column.share / whole for column in columns]
        strong = frozenset([*(column.head for column in columns), *(inks or {})])
        size = max(size * min(room.width / house.ROOM, 1.0), SMALLEST_TABLE)
        kind = Type(size, self.look.is_own, strong)
        head, pages = _paged(columns, rows, widths, kind, room.height)
        if len(pages) == 2:
            # Somewhat smaller, where that saves the second slide.
            for smaller in (replace(kind, size=max(size - less, SMALLEST_TABLE)) for less in (1.0, 1.5)):
                tried = _paged(columns, rows, widths, smaller, room.height)
                if len(tried[1]) == 1:
                    (head, pages), kind = tried, smaller
                    break
        for number, page in enumerate(pages, start=1):
            slide = self._slide(self.look.other, _numbered(title, number, len(pages)), strip)
            colours = [
                [(inks or {}).get(lines[0].text, "") if len(lines) == 1 else "" for lines in one.cells] for one in page
            ]
            place = (room.left, room.top)
            self._add(
                slide,
                table(self._key(slide), _("Table"), about, place, columns, widths, head, page, kind.size, colours),
            )

    def lists(self, title: str, parts: Sequence[Part], *, lede: str = "") -> None:
        """Parts side by side, over as many slides as they need, under `lede`, in smaller type where it is long."""
        room = self.room
        most = room.height * LEDE_SHARE
        told, large = fitted(clean(lede), room.width, most, LEDE_SIZES, is_own=self.look.is_own) if lede else ("", 0.0)
        kind = Type(large or LEDE_SIZES[0], self.look.is_own)
        above = len(kind.broken(told, room.width)) * kind.leading + 14.0 if told else 0.0
        space = room.height - above
        columns = columns_of(parts, room.width, space, is_own=self.look.is_own)
        for number, page in enumerate(columns.pages, start=1):
            slide = self._slide(self.look.other, _numbered(title, number, len(columns.pages)), "")
            if told:
                box = (room.left, room.top, room.width, above)
                self._write(slide, _("Finding"), box, [paragraph(run(told, large, is_title=True), large, text=told)])
            for at, part in enumerate(page):
                box = (room.left + at * (columns.width + GAP), room.top + above, columns.width, space)
                self._write(slide, part.name, box, paragraphs_of(part, columns.size))

    def picture(self, title: str, png: bytes, pixels: tuple[int, int], *, about: str, beside: Sequence[Line]) -> None:
        """A picture as high as there is room, with texts beside it."""
        room = self.room
        slide = self._slide(self.look.other, title, "")
        top, height = room.top - STRIP, room.height + STRIP
        width = min(height * pixels[0] / pixels[1], room.width * 0.66)
        placed = slide.shapes.add_picture(io.BytesIO(png), Emu(emu(room.left)), Emu(emu(top)), width=Emu(emu(width)))
        placed.name = _("Figure")
        placed._element.nvPicPr.cNvPr.set("descr", clean(about).replace("\n", " "))
        left = room.left + width + 28.0
        box = (left, room.top, room.width - width - 28.0, room.height)
        size = next((one for one in (15.0, 13.0, 12.0, 11.0) if self._fits(beside, box, one)), 10.0)
        paragraphs = [line_xml(line, size, after=size * 0.8) for line in beside]
        self._write(slide, _("About the figure"), box, paragraphs)

    def _fits(self, lines: Sequence[Line], box: Box, size: float) -> bool:
        kind = Type(size, self.look.is_own)
        return sum(kind.height_of([line], box[2]) + size * 0.8 for line in lines) <= box[3]

    # --- how a slide is made ----------------------------------------------------------------------------------
    def _slide(self, layout: Any, title: str, strip: str) -> Any:
        slide = self.look.presentation.slides.add_slide(layout)
        title = self._unique(clean(title).replace("\n", " "))
        shape = slide.shapes.title
        shape.text_frame.text = title
        width, height = (shape.width or 0) / drawing.EMU, (shape.height or 0) / drawing.EMU
        usual = self.look.first_size if layout is self.look.first else self.look.other_size
        smaller = _title_size(title, width, height, usual, is_own=self.look.is_own)
        if smaller:
            for one in shape.text_frame.paragraphs[0].runs:
                one.font.size = Emu(emu(smaller))
        if layout is not self.look.first:
            self._clear(slide)
        self._feet(slide, layout)
        room = self.look.room
        if strip:
            width = room.width - (self._badge_width + 12.0 if self.badge else 0.0)
            told, size = fitted(clean(strip), width, STRIP - 2.0, STRIP_SIZES, is_own=self.look.is_own)
            box = (room.left, room.top, width, STRIP - 2.0)
            self._write(slide, _("About"), box, [paragraph(run(told, size, ink=SOFT), size, text=told)])
        if self.badge:
            self._warn(slide)
        # A template's page of notes may have no place for text.
        if frame := slide.notes_slide.notes_text_frame:
            frame.text = clean(self.source)
        return slide

    @property
    def _badge_width(self) -> float:
        return min(text_width(self.badge, BADGE_SIZE) + 16.0, 260.0)

    def _warn(self, slide: Any) -> None:
        room, width = self.look.room, self._badge_width
        box = (room.left + room.width - width, room.top, width, STRIP - 5.0)
        told = paragraph(run(self.badge, BADGE_SIZE, bold=True), BADGE_SIZE, text=self.badge)
        self._write(slide, _("Warning"), box, [told], line=SOFT)

    def _feet(self, slide: Any, layout: Any) -> None:
        """Footer and number, which a new slide does not take from its layout by itself."""
        for one in layout.placeholders:
            form, place = one.placeholder_format, ""
            if form.type == PP_PLACEHOLDER.FOOTER:
                kind, told = "ftr", _foot(clean(self.footer), self._foot_size(one))
                # With a place of its own it is a text like others to LibreOffice, which broke it within words.
                place = "" if one.width is None else _placed(one)
            elif form.type == PP_PLACEHOLDER.SLIDE_NUMBER:
                field = '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum">'
                kind, told = "sldNum", f'{field}<a:rPr lang="en-US"/><a:t>{len(self._titles)}</a:t></a:fld>'
            else:
                continue
            self._add(
                slide,
                f'<p:sp {nsdecls("a", "p")}><p:nvSpPr><p:cNvPr id="{self._key(slide)}" name="{kind}"/><p:cNvSpPr>'
                f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{kind}" idx="{form.idx}"/></p:nvPr></p:nvSpPr>'
                f"<p:spPr>{place}</p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p>{told}</a:p></p:txBody></p:sp>",
            )

    def _foot_size(self, foot: Any) -> float:
        """The size at which the footer fits the place `foot` in one line; 0 where it does in that of the layout."""
        usual = size_of(foot) or FOOT_SIZE
        width = (foot.width or 0) / drawing.EMU - FOOT_PADDING
        kind = Type(usual, self.look.is_own)
        while kind.size > SMALLEST_FOOT and len(kind.broken(clean(self.footer), width)) > 1:
            kind = replace(kind, size=kind.size - 0.5)
        return 0.0 if kind.size == usual else kind.size

    def _clear(self, slide: Any) -> None:
        """No place that waits for contents stays on a slide."""
        for one in list(slide.placeholders):
            empty = not (one.has_text_frame and one.text_frame.text)
            if one.placeholder_format.type not in TITLES and empty:
                one._element.getparent().remove(one._element)

    def _unique(self, title: str) -> str:
        found, number = title, 2
        while found in self._titles:
            found, number = f"{title} ({number})", number + 1
        self._titles.add(found)
        return found

    def _key(self, slide: Any) -> int:
        return max(int(one.get("id")) for one in slide.shapes._spTree.iter("{*}cNvPr")) + 1

    def _write(self, slide: Any, name: str, box: Box, paragraphs: Sequence[str], *, line: str = "") -> None:
        self._add(slide, text_box(self._key(slide), name, box, paragraphs, line=line))

    def _add(self, slide: Any, xml: str) -> None:
        slide.shapes._spTree.append(parse_xml(xml))


def _foot(text: str, size: float) -> str:
    smaller = f' sz="{round(size * 100)}"' if size else ""
    return f'<a:r><a:rPr lang="{drawing.language_of(text)}"{smaller}/><a:t>{drawing.escape(text)}</a:t></a:r>'


def _placed(shape: Any) -> str:
    """The place of a layout's shape, for the one on the slide that takes its look."""
    return f'<a:xfrm><a:off x="{shape.left}" y="{shape.top}"/><a:ext cx="{shape.width}" cy="{shape.height}"/></a:xfrm>'


def _paged(
    columns: Sequence[Column], rows: Sequence[Row], widths: Sequence[float], kind: Type, height: float
) -> tuple[fitting.Row, list[list[fitting.Row]]]:
    """The head of a table, and its rows by slide."""
    head = fitting.row([[Line(column.head)] for column in columns], widths, kind)
    body = [
        fitting.band(one.text, sum(widths), kind) if isinstance(one, Band) else fitting.row(one, widths, kind)
        for one in rows
    ]
    return head, fitting.paginate(body, widths, kind, height - head.height)


def _told(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[list[Column], list[Row]]:
    """The table without columns in which nothing stands; the first always stays."""
    filled = [row for row in rows if not isinstance(row, Band)]
    kept = [number for number in range(len(columns)) if not number or any(row[number] for row in filled)]
    return [columns[number] for number in kept], [
        row if isinstance(row, Band) else [row[number] for number in kept] for row in rows
    ]


def _numbered(title: str, number: int, of: int) -> str:
    if of == 1:
        return title
    return _("%(title)s (%(number)d of %(of)d)") % {"title": title, "number": number, "of": of}


def _title_size(title: str, width: float, height: float, usual: float, *, is_own: bool) -> float:
    """The size at which the title fits its place; 0 where it does in the size of the layout."""
    size = usual
    while size > SMALLEST_TITLE and len(Type(size, is_own).broken(title, width)) * size * 1.2 > height:
        size -= 1
    return 0.0 if size == usual else size
