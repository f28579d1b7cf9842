"""Columns that hold answers of another kind than those that are read as ratings, and what to say of them.

Orders, choices and sliders are no ratings of each issue; a second set of ratings is named, so that it is not missed.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from surveys.imports.questions import Asked
from surveys.imports.scales import of_one_scale
from surveys.imports.seen import BINARY_WORDS, HIGHEST, Seen, is_order
from tables.names import key
from tables.problems import shorten

RANK = re.compile(
    r"\brank|\border of importance|rangfolge|reihenfolge|\brang\b|classe[rz]\b|ordene|排序|排名", re.IGNORECASE
)
# The highest number of a slider.
SLIDER = 100


@dataclass(frozen=True)
class Unused:
    """The indexes of the columns that are spoken of, and what is said."""

    columns: frozenset[int]
    notices: tuple[str, ...]


def unused_answers(
    columns: Sequence[Seen], asked: Mapping[int, Asked], rows: Sequence[Sequence[str]], *, rated: bool
) -> Unused:
    """What is said of these columns, none of which is read as a rating.

    Parameters
    ----------
    rated : whether others are. Then choices are not spoken of, since a survey asks for many things beside ratings.
    """
    notices: list[str] = []
    spoken: set[int] = set()
    for family in _families(columns, asked, rated=rated):
        if notice := _notice(family, asked, rows, rated=rated):
            notices.append(notice % {"columns": _called(family, asked)})
            spoken |= {one.column.index for one in family}
    return Unused(frozenset(spoken), tuple(notices))


def _families(columns: Sequence[Seen], asked: Mapping[int, Asked], *, rated: bool) -> list[list[Seen]]:
    """The columns of each question; those that stand alone one by one, but numbers together where nothing is rated."""
    families: defaultdict[tuple[str, int], list[Seen]] = defaultdict(list)
    for one in columns:
        if one.texts and one.column.header:
            question = asked[one.column.index].question
            together = question or (_is_slider([one]) and not rated)
            families[question, -1 if together else one.column.index].append(one)
    return list(families.values())


def _notice(family: Sequence[Seen], asked: Mapping[int, Asked], rows: Sequence[Sequence[str]], *, rated: bool) -> str:
    """What to say of the columns of one question; empty where nothing is."""
    words = list(dict.fromkeys(text for one in family for text in one.words))
    known = of_one_scale(words)
    headers = " ".join((asked[family[0].column.index].question, family[0].column.header))
    # Of many issues an order goes beyond 10 as well, but not beyond their number.
    if len(family) > 1 and _is_slider(family, above=len(family)):
        return _(
            "Not read: %(columns)s. The numbers go beyond 10, as with sliders. Turn them into a scale of at most "
            "10 steps in the file, then upload it again."
        )
    ticked = len(family) > 1 and all(_is_ticked(one, asked[one.column.index].item) for one in family)
    if not (known or ticked) and (
        is_order(family, rows) or (RANK.search(headers) and (len(family) > 1 or family[0].holds_choices))
    ):
        return _(
            "Not read: %(columns)s. An order of issues is no rating of each, so it cannot be imported. Use a question "
            "that rates every issue by itself."
        )
    if all(one.may_be_rated for one in family) and _steps(family) > 2 and (known or (not words and len(family) > 1)):
        return _(
            "Not used: %(columns)s. This looks like ratings too. Each issue takes one column of ratings; where these "
            "are the ones that count, choose them instead."
        )
    if not rated and (family[0].holds_choices or ticked):
        return _(
            "Not read: %(columns)s. Choices among issues are no ratings of each, so they cannot be imported. Use a "
            "question that rates every issue by itself."
        )
    return ""


def _is_slider(family: Sequence[Seen], *, above: int = 0) -> bool:
    """Whether all are numbers up to 100, some of them beyond 10 and beyond `above`."""
    numbers = [number for one in family for number in one.numbers]
    return all(number is not None and number <= SLIDER for number in numbers) and any(
        number is not None and number > max(HIGHEST, above) for number in numbers
    )


def _is_ticked(one: Seen, item: str) -> bool:
    """Whether a column says yes or no, or repeats its own name where it was ticked."""
    own = {key(text) for text in (*one.column.telling, item)}
    texts = {text.casefold() for text in one.texts}
    return any(texts <= pair for pair in BINARY_WORDS) or set(map(key, one.texts)) <= own


def _steps(family: Sequence[Seen]) -> int:
    return len({text for one in family for text in one.texts})


def _called(family: Sequence[Seen], asked: Mapping[int, Asked]) -> str:
    """ "How satisfied are you?" (columns G to K)."""
    first, last = family[0].column, family[-1].column
    if len(family) == 1:
        return str(first)
    question = asked[first.index].question or first.header
    return _('"%(question)s" (columns %(first)s to %(last)s)') % {
        "question": shorten(question), "first": first.letters, "last": last.letters
    }  # fmt: skip
