"""Which column of a sheet is which field of a list, by its header. Knows words, not the database."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext

from scoping.lists.hints import did_you_mean
from tables.names import key
from tables.problems import SourceError, shorten

# How many of a file's own headers a message repeats.
SHOWN = 20


@dataclass(frozen=True)
class Column:
    """
    A field of a list as a column.

    Attributes
    ----------
    others : further headers that are read as this one.
    shown : the title as a page shows it, where the word alone can mean something else.
    lines : whether the lines of a cell mean something. Other texts are put on one line.
    """

    field: str
    title: str
    explanation: str
    others: tuple[str, ...] = ()
    limit: int = 0
    required: bool = False
    lines: bool = False
    shown: str | Promise = ""

    @property
    def label(self) -> str:
        """The title in the language of the page; files have it in English."""
        return str(self.shown) or gettext(self.title)

    @property
    def shown_explanation(self) -> str:
        return gettext(self.explanation)


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
                gettext(
                    "%(file)s: the columns %(first)s (“%(twin)s”) and %(second)s (“%(header)s”) are both read as "
                    "%(column)s. Keep one of them, or rename the other."
                )
                % {
                    "file": file_name,
                    "first": positions[column.field] + 1,
                    "twin": shorten(twin),
                    "second": position + 1,
                    "header": shorten(header),
                    "column": column.label,
                }
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
    comma = gettext(", ")
    found = comma.join(f"“{shorten(header, 40)}”" for header in headers[:SHOWN] if header) or gettext("none")
    if len(headers) > SHOWN:
        found = gettext("%(names)s and %(n)s more") % {"names": found, "n": len(headers) - SHOWN}
    required = gettext("%(column)s (required)")
    expected = comma.join(required % {"column": one.label} if one.required else one.label for one in columns)
    words = [word for column in columns for word in (column.title, *column.others)]
    hints = [f" “{shorten(header, 40)}”:{hint}" for header in unknown[:SHOWN] if (hint := did_you_mean(header, words))]
    text = gettext(
        "%(file)s: there is no column %(column)s. The first row must hold the headers. Found: %(found)s. Expected, "
        "in any "
        "order: %(expected)s."
    ) % {"file": file_name, "column": missing.label, "found": found, "expected": expected}
    return text + "".join(hints[:3])
