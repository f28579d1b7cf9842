"""The meeting paper as a PDF, which typst sets from a template of the house.

Tagged, so that it can be read aloud (PDF/UA), and with all that it needs inside, so that it can be kept (PDF/A). The
same proposal gives the same bytes.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import typst
from matplotlib import get_data_path

from figures.fonts import DEFAULT, MissingFont, drawable, families_for, loses_pictures
from materiality.exports.paper.contents import contents_of
from materiality.exports.sentences import is_chinese
from materiality.matrix import spoken
from materiality.models import Proposal
from scoping.wording import run_on

TEMPLATE = Path(__file__).with_name("paper.typ")
STANDARDS: list[Any] = ["ua-1", "a-2a"]
# typst brings it along. What it lacks is drawn by the fonts that figures use, chosen by the same rules.
SERIF = "Libertinus Serif"
# A word as long as a line of a column may break anywhere.
LONGEST_WORD = 24
_LONG_WORD = re.compile(rf"[^\s\u2e80-\uffff]{{{LONGEST_WORD + 1},}}")
BREAK = "\N{ZERO WIDTH SPACE}"


def meeting_paper_pdf(proposal: Proposal) -> bytes:
    """The paper by which a board decides about `proposal`: at most two pages A4.

    Raises
    ------
    MissingFont
        If no installed font can draw a letter of it; the message names what to install.
    """
    contents = contents_of(proposal)
    if loses_pictures(_texts(contents)):
        decision = contents["decision"]
        decision["proof"] = run_on([decision["proof"], spoken().pictures_left_out])
    contents = _printable(contents)
    fonts = _chosen(families_for(set(_texts(contents))))
    try:
        return typst.compile(
            TEMPLATE,
            sys_inputs={"paper": json.dumps(contents | {"fonts": fonts}, ensure_ascii=False)},
            font_paths=_fonts(),
            pdf_standards=STANDARDS,
            timestamp=proposal.proposed_at.astimezone(UTC).replace(microsecond=0),
        )
    except typst.TypstError as error:
        # A font that matplotlib found and typst did not: no empty box is printed for it.
        if "could not be displayed" in str(error):
            raise MissingFont(str(error)) from error
        raise


def _chosen(families: list[str]) -> list[Any]:
    """The fonts in the order of preference. In Chinese, quotation marks and dashes are those of its font: as wide as a
    character."""
    if not is_chinese():
        return [SERIF, *families]
    return [{"name": SERIF, "covers": "latin-in-cjk"}, *sorted(families, key=lambda family: family == DEFAULT)]


@cache
def _fonts() -> typst.Fonts:
    """All installed fonts, found once per process, and DejaVu Sans, which matplotlib brings along."""
    return typst.Fonts(font_paths=[Path(get_data_path(), "fonts", "ttf")])


def _printable(part: Any) -> Any:
    """The contents without pictures that no font draws, and with places where long words break. The drawing of the
    matrix is outlines, and the digest is there to be copied: both stay as they are."""
    if isinstance(part, str):
        return _LONG_WORD.sub(_broken, drawable(part))
    if isinstance(part, dict):
        return {key: one if key in ("svg", "proof") else _printable(one) for key, one in part.items()}
    return [_printable(one) for one in part] if isinstance(part, list | tuple) else part


def _broken(word: re.Match[str]) -> str:
    piece = LONGEST_WORD // 2
    return BREAK.join(word[0][at : at + piece] for at in range(0, len(word[0]), piece))


def _texts(part: Any) -> Iterator[str]:
    """Every text of the contents but the drawing."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for key, one in part.items():
            yield from _texts(one) if key != "svg" else ()
    elif isinstance(part, list | tuple):
        for one in part:
            yield from _texts(one)
