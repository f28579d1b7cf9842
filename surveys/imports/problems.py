"""What can be wrong with a file or a mapping, said so that its owner can put it right."""

from collections.abc import Iterable
from difflib import get_close_matches


class ImportProblem(ValueError):
    """The import stops here and nothing is stored. The text names the place and the next step."""


class SourceError(ImportProblem):
    """The file cannot be read as a table."""


class MappingError(ImportProblem):
    """MAP.toml says something that cannot be followed, or that the file does not hold."""


class AnswerError(ImportProblem):
    """The file is a table, but its answers do not fit the mapping or the assessment."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """' Did you mean "X"?' with a leading space, or nothing."""
    by_key = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), by_key, n=1, cutoff=0.6)
    return f' Did you mean "{by_key[near[0]]}"?' if near else ""


def shorten(text: str, width: int = 60) -> str:
    """One line of `text` for a message."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"
