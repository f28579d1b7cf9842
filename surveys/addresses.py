"""Lists of people to invite, as they are pasted or lie in a file: line by line, with what is wrong and where.

A line is an address, `Name <address>`, or cells parted by a tab, a semicolon or a comma: the cell with the @ is the
address, of the others the first is the name and the second the language. Knows texts and cells, no database.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parseaddr

from django.utils.translation import gettext as _

from scoping.lists.cells import CellError, read_email, read_language
from scoping.lists.columns import Column, place
from scoping.lists.contact_plan import COLUMNS as CONTACT_COLUMNS
from tables.names import tidy
from tables.problems import shorten
from tables.reading import Sheet, read_sheet

LONGEST_NAME = 200
# What somebody pastes; a longer list is better kept as a file.
MOST_PASTED = 20_000
# Problems that are shown at once. Nobody mends more before looking again.
MOST_PROBLEMS = 100

COLUMNS = tuple(
    Column(
        column.field,
        column.title,
        column.explanation,
        column.others,
        column.limit,
        column.field == "email",
        shown=column.shown,
    )
    for column in CONTACT_COLUMNS
    if column.field in ("email", "name", "language")
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to invite: the line, from 1, of the list that names them; the domain of the address is in small
    letters, and `language` is a tag or empty."""

    line: int
    address: str
    name: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that cannot be meant; `reason` says what is wrong with it and what would be right."""

    line: int
    text: str
    reason: str

    def __str__(self) -> str:
        return _("Line %(line)s: %(reason)s") % {"line": f"{self.line:,}", "reason": self.reason}


class People:
    """A list that can be gone through again and again, without keeping it in memory as rows."""

    def __init__(self, lines: Callable[[], Iterator[tuple[int, str, str, str]]], called: str) -> None:
        self._lines = lines
        self.called = called

    def __iter__(self) -> Iterator[Person | Problem]:
        for line, address, name, language in self._lines():
            yield read_person(line, address, name, language)


def read_person(line: int, address: str, name: str, language: str) -> Person | Problem:
    """The person of a line, or what is wrong with it."""
    given = ", ".join(part for part in (address, name) if part)
    # A line break in a name would begin a header of its own in the mail.
    if _CONTROL.search(address) or _CONTROL.search(name):
        control = _("It holds a line break or another control character. Leave that out.")
        return Problem(line, tidy(given), control)
    address, name, language = address.strip(), tidy(name), language.strip()
    if not address:
        no_address = _("“%(text)s” holds no e-mail address.")
        return Problem(line, given, no_address % {"text": shorten(given or _("The line"), 60)})
    if len(name) > LONGEST_NAME:
        too_long = _("The name has %(length)d characters, and at most %(most)d are kept.")
        return Problem(line, given, too_long % {"length": len(name), "most": LONGEST_NAME})
    try:
        local, _at, domain = read_email(address).rpartition("@")
        return Person(line, f"{local}@{domain.lower()}", name, read_language(language) if language else "")
    except CellError as error:
        return Problem(line, given, str(error))


def pasted(text: str) -> People:
    """The people of a pasted text, one on each line. Empty lines are passed over."""

    def lines() -> Iterator[tuple[int, str, str, str]]:
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
            if line := line.strip().rstrip(",;").strip():
                yield number, *_cells(line)

    return People(lines, "pasted list")


def from_file(name: str, raw: bytes) -> People:
    """
    The people of a CSV or XLSX file with a header row.

    Raises
    ------
    SourceError
        The file is no table, or has no column with addresses. Going through the rows may raise it too, at a row
        that is no row.
    """
    sheet = read_sheet(name, raw)
    positions = place(name, sheet.columns, COLUMNS).positions
    return People(lambda: _rows(sheet, positions), name)


def _rows(sheet: Sheet, positions: dict[str, int]) -> Iterator[tuple[int, str, str, str]]:
    width = len(sheet.columns)
    email, name, language = (positions.get(field, width) for field in ("email", "name", "language"))
    for record in sheet.rows():
        cells = [*record.cells, ""]
        yield record.number, cells[email], cells[name], cells[language]


def _cells(line: str) -> tuple[str, str, str]:
    """Address, name and language of a line; the address is empty where there is none."""
    delimiter = next((mark for mark in "\t;，；" if mark in line), ",")
    if delimiter == "," and re.fullmatch(r'(?:"[^"]*"|[^,"<>]*,[^<>]*|[^",<>]*)\s*<[^<>]*>', line):
        delimiter = ""  # one person, the name perhaps as "Family, First"
    parts = [part.strip() for part in line.split(delimiter)] if delimiter else [line]
    addresses = [place for place, part in enumerate(parts) if "@" in part]
    if not addresses:
        return "", line, ""
    if len(addresses) > 1:
        return line, "", ""  # no address, and the message says that a line holds one
    address, name = _address(parts.pop(addresses[0]))
    others = [part.strip('"“”') for part in parts if part]
    if not name and others:
        name = others.pop(0)
    return address, name, others[0] if others else ""


def _address(text: str) -> tuple[str, str]:
    """Address and name of `Name <address>`, or of an address alone."""
    found = re.fullmatch(r"(.*?)\s*<([^<>]*)>", text)
    if found is None:
        return text, ""
    name, address = found.groups()
    if name.startswith('"') and name.endswith('"'):
        name = parseaddr(f"{name} <x@example.org>")[0] or name.strip('"')
    return address.strip(), name.strip()
