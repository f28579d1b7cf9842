"""What a translation may be, by the key of its text (surveys/texts.py). Knows no database."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
    "step": gettext_lazy("The scale"),
    "issue": gettext_lazy("Issues"),
    "group": gettext_lazy("Stakeholder groups"),
    "profile": gettext_lazy("Profile questions"),
    "closing": gettext_lazy("Thank-you page"),
}


def section_of(key: str) -> str:
    """The heading under which a text stands for translators."""
    return str(_SECTIONS.get(key.partition(".")[0], _("The beginning")))


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
        return _("“%(text)s” has %(length)s characters; at most %(limit)s fit. Shorten it.") % {
            "text": shorten(text, 40),
            "length": f"{len(text):,}",
            "limit": f"{limit:,}",
        }
    wanted, found = _placeholders(source), _placeholders(text)
    if wanted != found:
        if not wanted:
            return _("%(found)s stands in the translation and not in the text. Take it out.") % {"found": _named(found)}
        if not found:
            return _("The text has %(wanted)s, the translation none. Put in the same as they are.") % {
                "wanted": _named(wanted)
            }
        return _("The text has %(wanted)s, the translation %(found)s. Put in the same as they are.") % {
            "wanted": _named(wanted),
            "found": _named(found),
        }
    return ""


def _placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))


def _named(placeholders: Iterable[str]) -> str:
    return ", ".join(placeholders)
