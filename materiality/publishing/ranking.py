"""The ranking of a public report: a block for each tier, a row for each issue, as text and geometry."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.presentation import NARROW_SPACE, tiers_with_rows, without_tier
from materiality.review.decided import decision_of
from scoping.wording import enumerated, isolated

# The drawing of both scores in a row, in px.
WIDTH, EDGE = 176.0, 8.0
# From this many issues on, the drawings give way to numbers and lower tiers are folded.
MOST_DRAWN = 120
MARKS = 5
# What a heading of a narrow column bears.
SHORT = 10


@dataclass(frozen=True)
class Since:
    """Where an issue stood in the year before, in words; `rose` is the number of places, None where there is none."""

    rose: int | None
    places: int
    text: str
    was: str  # the tier it stood in, where that is another
    was_number: int
    is_new: bool = False


@dataclass(frozen=True)
class Dumbbell:
    """Both scores on their scale, in px; None where the axis has none."""

    company: float | None
    stakeholders: float | None
    spoken: str


@dataclass(frozen=True)
class Row:
    issue: Mapping[str, Any]
    dumbbell: Dumbbell | None
    certainty: str
    ranks: str
    since: Since | None
    decision: Mapping[str, Any] | None


@dataclass(frozen=True)
class Block:
    """A tier or, of a list, a category. `number` is 1 for the highest tier, 0 where there is none."""

    number: int
    name: str
    rows: Sequence[Row]
    folded: bool = False


@dataclass(frozen=True)
class Scale:
    """The part of the rating scale that the rows draw: its ends, and where its whole points are, in px."""

    low: int
    high: int

    def x(self, score: float) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * (score - self.low) / (self.high - self.low), 1)

    @property
    def ticks(self) -> list[tuple[float, int]]:
        step = max(1, math.ceil((self.high - self.low) / 5))
        return [(self.x(value), value) for value in range(self.low, self.high + 1, step)]

    @property
    def path(self) -> str:
        """The line of the scale with its whole points."""
        inner = "".join(f"M{x:g} 5v10" for x, value in self.ticks if self.low < value < self.high)
        return f"M{EDGE:g} 10H{WIDTH - EDGE:g}{inner}"


@dataclass(frozen=True)
class Ranking:
    blocks: Sequence[Block]
    scale: Scale | None
    unranked: Sequence[Mapping[str, Any]]
    says_certainty: bool
    has_categories: bool
    since: str  # heading of the column of changes; empty where nothing is compared

    @property
    def text_columns(self) -> int:
        """The columns after the rank that narrow screens have too: a note below an issue spans so many."""
        return 3 if self.since else 2

    @property
    def hidden_columns(self) -> int:
        """Those that narrow screens do without, but for the category."""
        return bool(self.scale) + 2 * self.says_certainty


def ranking_of(document: Mapping[str, Any]) -> Ranking:
    """Of a result with scores, by tier."""
    results = document["results"]
    issues = results["issues"]
    many = len(issues) > MOST_DRAWN
    scale = None if many else scale_of(issues)
    since = document["since"]
    blocks = [
        Block(
            number=mark_of(tier.number),
            name=tier.name,
            rows=[
                Row(
                    issue=row.issue,
                    dumbbell=_dumbbell(row.issue, scale) if scale else None,
                    certainty=row.certainty.replace(" ", NARROW_SPACE),
                    ranks=row.ranks,
                    since=since_of(row.issue, since, tier.number),
                    decision=decision_of(row.issue),
                )
                for row in tier.rows
            ],
            folded=many and tier.number > 1,
        )
        for tier in tiers_with_rows(results)
    ]
    return Ranking(
        blocks=[block for block in blocks if block.rows],
        scale=scale,
        unranked=without_tier(results),
        says_certainty=any(issue["tier_probability"] or issue["rank_interval"] for issue in issues),
        has_categories=any(issue["category"] for issue in issues),
        since=since_heading(since),
    )


def list_of(document: Mapping[str, Any]) -> Ranking:
    """Of a list without scores, by category in the order of the list."""
    numbers = {name: number for number, name in enumerate(document["list_tiers"], start=1)}
    parts: dict[str, list[Row]] = {}
    for issue in document["list"]:
        number = numbers.get(issue["tier"] or "", 0)
        row = Row(
            issue | {"tier_number": mark_of(number)}, None, "", "", since_of(issue, document["since"], number), None
        )
        parts.setdefault(issue["category"], []).append(row)
    blocks = [
        Block(0, name or (_("Without a category") if len(parts) > 1 else ""), rows) for name, rows in parts.items()
    ]
    return Ranking(blocks, None, (), False, False, since_heading(document["since"]))


def mark_of(number: int) -> int:
    """Which mark stands for a tier, 1 for the highest: the fifth and all lower ones share the last."""
    return min(number, MARKS)


def since_heading(since: Mapping[str, Any] | None) -> str:
    if since is None:
        return ""
    if len(since["period"]) <= SHORT:
        return _("Since %(period)s") % {"period": since["period"]}
    return _("Change")


def scale_of(issues: Sequence[Mapping[str, Any]]) -> Scale | None:
    """From the whole point below all scores to the one above them; None without scores."""
    scores = [issue[axis] for issue in issues for axis in ("company", "stakeholders") if issue.get(axis) is not None]
    if not scores:
        return None
    low, high = math.floor(min(scores)), math.ceil(max(scores))
    return Scale(low, max(high, low + 1))


def _dumbbell(issue: Mapping[str, Any], scale: Scale) -> Dumbbell | None:
    company, stakeholders = issue.get("company"), issue.get("stakeholders")
    told = {"company": f"{company or 0:.2f}", "stakeholders": f"{stakeholders or 0:.2f}"}
    if company is None and stakeholders is None:
        return None
    if company is None:
        spoken = _("Stakeholders %(stakeholders)s") % told
    elif stakeholders is None:
        spoken = _("Company %(company)s") % told
    else:
        spoken = _("Company %(company)s, stakeholders %(stakeholders)s") % told
    return Dumbbell(
        None if company is None else scale.x(company), None if stakeholders is None else scale.x(stakeholders), spoken
    )


def since_of(issue: Mapping[str, Any], since: Mapping[str, Any] | None, tier_number: int) -> Since | None:
    """What became of an issue since the year before; None where nothing is known of it."""
    then = since["issues"].get(issue["code"]) if since else None
    if since is None or then is None:
        return None
    if then["relation"] == "new":
        return Since(None, 0, "", "", 0, is_new=True)
    before = then["before"]
    if not then["alone"]:
        earlier = [(isolated(one["name"]), one["rank"]) for one in before]
        names = enumerated([f"{name} ({rank})" if rank else name for name, rank in earlier], most=3)
        return Since(None, 0, _("continues %(names)s") % {"names": names}, "", 0)
    one = before[0]
    other = since["same_tiers"] and one["tier_number"] is not None and tier_number and one["tier_number"] != tier_number
    was, was_number = (one["tier"], mark_of(one["tier_number"])) if other else ("", 0)
    rank = issue.get("rank")
    if one["rank"] is None or rank is None:
        renamed = _("was “%(name)s”") % {"name": isolated(one["name"])}
        text = "" if was else _("as before") if then["relation"] == "same" else renamed
        return Since(None, 0, text, was, was_number)
    rose = one["rank"] - rank
    text = _("from %(rank)s") % {"rank": one["rank"]} if rose else _("unchanged")
    return Since(rose, abs(rose), text, was, was_number)


def issues_told(number: int) -> str:
    return ngettext("%(n)s issue", "%(n)s issues", number) % {"n": f"{number:,}"}
