"""How wide a text is, and how it breaks into lines.

Widths are those of DejaVu Sans, which matplotlib brings along. It is wider than the system fonts of browsers, so what
fits here fits there; a page and a file can share one layout.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import matplotlib
from matplotlib.ft2font import FT2Font, LoadFlags

ELLIPSIS = "…"
LEFT_TO_RIGHT_MARK = "\N{LEFT-TO-RIGHT MARK}"
# Widths in em of characters that DejaVu Sans lacks.
WIDE, EMOJI, OTHER = 1.0, 1.4, 0.75
# No line begins with a closing mark.
CLOSING = frozenset("、。，．：；！？）】」』》〉〕’”,.:;!?)]}%…")
# Words break at spaces, and after these inside a word.
_WORD = re.compile(r"\S+\s*")
_INNER = re.compile(r"(?<=[/\-–—&+])")


@cache
def _face(bold: bool) -> FT2Font:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FT2Font(Path(matplotlib.get_data_path(), "fonts", "ttf", name))


@lru_cache(maxsize=65536)
def advance(char: str, bold: bool = False) -> float:
    """The width of one character in em."""
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return EMOJI if unicodedata.category(char) == "So" else WIDE
    face = _face(bold)
    if not face.get_char_index(ord(char)):
        return OTHER
    return face.load_char(ord(char), flags=LoadFlags.NO_SCALE).horiAdvance / face.units_per_EM


def text_width(text: str, size: float = 12.0, bold: bool = False) -> float:
    """The width of `text` in pixels at `size` pixels."""
    return size * sum(advance(char, bold) for char in text)


def sealed(name: str) -> str:
    """`name` as it is put into a sentence from left to right: one from right to left turns nothing around it."""
    turns = any(unicodedata.bidirectional(char) in ("R", "AL") for char in name)
    return f"{LEFT_TO_RIGHT_MARK}{name}{LEFT_TO_RIGHT_MARK}" if turns else name


def fill(text: str, width: float, size: float = 12.0, bold: bool = False) -> list[str]:
    """`text` in as few lines as fit `width`; a part that is wider than a line is cut where the line ends."""
    room = width / size
    lines: list[str] = []
    line, used = "", 0.0
    for part, whole, bare in _parts(text, bold):
        if line and used + bare > room:
            lines.append(line.rstrip())
            line, used = "", 0.0
        if bare <= room:
            line += part
            used += whole
            continue
        for char in part:
            needed = advance(char, bold)
            if line and used + needed > room and char.strip():
                lines.append(line.rstrip())
                line, used = "", 0.0
            line += char
            used += needed
    return [*lines, line.rstrip()] if line.strip() else lines


def gaps(text: str, lines: Sequence[str]) -> list[str]:
    """What `text` has between each of its `lines` and the next: a space, or nothing where a word was broken."""
    found, end = [], 0
    for line in lines[:-1]:
        end += len(line)
        rest = text[end:]
        end += len(rest) - len(rest.lstrip())
        found.append(" " if rest[:1].isspace() else "")
    return found


def balance(text: str, count: int, size: float = 12.0, bold: bool = False) -> list[str] | None:
    """`text` in exactly `count` lines that are as narrow as can be; None when it does not break into so many."""
    parts = _parts(text, bold)
    if len(parts) < count:
        return None
    whole = sum(width for _, width, _ in parts) * size
    # No narrower than the widest piece: words are cut only where not even that fits.
    low, high = max(whole / count, max(bare for _, _, bare in parts) * size), whole
    lines = fill(text, low, size, bold)
    if len(lines) <= count:
        return lines if len(lines) == count else None
    while high - low > 3.0:
        middle = (low + high) / 2
        if len(fill(text, middle, size, bold)) <= count:
            high = middle
        else:
            low = middle
    lines = fill(text, high, size, bold)
    return lines if len(lines) == count else None


def shorten(text: str, width: float, count: int, size: float = 12.0, bold: bool = False) -> list[str]:
    """The beginning of `text` in at most `count` lines of `width`, ending in an ellipsis where something is missing."""
    lines = fill(text, width, size, bold)
    if len(lines) <= count:
        return lines
    last = lines[count - 1]
    while last and text_width(last + ELLIPSIS, size, bold) > width:
        last = last[:-1]
    return [*lines[: count - 1], last.rstrip(" ,;:-/&") + ELLIPSIS]


@lru_cache(maxsize=4096)
def _parts(text: str, bold: bool) -> tuple[tuple[str, float, float], ...]:
    """The pieces between which a line may break, with their widths in em: with the space after them, and without."""
    pieces: list[str] = []
    for word in _WORD.findall(text):
        for piece in _INNER.split(word):
            pieces.extend([piece] if piece.isascii() else _ideographs(piece))
    return tuple(
        (piece, text_width(piece, 1.0, bold), text_width(piece.rstrip(), 1.0, bold)) for piece in pieces if piece
    )


def _ideographs(piece: str) -> list[str]:
    """Between ideographs a line may break anywhere, except before a closing mark."""
    parts: list[str] = []
    for char in piece:
        wide = unicodedata.east_asian_width(char) in "WF"
        joins = not parts or char in CLOSING or char.isspace() or unicodedata.combining(char)
        before_wide = bool(parts) and unicodedata.east_asian_width(parts[-1][-1]) in "WF"
        if parts and (joins or not (wide or before_wide)):
            parts[-1] += char
        else:
            parts.append(char)
    return parts
