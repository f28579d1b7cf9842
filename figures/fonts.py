"""Which installed fonts can draw a text in a file. A page leaves that to the reader's browser."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from threading import Lock

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

DEFAULT = "DejaVu Sans"
# Families for what DejaVu Sans lacks, the first installed one that has the character: sans serif, simplified
# Chinese first, then fonts of other systems.
FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "Noto Sans CJK JP",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Arial Unicode MS",
)
PACKAGES = (
    ("CJK", "fonts-noto-cjk"),
    ("HIRAGANA", "fonts-noto-cjk"),
    ("KATAKANA", "fonts-noto-cjk"),
    ("HANGUL", "fonts-noto-cjk"),
    ("BOPOMOFO", "fonts-noto-cjk"),
    ("IDEOGRAPHIC", "fonts-noto-cjk"),
    ("FULLWIDTH", "fonts-noto-cjk"),
)
# Unicode categories of symbols, and of marks that alter what stands before them.
_LONE_JOINER = re.compile(r"(?<!\w)[\u200c\u200d]+|[\u200c\u200d]+(?!\w)")
PICTURES = frozenset({"So", "Sk", "Mn", "Cf"})
_opening = Lock()


class MissingFont(ValueError):
    """No installed font has a character of the figure; the message names the package to install."""


@cache
def _installed() -> dict[str, tuple[str, int]]:
    """Path and face of the regular font of each family."""
    found: dict[str, tuple[str, int]] = {}
    best: dict[str, int] = {}
    for entry in font_manager.fontManager.ttflist:
        weight = entry.weight if isinstance(entry.weight, int) else 400
        distance = abs(weight - 400) + (1000 if entry.style != "normal" else 0)
        if distance < best.get(entry.name, 10_000):
            best[entry.name] = distance
            found[entry.name] = (str(entry.fname), getattr(entry, "index", 0))
    return found


@cache
def _face(family: str) -> FT2Font | None:
    place = _installed().get(family)
    if place is None:
        return None
    with _opening:
        return FT2Font(place[0], face_index=place[1])


@lru_cache(maxsize=65536)
def _family_of(char: str) -> str | None:
    """The family that draws `char`; None when no installed one does."""
    for family in (DEFAULT, *FAMILIES):
        face = _face(family)
        if face is not None and face.get_char_index(ord(char)):
            return family
    for family in _installed():
        face = _face(family)
        if "Last" not in family and face is not None and face.scalable and face.get_char_index(ord(char)):
            return family
    return None


def families_for(texts: Iterable[str]) -> list[str]:
    """The families that draw `texts` between them, in the order of preference.

    Raises
    ------
    MissingFont
        If no installed font has a letter of them.
    """
    missing: list[str] = []
    needed: list[str] = [DEFAULT]
    for char in sorted(set().union(*texts)):
        family = _family_of(char)
        if family is None:
            missing.append(char)
        elif family not in needed:
            needed.append(family)
    if missing:
        raise MissingFont(_complaint(missing))
    return sorted(needed, key=lambda family: (family != DEFAULT, *_preference(family)))


def _preference(family: str) -> tuple[int, str]:
    return (FAMILIES.index(family) if family in FAMILIES else len(FAMILIES), family)


def drawable(text: str) -> str:
    """`text` without pictures (emoji, symbols) that no installed font can draw. Letters are never left out."""
    kept = "".join(char for char in text if unicodedata.category(char) not in PICTURES or _family_of(char))
    return " ".join(_LONE_JOINER.sub("", kept).split())


def _complaint(missing: list[str]) -> str:
    names = [unicodedata.name(char, "UNNAMED") for char in missing]
    package = next((package for start, package in PACKAGES if any(start in name for name in names)), "fonts-noto-core")
    shown = "".join(missing[:12]) + (" …" if len(missing) > 12 else "")
    return (
        f"No installed font can draw these characters: {shown}. Install one that has them "
        f"(on Debian and Ubuntu: apt-get install {package}) and restart the service."
    )
