"""What a translation may be, by the key of its text (surveys/texts.py). Knows no database."""

import re
from collections.abc import Iterable

from scoping.services.scope import LONGEST_TEXT
from tables.names import tidy, tidy_lines
from tables.problems import shorten

# Translations are often longer than their texts: German by a third, a short label by more.
LONGEST_LINE = 500
LONGEST_STEP = 100
_WITH_LINES = ("introduction", "closing", "privacy_note", "description")
_PLACEHOLDER = re.compile(r"\{[A-Za-z_]\w*\}|%\(\w+\)[sd]")

# The first part of a key -> where respondents read it, as headings say it.
_SECTIONS = {
    "step": "The scale",
    "issue": "Issues",
    "group": "Stakeholder groups",
    "profile": "Profile questions",
    "closing": "Thank-you page",
}


def section_of(key: str) -> str:
    """The heading under which a text stands for translators."""
    return _SECTIONS.get(key.partition(".")[0], "The beginning")


def has_lines(key: str) -> bool:
    """Whether line breaks mean something in that text."""
    return key.rpartition(".")[2] in _WITH_LINES


def limit_of(key: str) -> int:
    """How many characters a translation may have."""
    if has_lines(key):
        return LONGEST_TEXT
    return LONGEST_STEP if key.startswith("step.") else LONGEST_LINE


def clean(key: str, text: str) -> str:
    """The text to keep: without control and bidi characters, on one line unless lines mean something. Markup and
    formulas are plain text and stay."""
    return tidy_lines(text) if has_lines(key) else tidy(text)


def fault_of(key: str, source: str, text: str) -> str:
    """What is wrong with a cleaned translation; empty where nothing is."""
    limit = limit_of(key)
    if len(text) > limit:
        return f"“{shorten(text, 40)}” has {len(text):,} characters; at most {limit:,} fit. Shorten it."
    wanted, found = _placeholders(source), _placeholders(text)
    if wanted != found:
        if not wanted:
            return f"{_named(found)} stands in the translation and not in the text. Take it out."
        return f"The text has {_named(wanted)}, the translation {_named(found) or 'none'}. Put in the same as they are."
    return ""


def _placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))


def _named(placeholders: Iterable[str]) -> str:
    return ", ".join(placeholders)
