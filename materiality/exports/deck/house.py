"""The deck's own look: master, two layouts and theme, in place of those that python-pptx brings along."""

from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu

from figures.palette import Palette
from materiality.exports.deck.drawing import emu

WIDTH, HEIGHT = 960.0, 540.0  # points: 16:9
MARGIN = 40.0
ROOM = WIDTH - 2 * MARGIN  # across
TITLE = (MARGIN, 30.0, ROOM, 44.0)
TITLE_SIZE, FOOT_SIZE = 26, 10
KEPT = ("Title Slide", "Title Only")
UNUSED = "printerSettings"
FONTS = {"major": "Georgia", "minor": "Arial"}
FONT_EAST_ASIA = "Microsoft YaHei"
NAMESPACES = nsdecls("a", "p", "r")


def house_presentation(palette: Palette) -> Any:
    """An empty presentation, 16:9, with a layout for the title and one for everything else; `palette` is its theme."""
    found = Presentation()
    found.slide_width, found.slide_height = Emu(emu(WIDTH)), Emu(emu(HEIGHT))
    for layout in list(found.slide_layouts):
        if layout.name not in KEPT:
            found.slide_layouts.remove(layout)
    relations = found.part.rels
    for key in [key for key, one in relations.items() if one.reltype.rpartition("/")[2] == UNUSED]:
        relations.pop(key)
    master = found.slide_master
    _shapes(master.element, _placeholders("title", TITLE, with_body=True) + _rule())
    master.element.replace(master.element.find(qn("p:txStyles")), parse_xml(_text_styles()))
    first, other = (next(one for one in found.slide_layouts if one.name == name) for name in KEPT)
    subtitle = _placeholder(3, "Subtitle", "subTitle", 1, (MARGIN, 296, ROOM, 90), anchor="t")
    heading = _placeholder(2, "Title", "ctrTitle", None, (MARGIN, 150, ROOM, 136), anchor="b", size=40)
    _shapes(first.element, heading + subtitle + _feet(4))
    _shapes(other.element, _placeholders("title", None))
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = _theme(theme.blob, palette)
    return found


def _shapes(element: Any, xml: str) -> None:
    """`xml` in place of the shapes of a master or layout."""
    tree = element.find(f"{qn('p:cSld')}/{qn('p:spTree')}")
    del tree[2:]
    tree.extend(list(parse_xml(f"<p:spTree {NAMESPACES}>{xml}</p:spTree>")))


def _placeholder(
    key: int,
    name: str,
    kind: str,
    number: int | None,
    box: tuple[float, float, float, float] | None,
    *,
    anchor: str = "",
    size: int = 0,
    text: str = "",
    align: str = "",
) -> str:
    index = "" if number is None else f' idx="{number}"'
    place = ""
    if box:
        left, top, width, height = map(emu, box)
        place = f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        place += '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    look = f'<a:lvl1pPr algn="{align or "l"}"><a:buNone/><a:defRPr' + (f' sz="{size * 100}"/>' if size else "/>")
    style = f"<a:lstStyle>{look}</a:lvl1pPr></a:lstStyle>" if size or align else "<a:lstStyle/>"
    held = f' anchor="{anchor}"' if anchor else ""
    body = f'<a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0"{held}><a:normAutofit/></a:bodyPr>'
    told = text or f'<a:r><a:rPr lang="en-US"/><a:t>{name}</a:t></a:r>'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{key}" name="{name} {key}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph type="{kind}"{index}/></p:nvPr></p:nvSpPr><p:spPr>{place}</p:spPr>'
        f"<p:txBody>{body}{style}<a:p>{told}</a:p></p:txBody></p:sp>"
    )


def _placeholders(kind: str, box: tuple[float, float, float, float] | None, *, with_body: bool = False) -> str:
    body = (MARGIN, 110.0, ROOM, 380.0)
    found = _placeholder(2, "Title", kind, None, box, anchor="b" if box else "")
    found += _placeholder(3, "Text", "body", 1, body) if with_body else ""
    return found + _feet(4, with_places=with_body)


def _feet(key: int, *, with_places: bool = False) -> str:
    """Footer and number of the slide."""
    low = HEIGHT - 30.0
    left = (MARGIN, low, 640.0, 16.0) if with_places else None
    right = (WIDTH - MARGIN - 100.0, low, 100.0, 16.0) if with_places else None
    number = '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr lang="en-US"/><a:t>‹#›</a:t>'
    size = FOOT_SIZE if with_places else 0
    foot = _placeholder(key, "Footer", "ftr", 10, left, anchor="ctr" if left else "", size=size)
    align = "r" if with_places else ""
    return foot + _placeholder(
        key + 1, "Slide Number", "sldNum", 11, right, anchor="ctr" if right else "", size=size, align=align,
        text=f"{number}</a:fld>",
    )  # fmt: skip


def _rule() -> str:
    """The line that every page of the house begins with."""
    left, top, width = emu(MARGIN), emu(24.0), emu(ROOM)
    return (
        f'<p:cxnSp><p:nvCxnSpPr><p:cNvPr id="9" name="Rule"/><p:cNvCxnSpPr/><p:nvPr userDrawn="1"/></p:nvCxnSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="0"/></a:xfrm><a:prstGeom prst="line">'
        f'<a:avLst/></a:prstGeom><a:ln w="9525"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill></a:ln></p:spPr>'
        f"</p:cxnSp>"
    )


def _text_styles() -> str:
    def level(number: int, face: str, size: int, ink: str) -> str:
        fonts = f'<a:latin typeface="+{face}-lt"/><a:ea typeface="+{face}-ea"/><a:cs typeface="+{face}-cs"/>'
        return (
            f'<a:lvl{number}pPr marL="0" indent="0" algn="l" defTabSz="914400" rtl="0" eaLnBrk="1" latinLnBrk="0" '
            f'hangingPunct="1"><a:buNone/><a:defRPr sz="{size * 100}" kern="1200"><a:solidFill>'
            f'<a:schemeClr val="{ink}"/></a:solidFill>{fonts}</a:defRPr></a:lvl{number}pPr>'
        )

    levels = range(1, 10)
    return (
        f"<p:txStyles {NAMESPACES}><p:titleStyle>{level(1, 'mj', TITLE_SIZE, 'tx1')}</p:titleStyle>"
        f"<p:bodyStyle>{''.join(level(number, 'mn', 16, 'tx1') for number in levels)}</p:bodyStyle>"
        f"<p:otherStyle>{''.join(level(number, 'mn', 16, 'tx1') for number in levels)}</p:otherStyle></p:txStyles>"
    )


def _theme(blob: bytes, palette: Palette) -> bytes:
    """The theme with the colours of `palette` and the house's fonts."""
    inks = {
        "dk1": palette.ink,
        "lt1": palette.paper,
        "dk2": palette.ink_2,
        "lt2": palette.accent_wash,
        "accent1": palette.accent,
        **{f"accent{number}": tier.mark for number, tier in enumerate(palette.tiers, start=2)},
        "hlink": palette.accent,
        "folHlink": palette.ink_2,
    }
    theme = etree.fromstring(blob, etree.XMLParser(resolve_entities=False))
    theme.set("name", "Salient")
    colours, fonts = (next(theme.iter(qn(f"a:{kind}Scheme"))) for kind in ("clr", "font"))
    colours.set("name", "Salient")
    fonts.set("name", "Salient")
    for one in colours:
        name = etree.QName(one).localname
        one[:] = [etree.Element(qn("a:srgbClr"), val=inks[name].lstrip("#").upper())]
    for size, face in FONTS.items():
        group = fonts.find(qn(f"a:{size}Font"))
        group.find(qn("a:latin")).set("typeface", face)
        group.find(qn("a:ea")).set("typeface", FONT_EAST_ASIA)
        for script in group.findall(qn("a:font")):
            group.remove(script)
    return etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)
