"""What a template for Word or PowerPoint must not bring along: whatever a program fetches or runs when it opens a file
that was made with it. Looked for when a template is uploaded, and again when it is used.

Names of relations and parts: ECMA-376, part 1 (WordprocessingML, PresentationML) and part 2 (packages). Fields that
read from elsewhere: ECMA-376, part 1, 17.16.5, and those of earlier Word that it still carries out.
"""

import re
from typing import Any, NoReturn
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from tables.archive import Archive
from tables.problems import SourceError

MOST_UNPACKED = 200_000_000  # bytes of all parts
TYPES = "[Content_Types].xml"
# Where a click leads, and nothing is fetched before.
WEB = ("http", "https", "mailto", "tel")
# Their links go with the text and the slides, which are not used.
TEXT = ("word/document.xml", "ppt/slides/")
RUN = ("vbaproject", "wordvbadata")
# Relations to what a program carries out, by the end of their types: controls, objects of other programs, whole files
# that Word takes in, add-ins and buttons of their own.
ACTIVE = (
    "/oleobject", "/control", "/activexcontrolbinary", "/afchunk", "/subdocument", "/attachedtoolbars",
    "/keymapcustomizations", "/ui/extensibility", "/webextension", "/webextensiontaskpanes", "/frame",
)  # fmt: skip
FIELDS = re.compile(
    r"^[\s\"]*(DDE|DDEAUTO|LINK|INCLUDE|INCLUDEPICTURE|INCLUDETEXT|IMPORT|DATABASE|RD)\b", re.IGNORECASE | re.MULTILINE
)
ACTIONS = ("ppaction://program", "ppaction://macro", "ppaction://ole")
LOCAL_FILE = re.compile(r"file:///[a-z](:|%3a|\|)|[a-z]:", re.IGNORECASE)
ELSEWHERE = re.compile(r"\s*([a-z][a-z0-9+.-]+:|[\\/]{2})", re.IGNORECASE)
SHOWN = 120  # characters of an address


class Refused(ValueError):
    """A template that is not used. The text is for people: what is wrong with it, and what to do."""


def refuse_foreign(content: bytes) -> None:
    """
    Raises
    ------
    Refused
        If a template holds macros, controls, objects of other programs or add-ins, or anything that is fetched from
        elsewhere. The text names the part and says what to do.
    """
    part = ""
    try:
        archive = Archive(content, name="", unpacked=MOST_UNPACKED)
        read = _read_as_xml(archive)
        for part in sorted(archive.parts):
            lower = part.lower()
            if any(word in lower for word in RUN):
                _macros(part)
            if "/activex/" in lower or ("/embeddings/" in lower and not lower.endswith(".xlsx")):
                _object(part)
            if lower in read:
                _check(archive, part)
    except SourceError as error:
        raise Refused(
            _("The template cannot be read: its part %(part)s is damaged. Open it, save it anew and upload it again.")
            % {"part": part or TYPES}
        ) from error


def is_own_template(kind: str, target: str) -> bool:
    """Whether a relation names the template on somebody's disk that a Word file was made from, as Word notes in most
    files. It is taken out of files that are made."""
    return kind.lower().endswith("/attachedtemplate") and LOCAL_FILE.match(target) is not None


def _read_as_xml(archive: Archive) -> frozenset[str]:
    """The parts that programs read as XML, in small letters: by their names, or whatever they are called by the list
    of types. Drawings (SVG) are pictures."""
    told: list[tuple[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "").lower()
        if kind.endswith("xml") and "svg" not in kind:
            told.append((attributes.get("PartName", "").lower(), attributes.get("Extension", "").lower()))

    if TYPES in archive.parts:
        for _pause in archive.read(TYPES, start=start):
            pass
    names = {part.lstrip("/") for part, _ in told}
    ends = (".xml", ".rels", ".vml", *(f".{extension}" for _, extension in told if extension))
    return frozenset(part for part in map(str.lower, archive.parts) if part in names or part.endswith(ends))


def _check(archive: Archive, part: str) -> None:
    fields: list[str] = []
    is_relations = part.lower().endswith(".rels")
    within: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        within.append(name)
        found = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if is_relations and name == "Relationship":
            _check_relation(part, found)
        elif part == TYPES and name in ("Override", "Default"):
            kind = found.get("ContentType", "").lower()
            if "macroenabled" in kind or any(word in kind for word in RUN):
                _macros(found.get("PartName", found.get("Extension", part)))
        elif name == "fldChar":
            fields.append("\n")
        elif name == "fldSimple":
            fields.append(f"\n{found.get('instr', '')}\n")
        elif name in ("imagedata", "fill", "stroke"):
            for key in ("src", "href", "althref"):
                if ELSEWHERE.match(found.get(key, "")):
                    _linked(part, found[key])
        elif name == "connectString" or (name == "query" and "mailMerge" in within):
            _field(part, "MAILMERGE")
        elif name.startswith("hlink") and found.get("action", "").lower().startswith(ACTIONS):
            _field(part, found["action"])

    def text(value: str) -> None:
        if within and within[-1] in ("instrText", "delInstrText"):
            fields.append(value)

    def end(_name: str) -> None:
        within.pop()

    for _pause in archive.read(part, start=start, end=end, text=text):
        pass
    if field := FIELDS.search("".join(fields)):
        _field(part, field[1].upper())


def _check_relation(part: str, relation: dict[str, Any]) -> None:
    kind, target = relation.get("Type", ""), relation.get("Target", "")
    lower = kind.lower()
    source = part.replace("_rels/", "", 1).removesuffix(".rels")
    if lower.endswith(tuple(f"/{word}" for word in RUN)):
        _macros(target)
    if lower.endswith(ACTIVE) or (lower.endswith("/package") and "/charts/" not in source):
        _object(target)
    if relation.get("TargetMode", "").lower() != "external" and not ELSEWHERE.match(target):
        return
    if lower.endswith("/hyperlink"):
        if source.startswith(TEXT) or target.startswith("#") or _scheme(target) in WEB:
            return
    elif lower.endswith("/attachedtemplate"):
        if is_own_template(kind, target):
            return
        raise Refused(
            _(
                "Its part %(part)s attaches another template, %(target)s, which Word would fetch whenever a file made "
                "with it is opened. In Word choose Developer, Document Template, enter Normal, save, and upload it "
                "again."
            )
            % {"part": part, "target": target[:SHOWN]}
        )
    _linked(part, target)


def _scheme(target: str) -> str:
    try:
        return urlsplit(target).scheme.lower()
    except ValueError:
        return ""


def _linked(part: str, target: str) -> NoReturn:
    raise Refused(
        _(
            "Its part %(part)s links to %(target)s, which would be fetched whenever a file made with the template is "
            "opened. Put the picture or file itself into it, or take the link out, and upload it again."
        )
        % {"part": part, "target": target[:SHOWN]}
    )


def _field(part: str, field: str) -> NoReturn:
    raise Refused(
        _(
            "Its part %(part)s holds %(field)s, which fetches or starts something when a file made with the template "
            "is opened. Replace it by its text or picture (in Word: Ctrl+Shift+F9), and upload it again."
        )
        % {"part": part, "field": field[:SHOWN]}
    )


def _object(part: str) -> NoReturn:
    raise Refused(
        _(
            "Its part %(part)s is an object of another program, a control or an add-in, which every file made with the "
            "template would hold. Take it out, or put a picture in its place, and upload it again."
        )
        % {"part": part[:SHOWN]}
    )


def _macros(part: str) -> NoReturn:
    raise Refused(
        _("Its part %(part)s holds macros, which are programs. Save it without them, and upload it again.")
        % {"part": part[:SHOWN]}
    )
