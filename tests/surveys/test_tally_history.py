"""Whatever happens to tallies, in whatever order, each equals a recount of the answers that it should hold."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, RuleBasedStateMachine, consumes, invariant, multiple, rule

from surveys.tally import Tally, count

ITEMS, SCALE = 3, (1, 5)
Rows = list[bytes]
# A row is one respondent's ratings, 0 = no answer.
batches = st.lists(
    st.lists(st.integers(0, SCALE[1]), min_size=ITEMS, max_size=ITEMS).map(bytes), min_size=1, max_size=6
)


def counted(rows: Rows) -> Tally:
    return count(np.frombuffer(b"".join(rows), np.uint8).reshape(-1, ITEMS), SCALE)


class History(RuleBasedStateMachine):
    """Tallies of separate respondents that are extended, reduced, merged, split, and stored."""

    tallies = Bundle("tallies")

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[int, Rows] = {}
        self.kept: dict[int, Tally] = {}

    def keep(self, rows: Rows, tally: Tally) -> int:
        name = max(self.rows, default=0) + 1
        self.rows[name], self.kept[name] = rows, tally
        return name

    def take(self, name: int) -> tuple[Rows, Tally]:
        return self.rows.pop(name), self.kept.pop(name)

    @rule(target=tallies, batch=batches)
    def begins(self, batch: Rows) -> int:
        return self.keep(batch, counted(batch))

    @rule(target=tallies, name=consumes(tallies), batch=batches)
    def is_extended(self, name: int, batch: Rows) -> int:
        rows, tally = self.take(name)
        return self.keep(rows + batch, tally + counted(batch))

    @rule(target=tallies, name=consumes(tallies), choices=st.data())
    def is_reduced(self, name: int, choices: st.DataObject) -> int:
        rows, tally = self.take(name)
        gone = choices.draw(st.sets(st.sampled_from(range(len(rows))))) if rows else set()
        erased = [row for place, row in enumerate(rows) if place in gone]
        left = [row for place, row in enumerate(rows) if place not in gone]
        return self.keep(left, tally - counted(erased) if erased else tally)

    @rule(target=tallies, one=consumes(tallies), other=consumes(tallies))
    def are_merged(self, one: int, other: int) -> int:
        (rows, tally), (more, another) = self.take(one), self.take(other)
        return self.keep(rows + more, another + tally)

    @rule(target=tallies, name=consumes(tallies), at=st.integers(0, 20))
    def is_split(self, name: int, at: int) -> MultipleResults[int]:
        """A part goes its own way; the rest is what remains when it is taken off."""
        rows, tally = self.take(name)
        part = counted(rows[:at]) if rows[:at] else Tally.empty(ITEMS, SCALE)
        return multiple(self.keep(rows[at:], tally - part), self.keep(rows[:at], part))

    @rule(target=tallies, name=consumes(tallies))
    def is_stored_and_read(self, name: int) -> int:
        rows, tally = self.take(name)
        return self.keep(rows, Tally.from_bytes(tally.to_bytes()))

    @invariant()
    def each_equals_a_recount(self) -> None:
        for name, rows in self.rows.items():
            expected = counted(rows) if rows else Tally.empty(ITEMS, SCALE)
            assert self.kept[name] == expected


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
