"""Which encoding a text file is in. Knows bytes and alphabets, nothing of tables.

Byte order marks and UTF-8 prove themselves. The rest is a judgement: the same byte is `é` on Windows and `È` on
an old Mac. For Latin scripts the code page wins in which the words are words (letters of one language, capitals
only where capitals stand); other scripts are left to charset-normalizer.
"""

import codecs
import re
from dataclasses import dataclass
from itertools import pairwise

from charset_normalizer import from_bytes

from tables.problems import SourceError

# What to do about a byte that does not fit.
ADVICE = "Export the file again, or save it as UTF-8."

# More text does not change the judgement, and it costs time.
SAMPLE_BYTES = 32_768

# In order of preference: an earlier one wins a draw.
LATIN_CODE_PAGES = ("cp1252", "mac_roman", "cp1250", "cp1254")


# Letters beyond a to z, by language. A text is in one language, or in one and English.
def _writes(page: str, letters: frozenset[str]) -> bool:
    return letters == {letter for letter in letters if letter.encode(page, "ignore")}


ALPHABETS = tuple(
    frozenset(letters)
    for letters in (
        "àâçéèêëîïôœùûü",  # French
        "äöüß",  # German
        "áéíñóúüªº",  # Spanish
        "áàâãçéêíóôõúªº",  # Portuguese
        "àèéìòù",  # Italian
        "àéëïöü",  # Dutch
        "åäöæøé",  # Nordic languages
        "áæðéíóöúýþ",  # Icelandic
        "ąćęłńóśźż",  # Polish
        "áäčďéěíĺľňóôŕřšťúůýž",  # Czech, Slovak
        "áéíóöőúüű",  # Hungarian
        "ăâîşţ",  # Romanian
        "čćđšž",  # Croatian, Slovene
        "âçğıöşü",  # Turkish
    )
)
# A language counts for the code pages that can write all of it.
SPOKEN = {page: tuple(letters for letters in ALPHABETS if _writes(page, letters)) for page in LATIN_CODE_PAGES}
OPENING = frozenset("¿¡«„‘")
CLOSING = frozenset("»…%")
MARKS = OPENING | CLOSING | frozenset("“”’–—•°·€£©®™\u00a0")
INSIDE_WORDS = frozenset("’")
ONE_LETTER_WORDS = frozenset("àèéåöøáóúíő")

# A no-break space (C2 A0 in UTF-8) that was read as Latin-1 and saved by a Mac, once and twice over. No word of a
# Windows code page holds these pairs.
MAC_TRACES = (b"\xe5\xca", b"\x8c\xe6")


@dataclass(frozen=True)
class Encoding:
    """A codec's name and why it was chosen."""

    name: str
    reason: str


def confirm(raw: bytes, encoding: str, *, name: str, advice: str = ADVICE) -> str:
    """The codec to read all of `raw` with, the bytes of the file `name`.

    Raises SourceError that names the line of the first bad byte and gives the advice.
    """
    codec = codecs.lookup(encoding).name
    if raw.startswith(codecs.BOM_UTF8) and codec == "utf-8":
        encoding = "utf-8-sig"
    elif raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and codec.startswith("utf-16"):
        encoding = "utf-16"
    try:
        raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"{name}, line {line}: the byte 0x{raw[error.start]:02x} does not belong to the encoding {encoding}. "
            f"{advice}"
        ) from error
    return encoding


def detect(raw: bytes, *, name: str, advice: str = ADVICE) -> Encoding:
    """The encoding of `raw`, the bytes of the file `name`. Raises SourceError when the bytes are no text."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return Encoding(encoding, "byte order mark")
    if b"\0" in raw:
        return _wide(raw, name)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(raw, error, name, advice)
        return _judged(raw)
    return Encoding("utf-8", "valid UTF-8")


def _wide(raw: bytes, name: str) -> Encoding:
    """UTF-16 without its mark: in Latin text every other byte is zero."""
    zeros = (raw[0::2].count(0), raw[1::2].count(0))
    half = len(raw) / 2
    if max(zeros) > 0.4 * half and min(zeros) < 0.05 * half:
        return Encoding("utf-16-be" if zeros[0] > zeros[1] else "utf-16-le", "every other byte is zero")
    line = raw.count(b"\n", 0, raw.index(0)) + 1
    raise SourceError(f"{name}, line {line}: holds zero bytes, so it is not a text file. Export it as CSV again.")


def _refuse_damaged_utf8(raw: bytes, error: UnicodeDecodeError, name: str, advice: str) -> None:
    """A UTF-8 file with a few broken bytes is damaged, not in another encoding: say so instead of guessing."""
    text = raw.decode("utf-8", "surrogateescape")
    broken = len(re.findall("[\udc80-\udcff]", text))
    sound = len(re.findall("[^\x00-\x7f\udc80-\udcff]", text))
    if sound > 10 * broken:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"{name}, line {line}: the file is UTF-8, but the byte 0x{raw[error.start]:02x} here is broken "
            f"({broken} such in all). {advice}"
        )


def _judged(raw: bytes) -> Encoding:
    sample = _telling_lines(raw)
    runs = re.findall(rb"[\x80-\xff]+", sample)
    # Accents stand alone between plain letters; other scripts come in runs.
    if sum(map(len, runs)) < 2.3 * len(runs):
        fitting = [page for page in LATIN_CODE_PAGES if _decodes(raw, page)]
        if fitting:
            best = max(fitting, key=lambda page: _latin_score(sample, page))
            return Encoding(best, "by the letters in its words")
    for match in from_bytes(sample):
        name = "cp1252" if match.encoding == "latin_1" else match.encoding
        if _decodes(raw, name):
            return Encoding(name, "by charset-normalizer")
    return Encoding("cp1252", "nothing fits better")


def _telling_lines(raw: bytes) -> bytes:
    """The lines that hold a byte beyond ASCII, up to SAMPLE_BYTES. Only they tell code pages apart."""
    lines: list[bytes] = []
    size = 0
    for line in re.split(rb"[\r\n]+", raw):
        if line.isascii():
            continue
        lines.append(line[:SAMPLE_BYTES])
        size += len(line)
        if size >= SAMPLE_BYTES:
            break
    return b"\n".join(lines)


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _latin_score(sample: bytes, page: str) -> float:
    """How much like writing `sample` looks in the code page: at most 1 for each character beyond ASCII, on average."""
    text = f" {sample.decode(page, 'replace')} "
    letters: list[str] = []
    points = 0.0
    total = 0
    for (before, char), after in zip(pairwise(text), text[2:], strict=False):
        if char.isascii():
            continue
        total += 1
        alone = not before.isalpha() and not after.isalpha()
        if not char.isalpha():
            points += _mark_score(before, char, after)
        elif char.isupper() and before.isalpha() and before.islower():
            points -= 1  # a capital inside a word
        elif not alone or char.lower() in ONE_LETTER_WORDS:
            letters.append(char.lower()[0])
    points += max(sum(letter in alphabet for letter in letters) for alphabet in SPOKEN[page])
    if page == "mac_roman":
        points += total * any(trace in sample for trace in MAC_TRACES)
    return points / max(total, 1)


def _mark_score(before: str, char: str, after: str) -> int:
    if char not in MARKS:
        return -1
    inside = before.isalpha() and after.isalpha()
    misplaced = (char in OPENING and before.isalpha()) or (char in CLOSING and after.isalpha())
    return -1 if misplaced or (inside and char not in INSIDE_WORDS and not char.isspace()) else 1
