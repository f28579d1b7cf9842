"""The library file: the topics of one standard as data, and the strict reading of it.

Strict, because a slip in a code or a name would be quoted in reports as the standard's. Knows TOML and its own rules,
no database.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# The part of a code before its last point is the code of the entry above it.
_CODE = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_LONGEST_NAME = 200

_TOP = ("slug", "name", "label", "publisher", "edition", "origin", "note")
_LISTS = ("kinds", "coded", "groups")
_OPTIONAL = ("note", "original", "alone")
_ENTRY = ("code", "name", "year", *_OPTIONAL)


class LibraryError(Exception):
    """A library file that cannot be read, with every reason and its place."""


@dataclass(frozen=True)
class Entry:
    """One topic. `parent` is the code of the topic above it, `kind` what the standard calls this level."""

    library: str
    code: str
    name: str
    group: str
    category: str
    kind: str
    parent: str = ""
    level: int = 0
    year: int | None = None
    note: str = ""
    # The name in the publisher's language, where `name` is a translation.
    original: str = ""
    # The name that can stand alone, as an issue's: "Privacy" occurs under several topics, "Others" says nothing.
    full_name: str = ""
    # How a source line cites it, such as "GRI 305 Emissions (2016)".
    citation: str = ""
    # Whether the code is the standard's own, not our numbering.
    is_coded: bool = False

    @property
    def reference(self) -> str:
        """By which a mention names the entry, such as gri:305."""
        return f"{self.library}:{self.code}"

    @property
    def names(self) -> tuple[str, ...]:
        """All that an issue may be called that is this entry."""
        return tuple(dict.fromkeys(name for name in (self.full_name, self.original) if name))


@dataclass(frozen=True)
class Library:
    slug: str
    name: str
    publisher: str
    edition: str
    origin: str
    note: str
    entries: tuple[Entry, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Entry]:
        return {entry.code: entry for entry in self.entries}


def parse_library(text: str, *, file: str) -> Library:
    """
    The library that `text` describes.

    Raises
    ------
    LibraryError
        With every problem found and the place of each.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LibraryError(f"{file} is not valid TOML: {error}") from error
    reader = _Reader(document)
    library = reader.read()
    if reader.problems:
        raise LibraryError("\n".join(f"{file}, {problem}" for problem in reader.problems))
    return library


class _Reader:
    """Collects problems instead of stopping at the first."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.problems: list[str] = []

    def read(self) -> Library:
        top = self.document
        self._check_keys("the file", top, {*_TOP, *_LISTS, "year"})
        texts = {key: self._text("the file", top, key) for key in _TOP}
        if not _SLUG.fullmatch(texts["slug"]):
            self.problems.append(f"slug: “{texts['slug']}” is not made of small letters, digits and single hyphens")
        if not texts["origin"].startswith(("https://", "http://")):
            self.problems.append(f"origin: “{texts['origin']}” is not an address that begins with https://")
        year = self._year("the file", top)
        kinds, coded = self._words(top, "kinds"), self._words(top, "coded")
        self.problems += [f"coded: “{kind}” is not among the kinds" for kind in coded if kind not in kinds]
        raw: list[dict[str, Any]] = []
        for number, group in enumerate(self._tables("the file", top, "groups"), start=1):
            raw += self._group(number, group, texts["slug"], year)
        if not raw:
            self.problems.append("the file has no entries: give [[groups]], each with a name and entries")
        entries = self._linked(raw, kinds, coded, texts.pop("label"))
        return Library(**texts, entries=entries)

    def _group(self, number: int, group: dict[str, Any], library: str, year: int | None) -> list[dict[str, Any]]:
        place = f"group {number}"
        self._check_keys(place, group, {"name", "category", "entries"})
        name = self._text(place, group, "name")
        category = self._text(place, group, "category") if "category" in group else name
        found = []
        for count, entry in enumerate(self._tables(place, group, "entries"), start=1):
            at = f"{place} “{name}”, entry {count}"
            self._check_keys(at, entry, _ENTRY)
            values: dict[str, Any] = {key: self._text(at, entry, key) for key in ("code", "name")}
            values |= {key: self._text(at, entry, key) for key in _OPTIONAL if key in entry}
            values["year"] = self._year(at, entry) or year
            if values["code"] and not _CODE.fullmatch(values["code"]):
                self.problems.append(f"{at}: code “{values['code']}” is not letters, digits and hyphens between points")
            found.append({"library": library, "group": name, "category": category, **values})
        return found

    def _linked(
        self, raw: list[dict[str, Any]], kinds: list[str], coded: Collection[str], label: str
    ) -> tuple[Entry, ...]:
        """The entries with what follows from the others: level, kind, and a name that stands alone."""
        by_code: dict[str, dict[str, Any]] = {}
        occurs = Counter(values["name"] for values in raw)
        entries = []
        for values in raw:
            code, parent = values["code"], values["code"].rpartition(".")[0]
            if code in by_code:
                self.problems.append(f"code “{code}” is given a second time, for “{values['name']}”")
            above = by_code.get(parent)
            if parent and (above is None or above["group"] != values["group"]):
                self.problems.append(f"code “{code}”: there is no “{parent}” before it in the group")
            level = code.count(".")
            if level >= len(kinds):
                self.problems.append(f"code “{code}” has level {level + 1}, but kinds names only {len(kinds)}")
            by_code[code] = values
            kind = kinds[level] if level < len(kinds) else ""
            root = by_code.get(code.partition(".")[0], values)
            name, alone = values["name"], values.pop("alone", "")
            if level and occurs[name] > 1:
                alone = alone or f"{name} ({root['name'].lower()})"
            entries.append(
                Entry(
                    **values,
                    parent=parent,
                    level=level,
                    kind=kind,
                    is_coded=kind in coded,
                    full_name=alone or name,
                    citation=_citation(label, values, root, kinds, coded),
                )
            )
        return tuple(entries)

    # --- single values --------------------------------------------------------------------------------------

    def _check_keys(self, place: str, table: Mapping[str, Any], known: Collection[str]) -> None:
        self.problems += [
            f"{place}: unknown key “{key}”. Known are: {', '.join(sorted(known))}" for key in table if key not in known
        ]

    def _text(self, place: str, table: Mapping[str, Any], key: str) -> str:
        value = table.get(key, "")
        if not isinstance(value, str) or not value.strip():
            self.problems.append(f"{place}: {key} is missing or no text in quotes")
            return ""
        if key == "name" and len(value) > _LONGEST_NAME:
            self.problems.append(f"{place}: name has {len(value)} characters; at most {_LONGEST_NAME}")
        return value.strip()

    def _year(self, place: str, table: Mapping[str, Any]) -> int | None:
        value = table.get("year")
        if value is not None and not (type(value) is int and 1990 <= value <= 2100):
            self.problems.append(f"{place}: year is {value}; expected is a year such as 2016")
            return None
        return value

    def _words(self, table: Mapping[str, Any], key: str) -> list[str]:
        value = table.get(key)
        if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
            self.problems.append(f"{key} is missing or no list of texts")
            return []
        return value

    def _tables(self, place: str, table: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.problems.append(f"{place}: {key} is no list of tables")
            return []
        return value


def _citation(
    label: str, values: Mapping[str, Any], root: Mapping[str, Any], kinds: Sequence[str], coded: Collection[str]
) -> str:
    """The nearest code that is the standard's own, or else the name of the topic above, then the name."""
    kind = dict(enumerate(kinds)).get(values["code"].count("."), "")
    if kind in coded:
        where = f"{values['code']} "
    elif values is root:
        where = ""
    else:
        where = f"{root['code']} " if kinds[:1] and kinds[0] in coded else f"{root['name']}: "
    return f"{label} {where}{values['name']}" + (f" ({values['year']})" if values["year"] else "")
