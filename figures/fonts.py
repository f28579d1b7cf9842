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
    "Noto Emoji",
    "Noto Sans Symbols 2",
    "Symbola",
    "Segoe UI Emoji",
    "Segoe UI Symbol",
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
_LONE_JOINER = re.compile(r"(?<!\w)[\u200c\u200d]+|[\u200c\u200d]+(?!\w)")
JOINER = "\u200d"
# What chooses between two looks of the character before it, joins two or marks a region: seen by itself nowhere.
UNSEEN = frozenset({"\u200c", JOINER, *map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0020, 0xE0080))})
LOOKS = {0xFE0E: None, 0xFE0F: None}
SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
REGIONAL = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
KEYCAP = "\u20e3"
# Unicode categories of symbols: a text can be read without them.
PICTURES = frozenset({"So", "Sk"})
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
    """`text` without pictures (emoji, symbols) that no installed font can draw; "…" where nothing else is left.

    A picture of several characters (a family, a flag, a skin tone) stays or goes as a whole, and the digit of a keycap
    stays as a digit. Letters are never left out.
    """
    return _drawable(text)[0]


def loses_pictures(texts: Iterable[str]) -> bool:
    """Whether a text has pictures that no installed font can draw."""
    return any(_drawable(text)[1] for text in texts)


@lru_cache(maxsize=4096)
def _drawable(text: str) -> tuple[str, bool]:
    if text.isascii():
        return " ".join(text.split()), False
    kept, lost = [], False
    for cluster in _clusters(text):
        if all(char in UNSEEN or _family_of(char) for char in cluster):
            kept.append(cluster)
        elif unicodedata.category(cluster[0]) in PICTURES:
            lost = True
        else:
            # Of a keycap the digit stays. Where a letter is missing, or a mark on one, the caller is told.
            lost = lost or KEYCAP in cluster
            kept.append(cluster[0] if KEYCAP in cluster else cluster)
    # What chooses between two looks of a picture has done its work, and a PDF would leave room for it.
    kept = [cluster.translate(LOOKS) for cluster in kept]
    told = " ".join(_LONE_JOINER.sub("", "".join(kept)).split())
    return (told if told or not lost else "…"), lost


def _clusters(text: str) -> list[str]:
    """`text` in pieces that are one picture or one letter with its marks."""
    found: list[str] = []
    for char in text:
        last = found[-1] if found else ""
        joins = char in UNSEEN or char in SKIN_TONES or unicodedata.category(char) in ("Mn", "Me")
        joins = joins or (last.endswith(JOINER) and unicodedata.category(char) in PICTURES)
        joins = joins or (char in REGIONAL and last in REGIONAL)
        if last.strip() and joins:
            found[-1] += char
        else:
            found.append(char)
    return found


def _complaint(missing: list[str]) -> str:
    names = [unicodedata.name(char, "UNNAMED") for char in missing]
    package = next((package for start, package in PACKAGES if any(start in name for name in names)), "fonts-noto-core")
    shown = "".join(missing[:12]) + (" …" if len(missing) > 12 else "")
    return (
        f"No installed font can draw these characters: {shown}. Install one that has them "
        f"(on Debian and Ubuntu: apt-get install {package}) and restart the service."
    )
