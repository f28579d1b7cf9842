"""Numbers, lists and days in sentences.

In English, as the audit trail writes them; `spelled`, `enumerated`, `dated` and those after them are the same in the
language of the page.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
FULL_WIDTH_ENDS = ("。", "！", "？")
ENDS = (".", "!", "?", "…", *FULL_WIDTH_ENDS)
# Unicode's bidirectional classes of what is read from right to left, and of characters that turn the text around them.
FROM_THE_RIGHT = frozenset({"R", "AL", "AN"})
TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"


def in_words(number: int) -> str:
    """A number inside a sentence: a word up to twelve, digits beyond."""
    return WORDS[number] if 0 <= number < len(WORDS) else f"{number:,}"


def counted(number: int, one: str, many: str = "") -> str:
    """The number in words and the noun in its form: "one issue", "three issues", "no issues"."""
    return f"{in_words(number)} {noun(number, one, many)}"


def noun(number: int, one: str, many: str = "") -> str:
    return one if number == 1 else many or f"{one}s"


def listed(names: Sequence[str], *, most: int | None = None) -> str:
    """ "a", "a and b", "a, b and c"; beyond `most` names the rest is a number."""
    if most is not None and len(names) > most:
        names = [*names[:most], f"{len(names) - most} more"]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def capital(text: str) -> str:
    """`text` with a capital at its start; names inside keep theirs."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """`text` with a capital at its start and a full stop at its end, unless it has an end of its own."""
    return ended(capital(text.strip()))


def ended(text: str) -> str:
    return text if text.endswith(ENDS) else f"{text}."


def on_day(day: date) -> str:
    """ "3 May 2026"."""
    return f"{day.day} {day:%B %Y}"


def isolated(name: str) -> str:
    """`name` so that inside a sentence it turns nothing but itself: one that is read from right to left would take the
    comma and the number behind it to its other side, and swap places with a neighbour of its kind.

    Such a name stands between U+2068 and U+2069, which nobody sees; one that is isolated already, and every other, is
    left as it is. For text without markup; in markup, <bdi> says the same.
    """
    classes = [unicodedata.bidirectional(char) for char in name]
    if not (FROM_THE_RIGHT | TURNING).intersection(classes):
        return name
    if _is_isolated(classes):
        return name
    # What turns text inside a name could end the isolate before its time.
    kept = "".join(char for char, kind in zip(name, classes, strict=True) if kind not in TURNING)
    return f"{ISOLATE}{kept}{END_OF_ISOLATE}" if FROM_THE_RIGHT.intersection(classes) else kept


def _is_isolated(classes: Sequence[str]) -> bool:
    """Whether every character that is read from right to left, or turns text, stands in a whole isolate of ours."""
    depth = 0
    for kind in classes:
        if kind == "FSI" and not depth:
            depth = 1
        elif kind == "PDI" and depth:
            depth = 0
        elif kind in TURNING or (kind in FROM_THE_RIGHT and not depth):
            return False
    return not depth


# --- in the language of the page --------------------------------------------------------------------------
def is_english() -> bool:
    """Whether the page's language is English."""
    return (get_language() or "en").startswith("en")


def spelled(number: int) -> str:
    """As `in_words` on an English page; digits in every other language."""
    return in_words(number) if is_english() else f"{number:,}"


def enumerated(names: Sequence[str], *, most: int | None = None) -> str:
    """As `listed`, with the words and commas of the page's language, and names `isolated` from each other."""
    names = [isolated(name) for name in names]
    if most is not None and len(names) > most:
        names = [*names[:most], gettext("%(n)d more") % {"n": len(names) - most}]
    if len(names) < 2:
        return "".join(names)
    return gettext("%(names)s and %(last)s") % {"names": gettext(", ").join(names[:-1]), "last": names[-1]}


def in_a_row(texts: Iterable[str]) -> str:
    """Names or phrases of which each may have commas of its own."""
    return pgettext("list of names", "; ").join(texts)


def dated(day: date) -> str:
    """As `on_day`, in the page's language."""
    return date_format(day, pgettext("date format", "j F Y"))


def run_on(sentences: Iterable[str]) -> str:
    """Sentences of the page's language one after the other; not every language parts them by a blank."""
    text = ""
    for one in filter(None, sentences):
        text = pgettext("two sentences", "%(one)s %(other)s") % {"one": text, "other": one} if text else one
    return text


def typed_sentence(text: str) -> str:
    """As `sentence`, for what somebody typed in whatever language."""
    return typed_ended(capital(text.strip()))


def typed_ended(text: str) -> str:
    """As `ended`, for what somebody typed: on pages that are not in English, Chinese ends with its own full stop."""
    if not is_english() and "\u4e00" <= text[-1:] <= "\u9fff":
        return f"{text}。"
    return ended(text)
