"""The keys of a case file: which there are, which are required, and what each may hold.

The longest texts are those of the database columns that they go to (a test holds them together).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

VERSION = 1
SIDES = ("internal", "external")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WEIGHT_LIMIT = Decimal(100_000)
_WEIGHT_STEP = Decimal("0.0001")


@dataclass(frozen=True)
class Rule:
    """What one key may hold."""

    meaning: str
    accepts: Callable[[Any], bool]
    required: bool = False
    limit: int | None = None
    convert: Callable[[Any], Any] = lambda value: value

    def expected(self, found: object = None) -> str:
        too_long = self.limit is not None and isinstance(found, str) and len(found) > self.limit
        return f"at most {self.limit} characters, not {len(str(found))}" if too_long else self.meaning


def _text(meaning: str, limit: int, *, required: bool = False) -> Rule:
    def accepts(value: Any) -> bool:
        return isinstance(value, str) and bool(value.strip()) and len(value) <= limit

    return Rule(f"{meaning}, a text in quotes", accepts, required, limit, str.strip)


def _code(meaning: str, limit: int = 60) -> Rule:
    def accepts(value: Any) -> bool:
        return isinstance(value, str) and len(value) <= limit and bool(_CODE.fullmatch(value))

    return Rule(f"{meaning}: small letters, digits and single hyphens", accepts, True, limit)


def _count(meaning: str, *, least: int, required: bool = False) -> Rule:
    def accepts(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= 10_000

    return Rule(f"{meaning}, a whole number from {least}", accepts, required)


def _is_weight(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    weight = Decimal(value)
    return weight.is_finite() and 0 <= weight < _WEIGHT_LIMIT and weight == weight.quantize(_WEIGHT_STEP)


def _table(meaning: str, *, required: bool = False) -> Rule:
    return Rule(meaning, lambda value: isinstance(value, dict), required)


def _entries(name: str, *, required: bool = False) -> Rule:
    def accepts(value: Any) -> bool:
        rows = isinstance(value, list) and all(isinstance(row, dict) for row in value)
        return rows and (bool(value) or not required)

    return Rule(f"entries that each begin with [[{name}]]", accepts, required)


_SOURCE = _text("the place in the report: heading and item or row", 300, required=True)
_READING = _text("what the report leaves open, and why it is read this way", 2000)

TABLES: dict[str, dict[str, Rule]] = {
    "": {
        "format": Rule(
            f"format = {VERSION}, the version of this file format",
            lambda value: type(value) is int and value == VERSION,
            required=True,
        ),
        "slug": _code("the short name of the case"),
        "name": _text("the name of the assessment", 200, required=True),
        "company": _text("the company's name", 200, required=True),
        "reporting_period": _text('the period, such as "2022"', 60, required=True),
        "report": _table("a table that begins with [report]", required=True),
        "tiers": _entries("tiers"),
        "groups": _entries("groups"),
        "issues": _entries("issues", required=True),
        "concerns": _entries("concerns"),
    },
    "report": {
        "title": _text("the title of the report", 180, required=True),
        "publisher": _text("who published the report", 200),
        "chapter": _text("the chapter that the case comes from", 110),
        "standard": _text("the standard that the report follows", 200),
        "sources": _table("a table that begins with [report.sources]"),
    },
    "report.sources": {
        key: _text(f"the place in the report that gives the {key}", 300)
        for key in ("company", "reporting_period", "publisher", "chapter", "standard")
    },
    "tiers": {
        "name": _text("the name of the tier", 80, required=True),
        "count": _count("how many issues the tier holds", least=1),
        "source": _SOURCE,
    },
    "groups": {
        "code": _code("a short name for exports"),
        "name": _text("the name of the group", 120, required=True),
        "side": Rule("internal or external", lambda value: value in SIDES, required=True),
        "weight": Rule(
            "a number from 0 to 99999.9999 with at most four decimals", _is_weight, convert=lambda value: Decimal(value)
        ),
        "source": _SOURCE,
        "reading": _READING,
    },
    "issues": {
        "code": _code("a short name for exports"),
        "name": _text("the name of the issue", 300, required=True),
        "category": _text("the category of the issue", 120),
        "description": _text("one sentence that a respondent understands", 2000),
        "published": _table('the published result, such as { rank = 1, tier = "Highly important" }'),
        "source": _SOURCE,
        "reading": _READING,
    },
    "issues.published": {
        "rank": _count("the published rank", least=1),
        "tier": _text("the name of a tier", 80, required=True),
    },
    "concerns": {
        "group": _text("the code of a group", 60, required=True),
        "topic": _text("the topic as the report prints it", 300, required=True),
        "issue": _text("the code of an issue", 60),
        "response": _text("what the company answers", 2000),
        "source": _SOURCE,
        "reading": _READING,
    },
}
