"""Hints at what a word in a file may mean, in the language of the page."""

from collections.abc import Iterable

from django.utils.translation import gettext

from tables.problems import nearest


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """As in `tables.problems`: a question with a leading space where the language parts sentences so, or nothing."""
    near = nearest(word, known)
    return gettext(' Did you mean "%(word)s"?') % {"word": near} if near else ""
