"""Which state of a tally may be shown, so that no two results differ by the answers of fewer than k people.

Whoever sees the mean of 7 people today and of 8 tomorrow knows the eighth answer. So while a survey takes answers,
what is shown lags behind what is counted, in steps of at least k answers: `next` is a state on its way to be shown, and
becomes it when k more answers have come after it. Because `next` is always at least k answers ahead of `shown`, the
whole count can be shown once the survey is closed, and no answer is lost. Only answers that come after the end, fewer
than k of them, stay held back until there are more.

Simulated answers are nobody's, and with k = 1 (identified surveys) there is nothing to protect: both are shown at once.
"""

from surveys.models import GroupTally
from surveys.tally import Tally


def shift(row: GroupTally, tally: Tally, *, changed: int, k: int) -> None:
    """Take over a new count into the row (not saved), and move on what may be shown.

    Parameters
    ----------
    tally : the count now.
    changed : how many answers came, went or were changed since the row's count before; at least 0.
    k : the smallest number of people whose result is shown.
    """
    row.respondents = tally.respondents
    row.packed = tally.to_bytes()
    row.moved += changed
    if row.simulated or k <= 1:
        settle_at_once(row)
    elif row.moved >= k:
        row.shown, row.next, row.moved = row.next, row.packed, 0


def visible(row: GroupTally, *, ended: bool) -> Tally | None:
    """The tally that may be shown now; None while there is none.

    Parameters
    ----------
    ended : whether the survey takes no answers any more.
    """
    packed = row.packed if ended and may_end(row) else row.shown
    return None if packed is None else Tally.from_bytes(bytes(packed))


def may_end(row: GroupTally) -> bool:
    """Whether everything counted can be shown at the end: nothing was shown yet, or enough lies between."""
    if row.shown is None or not row.moved:
        return True
    return row.next is not None and bytes(row.next) != bytes(row.shown)


def settle(row: GroupTally) -> bool:
    """Note (not saved) that the whole count is shown from now on, after the end. False if it may not be."""
    if not may_end(row):
        return False
    settle_at_once(row)
    return True


def settle_at_once(row: GroupTally) -> None:
    """Have the whole count shown (not saved)."""
    row.shown = row.next = row.packed
    row.moved = 0
