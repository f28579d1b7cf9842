"""Is what is said of certainty true? Surveys are simulated whose truth is known, 2,000 of each kind.

`coverage-…`: an interval that is said to hold with 90 % holds in 88 to 92 %, in the worst of all designs: one to six
groups on each axis, of 8 to 20,000 respondents, with ratings crowded in the middle, at an end or at both, with
answers missing, the same people on both axes, part of a small population asked. A design counts by its mean over
twelve issues. `coverage-extreme` stands apart, as a warning of what no method finds in fifteen answers: eleven of the
twelve issues get the lowest rating from 85 in 100, the twelfth divides the group, and they seem to vary alike.

`calibration-…`: of the issues whose tier is said to have a probability of 75 to 85 %, 77 to 83 % are in it. Here the
truth is drawn anew for each survey, with issues that lie near each other and far apart.

No database takes part. The respondents are drawn from 500 people, who rate each issue with a level of their own.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from benchmarks.comparison import Bar, Outcome, count
from benchmarks.progress import show
from benchmarks.sizes import Size
from materiality.scoring.axes import weigh
from materiality.scoring.certainty import Certainty, assess
from materiality.scoring.draws import repeat
from materiality.scoring.groups import GroupInput, People
from materiality.scoring.method import Method
from materiality.scoring.tier_rules import Counts, CutOffs
from surveys.tally import Tally
from surveys.tally import count as tally_of

SCALE = (1, 5)
LEVELS = np.arange(1, 6)
ISSUES = 12
PEOPLE = 500
AXES = ("company", "stakeholders")
# What a person's ratings of all issues have in common, as a correlation before they are rounded to ratings.
LENIENCY = 0.3
# How many of a hundred give each rating.
SPREADS = {
    "middle": (5, 20, 50, 20, 5),
    "high": (2, 5, 13, 30, 50),
    "low": (70, 20, 5, 3, 2),
    "torn": (35, 10, 10, 10, 35),
    "extreme": (85, 9, 3, 2, 1),
}


@dataclass(frozen=True)
class Design:
    """A kind of survey: so many groups on each axis, of so many respondents, with issues of these spreads in turn."""

    respondents: int
    groups: int
    spreads: tuple[str, ...]
    missing: float = 0.0
    linked: bool = False
    population: int | None = None

    def __str__(self) -> str:
        words = [f"{self.groups} x {self.respondents:,} {'/'.join(dict.fromkeys(self.spreads))}"]
        words += [f"{self.missing:.0%} missing"] * bool(self.missing) + ["linked"] * self.linked
        return ", ".join(words + [f"of {self.population}"] * bool(self.population))


@dataclass(frozen=True)
class Truth:
    """Surveys of as many groups on each axis, with issues whose values scatter by `apart` around 3.3."""

    rule: Counts | CutOffs
    respondents: int
    groups: int
    apart: float

    def __str__(self) -> str:
        return f"{self.groups} x {self.respondents}, {self.apart:g} apart, {self.rule.kind}"


# Kept apart from the others, see above.
EXTREME = Design(15, 1, ("extreme",) * 11 + ("torn",))


def designs() -> Iterator[Design]:
    """Small ones in all shapes, large ones where anything could go wrong."""
    shapes = [("middle",), ("high",), ("low",), ("torn", "high", "low", "middle")]
    for spreads in shapes:
        for respondents, groups in ((8, 1), (8, 3), (8, 6), (10, 1), (15, 1), (15, 3), (30, 1), (75, 1)):
            yield Design(respondents, groups, spreads)
    for respondents in (200, 2_000, 20_000):
        yield from (Design(respondents, 1, spreads) for spreads in shapes[1:3])
    yield from (Design(12, groups, spreads, missing=0.3) for groups in (1, 3) for spreads in shapes[1:4])
    yield from (Design(respondents, 1, spreads, linked=True) for respondents in (10, 60) for spreads in shapes[1:3])
    yield from (Design(respondents, 1, spreads, population=40) for respondents in (10, 30) for spreads in shapes[:2])


def truths() -> Iterator[Truth]:
    """Issues that few answers hardly tell apart, and issues that they do."""
    for rule in (Counts((4, 4, 4)), CutOffs((3.7, 2.8))):
        for respondents, groups, apart in ((8, 1, 0.2), (8, 1, 0.5), (8, 3, 0.4), (30, 1, 0.2), (30, 3, 0.4)):
            yield Truth(rule, respondents, groups, apart)


def run(size: Size) -> list[Outcome]:
    surveys = size.draws
    # To see whether it works, one design in eight will do.
    chosen = list(designs())[:: 1 if surveys >= 1_000 else 8]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:
        coverages = {design: processes.submit(coverage, design, surveys) for design in (*chosen, EXTREME)}
        calibrations = {truth: processes.submit(calibration, truth, surveys) for truth in truths()}
        for design, found in coverages.items():
            show(f"coverage: {design}: axis {found.result()[0]:.1f} %, priority {found.result()[1]:.1f} %")
        for truth, found in calibrations.items():
            said, true = found.result()
            show(f"calibration: {truth}: {100 * true / max(said, 1):.1f} % of {said}")
    outcomes = []
    for place, what in enumerate(("axis", "priority")):
        shares = {design: coverages[design].result()[place] for design in chosen}
        for which, pick, bar in (("least", min, Bar(">=", 0.88)), ("most", max, Bar("<=", 0.92))):
            design = pick(shares, key=shares.__getitem__)
            outcomes.append(_percent(f"coverage-{what}-{which}", shares[design], f"90 % intervals, {design}", bar))
    extreme = coverages[EXTREME].result()[0]
    outcomes.append(
        _percent("coverage-extreme", extreme, "90 % intervals, 1 x 15, all but one extreme", Bar(">=", 0.84))
    )
    for kind in dict.fromkeys(truth.rule.kind for truth in calibrations):
        of_kind = [found.result() for truth, found in calibrations.items() if truth.rule.kind == kind]
        said, true = (sum(numbers) for numbers in zip(*of_kind, strict=True))
        for which, bar in (("least", Bar(">=", 0.77)), ("most", Bar("<=", 0.83))):
            share = 100 * true / max(said, 1)
            outcomes.append(_percent(f"calibration-{kind}-{which}", share, "tiers said to be 80 % sure", bar))
    return outcomes


def _percent(name: str, share: float, what: str, bar: Bar) -> Outcome:
    return count(name=name, ours=share, against=what, reference=100, unit="%", bar=bar)


# --- surveys --------------------------------------------------------------------------------------------
def people_of(shares: NDArray[np.float64], random: np.random.Generator, people: int) -> NDArray[np.uint8]:
    """(people, issues) ratings, each issue's spread as `shares` (issues, levels) say."""
    limits = stats.norm.ppf(np.clip(shares.cumsum(axis=1)[:, :-1], 1e-6, 1 - 1e-6))
    level = random.standard_normal((people, 1))
    own = random.standard_normal((people, len(shares)))
    mood = np.sqrt(LENIENCY) * level + np.sqrt(1 - LENIENCY) * own
    return (1 + (mood[:, :, None] > limits).sum(axis=2)).astype(np.uint8)


def sample(
    people: NDArray[np.uint8], respondents: int, missing: float, again: bool, random: np.random.Generator
) -> Tally:
    """The answers of so many of the people; `again`: whoever was drawn may be drawn again, as from a crowd."""
    if respondents <= len(people):
        chosen = random.integers(0, len(people), respondents) if again else random.permutation(len(people))
        table = people[chosen[:respondents]]
        if missing:
            table = np.where(random.random(table.shape) < missing, 0, table).astype(np.uint8)
        return tally_of(table, SCALE)
    times = random.multinomial(respondents, np.full(len(people), 1 / len(people)))
    values, answered = people.astype(float), np.ones(people.shape)
    histogram = np.stack([times @ (people == level) for level in LEVELS], axis=1)
    joint = ((times[:, None] * a).T @ b for a, b in ((answered, answered), (values, answered), (values, values)))
    return Tally(SCALE, respondents, histogram, *(np.rint(part).astype(np.int64) for part in joint))


def survey(crowds: list[NDArray[np.uint8]], design: Design, random: np.random.Generator) -> list[GroupInput]:
    """A group for each crowd, half of them on each axis; or, linked, one for each question that a crowd was asked."""
    groups = []
    for g, crowd in enumerate(crowds):
        again = design.population is None
        tally = sample(crowd, design.respondents, design.missing, again, random)
        columns = [range(ISSUES), range(ISSUES, 2 * ISSUES)] if design.linked else [range(ISSUES)]
        for a, places in enumerate(columns):
            of_question = tuple(places)
            groups.append(
                GroupInput(
                    f"Group {g}, question {a}",
                    AXES[a if design.linked else g % 2],
                    1,
                    tally.select(of_question) if design.linked else tally,
                    population=design.population,
                    people=People(f"Group {g}", tally, of_question) if design.linked else None,
                )
            )
    return groups


def certainty_of(groups: list[GroupInput], method: Method) -> Certainty:
    axes = [weigh(name, groups) for name in method.axes]
    return assess(repeat(axes, groups, range(ISSUES), method), ISSUES, SCALE, method)


# --- coverage -------------------------------------------------------------------------------------------
def coverage(design: Design, surveys: int) -> tuple[float, float]:
    """In how many of a hundred cases the intervals of axes and of priorities hold the truth."""
    random = np.random.default_rng(2022)
    shares = np.array([SPREADS[design.spreads[i % len(design.spreads)]] for i in range(ISSUES)]) / 100
    if design.linked:
        shares = np.tile(shares, (2, 1))
    number = design.groups * (1 if design.linked else 2)
    crowds = [people_of(shares, random, design.population or PEOPLE) for _ in range(number)]
    means = np.array([crowd.mean(axis=0) for crowd in crowds])
    if design.linked:
        truth = means.mean(axis=0).reshape(2, ISSUES)
    else:
        truth = np.array([means[a::2].mean(axis=0) for a in range(2)])
    # Intervals of means need no draws: one is enough to be given them.
    method = Method(("High", "Low"), Counts((6, 6)), draws=1, finite_population=design.population is not None)
    axis, priority = [], []
    for _ in range(surveys):
        found = certainty_of(survey(crowds, design, random), method)
        axis += [_holds(interval, values) for interval, values in zip(found.axis_intervals, truth, strict=True)]
        priority.append(_holds(found.priority_interval, truth.mean(axis=0)))
    return 100 * float(np.mean(axis)), 100 * float(np.mean(priority))


def _holds(interval: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.bool_]:
    return (interval[:, 0] - 1e-9 <= truth) & (truth <= interval[:, 1] + 1e-9)


# --- calibration ----------------------------------------------------------------------------------------
def calibration(truth: Truth, surveys: int) -> tuple[int, int]:
    """How many issues are said to be in a tier with 75 to 85 %, and how many of them are in it.

    Values of groups scatter by a quarter of a point around those of the issues.
    """
    random = np.random.default_rng(7)
    method = Method(("High", "Moderate", "Minor"), truth.rule, draws=250)
    chances, happened = [], []
    for _ in range(surveys):
        values = np.clip(random.normal(3.3, truth.apart, ISSUES), 1.3, 4.7)
        means = np.clip(values + random.normal(0, 0.25, (2 * truth.groups, ISSUES)), 1.1, 4.9)
        shape = (len(means), truth.respondents, ISSUES)
        tables = 1 + random.binomial(4, (means[:, None] - 1) / 4, shape).astype(np.uint8)
        groups = [GroupInput(f"Group {g}", AXES[g % 2], 1, tally_of(table, SCALE)) for g, table in enumerate(tables)]
        chances.append(certainty_of(groups, method).tier_probability)
        happened.append(_true_tiers(truth.rule, means.mean(axis=0))[:, None] == np.arange(3))
    said = (np.array(chances) >= 0.75) & (np.array(chances) <= 0.85)
    return int(said.sum()), int((said & np.array(happened)).sum())


def _true_tiers(rule: Counts | CutOffs, values: NDArray[np.float64]) -> NDArray[np.intp]:
    if isinstance(rule, CutOffs):
        return (values[:, None] < np.array([float(cut) for cut in rule.exact_cuts])).sum(axis=1)
    ranks = stats.rankdata(-values, method="min")
    return np.asarray(np.searchsorted(np.cumsum(rule.counts), ranks))
