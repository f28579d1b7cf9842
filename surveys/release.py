"""Which state of a tally may be shown, so that no two results differ by the answers of fewer than k people.

Whoever sees the mean of 7 people today and of 8 tomorrow knows the eighth answer. So while a survey takes answers,
what is shown lags behind what is counted, for each item by itself, in steps of at least k people whose ratings were in
no earlier state: `next` is a state on its way to be shown, and becomes it when k more ratings have come after it. Each
state has k people of its own, so no combination of them is about fewer. Answers that go, or that were counted before
and come back, make no step: they show in the next one. One person who changes an answer often is one person.

Because `next` is k ratings ahead of `shown`, the whole count can be shown once the survey is closed. After that, what
differs from what is shown by the ratings of fewer than k people stays held back until it is more, and a result of k
people does not become one of fewer.

Simulated answers are nobody's, and with k = 1 (identified surveys) there is nothing to protect: both are shown at once.
"""

import numpy as np
from django.db.models import F, Q, QuerySet
from numpy.typing import NDArray

from surveys.models import GroupTally
from surveys.tally import Tally

Mask = NDArray[np.bool_]


def shift(row: GroupTally, tally: Tally, *, k: int, removed: Tally | None = None, known: bool = False) -> None:
    """Take over a new count into the row (not saved), and move on what may be shown.

    Parameters
    ----------
    tally : the count now.
    k : the smallest number of people whose result is shown.
    removed : answers that went since the row's count before. What came is the difference that is left.
    known : what came was counted before, and may have been shown.
    """
    before = Tally.from_bytes(bytes(row.packed)) if row.packed else Tally.empty(tally.items, tally.scale)
    gone = removed.counts if removed else np.zeros(tally.items, np.int64)
    came = np.maximum(tally.counts - before.counts + gone, 0)
    row.respondents = tally.respondents
    row.packed = tally.to_bytes()
    if row.simulated or k <= 1:
        settle_at_once(row)
        return
    # Whether those who went had come since `next` is not known: at least so many are left of those who had.
    moved = np.maximum(_moved(row, tally.items) - gone, 0) + (0 if known else came)
    on = moved >= k
    if on.any():
        upcoming = _state(row.next, tally)
        row.shown = _state(row.shown, tally).updated(upcoming, on).to_bytes()
        row.next = upcoming.updated(tally, on).to_bytes()
    row.moved = np.where(on, 0, moved).tolist()


def read(rows: QuerySet[GroupTally], *, ended: bool) -> list[GroupTally]:
    """The rows with what `visible` and `shows_all` look at. States are large: what is on its way to be shown is not
    read, nor the whole count while the survey takes answers."""
    unused = ("next",) if ended else ("next", "packed")
    return list(rows.defer(*unused).annotate(is_shown=Q(shown=F("packed"))))


def visible(row: GroupTally, *, ended: bool, k: int) -> Tally | None:
    """The tally that may be shown now; None while there is none.

    Parameters
    ----------
    ended : whether the survey takes no answers any more.
    k : the smallest number of people whose result is shown.
    """
    if not ended:
        return None if row.shown is None else Tally.from_bytes(bytes(row.shown))
    whole = Tally.from_bytes(bytes(row.packed))
    return _state(row.shown, whole).updated(whole, _may_end(row, whole, k))


def shows_all(row: GroupTally, shown: Tally, *, ended: bool) -> bool:
    """Whether `shown`, which is visible of that row as `read` gave it, is all that is counted."""
    if not row.respondents:
        return True
    if not ended:
        return bool(row.is_shown)  # type: ignore[attr-defined]
    return shown.to_bytes() == bytes(row.packed)


def may_end(row: GroupTally, *, k: int) -> bool:
    """Whether all that is counted can be shown at the end: of each item nothing was shown yet, or enough changed."""
    return bool(_may_end(row, Tally.from_bytes(bytes(row.packed)), k).all())


def settle(row: GroupTally, *, k: int) -> bool:
    """Note (not saved) what is shown from now on, after the end. Says whether it is the whole count."""
    whole = Tally.from_bytes(bytes(row.packed))
    free = _may_end(row, whole, k)
    shown = _state(row.shown, whole).updated(whole, free)
    row.shown = row.next = shown.to_bytes()
    row.moved = np.where(free, 0, _moved(row, whole.items)).tolist()
    return bool(free.all())


def settle_at_once(row: GroupTally) -> None:
    """Have the whole count shown (not saved)."""
    row.shown = row.next = row.packed
    row.moved = []


def _may_end(row: GroupTally, whole: Tally, k: int) -> Mask:
    """(items,) Whether what is counted of the item differs from what is shown by enough, or by nothing."""
    if row.simulated or k <= 1:
        return np.ones(whole.items, bool)
    shown = _state(row.shown, whole)
    change = whole.histogram - shown.histogram
    # Each person whose rating came, went or changed adds one to either side at most: at least so many did.
    people = np.maximum(change.clip(min=0).sum(axis=1), (-change).clip(min=0).sum(axis=1))
    falls_short = (shown.counts >= k) & (whole.counts > 0) & (whole.counts < k)
    free: Mask = (shown.counts == 0) | (people == 0) | ((people >= k) & ~falls_short)
    return free


def _state(packed: bytes | memoryview | None, like: Tally) -> Tally:
    return Tally.from_bytes(bytes(packed)) if packed is not None else Tally.empty(like.items, like.scale)


def _moved(row: GroupTally, items: int) -> NDArray[np.int64]:
    """(items,) At least so many ratings that are in no earlier state came since `next` and are there."""
    return np.array(row.moved, np.int64) if row.moved else np.zeros(items, np.int64)
