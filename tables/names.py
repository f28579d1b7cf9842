"""Headers, names and cell texts of foreign files: cleaned for keeping, and normalised for comparing."""

import re
import unicodedata

# Format characters that words are spelt with (Persian, Indic scripts, joined emoji). All others only hide or reorder.
JOINERS = "\u200c\u200d"


def tidy(text: str) -> str:
    """`text` to keep and show: one line, without control and bidi characters, otherwise as it was written."""
    if not text.isprintable():
        text = "".join(_shown(char) for char in text)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _shown(char: str) -> str:
    if char.isspace():
        return " "
    return "" if char not in JOINERS and unicodedata.category(char) in ("Cc", "Cf") else char


def tidy_lines(text: str) -> str:
    """Like `tidy`, but line breaks stay; none at the ends."""
    return "\n".join(tidy(line) for line in text.splitlines()).strip("\n")


def plain(text: str) -> str:
    """`text` to compare: two texts that look the same are equal. A no-break space equals a space."""
    return " ".join(unicodedata.normalize("NFKC", tidy(text)).split())


def key(name: str) -> str:
    """Like `plain`, and capitals do not matter."""
    return plain(name).casefold()


def plain_pattern(pattern: str) -> str:
    """A regular expression for headers: its white space is that of a tidy header."""
    return re.sub(r"[^\S\t\n]+", " ", unicodedata.normalize("NFC", pattern))


def column_letters(index: int) -> str:
    """The name that spreadsheets give the column `index`, from 0: A, B, ... Z, AA."""
    letters, rest = "", index + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters
