"""Which columns of a table are the group and the rated issues, as a mapping tells it."""

import re
from dataclasses import dataclass

from surveys.imports.headers import Column
from surveys.imports.mapping import ResponseMapping
from surveys.imports.source import Table
from tables.names import key, plain, tidy
from tables.problems import did_you_mean, shorten

# As long as the names of issues may be.
MAX_ISSUE_NAME = 300
# As many as an assessment takes; more columns than that are a mistaken pattern.
MAX_ISSUES = 500


@dataclass(frozen=True)
class ItemColumn:
    """A column of ratings and the issue that it rates."""

    column: Column
    name: str


@dataclass(frozen=True)
class ChosenColumns:
    group: Column | None
    items: tuple[ItemColumn, ...]


def choose_columns(table: Table, mapping: ResponseMapping) -> ChosenColumns:
    """Find the mapping's columns in the table.

    A header is tried in every form it has: question and item joined by a space, then the question alone, then the
    item alone, each as it is written and as it looks (NFKC). Raises MappingError.
    """
    group = _group_column(table, mapping)
    named = {
        _find(table, mapping, "items", "columns", header).index: issue
        for header, issue in mapping.item_columns.items()
    }  # fmt: skip
    pattern = mapping.pattern
    items = tuple(
        ItemColumn(column, _checked(named[column.index], column, mapping, "columns"))
        if column.index in named
        else ItemColumn(column, _issue_name(column, mapping))
        for column in table.columns
        if column.index in named or (pattern and any(pattern.search(form) for form in column.forms))
    )
    if not items:
        raise mapping.wrong(
            "items", "pattern",
            f"matches no header of {table.name}. Headers are {_some_headers(table)}. It is a regular expression: "
            r"^ is the beginning, and . ? ( ) stand for themselves only with a backslash: \?",
        )  # fmt: skip
    place = "pattern" if pattern else "columns"
    if len(items) > MAX_ISSUES:
        raise mapping.wrong("items", place, f"matches {len(items):,} columns; at most {MAX_ISSUES:,} can be rated.")
    by_name: dict[str, Column] = {}
    for item in items:
        if item.column == group:
            raise mapping.wrong("items", place, f"matches {group}, which is also the group. Make it narrower.")
        twin = by_name.setdefault(key(item.name), item.column)
        if twin != item.column:
            raise mapping.wrong(
                "items", "name" if mapping.name else place,
                f'{twin} and {item.column} both give the issue "{shorten(item.name)}". Each column must rate an issue '
                "of its own: make [items] pattern narrower, or [items] name wider.",
            )  # fmt: skip
    return ChosenColumns(group, items)


def _group_column(table: Table, mapping: ResponseMapping) -> Column | None:
    if mapping.group_column is None:
        return None
    return _find(table, mapping, "group", "column", mapping.group_column)


def _find(table: Table, mapping: ResponseMapping, section: str, name: str, header: str) -> Column:
    """The column with that header, or with those letters as "column C". Raises MappingError."""
    wanted = plain(header)
    found = [column for column in table.columns if wanted in map(plain, column.forms)]
    if not found:
        found = [column for column in table.columns if wanted.casefold() == f"column {column.letters}".casefold()]
    if not found:
        hint = did_you_mean(wanted, [form for column in table.columns for form in column.forms])
        raise mapping.wrong(
            section, name, f'{table.name} has no column "{header}".{hint} Headers are {_some_headers(table)}.'
        )
    if len(found) > 1:
        raise mapping.wrong(
            section, name,
            f'"{header}" is the header of {len(found)} columns: {", ".join(map(str, found[:5]))}. '
            "Give the joined header (question and item, with a space between) of the one that is meant, "
            f'or its place, such as "column {found[0].letters}".',
        )  # fmt: skip
    return found[0]


def _issue_name(column: Column, mapping: ResponseMapping) -> str:
    name = _by_pattern(column, mapping.name) if mapping.name else column.name
    place = "name" if mapping.name else "pattern"
    if not name:
        raise mapping.wrong("items", place, f"finds no name in the header of {column}, which [items] pattern matches.")
    return _checked(name, column, mapping, place)


def _checked(name: str, column: Column, mapping: ResponseMapping, place: str) -> str:
    if len(name) > MAX_ISSUE_NAME:
        raise mapping.wrong(
            "items",
            place,
            f"the name of the issue in {column} would have {len(name)} characters; at most {MAX_ISSUE_NAME} fit. "
            "Say with [items] name which part of the header it is.",
        )
    return name


def _by_pattern(column: Column, pattern: re.Pattern[str]) -> str:
    for form in column.forms:
        found = pattern.search(form)
        if found and found[1] and tidy(found[1]):
            return tidy(found[1])
    return ""


def _some_headers(table: Table, limit: int = 12) -> str:
    headers = [f'"{shorten(column.header, 50)}"' for column in table.columns if column.header]
    more = f" and {len(headers) - limit} more" if len(headers) > limit else ""
    return ", ".join(headers[:limit]) + more
