"""The rules that part ranked issues into tiers: their kinds, their parameters, and what each needs.

Knows the parameters and checks them; `materiality.scoring.tiers` carries the rules out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

from materiality.scoring.exact import Number, exact, plain, whole_number


@dataclass(frozen=True)
class Counts:
    """The first so many ranks are the first tier, and so on: (9, 7, 2).

    Parameters
    ----------
    counts : tuple of int
        One per tier, highest tier first; 0 is allowed. They add up to the number of issues.
    """

    kind: ClassVar[str] = "counts"
    counts: tuple[int, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", tuple(self.counts))
        for number in self.counts:
            whole_number(number, "A tier count", 0, None)

    def check(self, tiers: int) -> None:
        """ValueError if it does not fit that many tiers."""
        if len(self.counts) != tiers:
            raise ValueError(f"{listed(self.counts)} are {len(self.counts)} counts for {tiers} tiers.")

    def check_input(self, issues: int, scale: tuple[int, int]) -> None:
        """ValueError if it does not fit that many issues."""
        if sum(self.counts) != issues:
            raise ValueError(
                f"The tier counts {listed(self.counts)} add up to {sum(self.counts)}, but there are {issues} issues."
            )


@dataclass(frozen=True)
class _Cuts:
    """Limits on the rating scale, from the highest to the lowest: one fewer than tiers."""

    kind: ClassVar[str] = ""
    cuts: tuple[Number, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "cuts", tuple(exact(cut, "A cut-off") for cut in self.cuts))
        for upper, lower in pairwise(self.exact_cuts):
            if upper <= lower:
                raise ValueError(f"Cut-offs run from high to low, but {plain(upper)} is followed by {plain(lower)}.")

    @property
    def exact_cuts(self) -> tuple[Fraction, ...]:
        """The cut-offs as fractions."""
        return tuple(exact(cut, "A cut-off") for cut in self.cuts)

    def check(self, tiers: int) -> None:
        """ValueError if it does not fit that many tiers."""
        if len(self.cuts) != tiers - 1:
            raise ValueError(f"{tiers} tiers need {tiers - 1} cut-offs between them, not {len(self.cuts)}.")

    def check_input(self, issues: int, scale: tuple[int, int]) -> None:
        """ValueError if a cut-off is outside the scale."""
        for cut in self.exact_cuts:
            if not scale[0] <= cut <= scale[1]:
                raise ValueError(f"The cut-off {plain(cut)} is outside the scale from {scale[0]} to {scale[1]}.")


@dataclass(frozen=True)
class CutOffs(_Cuts):
    """An issue is in the first tier whose cut-off its priority reaches (>=), else in the last.

    Parameters
    ----------
    cuts : tuple of numbers
        On the rating scale, from high to low, one fewer than tiers: (3.5, 2.5) for three tiers.
    """

    kind: ClassVar[str] = "cut_offs"


@dataclass(frozen=True)
class AxisCutOffs(_Cuts):
    """An issue is in the first tier whose cut-off both of its axes reach (>=), else in the last.

    Parameters
    ----------
    cuts : tuple of numbers
        On the rating scale, from high to low, one fewer than tiers. The same for both axes.
    """

    kind: ClassVar[str] = "axis_cut_offs"


@dataclass(frozen=True)
class NaturalBreaks:
    """Tiers are parted where priorities leave the widest gaps: least squares within tiers (Fisher-Jenks)."""

    kind: ClassVar[str] = "natural_breaks"

    def check(self, tiers: int) -> None:
        """Any number of tiers will do."""

    def check_input(self, issues: int, scale: tuple[int, int]) -> None:
        """Any number of issues will do that is not below the number of tiers."""


@dataclass(frozen=True)
class Quantiles:
    """Each tier takes a share of the ranked issues; a share that ends within an issue includes it.

    Parameters
    ----------
    shares : tuple of numbers, optional
        One per tier, highest tier first, adding up to 1. All the same if left out.
    """

    kind: ClassVar[str] = "quantiles"
    shares: tuple[Number, ...] | None = None

    def __post_init__(self) -> None:
        if self.shares is None:
            return
        shares = tuple(exact(share, "A share of the issues") for share in self.shares)
        object.__setattr__(self, "shares", shares)
        for share in shares:
            if share < 0:
                raise ValueError(f"A share of the issues is {plain(share)}, less than 0.")
        if sum(shares) != 1:
            raise ValueError(f"The shares {listed(map(plain, shares))} add up to {plain(sum(shares, Fraction()))}.")

    def exact_shares(self, tiers: int) -> tuple[Fraction, ...]:
        """The share of each tier."""
        if self.shares is None:
            return (Fraction(1, tiers),) * tiers
        return tuple(exact(share, "A share of the issues") for share in self.shares)

    def check(self, tiers: int) -> None:
        """ValueError if it does not fit that many tiers."""
        if self.shares is not None and len(self.shares) != tiers:
            raise ValueError(f"{len(self.shares)} shares of the issues for {tiers} tiers.")

    def check_input(self, issues: int, scale: tuple[int, int]) -> None:
        """Any number of issues will do that is not below the number of tiers."""


TierRule = Counts | CutOffs | AxisCutOffs | NaturalBreaks | Quantiles
TIER_RULES: dict[str, type[TierRule]] = {
    rule.kind: rule for rule in (Counts, CutOffs, AxisCutOffs, NaturalBreaks, Quantiles)
}


def listed(values: Iterable[object]) -> str:
    """Values for a message."""
    return ", ".join(str(value) for value in values)
