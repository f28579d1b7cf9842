"""How marks become a proposal for the short list: means, totals, the rule, and where people disagree.

Pure and exact: whole numbers in, fractions out. It knows no database and no page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

# An issue this near the threshold could be on the other side of it by one person's mark: worth a second look.
CLOSE = Fraction(1, 2)
# Of the steps 0 to 3: "a little" and "fully" are not two shades of one opinion.
DISAGREEMENT = 2


class Cell(NamedTuple):
    """The marks of one issue on one criterion: from how many people, their sum, the lowest and the highest."""

    people: int = 0
    total: int = 0
    lowest: int = 0
    highest: int = 0

    @property
    def mean(self) -> Fraction | None:
        """The mean of those who marked; None where nobody has."""
        return _ratio(self.total, self.people) if self.people else None

    @property
    def spread(self) -> int:
        return self.highest - self.lowest


NOBODY = Cell()


@dataclass(frozen=True)
class Rule:
    """What puts an issue on the short list. Reaching the threshold is enough.

    `must_haves` are the places (from 0) of the criteria that each have to reach the threshold; with None, the sum of
    the means on all criteria has to. Nothing can be proposed by must-haves of which there are none.
    """

    threshold: Fraction
    must_haves: tuple[int, ...] | None = None


class Outcome(NamedTuple):
    """What the marks of one issue come to."""

    total: Fraction | None  # of the means; None while a criterion has no mark
    margin: Fraction | None  # above the threshold, or below it where negative; None: no proposal
    spread: int  # the widest on any criterion, between the highest and the lowest mark

    @property
    def proposal(self) -> bool | None:
        """On the short list or not; None where there is nothing to judge by."""
        return None if self.margin is None else self.margin.numerator >= 0

    @property
    def close(self) -> bool:
        return self.margin is not None and abs(self.margin) <= CLOSE

    @property
    def contested(self) -> bool:
        return self.spread >= DISAGREEMENT


def screen(cells: Sequence[Cell], rule: Rule) -> Outcome:
    """The outcome for an issue with one cell for each criterion, in their order."""
    spread = max((cell.highest - cell.lowest for cell in cells), default=0)
    if not cells or not all(cell.people for cell in cells):
        return Outcome(None, None, spread)
    total = _total(cells)
    if rule.must_haves is None:
        return Outcome(total, total - rule.threshold, spread)
    weakest = min((_ratio(cells[place].total, cells[place].people) for place in rule.must_haves), default=None)
    return Outcome(total, None if weakest is None else weakest - rule.threshold, spread)


def most_possible(*, criteria: int, must_have: bool, highest_mark: int) -> int:
    """The highest threshold that an issue could reach."""
    return highest_mark if must_have else highest_mark * criteria


def in_decimals(value: Fraction, threshold: Fraction | None = None) -> str:
    """As people write it, with at most two decimals; never rounded up to a threshold that it does not reach."""
    hundredths = (value * 100 + Fraction(1, 2)).__floor__()
    if threshold is not None and value < threshold <= Fraction(hundredths, 100):
        hundredths = (value * 100).__floor__()
    sign, hundredths = ("-" if hundredths < 0 else ""), abs(hundredths)
    text = f"{sign}{hundredths // 100}.{hundredths % 100:02}"
    return text.rstrip("0").rstrip(".")


def _total(cells: Sequence[Cell]) -> Fraction:
    people = {cell.people for cell in cells}
    if len(people) == 1:  # everybody marked everything, as is usual: one division
        return _ratio(sum(cell.total for cell in cells), people.pop())
    return sum((_ratio(cell.total, cell.people) for cell in cells), Fraction(0))


# A few people with marks of 0 to 3 make few different means, and a long list has thousands of them.
@lru_cache(maxsize=4096)
def _ratio(total: int, count: int) -> Fraction:
    return Fraction(total, count)
