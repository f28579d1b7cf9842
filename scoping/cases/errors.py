"""What is said when a case file cannot be read: file, line, what was found, what was expected."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


def quoted(value: object) -> str:
    """A value as a message shows it, cut where it would fill the screen."""
    shown = f'"{value}"' if isinstance(value, str) else str(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """What belongs there, beginning with the nearest name if one is near."""
    names = sorted(known)
    if not names:
        return "none: the file defines none"
    listed = "one of " + ", ".join(names)
    near = difflib.get_close_matches(found, names, n=1, cutoff=0.6)
    return f"{listed}. Did you mean {quoted(near[0])}?" if near else listed


def entry_name(table: str, number: int | None = None) -> str:
    """How a message calls a table: "the file", "[report]", "the third of [[issues]]" as "[[issues]] no. 3"."""
    if not table:
        return "the file"
    if table.startswith("report"):
        return f"[{table}]"
    name = "published of an issue" if table == "issues.published" else f"[[{table}]]"
    return name if number is None or table == "issues.published" else f"{name} no. {number + 1}"


@dataclass(frozen=True)
class Problem:
    """One mistake in a case file."""

    line: int
    found: str
    expected: str

    @classmethod
    def from_toml(cls, error: tomllib.TOMLDecodeError, text: str) -> "Problem":
        """A mistake in the notation itself; tomllib gives its line in the message only."""
        message = str(error)
        place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", message)
        line = int(place[1]) if place and place[1] else text.rstrip("\n").count("\n") + 1
        reason = message[: place.start()] if place else message
        return cls(line, f"not valid TOML: {reason}", 'TOML, such as name = "Client"')

    def __str__(self) -> str:
        return f"line {self.line}: {self.found}. Expected: {self.expected.rstrip('.')}."


class CaseError(Exception):
    """A case that cannot be loaded, with every reason."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__("\n".join(f"{file}, {problem}" for problem in self.problems))


class CaseNotFound(CaseError):
    """There is no case file of that name."""

    def __init__(self, message: str) -> None:
        super().__init__("", [])
        self.args = (message,)
