"""A first MAP.toml made from a file, for its owner to correct: which columns look like ratings, which like groups."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from surveys.imports.plan import LEADING_NUMBER
from surveys.imports.source import Column, Table
from tables.names import plain

SAMPLE_ROWS = 5_000
# Scales have few steps, and more kinds of respondent than this are rather names or places.
MAX_STEPS = 13
MAX_GROUPS = 20
# With fewer answers than this, a column seldom shows every step of its scale.
FEW_ROWS = 30
# How many steps scales commonly have.
USUAL_STEPS = (5, 7, 10)
NO_ANSWERS = re.compile(r"^(n/?a|none|no answer|no opinion|.*\bn/a\b.*|don['’]t know|不适用|不知道|-)$", re.IGNORECASE)
ABOUT_PEOPLE = re.compile(
    r"group|role|stakeholder|department|function|describes? you|who are you|relation|gender|\bage\b|身份|部门|类别",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Seen:
    """The different texts of a column, in order of appearance, those that look like no answer apart."""

    column: Column
    texts: tuple[str, ...]
    no_answers: tuple[str, ...]


def starter_mapping(table: Table) -> str:
    """The text of a MAP.toml for the table. It is valid TOML, but the numbers of labels have to be filled in."""
    seen = _look(table)
    few = sum(1 for _ in islice(table.rows(), FEW_ROWS)) < FEW_ROWS
    rated = _akin(seen) if few else _alike(seen)
    rest = [one for one in seen if one not in rated]
    return "\n".join((*_group_lines(rest), "", *_item_lines(rated, seen), "", *_rating_lines(rated, few=few))) + "\n"


def _look(table: Table) -> list[_Seen]:
    texts: list[dict[str, None]] = [{} for _ in table.columns]  # sets that keep the order
    for row in islice(table.rows(), SAMPLE_ROWS):
        for told, cell in zip(texts, row.cells, strict=True):
            if cell and len(told) <= MAX_GROUPS + 1:
                told.setdefault(plain(cell))
    found = []
    for column, told in zip(table.columns, texts, strict=True):
        empty = tuple(text for text in told if NO_ANSWERS.match(text))
        found.append(_Seen(column, tuple(text for text in told if text and text not in empty), empty))
    return found


def _alike(seen: Sequence[_Seen]) -> list[_Seen]:
    """The largest set of columns that draw on the same few answers."""
    best: list[_Seen] = []
    for model in seen:
        steps = set(model.texts)
        if not 3 <= len(steps) <= MAX_STEPS:
            continue
        family = [one for one in seen if len(one.texts) > 1 and set(one.texts) <= steps]
        if len(family) > max(len(best), 1):
            best = family
    return best


def _akin(seen: Sequence[_Seen]) -> list[_Seen]:
    """The largest set of columns that may draw on the same answers, though none shows all of them.

    Words are shared with another column of the set; numbers are those of a usual scale.
    """
    best: list[_Seen] = []
    candidates = [one for one in seen if 2 <= len(one.texts) <= MAX_STEPS and not _other_numbers(one)]
    for model in candidates:
        steps, family = set(model.texts), [model]
        grown = True
        while grown:
            kin = [one for one in candidates if one not in family and _shares(one.texts, steps)]
            grown = bool(kin)
            family += kin
            steps.update(*(one.texts for one in kin))
        if 3 <= len(steps) <= MAX_STEPS and len(family) > max(len(best), 1):
            best = family
    return sorted(best, key=lambda one: one.column.index)


def _shares(texts: Sequence[str], steps: set[str]) -> bool:
    words = {text for text in texts if not LEADING_NUMBER.match(text)}
    return bool(words & steps) if words else any(map(LEADING_NUMBER.match, steps))


def _other_numbers(one: _Seen) -> bool:
    """Whether the column holds numbers that no usual scale has, such as years or identifiers."""
    numbers = (LEADING_NUMBER.match(text) for text in one.texts if text[0].isdigit())
    return any(number is None or not 1 <= int(number[1]) <= USUAL_STEPS[-1] for number in numbers)


def _group_lines(columns: Sequence[_Seen]) -> Iterator[str]:
    candidates = [one for one in columns if 2 <= len(one.texts) <= MAX_GROUPS and one.column.header]
    candidates.sort(
        key=lambda one: (not ABOUT_PEOPLE.search(one.column.header), all(map(LEADING_NUMBER.match, one.texts)))
    )
    yield "[group]"
    if not candidates:
        yield '# No column looks like a kind of respondent. One group for all; or give column = "..." instead.'
        yield 'name = "Respondents"'
    for number, one in enumerate(candidates[:8]):
        yield f"{'' if number == 0 else '# '}column = {_quoted(one.column.header)}"
        yield f"#   holds {', '.join(map(_quoted, one.texts[:8]))}{', ...' if len(one.texts) > 8 else ''}"
    yield "internal = []  # the groups that speak for the company; the rest are external"


def _item_lines(rated: Sequence[_Seen], seen: Sequence[_Seen]) -> Iterator[str]:
    yield "[items]"
    if not rated:
        headers = [one.column.header for one in seen if one.column.header]
        yield "# No set of columns looks like ratings. Headers are:"
        yield from (f"#   {header}" for header in headers[:40])
        yield 'pattern = "^..."'
        return
    columns = [one.column for one in rated]
    prefix = _common_beginning([column.header for column in columns])
    others = [one.column.header for one in seen if one not in rated]
    if len(prefix) >= 4 and not any(header.startswith(prefix) for header in others):
        pattern = "^" + re.escape(prefix.rstrip()).replace("\\ ", " ")
    else:
        pattern = "^(" + "|".join(re.escape(column.header).replace("\\ ", " ") for column in columns) + ")$"
    yield f"# {len(columns)} columns: {', '.join(_quoted(column.name) for column in columns[:4])}, ..."
    yield f"pattern = {_quoted(pattern)}"


def _common_beginning(headers: Sequence[str]) -> str:
    # What the least and the greatest share, all between them share.
    least, greatest = min(headers), max(headers)
    same = takewhile(lambda pair: pair[0] == pair[1], zip(least, greatest, strict=False))
    return "".join(letter for letter, _ in same)


def _rating_lines(rated: Sequence[_Seen], *, few: bool) -> Iterator[str]:
    texts = list(dict.fromkeys(text for one in rated for text in one.texts))
    numbers = [number for text in texts if (number := LEADING_NUMBER.match(text))]
    steps = [int(number[1]) for number in numbers]
    words = [text for text in texts if not LEADING_NUMBER.match(text)]
    high = max(steps) if steps else max(len(words), 2)
    if few or (steps and words) or not rated:
        # Not every step was seen, or some are words among numbers: the usual scale that has room for all.
        high = next((usual for usual in USUAL_STEPS if usual >= high), high)
    yield "[ratings]"
    yield (
        f"scale = [1, {high}]" if not steps or min(steps) >= 1 else f"scale = [1, {high}]  # there are answers below 1"
    )
    yield f"no_answer = {_list(sorted({text for one in rated for text in one.no_answers}))}"
    if words:
        yield "# Give each text its number on the scale, or move it to no_answer."
        yield "[ratings.labels]"
        yield from (f"{_quoted(word)} = 0" for word in words)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _list(texts: Sequence[str]) -> str:
    return "[" + ", ".join(map(_quoted, [*texts, ""])) + "]"
