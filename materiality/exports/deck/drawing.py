"""Texts and tables of a slide as the XML of a presentation. Colours are those of its theme, so that the deck takes on
the look of the template that it is made with; only tiers have colours of their own."""

import re
from collections.abc import Sequence
from html import escape

from pptx.oxml.ns import nsdecls

from materiality.exports.chapter.paper import Column, Line
from materiality.exports.chapter.writing import WIDE_ENDS, is_right_to_left
from materiality.exports.cleaning import clean
from materiality.exports.deck.fitting import BULLET, LEADING, PAD_X, PAD_Y, Row
from materiality.exports.sentences import is_chinese

EMU = 12_700  # in a point
INK, SOFT, ACCENT, FAINT = "tx1", "tx2", "accent1", "faint"
RIGHT_TO_LEFT_MARK = "\N{RIGHT-TO-LEFT MARK}"
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # that of Office for tables without lines and colours
_IDEOGRAPHS = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_TIER = re.compile("#[0-9a-f]{6}")


def emu(points: float) -> int:
    return round(points * EMU)


def language_of(text: str) -> str:
    """By which an office program chooses the font and checks the spelling."""
    return "zh-CN" if is_chinese() or _IDEOGRAPHS.search(text) else "en-US"


def colour(name: str) -> str:
    """A fill: a colour of the theme, or that of a tier as #rrggbb."""
    if _TIER.fullmatch(name):
        return f'<a:solidFill><a:srgbClr val="{name[1:].upper()}"/></a:solidFill>'
    if name == FAINT:
        return '<a:solidFill><a:schemeClr val="bg1"><a:lumMod val="85000"/></a:schemeClr></a:solidFill>'
    return f'<a:solidFill><a:schemeClr val="{name}"/></a:solidFill>'


def run(
    text: str,
    size: float,
    *,
    bold: bool = False,
    italic: bool = False,
    ink: str = INK,
    is_title: bool = False,
    is_sealed: bool = False,
) -> str:
    """`is_title`: in the font of titles; `is_sealed`: what is at the end of a text from right to left stays with it."""
    look = f'lang="{language_of(text)}" sz="{round(size * 100)}" b="{int(bold)}" i="{int(italic)}" dirty="0"'
    faces = '<a:latin typeface="+mj-lt"/><a:ea typeface="+mj-ea"/>' if is_title else ""
    said = escape(_kept(text), quote=False) + (RIGHT_TO_LEFT_MARK if is_sealed and is_right_to_left(text) else "")
    return f"<a:r><a:rPr {look}>{colour(ink)}{faces}</a:rPr><a:t>{said}</a:t></a:r>"


def _kept(text: str) -> str:
    """`text` cleaned, with the blanks or tabs around it."""
    core = text.strip()
    start = len(text) - len(text.lstrip())
    return text[:start] + clean(core).replace("\n", " ") + text[start + len(core) :]


def attribute(text: str) -> str:
    """`text` for an attribute."""
    return escape(clean(text).replace("\n", " "))


def paragraph(
    runs: str, size: float, *, text: str = "", hang: float = 0, mark: str = "", right: bool = False, after: float = 0
) -> str:
    """`text` decides the direction; `hang` is how far lines stand in, behind `mark` or a tab."""
    turned = is_right_to_left(text)
    side = ' algn="r"' if right or turned else ""
    direction = ' rtl="1"' if turned else ""
    inset = f' marL="{emu(hang)}" indent="{-emu(hang)}"' if hang else ' marL="0" indent="0"'
    bullet = f'<a:buFont typeface="Arial"/><a:buChar char="{mark}"/>' if mark else "<a:buNone/>"
    tabs = f'<a:tabLst><a:tab pos="{emu(hang)}" algn="l"/></a:tabLst>' if hang and not mark else ""
    return (
        f"<a:p><a:pPr{inset}{side}{direction}>"
        f'<a:lnSpc><a:spcPts val="{round(size * LEADING * 100)}"/></a:lnSpc><a:spcBef><a:spcPts val="0"/></a:spcBef>'
        f'<a:spcAft><a:spcPts val="{round(after * 100)}"/></a:spcAft>{bullet}{tabs}</a:pPr>{runs}</a:p>'
    )


def line_xml(
    line: Line, size: float, *, right: bool = False, bold: bool = False, ink: str = INK, after: float = 0
) -> str:
    lead = run(line.lead if line.lead.endswith(WIDE_ENDS) else f"{line.lead} ", size, bold=True) if line.lead else ""
    told = run(line.text, size, bold=bold, italic=line.is_open and not is_chinese(), ink=SOFT if line.is_open else ink)
    hang, mark = (BULLET, "•") if line.is_bullet else (0.0, "")
    return paragraph(lead + told, size, text=line.lead + line.text, hang=hang, mark=mark, right=right, after=after)


def text_box(
    key: int, name: str, box: tuple[float, float, float, float], paragraphs: Sequence[str], *, line: str = ""
) -> str:
    """`box`: left, top, width, height; `line` is the colour of a frame around it."""
    left, top, width, height = map(emu, box)
    pad = 'lIns="0" tIns="0" rIns="0" bIns="0"' if not line else 'lIns="64008" tIns="18288" rIns="64008" bIns="18288"'
    frame = f'<a:ln w="9525">{colour(line)}</a:ln>' if line else ""
    anchor = ' anchor="ctr"' if line else ""
    return (
        f'<p:sp {nsdecls("a", "p")}><p:nvSpPr><p:cNvPr id="{key}" name="{attribute(name)}"/>'
        f'<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/>'
        f'<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/>'
        f'{frame}</p:spPr><p:txBody><a:bodyPr wrap="square" {pad}{anchor}><a:normAutofit/></a:bodyPr><a:lstStyle/>'
        f"{''.join(paragraphs)}</p:txBody></p:sp>"
    )


def table(
    key: int,
    name: str,
    about: str,
    place: tuple[float, float],
    columns: Sequence[Column],
    widths: Sequence[float],
    head: Row,
    rows: Sequence[Row],
    size: float,
    inks: Sequence[Sequence[str]] = (),
) -> str:
    """A native table; `about` is its description for those who do not see it, `inks` the colours of cells by row."""
    left, top = map(emu, place)
    whole = emu(sum(widths)), emu(head.height + sum(row.height for row in rows))
    grid = "".join(f'<a:gridCol w="{emu(width)}"/>' for width in widths)
    first = _row(head, columns, size, (), is_head=True)
    body = "".join(
        _row(row, columns, size, inks[number] if number < len(inks) else ()) for number, row in enumerate(rows)
    )
    return (
        f'<p:graphicFrame {nsdecls("a", "p")}><p:nvGraphicFramePr><p:cNvPr id="{key}" name="{attribute(name)}" '
        f'descr="{attribute(about)}"/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr>'
        f'<p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{whole[0]}" cy="{whole[1]}"/>'
        f'</p:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table"><a:tbl>'
        f'<a:tblPr firstRow="1"><a:tableStyleId>{NO_STYLE}</a:tableStyleId></a:tblPr><a:tblGrid>{grid}</a:tblGrid>'
        f"{first}{body}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def _row(row: Row, columns: Sequence[Column], size: float, inks: Sequence[str], *, is_head: bool = False) -> str:
    if row.is_band:
        told = "".join(line_xml(line, size, bold=True, ink=ACCENT) for line in row.cells[0])
        rest = '<a:tc hMerge="1"><a:txBody><a:bodyPr/><a:lstStyle/><a:p/></a:txBody><a:tcPr/></a:tc>'
        cells = _cell(told, FAINT, 1, f' gridSpan="{len(columns)}"') + rest * (len(columns) - 1)
        return f'<a:tr h="{emu(row.height)}">{cells}</a:tr>'
    cells = ""
    for number, (lines, column) in enumerate(zip(row.cells, columns, strict=True)):
        ink = inks[number] if number < len(inks) and inks[number] else INK
        told = "".join(
            line_xml(line, size, right=column.is_number, bold=is_head or ink != INK, ink=ink) for line in lines
        )
        cells += _cell(told, ACCENT if is_head else FAINT, 1.25 if is_head else 0.5, "", low=is_head)
    return f'<a:tr h="{emu(row.height)}">{cells}</a:tr>'


def _cell(told: str, rule: str, width: float, span: str, *, low: bool = False) -> str:
    none = "".join(f'<a:{side} w="0"><a:noFill/></a:{side}>' for side in ("lnL", "lnR", "lnT"))
    pad = f'marL="{emu(PAD_X)}" marR="{emu(PAD_X)}" marT="{emu(PAD_Y)}" marB="{emu(PAD_Y)}"'
    anchor = ' anchor="b"' if low else ""
    return (
        f"<a:tc{span}><a:txBody><a:bodyPr/><a:lstStyle/>{told}</a:txBody><a:tcPr {pad}{anchor}>{none}"
        f'<a:lnB w="{emu(width)}">{colour(rule)}</a:lnB><a:noFill/></a:tcPr></a:tc>'
    )
