"""What can be wrong with a file of rows, said so that its owner can put it right."""

from collections.abc import Iterable
from difflib import get_close_matches


class SourceError(ValueError):
    """The file cannot be read as a table. The text names the file, the place in it and the next step."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like `word`, or nothing where none is."""
    by_key = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), by_key, n=1, cutoff=0.6)
    return by_key[near[0]] if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """' Did you mean "X"?' with a leading space, or nothing."""
    near = nearest(word, known)
    return f' Did you mean "{near}"?' if near else ""


def shorten(text: str, width: int = 60) -> str:
    """One line of `text` for a message."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"
