"""Which column of a sheet is which field of a list, by its header. Knows words, not the database."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tables.names import key
from tables.problems import SourceError, did_you_mean, shorten

# How many of a file's own headers a message repeats.
SHOWN = 20


@dataclass(frozen=True)
class Column:
    """
    A field of a list as a column.

    Attributes
    ----------
    others : further headers that are read as this one.
    lines : whether the lines of a cell mean something. Other texts are put on one line.
    """

    field: str
    title: str
    explanation: str
    others: tuple[str, ...] = ()
    limit: int = 0
    required: bool = False
    lines: bool = False


@dataclass(frozen=True)
class Placed:
    """Where the fields stand in a row, from 0; headers that nobody knows."""

    positions: dict[str, int]
    unknown: tuple[str, ...]


def place(file_name: str, headers: Sequence[str], columns: Sequence[Column]) -> Placed:
    """
    Find the columns in a file, in whatever order they are.

    Raises
    ------
    SourceError
        A required column is missing, or two columns are the same one.
    """
    known = {_bare(word): column for column in columns for word in (column.title, *column.others)}
    positions: dict[str, int] = {}
    unknown = []
    for position, header in enumerate(headers):
        column = known.get(_bare(header))
        if column is None:
            if header:
                unknown.append(header)
        elif column.field in positions:
            twin = headers[positions[column.field]]
            raise SourceError(
                f"{file_name}: the columns {positions[column.field] + 1} (“{shorten(twin)}”) and {position + 1} "
                f"(“{shorten(header)}”) are both read as {column.title}. Keep one of them, or rename the other."
            )
        else:
            positions[column.field] = position
    for column in columns:
        if column.required and column.field not in positions:
            raise SourceError(_missing(file_name, column, headers, columns, unknown))
    return Placed(positions, tuple(unknown))


def _bare(header: str) -> str:
    """Capitals, spaces, width and punctuation do not matter: "E-Mail *", "email" and "Ｅｍａｉｌ" are one."""
    return re.sub(r"[\W_]+", "", key(header))


def _missing(
    file_name: str, missing: Column, headers: Sequence[str], columns: Sequence[Column], unknown: Sequence[str]
) -> str:
    found = ", ".join(f"“{shorten(header, 40)}”" for header in headers[:SHOWN] if header) or "none"
    more = f" and {len(headers) - SHOWN} more" if len(headers) > SHOWN else ""
    expected = ", ".join(f"{column.title} (required)" if column.required else column.title for column in columns)
    words = [word for column in columns for word in (column.title, *column.others)]
    hints = [f" “{shorten(header, 40)}”:{hint}" for header in unknown[:SHOWN] if (hint := did_you_mean(header, words))]
    return (
        f"{file_name}: there is no column {missing.title}. The first row must hold the headers. "
        f"Found: {found}{more}. Expected, in any order: {expected}.{''.join(hints[:3])}"
    )
