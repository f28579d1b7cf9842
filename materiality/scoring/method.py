"""The choices that turn means into tiers: priority, tier rule, draws. They are frozen with each run.

Knows the choices and checks them; it does not carry them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar

from materiality.scoring.exact import Number, exact, plain
from materiality.scoring.priority import PRIORITY_RULES

MAX_DRAWS = 20_000
# Seeds are stored as signed 64-bit integers.
MAX_SEED = 2**63 - 1


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
            _check_integer(number, "A tier count", 0, None)

    def check(self, tiers: int) -> None:
        """ValueError if it does not fit that many tiers."""
        if len(self.counts) != tiers:
            raise ValueError(f"{_listed(self.counts)} are {len(self.counts)} counts for {tiers} tiers.")

    def check_input(self, issues: int, scale: tuple[int, int]) -> None:
        """ValueError if it does not fit that many issues."""
        if sum(self.counts) != issues:
            raise ValueError(
                f"The tier counts {_listed(self.counts)} add up to {sum(self.counts)}, but there are {issues} issues."
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
            raise ValueError(f"The shares {_listed(map(plain, shares))} add up to {plain(sum(shares, Fraction()))}.")

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


@dataclass(frozen=True)
class Method:
    """How an assessment is concluded.

    Parameters
    ----------
    tiers : tuple of str
        Names of the tiers, highest first, no two the same.
    rule : Counts, CutOffs, AxisCutOffs, NaturalBreaks or Quantiles
        Which issue is in which tier.
    priority : {"mean", "distance", "max", "min"}
        How the two axes become one number (see `materiality.scoring.priority`).
    draws : int, 0 to 20,000
        Repetitions of the survey behind every probability and interval. 0 leaves them out.
    seed : int
        Not negative. The same seed gives the same draws.
    interval : float
        Probability that intervals hold, between 0 and 1.
    contested_spread : number
        An issue is contested when the means of two groups lie at least so many points apart.

    Raises
    ------
    ValueError
        Naming the value that does not fit.
    """

    tiers: tuple[str, ...]
    rule: TierRule
    priority: str = "mean"
    draws: int = 2000
    seed: int = 42
    interval: float = 0.90
    contested_spread: Number = Fraction(6, 5)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tiers", tuple(self.tiers))
        if not self.tiers:
            raise ValueError("A method needs at least one tier.")
        for name in self.tiers:
            if not isinstance(name, str) or not name.strip():
                raise ValueError(f"A tier has the name {name!r}: give it one.")
            if self.tiers.count(name) > 1:
                raise ValueError(f"Two tiers have the name {name!r}.")
        if not isinstance(self.rule, TierRule):
            raise ValueError(f"{self.rule!r} is not a tier rule.")
        self.rule.check(len(self.tiers))
        if self.priority not in PRIORITY_RULES:
            raise ValueError(f"{self.priority!r} is not a priority rule; there are {_listed(PRIORITY_RULES)}.")
        _check_integer(self.draws, "The number of draws", 0, MAX_DRAWS)
        _check_integer(self.seed, "The seed", 0, MAX_SEED)
        interval = exact(self.interval, "The probability of intervals")
        if not 0 < interval < 1:
            raise ValueError(f"The probability of intervals is {self.interval!r}, not between 0 and 1.")
        object.__setattr__(self, "interval", float(interval))
        spread = exact(self.contested_spread, "The spread of a contested issue")
        if spread <= 0:
            raise ValueError(f"The spread of a contested issue is {plain(spread)}, not above 0.")
        object.__setattr__(self, "contested_spread", spread)

    def check_input(self, issues: int, scale: tuple[int, int]) -> None:
        """Whether the method fits a survey.

        Raises
        ------
        ValueError
            With more tiers than issues, counts that do not add up to the issues, or a cut-off off the scale.
        """
        if len(self.tiers) > issues:
            named = "1 issue" if issues == 1 else f"{issues} issues"
            raise ValueError(f"There are {len(self.tiers)} tiers for {named}: leave out a tier.")
        self.rule.check_input(issues, scale)

    def to_dict(self) -> dict[str, Any]:
        """The method for JSON; `from_dict` reads it back equal."""
        rule: dict[str, Any] = {"kind": self.rule.kind}
        for field in fields(self.rule):
            value = getattr(self.rule, field.name)
            rule[field.name] = None if value is None else [plain(Fraction(number)) for number in value]
        return {
            "priority": self.priority,
            "tiers": list(self.tiers),
            "rule": rule,
            "draws": self.draws,
            "seed": self.seed,
            "interval": self.interval,
            "contested_spread": plain(exact(self.contested_spread, "")),
        }

    @classmethod
    def from_dict(cls, parameters: Mapping[str, Any]) -> Method:
        """The method that `to_dict` wrote, or that a person did. What has a default may be left out.

        Raises
        ------
        ValueError
            Naming what is unknown, missing or does not fit.
        """
        given = dict(_mapping(parameters, "A method"))
        _check_keys(given, {field.name for field in fields(cls)}, {"tiers", "rule"}, "A method")
        given["tiers"] = _sequence(given["tiers"], "The tiers")
        rule = dict(_mapping(given["rule"], "A tier rule"))
        kind = rule.pop("kind", None)
        if kind not in TIER_RULES:
            raise ValueError(f"{kind!r} is not a kind of tier rule; there are {_listed(TIER_RULES)}.")
        chosen: Any = TIER_RULES[kind]
        known = {field.name for field in fields(chosen)}
        _check_keys(rule, known, known - {"shares"}, f"The tier rule {kind!r}")
        values = {k: None if v is None and k == "shares" else _sequence(v, k.capitalize()) for k, v in rule.items()}
        given["rule"] = chosen(**values)
        return cls(**given)


def _check_integer(value: object, what: str, low: int, high: int | None) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{what} is {value!r}, not a whole number.")
    if value < low or (high is not None and value > high):
        limits = f"at least {low}" if high is None else f"from {low} to {high}"
        raise ValueError(f"{what} is {value}, not {limits}.")


def _check_keys(given: Mapping[str, Any], known: set[str], needed: set[str], what: str) -> None:
    for key in given:
        if key not in known:
            raise ValueError(f"{what} has no {key!r}; it has {_listed(sorted(known)) or 'nothing to choose'}.")
    for key in sorted(needed):
        if key not in given:
            raise ValueError(f"{what} needs {key!r}.")


def _mapping(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{what} is {value!r} instead of names with values.")
    return value


def _sequence(value: Any, what: str) -> tuple[Any, ...]:
    if isinstance(value, str) or not isinstance(value, (list, tuple)):
        raise ValueError(f"{what}: {value!r} is not a list.")
    return tuple(value)


def _listed(values: Any) -> str:
    return ", ".join(str(value) for value in values)
