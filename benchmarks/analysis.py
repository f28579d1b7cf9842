"""The analysis alone: tallies of ten million respondents take as long as tallies of ten thousand.

Everything after the tallies works on counts, sums and products, whatever they are sums of. So the bar is 1.3,
which is noise. No database takes part.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.comparison import Bar, Outcome, seconds, take_turns
from benchmarks.crowd import draw_ratings
from benchmarks.sizes import GROUPS, ITEMS, Size
from materiality.scoring.analysis import GroupInput, analyse
from materiality.scoring.method import Method
from materiality.scoring.tier_rules import NaturalBreaks
from surveys.tally import Tally, count

SCALE = (1, 5)


def run(size: Size) -> list[Outcome]:
    method = Method(priority="mean", tiers=("High", "Moderate", "Minor"), rule=NaturalBreaks(), draws=size.draws)
    most, few = groups_of(size.most), groups_of(size.few)
    outcome = take_turns(
        name="analysis-size-independence",
        ours=_milliseconds(partial(analyse, most, ITEMS, method)),
        against=f"the same with tallies of {size.few:,} respondents instead of {size.most:,}",
        reference=_milliseconds(partial(analyse, few, ITEMS, method)),
        unit="ms",
        bar=Bar("<", 1.3),
        pairs=3 * size.pairs,
        warm_ups=2,
    )
    return [outcome]


def groups_of(respondents: int) -> list[GroupInput]:
    """Eight groups whose members, all together, are that many."""
    groups = []
    for position in range(GROUPS):
        tally = Tally.empty(ITEMS, SCALE)
        # The same seed for any size: groups differ from each other, not from themselves at another size.
        for ratings in draw_ratings(respondents // GROUPS, ITEMS, seed=position):
            tally += count(np.ascontiguousarray(ratings), SCALE)
        groups.append(GroupInput(f"Group {position}", "stakeholders" if position % 2 else "company", 1, tally))
    return groups


def _milliseconds(work: Callable[[], object]) -> Callable[[], float]:
    timed = seconds(work)
    return lambda: 1000 * timed()
