"""How the chapter looks in Word: its styles, lists and fonts, as the parts of the file that hold them.

Report teams paste into documents of their own, so every look is a style with a common name (Heading 1, Caption, List
Number), which takes on the look of the document that it is pasted into.
"""

from docx.oxml.ns import nsdecls

from figures.palette import LIGHT
from materiality.exports.sentences import is_chinese

FONT, FONT_EAST_ASIA = "Arial", "Microsoft YaHei"
TABLE_STYLE = "SalientTable"
# Of the lists in numbering.xml: what is abstract, and the one that bullets use. Numbers get one for each start.
NUMBERS, BULLETS, CELL_BULLETS = 1, 2, 3
BULLET_LIST, CELL_BULLET_LIST, FIRST_NUMBER_LIST = 1, 2, 10


def _hex(colour: str) -> str:
    return colour.lstrip("#").upper()


INK, INK_2, INK_3 = _hex(LIGHT.ink), _hex(LIGHT.ink_2), _hex(LIGHT.ink_3)
ACCENT, WASH, RULE, RULE_2 = _hex(LIGHT.accent), _hex(LIGHT.accent_wash), _hex(LIGHT.rule), _hex(LIGHT.rule_2)
WARNING, WARNING_WASH = _hex(LIGHT.tiers[0].mark), _hex(LIGHT.tiers[0].wash)
MARKER = "FFF2CC"  # behind what is still to be written


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _colour(colour: str) -> str:
    return f'<w:color w:val="{colour}"/>'


def _bold(colour: str) -> str:
    return f"<w:b/><w:bCs/>{_colour(colour)}"


def _spacing(before: int, after: int, line: int = 264) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def _paragraph(name: str, properties: str, look: str = "", *, based: str = "Normal", after: str = "") -> str:
    """A paragraph style; its id is the name without spaces. `after` is the style of the next paragraph."""
    key = name.title().replace(" ", "") if name != "Normal" else name
    next_one = f'<w:next w:val="{after}"/>' if after else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="{based}"/>'
        f"{next_one}<w:qFormat/><w:pPr>{properties}</w:pPr><w:rPr>{look}</w:rPr></w:style>"
    )


def _heading(level: int, properties: str, look: str) -> str:
    start = f'<w:keepNext/><w:keepLines/>{properties}<w:outlineLvl w:val="{level - 1}"/>'
    return _paragraph(f"heading {level}", start, look, after="Normal")


def _list(name: str, number: int, spacing: str, *, based: str = "Normal") -> str:
    numbered = f'<w:numPr><w:numId w:val="{number}"/></w:numPr>' if number else ""
    return _paragraph(name, f"{numbered}{spacing}", based=based)


NOTICE = (
    f'<w:keepLines/><w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="{WARNING}"/></w:pBdr>'
    f'<w:shd w:val="clear" w:color="auto" w:fill="{WARNING_WASH}"/>{_spacing(120, 240)}<w:ind w:left="170"/>'
)
# What stands behind a tab ends at the right margin.
TO_THE_RIGHT = f'<w:tabs><w:tab w:val="right" w:pos="9411"/></w:tabs>{_spacing(0, 0, 240)}'

STYLES = f"""<w:styles {nsdecls("w")}>
<w:docDefaults>
<w:rPrDefault><w:rPr>
<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT_EAST_ASIA}" w:cs="{FONT}"/>
<w:color w:val="{INK}"/>{_size(20)}<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>
</w:rPr></w:rPrDefault>
<w:pPrDefault><w:pPr>{_spacing(0, 120)}</w:pPr></w:pPrDefault>
</w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">
<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>
<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:semiHidden/></w:style>
<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:qFormat/>
<w:rPr><w:b/><w:bCs/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Placeholder"><w:name w:val="Placeholder"/><w:qFormat/>
<w:rPr><w:i/><w:iCs/><w:shd w:val="clear" w:color="auto" w:fill="{MARKER}"/></w:rPr></w:style>
{_paragraph("Title", f"<w:keepNext/>{_spacing(0, 60, 240)}", _bold(INK) + _size(44), after="Subtitle")}
{_paragraph("Subtitle", f"<w:keepNext/>{_spacing(0, 240, 240)}", _colour(INK_2) + _size(24), after="Normal")}
{_heading(1, _spacing(400, 140, 240), _bold(ACCENT) + _size(32))}
{_heading(2, _spacing(280, 100, 240), _bold(INK) + _size(24))}
{_heading(3, _spacing(200, 80, 240), _bold(INK_2) + _size(21))}
{_paragraph("caption", f"<w:keepLines/>{_spacing(160, 80, 240)}", _bold(INK_2) + _size(18), after="Normal")}
{_paragraph("Source", f"<w:keepLines/>{_spacing(80, 200, 240)}", _colour(INK_3) + _size(16), after="Normal")}
{_paragraph("Notice", NOTICE, after="Normal")}
{_list("List Number", 0, _spacing(0, 50))}
{_list("List Bullet", BULLET_LIST, _spacing(0, 60))}
{_paragraph("Table Text", _spacing(0, 30, 240), _size(17))}
{_paragraph("Table Number", f'{_spacing(0, 30, 240)}<w:jc w:val="right"/>', based="TableText")}
{_paragraph("Table Head", f"<w:keepNext/>{_spacing(0, 30, 240)}", _bold(INK), based="TableText")}
{_paragraph("Table Head Number", '<w:jc w:val="right"/>', based="TableHead")}
{_paragraph("Table Band", f"<w:keepNext/>{_spacing(30, 60, 240)}", _bold(ACCENT), based="TableText")}
{_list("Table Bullet", CELL_BULLET_LIST, _spacing(0, 30, 240), based="TableText")}
{_paragraph("header", TO_THE_RIGHT, _colour(INK_3) + _size(16))}
{_paragraph("footer", TO_THE_RIGHT, _colour(INK_3) + _size(16))}
<w:style w:type="character" w:styleId="Warning"><w:name w:val="Warning"/><w:rPr>{_bold(WARNING)}</w:rPr></w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:semiHidden/>
<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>
<w:bottom w:w="0" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
<w:style w:type="table" w:styleId="{TABLE_STYLE}"><w:name w:val="Salient Table"/>
<w:basedOn w:val="TableNormal"/><w:qFormat/>
<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="{ACCENT}"/>
<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{ACCENT}"/>
<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{RULE}"/></w:tblBorders>
<w:tblCellMar><w:top w:w="60" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/>
<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>
<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>
<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{RULE_2}"/></w:tcBorders>
<w:shd w:val="clear" w:color="auto" w:fill="{WASH}"/><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>
</w:styles>"""


def language() -> str:
    """Of the document, as a BCP 47 tag."""
    return "zh-CN" if is_chinese() else "en-US"


def spoken(styles: str) -> str:
    """The styles of a document in the active language. Chinese is not set in italics; Latin words in it stay English,
    since Chinese may break anywhere."""
    return styles.replace("<w:i/><w:iCs/>", "") if is_chinese() else styles


def _abstract(number: int, kind: str, text: str, left: int, hanging: int) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:tabs><w:tab w:val="num" w:pos="{left}"/></w:tabs>'
        f'<w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr></w:lvl></w:abstractNum>'
    )


NUMBERING = (
    f"<w:numbering {nsdecls('w')}>"
    + _abstract(NUMBERS, "decimal", "%1", 567, 567)
    + _abstract(BULLETS, "bullet", "•", 284, 284)
    + _abstract(CELL_BULLETS, "bullet", "•", 142, 142)
    + f'<w:num w:numId="{BULLET_LIST}"><w:abstractNumId w:val="{BULLETS}"/></w:num>'
    + f'<w:num w:numId="{CELL_BULLET_LIST}"><w:abstractNumId w:val="{CELL_BULLETS}"/></w:num>'
    + "</w:numbering>"
)

# By kind and shape of the font Word finds another one where this is not installed.
FONT_TABLE = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:fonts {nsdecls("w")}>
<w:font w:name="{FONT}"><w:altName w:val="Liberation Sans"/><w:panose1 w:val="020B0604020202020204"/>
<w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>
<w:font w:name="{FONT_EAST_ASIA}"><w:altName w:val="微软雅黑"/><w:panose1 w:val="020B0503020204020204"/>
<w:charset w:val="86"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>
</w:fonts>"""
