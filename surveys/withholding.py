"""Which counts of people may be shown, so that nothing about fewer than k of them shows or can be worked out.

Pure: counts in, counts out, None where a count is withheld. k is the survey's smallest group.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from surveys.models import Anonymity, Survey


def smallest_group(survey: Survey) -> int:
    """k of the survey. Where the working group sees who answered what, there is nothing left to withhold."""
    return 1 if survey.anonymity == Anonymity.IDENTIFIED else survey.minimum_group


def told(count: int, k: int) -> str:
    """A number of people in words that may be shown, in English: records keep it."""
    return f"fewer than {k}" if 0 < count < k else f"{count:,}"


def told_here(count: int, k: int) -> str:
    """As `told`, in the language of the page."""
    return _("fewer than %(k)d") % {"k": k} if 0 < count < k else f"{count:,}"


@dataclass(frozen=True)
class Withheld:
    """A row of counts as it may be shown, and its total. None = withheld."""

    cells: tuple[int | None, ...]
    total: int | None


def revealing(count: int, of: int, k: int) -> bool:
    """Whether to say "`count` of `of` people" speaks of fewer than k: of those counted, or of all the others."""
    return 0 < count < k or 0 < of - count < k


def withhold(counts: Sequence[int], of: Sequence[int], k: int) -> Withheld:
    """Counts of people per group, next to a total of them all.

    Whoever knows the total and all cells but one knows that one too. So the withheld cells together must be such that
    their sum could be shown, and at least two: the smallest of the others go with them until that holds. Where all of
    them would not be enough, the total is withheld instead.

    Parameters
    ----------
    counts : people in each cell who have something in common.
    of : all people of each cell; shown elsewhere, so that a cell of nearly all speaks of the few others.
    k : the smallest number of people of whom something may be said.
    """
    hidden = {place for place, count in enumerate(counts) if revealing(count, of[place], k)}
    total: int | None = sum(counts)
    if revealing(sum(counts), sum(of), k):
        total = None
    if hidden and total is not None:
        wider = _closed(hidden, counts, of, k)
        if wider is None:
            total = None
        else:
            hidden = wider
    return Withheld(tuple(None if place in hidden else count for place, count in enumerate(counts)), total)


def _closed(hidden: set[int], counts: Sequence[int], of: Sequence[int], k: int) -> set[int] | None:
    """The withheld cells and those that have to go with them; None where no number of them helps."""
    wider = set(hidden)
    others = sorted((place for place in range(len(counts)) if place not in hidden), key=lambda at: (counts[at], at))
    # A cell of nobody hides nothing, as everybody can see that it would not have helped.
    others = [place for place in others if counts[place]]
    while True:
        together, people = sum(counts[at] for at in wider), sum(of[at] for at in wider)
        if len(wider) >= 2 and not revealing(together, people, k):
            return wider
        if not others:
            return None
        wider.add(others.pop(0))


@dataclass(frozen=True)
class Span:
    """Neighbouring cells from `first` to `last`, both included, that are told as one number of people."""

    first: int
    last: int
    people: int


def spans(counts: Sequence[int], k: int) -> list[Span]:
    """Neighbouring cells joined until each span holds nobody or at least k people; none where all are fewer than k.

    For a histogram, whose cells have an order. Cells of nobody beside a span of at least k stay by themselves, joined
    to one another.
    """
    if 0 < sum(counts) < k:
        return []
    joined: list[Span] = []
    first, people = 0, 0
    for place, count in enumerate(counts):
        if people == 0 and count and first < place:
            joined.append(Span(first, place - 1, 0))
            first = place
        people += count
        if people >= max(k, 1):
            joined.append(Span(first, place, people))
            first, people = place + 1, 0
    if people:
        # What is left at the end is too few: it goes with the last span that holds people, and what is between.
        while joined and joined[-1].people == 0:
            joined.pop()
        before = joined.pop()
        joined.append(Span(before.first, len(counts) - 1, before.people + people))
    elif first < len(counts):
        joined.append(Span(first, len(counts) - 1, 0))
    return joined


Snapshot = Mapping[str, Any]


def lagged(kept: Mapping[str, Any], now: Snapshot, *, ended: bool, k: int) -> dict[str, Any]:
    """Which look at answers may be shown, so that two looks never differ by fewer than k people.

    As surveys/release.py does it with results; only that a first look at 2 k people or more is shown at once.

    Parameters
    ----------
    kept : {"shown", "next"} as this function returned it before; {} at first.
    now : what was found now; "answers" in it is how many people it is about.
    ended : whether the survey takes no answers any more.

    Returns
    -------
    {"shown", "next"} : `shown` is a look that may be shown, None while there is none; `next` is a later one, at least k
    people further, that will be shown when another k have come, or at the end.
    """
    shown, following = kept.get("shown"), kept.get("next")
    if k <= 1 or not now["answers"]:
        return {"shown": now, "next": now}
    away = _apart(now, shown)
    if (ended and (shown is None or away == 0 or away >= k)) or (following is None and now["answers"] >= 2 * k):
        return {"shown": now, "next": now}
    if _apart(now, following) >= k:
        return {"shown": following, "next": now}
    # The same people may be told anew.
    return {
        "shown": now if shown and away == 0 else shown,
        "next": now if following and _apart(now, following) == 0 else following,
    }


def _apart(one: Snapshot, other: Snapshot | None) -> int:
    return abs(int(one["answers"]) - int(other["answers"] if other else 0))
