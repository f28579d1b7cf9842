"""What an import would do, row by row: the dry run. Pure: it knows rows, not files and not the database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from operator import itemgetter
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from tables.problems import shorten

# What one reads through in one message; the rest is counted.
MOST_PROBLEMS = 100


class Action(StrEnum):
    """What becomes of a row; in the order in which a person wants to see them."""

    PROBLEM = "problem"
    CHANGE = "changed"
    ADD = "new"
    REPEAT = "repeated"
    KEEP = "unchanged"


class Change(NamedTuple):
    """A field of something that is there already."""

    title: str
    old: str
    new: str


class Line(NamedTuple):
    """
    One row of the file, or one problem of it.

    Attributes
    ----------
    name : what the row is about, as a person knows it.
    values : of something new, in the order of the plan's titles; "" where the file says nothing.
    note : the problem, or what else there is to know.
    column : the header that a problem is about.
    """

    row: int
    action: str
    name: str
    values: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    note: str = ""
    column: str = ""


# A line as it is kept while there may be twenty thousand of them: see scoping.lists.sources.Row.
PlainLine = tuple[int, str, str, tuple[str, ...], tuple[Change, ...], str, str]


class Fact(NamedTuple):
    """A number at the head of the preview."""

    name: str
    number: int


@dataclass
class Plan:
    """
    All that an import would do. With a problem in it nothing is done.

    Attributes
    ----------
    titles : of the fields that `values` of a new thing hold.
    lines : in the order of the file.
    facts : how many things (not rows) are new, changed, unchanged.
    notices : what concerns no row in particular.
    """

    titles: tuple[str, ...]
    lines: list[PlainLine] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def say(self, row: int, action: Action, name: str, **more: Any) -> None:
        self.lines.append(tuple(Line(row, action.value, name, **more)))  # type: ignore[arg-type]

    @cached_property
    def rows(self) -> dict[str, int]:
        """How many lines there are of each action, in the order in which one wants to see them."""
        numbers = Counter(map(itemgetter(1), self.lines))
        return {action.value: numbers[action.value] for action in Action}

    @property
    def problems(self) -> list[Line]:
        return self.page(Action.PROBLEM)

    @property
    def changes_something(self) -> bool:
        return bool(self.rows[Action.ADD] or self.rows[Action.CHANGE])

    @cached_property
    def digest(self) -> str:
        """The same for two plans that do the same. Whoever agrees to a plan agrees to this."""
        told = [line[:5] for line in self.lines]
        return sha256(repr((told, self.facts)).encode()).hexdigest()

    def page(self, action: Action | None = None, first: int = 0, last: int | None = None) -> list[Line]:
        """The lines of one action; without one, all of them, problems first and what stays as it is last."""
        if action is None:
            order = {known.value: place for place, known in enumerate(Action)}
            lines = sorted(self.lines, key=lambda line: order[line[1]])
        else:
            lines = [line for line in self.lines if line[1] == action]
        return [Line._make(line) for line in lines[first:last]]


def messages(problems: Sequence[Line]) -> list[str]:
    """The problems as sentences, the first hundred of them and the number of all."""
    shown = [
        _("Row %(row)s, %(column)s: %(note)s") % {"row": line.row, "column": line.column, "note": line.note}
        for line in problems[:MOST_PROBLEMS]
    ]
    if len(problems) > MOST_PROBLEMS:
        shown.append(_("And %(n)s more.") % {"n": f"{len(problems) - MOST_PROBLEMS:,}"})
    return shown


def too_long(text: str, limit: int) -> str:
    return _("“%(text)s” has %(n)s characters; at most %(limit)s fit. Shorten it.") % {
        "text": shorten(text, 40),
        "n": f"{len(text):,}",
        "limit": f"{limit:,}",
    }


def contradiction(here: str, row: int, there: str) -> str:
    """Two rows about the same thing say two things."""
    return _(
        "“%(here)s” here, but “%(there)s” in row %(row)s, which is about the same. Make the two rows agree, or "
        "delete one."
    ) % {"here": shorten(here, 40), "there": shorten(there, 40), "row": row}
