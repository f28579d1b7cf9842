"""MAP.toml: what the columns of a file mean, said by the person who imports it.

Reads and checks the mapping alone; whether the file has such columns is found out in `columns`.
"""

import codecs
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from surveys.imports.headers import MAX_HEADER_ROWS
from surveys.imports.problems import MappingError
from tables.delimited import DELIMITERS
from tables.names import key, plain, plain_pattern, tidy
from tables.problems import did_you_mean

Scale = tuple[int, int]
DEFAULT_SCALE: Scale = (1, 5)
# A rating is one byte; 0 means no answer, and drafts use 255.
LOWEST, HIGHEST = 1, 254

SECTIONS: dict[str, tuple[str, ...]] = {
    "file": ("encoding", "delimiter", "header_rows"),
    "group": ("column", "names", "internal", "unstated", "name"),
    "items": ("pattern", "name", "columns"),
    "ratings": ("scale", "no_answer", "labels"),
}
KINDS = {str: "a text in quotation marks", int: "a whole number", list: "a list in square brackets", dict: "a table"}


@dataclass(frozen=True)
class ResponseMapping:
    """MAP.toml, checked.

    Attributes
    ----------
    encoding, delimiter, header_rows : overrule what is detected in the file.
    group_column : header of the column that says who the respondent is; None when all are of one group, group_name.
    group_names : by `names.key` of an answer in that column, the group that is meant; empty = did not say.
    unstated : name of the group of those who did not say; None leaves them out.
    internal : names of the groups that speak for the company.
    pattern, name : which headers are rated issues, and where in a header the issue's name is.
    item_columns : headers of rated issues, and the name of each; besides those of the pattern.
    scale : None when the mapping does not say.
    no_answer, labels : by `names.key`.
    """

    path: Path
    text: str = field(repr=False)
    pattern: re.Pattern[str] | None = None
    item_columns: Mapping[str, str] = field(default_factory=dict)
    name: re.Pattern[str] | None = None
    group_column: str | None = None
    group_name: str | None = None
    group_names: Mapping[str, str] = field(default_factory=dict)
    unstated: str | None = None
    internal: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    header_rows: int | None = None
    scale: Scale | None = None
    no_answer: frozenset[str] = frozenset({""})
    labels: Mapping[str, int] = field(default_factory=dict)

    def wrong(self, section: str, name: str, problem: str) -> MappingError:
        """An error about a key of this mapping."""
        return MappingError(f"{_place(self.path, self.text, section, name)}: {problem}")


def read_mapping(path: Path) -> ResponseMapping:
    """The mapping in the file. Raises MappingError."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise MappingError(f"{path}: the mapping cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise MappingError(f"{path.name}: a mapping must be saved as UTF-8 (byte {error.start} is not).") from error
    return parse_mapping(text, path=path)


def parse_mapping(text: str, *, path: Path) -> ResponseMapping:
    """The mapping in `text`; `path` is for messages. Raises MappingError."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(
            f"{path.name}: this is not valid TOML: {error}. Texts need quotation marks, lists square brackets; "
            "a backslash in \"...\" is doubled, or write the text in '...'."
        ) from error
    reader = _Reader(path, text, told)
    reader.refuse_unknown()
    scale = reader.scale()
    no_answer = reader.no_answer()
    group_column = reader.name("group", "column")
    group_name = reader.name("group", "name")
    if (group_column is None) == (group_name is None):
        reader.fail(
            "group", "name" if group_name else "column",
            'give either column = "..." (the header that says who a respondent is) or name = "..." (one group).',
        )  # fmt: skip
    if group_name is not None and "unstated" in reader.section("group"):
        reader.fail("group", "unstated", 'is for column = "..."; with name = "..." everybody belongs to that group.')
    if group_name is not None and "names" in reader.section("group"):
        reader.fail("group", "names", 'is for column = "..."; with name = "..." everybody belongs to that group.')
    pattern = reader.regex("items", "pattern")
    item_columns = reader.names("items", "columns")
    if empty := next((header for header, issue in item_columns.items() if not issue), None):
        reader.fail("items", "columns", f'"{empty}" needs the name of its issue. To leave a column out, omit it.')
    if pattern is None and not item_columns:
        reader.fail("items", "pattern", 'is missing: a regular expression on the headers, such as "^Please rate".')
    name = reader.regex("items", "name")
    if name is not None and name.groups == 0:
        reader.fail("items", "name", 'needs a group in parentheses around the issue\'s name, such as "of (.*)".')
    return ResponseMapping(
        path=path, text=text, pattern=pattern, item_columns=item_columns, name=name,
        group_column=group_column, group_name=group_name,
        group_names={key(said): group for said, group in reader.names("group", "names").items()},
        unstated=reader.name("group", "unstated"),
        internal=reader.internal(), encoding=reader.encoding(), delimiter=reader.delimiter(),
        header_rows=reader.header_rows(), scale=scale, no_answer=no_answer,
        labels=reader.labels(scale, no_answer),
    )  # fmt: skip


def _place(path: Path, text: str, section: str, name: str = "") -> str:
    """ "MAP.toml, line 5, [group] column", as far as that line exists."""
    here = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\s*([^\]]*?)\s*\]", line):
            here = header[1].split(".")[0].strip(" \"'")
            if here == section and (not name or re.search(rf"\.\s*[\"']?{re.escape(name)}\b", header[1])):
                return f"{path.name}, line {number}, [{section}] {name}".rstrip()
        elif here == section and name and re.match(rf"\s*[\"']?{re.escape(name)}[\"']?\s*[.=]", line):
            return f"{path.name}, line {number}, [{section}] {name}"
    return f"{path.name}, [{section}] {name}".rstrip()


class _Reader:
    """Takes the parsed TOML apart, one key after the other."""

    def __init__(self, path: Path, text: str, told: dict[str, Any]) -> None:
        self.path, self.text, self.told = path, text, told

    def fail(self, section: str, name: str, problem: str) -> NoReturn:
        raise MappingError(f"{_place(self.path, self.text, section, name)}: {problem}")

    def refuse_unknown(self) -> None:
        for section, keys in self.told.items():
            if section not in SECTIONS:
                home = next((known for known, names in SECTIONS.items() if section in names), None)
                hint = f" It belongs below [{home}]." if home else did_you_mean(section, SECTIONS)
                known = ", ".join(f"[{name}]" for name in SECTIONS)
                raise MappingError(
                    f'{self.path.name}: "{section}" is not a section of a mapping.{hint} Sections are {known}.'
                )
            if not isinstance(keys, dict):
                raise MappingError(f"{self.path.name}: {section} must be a section, written as [{section}].")
            for name in keys:
                if name not in SECTIONS[section]:
                    hint = did_you_mean(name, SECTIONS[section])
                    self.fail(section, name, f"unknown key.{hint} Keys here are {', '.join(SECTIONS[section])}.")

    def section(self, section: str) -> dict[str, Any]:
        found: dict[str, Any] = self.told.get(section, {})
        return found

    def value(self, section: str, name: str, kind: type) -> Any:
        """The value, or None when it is not given."""
        value = self.section(section).get(name)
        if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
            self.fail(section, name, f"must be {KINDS[kind]}, not {value!r}.")
        return value

    def name(self, section: str, name: str) -> str | None:
        value = self.value(section, name, str)
        if value is None:
            return None
        if not tidy(value):
            self.fail(section, name, "is empty.")
        return tidy(value)

    def names(self, section: str, name: str) -> dict[str, str]:
        """A table of texts, such as { "Staff" = "Employees" }."""
        found = self.value(section, name, dict) or {}
        if wrong := next((said for said, value in found.items() if not isinstance(value, str)), None):
            self.fail(section, name, f'"{wrong}" must become {KINDS[str]}, not {found[wrong]!r}.')
        return {tidy(said): tidy(value) for said, value in found.items()}

    def texts(self, section: str, name: str) -> list[str] | None:
        values = self.value(section, name, list)
        if values is None:
            return None
        for value in values:
            if isinstance(value, bool) or not isinstance(value, str | int):
                self.fail(section, name, f'must be a list of texts, such as ["A", "B"]; {value!r} is none.')
        return [tidy(str(value)) for value in values]

    def regex(self, section: str, name: str) -> re.Pattern[str] | None:
        value = self.value(section, name, str)
        if value is None:
            return None
        if not value.strip():
            self.fail(section, name, "is empty.")
        try:
            return re.compile(plain_pattern(value))
        except re.error as error:
            where = f" at character {error.pos + 1}" if error.pos is not None else ""
            self.fail(section, name, f'"{value}" is not a regular expression: {error.msg}{where}.')

    def internal(self) -> tuple[str, ...]:
        names = self.texts("group", "internal") or []
        if repeated := next((name for name in names if names.count(name) > 1), None):
            self.fail("group", "internal", f'"{repeated}" stands there twice.')
        return tuple(names)

    def encoding(self) -> str | None:
        value = self.name("file", "encoding")
        if value is None:
            return None
        try:
            codec = codecs.lookup(value)
            "".encode(value)  # fails for codecs that are not encodings of text, such as base64
        except (LookupError, ValueError, TypeError):
            usual = ("utf-8", "utf-16", "cp1252", "latin-1", "mac_roman", "gb18030", "big5", "shift_jis", "cp1251")
            self.fail("file", "encoding", f'"{value}" is not an encoding.{did_you_mean(value, usual)}')
        return codec.name

    def delimiter(self) -> str | None:
        value = self.value("file", "delimiter", str)
        if value is None:
            return None
        by_name = {name: char for char, name in DELIMITERS.items()}
        value = by_name.get(value, value)
        if len(value) != 1 or value in '\r\n"':
            self.fail("file", "delimiter", f"must be one character or one of {', '.join(by_name)}.")
        return str(value)

    def header_rows(self) -> int | None:
        value = self.value("file", "header_rows", int)
        if value is not None and not 1 <= value <= MAX_HEADER_ROWS:
            self.fail("file", "header_rows", f"must be 1 to {MAX_HEADER_ROWS}, not {value}.")
        return None if value is None else int(value)

    def scale(self) -> Scale | None:
        value = self.value("ratings", "scale", list)
        if value is None:
            return None
        numbers = [step for step in value if isinstance(step, int) and not isinstance(step, bool)]
        if len(value) != 2 or len(numbers) != 2:
            self.fail("ratings", "scale", f"must be its two ends, such as [1, 5], not {value!r}.")
        low, high = numbers
        if not LOWEST <= low < high <= HIGHEST:
            hint = (
                " For a scale that starts at 0, say the shifted one and how answers are read, such as "
                'scale = [1, 11] with labels = { "0" = 1, "1" = 2, ... }.'
                if low < LOWEST else ""
            )  # fmt: skip
            self.fail(
                "ratings", "scale", f"must rise, from {LOWEST} or more to at most {HIGHEST}, not {value!r}.{hint}"
            )
        return low, high

    def no_answer(self) -> frozenset[str]:
        # An empty cell is never a rating, whether the list says so or not.
        return frozenset({"", *map(key, self.texts("ratings", "no_answer") or [])})

    def labels(self, scale: Scale | None, no_answer: Iterable[str]) -> dict[str, int]:
        low, high = scale or (LOWEST, HIGHEST)
        labels: dict[str, int] = {}
        for label, rating in (self.value("ratings", "labels", dict) or {}).items():
            if isinstance(rating, bool) or not isinstance(rating, int):
                self.fail("ratings", "labels", f'"{label}" must become a whole number, not {rating!r}.')
            if not low <= rating <= high:
                self.fail("ratings", "labels", f'"{label}" = {rating} is outside the scale {low} to {high}.')
            if key(label) in no_answer:
                self.fail("ratings", "labels", f'"{label}" is also listed under no_answer. Keep one of the two.')
            if labels.setdefault(key(label), rating) != rating:
                self.fail("ratings", "labels", f'"{plain(label)}" stands there twice with different ratings.')
        return labels
