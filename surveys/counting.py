"""Counting packed ratings of several groups, as they come piece by piece from the database."""

from collections import defaultdict

import numpy as np

from surveys.rows import GroupKey, Packed
from surveys.tally import Scale, Tally, count

# Each count has a fixed cost, so the ratings of a group wait until there are so many bytes of them.
_WORTH_COUNTING = 2**20


class Counter:
    """Adds up the tallies of groups. Memory stays below `_WORTH_COUNTING` and one piece for each group."""

    def __init__(self, items: int, scale: Scale) -> None:
        self._items, self._scale = items, scale
        self._waiting: defaultdict[GroupKey, list[bytes]] = defaultdict(list)
        self._waits: defaultdict[GroupKey, int] = defaultdict(int)
        self._totals: dict[GroupKey, Tally] = {}

    def add(self, packed: Packed) -> None:
        """Take in ratings, one byte per item, for each group.

        Raises
        ------
        ValueError
            If a rating is neither 0 nor on the scale.
        """
        for key, ratings in packed.items():
            self._waiting[key].append(ratings)
            self._waits[key] += len(ratings)
            if self._waits[key] >= _WORTH_COUNTING:
                self._count(key)

    def merge(self, tallies: dict[GroupKey, Tally]) -> None:
        """Take in what somebody else counted."""
        for key, tally in tallies.items():
            self._totals[key] = self._totals[key] + tally if key in self._totals else tally

    def totals(self) -> dict[GroupKey, Tally]:
        """The tally of everything taken in so far, for each group that has any."""
        for key in list(self._waiting):
            self._count(key)
        return self._totals

    def _count(self, key: GroupKey) -> None:
        ratings = b"".join(self._waiting.pop(key))
        del self._waits[key]
        self.merge({key: count(np.frombuffer(ratings, np.uint8).reshape(-1, self._items), self._scale)})


def count_packed(packed: Packed, items: int, scale: Scale) -> dict[GroupKey, Tally]:
    """The tally of each group's ratings."""
    counter = Counter(items, scale)
    counter.add(packed)
    return counter.totals()
