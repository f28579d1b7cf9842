"""What the results page draws from a run's results: rows, heat cells, strips. Numbers in, geometry out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from figures.heard import is_few, was_heard

# The page and the file colour a mean alike.
from figures.heat import HEAT_STEPS as HEAT_STEPS
from figures.heat import heat_range as heat_range
from figures.heat import heat_step as heat_step
from materiality.findings import percent
from materiality.review.decided import computed_tier
from surveys.models import IssueQuestion

BAR = 72.0  # width in px of the certainty bar and the rank line
STRIP = 140.0  # width in px of the strip of group means
STRIP_PAD = 5.0
# Between a number and its unit: narrow, and no line breaks there.
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True)
class BarPart:
    """A piece of the certainty bar: the tier it stands for (1 = highest) and where it lies, in px."""

    tier: int
    x: float
    width: float


@dataclass(frozen=True)
class RankRow:
    """One issue in the ranked list.

    `moved_from` is the tier that was computed where people decided otherwise, with its number (0 without one); None
    where it stands as computed.
    """

    issue: dict[str, Any]
    tier: int
    moved_from: tuple[str, int] | None
    certainty: str
    bar: list[BarPart]
    bar_text: str
    ranks: str
    rank_x: float
    rank_from: float
    rank_width: float


@dataclass(frozen=True)
class TierRows:
    """A tier with its issues; `number` is 1 for the highest."""

    number: int
    name: str
    rows: list[RankRow]


@dataclass(frozen=True)
class HeatCell:
    """The mean of one group for one issue; `step` is 0 to 8 on the heat ramp, None without answers.

    `hidden`: there are answers, and their mean is not told (surveys/protection.py).
    """

    group: str
    mean: float | None
    n: int
    step: int | None
    is_peak: bool
    hidden: bool = False


@dataclass(frozen=True)
class StripMark:
    """A group's mean on the strip: the position in px and the side it speaks for."""

    x: float
    internal: bool

    @property
    def left(self) -> float:
        """The left edge of the square that stands for an internal group."""
        return round(self.x - 3.5, 1)


@dataclass(frozen=True)
class HeatRow:
    issue: dict[str, Any]
    tier: int
    starts_tier: bool
    cells: list[HeatCell]
    marks: list[StripMark]


def tier_numbers(results: dict[str, Any]) -> dict[str, int]:
    return {tier["name"]: number for number, tier in enumerate(results["tiers"], start=1)}


def tiers_with_rows(results: dict[str, Any]) -> list[TierRows]:
    """The ranked list by tier; issues without one are not in it (see without_tier)."""
    numbers = tier_numbers(results)
    ranked = [issue for issue in results["issues"] if issue["tier"] is not None]
    last = max((issue["rank"] for issue in ranked), default=1)
    rows = [_rank_row(issue, numbers, last) for issue in ranked]
    return [TierRows(number, name, [row for row in rows if row.tier == number]) for name, number in numbers.items()]


def says_certainty(results: dict[str, Any]) -> bool:
    """Whether the certainty of any place is known: with too few answers nothing is said about it."""
    return any(issue["tier_probability"] or issue["rank_interval"] for issue in results["issues"])


def without_tier(results: dict[str, Any]) -> list[dict[str, Any]]:
    return [issue for issue in results["issues"] if issue["tier"] is None]


def _rank_row(issue: dict[str, Any], numbers: dict[str, int], last: int) -> RankRow:
    chances = issue["tier_probability"]
    bar, bar_text = bar_of(chances, numbers)
    known = issue["rank_interval"] is not None
    best, worst = issue["rank_interval"] or (issue["rank"], issue["rank"])

    def place(rank: int) -> float:
        return 3 + (BAR - 6) * (rank - 1) / max(last - 1, 1)

    computed = computed_tier(issue)
    return RankRow(
        issue=issue,
        tier=numbers[issue["tier"]],
        moved_from=None if computed == issue["tier"] else (computed or _("no tier"), numbers.get(computed or "", 0)),
        certainty=percent(chances.get(computed or "", 0.0)) if chances else "–",
        bar=bar,
        bar_text=bar_text,
        ranks=f"{best}–{worst}" if known and best != worst else str(best) if known else "–",
        rank_x=round(place(issue["rank"]), 1),
        rank_from=round(place(best), 1),
        rank_width=round(place(worst) - place(best), 1),
    )


def bar_of(chances: Mapping[str, float], numbers: Mapping[str, int]) -> tuple[list[BarPart], str]:
    """The probabilities of an issue's tiers as the pieces of a bar, highest tier first, and as text."""
    shown = {name: chance for name, chance in chances.items() if chance >= 0.005}
    bar: list[BarPart] = []
    x = 0.0
    for name, number in numbers.items():
        if name in shown:
            bar.append(BarPart(number, round(x, 1), round(shown[name] * BAR, 1)))
            x += shown[name] * BAR
    return bar, _(", ").join(f"{name} {percent(chance)}" for name, chance in shown.items()) or _("not known")


def heat_rows(results: dict[str, Any]) -> list[HeatRow]:
    """One row per issue with a tier, tier by tier; one cell per group in the order company first, then stakeholders."""
    low, high = results["scale"]
    numbers = tier_numbers(results)
    groups = ordered_groups(results)
    rows: list[HeatRow] = []
    # By rank within a tier: where people decided otherwise, that is another order than by rank alone.
    placed = sorted((one for one in results["issues"] if one["tier"] is not None), key=lambda one: numbers[one["tier"]])
    for issue in placed:
        means = [issue["groups"][group["name"]]["mean"] for group in groups]
        known = [mean for mean in means if mean is not None]
        peaks = {min(known), max(known)} if issue["contested"] else set()
        cells = [
            HeatCell(
                group=group["name"],
                mean=mean,
                n=issue["groups"][group["name"]]["n"],
                step=None if mean is None else heat_step(mean, (low, high)),
                is_peak=mean in peaks,
                hidden=issue["groups"][group["name"]].get("hidden", False),
            )
            for group, mean in zip(groups, means, strict=True)
        ]
        marks = [
            StripMark(strip_x(mean, (low, high)), group["side"] == "internal")
            for group, mean in zip(groups, means, strict=True)
            if mean is not None
        ]
        tier = numbers[issue["tier"]]
        rows.append(HeatRow(issue, tier, bool(rows) and rows[-1].tier != tier, cells, marks))
    return rows


def strip_x(mean: float, scale: tuple[float, float]) -> float:
    low, high = scale
    return round(STRIP_PAD + (STRIP - 2 * STRIP_PAD) * (mean - low) / (high - low), 1)


def ordered_groups(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Groups that answered, those of the company first."""
    heard = [group for group in results["stakeholder_groups"] if was_heard(group)]
    return sorted(heard, key=lambda group: group["side"] != "internal")


def own_name(group: Mapping[str, Any]) -> str:
    """The group's own name; where both importances were asked, it stands in the result with what it speaks on."""
    name: str = group["name"]
    return name.removesuffix(", on the company").removesuffix(", on stakeholders")


def people_told(group: Mapping[str, Any], results: Mapping[str, Any]) -> str:
    """How many people of the group answered, as far as it is told."""
    fewest = int(results.get("minimum_group") or 1)
    if is_few(group, fewest):
        return _("fewer than %(n)s") % {"n": fewest}
    return f"{group['n']:,}"


def heard_and_asked(results: dict[str, Any]) -> tuple[int, int]:
    """How many groups answered, and how many were asked: each once, whatever they speak on and with whom."""
    single = [group for group in results["stakeholder_groups"] if not group.get("together")]
    heard = {group["code"] for group in single if was_heard(group)}
    return len(heard), len({group["code"] for group in single})


def groups_on(results: dict[str, Any], side: str) -> int:
    return sum(group["side"] == side for group in ordered_groups(results))


def is_by_score(results: dict[str, Any]) -> bool:
    """Whether choices or ranks became scores, so that nobody rated an issue. Old runs do not say: they are ratings."""
    return results.get("question", IssueQuestion.RATING) != IssueQuestion.RATING


def asked_both(results: dict[str, Any]) -> bool:
    """Whether every group was asked for both importances, so that it speaks on both axes."""
    sides: dict[str, set[str]] = {"internal": set(), "external": set()}
    for group in results["stakeholder_groups"]:
        if not group.get("together"):
            sides[group["side"]].add(group["code"])
    return bool(sides["internal"] & sides["external"])


def weights(results: dict[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Per axis: its name, and the groups that make it up with their shares as text."""
    axes = {"internal": _("Importance to the company"), "external": _("Importance to stakeholders")}
    return [
        (
            axis,
            [
                (group["name"], f"{group['share'] * 100:.0f}{NARROW_SPACE}%")
                for group in results["stakeholder_groups"]
                if group["side"] == side and group["share"]
            ],
        )
        for side, axis in axes.items()
    ]
