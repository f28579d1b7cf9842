"""Every choice between answers and tiers, in one value that is frozen with each run.

Knows the choices and checks them; it does not carry them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from materiality.scoring.exact import Number, exact, plain, whole_number
from materiality.scoring.priority import PRIORITY_RULES
from materiality.scoring.tier_rules import TIER_RULES, TierRule, listed

MAX_DRAWS = 20_000
# More are no tiers any longer; tiers of draws are counted in 8 bits.
MAX_TIERS = 100
# Seeds are stored as signed 64-bit integers.
MAX_SEED = 2**63 - 1

WEIGHTS = ("given", "equal", "headcount", "respondents", "response_rate", "power_interest")
CANNOT_JUDGE = ("left_out", "lowest", "middle")
LENIENCY = ("as_rated", "centred")


@dataclass(frozen=True)
class Method:
    """How an assessment is concluded.

    Parameters
    ----------
    tiers : tuple of str
        Names of the tiers, highest first, no two the same; 1 to 100.
    rule : Counts, CutOffs, AxisCutOffs, NaturalBreaks or Quantiles
        Which issue is in which tier.
    priority : {"mean", "distance", "max", "min"}
        How the axes become one number (see `materiality.scoring.priority`).
    draws : int, 0 to 20,000
        Repetitions of the survey behind every probability and interval. 0 leaves them out.
    seed : int
        Not negative. The same seed gives the same draws.
    interval : float
        Probability that intervals hold, between 0 and 1.
    contested_spread : number
        An issue is contested when the means of two groups lie at least so many points apart.
    axes : tuple of str
        What is measured, in the order of the matrix: along, then up. Each group speaks for one of them.
    weights : {"given", "equal", "headcount", "respondents", "response_rate", "power_interest"}
        Where the weights of groups come from (see `materiality.scoring.weights`).
    cannot_judge : {"left_out", "lowest", "middle"}
        What a missing rating counts as (see `materiality.scoring.handling`).
    leniency : {"as_rated", "centred"}
        Whether each group's own level is taken away before groups are compared (see `materiality.scoring.handling`).
    finite_population : bool
        Whether spread is narrowed by the share of a group that has answered, where its headcount is known.

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
    axes: tuple[str, ...] = ("company", "stakeholders")
    weights: str = "given"
    cannot_judge: str = "left_out"
    leniency: str = "as_rated"
    finite_population: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "tiers", tuple(self.tiers))
        if not self.tiers:
            raise ValueError("A method needs at least one tier.")
        if len(self.tiers) > MAX_TIERS:
            raise ValueError(f"A method has {len(self.tiers)} tiers, more than {MAX_TIERS}.")
        for name in self.tiers:
            if not isinstance(name, str) or not name.strip():
                raise ValueError(f"A tier has the name {name!r}: give it one.")
            if self.tiers.count(name) > 1:
                raise ValueError(f"Two tiers have the name {name!r}.")
        if not isinstance(self.rule, TierRule):
            raise ValueError(f"{self.rule!r} is not a tier rule.")
        self.rule.check(len(self.tiers))
        if self.priority not in PRIORITY_RULES:
            raise ValueError(f"{self.priority!r} is not a priority rule; there are {listed(PRIORITY_RULES)}.")
        object.__setattr__(self, "axes", tuple(self.axes))
        if not self.axes or len(set(self.axes)) < len(self.axes):
            raise ValueError(f"The axes are {listed(self.axes) or 'none'}: give at least one, and none twice.")
        _check_choice(self.weights, "a way to weigh groups", WEIGHTS)
        _check_choice(self.cannot_judge, "a treatment of missing ratings", CANNOT_JUDGE)
        _check_choice(self.leniency, "a treatment of leniency", LENIENCY)
        if not isinstance(self.finite_population, bool):
            raise ValueError(f"The finite population is {self.finite_population!r}, neither true nor false.")
        whole_number(self.draws, "The number of draws", 0, MAX_DRAWS)
        whole_number(self.seed, "The seed", 0, MAX_SEED)
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
            "axes": list(self.axes),
            "weights": self.weights,
            "cannot_judge": self.cannot_judge,
            "leniency": self.leniency,
            "finite_population": self.finite_population,
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
        if "axes" in given:
            given["axes"] = _sequence(given["axes"], "The axes")
        rule = dict(_mapping(given["rule"], "A tier rule"))
        kind = rule.pop("kind", None)
        if kind not in TIER_RULES:
            raise ValueError(f"{kind!r} is not a kind of tier rule; there are {listed(TIER_RULES)}.")
        chosen: Any = TIER_RULES[kind]
        known = {field.name for field in fields(chosen)}
        _check_keys(rule, known, known - {"shares"}, f"The tier rule {kind!r}")
        values = {k: None if v is None and k == "shares" else _sequence(v, k.capitalize()) for k, v in rule.items()}
        given["rule"] = chosen(**values)
        return cls(**given)


def _check_choice(value: object, what: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"{value!r} is not {what}; there are {listed(known)}.")


def _check_keys(given: Mapping[str, Any], known: set[str], needed: set[str], what: str) -> None:
    for key in given:
        if key not in known:
            raise ValueError(f"{what} has no {key!r}; it has {listed(sorted(known)) or 'nothing to choose'}.")
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
