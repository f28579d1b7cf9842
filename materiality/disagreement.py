"""What the results page says and draws of disagreement, from a run's results: hidden views, a panel for each group.

Runs of earlier versions lack some of it, which is then left out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from materiality.presentation import ordered_groups, tier_numbers
from materiality.scoring.agreement import rank_correlation
from materiality.scoring.minority import fewest_within
from scoping.wording import isolated

# A panel in px: all of a page have the same size, order and scale.
WIDTH, HEIGHT = 240.0, 120.0
LEFT, RIGHT, TOP, BOTTOM = 24.0, 6.0, 8.0, 26.0
# A group that rated fewer issues is in the table alone.
FEWEST_DOTS = 3
# So many issues with a hidden view are listed at once, those that lie furthest apart; the others are folded away.
MOST_LISTED = 10
# A difference that one decimal shows.
WORTH_TELLING = 0.05
SHARES = {
    "1/10": gettext_lazy("about a tenth"),
    "1/8": gettext_lazy("about an eighth"),
    "1/6": gettext_lazy("about a sixth"),
    "1/5": gettext_lazy("about a fifth"),
    "1/4": gettext_lazy("about a quarter"),
    "1/3": gettext_lazy("about a third"),
    "2/5": gettext_lazy("about two fifths"),
    "1/2": gettext_lazy("about half"),
    "3/5": gettext_lazy("about three fifths"),
    "2/3": gettext_lazy("about two thirds"),
    "3/4": gettext_lazy("about three quarters"),
    "4/5": gettext_lazy("about four fifths"),
}


@dataclass(frozen=True)
class HiddenView:
    """An issue with what its average hides, a sentence for each group."""

    issue: dict[str, Any]
    tier: int
    sentences: list[str]


@dataclass(frozen=True)
class Dot:
    """A group's mean of an issue, and the priority it is held against; in px."""

    x: float
    y: float
    result_y: float
    contested: bool


@dataclass(frozen=True)
class TierPart:
    """The issues of a tier along the bottom of a panel; `number` is 1 for the highest."""

    number: int
    x: float
    width: float


@dataclass(frozen=True)
class Panel:
    """One group against the result."""

    group: dict[str, Any]
    correlation: str
    extremes: list[str]
    dots: list[Dot]
    text: str


@dataclass(frozen=True)
class Frame:
    """What all panels share: the line of the result, the tiers, the contested issues and the ends of the scale."""

    line: str
    tiers: list[TierPart]
    contested: list[float]
    radius: float
    low: float
    high: float
    issues: int


@dataclass(frozen=True)
class WithinCell:
    """How far a group agrees on an issue within itself; the text is empty where it is not told."""

    text: str = ""
    divided: bool = False


@dataclass(frozen=True)
class WithinRow:
    """An issue with a cell for each group of which something is told."""

    issue: dict[str, Any]
    tier: int
    cells: list[WithinCell]


@dataclass(frozen=True)
class Disagreement:
    """All that the page needs.

    `hidden` is None in runs that did not look for hidden views; `more_hidden` are those to fold away. `fewest` is from
    how many ratings on agreement within a group is told.
    """

    chance: str
    by_chance: bool
    hidden: list[HiddenView] | None
    more_hidden: list[HiddenView]
    frame: Frame | None
    panels: list[Panel]
    within_groups: list[str]
    within: list[WithinRow]
    fewest: int


def disagreement_of(results: dict[str, Any]) -> Disagreement:
    """What `results` say of disagreement among and within groups."""
    placed = [issue for issue in results["issues"] if issue["tier"] is not None]
    groups = ordered_groups(results)
    p = results["agreement"].get("p")
    hidden, more = _hidden(results, placed)
    panels = _panels(placed, groups)
    names = [group["name"] for group in groups if any(group["name"] in issue.get("within", {}) for issue in placed)]
    numbers = tier_numbers(results)
    return Disagreement(
        chance="" if p is None else _p_text(p),
        by_chance=p is not None and p >= 0.05,
        hidden=hidden,
        more_hidden=more,
        frame=_frame(results, placed, groups) if panels else None,
        panels=panels,
        within_groups=names,
        within=[
            WithinRow(issue, numbers[issue["tier"]], [_within_cell(issue["within"].get(name)) for name in names])
            for issue in (placed if names else [])
        ],
        fewest=fewest_within(results.get("minimum_group", 1)),
    )


def _within_cell(agreed: float | None) -> WithinCell:
    return WithinCell() if agreed is None else WithinCell(_signed(agreed, 1, plus=False), agreed < 0)


def _p_text(p: float) -> str:
    return _("p < 0.001") if p < 0.001 else _("p = %(p)s") % {"p": floatformat(p, 3 if p < 0.1 else 2)}


def _hidden(
    results: dict[str, Any], placed: Sequence[dict[str, Any]]
) -> tuple[list[HiddenView] | None, list[HiddenView]]:
    """Those to list and those to fold away, both by rank."""
    if not all("minorities" in issue for issue in placed):
        return None, []
    numbers = tier_numbers(results)
    issues = [issue for issue in placed if issue["minorities"]]
    listed = sorted(issues, key=_distance, reverse=True)[:MOST_LISTED]
    shown: list[HiddenView] = []
    more: list[HiddenView] = []
    for issue in issues:
        sentences = [_sentence(results, issue, view) for view in issue["minorities"]]
        (shown if issue in listed else more).append(HiddenView(issue, numbers[issue["tier"]], sentences))
    return shown, more


def _distance(issue: dict[str, Any]) -> float:
    """How far the view furthest from the result is from it; two camps are further apart than any means."""
    distances = (
        math.inf if view["kind"] == "divided" else abs(view["mean"] - issue["priority"]) for view in issue["minorities"]
    )
    return max(distances)


def _sentence(results: dict[str, Any], issue: dict[str, Any], view: dict[str, Any]) -> str:
    told: dict[str, Any] = {"group": isolated(view["group"]), "mean": floatformat(view["mean"], 1)}
    if view["kind"] == "divided":
        low, high = results["scale"]
        middle = (low + high) / 2
        told |= {
            "above": SHARES[view["above"]],
            "below": SHARES[view["below"]],
            "from": math.floor(middle) + 1,
            "to": math.ceil(middle) - 1,
        }
        return (
            _(
                "Divided within %(group)s: %(above)s rated it %(from)s or more, %(below)s %(to)s or less. The mean, "
                "%(mean)s, is the view of neither."
            )
            % told
        )
    tiers = results["tiers"]
    told |= {
        "tier": (tiers[0] if view["kind"] == "higher" else tiers[-1])["name"],
        "own": view["rank"],
        "rank": issue["rank"],
        "priority": floatformat(issue["priority"], 1),
    }
    return (
        _(
            "By %(group)s alone it would be %(tier)s: rank %(own)s with a mean of %(mean)s, not rank %(rank)s with "
            "%(priority)s."
        )
        % told
    )


def _panels(placed: Sequence[dict[str, Any]], groups: Sequence[dict[str, Any]]) -> list[Panel]:
    ends = _ends(placed, groups) if placed else (0.0, 1.0)
    panels = []
    for group in groups:
        means = [issue["groups"][group["name"]]["mean"] for issue in placed]
        rated = [(issue, mean) for issue, mean in zip(placed, means, strict=True) if mean is not None]
        if len(rated) < FEWEST_DOTS:
            continue
        tau = rank_correlation([mean for _issue, mean in rated], [issue["priority"] for issue, _mean in rated])
        dots = [
            Dot(_x(place, len(placed)), _y(mean, ends), _y(issue["priority"], ends), issue["contested"])
            for place, (issue, mean) in enumerate(zip(placed, means, strict=True))
            if mean is not None
        ]
        correlation = "–" if tau is None else _signed(tau, 2, plus=False)
        extremes = _extremes(rated)
        text = _("%(group)s: rank correlation with the result %(tau)s.") % {
            "group": isolated(group["name"]),
            "tau": correlation,
        }
        panels.append(Panel(group, correlation, extremes, dots, " ".join([text, *extremes])))
    return panels


def _extremes(rated: Sequence[tuple[dict[str, Any], float]]) -> list[str]:
    """The issues that a group puts furthest above and below their priorities, in words."""
    differences = [(mean - issue["priority"], issue["name"]) for issue, mean in rated]
    texts = []
    difference, name = max(differences, key=lambda one: one[0])
    if difference >= WORTH_TELLING:
        told = {"issue": isolated(name), "difference": _signed(difference, 1)}
        texts.append(_("Furthest above: %(issue)s, %(difference)s.") % told)
    difference, name = min(differences, key=lambda one: one[0])
    if difference <= -WORTH_TELLING:
        told = {"issue": isolated(name), "difference": _signed(difference, 1)}
        texts.append(_("Furthest below: %(issue)s, %(difference)s.") % told)
    return texts


def _frame(results: dict[str, Any], placed: Sequence[dict[str, Any]], groups: Sequence[dict[str, Any]]) -> Frame:
    ends = _ends(placed, groups)
    points = [(_x(place, len(placed)), _y(issue["priority"], ends)) for place, issue in enumerate(placed)]
    slot = (WIDTH - LEFT - RIGHT) / len(placed)
    tiers, start = [], 0
    for name, number in tier_numbers(results).items():
        size = sum(issue["tier"] == name for issue in placed)
        if size:
            tiers.append(TierPart(number, round(LEFT + start * slot, 1), round(size * slot - 1.5, 1)))
        start += size
    return Frame(
        line="M" + "L".join(f"{x} {y}" for x, y in points),
        tiers=tiers,
        contested=[x for (x, _height), issue in zip(points, placed, strict=True) if issue["contested"]],
        radius=min(3.0, max(1.6, round(slot / 2.6, 1))),
        low=ends[0],
        high=ends[1],
        issues=len(placed),
    )


def _ends(placed: Sequence[dict[str, Any]], groups: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """Where the scale of the panels begins and ends: all means and priorities lie within, at half points."""
    values = [issue["priority"] for issue in placed]
    values += [
        mean for issue in placed for group in groups if (mean := issue["groups"][group["name"]]["mean"]) is not None
    ]
    low, high = math.floor(min(values) * 2) / 2, math.ceil(max(values) * 2) / 2
    return low, max(high, low + 0.5)


def _x(place: int, issues: int) -> float:
    return round(LEFT + (place + 0.5) * (WIDTH - LEFT - RIGHT) / issues, 1)


def _y(value: float, ends: tuple[float, float]) -> float:
    low, high = ends
    return round(HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - BOTTOM - TOP), 1)


def _signed(number: float, decimals: int, *, plus: bool = True) -> str:
    """With a true minus sign."""
    text = floatformat(abs(number), decimals)
    if round(number, decimals) < 0:
        return f"\N{MINUS SIGN}{text}"
    return f"+{text}" if plus else text
