"""The case file: a company's published materiality result as data, and the strict reading of it.

Strict, because a typo that is passed over becomes a fact that the report never stated. Every mistake is named
with its file and line, what was found there and what belongs there. Knows TOML and its own rules, no database.
"""

import tomllib
from decimal import Decimal

from scoping.cases.checks import problems_of
from scoping.cases.entries import (
    Case,
    CaseChannel,
    CaseConcern,
    CaseCriterion,
    CaseEntry,
    CaseGroup,
    CaseIssue,
    CaseMention,
    CasePillar,
    CaseStep,
    CaseTier,
    Published,
    Report,
)
from scoping.cases.errors import CaseError, Problem
from scoping.cases.reading import read
from scoping.cases.source import LineIndex

__all__ = [
    "Case",
    "CaseChannel",
    "CaseConcern",
    "CaseCriterion",
    "CaseEntry",
    "CaseGroup",
    "CaseIssue",
    "CaseMention",
    "CasePillar",
    "CaseStep",
    "CaseTier",
    "Published",
    "Report",
    "parse_case",
]


def parse_case(text: str, *, file: str) -> Case:
    """
    The case that `text` describes.

    Raises
    ------
    CaseError
        With every problem found, each with its line. Nothing is guessed and nothing is left out.
    """
    try:
        # Weights are money-like: 0.1 means a tenth, not the nearest binary fraction.
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise CaseError(file, [Problem.from_toml(error, text)]) from error
    lines = LineIndex(text.replace("\r\n", "\n"))
    case, problems = read(document, lines)
    if case is not None:
        problems = problems_of(case, lines)
    if case is None or problems:
        raise CaseError(file, problems)
    return case
