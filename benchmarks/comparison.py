"""Measures two things against each other and says whether a bar holds. Knows nothing of what is measured.

A shared machine drifts and stutters, so ours and the reference take turns, who goes first changes from pair to
pair, and the ratio is the median of the pairs' own ratios: a slow minute slows both sides of a pair. Whoever goes first
in a pair is mostly a little slower, so give an even number of pairs.
"""

import gc
import operator
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.progress import show

_SENSES: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Bar:
    """What a ratio must be to pass, such as `Bar("<=", 3)`."""

    sense: str
    value: float

    def __post_init__(self) -> None:
        if self.sense not in _SENSES:
            raise ValueError(f"A bar is one of {', '.join(_SENSES)}, not {self.sense!r}.")

    def holds(self, ratio: float) -> bool:
        return _SENSES[self.sense](ratio, self.value)

    def __str__(self) -> str:
        return f"{self.sense} {self.value:g}"


@dataclass(frozen=True)
class Outcome:
    """One line of the table. `ratio` is ours to reference; `against` says in words what the reference is."""

    name: str
    ours: float
    against: str
    reference: float
    unit: str
    ratio: float
    bar: Bar

    @property
    def holds(self) -> bool:
        return self.bar.holds(self.ratio)

    def to_dict(self) -> dict[str, str | float | bool]:
        """The line as others read it from bench.json."""
        return {
            "name": self.name,
            "ours": self.ours,
            "against": f"{self.against} ({self.unit})",
            "reference": self.reference,
            "ratio": self.ratio,
            "bar": str(self.bar),
            "holds": self.holds,
        }


def count(*, name: str, ours: float, against: str, reference: float, unit: str, bar: Bar) -> Outcome:
    """A line about something that is counted once, not timed."""
    return Outcome(name, ours, against, reference, unit, ours / reference, bar)


def take_turns(
    *,
    name: str,
    ours: Callable[[], float],
    against: str,
    reference: Callable[[], float],
    unit: str,
    bar: Bar,
    pairs: int,
    warm_ups: int = 1,
) -> Outcome:
    """Measure ours and the reference in alternating pairs, after pairs that warm up and do not count.

    Parameters
    ----------
    ours, reference : each does its work once and returns what was measured, such as seconds.
    """
    if pairs < 1:
        raise ValueError(f"At least one pair is needed, not {pairs}.")
    measured = []
    for turn in range(warm_ups + pairs):
        gc.collect()
        if turn % 2:
            there, here = reference(), ours()
        else:
            here, there = ours(), reference()
        if turn < warm_ups:
            show(f"{name}: warming up")
            continue
        measured.append((here, there))
        show(f"{name}: pair {len(measured)} of {pairs}: {here:.4g} to {there:.4g} {unit}, {here / there:.2f}")
    return Outcome(
        name=name,
        ours=statistics.median(here for here, _ in measured),
        against=against,
        reference=statistics.median(there for _, there in measured),
        unit=unit,
        ratio=statistics.median(here / there for here, there in measured),
        bar=bar,
    )


def seconds(work: Callable[[], object]) -> Callable[[], float]:
    """`work`, as something that does it once and returns how long it took."""

    def timed() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return timed
