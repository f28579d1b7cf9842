"""What a run says in words, in the language of the page.

A run keeps its sentences in English: they may be signed, and a signed document never changes. In another language each
is made anew from what it was made of, and only where that gives the kept words in English too. What an earlier version
worded otherwise, or kept without what it was made of, stays in English.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.utils import translation

from materiality.choices import kept_choices, told_choices
from materiality.notes import in_words
from materiality.results import method_sentence
from materiality.scoring.method import Method
from scoping.wording import is_english, run_on
from surveys.models import IssueQuestion
from surveys.wording import scoring_of

Results = Mapping[str, Any]


def told_method(results: Results) -> str:
    """How the result was computed, in sentences."""
    return _told(str(results["method_sentence"]), lambda: _method_of(results))


def told_notes(results: Results) -> list[str]:
    """What a reader of the result must know, most general first."""
    notes, facts = list(results.get("notes", [])), results.get("note_facts", [])
    if len(notes) != len(facts):
        return notes
    return [_told(note, partial(in_words, made_of)) for note, made_of in zip(notes, facts, strict=True)]


def language_of(told: object, kept: object) -> str:
    """The language of `told` where it is not that of the page: "en" for what could only be shown as it was kept."""
    return "en" if told == kept and not is_english() else ""


def notes_with_language(results: Results) -> list[tuple[str, str]]:
    """`told_notes`, each with its language where that is not the page's."""
    told = told_notes(results)
    return [(note, language_of(note, kept)) for note, kept in zip(told, results.get("notes", []), strict=True)]


def choices_in_words(results: Results) -> list[dict[str, str]]:
    """Every choice of the method with what it means; empty for old runs, which did not keep it."""
    kept: list[dict[str, str]] = results.get("choices", [])
    rated = results.get("question", IssueQuestion.RATING) == IssueQuestion.RATING
    if is_english() or not kept:
        return kept
    method = Method.from_dict(results["method"])
    return told_choices(method, rated=rated) if kept_choices(method, rated=rated) == kept else kept


def _told(kept: str, made: Callable[[], str]) -> str:
    """`made` in the language of the page, if it makes what was kept."""
    if is_english():
        return kept
    try:
        with translation.override("en"):
            if made() != kept:
                return kept
        return made()
    except (KeyError, TypeError, ValueError):  # made of something that this version does not know
        return kept


def _method_of(results: Results) -> str:
    left_out = results.get("scenario", {}).get("left_out_issues", [])
    issues = len(results["issues"]) + len(left_out)
    asked = results.get("question", IssueQuestion.RATING)
    return run_on([scoring_of(asked, issues), method_sentence(Method.from_dict(results["method"]))])
