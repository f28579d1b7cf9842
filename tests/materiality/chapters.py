"""What the tests of exported files share: results of any names, and files read by independent programs."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn

from materiality.scoring.method import Method
from materiality.scoring.tier_rules import Counts
from tests.materiality.documents import issue, results

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HARD_NAMES = (
    "绿色金融与气候变化应对",
    "السلامة والصحة المهنية (2022)",
    "Energy ⚡ and 🌱",
    "<script>alert('x')</script> & more",
    '=HYPERLINK("http://x")',
    "A" * 300,
    "Bell\x07, \x0bhalf \ud800 and \uffff \u202eturned",
    "</w:t></w:r>",
)


def analysed(*rows: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A results document with a method that can be read."""
    document = results(*rows, **fields)
    counts = tuple(tier["count"] for tier in document["tiers"])
    rule = Counts(counts) if all(counts) else Counts((1, 1))
    return document | {"method": Method(tiers=("High", "Minor"), rule=rule).to_dict()}


def ranked(names: Sequence[str]) -> list[dict[str, Any]]:
    """An issue for each name, the first half in the higher tier. Scores fall with the rank."""
    step = 3 / len(names)
    return [
        issue(
            f"issue-{number}",
            number,
            "High" if number <= (len(names) + 1) // 2 else "Minor",
            name=name,
            company=4.5 - number * step,
            stakeholders=4.4 - number * step,
            priority=4.45 - number * step,
            company_interval=None,
            stakeholders_interval=None,
        )
        for number, name in enumerate(names, start=1)
    ]


def opened(raw: bytes) -> Document:
    return docx.Document(io.BytesIO(raw))


def texts(document: Document, style: str) -> list[str]:
    """The paragraphs outside tables in a style, with what their fields show."""
    return [
        "".join(text.text or "" for text in paragraph._p.iter(f"{{{WORD}}}t"))
        for paragraph in document.paragraphs
        if paragraph.style.name == style
    ]


def grid(document: Document, number: int) -> list[list[str]]:
    """The cells of a table."""
    return [[cell.text for cell in row.cells] for row in document.tables[number].rows]


def everything(document: Document) -> str:
    """All text, with that of tables."""
    return "\n".join(text.text or "" for text in document.element.body.iter(f"{{{WORD}}}t"))


def numbers(document: Document) -> list[tuple[str, int]]:
    """What Word counts up to at each entry of the numbered lists."""
    lists = document.part.numbering_part.element
    starts = {
        one.get(qn("w:numId")): int(one.find(f".//{qn('w:startOverride')}").get(qn("w:val")))
        for one in lists.findall(qn("w:num"))
        if one.find(f".//{qn('w:startOverride')}") is not None
    }
    found = []
    for paragraph in document.paragraphs:
        if paragraph.style.name == "List Number":
            key = str(paragraph._p.pPr.numPr.numId.val)
            found.append((paragraph.text, starts[key]))
            starts[key] += 1
    return found


def parts(raw: bytes) -> dict[str, str]:
    """The XML of which the file is made, by name."""
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        return {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}
