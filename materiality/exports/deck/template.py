"""An organisation's own template: read with care, emptied of its slides, and asked where a slide has room."""

import io
import zipfile
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu

from figures.palette import LIGHT, Palette
from materiality.exports.chapter.paper import APPLICATION, plain
from materiality.exports.deck.drawing import EMU
from materiality.exports.deck.house import house_presentation
from materiality.exports.foreign import Refused, refuse_foreign

MOST_BYTES = 200_000_000  # of all parts of a template, unpacked
# Of a slide's sides, in EMU; PowerPoint opens no others. ECMA-376, part 1, 19.7.16.
SHORTEST, LONGEST = 914_400, 51_206_400
TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
FEET = (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE)
TYPES = "[Content_Types].xml"
POTX = b"presentationml.template.main+xml"
PPTX = b"presentationml.presentation.main+xml"
# Lists of slides that are gone with them.
SLIDE_LISTS = ("{http://schemas.microsoft.com/office/powerpoint/2010/main}sectionLst", qn("p:custShowLst"))


@dataclass(frozen=True)
class Room:
    """Where a slide has room below its title, in points."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass(frozen=True)
class Look:
    """A presentation without slides, its layouts for the title and for everything else with the sizes of their titles,
    and the room on the latter."""

    presentation: Any
    first: Any
    other: Any
    first_size: float
    other_size: float
    room: Room
    is_own: bool  # the house's


def open_look(template: bytes | None, palette: Palette = LIGHT) -> Look:
    """
    The house's look in the colours of `palette`, or that of a template.

    Raises
    ------
    Refused
        If the template is not one that can be used; the message says why, and what to do.
    """
    if template is None:
        return _look_of(house_presentation(palette), is_own=True)
    try:
        return _look_of(_opened(template), is_own=False)
    except Refused:
        raise
    except Exception as error:
        # What a broken file raises, and when, depends on where it is broken.
        raise Refused(
            _("The template cannot be read as a PowerPoint file. Open it in PowerPoint, save it as .pptx or .potx, and "
              "upload it again.")
        ) from error  # fmt: skip


def _look_of(presentation: Any, *, is_own: bool) -> Look:
    layouts = [one for master in presentation.slide_masters for one in master.slide_layouts]
    titled = [one for one in layouts if _title_of(one) is not None]
    if not titled:
        raise Refused(
            _(
                "The template has no layout with a title. Add one in PowerPoint under View, Slide Master, and upload "
                "it again."
            )
        )
    first = next((one for one in titled if _title_of(one).placeholder_format.type == TITLES[1]), titled[0])
    others = [one for one in titled if one is not first] or titled
    # The layout with the least besides the title leaves the most room.
    other = min(
        others, key=lambda one: sum(shape.placeholder_format.type not in (*TITLES, *FEET) for shape in one.placeholders)
    )
    return Look(presentation, first, other, _size(first), _size(other), _room(presentation, other), is_own)


def _opened(template: bytes) -> Any:
    presentation = Presentation(io.BytesIO(_unpacked_with_care(template)))
    _empty(presentation)
    width, height = presentation.slide_width or Emu(0), presentation.slide_height or Emu(0)
    if not (SHORTEST <= width <= LONGEST and SHORTEST <= height <= LONGEST):
        raise Refused(
            _(
                "The slides of the template are %(width).2f by %(height).2f cm; PowerPoint takes %(least).2f to "
                "%(most).2f cm a side. Set their size in PowerPoint under Design, Slide Size, and upload it again."
            )
            % {"width": width.cm, "height": height.cm, "least": Emu(SHORTEST).cm, "most": Emu(LONGEST).cm}
        )
    return presentation


def _unpacked_with_care(template: bytes) -> bytes:
    """The bytes of a presentation; those of a .potx say so of themselves, and are a presentation otherwise."""
    with zipfile.ZipFile(io.BytesIO(template)) as source:
        if sum(part.file_size for part in source.infolist()) > MOST_BYTES:
            raise Refused(_("The template is too large. Take out its pictures and slides, and upload it again."))
        types = source.read(TYPES)
        if b"macroEnabled" in types:
            raise Refused(_("The template has macros. Save it without them as .pptx or .potx, and upload it again."))
        try:
            refuse_foreign(template)
        except Refused as error:
            raise Refused(_("The PowerPoint template cannot be used. %(why)s") % {"why": error}) from error
        if POTX not in types:
            return template
        changed = io.BytesIO()
        with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                content = source.read(name)
                target.writestr(name, content.replace(POTX, PPTX) if name == TYPES else content)
        return changed.getvalue()


def _empty(presentation: Any) -> None:
    """Without slides, and without lists that name them."""
    slides = presentation.slides._sldIdLst
    for slide in list(slides):
        presentation.part.drop_rel(slide.rId)
        slides.remove(slide)
    for element in list(presentation.element.iter(*SLIDE_LISTS)):
        parent = element.getparent()
        parent.getparent().remove(parent) if parent.tag == qn("p:ext") else parent.remove(element)


def describe(package: Any, company: str) -> None:
    """Properties of the file that say nothing of the slides that a template had, nor show them."""
    for key, relation in list(package._rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            package._rels.pop(key)
        elif relation.reltype == RELATIONSHIP_TYPE.EXTENDED_PROPERTIES:
            relation.target_part._blob = (APPLICATION % f"<Company>{plain(company)}</Company>").encode()


def _title_of(layout: Any) -> Any:
    return next((one for one in layout.placeholders if one.placeholder_format.type in TITLES), None)


def _size(layout: Any) -> float:
    """The size of a layout's title in points: its own, else that of the master's."""
    look = "a:lvl1pPr/a:defRPr/@sz"
    masters = [one for one in layout.slide_master.placeholders if one.placeholder_format.type in TITLES]
    found = [
        size for shape in (_title_of(layout), *masters) for size in shape._element.xpath(f"p:txBody/a:lstStyle/{look}")
    ]
    found += layout.slide_master._element.xpath(f"p:txStyles/p:titleStyle/{look}")
    return int(found[0]) / 100 if found else 44.0


def size_of(shape: Any) -> float:
    """The size of the type in a layout's shape, in points: its own, else that of the master's; 0 where none says so."""
    kind = shape.placeholder_format.type
    masters = [one for one in shape.part.slide_layout.slide_master.placeholders if one.placeholder_format.type == kind]
    found = [
        size for one in (shape, *masters) for size in one._element.xpath("p:txBody/a:lstStyle/a:lvl1pPr/a:defRPr/@sz")
    ]
    return int(found[0]) / 100 if found else 0.0


def _room(presentation: Any, layout: Any) -> Room:
    """Below the title and above the feet, as wide as the title; where that is no room to speak of, most of the slide
    below its upper quarter."""
    width, height = presentation.slide_width / EMU, presentation.slide_height / EMU
    title = _title_of(layout)
    feet = [one.top / EMU for one in layout.placeholders if one.placeholder_format.type in FEET and one.top]
    bottom = min([top for top in feet if top > height / 2], default=height * 0.94) - 8
    usual = Room(width * 0.05, height * 0.24, width * 0.9, bottom - height * 0.24)
    if None in (title.left, title.top, title.width, title.height):
        return usual
    top = (title.top + title.height) / EMU + 8
    room = Room(title.left / EMU, top, title.width / EMU, bottom - top)
    fits = room.width >= width * 0.6 and room.height >= height * 0.5 and room.left >= 0
    return room if fits and room.left + room.width <= width else usual
