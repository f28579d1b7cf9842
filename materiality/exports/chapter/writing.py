"""Texts as runs of a Word file: nothing that XML forbids, right-to-left words as such, line breaks kept."""

import re
import unicodedata
from html import escape

from materiality.exports.cleaning import clean
from materiality.exports.sentences import is_chinese

_IDEOGRAPHS = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN = re.compile("[A-Za-z]")
# In a text from left to right, words from right to left with what stands between them; and the other way round.
BLANK = '<w:r><w:t xml:space="preserve"> </w:t></w:r>'
WIDE_ENDS = ("：", "。", "；", "，", "？", "！", "）")  # their room is within them
_PIECES = {False: re.compile("R(?:N*R)*|[LN]+"), True: re.compile("L(?:N*L)*|[RN]+")}


def _direction(char: str) -> str:
    kind = unicodedata.bidirectional(char)
    return "R" if kind in ("R", "AL") else "L" if kind == "L" else "N"


def is_right_to_left(text: str) -> bool:
    """By the first letter that has a direction, as the Unicode bidirectional algorithm decides (rules P2 and P3)."""
    return next((way == "R" for way in map(_direction, text) if way != "N"), False)


def runs(text: str, *, style: str = "") -> str:
    """`text` as runs, cleaned; `style` is the id of a character style."""
    text = clean(text)
    ways = "".join(map(_direction, text))
    if "R" not in ways:
        return _run(text, style, right_to_left=False)
    pieces = _PIECES[is_right_to_left(text)].finditer(ways)
    return "".join(
        _run(text[piece.start() : piece.end()], style, right_to_left=_turns(piece[0], is_right_to_left(text)))
        for piece in pieces
    )


def _turns(ways: str, base: bool) -> bool:
    return "R" in ways or (base and "L" not in ways)


def _run(text: str, style: str, *, right_to_left: bool) -> str:
    properties = f'<w:rStyle w:val="{style}"/>' if style else ""
    if _IDEOGRAPHS.search(text) and (is_chinese() or not _LATIN.search(text)):
        # Quotation marks and dashes between ideographs are as wide as these.
        properties += '<w:rFonts w:hint="eastAsia"/>'
    properties += "<w:rtl/>" if right_to_left else ""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line, quote=False)}</w:t>' for line in text.split("\n"))
    return f"<w:r><w:rPr>{properties}</w:rPr>{lines}</w:r>" if properties else f"<w:r>{lines}</w:r>"


def paragraph(text: str, style: str, *, lead: str = "", look: str = "", properties: str = "") -> str:
    """
    A paragraph in the style with the id `style`.

    `lead` stands before the text, strong. `look` is a character style for the text. `properties` are further ones of
    the paragraph, in the order of the schema between the style and its direction.
    """
    turned = "<w:bidi/>" if is_right_to_left(lead + text) else ""
    before = f"{runs(lead, style='Strong')}{'' if lead.endswith(WIDE_ENDS) else BLANK}" if lead else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}{turned}</w:pPr>{before}{runs(text, style=look)}</w:p>'


def joint(text: str) -> str:
    """`text` as runs; the blanks around it stay."""
    core = text.strip(" ")
    start, end = len(text) - len(text.lstrip(" ")), len(text) - len(text.rstrip(" "))
    return BLANK * start + (runs(core) + BLANK * end if core else "")


def field(instruction: str, shown: str) -> str:
    """A field that Word computes; `shown` until it does."""
    return f'<w:fldSimple w:instr=" {instruction} "><w:r><w:t>{shown}</w:t></w:r></w:fldSimple>'
