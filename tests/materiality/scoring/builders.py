"""Groups and results in a line, for tests of the engine."""

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from materiality.scoring.analysis import GroupInput, Result, analyse
from materiality.scoring.exact import Number
from materiality.scoring.method import Method
from materiality.scoring.tier_rules import Counts, TierRule
from surveys.tally import count

SCALE = (1, 5)
Table = Sequence[Sequence[int]] | NDArray[np.uint8]


def group(name: str, axis: str, ratings: Table, weight: Number = 1, scale: tuple[int, int] = SCALE) -> GroupInput:
    """A group from its ratings, a row per respondent; 0 = no answer."""
    return GroupInput(name, axis, weight, count(np.array(ratings, np.uint8), scale))


def internal(ratings: Table, weight: Number = 1, name: str = "Employees", **more: object) -> GroupInput:
    return group(name, "company", ratings, weight, **more)


def external(ratings: Table, weight: Number = 1, name: str = "Clients", **more: object) -> GroupInput:
    return group(name, "stakeholders", ratings, weight, **more)


def method(rule: TierRule | None = None, tiers: Sequence[str] = ("High", "Low"), **more: object) -> Method:
    return Method(tiers=tuple(tiers), rule=rule or Counts((1, 1)), **{"draws": 0, **more})


def analysed(groups: Sequence[GroupInput], rule: TierRule | None = None, **more: object) -> Result:
    return analyse(groups, groups[0].tally.items, method(rule, **more))


def kinds(result: Result) -> list[str]:
    return [note.kind for note in result.notes]


def simulated_ratings(
    respondents: int, issues: int, groups: int = 4, seed: int = 1, missing: float = 0.0
) -> list[NDArray[np.uint8]]:
    """Tables of groups that agree on the order of the issues, from 4.4 down to 2.4, more or less."""
    stream = np.random.default_rng(seed)
    made = []
    for _ in range(groups):
        means = np.linspace(4.4, 2.4, issues) + stream.normal(0, 0.25, issues)
        table = (1 + stream.binomial(4, np.clip((means - 1) / 4, 0, 1), (respondents, issues))).astype(np.uint8)
        table[stream.random(table.shape) < missing] = 0
        made.append(table)
    return made


def grouped(tables: Sequence[Table]) -> list[GroupInput]:
    """A group of each table, on both axes in turn."""
    return [group(f"Group {g}", "company" if g % 2 else "stakeholders", table) for g, table in enumerate(tables)]


def simulated(respondents: int, issues: int, groups: int = 4, seed: int = 1, missing: float = 0.0) -> list[GroupInput]:
    """Groups of such tables."""
    return grouped(simulated_ratings(respondents, issues, groups, seed, missing))


@st.composite
def tables(draw: st.DrawFn, issues: int, least: int = 1, most: int = 6, lowest: int = 0) -> NDArray[np.uint8]:
    """Ratings of a few respondents, each from `lowest` (0 = no answer) to 5."""
    respondents = draw(st.integers(least, most))
    packed = draw(st.binary(min_size=respondents * issues, max_size=respondents * issues))
    return lowest + np.frombuffer(packed, np.uint8).reshape(respondents, issues) % (6 - lowest)
