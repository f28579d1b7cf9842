"""What the columns of a file hold: the different texts of each, and whether they may be the steps of a scale."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from surveys.imports.headers import Column
from surveys.imports.scales import is_no_answer, of_one_scale, rating_number
from surveys.imports.source import Table
from surveys.imports.tools import about_respondent
from tables.names import key, plain

# Different texts of a column that are looked at; more than so many come from a column of free text.
MAX_TEXTS = 200
# Scales have few steps, and more kinds of respondent than this are rather names or places.
MAX_STEPS = 13
LONGEST_STEP = 80
# The highest number of a usual scale.
HIGHEST = 10
# What stands between the choices in one cell.
BETWEEN_CHOICES = re.compile(r"\s*;\s*|,\s+")
BINARY_WORDS = tuple(
    frozenset(pair.split())
    for pair in (
        "yes no", "ja nein", "oui non", "sí no", "si no", "sim não", "ja nee", "是 否", "true false", "y n",
        "checked unchecked", "wahr falsch", "vrai faux", "有 没有",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """The different texts of a column, in order of appearance, those that are no answer apart."""

    column: Column
    texts: tuple[str, ...]
    no_answers: tuple[str, ...]
    answered: int
    about: str = ""

    @cached_property
    def numbers(self) -> tuple[int | None, ...]:
        return tuple(map(rating_number, self.texts))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The texts that give no number."""
        return tuple(text for text, number in zip(self.texts, self.numbers, strict=True) if number is None)

    @cached_property
    def may_be_rated(self) -> bool:
        """Whether its texts may be the steps of a scale."""
        if not 1 <= len(self.texts) <= MAX_STEPS or {text.casefold() for text in self.texts} in BINARY_WORDS:
            return False
        if any(number is not None and number > HIGHEST for number in self.numbers):
            return False
        if self.holds_choices and not of_one_scale(self.words):
            return False
        # A choice that is ticked repeats its own name; a number among words is none of a scale.
        own = {key(text) for text in self.column.telling}
        digits = any(text[:1].isdigit() for text in self.words)
        return not digits and max(map(len, self.texts)) <= LONGEST_STEP and not own & set(map(key, self.texts))

    @cached_property
    def holds_choices(self) -> bool:
        """Whether its cells list several of the same things, such as "Water; Wages;": choices, or an order."""
        lists = [[part for part in BETWEEN_CHOICES.split(text) if part] for text in self.texts]
        several = [parts for parts in lists if len(parts) > 1]
        total, distinct = sum(map(len, several)), len({part for parts in several for part in parts})
        return 2 * len(several) >= len(lists) > 0 and 2 * distinct <= total


def look(table: Table, rows: Iterable[Sequence[str]]) -> tuple[Seen, ...]:
    """What each column holds in these rows."""
    told: list[Counter[str]] = [Counter() for _ in table.columns]
    for cells in rows:
        for counter, cell in zip(told, cells, strict=True):
            if cell and (cell in counter or len(counter) <= MAX_TEXTS):
                counter[cell] += 1
    found = []
    for column, counter in zip(table.columns, told, strict=True):
        texts: dict[str, None] = {}
        for cell in counter:
            texts.setdefault(plain(cell))
        texts.pop("", None)
        empty = tuple(text for text in texts if is_no_answer(text))
        answers = tuple(text for text in texts if text not in empty)
        one = Seen(column, answers, empty, counter.total())
        rated = one.may_be_rated and (not one.words or of_one_scale(one.words))
        found.append(
            Seen(column, answers, empty, one.answered, about_respondent(column, answers or empty, rated=rated))
        )
    return tuple(found)


def is_order(family: Sequence[Seen], rows: Sequence[Sequence[str]]) -> bool:
    """Whether nearly everybody gave each answer once: an order, which is no rating."""
    indexes = [one.column.index for one in family]
    full = [answers for cells in rows if all(answers := [cells[index].strip() for index in indexes])]
    return len(indexes) > 2 and bool(full) and sum(len(set(one)) == len(one) for one in full) > 0.9 * len(full)
