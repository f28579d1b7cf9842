"""The keys of a case file: which there are, which are required, and what each may hold.

The longest texts are those of the database columns that they go to (a test holds them together).
"""

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from scoping.cases.errors import did_you_mean

VERSION = 1
SIDES = ("internal", "external")
STAGES = ("dialogue", "determining", "criteria", "results", "confirmation")
KINDS = ("interview", "survey", "expert", "media", "peers", "guideline")
GOALS = range(1, 18)
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
    words: Sequence[str] = ()

    def expected(self, found: object = None) -> str:
        if self.limit is not None and isinstance(found, str) and len(found) > self.limit:
            return f"at most {self.limit} characters, not {len(found)}"
        return did_you_mean(found, self.words) if len(self.words) > 2 and isinstance(found, str) else self.meaning


def _is_text(value: Any, limit: int) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= limit


def _text(meaning: str, limit: int, *, required: bool = False) -> Rule:
    return Rule(f"{meaning}, a text in quotes", lambda value: _is_text(value, limit), required, limit, str.strip)


def _texts(meaning: str, limit: int, *, example: str) -> Rule:
    def accepts(value: Any) -> bool:
        return isinstance(value, list) and all(_is_text(text, limit) and "\n" not in text for text in value)

    def convert(value: list[str]) -> tuple[str, ...]:
        return tuple(text.strip() for text in value)

    return Rule(
        f"{meaning}, a list of texts of at most {limit} characters, such as {example}", accepts, convert=convert
    )


def _word(words: Sequence[str], *, required: bool = True) -> Rule:
    return Rule(" or ".join(words), lambda value: value in words, required, words=words)


def _code(meaning: str, limit: int = 60) -> Rule:
    def accepts(value: Any) -> bool:
        return isinstance(value, str) and len(value) <= limit and bool(_CODE.fullmatch(value))

    return Rule(f"{meaning}: small letters, digits and single hyphens", accepts, True, limit)


def _count(meaning: str, *, least: int, most: int = 10_000, required: bool = False) -> Rule:
    def accepts(value: Any) -> bool:
        return _is_whole(value) and least <= value <= most

    return Rule(f"{meaning}, a whole number from {least}", accepts, required)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_weight(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    weight = Decimal(value)
    return weight.is_finite() and 0 <= weight < _WEIGHT_LIMIT and weight == weight.quantize(_WEIGHT_STEP)


def _are_goals(value: Any) -> bool:
    if not isinstance(value, list) or not all(_is_whole(goal) and goal in GOALS for goal in value):
        return False
    return len(set(value)) == len(value)


def _is_link(value: Any) -> bool:
    if not _is_text(value, 500):
        return False
    parts = urlsplit(value)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _is_date(value: Any) -> bool:
    return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)


def _yes_or_no(meaning: str) -> Rule:
    return Rule(f"{meaning}: true or false", lambda value: isinstance(value, bool))


def _table(meaning: str, *, required: bool = False) -> Rule:
    return Rule(meaning, lambda value: isinstance(value, dict), required)


def _entries(name: str, *, required: bool = False) -> Rule:
    def accepts(value: Any) -> bool:
        rows = isinstance(value, list) and all(isinstance(row, dict) for row in value)
        return rows and (bool(value) or not required)

    return Rule(f"entries that each begin with [[{name}]]", accepts, required)


_SOURCE = _text("the place in the report: heading and item or row", 300, required=True)
_READING = _text("what the report leaves open, and why it is read this way", 2000)
_GROUP = _text("the code of a group", 60, required=True)
_ISSUE = _text("the code of an issue", 60)

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
        "with_survey": _yes_or_no("whether respondents are asked; without a survey the list is the result"),
        "report": _table("a table that begins with [report]", required=True),
        "tiers": _entries("tiers"),
        "groups": _entries("groups"),
        "channels": _entries("channels"),
        "issues": _entries("issues", required=True),
        "concerns": _entries("concerns"),
        "pillars": _entries("pillars"),
        "process": _entries("process"),
        "criteria": _entries("criteria"),
        "index": _entries("index"),
        "mentions": _entries("mentions"),
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
        "side": _word(SIDES),
        "weight": Rule(
            "a number from 0 to 99999.9999 with at most four decimals", _is_weight, convert=lambda value: Decimal(value)
        ),
        "headcount": _count("how many people belong to the group", least=1, most=2_000_000_000),
        "relevance": _text("why the group matters to the company", 2000),
        "source": _SOURCE,
        "reading": _READING,
    },
    "channels": {
        "group": _GROUP,
        "name": _text("the way in which company and group talk, as the report prints it", 300, required=True),
        "frequency": _text('how often, such as "each quarter"', 120),
        "source": _SOURCE,
        "reading": _READING,
    },
    "issues": {
        "code": _code("a short name for exports"),
        "name": _text("the name of the issue", 300, required=True),
        "category": _text("the category of the issue", 120),
        "description": _text("one sentence that a respondent understands", 2000),
        "meaning": _text("what the issue means to the company", 5000),
        "practice": _text("what the company does about it", 5000),
        "improvement": _text("what the company will do better", 5000),
        "chapters": _texts("the chapters of the report about it", 300, example='["3.1 Water", "3.2 Noise"]'),
        "sdgs": Rule(
            "Sustainable Development Goals: a list such as [7, 13] of whole numbers from 1 to 17, each once",
            _are_goals,
            convert=lambda value: tuple(sorted(value)),
        ),
        "owners": _text("who answers for it in the company", 300),
        "published": _table('the published result, such as { rank = 1, tier = "Highly important" }'),
        "source": _SOURCE,
        "reading": _READING,
    },
    "issues.published": {
        "rank": _count("the published rank", least=1),
        "tier": _text("the name of a tier", 80, required=True),
    },
    "concerns": {
        "group": _GROUP,
        "topic": _text("the topic as the report prints it", 300, required=True),
        "issue": _ISSUE,
        "response": _text("what the company answers", 2000),
        "source": _SOURCE,
        "reading": _READING,
    },
    "pillars": {
        "name": _text("the name of the pillar", 200, required=True),
        "topics": _texts("what the model names under the pillar", 300, example='["Clean water", "Quiet nights"]'),
        "issues": _texts("the codes of the issues that it carries", 60, example='["water", "noise"]'),
        "source": _SOURCE,
        "reading": _READING,
    },
    "process": {
        "stage": _word(STAGES),
        "text": _text("what was done, in one sentence", 2000, required=True),
        "by": _text("who did it", 200),
        "on": _text('the day or period, such as "March 2022"', 60),
        "source": _SOURCE,
        "reading": _READING,
    },
    "criteria": {
        "name": _text("the criterion", 200, required=True),
        "description": _text("what a high mark means", 2000),
        "must_have": _yes_or_no("whether an issue has to meet it"),
        "source": _SOURCE,
    },
    "index": {
        "framework": _code("the framework that the code is of", 40),
        "code": _text("the code of the disclosure", 40, required=True),
        "title": _text("what is disclosed", 300, required=True),
        "location": _text("where the report answers it", 300),
        "issue": _ISSUE,
        "source": _SOURCE,
        "reading": _READING,
    },
    "mentions": {
        "issue": _text("the code of an issue", 60, required=True),
        "kind": _word(KINDS),
        "source": _text("who or what named the issue, and the place in the report that says so", 300, required=True),
        "found_on": Rule("a day without quotes, such as 2022-05-20", _is_date),
        "quotation": _text("the words in which it was named", 2000),
        "link": Rule("an address that begins with https://", _is_link, limit=500),
        "reference": _text('the entry of a library, such as "gri:305"', 80),
        "reading": _READING,
    },
}
